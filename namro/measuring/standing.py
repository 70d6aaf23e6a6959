"""A result against its threshold: reached, on course, behind, not reached, no data (đánh giá).

Judged on exact parts, never on a rounded figure: 69,996% has not reached 70%.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from namro.measuring.assembly import Result
from namro.terms import Comparator, Standing, Threshold
from namro.vietnamese import format_date, format_number

_RISING = (Comparator.AT_LEAST, Comparator.MORE_THAN)
_FALLING = (Comparator.AT_MOST, Comparator.LESS_THAN)


def judge(
    result: Result,
    threshold: Threshold,
    *,
    on: date,
    deadline: date | None,
    started_on: date | None,
    baseline: Decimal | None = None,
) -> Standing:
    """Where a result stands on a day.

    Reached is reached, whatever the day. Otherwise, after the deadline (or without one, since then
    there is no time left to run): NOT_REACHED. Up to the deadline: ON_COURSE when the value has
    gone at least the share of the way from `baseline` (0 unless told) to the threshold that the
    days since `started_on` are of all days until the deadline; else BEHIND. A milestone has no
    half way: it is on course until its deadline. A falling threshold without a baseline has no
    course.
    `threshold.value` is in the measure's unit (45 for 45%). EQUAL means at least, or at most when
    the threshold is `falling`. Raises ValueError for a threshold without the value it needs.
    """
    if result.value is None:
        return Standing.NO_DATA
    if reached(result.value, threshold):
        return Standing.REACHED
    if deadline is None or on > deadline:
        return Standing.NOT_REACHED
    if threshold.comparator is Comparator.MILESTONE:
        return Standing.ON_COURSE
    due = _due(result.value, threshold, on, deadline, started_on, baseline)
    if due is None:
        return Standing.BEHIND
    falls = _falls(result.value, threshold)
    good = result.value <= due if falls else result.value >= due
    return Standing.ON_COURSE if good else Standing.BEHIND


def reached(value: Fraction, threshold: Threshold) -> bool:
    """Whether an exact value meets a threshold. Raises ValueError when a bound is missing."""
    how = threshold.comparator
    if how is Comparator.MILESTONE:
        return value >= (1 if threshold.value is None else Fraction(threshold.value))
    goal = _goal(threshold.value)
    if how is Comparator.RANGE:
        return goal <= value <= _goal(threshold.value_high)
    if how is Comparator.EQUAL:
        return value <= goal if threshold.falling else value >= goal
    return {
        Comparator.AT_LEAST: value >= goal,
        Comparator.MORE_THAN: value > goal,
        Comparator.AT_MOST: value <= goal,
        Comparator.LESS_THAN: value < goal,
    }[how]


def _goal(value: Decimal | None) -> Fraction:
    if value is None:
        raise ValueError("Chỉ tiêu chưa có mức phải đạt nên chưa đánh giá được.")
    return Fraction(value)


def _falls(value: Fraction, threshold: Threshold) -> bool:
    """Whether the value must come down to reach the threshold."""
    if threshold.comparator is Comparator.RANGE:
        return value > _goal(threshold.value_high)
    return threshold.comparator in _FALLING or (
        threshold.comparator is Comparator.EQUAL and threshold.falling
    )


def _due(
    value: Fraction,
    threshold: Threshold,
    on: date,
    deadline: date,
    started_on: date | None,
    baseline: Decimal | None,
) -> Fraction | None:
    """The value that the straight line asks for on the day; None when no line can be drawn."""
    falls = _falls(value, threshold)
    if started_on is None or deadline <= started_on or (falls and baseline is None):
        return None
    above = threshold.comparator is Comparator.RANGE and falls
    goal = _goal(threshold.value_high if above else threshold.value)
    start = Fraction(baseline or 0)
    gone = Fraction(max((on - started_on).days, 0), (deadline - started_on).days)
    return start + (goal - start) * gone


def explain_standing(
    result: Result,
    threshold: Threshold,
    *,
    on: date,
    deadline: date | None,
    started_on: date | None,
    baseline: Decimal | None = None,
) -> str:
    """Why the result stands where `judge` says, in one Vietnamese sentence."""
    args = {"on": on, "deadline": deadline, "started_on": started_on}
    standing = judge(result, threshold, **args, baseline=baseline)  # type: ignore[arg-type]
    if result.value is None:
        return f"{standing.label}: {result.heard}/{result.expected} đơn vị đã báo cáo."
    until = f" (hạn {format_date(deadline)})" if deadline else ""
    asked = describe_threshold(threshold)
    if standing is Standing.REACHED:
        return f"{standing.label}: kết quả bảo đảm mức {asked}{until}."
    if standing is Standing.NOT_REACHED:
        late = "đã hết hạn" if deadline else "không có thời hạn để tính tiến độ"
        return f"{standing.label}: {late}{until} mà kết quả chưa bảo đảm mức {asked}."
    if threshold.comparator is Comparator.MILESTONE:
        return f"{standing.label}: cột mốc chưa hoàn thành nhưng còn trong hạn{until}."
    assert deadline is not None
    due = _due(result.value, threshold, on, deadline, started_on, baseline)
    if due is None:
        return (
            f"{standing.label}: chưa bảo đảm mức {asked}{until}; thiếu mốc đầu để tính tiến độ đều."
        )
    shown = shown_exactly(due, 1, threshold.unit_of_measure)
    word = "đã theo kịp" if standing is Standing.ON_COURSE else "chưa theo kịp"
    return (
        f"{standing.label}: tính tiến độ đều từ {shown_exactly(Fraction(baseline or 0), 1, None)} "
        f"đến mức {asked}{until}, đến {format_date(on)} phải ở mức {shown}; kết quả {word}."
    )


def describe_threshold(threshold: Threshold) -> str:
    """ "từ 45% trở lên", "dưới 3%", "từ 5% đến 7%", "hoàn thành cột mốc"."""
    how, unit = threshold.comparator, _suffix(threshold.unit_of_measure)
    if how is Comparator.MILESTONE:
        return "hoàn thành cột mốc"
    low = f"{format_number(threshold.value or 0)}{unit}"
    if how is Comparator.RANGE:
        return f"từ {low} đến {format_number(threshold.value_high or 0)}{unit}"
    if how is Comparator.MORE_THAN:
        return f"trên {low}"
    if how is Comparator.LESS_THAN:
        return f"dưới {low}"
    if how is Comparator.AT_MOST or (how is Comparator.EQUAL and threshold.falling):
        return f"không quá {low}"
    return f"từ {low} trở lên"


def _suffix(unit_of_measure: str | None) -> str:
    if not unit_of_measure:
        return ""
    return unit_of_measure if unit_of_measure.startswith("%") else f" {unit_of_measure}"


def shown_exactly(value: Fraction, digits: int, unit_of_measure: str | None) -> str:
    """A value as officials read it, rounded half up for the eye only: 71,9% or 0,65 điểm."""
    scaled = value * 10**digits
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    number = Decimal(whole if scaled >= 0 else -whole).scaleb(-digits)
    return f"{format_number(number, digits)}{_suffix(unit_of_measure)}"
