"""J3: corrected values until the province's and the country's figures are right, and the cost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg

from bench.national.peers import ours, published_tables
from bench.national.peers.asking import Spent, spent
from bench.national.peers.country import ELEMENTS, MONTHS, Country
from bench.national.peers.views import KeptViews
from bench.national.postgres import Server

MANY = (1, 100, 10_000)


def measure(country: Country, connection: Any, server: Server) -> None:
    """Tells a table: values corrected at once, by whom, seconds of processor and clock."""
    print("| values | who | CPU s | wall s |\n|---|---|---|---|")
    for many in MANY:
        for who, does, of in _writers(country, connection, server):
            _, cost = spent(lambda: does(many), 1 if many > 100 else 3, of)  # noqa: B023
            print(f"| {many} | {who} | {cost.cpu:.4f} | {cost.wall:.4f} |", flush=True)


Writer = tuple[str, Callable[[int], Any], Server | None]


def _writers(country: Country, connection: Any, server: Server) -> Iterator[Writer]:
    yield "Năm Rõ, approved: every total right when it returns", _approve(country), None
    told = (
        ("PostgreSQL materialised view, refreshed", lambda: KeptViews(connection).refresh()),
        (
            "DHIS2's published query plan on PostgreSQL 15, latest values apart",
            lambda: _latest(connection),
        ),
    )
    for name, after in told:
        yield name, _written(country, connection, after), server


def _approve(country: Country) -> Callable[[int], Any]:
    """Through the site's own action, in its last month."""
    from namro.web.facts import actions
    from namro.web.frame import clock

    chance = random.Random(7)

    def approve(many: int) -> None:
        said = [
            actions.Said(
                ours.element("stock", place % ELEMENTS),
                country.first_commune + place // ELEMENTS + 1,
                country.periods[-1].code,
                Decimal(chance.randrange(40_000)),
            )
            for place in range(many)
        ]
        actions.record(said=said, source="bench", by=None, at=clock.now())

    return approve


def _written(country: Country, connection: Any, after: Callable[[], Any]) -> Callable[[int], Any]:
    """Values corrected in the source, then made visible; all taken back: each begins alike."""

    def write(many: int) -> None:
        with connection.transaction() as whole:
            connection.execute(
                "UPDATE datavalue SET value = (value::bigint + 1)::text, "
                "lastupdated = clock_timestamp() WHERE ctid IN (SELECT ctid FROM datavalue "
                "WHERE dataelementid < %s AND sourceid < %s AND periodid = %s LIMIT %s)",
                [ELEMENTS, country.first_commune + many, MONTHS - 1, many],
            )
            after()
            raise psycopg.Rollback(whole)

    return write


def _latest(connection: Any) -> None:
    """A table of what was written since the last build; its rows leave the others."""
    with connection.cursor() as cursor:
        since = cursor.execute("SELECT now()").fetchone()[0]
        published_tables.build(cursor, [2025], since, "latest")
        cursor.execute("DELETE FROM analytics_2025 WHERE id IN (SELECT id FROM latest_2025)")
        cursor.execute("ALTER TABLE latest_2025 NO INHERIT latest")
        cursor.execute("ALTER TABLE latest_2025 RENAME TO analytics_0")
        cursor.execute("ALTER TABLE analytics_0 INHERIT analytics")


__all__ = ["MANY", "Spent", "measure"]
