"""Forms approved one after another, as when a month closes: what each costs, figures included.

Every commune says all its elements of the last month anew, each value a little corrected, through
the site's own action: ledger, figures of all levels, doubts, journal, one transaction a form.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from bench.line import Line
from bench.national.nation import COMMUNES, ELEMENTS, MONTHS, Nation

SINGLE = 101
"""How many single values are approved."""


def measure(nation: Nation, many: int) -> Iterator[Line]:
    """One value with its figures and without, a form of 200, and `many` forms told as 3,321.

    CPU "here" is that of this process: PostgreSQL works in others.
    """
    from django.db import connection

    kind, chance = connection.vendor, random.Random(time.time_ns())
    first, last = nation.first_commune + 1, nation.size
    _spent(lambda: _enter([corrected(nation, chance, first, 0)]))
    # The nation owes nothing itself: its values enter the ledger, and no figure.
    said = [
        [corrected(nation, chance, unit, _any(chance))]
        for _ in range(SINGLE)
        for unit in (chance.randint(first, last), 1)
    ]
    spent = [_spent(lambda one=one: _enter(one)) for one in said]  # type: ignore[misc]
    (wall, cpu), (wall_without, without) = _middle(spent[0::2]), _middle(spent[1::2])
    yield Line(f"{kind}: one approved value in every total, wall", wall, "ms", math.inf)
    yield Line(f"{kind}: one approved value in every total, CPU here", cpu, "ms", math.inf)
    yield Line(f"{kind}: one approved value, more than without, wall", wall - wall_without, "ms", 3)
    yield Line(f"{kind}: one approved value, more than without, CPU here", cpu - without, "ms", 3)
    forms = _forms(nation, chance, many)
    wall, cpu = _middle(forms)
    yield Line(f"{kind}: a form of 200 values, wall", wall, "ms", 15)
    yield Line(f"{kind}: a form of 200 values, CPU here", cpu, "ms", 15)
    scaled = COMMUNES / len(forms) / 1000
    walls, cpus = (sum(spent) * scaled for spent in zip(*forms, strict=True))
    yield Line(f"{kind}: {COMMUNES:,} forms (from {len(forms)}), wall", walls, "s", 60)
    yield Line(f"{kind}: {COMMUNES:,} forms (from {len(forms)}), CPU here", cpus, "s", 60)
    yield from _together(nation, chance, kind, many)


def _together(nation: Nation, chance: random.Random, kind: str, many: int) -> Iterator[Line]:
    """The same as a receiver approves them: as many in one transaction as the site takes."""
    from namro.web.reporting.chain.bulk import TOGETHER

    forms = _said(nation, chance, many)
    groups = [forms[n : n + TOGETHER] for n in range(0, len(forms), TOGETHER)]
    spent = [_spent(lambda some=some: _enter_all(some)) for some in groups]  # type: ignore[misc]
    wall, cpu = (sum(some) / len(forms) for some in zip(*spent, strict=True))
    named = f"{kind}: a form of 200 values, {TOGETHER} approved together"
    yield Line(f"{named}, wall", wall, "ms", 15)
    yield Line(f"{named}, CPU here", cpu, "ms", 15)
    named = f"{kind}: {COMMUNES:,} forms (from {len(forms)}), {TOGETHER} approved together"
    yield Line(f"{named}, wall", wall * COMMUNES / 1000, "s", 60)
    yield Line(f"{named}, CPU here", cpu * COMMUNES / 1000, "s", 60)


def _any(chance: random.Random) -> int:
    return chance.randrange(ELEMENTS)


def _forms(nation: Nation, chance: random.Random, many: int) -> list[tuple[float, float]]:
    made = _said(nation, chance, many)
    return [_spent(lambda said=said: _enter(said)) for said in made]  # type: ignore[misc]


def _said(nation: Nation, chance: random.Random, many: int) -> list[list[Any]]:
    """Whole forms of one commune after another."""
    communes = range(nation.first_commune + 1, nation.size + 1)
    units = [communes[n % len(communes)] for n in range(many)]
    return [[corrected(nation, chance, unit, e) for e in range(ELEMENTS)] for unit in units]


def corrected(nation: Nation, chance: random.Random, unit: int, element: int) -> Any:
    """The value of the last month, a little other: a whole (an even one) grows, a part wanes."""
    from bench.national import definitions
    from namro.web.facts import actions

    commune = max(unit - nation.first_commune - 1, 0)
    said = int(_last(nation)[element, commune]) + chance.randint(1, 99) * (-1) ** element
    period = nation.periods[-1].code
    return actions.Said(definitions.element(element), unit, period, Decimal(max(said, 0)))


_kept: dict[float, Any] = {}


def _last(nation: Nation) -> Any:
    """What was told of the last month: element × commune."""
    if nation.scale not in _kept:
        _kept[nation.scale] = nation.told(MONTHS - 1)[0]
    return _kept[nation.scale]


def _enter(said: list[Any]) -> None:
    from namro.web.facts import actions
    from namro.web.frame import clock

    actions.record(said=said, source="bench", by=None, at=clock.now())


def _enter_all(forms: list[list[Any]]) -> None:
    from namro.web.facts import actions
    from namro.web.frame import clock

    told = {f"bench:{n}": said for n, said in enumerate(forms)}
    actions.record_all(told=told, by=None, at=clock.now())


def _middle(spent: list[tuple[float, float]]) -> tuple[float, float]:
    """The medians."""
    return statistics.median(w for w, _ in spent), statistics.median(c for _, c in spent)


def _spent(does: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    does()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
