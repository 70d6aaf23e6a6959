"""A result as an official sentence: numbers in, Vietnamese text out (câu kết quả).

Judged on the exact parts, never on rounded figures: where rounding would make a miss look like a
hit ("đạt 80,0%, thấp hơn 0,0 điểm"), more decimals are shown. Pure functions of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from namro.terms import Comparator, Threshold
from namro.vietnamese import capitalised, format_date, format_number, tidy

Number = Decimal | Fraction | int
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Outcome:
    """What is known of one target for one unit and period.

    `value` in the threshold's unit of measure (71.9 for 71,9%), None for no data; with
    `numerator` and `denominator` it is computed exactly (times 100 where the unit is %), and
    `counted` says what they count ("người"). `heard`/`expected` are the reporters ("xã, phường").
    `note` is a closing remark on them. `previous` is the value of `previous_label`
    ("tháng 8/2025"). A milestone has `reached_on`, `deadline_on`, and `as_of` in place of a value.
    """

    subject: str
    threshold: Threshold | None = None
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    counted: str = ""
    digits: int = 1
    heard: int | None = None
    expected: int | None = None
    reporters: str = "đơn vị"
    note: str = ""
    previous: Number | None = None
    previous_label: str = ""
    reached_on: date | None = None
    deadline_on: date | None = None
    as_of: date | None = None

    @property
    def unit(self) -> str:
        return tidy(self.threshold.unit_of_measure or "") if self.threshold else ""

    @property
    def exact(self) -> Fraction | None:
        """The value as an exact fraction, from the parts where they are given."""
        if self.numerator is not None and self.denominator:
            ratio = Fraction(self.numerator) / Fraction(self.denominator)
            return ratio * 100 if self.unit == "%" else ratio
        return None if self.value is None else Fraction(self.value)


def sentence(outcome: Outcome) -> str:
    """The whole sentence, with its full stop.

    "Cán bộ được bồi dưỡng đạt 71,9% (1.035/1.440 người), thấp hơn chỉ tiêu 8,1 điểm phần trăm; tăng
    3,2 điểm phần trăm so với tháng 8/2025; 36/38 xã, phường đã báo cáo."
    """
    milestone = outcome.threshold and outcome.threshold.comparator is Comparator.MILESTONE
    if milestone:
        parts = [milestone_phrase(outcome.reached_on, outcome.deadline_on, outcome.as_of)]
    elif outcome.exact is None:
        parts = ["chưa có số liệu"]
    else:
        parts = [_joined(achieved(outcome), against(outcome)), change(outcome)]
    parts.append(heard_phrase(outcome.heard, outcome.expected, outcome.reporters))
    parts.append(tidy(outcome.note))
    said = "; ".join(part for part in parts if part)
    return f"{capitalised(tidy(outcome.subject))} {said}."


def achieved(outcome: Outcome) -> str:
    """ "đạt 71,9% (1.035/1.440 người)"; "chưa có số liệu" without a value."""
    if outcome.exact is None:
        return "chưa có số liệu"
    said = f"đạt {_amount(outcome.exact, outcome.unit, _digits(outcome))}"
    if outcome.numerator is None or not outcome.denominator:
        return said
    parts = f"{_plain(outcome.numerator)}/{_plain(outcome.denominator)} {outcome.counted}".strip()
    return f"{said} ({parts})"


def against(outcome: Outcome) -> str:
    """The value beside its threshold: "vượt chỉ tiêu 2,4 điểm phần trăm"; "" without threshold."""
    threshold, value = outcome.threshold, outcome.exact
    if not threshold or value is None or threshold.value is None:
        return ""
    said = _compared(outcome, threshold, value)
    return f"{said} (mục tiêu phấn đấu, đánh giá riêng)" if threshold.soft else said


def _compared(outcome: Outcome, threshold: Threshold, value: Fraction) -> str:
    bar = Fraction(threshold.value or 0)
    goal = "mức phấn đấu" if threshold.soft else "chỉ tiêu"
    gap = _gap(value, bar, outcome)
    if threshold.comparator is Comparator.RANGE and threshold.value_high is not None:
        return _in_range(outcome, threshold, value, goal)
    if _is_ceiling(threshold):
        limit = _amount(bar, outcome.unit, None)
        if value == bar and threshold.comparator is Comparator.LESS_THAN:
            return f"bằng mức {limit}, chưa thấp hơn mức này như {goal}"
        return f"cao hơn {goal} {gap}" if value > bar else f"trong giới hạn {goal} ({limit})"
    if value == bar:
        strict = threshold.comparator is Comparator.MORE_THAN
        return f"bằng {goal} nhưng chưa vượt" if strict else f"bằng {goal} đề ra"
    return f"vượt {goal} {gap}" if value > bar else f"thấp hơn {goal} {gap}"


def _is_ceiling(threshold: Threshold) -> bool:
    below = threshold.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN)
    return below or (threshold.comparator is Comparator.EQUAL and threshold.falling)


def _in_range(outcome: Outcome, threshold: Threshold, value: Fraction, goal: str) -> str:
    low, high = Fraction(threshold.value or 0), Fraction(threshold.value_high or 0)
    if value < low:
        return f"thấp hơn mức dưới của {goal} {_gap(value, low, outcome)}"
    if value > high:
        return f"cao hơn mức trên của {goal} {_gap(value, high, outcome)}"
    ends = f"{_number(low, None)} đến {_amount(high, outcome.unit, None)}"
    return f"nằm trong khoảng {goal} ({ends})"


def change(outcome: Outcome) -> str:
    """ "tăng 3,2 điểm phần trăm so với tháng 8/2025"; "" when nothing is known of before."""
    if outcome.exact is None or outcome.previous is None:
        return ""
    before = Fraction(outcome.previous)
    since = f"so với {tidy(outcome.previous_label) or 'kỳ trước'}"
    if outcome.exact == before:
        return f"không thay đổi {since}"
    way = "tăng" if outcome.exact > before else "giảm"
    return f"{way} {_gap(outcome.exact, before, outcome)} {since}"


def heard_phrase(heard: int | None, expected: int | None, reporters: str = "đơn vị") -> str:
    """ "36/38 xã, phường đã báo cáo"; "" when nobody was asked."""
    if heard is None or not expected:
        return ""
    if heard == 0:
        return f"chưa {reporters} nào trong {expected} {reporters} báo cáo"
    if heard == expected:
        return f"toàn bộ {expected} {reporters} đã báo cáo"
    return f"{heard}/{expected} {reporters} đã báo cáo"


def milestone_phrase(reached_on: date | None, deadline_on: date | None, as_of: date | None) -> str:
    """ "hoàn thành ngày 12/8/2025, trước thời hạn 19 ngày"; "chưa hoàn thành, quá hạn 8 ngày"."""
    if reached_on:
        said = f"hoàn thành ngày {format_date(reached_on)}"
        if not deadline_on:
            return said
        days = (deadline_on - reached_on).days
        if days == 0:
            return f"{said}, đúng thời hạn"
        return f"{said}, {f'trước thời hạn {days}' if days > 0 else f'chậm {-days}'} ngày"
    if not deadline_on:
        return "chưa hoàn thành"
    if as_of and as_of > deadline_on:
        late = (as_of - deadline_on).days
        return f"chưa hoàn thành, quá hạn {late} ngày (thời hạn {format_date(deadline_on)})"
    left = f", còn {(deadline_on - as_of).days} ngày" if as_of else ""
    return f"chưa hoàn thành{left} (thời hạn {format_date(deadline_on)})"


# --- figures ----------------------------------------------------------------------------------


def _joined(said: str, compared: str) -> str:
    return f"{said}, {compared}" if compared else said


def _digits(outcome: Outcome) -> int:
    """As many decimals as keep the shown value on its side of the threshold."""
    value, threshold = outcome.exact, outcome.threshold
    if value is None or not threshold:
        return outcome.digits
    given = [bar for bar in (threshold.value, threshold.value_high) if bar is not None]
    bars = [Fraction(bar) for bar in given]
    digits = max([outcome.digits, *(-int(bar.normalize().as_tuple().exponent) for bar in given)])
    while digits < _MOST_DIGITS and any(
        value != bar and Fraction(_rounded(value, digits)) == bar for bar in bars
    ):
        digits += 1
    return digits


def _gap(one: Fraction, other: Fraction, outcome: Outcome) -> str:
    """The difference of the two figures as they are shown, so that a reader who subtracts gets the
    same; never shown as nought: "8,1 điểm phần trăm", "0,05 điểm"."""
    digits = max(outcome.digits, _digits(outcome))
    while digits < _MOST_DIGITS and _rounded(one, digits) == _rounded(other, digits):
        digits += 1
    gap = abs(_rounded(one, digits) - _rounded(other, digits))
    shown = format_number(gap) if gap else f"chưa đến {format_number(Decimal(1).scaleb(-digits))}"
    return f"{shown} {'điểm phần trăm' if outcome.unit == '%' else outcome.unit}".strip()


def _amount(value: Fraction, unit: str, digits: int | None) -> str:
    """ "71,9%", "0,65 điểm", "8.500 hồ sơ"; digits None: as many as there are."""
    return f"{_number(value, digits)}{'' if unit == '%' else ' '}{unit}".strip()


def _number(value: Fraction, digits: int | None) -> str:
    """Whole numbers stay whole: 1035 is "1.035" also where one decimal is asked."""
    shown = _rounded(value, _MOST_DIGITS if digits is None else digits)
    whole = value.denominator == 1
    return format_number(shown, None if whole or digits is None else digits)


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, exactly: no binary or context rounding on the way."""
    scaled = abs(value) * 10**digits
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def _plain(value: Number) -> str:
    return _number(Fraction(value), None)
