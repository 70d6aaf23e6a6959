"""The units behind a figure: each that owes the measure, its value, its change, its standing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from itertools import repeat
from typing import NamedTuple

import numpy as np

from namro.measuring.assembly import Result
from namro.measuring.definitions import Measure
from namro.terms import Period, Standing, Threshold
from namro.vietnamese import format_number
from namro.web.facts import queries as facts
from namro.web.facts.queries import Card, FigureRow, name_key
from namro.web.plans.models import Target
from namro.web.results import kept, reckoning, rules
from namro.web.results.columns import NOT_SEEN, Judge, drawable, drawer
from namro.web.results.columns import drawn as drawn_of
from namro.web.results.sight import Days, View, days_of, judge_of, key_of
from namro.web.results.weighing import Weighed


@dataclass(frozen=True)
class Sheet:
    """What all the lines under one target's figure have in common.

    `units`: those that owe the measure, by id. `before`: the period before, if any is known; its
    figures are read when the first line asks what has changed.
    """

    target: Target
    view: View
    measure: Measure
    threshold: Threshold
    days: Days
    units: Mapping[int, Card]
    before: Period | None

    @cached_property
    def judge(self) -> Judge | None:
        return judge_of(self.measure, self.threshold, self.days) if self.view.is_live else None

    @cached_property
    def now(self) -> reckoning.Live:
        return self._results([self.view.period])

    @cached_property
    def earlier(self) -> reckoning.Live | None:
        return self._results([self.before]) if self.before else None

    def _results(self, periods: list[Period]) -> reckoning.Live:
        view = self.view
        if view.is_live:
            return reckoning.live([self.measure], self.units.values(), periods)
        found = reckoning.direct([self.measure], periods, view.as_of, view.tree_on)
        return reckoning.live([], list(self.units.values()), [], found)

    def result(self, unit: Card) -> Result:
        found = self.now.get((self.measure.slug, unit.code, self.view.period.code))
        return found or reckoning.unheard(self.measure, unit.code, self.view.period)

    def parts_text(self, unit: Card) -> str:
        return parts_text(self.result(unit), self.measure)

    @cached_property
    def has_change(self) -> bool:
        is_number = not self.measure.is_logical and self.measure.kind != "share_of_units"
        return is_number and self.earlier is not None

    def change_text(self, unit: Card) -> str:
        if not self.has_change or self.earlier is None or self.before is None:
            return ""
        earlier = self.earlier.get((self.measure.slug, unit.code, self.before.code))
        now = self.result(unit).value
        return rules.difference_text(now, earlier.value if earlier else None, self.measure.digits)


class UnitResult(NamedTuple):
    """A unit's own line under a target's figure (kết quả của một đơn vị).

    A tuple that sorts as the lines stand (not counted last; by value; by the place of the name):
    a nation has thousands, made once and kept. What few are asked for is worked out by the sheet.
    """

    is_last: bool
    is_undrawn: bool
    lowest: int
    place: int | tuple
    unit: Card
    standing: Standing
    value_text: str
    counted: int
    heard: int
    drawn: int | None

    @property
    def value(self) -> Decimal | None:
        """For charts: to four decimals."""
        return drawable(self.drawn)

    @property
    def is_counted(self) -> bool:
        """Whether the unit enters the figure."""
        return self.counted > 0

    @property
    def is_heard(self) -> bool:
        """Whether it spoke for the last period due."""
        return self.heard > 0

    @property
    def is_carried(self) -> bool:
        """Whether it counts with an older value only (số kỳ trước)."""
        return self.is_counted and not self.is_heard


class Lines(list[UnitResult]):
    """The lines under one target's figure, and what they have in common; None where no measure is
    bound."""

    def __init__(self, told: Iterable[UnitResult] = (), sheet: Sheet | None = None) -> None:
        super().__init__(told)
        self.sheet = sheet


def leaves_of(target: Target, view: View) -> Lines:
    """The owing units beneath (or being) the unit looked at, lowest value first, others last.

    One query from figure rows, two more where who owes is not known yet; otherwise computed over
    the store.
    """
    measure = view.library.measures.get(target.measure)
    if measure is None:
        return Lines()
    periods = rules.trend_periods(view.known, view.period)
    sheet = Sheet(
        target=target,
        view=view,
        measure=measure,
        threshold=rules.threshold_of(target.threshold, measure),
        days=days_of(target, view, measure),
        units=facts.cards_of_owing(view.unit, measure.slug, view.tree_day(measure), view.state),
        before=periods[-2] if len(periods) > 1 and periods[-1] == view.period else None,
    )
    if sheet.judge:
        return _by_cells(sheet, sheet.judge)
    return Lines(sorted(_by_results(sheet), key=_order), sheet)


def _order(row: UnitResult) -> tuple:
    return row[:4]


_LINE = partial(tuple.__new__, UnitResult)
"""A line from its values in their order."""


class _Column:
    """The lines under a target's figure as they are kept (see kept.Column)."""

    weight = 2

    def __init__(self, sheet: Sheet, judge: Judge) -> None:
        self._sheet, self.judge = sheet, judge
        self.terms = reckoning.slugs_of(sheet.measure)
        # Lines are sorted by the names of units, which stay under the view's state.
        code, state = sheet.view.period.code, sheet.view.state
        self.periods = (code,)
        self.key = ("lines", code, state, *key_of(sheet.target, sheet.days))

    def weighed(self, told: Weighed, units: Collection[int]) -> dict[int, UnitResult]:
        """The usual lines at once, in their order; the others each by itself, after them."""
        run, names = told.run, facts.places_by_name(self._sheet.view.state)
        usual = np.flatnonzero(told.is_usual & (run.expected > 0))
        places = np.array([names[pk] for pk in run.units[usual].tolist()], np.int64)
        drawn = told.drawn()
        by_rank = np.lexsort((places, drawn[usual]))
        order = usual[by_rank]
        pks, counted, heard, shown = (
            column[order].tolist() for column in (run.units, run.counted, run.heard, drawn)
        )
        seen, cards, no = told.seen(order), self._sheet.units, repeat(False)
        if _is_share(self._sheet.measure):
            alone = zip(seen, shown, (run.expected[order] == 1).tolist(), strict=True)
            seen = [(s, _alone(value) if only else text) for (s, text), value, only in alone]
        lines = zip(
            *(no, no, shown, places[by_rank].tolist(), map(cards.__getitem__, pks)),
            *(zip(*seen, strict=True) if seen else ((), ())),
            *(counted, heard, shown),
            strict=False,  # what repeats has no end
        )
        found = dict(zip(pks, map(_LINE, lines), strict=True))
        if len(found) == len(units):
            return found
        rest = [told.row(int(n)) for n in np.setdiff1d(np.arange(len(run.units)), usual)]
        return found | self.cells(rest, [unit for unit in units if unit not in found])

    def cells(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, UnitResult]:
        told, is_share = {row[0]: row for row in rows}, _is_share(self._sheet.measure)
        seen, draw, cards = self.judge.seen, drawer(self._sheet.measure), self._sheet.units
        places = facts.places_by_name(self._sheet.view.state)
        found: dict[int, UnitResult] = {}
        for pk in units:
            row, place, card = told.get(pk), places[pk], cards[pk]
            if row is None or not row[7]:
                found[pk] = UnitResult(True, True, 0, place, card, *NOT_SEEN, 0, 0, None)
                continue
            (standing, text), drawn = seen(row), draw(row)
            if is_share and row[7] == 1 and drawn is not None:
                text = _alone(drawn)
            found[pk] = UnitResult(
                *(row[5] <= 0, drawn is None, drawn or 0, place, card),
                *(standing, text, row[5], row[6], drawn),
            )
        return found

    def whole(
        self, cells: Mapping[int, UnitResult], before: list[UnitResult] | None
    ) -> list[UnitResult]:
        """In their order; what was made in order, but for a few, is sorted quickly."""
        return sorted(cells.values())


