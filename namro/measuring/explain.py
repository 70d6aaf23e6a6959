"""A definition as one Vietnamese sentence; a result as the steps that lead to it."""

from __future__ import annotations

from fractions import Fraction

from namro.measuring.assembly import Result
from namro.measuring.kinds import Measure, Part, Source
from namro.measuring.marks import MARK_LABELS, Mark
from namro.measuring.standing import reached, shown_exactly
from namro.terms import Comparator, Period, Threshold
from namro.vietnamese import capitalised, format_date, format_number

_PREFIX = "trong đó: "
_OVER = {
    "period": "số phát sinh trong kỳ",
    "latest": "mỗi đơn vị lấy số mới nhất còn hiệu lực",
    "year_to_date": "lũy kế từ đầu năm",
}
_HOW = {
    "min": "lấy số nhỏ nhất trong",
    "mean": "lấy trung bình cộng của",
    "weighted": "lấy trung bình theo trọng số của",
    "all": "đạt khi đủ cả",
    "any": "đạt khi có ít nhất một trong",
}
_SETTLED = {
    "min": "Lấy số nhỏ nhất trong các mục trên",
    "mean": "Lấy trung bình cộng của các mục trên",
    "weighted": "Lấy trung bình theo trọng số của các mục trên",
    "all": "Phải đủ tất cả các mục trên",
    "any": "Chỉ cần một trong các mục trên",
}
_CUMULATIVE = "Lũy kế "
_NUMBERS = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def explain(measure: Measure) -> str:
    """How the measure is worked out, in one Vietnamese sentence that ends in a full stop; where it
    keeps small counts back, one more says so.
    """
    return f"{capitalised(_told(measure))}.{_discretion(measure)}"


def _discretion(measure: Measure) -> str:
    least = _least(measure)
    if least is None:
        return ""
    return (
        f" Số đếm dưới {least} người không công bố; đơn vị bên cạnh, tổng hoặc kỳ sau cũng không "
        "công bố khi lấy hiệu thì suy ra được số đó. Xem lại thời điểm đã qua hoặc theo danh mục "
        "đơn vị khác chỉ thấy số còn đúng như số đang công bố."
    )


def _least(measure: Measure) -> int | None:
    """The count below which nothing is published, of the measure or any part of it."""
    own = [] if measure.small_below is None else [measure.small_below]
    found = [*own, *(n for part in measure.parts if (n := _least(part.measure)) is not None)]
    return max(found, default=None)


def _told(measure: Measure) -> str:
    if measure.kind == "combined":
        return _combined(measure)
    if measure.kind == "share_of_units":
        assert measure.of is not None
        rule = _lower(measure.of.title)
        least = f" từ {format_number(measure.at_least)}% trở lên" if measure.at_least else ""
        return (
            f"lấy số đơn vị có {rule}{least} chia cho số đơn vị phải báo cáo "
            f"({_pair(measure.of)}; đơn vị không báo cáo tính là chưa đạt)"
        )
    if measure.kind == "level":
        name = _name(measure.numerator)
        told = f"lấy {name}, số mới nhất còn hiệu lực, không cộng, không tự tính lại"
        final = "; nêu rõ là số ước tính, sơ bộ hay chính thức" if measure.denominator else ""
        return f"{told}{final}"
    if measure.kind == "milestone":
        until = f" và chưa quá {_name(measure.denominator)}" if measure.denominator else ""
        return f"tính là có khi ngày cuối kỳ đã đến {_name(measure.numerator)}{until}"
    if measure.weighted:
        return (
            f"lấy {_name(measure.numerator)} của từng đơn vị, mỗi đơn vị nặng theo "
            f"{_name(measure.denominator)}: cộng các tích rồi chia cho tổng trọng số"
        )
    return (
        f"lấy {_pair(measure)}, {_OVER[measure.over]}; cộng tử số và mẫu số của các đơn vị "
        "có đủ cả hai rồi mới chia"
    )


def _pair(measure: Measure) -> str:
    if measure.kind == "milestone":
        return _told(measure)
    return f"{_name(measure.numerator)} chia cho {_name(measure.denominator)}"


def _combined(measure: Measure) -> str:
    told = "; ".join(f"({i}) {_part(p)}" for i, p in enumerate(measure.parts, start=1))
    if measure.is_logical:
        return f"{_heading(measure)}: {told}"
    order = "ở mỗi cấp, tính từng số trước rồi mới kết hợp"
    return f"{_heading(measure)}: {told}; {order}"


def _heading(measure: Measure) -> str:
    """ "đạt khi đủ cả hai điều kiện", "lấy số nhỏ nhất trong bốn số"."""
    assert measure.how is not None
    several = _NUMBERS[len(measure.parts)] if len(measure.parts) < 10 else str(len(measure.parts))
    return f"{_HOW[measure.how]} {several} {'điều kiện' if measure.is_logical else 'số'}"


