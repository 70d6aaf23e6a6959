"""Units merged, split, moved in mid-year: what was stays, nothing is lost, all ways agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.measuring import measure, open_store
from namro.terms import Period
from namro.web.facts import actions, feed, queries, upkeep
from namro.web.facts.library import library
from namro.web.facts.models import Expected, Figure
from namro.web.facts.rules import Said
from namro.web.org import actions as org
from namro.web.org.models import Post, Unit, UnitLink
from namro.web.org.rules import Tree
from namro.web.plans.models import Assignment
from tests.web.facts.conftest import AT, BUDGET, CADRES, TRAINED

pytestmark = pytest.mark.django_db

SPENT, SCIENCE = "budget-spent", "budget-spent-on-science"
OCTOBER = date(2025, 10, 15)  # the day after September's quarter… and October's month


def order(on=OCTOBER, *, after=48):
    return org.Order(on=on, at=AT + timedelta(hours=after), by=None, basis="NQ 01/NQ-HĐND")


def direct(period, unit="12", slug="nq57.commune-cadres-trained", **asked):
    with open_store(feed.ensure_fresh()) as tables:
        found = measure(
            [library().measures[slug]], tables, period=Period.of(period), units=[unit], **asked
        )
    return (found[0].numerator, found[0].denominator, found[0].expected) if found else None


def new(code="m1", name="Xã Mới"):
    return org.NewUnit(code=code, name=name, kind="COMMUNE")


def test_last_day_of_a_link_is_in_the_store_too(world, say, cadres):
    """A commune moved on 15 October fell out of October's figures: its link ended on the 14th at
    the door of the store, and the 14th is the day October is asked on."""
    actions.open_period(period_code="202510", at=AT)
    say("c1", "202510", cadres(40, 32))
    org.move_unit(
        unit=world.units["c1"], tree=Tree.GOVERNMENT, superior=world.units["12-SNV"], order=order()
    )
    upkeep.ensure_current(at=AT)

    assert direct("202510") == (32, 40, 3)
    assert direct("202510", "12-UB") == (32, 40, 3)
    assert direct("202511", "12-SNV") == (32, 40, 1)
    assert queries.verify() == []


def test_last_day_a_measure_is_owed_is_in_the_store_too(world, say, cadres):
    actions.open_period(period_code="202510", at=AT)
    say("c1", "202510", cadres(40, 32))
    Assignment.objects.filter(target=world.targets["5"], unit=world.units["c1"]).update(
        to_on=OCTOBER
    )
    upkeep.ensure_current(at=AT)

    assert direct("202510") == (32, 40, 3)
    assert queries.verify() == []


def test_merger_keeps_the_past_and_carries_it_into_the_year(world, say, figure, budget):
    for code in ("202509", "202510", "202511"):
        actions.open_period(period_code=code, at=AT)
    say("c1", "202503", {SPENT: 1000, SCIENCE: 10})
    say("c2", "202504", {SPENT: 3000, SCIENCE: 90})
    before = {p: direct(p, slug=BUDGET) for p in ("202504", "202509")}

    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new(), order=order())
    upkeep.ensure_current(at=AT + timedelta(hours=50))
    world.units["m1"] = Unit.objects.get(code="m1")
    say("m1", "202511", {SPENT: 1000, SCIENCE: 50}, after=60)

    assert {p: direct(p, slug=BUDGET) for p in before} == before
    assert figure("m1", "202511", BUDGET) == (150, 5000, 1)
    assert figure("12", "202511", BUDGET) == (150, 5000, 1)
    assert direct("202504", "m1", BUDGET, tree_on=date(2025, 12, 31)) == (100, 4000, 1)
    assert queries.verify() == []


def test_late_correction_of_a_merged_unit_reaches_its_heir(world, say, figure, budget):
    actions.open_period(period_code="202511", at=AT)
    say("c1", "202503", {SPENT: 1000, SCIENCE: 10})
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new(), order=order())
    upkeep.ensure_current(at=AT + timedelta(hours=50))
    world.units["m1"] = Unit.objects.get(code="m1")

    say("c1", "202503", {SCIENCE: 30}, after=60)

    assert figure("m1", "202511", BUDGET) == (30, 1000, 1)
    assert figure("12", "202511", BUDGET) == (30, 1000, 1)
    assert queries.verify() == []


def test_split_units_past_stays_above(world, say, figure, budget):
    actions.open_period(period_code="202511", at=AT)
    say("c1", "202503", {SPENT: 1000, SCIENCE: 10})
    heirs = [new("s1", "Xã Chia Một"), new("s2", "Xã Chia Hai")]
    org.split_unit(unit=world.units["c1"], heirs=heirs, goes_on=False, order=order())
    upkeep.ensure_current(at=AT + timedelta(hours=50))
    for code in ("s1", "s2"):
        world.units[code] = Unit.objects.get(code=code)

    assert figure("12", "202511", BUDGET) == (10, 1000, 1)
    assert figure("s1", "202511", BUDGET) == (0, 0, 0)
    say("s1", "202511", {SPENT: 500, SCIENCE: 40}, after=60)
    assert figure("12", "202511", BUDGET) == (50, 1500, 1)
    assert figure("s1", "202511", BUDGET) == (40, 500, 1)
    assert queries.verify() == []


def test_figures_as_of_before_the_merger_was_recorded_stay(world, say, cadres):
    say("c1", "202507", cadres(40, 32))
    say("c2", "202507", cadres(20, 5))
    upkeep.ensure_current(at=AT)
    known = AT + timedelta(hours=40)
    before = direct("202509", as_of=known)

    org.merge_units(
        units=[world.units["c1"], world.units["c2"]], into=new(), order=order(date(2025, 7, 15))
    )
    upkeep.ensure_current(at=AT + timedelta(hours=50))

    assert direct("202509", as_of=known) == before == (37, 60, 3)
    assert direct("202509") == (37, 60, 2)
    assert queries.verify() == []


def test_posts_and_assignments_follow_the_merger(world):
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new(), order=order())
    upkeep.ensure_current(at=AT + timedelta(hours=50))

    held = Post.objects.filter(user=world.baocao, to_on__isnull=True).get()
    assert (held.unit.code, held.reach.code, held.from_on) == ("m1", "m1", OCTOBER)
    told = Assignment.objects.filter(target=world.targets["5"], part="EXECUTOR")
    rows = {(a.unit.code, a.from_on, a.to_on) for a in told}
    assert ("m1", OCTOBER, None) in rows
    assert all(to == OCTOBER for code, _, to in rows if code in ("c1", "c2"))
    assert upkeep.follow_units(at=AT) == 0


CODES = ("c1", "c2", "c3", "n1", "n2", "n3", "n4")
EVENTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("say"),
            st.sampled_from(CODES),
            st.sampled_from(("202507", "202508", "202509", "202510")),
            st.sampled_from((CADRES, TRAINED, SPENT, SCIENCE)),
            st.one_of(st.none(), st.integers(0, 60)),
        ),
        st.tuples(
            st.sampled_from(("merge", "absorb", "split", "shrink", "close", "move")),
            st.integers(0, 5),
            st.sampled_from((date(2025, 8, 1), date(2025, 8, 15), date(2025, 9, 20))),
        ),
    ),
    min_size=4,
    max_size=22,
)


def _reorganise(world, kind, number, on, after):
    living = list(Unit.objects.filter(kind="COMMUNE", closed_on__isnull=True).order_by("pk"))
    if len(living) < 3:
        return
    free = [c for c in CODES[3:] if not Unit.objects.filter(code=c).exists()]
    one, two = living[number % len(living)], living[(number + 1) % len(living)]
    when = order(on, after=after)
    if kind == "move":
        superior = world.units["12-SNV" if number % 2 else "12-UB"]
        org.move_unit(unit=one, tree=Tree.GOVERNMENT, superior=superior, order=when)
    elif kind == "absorb":
        org.merge_units(units=[one], into=two, order=when)
    elif kind == "close":
        org.close_unit(unit=one, order=when)
    elif kind == "merge" and free:
        org.merge_units(units=[one, two], into=new(free[0], free[0]), order=when)
    elif kind == "split" and len(free) > 1:
        heirs = [new(c, c) for c in free[:2]]
        org.split_unit(unit=one, heirs=heirs, goes_on=False, order=when)
    elif kind == "shrink" and free:
        heirs = [new(free[0], free[0])]
        org.split_unit(unit=one, heirs=heirs, goes_on=True, order=when)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_figure_rows_stay_equal_whatever_is_reorganised(world, budget, events):
    from django.db import transaction

    with transaction.atomic():
        Unit.objects.filter(code="c3").update(kind="COMMUNE")
        for code in ("202508", "202509", "202510", "202512"):
            actions.open_period(period_code=code, at=AT)
        for hour, event in enumerate(events, start=1):
            if event[0] != "say":
                try:
                    with transaction.atomic():
                        _reorganise(world, *event, hour)
                except org.BadReorganisation:
                    continue
                continue
            unit = Unit.objects.filter(code=event[1]).first()
            if unit is None:
                continue
            value = None if event[4] is None else Decimal(event[4])
            said = [Said(event[3], unit.pk, event[2], value)]
            actions.record(said=said, source="s", by=None, at=AT + timedelta(hours=hour))
        upkeep.ensure_current(at=AT + timedelta(hours=90))
        feed.rebuild()
        assert [str(d) for d in queries.verify()] == []
        transaction.set_rollback(True)
    feed.rebuild()


def test_closed_unit_is_owed_nothing(world):
    org.close_unit(unit=world.units["c3"], order=order())
    upkeep.ensure_current(at=AT + timedelta(hours=50))
    rows = Expected.objects.filter(unit=world.units["c3"])
    assert {r.to_on for r in rows} == {OCTOBER}
    assert not UnitLink.objects.filter(unit=world.units["c3"], to_on__isnull=True).exists()
    assert not Figure.objects.filter(unit=world.units["c3"], period="202512").exists()
