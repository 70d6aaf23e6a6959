"""Assignments follow merged, split, closed units; all of a unit at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from namro.web.org import actions as org
from namro.web.org.models import JournalEntry, Unit
from namro.web.plans.following import follow_units
from namro.web.plans.models import Assignment

pytestmark = pytest.mark.django_db

AT = datetime(2025, 10, 16, tzinfo=UTC)


def order(day, after=0):
    on, at = date(2025, 10, day), AT + timedelta(hours=after)
    return org.Order(on=on, at=at, by=None, basis="NQ 01")


def new(code):
    return org.NewUnit(code=code, name=f"Xã {code}", kind="COMMUNE")


def executors(world):
    rows = Assignment.objects.filter(target=world.targets["5"], part="EXECUTOR")
    return sorted((a.unit.code, a.from_on, a.to_on) for a in rows if a.from_on != a.to_on)


def test_heir_of_an_heir_holds_what_was_handed_on(world):
    since = Assignment.objects.filter(part="EXECUTOR").first().from_on
    c1, c2, c3 = (world.units[c] for c in ("c1", "c2", "c3"))
    org.merge_units(units=[c1, c2], into=new("m1"), order=order(15))
    m1 = Unit.objects.get(code="m1")
    org.merge_units(units=[m1, c3], into=new("m2"), order=order(20, after=1))

    follow_units(at=AT)

    assert executors(world) == [
        ("c1", since, date(2025, 10, 15)),
        ("c2", since, date(2025, 10, 15)),
        ("c3", since, date(2025, 10, 20)),
        ("m1", date(2025, 10, 15), date(2025, 10, 20)),
        ("m2", date(2025, 10, 20), None),
    ]
    assert follow_units(at=AT) == 0


def test_heir_that_holds_it_already_is_given_nothing_twice(world):
    org.merge_units(units=[world.units["c1"]], into=world.units["c2"], order=order(15))

    follow_units(at=AT)

    held = [row for row in executors(world) if row[0] == "c2"]
    assert len(held) == 1
    assert held[0][2] is None


def test_heirs_of_a_split_unit_report_but_do_not_lead(world):
    unit = world.units["c1"]
    target = world.targets["12"]
    Assignment.objects.create(
        target=target, unit=unit, part="LEAD", from_on=date(2025, 1, 1), assigned_at=AT
    )
    org.split_unit(unit=unit, heirs=[new("s1"), new("s2")], goes_on=False, order=order(15))

    follow_units(at=AT)

    assert {row[0] for row in executors(world)} >= {"s1", "s2"}
    assert not Assignment.objects.filter(part="LEAD", unit__code__in=("s1", "s2")).exists()


def test_journal_has_a_line_for_each_unit_and_part(world):
    org.merge_units(units=[world.units["c1"], world.units["c2"]], into=new("m1"), order=order(15))

    ended = follow_units(at=AT)

    lines = JournalEntry.objects.filter(verb="plans.follow_units")
    parts = Assignment.objects.filter(unit__code__in=("c1", "c2"), to_on=date(2025, 10, 15))
    assert lines.count() == parts.values("unit", "part").distinct().count()
    assert sum(len(line.details["assignments"]) for line in lines) == ended
    assert all("Xã m1" in line.summary for line in lines)
