"""One bearer's figure from its own cells and those of the units it took over.

A unit that nothing ever happened to is a line of one phase: then this is `figures.leaf`.

- A flow is the sum of what each phase told; a period a later phase reported whole covers the
  months an earlier one of the same path told.
- A stock is the newest phase's on each path; the sum of what was taken over counts only when every
  path is told, else it would be a smaller number.
- What cannot be added up (a published number, a milestone) is inherited from a single unit only.
- The bearer is heard when every path spoke for the period due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from namro.measuring.assembly import NOTHING, Parts
from namro.measuring.figures import Cells, Used, judged, spoke, sums, used, within
from namro.measuring.kinds import Term
from namro.measuring.succession import Descent, Path, Phase
from namro.terms import Calendar, Period

Told = dict[Phase[Any], list[Used]]
"""Phase → the cells of its that enter the figure."""

Owed = Callable[[Any, Phase[Any]], bool]
"""(unit, phase) → whether the unit owed the measure on the phase's last day."""


def line_cells(
    term: Term,
    paths: tuple[Path[Any], ...],
    cells: Mapping[Any, Cells],
    owed: Owed,
    period: Period,
) -> Told:
    """The cells that enter a bearer's figure, by phase; {} where it is left out."""
    required = _required(paths, owed)
    told: Told = {}
    for phase in {ph for path in required for ph in path}:
        if owed(phase.unit, phase):
            if found := used(term, _of_phase(cells.get(phase.unit, {}), phase, term), period):
                told[phase] = found
    if term.needed[0].time == "stock":
        return _newest(term, required, told)
    kept = {phase: _uncovered(phase, found, required, told) for phase, found in told.items()}
    return {phase: found for phase, found in kept.items() if found}


def _required(paths: tuple[Path[Any], ...], owed: Owed) -> list[Path[Any]]:
    """The lines of descent that must be told: each path as far back as somebody owed the measure.

    One that is the beginning of another is none of its own; where nobody before the bearer owed,
    the bearer stands alone.
    """
    cut = {_cut(path, owed) for path in paths}
    inner = {path[:n] for path in cut for n in range(1, len(path))}
    return [path for path in sorted(cut, key=str) if path not in inner]


def _cut(path: Path[Any], owed: Owed) -> Path[Any]:
    last = max((i for i, ph in enumerate(path) if owed(ph.unit, ph)), default=0)
    return path[: last + 1]


def _of_phase(cells: Cells, phase: Phase[Any], term: Term) -> Cells:
    if phase.since is None and phase.until is None:
        return cells
    return _Phased(cells, phase, term.calendar)


class _Phased(Mapping[tuple[str, str], Decimal]):
    """Those of a unit's cells that belong to one of its phases: few of them are ever looked at."""

    def __init__(self, cells: Cells, phase: Phase[Any], calendar: Calendar) -> None:
        self._cells, self._phase, self._calendar = cells, phase, calendar
        self._held: dict[str, bool] = {}

    def _holds(self, code: str) -> bool:
        held = self._held.get(code)
        if held is None:
            held = self._held[code] = self._phase.holds(Period.of(code), self._calendar)
        return held

    def __getitem__(self, place: tuple[str, str]) -> Decimal:
        if not self._holds(place[1]):
            raise KeyError(place)
        return self._cells[place]

    def __contains__(self, place: object) -> bool:
        return place in self._cells and isinstance(place, tuple) and self._holds(place[1])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (place for place in self._cells if self._holds(place[1]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _newest(term: Term, required: list[Path[Any]], told: Told) -> Told:
    chosen = {next((ph for ph in path if ph in told), None) for path in required}
    if None in chosen or (len(chosen) > 1 and not term.is_additive):
        return {}
    return {ph: told[ph] for ph in chosen if ph is not None}


def _uncovered(
    phase: Phase[Any], found: list[Used], paths: list[Path[Any]], told: Told
) -> list[Used]:
    later = {
        ph for path in paths if phase in path for ph in path[: path.index(phase)] if ph in told
    }
    longer = {Period.of(u.period) for ph in later for u in told[ph]}
    return [
        u
        for u in found
        if not any(p != Period.of(u.period) and within(Period.of(u.period), p) for p in longer)
    ]


def line_leaf(
    term: Term,
    paths: tuple[Path[Any], ...],
    cells: Mapping[Any, Cells],
    owed: Owed,
    period: Period,
) -> Parts:
    """The parts of a bearer: its own and what it took over."""
    told = line_cells(term, paths, cells, owed, period)
    if not told:
        return NOTHING
    pairs = [sums(term, found) for found in told.values()]
    above = sum((pair[0] for pair in pairs), Decimal(0))
    below = [pair[1] for pair in pairs if pair[1] is not None]
    required = _required(paths, owed)
    heard = all(
        any(ph in told and spoke(term, told[ph], period) for ph in path) for path in required
    )
    return judged(term, above, sum(below, Decimal(0)) if below else None, period, heard=heard)


def estate_parts(
    term: Term,
    head: Phase[Any],
    descent: Descent[Any],
    cells: Mapping[Any, Cells],
    owed: Owed,
    period: Period,
) -> Parts:
    """What a split or dissolved unit left, for those above: nothing that is judged unit by unit.

    A stock stands as long as none of its heirs has told its own since, and not for one dissolved.
    It counts as one unit, not heard, as long as none of its heirs counts.
    """
    if not term.pools:
        return NOTHING
    estate = descent.estates[head]
    parts = line_leaf(term, descent.lines[head], cells, owed, period)
    if parts == NOTHING:
        return NOTHING
    if term.needed[0].time == "stock" and (
        not estate.finals or any(_has_told(term, ph, cells, owed, period) for ph in estate.after)
    ):
        return NOTHING
    counts = any(
        owed(unit, descent.living(unit))
        and line_leaf(term, descent.line_of(unit), cells, owed, period).counted
        for unit in estate.finals
    )
    return Parts(parts.numerator, parts.denominator, int(bool(estate.finals) and not counts), 0)


def _has_told(
    term: Term, phase: Phase[Any], cells: Mapping[Any, Cells], owed: Owed, period: Period
) -> bool:
    told = _of_phase(cells.get(phase.unit, {}), phase, term)
    return owed(phase.unit, phase) and bool(used(term, told, period))
