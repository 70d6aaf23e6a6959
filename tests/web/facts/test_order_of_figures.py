"""Figure rows lie as pages read them, on whatever database, after every migration."""

import pytest
from django.db import connection

from namro.web.facts import actions
from namro.web.facts.models import Figure
from tests.web.facts.conftest import AT

pytestmark = pytest.mark.django_db


def _told(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return " ".join(str(row) for row in cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no rows in their key")
def test_on_sqlite_the_table_is_its_key():
    """A migration that lets Django make the table anew would lose this: write it out instead."""
    made = _told("SELECT sql FROM sqlite_master WHERE name = 'facts_figure'")
    assert "PRIMARY KEY (period, unit_id, term)) WITHOUT ROWID" in made


def _listed(column):
    """As pages ask (sql.among), on SQLite."""
    return f"{column} IN (SELECT value FROM json_each('[]'))"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan's words are SQLite's")
@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("period = 'p' AND unit_id IN (1, 2)", "PRIMARY KEY (period=? AND unit_id=?)"),
        (
            "period IN ('p', 'q') AND unit_id IN (1) AND term IN ('t', 'u')",
            "PRIMARY KEY (period=? AND unit_id=? AND term=?)",
        ),
        (
            " AND ".join(map(_listed, ("period", "unit_id", "term"))),
            "PRIMARY KEY (period=? AND unit_id=? AND term=?)",
        ),
        (
            " AND ".join(map(_listed, ("period", "unit_id", "+term"))),
            "PRIMARY KEY (period=? AND unit_id=?)",
        ),
    ],
)
def test_boards_and_maps_are_runs_of_rows(asked, way):
    columns = "unit_id, numerator, denominator, counted, heard, expected"
    assert way in _told(f"EXPLAIN QUERY PLAN SELECT {columns} FROM facts_figure WHERE {asked}")


def test_a_place_has_one_row(world, say, cadres):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    row = Figure.objects.get(unit=world.units["c1"], term="nq57.commune-cadres-trained")
    assert row.pk == ("202509", world.units["c1"].pk, "nq57.commune-cadres-trained")
