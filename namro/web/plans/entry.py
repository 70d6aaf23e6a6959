"""What a person types into the review, as values: numbers, dates, choices. Pure.

Every reader takes text (or an already plain value) and raises ValueError with a Vietnamese message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from namro.terms import ONGOING, Comparator
from namro.vietnamese import fold, format_number, parse_number, tidy

_DECIMALS = 4
_LONGEST = 40  # signs of a number as typed
_LARGEST = Decimal(10) ** 14


def plain(value: Any) -> str | None:
    """A JSON number as exact text: 3.0 → "3", 0.65 → "0.65"; None stays None."""
    if value is None:
        return None
    number = Decimal(str(value)).normalize()
    return f"{number:f}"


def number(typed: Any) -> str | None:
    """ "3,0" → "3"; empty → None."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    if isinstance(typed, str):
        if len(typed) > _LONGEST:
            raise ValueError("Số dài quá mức hệ thống ghi được.")
        try:
            value = parse_number(typed)
        except ValueError as why:
            raise ValueError(f"“{typed}” không phải là số. Mẫu: 45 hoặc 6,5.") from why
    else:
        value = Decimal(str(typed))
    if abs(value) >= _LARGEST:
        raise ValueError(f"Số {format_number(value)} lớn quá mức hệ thống ghi được.")
    if value != round(value, _DECIMALS):
        raise ValueError(f"Số có quá {_DECIMALS} chữ số thập phân.")
    return plain(value)


def moment_of_plan(typed: Any) -> str | None:
    """A day, month or year as ISO: "30/6/2025", "6/2025", "2025", "thường xuyên", or ISO itself."""
    text = tidy(str(typed or ""))
    if not text:
        return None
    if text == ONGOING or fold(text) in ("thuong xuyen", "hang nam", "dinh ky"):
        return ONGOING
    for form in (
        r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?:tháng )?(?P<m>\d{1,2})[/-](?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<m>\d{1,2})",
        r"(?:năm )?(?P<y>\d{4})",
    ):
        if found := re.fullmatch(form, text, re.I):
            return _iso(text, **found.groupdict())
    raise ValueError(f"“{text}” không phải là ngày. Mẫu: 30/6/2025, 6/2025 hoặc 2025.")


def _iso(text: str, y: str, m: str = "", d: str = "") -> str:
    try:
        day = date(int(y), int(m or 1), int(d or 1))
    except ValueError as why:
        raise ValueError(f"Không có ngày “{text}” trong lịch.") from why
    if not 1990 <= day.year <= 2100:
        raise ValueError(f"Năm {day.year} nằm ngoài khoảng 1990–2100.")
    return day.isoformat()[: 10 if d else 7 if m else 4]


def dated(typed: Any) -> str | None:
    """As `moment_of_plan`, for the day a document was issued: never "thường xuyên"."""
    found = moment_of_plan(typed)
    if found == ONGOING:
        raise ValueError("Ngày ban hành phải là một ngày, tháng hoặc năm.")
    return found


def comparator(typed: Any) -> str:
    try:
        return Comparator(str(typed or "")).value
    except ValueError as why:
        raise ValueError("Hãy chọn cách so sánh trong danh sách.") from why


def flag(typed: Any) -> bool:
    return typed is True or str(typed).lower() in ("1", "on", "true")


def text(limit: int, *, needed: str = "") -> Callable[[Any], str | None]:
    """A reader of text up to `limit` characters; `needed` is the message when it is empty."""

    def read(typed: Any) -> str | None:
        found = tidy(str(typed or ""))
        if needed and not found:
            raise ValueError(needed)
        if len(found) > limit:
            raise ValueError(f"Dài quá {limit} ký tự (đang có {len(found)}).")
        return found or None

    return read


FIELDS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "targets": {
        "code": text(12, needed="Chỉ tiêu phải có số thứ tự."),
        "subject": text(2000, needed="Chỉ tiêu phải có nội dung."),
        "comparator": comparator,
        "value": number,
        "value_high": number,
        "unit": text(60),
        "scope": text(60),
        "soft": flag,
        "deadline": moment_of_plan,
    },
    "tasks": {
        "code": text(24, needed="Nhiệm vụ phải có số mục."),
        "title": text(4000, needed="Nhiệm vụ phải có nội dung."),
        "product": text(2000),
        "deadline": text(200),
        "deadline_iso": moment_of_plan,
    },
}
HEAD: dict[str, Callable[[Any], Any]] = {
    "kind": text(60, needed="Văn bản phải có tên loại (ví dụ: Kế hoạch)."),
    "number": text(60),
    "date": dated,
    "issuer": text(200),
    "title": text(4000, needed="Văn bản phải có trích yếu."),
}


def unfit(item: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]) -> str:
    """Why a value does not fit a plan, as who had typed it would be told; "" where all do.

    What the machine read went through no form. Only the fields a plan bounds; what is empty is
    told elsewhere.
    """
    for name in _BOUNDED & readers.keys():
        if item.get(name) not in (None, ""):
            try:
                readers[name](item[name])
            except ValueError as why:
                return f"có ô ghi “{str(item[name])[:60]}”. {why}"
    return ""


_BOUNDED = frozenset({"code", "value", "value_high", "unit", "scope", "kind", "number"})
