"""Arrays, the statement and the referee say the same of random provinces, as of any moment.

Also where units were reorganised, and where arrays hand over to the statement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namro.measuring import columns, measure
from namro.measuring.definitions import terms_of
from namro.measuring.dense import answer, fits
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
from tests.reference import Slice, World, figure, meets
from tests.spec.worlds import seen, tables_of

MEASURES = list(LIBRARY.measures.values())


@pytest.fixture(autouse=True, scope="module")
def _few_at_once():
    """Terms are summed in runs of two: a library of a nation has several runs, this one too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer, "AT_ONCE", 2)
        yield


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


@settings(often, max_examples=20)
@given(
    world=worlds,
    asked=st.sampled_from(ASKED),
    as_of=moments,
    gone=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(LEAVES)), max_size=4),
    forgotten=st.sets(st.sampled_from([c.slug for c in LIBRARY.counts_of("visits")]), max_size=2),
)
def test_counts_kept_of_deleted_records_are_the_same_both_ways(
    world: World,
    asked: Period,
    as_of: datetime,
    gone: list[tuple[int, str]],
    forgotten: set[str],
) -> None:
    removed = [s for s in world.slices for n, unit in gone if (s.batch, s.unit) == (f"b{n}", unit)]
    kept = [
        {"batch": s.batch, "unit": s.unit, "source": source, "value": Decimal(value)}
        for s in removed
        for source, value in _counts(s)
        if source not in forgotten
    ]
    with tables_of(world, LIBRARY, "dense", kept) as tables:
        by_arrays = measure(MEASURES, tables, period=asked, as_of=as_of)
        tables.book = None
        by_statement = measure(MEASURES, tables, period=asked, as_of=as_of)

    assert by_arrays == by_statement


def _counts(parcel: Slice) -> list[tuple[str, int]]:
    """What was counted before, one more than is there, so that counting anew would be seen."""
    counts = LIBRARY.counts_of(parcel.dataset)
    told = [(c.slug, sum(meets(c, row) for row in parcel.rows) + 1) for c in counts]
    return [("", 0), *told]


def test_rule_says_which_terms_arrays_compute() -> None:
    assert all(fits(term) for one in MEASURES for term in terms_of(one))

    mixed = replace(LIBRARY.terms["stock"], denominator=LIBRARY.terms["flow"].denominator)
    assert not fits(mixed), "a stock over a flow"
