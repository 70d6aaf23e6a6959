"""Reads of results: how far each target has come, at a unit, for a period, as of a moment.

Every function takes a viewer and shows only units within the viewer's reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache

from namro.measuring.assembly import Result
from namro.measuring.definitions import Library, Measure
from namro.measuring.explain import carried_note
from namro.terms import Period, Standing, Threshold
from namro.web.facts import queries as facts
from namro.web.facts.library import library
from namro.web.facts.queries import FigureRow
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Verb
from namro.web.plans.models import Assignment, Plan, Target
from namro.web.plans.queries import targets_for
from namro.web.plans.rules import Part
from namro.web.results import kept, leaves, reckoning, rules
from namro.web.results.discreet import is_discreet
from namro.web.results.leaves import UnitResult
from namro.web.results.origins import Cell, Origins, origins_of
from namro.web.results.sight import Days, View, days_of, default_period, judge_of, key_of, look
from namro.web.results.weighing import Weighed

__all__ = [
    "Cell",
    "Origins",
    "TargetResult",
    "UnitResult",
    "View",
    "default_period",
    "look",
    "measures_of",
    "origins",
    "periods_of",
    "plan_results",
    "result_of",
    "results_of",
    "suggestions",
    "targets_in_sight",
    "tree_of",
    "trend",
    "where_used",
]

Trend = list[tuple[Period, Decimal | None]]


@dataclass(frozen=True)
class TargetResult:
    """One target's figure with all that must stand beside it (kết quả chỉ tiêu).

    `result` is None where no measure is bound; `measure` None too where the bound one is lost.
    `threshold` is what the figure is held against (see rules.threshold_of). `counted` units enter
    the figure; `heard` of them spoke for the last period due, the others' older values are carried.
    """

    target: Target
    result: Result | None
    standing: Standing
    value_text: str
    threshold_text: str
    trend: Trend
    leads: list[Unit]
    unit: Unit
    period: Period
    as_of: datetime | None
    days: Days
    threshold: Threshold
    measure: Measure | None = None

    @property
    def counted(self) -> int:
        return self.result.counted if self.result else 0

    @property
    def heard(self) -> int:
        return self.result.heard if self.result else 0

    @property
    def expected(self) -> int:
        return self.result.expected if self.result else 0

    @cached_property
    def why(self) -> str:
        """Why it stands so, as a sentence."""
        return rules.why_of(self.result, self.threshold, **vars(self.days))

    @property
    def heard_text(self) -> str:
        return f"{self.heard}/{self.expected}" if self.result else ""

    @property
    def carried_text(self) -> str:
        """How many units count with an older value, in words; "" for none."""
        return carried_note(self.result) if self.result else ""


def periods_of(plan: Plan | None = None) -> list[Period]:
    """The periods that may be chosen, newest first: those kept, and quarters, halves, years."""
    return rules.choosable(facts.known_periods())


def plan_results(
    plan: Plan,
    *,
    viewer: User,
    unit: Unit | None = None,
    period: Period | None = None,
    as_of: datetime | None = None,
    on: date,
) -> list[TargetResult]:
    """The results of all targets of a plan at one unit: at most eight queries from figure rows.

    With `as_of`, or a period that is not kept, computed directly over the store (and cached).
    """
    view = look(viewer, unit=unit, period=period, as_of=as_of, on=on)
    targets = list(plan.targets.order_by("position"))
    for target in targets:
        target.plan = plan
    return results_of(targets, view)


def results_of(
    targets: Sequence[Target], view: View, given: Iterable[Assignment] | None = None
) -> list[TargetResult]:
    """The results of some targets (their plans read already) for what is looked at.

    `given`: who leads them, where the caller has read it already.
    """
    periods = rules.trend_periods(view.known, view.period)
    told = _told(targets, view, periods)
    if given is None:
        leads = _leads(tuple(t.pk for t in targets), view.on, view.state)
    else:
        leads = _by_target(given)
    return [
        _result(target, view, periods, *told[target.pk], leads.get(target.pk, []))
        for target in targets
    ]


def result_of(target: Target, view: View) -> TargetResult:
    """One target's result."""
    return results_of([target], view)[0]


