"""Many targets at many units for one period (bảng tổng hợp): a cell for each, one query for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from namro.measuring.definitions import Measure
from namro.vietnamese import sort_key
from namro.web.facts.queries import Card
from namro.web.org import queries as org
from namro.web.org.models import Unit
from namro.web.org.rules import Kind
from namro.web.plans.models import Target
from namro.web.results import reckoning, rules
from namro.web.results.columns import Seen
from namro.web.results.sight import View, days_of, judge_of


@dataclass(frozen=True)
class BoardRow:
    """A target's cells by unit id; a unit beneath which nobody owes the measure has none."""

    target: Target
    measure: Measure | None
    cells: Mapping[int, Seen]


def units_beside(view: View) -> list[Unit]:
    """The unit looked at and those beneath whose figures stand side by side: provinces under the
    nation, communes and wards under a province; by name. One query."""
    beneath = [u for u in org.subordinates([view.unit], view.on) if u.pk != view.unit.pk]
    provinces = [u for u in beneath if u.kind == Kind.PROVINCE]
    communes = [u for u in beneath if u.is_commune]
    shown = provinces or communes or beneath
    return [view.unit, *sorted(shown, key=lambda u: sort_key(u.label))]


def board_of(
    targets: Sequence[Target], units: Collection[Unit | Card], view: View
) -> list[BoardRow]:
    """The cells of some targets (their plans read already) at units within the view's reach."""
    known = view.library.measures
    measures = {t.measure: known[t.measure] for t in targets if t.measure in known}
    results = _results(list(measures.values()), units, view)
    return [_row(target, measures.get(target.measure), units, results, view) for target in targets]


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
    judge = judge_of(measure, threshold, days) if view.is_live else None
    if judge is not None:
        rows = results.rows_of(measure, view.period)
        return BoardRow(target, measure, {pk: judge.seen(r) for pk, r in rows.items() if r[7]})
    told = {u.pk: results.get((measure.slug, u.code, view.period.code)) for u in units}
    return BoardRow(
        target,
        measure,
        {pk: rules.judged(r, threshold, **vars(days)) for pk, r in told.items() if r is not None},
    )
