"""Lists travel to the database as one text, whatever stands in them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.web.facts import sql
from namro.web.facts.models import Doubt
from namro.web.org.models import Unit

pytestmark = pytest.mark.django_db
NASTY = ['a"b', "a\\b", "{}", "a,b", '","', "", "NULL", "null", " a ", "it's", "%s", "Đ\n\t—", "\\"]
# Neither database keeps NUL, nor is half a sign a text.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
lists = st.lists(st.one_of(st.sampled_from(NASTY), texts), max_size=9)


@given(lists)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_list_of_texts_comes_back_as_it_went(db, told):
    if connection.vendor == "postgresql":
        found = sql.rows("SELECT * FROM unnest(%s::text[])", sql.array(told))
    else:
        found = sql.rows("SELECT value FROM json_each(%s)", sql.listed(told))
    assert [text for (text,) in found] == told


def test_numbers_blanks_and_moments_are_written_as_such():
    at = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
    assert sql.array([1, -2, None, 2**62]) == f"{{1,-2,NULL,{2**62}}}"
    assert sql.array(["a", None]) == '{"a",NULL}'
    assert sql.array([at]) == '{"2025-09-20 09:00:00+00:00"}'
    assert sql.array([]) == "{}" and sql.array(["a", "b"]) == '{"a","b"}'


def test_rows_are_inserted_with_every_kind_of_value(world):
    at = datetime(2025, 9, 20, 9, 0, 0, 123456, tzinfo=UTC)
    moment = connection.ops.adapt_datetimefield_value(at)
    unit = Unit.objects.get(code="c1").pk
    columns = "check_name element unit_id period value why found_at state answer".split()
    rows = [
        ("JUMP", f"e{n}", unit, "202509", n * 10_000, why, moment, "OPEN", "")
        for n, why in enumerate(NASTY)
    ]
    assert sql.insert(Doubt, columns, rows) == len(NASTY)
    kept = Doubt.objects.order_by("pk")
    assert [(d.why, int(d.value), d.found_at) for d in kept] == [
        (why, n, at) for n, why in enumerate(NASTY)
    ]
    among = sql.among("why")
    found = sql.rows(f"SELECT why FROM facts_doubt WHERE {among} ORDER BY id", sql.listed(NASTY))
    assert [why for (why,) in found] == NASTY