def _by_cells(sheet: Sheet, judge: Judge) -> Lines:
    """Each line from a row of whole numbers."""
    column, units = _Column(sheet, judge), sheet.units
    return Lines(kept.shown([column], tuple(units), sheet.view.library)[column.key], sheet)


def _by_results(sheet: Sheet) -> list[UnitResult]:
    """Each line from a figure assembled for it."""
    found = []
    for unit in sheet.units.values():
        now = sheet.result(unit)
        standing, text = rules.judged(now, sheet.threshold, **vars(sheet.days))
        value = now.value
        drawn = None if value is None else drawn_of((value.numerator, value.denominator))
        if _is_share(sheet.measure) and now.expected == 1 and drawn is not None:
            text = _alone(drawn)
        place = name_key(unit.label)
        found.append(
            UnitResult(
                *(now.counted <= 0, drawn is None, drawn or 0, place, unit),
                *(standing, text, now.counted, now.heard, drawn),
            )
        )
    return found


def _is_share(measure: Measure) -> bool:
    return measure.kind == "share_of_units"


def _alone(drawn: int) -> str:
    """A share of one unit: it reaches its rule or does not."""
    return "đạt" if drawn else "chưa đạt"


def parts_text(result: Result, measure: Measure) -> str:
    """ "1.035 / 1.440"; "" where there are no two parts to divide."""
    if result.numerator is None or result.denominator is None or measure.is_logical:
        return ""
    if measure.kind == "share_of_units" and result.expected == 1:
        return ""
    return f"{format_number(result.numerator)} / {format_number(result.denominator)}"


def parts_unit(measure: Measure) -> str:
    """What the two parts count: "người"; of a combined measure that of its first part."""
    if measure.kind == "share_of_units":
        return "đơn vị"
    if measure.kind == "combined":
        return parts_unit(measure.parts[0].measure)
    below = None if measure.kind == "level" else measure.denominator
    return below.unit_of_measure if below else ""