def trend(
    target: Target,
    *,
    viewer: User,
    unit: Unit | None = None,
    period: Period | None = None,
    as_of: datetime | None = None,
    on: date,
) -> Trend:
    """The value of a target over the known periods up to the asked one, oldest first."""
    return result_of(target, look(viewer, unit=unit, period=period, as_of=as_of, on=on)).trend


def tree_of(
    target: Target,
    *,
    viewer: User,
    unit: Unit | None = None,
    period: Period | None = None,
    as_of: datetime | None = None,
    on: date,
) -> list[UnitResult]:
    """The units beneath (or being) a unit that owe the target's measure, lowest value first.

    Those that said nothing stand at the end. Empty where no measure is bound.
    """
    return leaves.leaves_of(target, look(viewer, unit=unit, period=period, as_of=as_of, on=on))


def origins(
    target: Target,
    *,
    viewer: User,
    unit: Unit,
    period: Period | None = None,
    as_of: datetime | None = None,
    on: date,
) -> Origins:
    """What lies behind a target's figure at a unit: each value used, with its whole trail."""
    sees_records = org.may(viewer, Verb.SEE_RECORDS, unit, on=on)
    view = look(viewer, unit=unit, period=period, as_of=as_of, on=on)
    return origins_of(target, view, sees_records=sees_records)


def targets_in_sight(viewer: User, on: date) -> list[Target]:
    """All targets of the plans a person may see."""
    return list(targets_for(viewer, on))


def suggestions(plan: Plan) -> dict[int, list[tuple[Measure, float]]]:
    """target id → measures its sentence may mean, likeliest first. A person confirms."""
    known = library()
    return {
        target.pk: [
            (known.measures[slug], score)
            for slug, score in known.suggest(f"{target.subject} {target.quote}")[:5]
        ]
        for target in plan.targets.order_by("position")
    }


def where_used(measure: str, viewer: User, on: date) -> list[Target]:
    """The targets in sight that a measure is bound to."""
    return list(targets_for(viewer, on).filter(measure=measure))


def measures_of(targets: Iterable[Target], known: Library) -> list[Measure]:
    """The measures bound to targets, each once."""
    slugs = dict.fromkeys(t.measure for t in targets if t.measure in known.measures)
    return [known.measures[slug] for slug in slugs]


Told = tuple[Result | None, list[Decimal | None], Standing, str]
"""A target's figure at a unit, its values over some periods, its standing, its value in words."""


def _told(targets: Sequence[Target], view: View, periods: Sequence[Period]) -> dict[int, Told]:
    """By target id: kept, where figure rows of the unit itself say it all; else worked out."""
    known = view.library.measures
    columns = {
        target.pk: _Column(target, known[target.measure], view, periods)
        for target in targets
        if view.is_live and target.measure in known and not is_discreet(known[target.measure])
    }
    kept_ones = kept.shown(list(columns.values()), (view.unit.pk,), view.library)
    rest = [target for target in targets if target.pk not in columns]
    results = _at_unit(measures_of(rest, view.library), view, periods)
    return {
        target.pk: kept_ones[columns[target.pk].key]
        if target.pk in columns
        else _told_of(target, known.get(target.measure), view, periods, results)
        for target in targets
    }


class _Column:
    """A target's figure at one unit as it is kept (see kept.Column)."""

    weight = 10
    judge = None

    def __init__(
        self, target: Target, measure: Measure, view: View, periods: Sequence[Period]
    ) -> None:
        self._target, self._measure, self._view, self._of = target, measure, view, periods
        self.periods = tuple(p.code for p in dict.fromkeys([*periods, view.period]))
        self.terms = reckoning.slugs_of(measure)
        days = days_of(target, view, measure)
        # The result names the unit by its code, which stays under the view's state.
        self.key = ("trend", view.period.code, *self.periods, view.state, *key_of(target, days))

    def weighed(self, told: Weighed, units: Collection[int]) -> dict[int, Told]:
        raise NotImplementedError  # a trend is assembled: `judge` is None

    def cells(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, Told]:
        unit = self._view.unit
        results = reckoning.Live([self._measure], {unit.code: unit.pk}, rows)
        return {unit.pk: _told_of(self._target, self._measure, self._view, self._of, results)}

    def whole(self, cells: Mapping[int, Told], before: object) -> Told:
        return cells[self._view.unit.pk]