def _part(part: Part) -> str:
    told = _lower(part.measure.title)
    if part.measure.kind == "combined":
        inner = " hoặc " if part.measure.how == "any" else ", "
        told += f" ({inner.join(_part(p) for p in part.measure.parts)})"
    if part.reaches is not None:
        unit = part.measure.unit_of_measure
        told += f" đạt từ {shown_exactly(Fraction(part.reaches), 0, unit)}"
    if part.steps:
        marks = (f"từ {format_number(s.reaches)}: {format_number(s.gives)}" for s in part.steps)
        told += f" (chấm điểm {'; '.join(marks)})"
    if part.full_at is not None:
        told += f" (chấm điểm theo tỷ lệ, đủ điểm từ {format_number(part.full_at)})"
    if part.weight is not None:
        told += f" (trọng số {format_number(part.weight)})"
    return told


def _lower(title: str) -> str:
    """First letter lower case, unless the word is a name or an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _name(source: Source | None) -> str:
    if source is None:
        return "—"
    names = [_lower(item.title).removeprefix(_PREFIX) for item in source.items]
    return " cộng ".join(f"“{name}”" for name in names)


def shown(result: Result, threshold: Threshold | None = None) -> str:
    """The value as it is shown: "71,9%", "0,6412 điểm", "đạt", "chưa đạt", "chưa có số liệu".

    Rounded half up at the measure's digits; with a threshold, as many more digits (up to four) as
    it takes that the rounded figure does not seem to reach what the exact one misses.
    """
    measure = result.definition
    if result.hidden:
        return "không công bố (số ít)"
    if result.value is None or measure is None:
        return "chưa có số liệu"
    if measure.is_logical:
        return "đạt" if result.value >= 1 else "chưa đạt"
    digits = measure.digits
    while threshold is not None and digits < measure.digits + 4:
        if threshold.comparator is Comparator.MILESTONE or threshold.value is None:
            break
        rounded = Fraction((result.value * 10**digits + Fraction(1, 2)).__floor__(), 10**digits)
        if reached(rounded, threshold) == reached(result.value, threshold):
            break
        digits += 1
    return shown_exactly(result.value, digits, measure.unit_of_measure) + marked(result)


def marked(result: Result) -> str:
    """How final a published figure is, to be put behind it: " (số sơ bộ)"; "" where none says."""
    told = mark_note(result)
    return f" ({told})" if told else ""


def mark_note(result: Result | None) -> str:
    """How final a published figure is: "số sơ bộ"; "" where it does not say."""
    if result is None or result.mark is None:
        return ""
    told = MARK_LABELS[result.mark]
    return told if result.mark is Mark.UNSAID else f"số {told}"


def steps(result: Result) -> list[str]:
    """How the value came about, one line a step: "1.035 / 1.440 người = 71,9%"."""
    measure = result.definition
    if measure is None:
        return []
    if measure.kind == "combined":
        lines = [line for part in result.parts for line in _headed(part)]
        lines.append(f"{_SETTLED[measure.how or 'min']}: {shown(result)}")
    else:
        lines = [_division(result, measure)]
        lines += [line for part in result.parts for line in _headed(part)]
    if span := cumulative_span(measure, result.period):
        lines.append(span)
    lines.append(f"Đã báo cáo: {result.heard}/{result.expected} đơn vị")
    if note := carried_note(result):
        lines[-1] += f"; {note}"
    return lines


def cumulative_span(measure: Measure, period: Period) -> str:
    """ "Lũy kế 9 tháng: từ 15/12/2024 đến 14/9/2025"; "" for what is not summed from January on.

    Reports of 6, 9 and 12 months begin on 15 December of the year before and end on the 14th of
    their last month (Decree 09/2019/NĐ-CP as applied by provinces), or follow the calendar year.
    """
    if measure.over != "year_to_date":
        return ""
    months = Period(period.year * 12, period.first % 12 + period.length)
    first, last = months.first_day(measure.calendar), months.last_day(measure.calendar)
    told = "cả năm" if months.length == 12 else f"{months.length} tháng"
    return f"{_CUMULATIVE}{told}: từ {format_date(first)} đến {format_date(last)}"


def carried_note(result: Result) -> str:
    """ "2 đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực"; "" for none."""
    carried = result.counted - result.heard
    if not carried:
        return ""
    return f"{carried} đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực"


def _headed(part: Result) -> list[str]:
    title = part.definition.title if part.definition else part.measure
    inner = [line for line in steps(part)[:-1] if not line.startswith(_CUMULATIVE)]
    if len(inner) == 1:
        return [f"{title}: {inner[0]}"]
    return [f"{title}:", *(f"– {line}" for line in inner)]


def _division(result: Result, measure: Measure) -> str:
    if result.numerator is None:
        return shown(result)
    if measure.kind in ("level", "milestone"):
        return shown(result)
    of_units = measure.kind == "share_of_units"
    source = measure.denominator
    name = "đơn vị" if of_units or source is None else source.unit_of_measure
    above, below = format_number(result.numerator), format_number(result.denominator or 0)
    return f"{above} / {below} {name} = {shown(result)}"
