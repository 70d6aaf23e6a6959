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
from namro.workbook.layout import MOST_DIGITS, Row, date_value, value_date

NO_DAY = Decimal(0)
"""A date cell's way of saying: not yet."""

_LONGEST_NUMBER = 40  # signs of a number typed as text
MOST_WHOLE = 13
"""Digits before the comma, at most: with its decimals a figure is exact in Excel, and the sum of
ninety such figures still fits the ledger's 64 bits (more is refused on approval)."""

# Vietnamese writing: a point or blank groups thousands, a comma is the decimal mark.
_VIETNAMESE_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,[0-9]+)?"
)
_WRITTEN_DAY = re.compile(
    r"(?:ngày )?([0-9]{1,2})(?:[/.-]| tháng )([0-9]{1,2})(?:[/.-]| năm )([0-9]{4})", re.IGNORECASE
)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


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


def parse_cell(raw: Any, asked: Row) -> tuple[Decimal | None, list[Remark]]:
    """A cell's raw content → its value (None when blank or refused) and the remarks on it.

    `raw` is what the sheet held: None, text, number, bool, date, datetime, time or duration.
    A value outside its limits is not returned.
    """
    if raw is None or (isinstance(raw, str) and not tidy(raw)):
        return None, []
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
    raise Refused(
        "NOT_A_CHOICE", f"“{_cut(tidy(str(raw)))}” không có trong danh sách.", f"Chọn {known}."
    )


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
        raise Refused(
            "NOT_A_NUMBER", f"Ô chứa chữ “{_cut(text)}”, không phải là số.", _mend_for(text)
        )
    if len(text) > _LONGEST_NUMBER:
        raise Refused("ABOVE_LIMIT", f"Số {_cut(text, 20)} quá lớn.", "Kiểm tra lại số đã ghi.")
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
    if re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", text):
        return f"Viết phần thập phân sau dấu phẩy: {text.replace('.', ',')}."
    if found := re.fullmatch(r"([0-9][0-9.,]*) ?%", text):
        return f"Bỏ dấu %, chỉ ghi số theo đơn vị tính của dòng: {found[1]}."
    if found := re.match(r"[0-9][0-9.,]*(?= ?[^\W\d_])", text):
        return f"Chỉ ghi số, bỏ phần chữ: {found[0]}."
    if text in {"-", "–", "—", "x", "X", "/"} or text.casefold() in {
        "không",
        "chưa có",
        "không có",
    }:
        return "Không phát sinh thì ghi 0; chưa có số liệu thì để trống."
    return "Ghi bằng chữ số, ví dụ 1035 hoặc 32,5; chưa có số liệu thì để trống."


def _check_figure(value: Decimal, asked: Row) -> Iterator[Remark]:
    shown = format_number(value) if abs(value) < Decimal(10) ** MOST_DIGITS else f"{value:.3E}"
    if abs(value) >= Decimal(10) ** min(MOST_WHOLE, MOST_DIGITS - asked.digits):
        yield Remark("ABOVE_LIMIT", f"Số {shown} quá lớn.", "Kiểm tra lại số đã ghi.")
        return
    if value < 0 <= asked.least:
        yield Remark("NEGATIVE", f"Số {shown} là số âm.", "Ghi số từ 0 trở lên.")
    elif value < asked.least:
        yield Remark(
            "BELOW_LIMIT",
            f"Số {shown} nhỏ hơn mức thấp nhất {format_number(asked.least)}.",
            "Kiểm tra lại số và đơn vị tính.",
        )
    if asked.maximum is not None and value > asked.maximum:
        yield Remark(
            "ABOVE_LIMIT",
            f"Số {shown} lớn hơn mức cao nhất {format_number(asked.maximum)}.",
            "Kiểm tra lại số và đơn vị tính.",
        )
    if _decimals(value) > asked.digits:
        allowed = f"nhiều nhất {asked.digits} chữ số sau dấu phẩy" if asked.digits else "số nguyên"
        yield Remark(
            "TOO_MANY_DECIMALS",
            f"Số {shown} có {_decimals(value)} chữ số sau dấu phẩy; dòng này ghi {allowed}.",
            "Làm tròn theo quy định của biểu, hoặc kiểm tra lại đơn vị tính.",
        )
    elif asked.unit_of_measure.strip() == "%" and 0 < value < 1:
        yield Remark(
            "SMALL_PERCENTAGE",
            f"Đã hiểu là {shown}%. Nếu ý là {format_number(value * 100)}% thì số này chưa đúng.",
            "Với đơn vị tính %, ghi 50 cho 50%.",
            notice=True,
        )


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
    if not found:
        shown = f"“{_cut(text)}”" if text else "một số hoặc giá trị khác"
        raise Refused(
            "NOT_A_DATE", f"Ô chứa {shown}, không phải là ngày.", "Ghi ngày theo mẫu 03/9/2025."
        )
    parts = [int(part) for part in found.groups()]
    try:
        day = date(*(reversed(parts) if written else parts))
    except ValueError as why:
        raise Refused(
            "NOT_A_DATE", f"Không có ngày {text}.", "Kiểm tra lại ngày, tháng; mẫu 03/9/2025."
        ) from why
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
        yield Remark("BELOW_LIMIT", f"Ngày {shown} trước ngày {limit}.", "Kiểm tra lại ngày.")
    if asked.maximum is not None and value > asked.maximum:
        limit = format_date(value_date(asked.maximum))
        yield Remark("ABOVE_LIMIT", f"Ngày {shown} sau ngày {limit}.", "Kiểm tra lại ngày.")


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
