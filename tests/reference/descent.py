"""Units in time: one line of descent told phase by phase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from namro.measuring.kinds import Measure
from tests.reference.leaves import Asked, Pair, leaf_told


@dataclass(frozen=True)
class Told:
    """What one unit (with those it took over) comes to: its sums, whose they are, who spoke when.

    `last` has one last month for each line of descent: all of them must have spoken.
    """

    pair: Pair
    sources: frozenset[tuple[str, date | None]]
    last: tuple[int, ...]

    def spoke_since(self, due: int) -> bool:
        return all(month >= due for month in self.last)


@dataclass(frozen=True)
class Line:
    """A unit back through those that gave way to it; a phase is (unit, day it ended or None)."""

    inner: Measure
    measure: Measure
    asked: Asked

    def endings(self) -> list[tuple[str, tuple[str, ...], date]]:
        day = self.asked.day(self.measure)
        found: dict[tuple[str, date], list[str]] = {}
        for g in self.asked.world.gave:
            if g.on <= day:
                found.setdefault((g.unit, g.on), []).extend(g.heirs)
        return [(unit, tuple(heirs), on) for (unit, on), heirs in found.items()]

    def dead(self) -> set[str]:
        ended = self.endings()
        return {u for u, _, _ in ended} - {u for u, heirs, _ in ended if u in heirs}

    def start(self, unit: str, end: date | None) -> date | None:
        days = [on for gone, heirs, on in self.endings() if unit in (gone, *heirs)]
        return max((d for d in days if end is None or d < end), default=None)

    def before(self, unit: str, end: date | None) -> list[tuple[str, date]]:
        start = self.start(unit, end)
        if start is None:
            return []
        there = [(g, heirs) for g, heirs, on in self.endings() if on == start]
        found = [(g, start) for g, heirs in there if heirs == (unit,)]
        if unit not in [g for g, _ in there]:
            found.append((unit, start))
        return [p for p in found if self.matters(*p)]

    def finals(self, unit: str, start: date) -> set[str]:
        """The living units that a phase beginning on a day leads to."""
        later = [on for g, hs, on in self.endings() if unit in (g, *hs) and on > start]
        if not later:
            return {unit}
        end = min(later)
        after = [h for g, hs, on in self.endings() if g == unit and on == end for h in hs]
        gone = any(g == unit and on == end for g, _, on in self.endings())
        return set().union(*(self.finals(h, end) for h in (after if gone else [unit])))

    def spoke_after(self, unit: str, start: date) -> bool:
        """Whether a phase beginning on a day, or any it leads to, told the stock itself."""
        later = [on for g, hs, on in self.endings() if unit in (g, *hs) and on > start]
        end = min(later, default=None)
        if self.inner.over == "latest" and self._own(unit, end, ()) is not None:
            return True
        if end is None:
            return False
        after = [h for g, hs, on in self.endings() if g == unit and on == end for h in hs]
        gone = any(g == unit and on == end for g, _, on in self.endings())
        return any(self.spoke_after(h, end) for h in (after if gone else [unit]))

    def owed(self, unit: str, end: date | None) -> bool:
        last = end - timedelta(days=1) if end else self.asked.day(self.measure)
        return any(
            h.unit == unit and h.what == self.asked.root and h.on(last)
            for h in self.asked.world.owed
        )

    def matters(self, unit: str, end: date | None) -> bool:
        return self.owed(unit, end) or bool(self.before(unit, end))

    def told(
        self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...] = ()
    ) -> Told | None:
        """What the phase and those before it come to. `spans`: months later phases told whole."""
        if self.inner.over == "latest":
            found = self._stock(unit, end)
            single = self.measure.kind == "level" or self.inner.kind == "milestone"
            return None if found and single and len(found.sources) > 1 else found
        return self._flow(unit, end, spans)

    def _own(self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...]) -> Any:
        if not self.owed(unit, end):
            return None
        life = (self.start(unit, end), end)
        return leaf_told(self.inner, self.asked, unit, life, spans)

    def _stock(self, unit: str, end: date | None) -> Told | None:
        own = self._own(unit, end, ())
        if own is not None:
            return Told(own[0], frozenset({(unit, end)}), (own[1],))
        earlier = [self._stock(*p) for p in self.before(unit, end)]
        if not earlier or None in earlier:
            return None
        return _together([t for t in earlier if t])

    def _flow(self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...]) -> Told | None:
        own = self._own(unit, end, spans)
        within = (*spans, *(own[2] if own else ()))
        befores = self.before(unit, end)
        earlier = [self._flow(*p, within) for p in befores]
        last = [m for t in earlier for m in (t.last if t else (0,))]
        mine = [own[1]] if own else []
        months = tuple(max([m, *mine]) for m in last) if last else tuple(mine)
        whole = [t for t in earlier if t]
        if own:
            whole.append(Told(own[0], frozenset({(unit, end)}), ()))
        if not whole:
            return None
        return Told(_together(whole).pair, frozenset(), months)


def _together(told: list[Told]) -> Told:
    pairs = [t.pair for t in told]
    above = sum((p[0] for p in pairs), Fraction(0))
    below = [p[1] for p in pairs if p[1] is not None]
    return Told(
        (above, sum(below, Fraction(0)) if below else None),
        frozenset().union(*(t.sources for t in told)),
        tuple(m for t in told for m in t.last),
    )
