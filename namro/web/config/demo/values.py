"""Made-up figures that behave like real ones: each unit has its size, parts grow round by round."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from namro.web.facts.library import library
from namro.web.facts.marking import Mark


def _seeded(*words: object) -> random.Random:
    return random.Random("|".join(map(str, words)))


@dataclass(frozen=True)
class Drawer:
    """Draws the value of an element for a unit at a share of the way from first to last round."""

    rules: Mapping[str, Mapping]
    started_on: date

    @classmethod
    def read(cls, path: Path, started_on: date) -> Drawer:
        return cls(tomllib.loads(path.read_text(encoding="utf-8")), started_on)

    def value(self, element: str, unit: str, way: float) -> Decimal:
        """`way` 0 at the first round, 1 at the last; the same arguments give the same value."""
        if library().elements[element].kind == "mark":
            return Mark.PROVISIONAL.code
        rule = self.rules[element]
        if "fixed" in rule:
            return Decimal(str(rule["fixed"]))
        if "dated" in rule:
            return _day_code(self.started_on, rule["dated"])
        if "whole" in rule:
            return self._whole(element, unit, rule, way)
        return self._part(element, unit, rule, way)

    def _whole(self, element: str, unit: str, rule: Mapping, way: float) -> Decimal:
        low, high = rule["whole"]
        size = _seeded(element, unit).randint(int(low), int(high))
        if library().elements[element].time == "flow":  # no two periods are alike
            size = round(size * _seeded(element, unit, round(way, 3)).uniform(0.85, 1.15))
        return Decimal(size)

    def _part(self, element: str, unit: str, rule: Mapping, way: float) -> Decimal:
        known = library().elements[element]
        if known.at_most is None:
            raise ValueError(f"{element}: a part needs the whole it is a part of")
        whole = self.value(known.at_most, unit, way)
        first, last = rule["part"]
        own = _seeded(element, unit)
        # A unit stands above or below its peers, and wobbles a little; it never falls back much.
        share = first + (last - first) * way
        spread = min(1.0, 2 * share) * 0.045
        share += own.gauss(0, spread) + _seeded(element, unit, round(way, 3)).gauss(0, spread / 8)
        exact = whole * Decimal(str(round(min(max(share, 0), 1), 4)))
        digits = Decimal(1).scaleb(-known.digits)
        return min(exact.quantize(digits, rounding=ROUND_HALF_UP), whole)


def _day_code(start: date, months: int) -> Decimal:
    month = start.month - 1 + months
    return Decimal((start.year + month // 12) * 10000 + (month % 12 + 1) * 100 + 1)
