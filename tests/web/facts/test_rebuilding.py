"""Figure rows put in by bulk are those that were kept live, and what differs is found by column."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from namro.web.facts import actions, queries, upkeep
from namro.web.facts.models import EstateFigure, Figure, KnownPeriod, Ledger
from namro.web.org import actions as org
from namro.web.org.models import Unit
from namro.web.plans.models import Assignment
from tests.web.facts.conftest import AT, BUDGET

pytestmark = pytest.mark.django_db

SPENT, SCIENCE = "budget-spent", "budget-spent-on-science"
PERIODS = ("202509", "202510", "202511")


@pytest.fixture
def reorganised(world, budget, say, cadres):
    """Two communes merged, one split, with what each had told before and told after."""
    for code in PERIODS:
        actions.open_period(period_code=code, at=AT)
    say("c1", "202503", {SPENT: 1000, SCIENCE: 10})
    say("c2", "202504", {SPENT: 3000, SCIENCE: 90})
    say("c3", "202505", {SPENT: 500, SCIENCE: 7})
    say("c1", "202509", cadres(40, 32))
    order = org.Order(on=date(2025, 10, 15), at=AT + timedelta(hours=48), by=None, basis="NQ 01")
    merged = org.NewUnit(code="m1", name="Xã Mới", kind="COMMUNE")
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=merged, order=order)
    halves = [org.NewUnit(code=c, name=f"Xã {c}", kind="COMMUNE") for c in ("s1", "s2")]
    org.split_unit(unit=world.units["c3"], heirs=halves, goes_on=False, order=order)
    upkeep.ensure_current(at=AT + timedelta(hours=50))
    world.units |= {c: Unit.objects.get(code=c) for c in ("m1", "s1", "s2")}
    say("m1", "202511", {SPENT: 1000, SCIENCE: 50}, after=60)
    return world


def _rows():
    fields = [f.attname for f in Figure._meta.concrete_fields if f.attname != "id"]
    found = set(Figure.objects.values_list(*fields))
    nothing = len(fields) - 3
    return {row for row in found if any(row[-nothing:])}


def _left():
    names = ("term", "period", "unit_id", "ended_on", "numerator", "denominator", "counted")
    rows = EstateFigure.objects.values_list(*names)
    return {row for row in rows if any(row[4:])}


def test_rows_put_in_by_bulk_are_those_kept_live(reorganised):
    assert queries.verify() == []
    rows, left = _rows(), _left()
    assert rows and left

    actions.rebuild_figures(at=AT + timedelta(hours=70))

    assert _rows() == rows
    assert _left() == left
    assert queries.verify() == []


def test_interrupted_rebuilding_goes_on_where_it_stopped(reorganised):
    seen = []

    def stop_at_the_last(done, whole, label):
        seen.append(label)
        if done == whole - 1 and len(seen) == whole:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.rebuild_figures(at=AT + timedelta(hours=70), progress=stop_at_the_last)
    done = dict(KnownPeriod.objects.values_list("code", "rebuilt_at"))
    actions.rebuild_figures(at=AT + timedelta(hours=71), progress=lambda *_: None)

    kept = dict(KnownPeriod.objects.values_list("code", "rebuilt_at"))
    assert [code for code in PERIODS if kept[code] == done[code]] == list(PERIODS[:-1])
    assert queries.verify() == []


BEYOND_THE_PACKED_READING = 2**20


@pytest.mark.parametrize(
    ("column", "more"),
    [
        *(("heard", 1), ("own_numerator", 1), ("own_expected", 1), ("expected", 1)),
        *(("counted", -9), ("heard", BEYOND_THE_PACKED_READING)),
    ],
)
def test_every_column_of_a_row_is_checked(reorganised, column, more):
    row = Figure.objects.filter(unit=reorganised.units["m1"], period="202511", term=BUDGET)
    before = row.values_list(column, flat=True).get()
    row.update(**{column: before + more})

    [found] = queries.verify()

    assert (found.measure, found.unit, found.period) == (BUDGET, "m1", "202511")


def test_check_goes_on_from_a_period(reorganised):
    Figure.objects.filter(period="202509").update(heard=9)

    call_command("verify_figures", since="202510")

    with pytest.raises(CommandError, match="chênh lệch"):
        call_command("verify_figures", since="202509")
    with pytest.raises(CommandError, match="Mã kỳ"):
        call_command("verify_figures", since="2025-10")


@pytest.fixture
def computed(monkeypatch):
    """The periods that whoever came computed leaf by leaf."""
    told, rebuild = [], upkeep._rebuild
    monkeypatch.setattr(
        upkeep, "_rebuild", lambda known, period: (told.append(period.code), rebuild(known, period))
    )
    return told


def _interrupted(at_period):
    """A first rebuilding, ended before a period of that place."""
    Ledger.objects.update(built_from={}, rebuild_began_at=None)
    Figure.objects.all().delete()

    def stop(done, whole, label):
        if done == at_period:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.rebuild_figures(at=AT + timedelta(hours=70), progress=stop)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_who_comes_to_an_interrupted_rebuilding_computes_the_rest(reordered, computed, done):
    world, rows = reordered
    _interrupted(done)
    Unit.objects.filter(pk=world.units["c1"].pk).update(name="Xã Khác")

    upkeep.ensure_current(at=AT + timedelta(hours=71))

    assert computed == list(PERIODS[done:])
    assert _rows() == rows
    assert queries.verify() == []


@pytest.fixture
def reordered(reorganised):
    return reorganised, _rows()


def _owes_no_more(world):
    rows = Assignment.objects.filter(unit=world.units["c1"], target__measure=BUDGET)
    assert rows.update(to_on=date(2025, 8, 1))


def test_who_comes_after_debts_changed_computes_all(reorganised, computed):
    _interrupted(2)
    _owes_no_more(reorganised)

    upkeep.ensure_current(at=AT + timedelta(hours=71))

    assert computed == list(PERIODS)
    assert queries.verify() == []


def test_debts_that_change_in_a_first_rebuilding_are_taken_in(reorganised, computed):
    Ledger.objects.update(built_from={}, rebuild_began_at=None)
    Figure.objects.all().delete()
    seen = []

    def change_at_the_third(done, whole, label):
        seen.append(done)
        if len(seen) == 3:
            _owes_no_more(reorganised)

    actions.rebuild_figures(at=AT + timedelta(hours=70), progress=change_at_the_third)

    assert computed == []
    assert len(seen) == 5  # the first two are made again
    assert queries.verify() == []
    built = Ledger.objects.get().built_from
    assert upkeep.ensure_current(at=AT + timedelta(hours=71)) == built["token"]
