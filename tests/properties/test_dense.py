"""Arrays, the statement and the referee say the same of random provinces, as of any moment.

Also where units were reorganised, and where arrays hand over to the statement.
"""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from namro.measuring import columns, measure
from namro.measuring.definitions import terms_of
from namro.measuring.dense import fits
from namro.measuring.dense.slabs import from_scaled
from namro.terms import Calendar, Period
from tests.properties.test_figures_agree import (
    ASKED,
    GROUPS,
    LEAVES,
    LIBRARY,
    moments,
    often,
    worlds,
)
from tests.properties.test_reorganised import EVERYONE
from tests.properties.test_reorganised import worlds as reorganised_worlds
from tests.reference import World, figure
from tests.spec.worlds import seen, tables_of

MEASURES = list(LIBRARY.measures.values())


def _same(
    world: World,
    asked: Period,
    as_of: datetime,
    units: tuple[str, ...],
    tree_on: date | None = None,
) -> None:
    with tables_of(world, LIBRARY, "dense") as tables:
        by_arrays = measure(MEASURES, tables, period=asked, as_of=as_of, tree_on=tree_on)
        tables.book = None
        by_statement = measure(MEASURES, tables, period=asked, as_of=as_of, tree_on=tree_on)

    assert by_arrays == by_statement
    wanted = {
        (one.slug, unit): figure(one, world, unit=unit, period=asked, as_of=as_of, tree_on=tree_on)
        for one in MEASURES
        for unit in units
    }
    told = {(r.measure, r.unit): seen(r) for r in by_arrays}
    assert told == {key: f for key, f in wanted.items() if f.expected}


@often
@given(world=worlds, asked=st.sampled_from(ASKED), as_of=moments)
def test_arrays_say_what_the_statement_and_the_referee_say(
    world: World, asked: Period, as_of: datetime
) -> None:
    _same(world, asked, as_of, (*LEAVES, *GROUPS, "p"))


@settings(often, max_examples=30)
@given(
    world=reorganised_worlds(),
    asked=st.sampled_from(ASKED),
    as_of=moments,
    months=st.one_of(st.none(), st.integers(0, 8)),
)
def test_arrays_follow_the_units_as_the_statement_and_the_referee_do(
    world: World, asked: Period, as_of: datetime, months: int | None
) -> None:
    later = None
    if months is not None:
        later = asked.last_month.shifted(months).last_day(Calendar.CALENDAR)
    _same(world, asked, as_of, (*EVERYONE, *GROUPS, "p"), later)


@settings(often, max_examples=20)
@given(world=worlds, asked=st.sampled_from(ASKED), as_of=moments)
def test_columns_hold_the_parts_of_every_term(world: World, asked: Period, as_of: datetime) -> None:
    plain = [m for m in MEASURES if m.kind != "combined"]
    with tables_of(world, LIBRARY, "dense") as tables:
        found = columns(plain, tables, period=asked, as_of=as_of)
        told = measure(plain, tables, period=asked, as_of=as_of)

    row = {term.slug: n for n, term in enumerate(found.terms)}
    owed = {(r.measure, r.unit): r for r in told}
    for one in plain:
        for n, unit in enumerate(found.units):
            at = row[one.slug], n
            result = owed.get((one.slug, unit))
            assert found.expected[at] == (result.expected if result else 0)
            assert found.counted[at] == (result.counted if result else 0)
            assert found.heard[at] == (result.heard if result else 0)
            if result and result.numerator is not None:
                assert from_scaled(int(found.numerator[at])) == result.numerator


def test_rule_says_which_terms_arrays_compute() -> None:
    left = {t.slug for m in MEASURES for t in terms_of(m) if not fits(t)}

    assert left == {"counted", "least/counts"}  # counts of raw records
