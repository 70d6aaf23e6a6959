"""Random events on a filled nation, and then every figure against the direct computation.

Values said, corrected, withdrawn, said late, and between them communes merged, split and moved in
mid-year: whatever happened, in whatever order, no figure may differ.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench.line import Line
from bench.national.nation import ELEMENTS, MONTHS, Nation

KINDS = ("said", "corrected", "withdrawn", "late")
WEIGHTS = (5, 3, 1, 1)
RECENT = 3
"""Months: what is said of older ones is late."""
REORGANISED = ("merged", "split", "moved")


def measure(nation: Nation, many: int, reorganised: int, seed: int) -> Iterator[Line]:
    """`many` events with `reorganised` reorganisations among them, then all figures compared."""
    from namro.web.facts import queries as facts
    from namro.web.facts import upkeep
    from namro.web.frame import clock

    happened, began, spent = Counter[str](), time.perf_counter(), time.process_time()
    for kind in _events(nation, many, reorganised, random.Random(seed)):
        happened[kind] += 1
    upkeep.ensure_current(at=clock.now())
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    told = ", ".join(f"{n:,} {kind}" for kind, n in sorted(happened.items()))
    yield Line(f"events: {told}; wall", wall, "s", float("inf"))
    yield Line("events: CPU", cpu, "s", float("inf"))
    began = time.perf_counter()
    found = facts.verify()
    for one in found[:10]:
        print(one)
    yield Line(f"events: differences in all {MONTHS} periods", len(found), "", 0)
    yield Line("events: the comparison", time.perf_counter() - began, "s", float("inf"))


def _events(nation: Nation, many: int, reorganised: int, chance: random.Random) -> Iterator[str]:
    """What happened, one by one."""
    from namro.web.org.models import Unit

    turns = set(chance.sample(range(many), reorganised))
    told = range(nation.first_commune + 1, nation.size + 1)
    living = list(Unit.objects.filter(kind="COMMUNE", closed_on=None).values_list("pk", flat=True))
    for number in range(many):
        if number in turns:
            yield _reorganise(chance, number, REORGANISED[len(turns) % len(REORGANISED)])
            turns.remove(number)
            living = list(
                Unit.objects.filter(kind="COMMUNE", closed_on=None).values_list("pk", flat=True)
            )
            continue
        # Who is gone may still correct what it said.
        unit = chance.choice(living if chance.random() < 0.9 else told)
        yield _say(nation, chance, unit)


def _say(nation: Nation, chance: random.Random, unit: int) -> str:
    from bench.national import definitions
    from namro.web.facts import actions
    from namro.web.frame import clock

    kind = chance.choices(KINDS, WEIGHTS)[0]
    back = chance.randrange(RECENT, MONTHS) if kind == "late" else chance.randrange(RECENT)
    period = nation.periods[-1 - back].code
    element = chance.randrange(ELEMENTS)
    pair = (element,) if kind == "corrected" else (element // 2 * 2, element // 2 * 2 + 1)
    whole = chance.randrange(800, 40_000)
    values = {e: whole if e % 2 == 0 else chance.randrange(whole) for e in pair}
    said = [
        actions.Said(
            definitions.element(e), unit, period, None if kind == "withdrawn" else Decimal(v)
        )
        for e, v in values.items()
    ]
    actions.record(said=said, source="bench", by=None, at=clock.now())
    return kind


def _reorganise(chance: random.Random, number: int, kind: str) -> str:
    """Reorganise some commune; what cannot be is drawn again."""
    from namro.web.org import actions as org

    while True:
        on = date(2024, 6, 1) + timedelta(chance.randrange(800))
        try:
            _ordered(kind, on, chance, number)
        except org.BadReorganisation:
            continue
        return kind


def _ordered(kind: str, on: date, chance: random.Random, number: int) -> None:
    from namro.web.frame import clock
    from namro.web.org import actions as org
    from namro.web.org.models import Unit
    from namro.web.org.rules import Tree

    communes = list(Unit.objects.filter(kind="COMMUNE", closed_on=None))
    one, two = chance.sample(communes, 2)
    order = org.Order(on=on, at=clock.now(), by=None, basis="Nghị quyết đo")
    new = [org.NewUnit(f"n{number}{x}", f"Xã {number}{x}", "COMMUNE") for x in "ab"]
    if kind == "merged":
        org.merge_units(units=[one, two], into=new[0], order=order)
    elif kind == "split":
        org.split_unit(unit=one, heirs=new, goes_on=False, order=order)
    else:
        groups = list(Unit.objects.filter(kind="PEOPLES_COMMITTEE"))
        superior: Any = chance.choice(groups)
        org.move_unit(unit=one, tree=Tree.GOVERNMENT, superior=superior, order=order)
