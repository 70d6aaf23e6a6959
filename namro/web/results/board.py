"""Many targets at many units for one period (bảng tổng hợp): a cell for each, one query for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from types import MappingProxyType

from namro.measuring.definitions import Measure
from namro.web.facts import queries as facts
from namro.web.facts.queries import Card, FigureRow
from namro.web.org.models import Unit
from namro.web.org.rules import Kind
from namro.web.plans.models import Target
from namro.web.results import kept, reckoning, rules
from namro.web.results.columns import Judge, Seen
from namro.web.results.discreet import is_discreet
from namro.web.results.sight import View, days_of, judge_of, key_of
from namro.web.results.weighing import Weighed


@dataclass(frozen=True)
class BoardRow:
    """A target's cells by unit id; a unit beneath which nobody owes the measure has none."""

    target: Target
    measure: Measure | None
    cells: Mapping[int, Seen]


def units_beside(view: View) -> list[Unit | Card]:
    """The unit looked at and those beneath whose figures stand side by side: provinces under the
    nation, communes and wards under a province; by name. Kept while units stay as they are."""
    under = facts.cards_under([view.unit.pk], view.on, view.state)
    beneath = [u for u in under if u.pk != view.unit.pk]
    provinces = [u for u in beneath if u.kind == Kind.PROVINCE]
    communes = [u for u in beneath if u.is_commune]
    shown = provinces or communes or beneath
    return [view.unit, *shown]


def board_of(
    targets: Sequence[Target], units: Collection[Unit | Card], view: View
) -> list[BoardRow]:
    """The cells of some targets (their plans read already) at units within the view's reach."""
    known = view.library.measures
    bound = [(target, known.get(target.measure)) for target in targets]
    measures = {m.slug: m for _, m in bound if m is not None}
    apart = [m for m in measures.values() if not view.is_live or is_discreet(m)]
    results = _results(apart, units, view)
    columns = _columns(bound, units, view)
    told = kept.shown(list(columns.values()), tuple(u.pk for u in units), view.library)
    return [
        BoardRow(target, measure, told[columns[target.pk].key])
        if target.pk in columns
        else _row(target, measure, units, results, view)
        for target, measure in bound
    ]


def _columns(
    bound: Iterable[tuple[Target, Measure | None]], units: Collection[Unit | Card], view: View
) -> dict[int, _Column]:
    """The columns of those targets whose cells rest on figure rows of their own units alone."""
    if not view.is_live:
        return {}
    codes = {unit.code: unit.pk for unit in units}
    return {
        target.pk: _Column(target, measure, view, codes)
        for target, measure in bound
        if measure is not None and not is_discreet(measure)
    }


class _Column:
    """A target's cells as they are kept (see kept.Column)."""

    weight = 1

    def __init__(
        self, target: Target, measure: Measure, view: View, codes: Mapping[str, int]
    ) -> None:
        self._target, self._measure, self._view, self._codes = target, measure, view, codes
        self._days = days_of(target, view, measure)
        self._threshold = rules.threshold_of(target.threshold, measure)
        self.terms = reckoning.slugs_of(measure)
        self.periods = (view.period.code,)
        self.key = ("board", view.period.code, *key_of(target, self._days))

    @cached_property
    def judge(self) -> Judge | None:
        return judge_of(self._measure, self._threshold, self._days)

    def weighed(self, told: Weighed, units: Collection[int]) -> dict[int, Seen]:
        owed = told.run.expected.tolist()
        found = zip(told.run.units.tolist(), told.seen(), strict=True)
        return dict(found if all(owed) else compress(found, owed))

    def cells(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, Seen]:
        judge = self.judge
        if judge is not None:
            return {row[0]: judge.seen(row) for row in rows if row[7]}
        asked = set(units)
        codes = {code: pk for code, pk in self._codes.items() if pk in asked}
        results = reckoning.Live([self._measure], codes, rows)
        return {
            codes[code]: rules.judged(result, self._threshold, **vars(self._days))
            for (_, code, _), result in results.items()
        }

    def whole(self, cells: Mapping[int, Seen], before: object) -> Mapping[int, Seen]:
        return MappingProxyType(cells)


def _results(
    measures: Sequence[Measure], units: Collection[Unit | Card], view: View
) -> reckoning.Live:
    if view.is_live:
        return reckoning.live(measures, units, [view.period])
    found = reckoning.direct(measures, [view.period], view.as_of, view.tree_on)
    return reckoning.live([], units, [], found)


def _row(
    target: Target,
    measure: Measure | None,
    units: Collection[Unit | Card],
    results: reckoning.Live,
    view: View,
) -> BoardRow:
    if measure is None:
        return BoardRow(target, None, {})
    threshold, days = rules.threshold_of(target.threshold, measure), days_of(target, view, measure)
    told = {u.pk: results.get((measure.slug, u.code, view.period.code)) for u in units}
    return BoardRow(
        target,
        measure,
        {pk: rules.judged(r, threshold, **vars(days)) for pk, r in told.items() if r is not None},
    )