def _at_unit(measures: Sequence[Measure], view: View, periods: Sequence[Period]) -> reckoning.Live:
    asked = list(dict.fromkeys([*periods, view.period]))
    at_hand = [p for p in asked if p in view.known]
    if not measures:
        return reckoning.live([], [view.unit], at_hand)
    if view.as_of is not None or view.tree_on is not None:
        others = reckoning.direct(
            measures, asked, view.as_of, view.tree_on, as_issued=view.as_issued
        )
        return reckoning.live([], [view.unit], [], others)
    unkept = [p for p in asked if p not in view.known]
    others = reckoning.direct(measures, unkept, None) if unkept else {}
    return reckoning.live(measures, [view.unit], at_hand, others)


def _told_of(
    target: Target,
    measure: Measure | None,
    view: View,
    periods: Sequence[Period],
    results: reckoning.Live,
) -> Told:
    threshold, days = rules.threshold_of(target.threshold, measure), days_of(target, view, measure)
    result, values = None, []
    if measure is not None:
        place = (measure.slug, view.unit.code, view.period.code)
        result = results.get(place) or reckoning.unheard(measure, view.unit.code, view.period)
        values = results.trend(measure, view.unit.code, [p.code for p in periods])
    return result, values, *_judged(measure, result, threshold, view, days, results)


def _result(
    target: Target,
    view: View,
    periods: Sequence[Period],
    result: Result | None,
    values: Sequence[Decimal | None],
    standing: Standing,
    text: str,
    leads: list[Unit],
) -> TargetResult:
    measure = view.library.measures.get(target.measure)
    threshold = rules.threshold_of(target.threshold, measure)
    return TargetResult(
        target=target,
        result=result,
        standing=standing,
        value_text=text,
        threshold_text=_threshold_text(target, measure, threshold),
        trend=list(zip(periods, values, strict=True)) if measure else [],
        leads=leads,
        unit=view.unit,
        period=view.period,
        as_of=view.as_of,
        days=days_of(target, view, measure),
        threshold=threshold,
        measure=measure,
    )


def _judged(
    measure: Measure | None,
    result: Result | None,
    threshold: Threshold,
    view: View,
    days: Days,
    results: reckoning.Live,
) -> tuple[Standing, str]:
    """By whole numbers where a row is kept and the kind allows it."""
    row = results.row(measure, view.unit.code, view.period) if measure else None
    judge = judge_of(measure, threshold, days) if measure and row else None
    if judge is None or row is None:
        return rules.judged(result, threshold, **vars(days))
    return judge.seen(row)


def _threshold_text(target: Target, measure: Measure | None, threshold: Threshold) -> str:
    if rules.is_for_each_unit(target.threshold, measure):
        return "mọi đơn vị"
    return rules.threshold_text(threshold)


@lru_cache(maxsize=32)
def _leads(targets: tuple[int, ...], on: date, state: str) -> dict[int, list[Unit]]:
    """The units that lead each target on a day. One query, kept while assignments and the names of
    units stay as they are (`state`): of a nation's 332,100 assignments a hundred lead."""
    rows = Assignment.objects.filter(org.in_force(on), target__in=targets, part=Part.LEAD)
    return _by_target(rows.select_related("unit").order_by("pk"))


def _by_target(given: Iterable[Assignment]) -> dict[int, list[Unit]]:
    found: dict[int, list[Unit]] = {}
    for row in given:
        if row.target_id and row.part == Part.LEAD:
            found.setdefault(row.target_id, []).append(row.unit)
    return found
