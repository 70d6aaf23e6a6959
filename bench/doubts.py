"""Doubts about values, tried on honest and on planted ones: how often asked, how often missed.

The honest values are the demonstration's (every unit, element and round), and made-up worlds whose
shares are no bell: a handful of leaders, nearly all at 100%, wards among mountain communes, heavy
tails. The planted ones are slips a clerk makes: a digit lost or added, the whole for the part, the
percentage for the count, last month's return copied, estimates for counts.
"""

from __future__ import annotations

import csv
import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from bench.line import Line
from namro.measuring.definitions import Element, elements_of, load
from namro.measuring.quality import CHECK_LABELS, Check, doubts

ROUNDS, SEED = 6, 20260515
Share = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """One value with what it is held against; `kind`: that of the measure it serves."""

    element: Element
    value: Decimal
    kind: str = "ratio"
    before: tuple[Decimal, ...] = ()
    whole: Decimal | None = None
    recorded: Decimal | None = None
    peers: tuple[tuple[Decimal, Decimal], ...] = ()

    @property
    def checks(self) -> set[Check]:
        told = doubts(
            self.element, self.value, before=self.before, whole=self.whole,
            recorded=self.recorded, peers=self.peers,
        )  # fmt: skip
        return {doubt.check for doubt in told}


def measure(root: Path) -> Iterator[Line]:
    """`bench.pages` has filled the demonstration and set Django up before."""
    cases = list(demonstration(root))
    for kind in sorted({c.kind for c in cases}):
        alike = [c for c in cases if c.kind == kind]
        yield Line(f"doubts: honest values of {kind} asked about", _asked(alike), "%", 2.0)
    for name, world in worlds().items():
        yield Line(f"doubts: honest shares asked about, {name}", _asked(world), "%", 3.0)
    for check, planted in slips(cases).items():
        missed = sum(check not in c.checks for c in planted) / len(planted) * 100
        name = f"doubts: {check} misses of {len(planted)} planted"
        yield Line(name, missed, "%", 10.0)


def _asked(cases: Sequence[Case]) -> float:
    return sum(bool(c.checks) for c in cases) / len(cases) * 100


def demonstration(root: Path) -> Iterator[Case]:
    """Every value of the demonstration, beside its own past and the like units of its round."""
    from namro.web.config.demo.values import Drawer

    library = load()
    drawer = Drawer.read(root / "demo" / "values.toml", date(2026, 5, 15))
    for slug, (kind, groups) in _owed(root).items():
        element = library.elements[slug]
        for units in groups.values():
            told = {u: _series(drawer, slug, u) for u in units}
            wholes = {u: _series(drawer, element.at_most, u) for u in units if element.at_most}
            for unit in units:
                for n, value in enumerate(told[unit]):
                    peers = tuple((told[u][n], wholes[u][n]) for u in wholes if u != unit)
                    whole = wholes[unit][n] if wholes else None
                    yield Case(element, value, kind, told[unit][:n], whole, peers=peers)


def _series(drawer, slug: str, unit: str) -> tuple[Decimal, ...]:
    return tuple(drawer.value(slug, unit, n / (ROUNDS - 1)) for n in range(ROUNDS))


def _owed(root: Path) -> dict[str, tuple[str, dict[str, list[str]]]]:
    """Element → the kind of its measure, and kind of unit → the units that report it."""
    with (root / "demo" / "units.csv").open(encoding="utf-8") as file:
        kinds = {row["code"]: row["kind"] for row in csv.DictReader(file)}
    told = tomllib.loads((root / "demo" / "assignments.toml").read_text(encoding="utf-8"))
    targets = list(told["targets"].values())
    found: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for one, target in zip(load().measures.values(), targets, strict=False):
        asked = target["executors"]
        for element in elements_of(one):
            groups: dict[str, list[str]] = defaultdict(list)
            for code, kind in kinds.items():
                if (kind in asked or code in asked) and element.kind == "number":
                    groups[kind].append(code)
            found.setdefault(element.slug, (one.kind, groups))
    return found


# --- honest worlds that are no bell ----------------------------------------------------------


