"""What a clerk put into one cell → a value, or what is wrong with it (một ô số liệu).

Nothing is guessed: what can be understood in one way only is taken (and said, as a notice);
anything else is an error that names the mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from namro.vietnamese import fold, format_date, format_number, parse_number, tidy
from namro.workbook.layout import (
    MOST_DIGITS,
    NOTHING,
    SAYS_NOTHING,
    Row,
    date_value,
    value_date,
)

NO_DAY = Decimal(0)
"""A date cell's way of saying: not yet."""

LONGEST_NUMBER = 40  # signs of a number typed as text
MOST_SHOWN, MOST_QUOTED = 24, 60  # signs of a number and of a text that a remark repeats
MOST_WHOLE = 13
"""Digits before the comma, at most: with its decimals a figure is exact in Excel, and the sum of
ninety such figures still fits the ledger's 64 bits (more is refused on approval)."""

# Vietnamese writing: a point or blank groups thousands, a comma is the decimal mark.
_VIETNAMESE_NUMBER = re.compile(
    r"[+-]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+)(?:,[0-9]+)?"
)
_WRITTEN_DAY = re.compile(
    r"(?:ngày )?([0-9]{1,2})(?:[/.-]| tháng )([0-9]{1,2})(?:[/.-]| năm )([0-9]{4})", re.IGNORECASE
)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
PATTERNS = {"number": _VIETNAMESE_NUMBER, "written_day": _WRITTEN_DAY, "iso_day": _ISO_DAY}
"""How a figure and a day are written; none uses what a browser's patterns do not know."""

# Every remark on a figure, a day or a choice: (what is wrong, how to mend it). The form on the page
# says the same words: it is handed this table, the patterns above and the limits of each row.
WORDS: dict[str, tuple[str, str]] = {
    "NOT_A_NUMBER": ("Ô chứa chữ “{text}”, không phải là số.", "{mend}"),
    "TOO_LONG": ("Số {text} quá lớn.", "Kiểm tra lại số đã ghi."),
    "ABOVE_ALL": ("Số {shown} quá lớn.", "Kiểm tra lại số đã ghi."),
    "NEGATIVE": ("Số {shown} là số âm.", "Ghi số từ 0 trở lên."),
    "BELOW_LIMIT": (
        "Số {shown} nhỏ hơn mức thấp nhất {limit}.",
        "Kiểm tra lại số và đơn vị tính.",
    ),
    "ABOVE_LIMIT": ("Số {shown} lớn hơn mức cao nhất {limit}.", "Kiểm tra lại số và đơn vị tính."),
    "TOO_MANY_DECIMALS": (
        "Số {shown} có {count} chữ số sau dấu phẩy; dòng này ghi {allowed}.",
        "Làm tròn theo quy định của biểu, hoặc kiểm tra lại đơn vị tính.",
    ),
    "SMALL_PERCENTAGE": (
        "Đã hiểu là {shown}%. Nếu ý là {hundredfold}% thì số này chưa đúng.",
        "Với đơn vị tính %, ghi 50 cho 50%.",
    ),
    "NOT_A_DATE": ("Ô chứa “{text}”, không phải là ngày.", "Ghi ngày theo mẫu 03/9/2025."),
    "NO_SUCH_DATE": ("Không có ngày {text}.", "Kiểm tra lại ngày, tháng; mẫu 03/9/2025."),
    "BEFORE_LIMIT": ("Ngày {shown} trước ngày {limit}.", "Kiểm tra lại ngày."),
    "AFTER_LIMIT": ("Ngày {shown} sau ngày {limit}.", "Kiểm tra lại ngày."),
    "NOT_A_CHOICE": ("“{text}” không có trong danh sách.", "Chọn {known}."),
}
DECIMALS_ALLOWED = ("số nguyên", "nhiều nhất {digits} chữ số sau dấu phẩy")
# What to do about text that is no number: (what it looks like, the mend), the first that fits;
# {part} is what the brackets hold, {comma} the text with a comma for its point.
MENDS: tuple[tuple[str, str], ...] = (
    (r"^[+-]?[0-9.,]+[eE][+-]?[0-9]+$", "Ghi đủ các chữ số, không ghi dạng rút gọn (E)."),
    (r"^[+-]?[0-9]+\.[0-9]+$", "Viết phần thập phân sau dấu phẩy: {comma}."),
    (r"^([0-9][0-9.,]*) ?%$", "Bỏ dấu %, chỉ ghi số theo đơn vị tính của dòng: {part}."),
    (r"^([0-9][0-9.,]*)(?= ?[a-zA-ZÀ-ɏ\u1e00-\u1eff])", "Chỉ ghi số, bỏ phần chữ: {part}."),
    (
        r"^(?:[kK]hông phát sinh|KHÔNG PHÁT SINH|[kK][pP][sS])$",
        "Dòng này không nhận “không phát sinh”: ghi số, kể cả số 0; chưa có số liệu thì để trống.",
    ),
    (
        r"^(?:[-–—xX/]|[kK]hông|KHÔNG|[cC]hưa có|CHƯA CÓ|[kK]hông có|KHÔNG CÓ)$",
        "Không phát sinh thì ghi 0; chưa có số liệu thì để trống.",
    ),
    (r"", "Ghi bằng chữ số, ví dụ 1035 hoặc 32,5; chưa có số liệu thì để trống."),
)


