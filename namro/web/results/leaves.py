"""The units behind a figure: each that owes the measure, its value, its change, its standing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from namro.measuring.assembly import Result
from namro.measuring.definitions import Measure
from namro.terms import Period, Standing
from namro.vietnamese import format_number, sort_key
from namro.web.facts import queries as facts
from namro.web.org.models import Unit
from namro.web.plans.models import Target
from namro.web.results import reckoning, rules
from namro.web.results.sight import View, judge


@dataclass(frozen=True)
class UnitResult:
    """A unit's own line under a target's figure (kết quả của một đơn vị)."""

    unit: Unit
    result: Result
    standing: Standing
    value_text: str
    parts_text: str
    parts_unit: str
    change_text: str
    value: Decimal | None

    @property
    def is_counted(self) -> bool:
        """Whether the unit enters the figure."""
        return self.result.counted > 0

    @property
    def is_heard(self) -> bool:
        """Whether it spoke for the last period due."""
        return self.result.heard > 0

    @property
    def is_carried(self) -> bool:
        """Whether it counts with an older value only (số kỳ trước)."""
        return self.is_counted and not self.is_heard


def leaves_of(target: Target, view: View) -> list[UnitResult]:
    """The owing units beneath (or being) the unit looked at, lowest value first, others last.

    Three queries from figure rows; otherwise computed over the store.
    """
    measure = view.library.measures.get(target.measure)
    if measure is None:
        return []
    day = view.tree_day(measure)
    ids = facts.reach_of(view.unit, [measure.slug]).units(measure.slug, day)
    units = list(Unit.objects.filter(pk__in=ids))
    periods = rules.trend_periods(view.known, view.period)
    before = periods[-2] if len(periods) > 1 and periods[-1] == view.period else None
    asked = [view.period, *([before] if before else [])]
    results = (
        reckoning.live([measure], units, asked)
        if view.is_live
        else reckoning.direct([measure], asked, view.as_of, view.tree_on)
    )
    rows = [_row(target, view, measure, u, results, before) for u in units]
    return sorted(rows, key=_order)


def _order(row: UnitResult) -> tuple:
    value = row.value if row.value is not None else Decimal(0)
    return (not row.is_counted, row.value is None, value, sort_key(row.unit.label))


def _row(
    target: Target,
    view: View,
    measure: Measure,
    unit: Unit,
    results: reckoning.Results,
    before: Period | None,
) -> UnitResult:
    now = results.get((measure.slug, unit.code, view.period.code))
    now = now or reckoning.unheard(measure, unit, view.period)
    earlier = results.get((measure.slug, unit.code, before.code)) if before else None
    threshold = rules.threshold_of(target.threshold, measure)
    judged = judge(now, threshold, target, view, measure)
    text = judged.value_text
    if measure.kind == "share_of_units" and now.expected == 1 and now.value is not None:
        text = "đạt" if now.value else "chưa đạt"
    return UnitResult(
        unit=unit,
        result=now,
        standing=judged.standing,
        value_text=text,
        parts_text=parts_text(now, measure),
        parts_unit=parts_unit(measure),
        change_text=rules.difference_text(
            now.value, earlier.value if earlier else None, measure.digits
        )
        if not measure.is_logical and measure.kind != "share_of_units"
        else "",
        value=rules.drawable(now.value),
    )


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