def worlds() -> dict[str, list[Case]]:
    """Name → the shares of 60 made-up rounds, each beside the others of its round."""
    chance = random.Random(SEED)
    kinds: dict[str, Callable[[], Share]] = {
        "a handful of persons": lambda: _drawn(chance, chance.randint(3, 8), 0.3),
        "nearly all done": lambda: _drawn(
            chance, chance.randint(30, 60), 1 - min(0.5, chance.expovariate(25))
        ),
        "hardly begun": lambda: _drawn(
            chance, chance.randint(30, 5000), min(0.6, chance.expovariate(17))
        ),
        "two sorts of units": lambda: _drawn(
            chance, chance.randint(100, 20_000), chance.gauss(*_sort(chance))
        ),
        "anything between": lambda: _drawn(
            chance, chance.randint(100, 20_000), chance.betavariate(1.5, 1.5)
        ),
        "heavy tails": lambda: _drawn(
            chance, chance.randint(100, 20_000), 0.5 + 0.05 * _student(chance)
        ),
    }
    return {name: _beside([[one() for _ in range(36)] for _ in range(60)]) for name, one in
            kinds.items()}  # fmt: skip


def _sort(chance: random.Random) -> tuple[float, float]:
    return (0.75, 0.06) if chance.random() < 0.3 else (0.3, 0.06)


def _student(chance: random.Random) -> float:
    """Student's t with three degrees of freedom."""
    return chance.gauss(0, 1) / math.sqrt(chance.gammavariate(1.5, 1 / 1.5))


def _drawn(chance: random.Random, whole: int, share: float) -> Share:
    share = min(max(share, 0.02), 0.98)
    if whole < 100:
        return sum(chance.random() < share for _ in range(whole)), whole
    part = chance.gauss(whole * share, math.sqrt(whole * share * (1 - share)))
    return min(max(round(part), 0), whole), whole


PART = Element("part", "Phần", "người", "stock")


def _beside(rounds: list[list[Share]]) -> list[Case]:
    cases = []
    for told in rounds:
        pairs = tuple((Decimal(part), Decimal(whole)) for part, whole in told)
        for n, (part, whole) in enumerate(pairs):
            cases.append(Case(PART, part, whole=whole, peers=pairs[:n] + pairs[n + 1 :]))
    return cases


# --- planted slips ---------------------------------------------------------------------------


def slips(cases: Sequence[Case]) -> dict[Check, list[Case]]:
    """Check → cases into each of which one slip of its sort was put."""
    chance = random.Random(SEED)
    large = [c for c in cases if c.value >= 20]
    series = [c for c in large if len(c.before) >= 5]
    found: dict[Check, list[Case]] = {
        "LIMIT": [replace(c, value=-c.value) for c in large[::7]],
        "PART": [replace(c, value=c.whole + 1) for c in cases[::3] if c.whole],
        "JUMP": [replace(c, value=v) for c in series for v in (c.value * 10, c.value // 10)],
        "COPY": list(_copies(chance)),
        "ROUND": list(_estimates(chance)),
        "RECORDS": [
            replace(c, recorded=c.value, value=(c.value * factor).to_integral_value())
            for c in large[::5]
            for factor in (Decimal("0.8"), Decimal("1.25"))
        ],
        "PEERS": list(_unlike(cases)),
    }
    assert set(found) == set(CHECK_LABELS) and all(found.values())
    return found


def _copies(chance: random.Random) -> Iterator[Case]:
    """Last month's return handed in again, and again."""
    flow = Element("flow", "Số lượt", "lượt", "flow")
    for _ in range(300):
        own = [Decimal(chance.randint(30, 4000)) for _ in range(chance.randint(1, 8))]
        yield Case(flow, own[-1], before=(*own, own[-1]))


def _estimates(chance: random.Random) -> Iterator[Case]:
    """Estimates to the nearest ten, for half a year or more."""
    flow = Element("flow", "Số lượt", "lượt", "flow")
    for _ in range(300):
        own = [Decimal(chance.randint(3, 400) * 10) for _ in range(chance.randint(6, 12))]
        yield Case(flow, own[-1], before=tuple(own[:-1]))


def _unlike(cases: Sequence[Case]) -> Iterator[Case]:
    """First returns without a past, with a slip that moves the share by ten points or more."""
    for case in cases[::3]:
        if not case.whole or len(case.peers) < 8:
            continue
        share = case.value / case.whole
        wrong = (case.value // 10, case.whole, Decimal(round(share * 100)), Decimal(0))
        for value in wrong:
            if value <= case.whole and abs(value / case.whole - share) >= Decimal("0.1"):
                yield replace(case, value=value, before=())


if __name__ == "__main__":
    import os
    import sys

    home = Path(sys.argv[1] if len(sys.argv) > 1 else "var").resolve()
    os.environ |= {
        "NAMRO_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home}/namro.sqlite3",
        "DJANGO_SETTINGS_MODULE": "namro.web.config.settings",
    }
    import django

    django.setup()
    for line in measure(Path(__file__).resolve().parent.parent):
        print(line)