@dataclass(frozen=True)
class Remark:
    """Something to say about a cell: an error, or (`notice`) only worth knowing."""

    code: str
    message: str
    suggestion: str
    notice: bool = False


class Refused(Exception):
    """The cell holds no usable value; the remark says why."""

    def __init__(self, code: str, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.remark = Remark(code, message, suggestion)


def _worded(word: str, code: str = "", *, notice: bool = False, **told: object) -> Remark:
    message, suggestion = WORDS[word]
    return Remark(code or word, message.format(**told), suggestion.format(**told), notice)


def _refused(word: str, code: str = "", **told: str) -> Refused:
    message, suggestion = WORDS[word]
    return Refused(code or word, message.format(**told), suggestion.format(**told))


def parse_cell(raw: Any, asked: Row) -> tuple[Decimal | None, list[Remark]]:
    """A cell's raw content → its value (None when blank or refused) and the remarks on it.

    `raw` is what the sheet held: None, text, number, bool, date, datetime, time or duration.
    A value outside its limits is not returned.
    """
    if raw is None or (isinstance(raw, str) and not tidy(raw)):
        return None, []
    if asked.nothing and isinstance(raw, str) and fold(tidy(raw)) in SAYS_NOTHING:
        return NOTHING, []
    remarks: list[Remark] = []
    parse = {"date": _parse_day, "choice": _parse_choice, "number": _parse_figure}[asked.kind]
    try:
        value = parse(raw, asked, remarks.append)
    except Refused as refusal:
        return None, [refusal.remark]
    if asked.kind != "choice":
        remarks += (_check_day if asked.kind == "date" else _check_figure)(value, asked)
    return (value if all(r.notice for r in remarks) else None), remarks


def failed_formula(error: str) -> Remark:
    """The remark for a formula error ("#REF!") or, for "", a formula that was never computed."""
    if error:
        return Remark(
            "FORMULA_ERROR",
            f"Công thức trong ô bị lỗi ({error}).",
            "Xóa công thức và ghi thẳng số vào ô.",
        )
    return Remark(
        "FORMULA_NOT_COMPUTED",
        "Công thức trong ô chưa được tính nên không có kết quả.",
        "Mở tệp bằng Excel rồi lưu lại, hoặc ghi thẳng số vào ô.",
    )


def _parse_choice(raw: Any, asked: Row, remark: Callable[[Remark], None]) -> Decimal:
    told = fold(tidy(str(raw)))
    for place, words in enumerate(asked.choices, start=1):
        if fold(words) == told:
            return Decimal(place)
    known = ", ".join(f"“{words}”" for words in asked.choices)
    raise _refused("NOT_A_CHOICE", text=_cut(tidy(str(raw))), known=known)


def _parse_figure(raw: Any, asked: Row, remark: Callable[[Remark], None]) -> Decimal:
    if isinstance(raw, str):
        return _figure_from_text(raw, remark)
    if isinstance(raw, bool):
        raise Refused("NOT_A_NUMBER", "Ô chứa giá trị đúng/sai, không phải là số.", "Ghi số vào ô.")
    if isinstance(raw, date | time | timedelta):
        raise Refused(
            "NOT_A_NUMBER",
            "Ô chứa ngày tháng hoặc giờ, không phải là số.",
            "Ghi lại số; nếu ô vẫn hiện ngày, đổi định dạng ô về dạng số.",
        )
    # 15 significant digits are what a spreadsheet promises: 0.30000000000000004 is 0.3.
    return Decimal(f"{raw:.{MOST_DIGITS}g}")


def _figure_from_text(raw: str, remark: Callable[[Remark], None]) -> Decimal:
    text = tidy(raw)
    if not _VIETNAMESE_NUMBER.fullmatch(text):
        raise _refused("NOT_A_NUMBER", text=_cut(text), mend=_mend_for(text))
    if len(text) > LONGEST_NUMBER:
        raise _refused("TOO_LONG", "ABOVE_LIMIT", text=_cut(text, MOST_SHOWN))
    value = parse_number(text)
    remark(
        Remark(
            "NUMBER_AS_TEXT",
            f"Số “{text}” được gõ dạng chữ; đã hiểu là {format_number(value)}.",
            "Kiểm tra lại số đã hiểu; lần sau gõ thẳng số vào ô.",
            notice=True,
        )
    )
    return value


def _mend_for(text: str) -> str:
    for pattern, mend in MENDS:
        if found := re.search(pattern, text):
            part = found[1] if found.groups() else ""
            return mend.format(part=part, comma=text.replace(".", ","))
    raise AssertionError("the last of MENDS fits any text")


def _check_figure(value: Decimal, asked: Row) -> Iterator[Remark]:
    shown = _cut(format_number(value), MOST_SHOWN)
    if abs(value) >= Decimal(10) ** min(MOST_WHOLE, MOST_DIGITS - asked.digits):
        yield _worded("ABOVE_ALL", "ABOVE_LIMIT", shown=shown)
        return
    if value < 0 <= asked.least:
        yield _worded("NEGATIVE", shown=shown)
    elif value < asked.least:
        yield _worded("BELOW_LIMIT", shown=shown, limit=format_number(asked.least))
    if asked.maximum is not None and value > asked.maximum:
        yield _worded("ABOVE_LIMIT", shown=shown, limit=format_number(asked.maximum))
    if _decimals(value) > asked.digits:
        allowed = DECIMALS_ALLOWED[asked.digits > 0].format(digits=asked.digits)
        yield _worded("TOO_MANY_DECIMALS", shown=shown, count=_decimals(value), allowed=allowed)
    elif asked.unit_of_measure.strip() == "%" and 0 < value < 1:
        hundredfold = format_number(value * 100)
        yield _worded("SMALL_PERCENTAGE", notice=True, shown=shown, hundredfold=hundredfold)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _is_no_day(raw: Any) -> bool:
    """0: there is no such day yet. In a cell formatted as a date a spreadsheet shows it as 1899."""
    if isinstance(raw, datetime):
        return raw.year == 1899
    return raw == time() if isinstance(raw, time) else raw in (0, "0") and raw is not False


def _parse_day(raw: Any, asked: Row, remark: Callable[[Remark], None]) -> Decimal:
    if _is_no_day(raw):
        return NO_DAY
    if isinstance(raw, datetime):
        if raw.time() != time():
            remark(_understood(f"{raw:%d/%m/%Y %H:%M}", raw.date()))
        return date_value(raw.date())
    if isinstance(raw, date):
        return date_value(raw)
    text = tidy(raw) if isinstance(raw, str) else ""
    written, iso = _WRITTEN_DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    found = written or iso
    if not found and text:
        raise _refused("NOT_A_DATE", text=_cut(text))
    if not found:
        raise Refused(
            "NOT_A_DATE",
            "Ô chứa một số hoặc giá trị khác, không phải là ngày.",
            WORDS["NOT_A_DATE"][1],
        )
    parts = [int(part) for part in found.groups()]
    try:
        day = date(*(reversed(parts) if written else parts))
    except ValueError as why:
        raise _refused("NO_SUCH_DATE", "NOT_A_DATE", text=text) from why
    remark(_understood(text, day))
    return date_value(day)


def _understood(text: str, day: date) -> Remark:
    return Remark(
        "DATE_AS_TEXT",
        f"Ngày “{text}” đã hiểu là ngày {format_date(day)}.",
        "Kiểm tra lại ngày đã hiểu.",
        notice=True,
    )


def _check_day(value: Decimal, asked: Row) -> Iterator[Remark]:
    if value == NO_DAY:
        return
    shown = format_date(value_date(value))
    if value < asked.least:
        limit = format_date(value_date(asked.least))
        yield _worded("BEFORE_LIMIT", "BELOW_LIMIT", shown=shown, limit=limit)
    if asked.maximum is not None and value > asked.maximum:
        limit = format_date(value_date(asked.maximum))
        yield _worded("AFTER_LIMIT", "ABOVE_LIMIT", shown=shown, limit=limit)


def _cut(text: str, most: int = MOST_QUOTED) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
