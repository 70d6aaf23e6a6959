"""How a result is judged and worded for a target: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from namro.measuring.assembly import Result
from namro.measuring.definitions import Measure
from namro.measuring.explain import explain, shown
from namro.measuring.standing import explain_standing, judge
from namro.terms import Comparator, Period, Standing, Threshold
from namro.vietnamese import format_number

TREND = 12
"""How many known periods a trend shows at most."""

DRAWN = 10_000
"""What a drawn value is counted in: four decimals."""

NOT_BOUND = "chưa gắn cách đo"
_SIGNS = {
    Comparator.AT_LEAST: "≥ ",
    Comparator.MORE_THAN: "> ",
    Comparator.AT_MOST: "≤ ",
    Comparator.LESS_THAN: "< ",
    Comparator.EQUAL: "",
}


def threshold_of(threshold: Threshold, measure: Measure | None) -> Threshold:
    """The threshold that the measure's value is held against.

    Where each unit must reach what the sentence names ("từng cơ quan … tối thiểu 25%"), the figure
    is the share of units that do, and all of them must: 100%.
    """
    each = measure.at_least if measure and measure.kind == "share_of_units" else None
    if each is not None and threshold.value == each:
        return replace(threshold, value=Decimal(100), unit_of_measure="%")
    return threshold


def is_for_each_unit(threshold: Threshold, measure: Measure | None) -> bool:
    """Whether the sentence's figure is what each unit must reach, so that all of them must."""
    return threshold_of(threshold, measure) is not threshold


def threshold_text(threshold: Threshold) -> str:
    """ "≥ 45%", "80%", "5–7%", "có" (milestone), "–" where the sentence gives no figure."""
    if threshold.comparator is Comparator.MILESTONE:
        return "có"
    if threshold.value is None:
        return "–"
    unit = threshold.unit_of_measure or ""
    unit = unit if unit.startswith("%") else f" {unit}" if unit else ""
    low = format_number(threshold.value)
    if threshold.comparator is Comparator.RANGE:
        return f"{low}–{format_number(threshold.value_high or 0)}{unit}"
    return f"{_SIGNS[threshold.comparator]}{low}{unit}"


def judged(
    result: Result | None,
    threshold: Threshold,
    *,
    on: date,
    deadline: date,
    started_on: date,
) -> tuple[Standing, str]:
    """Where a result stands on a day, and its value as shown; so without measure or threshold."""
    if result is None:
        return Standing.NO_DATA, NOT_BOUND
    is_known = result.value is not None or result.hidden
    text = shown(result, threshold) if is_known else "–"
    try:
        standing = judge(result, threshold, on=on, deadline=deadline, started_on=started_on)
    except ValueError:  # the sentence names no figure: nothing to judge against (`why_of` says so)
        return Standing.NO_DATA, text
    return standing, text


def why_of(
    result: Result | None,
    threshold: Threshold,
    *,
    on: date,
    deadline: date,
    started_on: date,
) -> str:
    """Why a result stands where it does, as a sentence."""
    if result is None:
        return "Chỉ tiêu chưa gắn cách đo."
    try:
        return explain_standing(result, threshold, on=on, deadline=deadline, started_on=started_on)
    except ValueError as why:
        return str(why)


def trend_periods(known: Sequence[Period], period: Period, most: int = TREND) -> list[Period]:
    """The known periods of the asked one's length up to it, oldest first; else the months."""
    end = period.first + period.length
    for length in (period.length, 1):
        alike = [k for k in known if k.length == length and k.first + k.length <= end]
        if alike:
            return sorted(alike)[-most:]
    return [period]


def choosable(known: Sequence[Period]) -> list[Period]:
    """The periods to choose from, newest end first: known ones, and what they add up to."""
    found = set(known)
    for period in known:
        year = period.first // 12 * 12
        for length in (3, 6, 12):
            whole = Period(year + (period.first - year) // length * length, length)
            if whole.first + whole.length >= period.first + period.length:
                found.add(whole)
    return sorted(found, key=lambda p: (-(p.first + p.length), p.length))


def rounded(above: int, below: int, tens: int) -> int:
    """above ÷ below in units of 1 ÷ tens, half away from nought."""
    if above < 0:
        return -((-2 * above * tens + below) // (2 * below))
    return (2 * above * tens + below) // (2 * below)


def drawable(value: Fraction | None) -> Decimal | None:
    """A value for a chart: rounded to four decimals, for the eye only."""
    if value is None:
        return None
    return Decimal(rounded(value.numerator, value.denominator, DRAWN)).scaleb(-4)


def difference_text(now: Fraction | None, before: Fraction | None, digits: int) -> str:
    """The change since the period before: "+3,3", "−0,5", "0,0"; "" where either is unknown."""
    if now is None or before is None:
        return ""
    moved = drawable(now - before)
    assert moved is not None
    rounded = moved.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + format_number(abs(rounded), digits)


def definition_text(measure: Measure) -> str:
    """How a measure is worked out, as one sentence: for rooms that may not ask measuring."""
    return explain(measure)
