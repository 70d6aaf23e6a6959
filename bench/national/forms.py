"""Forms approved one after another, as when a month closes: what each costs, figures included.

Every commune says all its elements of the last month anew, each value a little corrected, through
the site's own action: ledger, figures of all levels, doubts, journal, one transaction a form.
"""

from __future__ import annotations

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
    """One value with its figures and without, a form of 200, and `many` forms told as 3,321."""
    from django.db import connection

    kind, chance = connection.vendor, random.Random(time.time_ns())
    first, last = nation.first_commune + 1, nation.size
    _spent(lambda: _enter([_value(nation, chance, first, 0)]))
    told = [
        _value(nation, chance, chance.randint(first, last), _any(chance)) for _ in range(SINGLE)
    ]
    alone = [_value(nation, chance, 2, _any(chance)) for _ in range(SINGLE)]
    with_figures, without = _medians(told), _medians(alone)
    yield Line(f"{kind}: one approved value in every total, wall", with_figures[0], "ms", 3)
    yield Line(f"{kind}: one approved value in every total, CPU", with_figures[1], "ms", 3)
    more = with_figures[1] - without[1]
    yield Line(f"{kind}: one approved value, more than without figures, CPU", more, "ms", 3)
    forms = _forms(nation, chance, many)
    yield Line(
        f"{kind}: a form of 200 values, wall", statistics.median(w for w, _ in forms), "ms", 15
    )
    yield Line(
        f"{kind}: a form of 200 values, CPU", statistics.median(c for _, c in forms), "ms", 15
    )
    scaled = COMMUNES / len(forms) / 1000
    walls, cpus = (sum(spent) * scaled for spent in zip(*forms, strict=True))
    yield Line(f"{kind}: {COMMUNES:,} forms (from {len(forms)}), wall", walls, "s", 60)
    yield Line(f"{kind}: {COMMUNES:,} forms (from {len(forms)}), CPU", cpus, "s", 60)


def _any(chance: random.Random) -> int:
    return chance.randrange(ELEMENTS)


def _forms(nation: Nation, chance: random.Random, many: int) -> list[tuple[float, float]]:
    communes = range(nation.first_commune + 1, nation.size + 1)
    units = [communes[n % len(communes)] for n in range(many)]
    made = ([_value(nation, chance, unit, e) for e in range(ELEMENTS)] for unit in units)
    return [_spent(lambda said=said: _enter(said)) for said in made]  # type: ignore[misc]


def _value(nation: Nation, chance: random.Random, unit: int, element: int) -> Any:
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


def _medians(values: list[Any]) -> tuple[float, float]:
    spent = [_spent(lambda one=one: _enter([one])) for one in values]  # type: ignore[misc]
    return statistics.median(w for w, _ in spent), statistics.median(c for _, c in spent)


def _spent(does: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    does()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
