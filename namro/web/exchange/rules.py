"""Decisions of this room as pure functions: states, a table of codes, names of files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from namro.vietnamese import fold


class ExportState(StrEnum):
    """How far an export is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES = {
    ExportState.QUEUED: "Đang chờ",
    ExportState.RUNNING: "Đang lập",
    ExportState.DONE: "Đã lập",
    ExportState.REFUSED: "Không lập được",
}
# Which kinds of unit a block's level means; "all" is every kind.
LEVEL_KINDS = {
    "commune": {"COMMUNE", "WARD"},
    "department": {"DEPARTMENT", "PEOPLES_COMMITTEE"},
    "party": {"PARTY_COMMITTEE", "PARTY_BODY", "COMMUNE_PARTY_COMMITTEE"},
}
REMARK_LABELS = {
    "MISSING": "Thiếu số liệu",
    "NO_CODE": "Chưa có mã",
    "NOT_VALID": "Trái quy định của biểu mẫu",
    "UNKNOWN_ROW": "Dòng lạ trong biểu mẫu",
    "LEFT_OUT": "Không có dòng trong biểu mẫu",
    "NO_ROOM": "Không đủ dòng",
}


class FaultyExchange(ValueError):
    """Something must be mended; the message is Vietnamese."""


def codes_in(cells: Mapping[tuple[int, int], object], known: Collection[str]) -> dict[str, str]:
    """A sheet of two columns (our code, their code) → the table; its head line may stand above.

    Raises FaultyExchange, naming every line that cannot be taken.
    """
    codes: dict[str, str] = {}
    faults = []
    lines = sorted({row for row, _ in cells})
    for line in lines:
        ours, theirs = _said(cells.get((line, 0))), _said(cells.get((line, 1)))
        if (not ours and not theirs) or (line == lines[0] and ours not in known):
            continue
        if ours not in known:
            faults.append(f"dòng {line + 1}: không có đơn vị mã “{ours[:40]}”")
        elif not theirs:
            faults.append(f"dòng {line + 1}: “{ours}” chưa có mã của họ ở cột B")
        elif ours in codes:
            faults.append(f"dòng {line + 1}: “{ours}” đã có ở dòng trên")
        codes[ours] = theirs
    if faults:
        more = f" và {len(faults) - 10} dòng nữa" if len(faults) > 10 else ""
        raise FaultyExchange(f"Bảng mã có sai sót: {'; '.join(faults[:10])}{more}.")
    if not codes:
        raise FaultyExchange("Không thấy mã nào: cột A ghi mã của ta, cột B ghi mã của họ.")
    return codes


def _said(value: object) -> str:
    """A cell as a code: 301.0 is the code 301."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def check_moment(as_of: datetime, at: datetime) -> None:
    if as_of > at:
        raise FaultyExchange("Thời điểm chốt số liệu chưa đến. Hãy chọn một thời điểm đã qua.")


def file_name(form_name: str, period: str, number: int) -> str:
    """ "bieu-quoc-gia-202509-3.xlsx": plain letters, whatever the form is called."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(form_name)).strip("-")[:60] or "bieu"
    return f"{plain}-{period}-{number}.xlsx"
