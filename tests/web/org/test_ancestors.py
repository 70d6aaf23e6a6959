"""Lines above a unit are derived for who is concerned only, and equal to deriving all anew."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from namro.web.org import actions
from namro.web.org.models import Unit, UnitAncestor, UnitLink
from namro.web.org.rules import Tree
from tests.effort import effort
from tests.world import AT

pytestmark = pytest.mark.django_db
BEGIN = date(2025, 1, 1)
DAYS = [BEGIN + timedelta(days=40 * n) for n in range(12)]


def lines() -> set[tuple]:
    return set(UnitAncestor.objects.values_list())


def by_climbing(day: date) -> set[tuple]:
    """(unit, above, tree) on a day, link by link, from nothing."""
    up = {}
    for link in UnitLink.objects.all():
        if link.from_on <= day and (link.to_on is None or day < link.to_on):
            up.setdefault((link.tree, link.unit_id), []).append(link.superior_id)
    found = set()
    for tree in Tree:
        stands = UnitLink.objects.filter(tree=tree).values_list("unit_id", "superior_id")
        for unit in {u for pair in stands for u in pair}:
            waiting = [unit]
            while waiting:
                at = waiting.pop()
                found.add((unit, at, str(tree)))
                waiting += up.get((tree, at), [])
    return found


def change(chance: random.Random, units: list[Unit]) -> list[int]:
    """Some links begun, ended, moved or taken away; ids of the units whose they were.

    A unit stands only under one made before it: no circle.
    """
    touched = []
    for _ in range(chance.choice((1, 1, 1, 3))):
        at = chance.randrange(1, len(units))
        unit, superior = units[at], units[chance.randrange(at)]
        tree, day = chance.choice(list(Tree)), chance.choice(DAYS)
        link = UnitLink.objects.filter(unit=unit, tree=tree, to_on__isnull=True).first()
        what = chance.choice(("move", "move", "end", "forget"))
        if link and (what == "forget" or day <= link.from_on):
            link.delete()
        elif link:
            link.to_on = day
            link.save()
        if what == "move" or not link:
            later = day if not link or day > link.from_on else link.from_on
            UnitLink.objects.create(unit=unit, superior=superior, tree=tree, from_on=later)
        touched.append(unit.pk)
    return touched


@pytest.mark.parametrize("seed", range(8))
def test_lines_after_random_changes_are_those_derived_anew(seed):
    chance = random.Random(seed)
    units = [
        Unit.objects.create(code=f"u{n:02d}", name=f"Đơn vị {n}", kind="COMMUNE", opened_on=BEGIN)
        for n in range(14)
    ]
    for _ in range(15):
        actions.rebuild_ancestors(change(chance, units))
        for day in chance.sample(DAYS, 3):
            rows = UnitAncestor.objects.filter(from_on__lte=day).exclude(to_on__lte=day)
            assert set(rows.values_list("unit_id", "ancestor_id", "tree")) == by_climbing(day)
        before = lines()
        assert actions.rebuild_ancestors() == 0 and lines() == before


def test_order_leaves_the_lines_of_others_as_they_lie(world):
    before = lines()
    order = actions.Order(on=date(2025, 10, 1), at=AT, by=None)
    actions.move_unit(
        unit=world.units["c1"], tree=Tree.GOVERNMENT, superior=world.units["12-SNV"], order=order
    )
    changed = {row[1] for row in before ^ lines()}
    assert changed == {world.units["c1"].pk}
    assert actions.rebuild_ancestors() == 0


@pytest.mark.parametrize("act", ["create", "merge", "split", "close", "load"])
def test_every_order_names_all_units_whose_links_it_changes(world, act):
    order = actions.Order(on=date(2025, 10, 1), at=AT, by=None)
    new = actions.NewUnit(code="n1", name="Xã Mới", kind="COMMUNE")
    units = world.units
    match act:
        case "create":
            above = actions.NewUnit("n1", "Xã Mới", "COMMUNE", superiors={Tree.PARTY: units["12"]})
            actions.create_unit(new=above, order=order)
        case "merge":  # who stands beneath those merged goes along
            UnitLink.objects.filter(unit=units["c1"]).update(superior=units["12-SNV"])
            actions.rebuild_ancestors()
            actions.merge_units(units=[units["12-KHCN"], units["12-SNV"]], into=new, order=order)
        case "split":
            actions.split_unit(unit=units["c1"], heirs=[new], goes_on=True, order=order)
        case "close":
            actions.close_unit(unit=units["c3"], order=order)
        case "load":
            row = {"code": "12-UB", "name": "UBND tỉnh", "kind": "PEOPLES_COMMITTEE",
                   "party_superior": "12", "from_on": "2025-11-01"}  # fmt: skip
            actions.load_units(by=None, at=AT, rows=[row])
    assert actions.rebuild_ancestors() == 0


def test_order_takes_no_more_effort_in_a_larger_tree(world):
    def taken() -> int:
        return effort(lambda: actions.rebuild_ancestors([world.units["c1"].pk]))

    taken()  # what is made once
    few = taken()
    for n in range(60):
        unit = Unit.objects.create(code=f"z{n}", name=f"Xã {n}", kind="COMMUNE", opened_on=BEGIN)
        UnitLink.objects.create(
            unit=unit, superior=world.units["12-UB"], tree=Tree.GOVERNMENT, from_on=BEGIN
        )
    actions.rebuild_ancestors()
    assert taken() <= few * 1.1
