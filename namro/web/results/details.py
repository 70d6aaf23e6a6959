"""What the table on a target's page says of a unit beside its line: two parts, the change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from namro.web.facts.queries import FigureRow
from namro.web.results import columns, kept, leaves, reckoning, rules
from namro.web.results.discreet import is_discreet
from namro.web.results.leaves import Sheet, UnitResult
from namro.web.results.weighing import Weighed

Details = tuple[str, str]
"""The parts ("1.035 / 1.440"), the change since the period before ("+3,3"); "" for none."""


def details_of(rows: Sequence[UnitResult], sheet: Sheet) -> list[Details]:
    """The details of lines of one figure, in their order. At most three queries."""
    if not rows:
        return []
    if not sheet.view.is_live or is_discreet(sheet.measure):
        return [(sheet.parts_text(row.unit), sheet.change_text(row.unit)) for row in rows]
    column = _Column(sheet)
    told = kept.shown([column], tuple(sheet.units), sheet.view.library)[column.key]
    return [told[row.unit.pk] for row in rows]


class _Column:
    """The details of units as they are kept (see kept.Column)."""

    weight = 3
    judge = None

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._now = sheet, sheet.view.period.code
        is_number = not sheet.measure.is_logical and sheet.measure.kind != "share_of_units"
        self._before = sheet.before.code if sheet.before and is_number else ""
        self.terms = reckoning.slugs_of(sheet.measure)
        self.periods = (self._now, self._before) if self._before else (self._now,)
        self.key = ("details", *self.periods, sheet.measure.slug, sheet.view.state)

    def weighed(self, told: Weighed, units: Collection[int]) -> dict[int, Details]:
        raise NotImplementedError  # nothing is judged: `judge` is None

    def cells(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, Details]:
        told = list(rows)
        if not columns.is_plain(self._sheet.measure):
            return self._assembled(told, units)
        measure = self._sheet.measure
        owed: dict[str, dict[int, FigureRow]] = {code: {} for code in self.periods}
        for row in told:
            if row[7]:
                owed[row[1]][row[0]] = row
        now, before, found = owed[self._now], owed.get(self._before, {}), {}
        for unit in units:
            told_now, told_before = now.get(unit), before.get(unit)
            parts = change = ""
            if told_now:
                parts = columns.parts_of(measure, told_now)
                change = columns.change_of(measure, told_now, told_before) if told_before else ""
            found[unit] = parts, change
        return found

    def _assembled(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, Details]:
        measure, period = self._sheet.measure, self._sheet.view.period
        codes = {self._sheet.units[pk].code: pk for pk in units}
        results, found = reckoning.Live([measure], codes, rows), {}
        for code, pk in codes.items():
            now = results.get((measure.slug, code, self._now))
            now = now or reckoning.unheard(measure, code, period)
            before = results.get((measure.slug, code, self._before)) if self._before else None
            change = rules.difference_text(
                now.value, before.value if before else None, measure.digits
            )
            found[pk] = leaves.parts_text(now, measure), change
        return found

    def whole(self, cells: Mapping[int, Details], before: object) -> Mapping[int, Details]:
        return MappingProxyType(cells)
