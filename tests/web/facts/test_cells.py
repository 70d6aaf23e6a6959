"""What stands in the ledger, read in one run: the same as going through its rows one by one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.terms import Period
from namro.web.facts import actions, descents, live, totals
from namro.web.facts.cells import FEW, cells_of
from namro.web.facts.library import library
from namro.web.facts.models import Doubt, Figure, Observation
from namro.web.facts.rules import FaultySaying, Said
from tests.web.facts.conftest import AT, CADRES, TRAINED

pytestmark = pytest.mark.django_db

SPENT, SCIENCE = "budget-spent", "budget-spent-on-science"
PERIODS = ("202212", "2024", "202409", "2025Q2", "2025S1", "202506", "202507")
SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(("c1", "c2")),
        st.sampled_from((CADRES, TRAINED, SPENT, SCIENCE)),
        st.sampled_from(PERIODS),
        st.one_of(st.none(), st.integers(-50, 50)),
    ),
    max_size=40,
)
EVERYTHING = (None, 0, Period.of("202501").first, Period.of("202507").first)


def standing():
    """The cells by going through the ledger row by row."""
    found = {}
    for row in Observation.objects.order_by("pk"):
        cell = (row.unit_id, row.element, row.period)
        found.pop(cell, None)
        if row.value is not None:
            found[cell] = row.value
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sayings=SAYINGS, first=st.sampled_from(EVERYTHING), many=st.booleans())
def test_cells_are_what_was_said_last(world, sayings, first, many):
    from django.db import transaction

    with transaction.atomic():
        for hour, (code, element, period, value) in enumerate(sayings):
            told = None if value is None else Decimal(value)
            said = [Said(element, world.units[code].pk, period, told)]
            actions.record(said=said, source="s", by=None, at=AT + timedelta(hours=hour))
        units = [world.units[c].pk for c in ("c1", "c2", "c3")]
        sources = [CADRES, TRAINED, SPENT, *(f"none-{n}" for n in range(FEW if many else 0))]
        asked = dict.fromkeys(sources, first)
        read = cells_of(units, asked, until=Period.of("202507").first + 1)
        whole = {c: v for c, v in standing().items() if c[1] in sources}
        transaction.set_rollback(True)

    seen = {(u, *place): v for u in units for place, v in read[u].of(sources).items()}
    ends = {code: Period.of(code).first + Period.of(code).length for code in PERIODS}
    assert {c: v for c, v in seen.items() if ends[c[2]] > (first or 0)} == {
        c: v for c, v in whole.items() if ends[c[2]] > (first or 0)
    }
    assert seen.items() <= whole.items()
    assert all((e, p) in read[u] and read[u][e, p] == v for (u, e, p), v in seen.items())


def test_value_said_again_after_it_was_withdrawn_is_the_new_one(world, say):
    for hour, value in enumerate((7, None, 5, 6, None, 4)):
        say("c1", "202509", {CADRES: value}, after=hour)
    unit = world.units["c1"].pk
    assert dict(cells_of([unit], [CADRES])[unit]) == {(CADRES, "202509"): 4}
    say("c1", "202509", {CADRES: None}, after=9)
    assert dict(cells_of([unit], [CADRES])[unit]) == {}


def test_total_that_is_too_large_keeps_nothing(world, say, figure):
    actions.open_period(period_code="202509", at=AT)
    most = Decimal(9 * 10**14)
    say("c1", "202509", {CADRES: most, TRAINED: most})
    say("c2", "202509", {CADRES: 1, TRAINED: 1})
    before = list(Figure.objects.order_by("period", "unit", "term").values_list())
    with pytest.raises(FaultySaying, match="lớn quá mức"):
        say("c2", "202509", {CADRES: most, TRAINED: most}, after=1)
    assert list(Figure.objects.order_by("period", "unit", "term").values_list()) == before
    assert Observation.objects.count() == 4
    assert figure("12") == (most + 1, most + 1, 2)


def test_differences_make_rows_that_were_not_there_and_add_to_those_that_were(world):
    unit, above = world.units["c1"].pk, world.units["12"].pk
    for part in (3, 4):
        differences = totals.Differences()
        differences.put_in("202509", unit, "t", (part, 10, 1, 1, 1))
        differences.add("202509", {unit, above}, "t", (part, 10, 1, 1, 1))
        differences.add("202509", {above}, "t", (1, 0, 0, 0, 0))
        assert differences.write() == 2
    rows = Figure.objects.filter(term="t").order_by("unit")
    told = rows.values_list("unit", "numerator", "own_numerator", "expected", "own_expected")
    assert set(told) == {
        (unit, Decimal("0.0007"), Decimal("0.0007"), 2, 2),
        (above, Decimal("0.0009"), 0, 2, 0),
    }


def test_form_with_few_changes_touches_the_same_figures(world, say, cadres, figure):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", {**cadres(40, 32), SPENT: 5})
    say("c1", "202509", {**cadres(40, 30), SPENT: 5}, after=1)
    assert figure("12") == (30, 40, 1)
    assert Observation.objects.count() == 4


def test_value_is_held_against_the_last_twelve_periods_only(say):
    for month in range(1, 8):
        say("c1", f"2023{month:02d}", {CADRES: 100 + month})
    say("c1", "202505", {CADRES: 5000}, after=1)
    assert not Doubt.objects.filter(period="202505").exists()
    say("c1", "202310", {CADRES: 5000}, after=2)
    assert Doubt.objects.get(period="202310").check_name == "JUMP"


def test_reorganisations_around_a_unit_are_enough_for_its_figures(world, say, cadres):
    from namro.web.org import actions as org
    from tests.web.facts.test_reorganised import new, order

    say("c1", "202507", cadres(40, 32))
    say("c2", "202507", cadres(20, 5))
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new(), order=order())
    actions.refresh_expected(at=AT + timedelta(hours=50))
    whole = descents.load()
    term = library().terms["nq57.commune-cadres-trained"]
    for unit in (*world.units.values(), *{s.heir for s in whole.known}):
        pk = getattr(unit, "pk", unit)
        leaf = [(pk, term, Period.of("202511"))]
        assert live.compute(leaf, descents.load({pk})) == live.compute(leaf, whole)
    heir = {s.heir for s in whole.known}.pop()
    assert len(descents.load({heir}).known) == 2
    assert descents.load({world.units["12"].pk}).known == []
