"""The same statements on Spark's dialect (Sail), row by row as DuckDB and the referee say."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.measuring import Measure, load, measure
from namro.measuring.definitions import Example
from namro.terms import Calendar, Period
from tests.properties import test_figures_agree as small
from tests.properties import test_reorganised as moving
from tests.reference import World, figure
from tests.spec.worlds import NOON, seen, tables_of, world_of

LIBRARY = load()
EXAMPLES = [
    pytest.param(one, example, id=f"{one.slug}-{i}")
    for one in LIBRARY.measures.values()
    for i, example in enumerate(one.examples, start=1)
]
few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_worked_example_is_the_same_on_spark(one: Measure, example: Example) -> None:
    world, period = world_of(example, LIBRARY, one.slug), Period.of(example.period)

    with tables_of(world, LIBRARY) as duck, tables_of(world, LIBRARY, "spark") as spark:
        wanted = measure([one], duck, period=period, as_of=NOON)
        told = measure([one], spark, period=period, as_of=NOON)

    assert told and told == wanted


def _agree(world: World, asked: Period, as_of: datetime, months: int | None = None) -> None:
    """Spark, DuckDB and the referee on every measure and unit of a small province."""
    measures = list(small.LIBRARY.measures.values())
    later = None
    if months is not None:
        later = asked.last_month.shifted(months).last_day(Calendar.CALENDAR)
    said = {"period": asked, "as_of": as_of, "tree_on": later}
    with (
        tables_of(world, small.LIBRARY) as duck,
        tables_of(world, small.LIBRARY, "spark") as spark,
    ):
        wanted, told = measure(measures, duck, **said), measure(measures, spark, **said)
    assert told == wanted
    for one in told:
        definition = small.LIBRARY.measures[one.measure]
        assert seen(one) == figure(
            definition, world, unit=one.unit, period=asked, as_of=as_of, tree_on=later
        )


@few
@given(world=small.worlds, asked=st.sampled_from(small.ASKED), as_of=small.moments)
def test_corrections_late_ones_and_records_are_the_same_on_spark(
    world: World, asked: Period, as_of: datetime
) -> None:
    _agree(world, asked, as_of)


@few
@given(
    world=moving.worlds(),
    asked=st.sampled_from(small.ASKED),
    as_of=small.moments,
    months=st.none() | st.integers(0, 8),
)
def test_reorganised_units_are_the_same_on_spark(
    world: World, asked: Period, as_of: datetime, months: int | None
) -> None:
    _agree(world, asked, as_of, months)
