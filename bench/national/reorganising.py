"""Units merged, split, moved on a filled nation: what it costs until every figure has followed.

Each is done as the site does it, then taken back, so that the nation stays as it was filled.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bench.line import Line

ON = date(2026, 7, 1)
LATE = date(2023, 1, 1)
"""Of a reorganisation that is known years later: nearly all periods see it."""


def measure(rounds: int) -> Iterator[Line]:
    """Medians of CPU seconds: the order itself, and debts and figures of all levels after it."""
    from django.db import connection

    for name, order in ORDERS.items():
        acted, followed = zip(*(_once(order, number) for number in range(rounds)), strict=True)
        told = f"{connection.vendor}: {name}"
        yield Line(f"{told}, ordered, CPU", statistics.median(acted), "s", float("inf"))
        yield Line(f"{told}, figures followed, CPU", statistics.median(followed), "s", 3)


def _once(order: Callable[[random.Random], None], number: int) -> tuple[float, float]:
    from django.db import transaction

    from namro.web.facts import upkeep
    from namro.web.frame import clock

    upkeep.ensure_current(at=clock.now())
    with transaction.atomic():
        began = time.process_time()
        order(random.Random(number))
        acted = time.process_time()
        upkeep.ensure_current(at=clock.now())
        followed = time.process_time()
        transaction.set_rollback(True)
    return acted - began, followed - acted


def _of(kind: str) -> list[Any]:
    from namro.web.org.models import Unit

    return list(Unit.objects.filter(kind=kind, closed_on=None).order_by("pk"))


def _order(on: date) -> Any:
    from namro.web.frame import clock
    from namro.web.org import actions as org

    return org.Order(on=on, at=clock.now(), by=None, basis="Nghị quyết đo")


def _new(letter: str) -> Any:
    from namro.web.org import actions as org

    return org.NewUnit(f"moi-{letter}", f"Xã mới {letter}", "COMMUNE")


def _merge(chance: random.Random, on: date = ON) -> None:
    from namro.web.org import actions as org

    org.merge_units(units=chance.sample(_of("COMMUNE"), 2), into=_new("a"), order=_order(on))


def _merge_late(chance: random.Random) -> None:
    _merge(chance, LATE)


def _split(chance: random.Random) -> None:
    from namro.web.org import actions as org

    [unit] = chance.sample(_of("COMMUNE"), 1)
    org.split_unit(unit=unit, heirs=[_new("a"), _new("b")], goes_on=False, order=_order(ON))


def _move(chance: random.Random, kind: str = "COMMUNE") -> None:
    from namro.web.org import actions as org
    from namro.web.org.models import UnitAncestor
    from namro.web.org.rules import Tree

    unit = chance.choice(_of(kind))
    above = UnitAncestor.objects.filter(unit=unit).values("ancestor")
    elsewhere = [u for u in _of("PROVINCE") if not above.filter(ancestor=u).exists()]
    org.move_unit(
        unit=unit, tree=Tree.GOVERNMENT, superior=chance.choice(elsewhere), order=_order(ON)
    )


def _move_many(chance: random.Random) -> None:
    _move(chance, "PEOPLES_COMMITTEE")


ORDERS: dict[str, Callable[[random.Random], None]] = {
    "two communes merged": _merge,
    "the same, known three years later": _merge_late,
    "a commune split in two": _split,
    "a commune moved to another province": _move,
    "a unit moved with all its communes": _move_many,
}
