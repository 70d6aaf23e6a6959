"""The words and decisions of plans: parts, states of a reading, groups, terms, completeness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from namro.terms import Comparator
from namro.vietnamese import fold
from namro.web.org.rules import Kind


class Part(StrEnum):
    """In which part a unit owes something (vai)."""

    LEAD = "LEAD"
    PARTNER = "PARTNER"
    ADVISER = "ADVISER"
    EXECUTOR = "EXECUTOR"

    @property
    def label(self) -> str:
        return PART_LABELS[self]


PART_LABELS = {
    Part.LEAD: "Chủ trì",
    Part.PARTNER: "Phối hợp",
    Part.ADVISER: "Tham mưu",
    Part.EXECUTOR: "Thực hiện, báo cáo số liệu",
}


class ReadingState(StrEnum):
    """How far a reading is."""

    QUEUED = "QUEUED"
    READING = "READING"
    READ = "READ"
    FAILED = "FAILED"
    CONFIRMED = "CONFIRMED"


READING_LABELS = {
    ReadingState.QUEUED: "Chờ đọc",
    ReadingState.READING: "Đang đọc",
    ReadingState.READ: "Chờ rà soát",
    ReadingState.FAILED: "Không đọc được",
    ReadingState.CONFIRMED: "Đã xác nhận",
}


class ItemKind(StrEnum):
    """What an item under review is; its value begins the item's key."""

    TARGET = "ct"
    TASK = "nv"
    FAULT = "ss"
    HEAD = "dau"


ITEM_LABELS = {
    ItemKind.TARGET: "Chỉ tiêu",
    ItemKind.TASK: "Nhiệm vụ",
    ItemKind.FAULT: "Sai sót",
    ItemKind.HEAD: "Phần đầu văn bản",
}

# A worker that has said nothing for this long is taken for dead, and the reading may start again.
SILENCE = timedelta(minutes=10)

