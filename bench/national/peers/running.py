"""All of the comparison: what is missing is built and its cost told, then everybody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.line import Line
from bench.national.peers import matrix, ours, published_tables, writes
from bench.national.peers.asking import spent
from bench.national.peers.country import Country
from bench.national.peers.views import KeptViews
from bench.national.postgres import Server, serve


def measure(country: Country, home: Path, rounds: int) -> Iterator[Line]:
    """Django must be set up for the installation in `home`; PostgreSQL 15 is started here."""
    ours.fill(country)
    with serve(home, published_tables.ADVISED) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            _build(country, connection, server)
            yield from matrix.measure(country, home, connection, server, rounds)
            writes.measure(country, connection, server)


def _build(country: Country, connection: psycopg.Connection, server: Server) -> None:
    cursor = connection.cursor()
    if published_tables.is_built(cursor):
        return
    years = sorted({p.first // 12 for p in country.periods})
    steps = {
        "source values loaded": lambda: published_tables.load_source(cursor, country),
        "published query plan: tables built": lambda: published_tables.build(cursor, years),
        "materialised views built": KeptViews(connection).build,
    }
    for name, does in steps.items():
        _, cost = spent(does, 1, server)
        print(f"{name}: {cost.cpu:.1f} CPU s, {cost.wall:.1f} s", flush=True)
