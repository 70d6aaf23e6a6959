"""Figures follow reorganised units: those concerned are right, and no other is touched."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from namro.web.facts import actions, lineage, live, queries, upkeep
from namro.web.facts.library import library
from namro.web.facts.models import EstateFigure, Figure, KnownAncestor, Ledger
from namro.web.org import actions as org
from namro.web.org.models import Unit, UnitAncestor, UnitLink, UnitSuccession
from namro.web.org.rules import Tree
from tests.web.facts.conftest import AT, BUDGET
from tests.web.facts.test_reorganised import EVENTS, _reorganise, new, order

pytestmark = pytest.mark.django_db

SPENT, SCIENCE = "budget-spent", "budget-spent-on-science"
PERIODS = ("202509", "202510", "202511")
LATER = AT + timedelta(hours=50)


@pytest.fixture
def told(world, budget, say, cadres):
    """What three communes said before anything is reorganised on 15 October."""
    for code in PERIODS:
        actions.open_period(period_code=code, at=AT)
    say("c1", "202503", {SPENT: 1000, SCIENCE: 10})
    say("c2", "202504", {SPENT: 3000, SCIENCE: 90})
    say("c3", "202505", {SPENT: 500, SCIENCE: 7})
    say("c1", "202509", cadres(40, 32))
    return world


def _kept():
    """All rows that say anything."""
    parts = "numerator denominator counted heard expected".split()
    names = ("period", "unit_id", "term", *parts, *(f"own_{part}" for part in parts))
    left = ("period", "unit_id", "term", "ended_on", "numerator", "denominator", "counted")
    rows = {row for row in Figure.objects.values_list(*names) if any(row[3:])}
    return rows, {row for row in EstateFigure.objects.values_list(*left) if any(row[4:])}


def _from_nothing():
    """The same, computed leaf by leaf from nothing; what is kept stays as it is."""
    with transaction.atomic():
        for period in live.known_periods():
            upkeep._rebuild(library(), period)
        found = _kept()
        transaction.set_rollback(True)
    return found


def _spoil(world, code, period, heard=9):
    row = Figure.objects.filter(unit=world.units[code], period=period, term=BUDGET)
    assert row.update(heard=heard)
    return row


def test_merger_touches_neither_other_units_nor_earlier_periods(told):
    spoilt = [_spoil(told, "c3", "202511"), _spoil(told, "c1", "202509")]

    org.merge_units(units=[told.units["c1"], told.units["c2"]], into=new(), order=order())
    upkeep.ensure_current(at=LATER)

    assert [row.get().heard for row in spoilt] == [9, 9]
    wrong = {(d.unit, d.period) for d in queries.verify()}
    assert wrong == {("c3", "202511"), ("c1", "202509")}


def test_ended_unit_keeps_no_empty_rows(told):
    org.merge_units(units=[told.units["c1"], told.units["c2"]], into=new(), order=order())
    upkeep.ensure_current(at=LATER)

    ended = Figure.objects.filter(unit__code__in=("c1", "c2"))
    assert set(ended.values_list("period", flat=True)) == {"202509", "202510"}
    assert _kept() == _from_nothing()


def test_group_takes_along_all_beneath_it(told, figure):
    units = told.units
    for code in ("c1", "c2"):
        org.move_unit(unit=units[code], tree=Tree.GOVERNMENT, superior=units["12-SNV"],
                      order=order(date(2025, 9, 20)))  # fmt: skip
    upkeep.ensure_current(at=LATER)
    assert figure("12-UB", "202511", BUDGET) == (107, 4500, 3)

    org.move_unit(
        unit=units["12-SNV"], tree=Tree.GOVERNMENT, superior=units["12"], order=order(after=49)
    )
    upkeep.ensure_current(at=LATER)

    assert figure("12-UB", "202511", BUDGET) == (7, 500, 1)
    assert figure("12-SNV", "202511", BUDGET) == (100, 4000, 2)
    assert figure("12", "202511", BUDGET) == (107, 4500, 3)
    assert figure("12-UB", "202509", BUDGET) == (107, 4500, 3)
    assert _kept() == _from_nothing()
    assert queries.verify() == []


def test_estate_goes_to_those_above_when_heirs_are_moved_apart(told, figure):
    heirs = [new("s1", "Xã Một"), new("s2", "Xã Hai")]
    org.split_unit(unit=told.units["c1"], heirs=heirs, goes_on=False, order=order())
    upkeep.ensure_current(at=LATER)
    assert figure("12-UB", "202511", BUDGET) == (107, 4500, 3)

    org.move_unit(
        unit=Unit.objects.get(code="s2"), tree=Tree.GOVERNMENT, superior=told.units["12"],
        order=order(date(2025, 10, 20), after=49),
    )  # fmt: skip
    upkeep.ensure_current(at=LATER)

    assert figure("12-UB", "202511", BUDGET) == (97, 3500, 2)
    assert figure("12", "202511", BUDGET) == (107, 4500, 3)
    assert _kept() == _from_nothing()
    assert queries.verify() == []


def test_hand_at_the_database_is_followed_too(told, figure):
    row = UnitAncestor.objects.filter(unit=told.units["c1"], ancestor=told.units["12-UB"])
    row.update(to_on=date(2025, 10, 1))
    upkeep.ensure_current(at=LATER)

    assert figure("12-UB", "202511", BUDGET) == (97, 3500, 2)
    assert figure("12-UB", "202509", BUDGET) == (107, 4500, 3)
    assert _kept() == _from_nothing()


def test_figures_stand_under_the_tree_they_know_until_they_follow(told):
    unit, other = told.units["c1"], told.units["12-SNV"]
    UnitLink.objects.filter(unit=unit).update(superior=other)
    org.rebuild_ancestors()

    assert other.pk not in lineage.above([unit.pk]).of(unit.pk, date(2025, 11, 14))
    assert {d.period for d in queries.verify()} >= {"cây đơn vị"}
    upkeep.ensure_current(at=LATER)

    assert other.pk in lineage.above([unit.pk]).of(unit.pk, date(2025, 11, 14))
    assert queries.verify() == []


def test_who_gave_way_while_it_was_looked_at_is_followed_at_the_next_look(told, monkeypatch):
    """Others commit between the reading of what differs and its copying."""
    looked, look = [], lineage._given

    def given():
        found = look()
        if not looked:
            looked.append(found)
            UnitSuccession.objects.create(
                unit=told.units["c1"], heir=told.units["c3"], on=date(2025, 9, 5), recorded_at=AT
            )
        return found

    org.merge_units(units=[told.units["c1"], told.units["c2"]], into=new(), order=order())
    monkeypatch.setattr(lineage, "_given", given)
    with transaction.atomic():
        change = lineage.renew()
        upkeep._follow(library(), Ledger.objects.get().built_from, {}, change)
        assert lineage.behind() == {told.units["c1"].pk}
    upkeep.ensure_current(at=LATER)

    assert lineage.behind() == set()
    assert _kept() == _from_nothing()


def test_figures_under_an_unknown_tree_are_all_computed_anew(told):
    ledger = Ledger.objects.get()
    ledger.built_from.pop("lines")
    ledger.save()
    KnownAncestor.objects.all().delete()
    _spoil(told, "c3", "202511")

    upkeep.ensure_current(at=LATER)

    assert queries.verify() == []


@pytest.mark.parametrize("is_built", [True, False])
def test_units_may_be_merged_while_all_is_rebuilt(told, is_built):
    if not is_built:
        Ledger.objects.update(built_from={"token": "none"})
    _spoil(told, "c3", "202509")
    _spoil(told, "c3", "202511")
    merged = []

    def merge_at_the_second(done, whole, label):
        if done == 1 and not merged:
            merged.append(label)
            org.merge_units(units=[told.units["c1"], told.units["c2"]], into=new(), order=order())

    actions.rebuild_figures(at=LATER, progress=merge_at_the_second)

    assert merged
    assert queries.verify() == []
    assert _kept() == _from_nothing()
    built = Ledger.objects.get().built_from
    assert upkeep.ensure_current(at=LATER) == built["token"]


def test_other_measures_stay_when_one_is_redefined(told, by_post, settings):
    by_post("period")
    upkeep.ensure_current(at=LATER)
    spoilt = _spoil(told, "c3", "202511")

    file = Path(settings.NAMRO_HOME) / "measures" / "post.toml"
    file.write_text(file.read_text("utf-8").replace("bưu chính", "bưu điện"), "utf-8")
    upkeep.ensure_current(at=LATER)

    assert spoilt.get().heard == 9


def test_figures_of_a_measure_that_is_gone_go_with_it(told, by_post, settings):
    by_post("period")
    upkeep.ensure_current(at=LATER)
    assert Figure.objects.filter(term="own.by-post").exists()

    (Path(settings.NAMRO_HOME) / "measures" / "post.toml").unlink()
    upkeep.ensure_current(at=LATER)

    assert not Figure.objects.filter(term="own.by-post").exists()
    assert queries.verify() == []


def test_debt_that_begins_later_leaves_earlier_periods(told):
    spoilt = _spoil(told, "c3", "202509")
    told.units["c3"].assignments.filter(target__measure=BUDGET).update(to_on=date(2025, 11, 1))
    upkeep.ensure_current(at=LATER)

    assert spoilt.get().heard == 9
    assert {(d.unit, d.period) for d in queries.verify()} == {("c3", "202509")}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_rows_are_those_from_nothing_whatever_is_reorganised(told, say, events):
    """Several reorganisations may come before the figures follow; some are known late."""
    with transaction.atomic():
        Unit.objects.filter(code="c3").update(kind="COMMUNE")
        actions.open_period(period_code="202508", at=AT)
        for hour, event in enumerate(events, start=1):
            if event[0] != "say":
                try:
                    with transaction.atomic():
                        _reorganise(told, *event, hour)
                except org.BadReorganisation:
                    continue
            elif unit := Unit.objects.filter(code=event[1]).first():
                told.units[event[1]] = unit
                say(event[1], event[2], {event[3]: event[4]}, after=hour)
        upkeep.ensure_current(at=AT + timedelta(hours=90))
        assert _kept() == _from_nothing()
        assert not lineage.behind()
        transaction.set_rollback(True)