# What a document may be; the reader looks at the content itself, this only spares a useless upload.
DOCUMENT_ENDINGS = (
    *(".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".txt", ".md", ".html", ".htm", ".mht"),
    *(".xlsx", ".xls", ".ods", ".zip"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
)

COMPARATOR_LABELS = {
    Comparator.AT_LEAST: "tối thiểu (≥)",
    Comparator.MORE_THAN: "trên (>)",
    Comparator.EQUAL: "đạt (=)",
    Comparator.LESS_THAN: "dưới (<)",
    Comparator.AT_MOST: "tối đa (≤)",
    Comparator.RANGE: "trong khoảng",
    Comparator.MILESTONE: "cột mốc (có hoặc chưa)",
}


@dataclass(frozen=True)
class Group:
    """Units given work by kind (nhóm đơn vị); `below`: only those directly under the one named."""

    key: str
    label: str
    kinds: frozenset[Kind]
    below: bool = False


_COMMUNES = frozenset({Kind.COMMUNE, Kind.WARD})
GROUPS = {
    g.key: g
    for g in (
        Group("xa-phuong", "Tất cả xã, phường", _COMMUNES),
        Group("so-nganh", "Tất cả sở, ban, ngành", frozenset({Kind.DEPARTMENT})),
        Group(
            "so-nganh-xa-phuong",
            "Tất cả sở, ban, ngành và xã, phường",
            _COMMUNES | {Kind.DEPARTMENT},
        ),
        Group(
            "dang-uy-xa",
            "Tất cả đảng ủy xã, phường",
            frozenset({Kind.COMMUNE_PARTY_COMMITTEE}),
        ),
        Group(
            "dang-uy-truc-thuoc",
            "Các đảng ủy trực thuộc cơ quan ban hành",
            frozenset({Kind.PARTY_COMMITTEE, Kind.COMMUNE_PARTY_COMMITTEE}),
            below=True,
        ),
        Group(
            "co-quan-dang",
            "Các cơ quan tham mưu của Đảng trực thuộc cơ quan ban hành",
            frozenset({Kind.PARTY_BODY}),
            below=True,
        ),
    )
}

# Over the folded text, first match counts.
_DEPARTMENTS = (
    r"\b((cac|nhung) (so|ban, so|ban, nganh|nganh|co quan chuyen mon)|so, (ban, )?nganh)\b"
)
_COLLECTIVES = (
    (r"\b(dang uy|cap uy)( cac)? xa\b", "dang-uy-xa"),
    (r"\b(cac|nhung) (chi, )?(dang uy|dang bo|chi bo|cap uy|chi uy)\b", "dang-uy-truc-thuoc"),
    (r"\b(cac|nhung) (ban|co quan)( tham muu| dang| xay dung dang|,)", "co-quan-dang"),
    (rf"{_DEPARTMENTS}.*\b(xa|phuong|dia phuong)\b", "so-nganh-xa-phuong"),
    (_DEPARTMENTS, "so-nganh"),
    (r"\b(cac|moi|tung|tat ca) (ubnd )?(xa|phuong|dia phuong)\b", "xa-phuong"),
    (r"\b(ubnd|uy ban nhan dan) (cac|cap) xa\b", "xa-phuong"),
)


def collective_of(text: str) -> Group | None:
    """The group a collective phrase names; None for a single unit.

    >>> collective_of("Các đảng ủy trực thuộc Đảng ủy UBND tỉnh").key
    'dang-uy-truc-thuoc'
    >>> collective_of("UBND các xã, phường").key
    'xa-phuong'
    >>> collective_of("Sở Nội vụ") is None
    True
    """
    folded = fold(text)
    return next((GROUPS[key] for form, key in _COLLECTIVES if re.search(form, folded)), None)


_DAY = re.compile(r"ngày\s+\d{1,2}\s*[/-]\s*\d{1,2}\s*[/-]\s*\d{4}", re.I)
_MONTH = re.compile(r"tháng\s+(\d{1,2})\s*[/-]\s*(\d{4})", re.I)
_HALF = re.compile(r"\b0?6\s+tháng\s+(đầu|cuối)\s+năm\s+(\d{4})", re.I)
_QUARTER = re.compile(r"quý\s+(IV|III|II|I|[1-4])\s*(?:[/-]|năm)\s*(\d{4})", re.I)
_SPAN = re.compile(r"(?:giai đoạn|từ năm|các năm)\s+(20\d{2})\s*[-–đến ]+\s*(20\d{2})", re.I)
_YEAR = re.compile(r"(đến\s+)?năm\s+(\d{4})", re.I)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


def proposed_term(title: str, issued: str = "") -> tuple[date | None, date | None]:
    """First and last day of the period a title names; the last may be None: then a person says.

    >>> proposed_term("… trong tháng 6/2025 và 06 tháng cuối năm 2025")
    (datetime.date(2025, 6, 1), datetime.date(2025, 12, 31))
    """
    text = _DAY.sub(" ", title)
    spans = _named_months(text)
    spans += [(date(int(m[1]), 1, 1), date(int(m[2]), 12, 31)) for m in _SPAN.finditer(text)]
    spans = spans or _years(text, issued)
    first = _issued_on(issued) or min((s[0] for s in spans), default=None)
    last = max((s[1] for s in spans), default=None)
    if first and last and first > last:  # issued after the period it speaks of
        first = min(s[0] for s in spans)
    return first, last


def _named_months(text: str) -> list[tuple[date, date]]:
    """The months, halves and quarters a text names."""
    found = [_months(int(m[2]), int(m[1]), 1) for m in _MONTH.finditer(text)]
    for m in _HALF.finditer(text):
        found.append(_months(int(m[2]), 1 if m[1].lower() == "đầu" else 7, 6))
    for m in _QUARTER.finditer(text):
        quarter = _QUARTERS.get(m[1].upper()) or int(m[1])
        found.append(_months(int(m[2]), quarter * 3 - 2, 3))
    return [span for span in found if span]


def _months(year: int, month: int, count: int) -> tuple[date, date] | None:
    if not 1 <= month <= 12 or not 1990 <= year <= 2100:
        return None
    end = year * 12 + month - 1 + count
    return date(year, month, 1), date(end // 12, end % 12 + 1, 1) - timedelta(days=1)


def _years(text: str, issued: str) -> list[tuple[date, date]]:
    found = []
    for m in _YEAR.finditer(text):
        year = int(m[2])
        if 1990 <= year <= 2100:
            start = _issued_on(issued) if m[1] else None
            found.append((start or date(year, 1, 1), date(year, 12, 31)))
    return found


def _issued_on(iso: str) -> date | None:
    if not re.fullmatch(r"\d{4}(-\d\d){1,2}", iso):
        return None
    try:
        return date.fromisoformat(iso if len(iso) == 10 else f"{iso}-01")
    except ValueError:  # a day no calendar has, misread
        return None


_NUMBERED = re.compile(r"^\s*\(?(\d{1,3}(?:\.\d{1,3})*)\s*\)?\s*[.):]?\s*$")


def number_before(text: str) -> str:
    """The item's own number in the words before it: "(4). " → "4"; "" where there is none.

    >>> number_before("(4). "), number_before("15. "), number_before("- ")
    ('4', '15', '')
    """
    found = _NUMBERED.match(text)
    return found[1] if found else ""


_OWN_NUMBER = re.compile(r"^\s*\(?(\d{1,3}(?:\.\d{1,3})*|[a-zđ])\s*\)?\s*[.):]")


def section_code(section: str, text: str) -> str:
    """The item's place in the outline: its section and the number its own paragraph begins with.

    >>> section_code("III", "3. Các đảng ủy …"), section_code("III.4", "4.1. Chỉ đạo …")
    ('III.3', 'III.4.1')
    >>> section_code("III.4", "Tham mưu …"), section_code("", "2) Rà soát")
    ('III.4', '2')
    """
    found = _OWN_NUMBER.match(text)
    if not found or section == found[1] or section.endswith(f".{found[1]}"):
        return section
    last = section.rpartition(".")[2]
    if found[1].startswith(f"{last}."):  # the number repeats its heading's: 4.1 under III.4
        return section + found[1][len(last) :]
    return f"{section}.{found[1]}" if section else found[1]


def section_name(section: str) -> str:
    """A section as people call it: without the sign that tells two of one number apart.

    >>> section_name("II#2.1"), section_name("")
    ('II.1', '')
    """
    return re.sub(r"#\d+", "", section)


def numbered_codes(numbers: Sequence[str]) -> list[str]:
    """A code for each target, in document order: its own number, else its position.

    A number that two targets share (one sentence, two values) gets a letter: 7a, 7b. A position
    that is some other target's own number gets a sign, so that codes stay unique.

    >>> numbered_codes(["", "", "", "4", "5", "5"])
    ['1', '2', '3', '4', '5a', '5b']
    """
    own = Counter(n for n in numbers if n)
    seen: Counter[str] = Counter()
    codes: list[str] = []
    for position, number in enumerate(numbers, start=1):
        if not number:
            code = str(position)
            codes.append(code if code not in own and code not in codes else f"{code}+")
        elif own[number] > 1:
            codes.append(f"{number}{chr(ord('a') + seen[number] % 26)}")
            seen[number] += 1
        else:
            codes.append(number)
    return codes


def certainty(item: Mapping[str, Any]) -> float:
    """How sure the reading is of an item: its least sure field; 1 once a person has checked it."""
    sure = [float(v) for v in (item.get("confidence") or {}).values()]
    return 1.0 if item.get("checked") else min(sure, default=0.0)


def lacking_in_target(target: Mapping[str, Any]) -> str:
    """What a kept target lacks before a plan can be confirmed; "" when it is complete."""
    if not (target.get("subject") or "").strip():
        return "chưa có nội dung"
    comparator = target.get("comparator")
    if not comparator:
        return "chưa chọn cách so sánh (tối thiểu, đạt, tối đa …)"
    if comparator == Comparator.MILESTONE:
        return ""
    if target.get("value") is None:
        return "chưa có ngưỡng (con số phải đạt)"
    if comparator != Comparator.RANGE:
        return ""
    high = target.get("value_high")
    if high is None:
        return "là một khoảng nhưng chưa có số cuối khoảng"
    return "có số đầu khoảng lớn hơn số cuối" if Decimal(target["value"]) > Decimal(high) else ""


def lacking_in_plan(
    targets: Iterable[Mapping[str, Any]],
    tasks: Iterable[Mapping[str, Any]],
    title: str,
    started_on: date | None,
    deadline_on: date | None,
) -> list[str]:
    """All that keeps a reviewed reading from becoming a plan, as Vietnamese sentences."""
    kept = [t for t in targets if t["kept"]]
    tasks = [t for t in tasks if t["kept"]]
    found = []
    if not title.strip():
        found.append("Chưa có trích yếu (tên) của kế hoạch.")
    if not kept and not tasks:
        found.append("Chưa giữ lại chỉ tiêu hay nhiệm vụ nào.")
    for target in kept:
        if lacking := lacking_in_target(target):
            found.append(f"Chỉ tiêu ({target['code'] or '?'}) {lacking}.")
        if not target["code"]:
            found.append(f"Chỉ tiêu “{target['subject'][:60]}” chưa có số thứ tự.")
    for code, times in Counter(t["code"] for t in kept if t["code"]).items():
        if times > 1:
            found.append(f"Có {times} chỉ tiêu cùng mang số ({code}); mỗi số chỉ dùng một lần.")
    found += [f"Nhiệm vụ {t['code']} chưa có nội dung." for t in tasks if not t["title"].strip()]
    return found + _lacking_in_term(started_on, deadline_on)


def _lacking_in_term(started_on: date | None, deadline_on: date | None) -> list[str]:
    if not started_on:
        return ["Chưa có ngày bắt đầu."]
    if not deadline_on:
        return ["Chưa có thời hạn chung: văn bản không ghi thì người xác nhận phải ấn định."]
    if deadline_on <= started_on:
        return ["Thời hạn chung phải sau ngày bắt đầu."]
    return []
