"""The heading of an indicator table, of one level or two: which column holds what, and by when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from namro.reading import deadlines, quantities
from namro.reading.task_tables import TableRow
from namro.vietnamese import fold

_INDICATOR = re.compile(r"chi tieu|muc tieu|tieu chi|chi so")
_NAMED = re.compile(r"^(?:ten |cac |danh muc |noi dung )?(?:chi tieu|muc tieu|chi so)\b")
_TITLED = re.compile(r"^(?:noi dung|ten|linh vuc|nganh|hang muc|san pham|dia ban|don vi)\b")
_UNIT = re.compile(r"^(?:dvt|don vi(?: tinh)?|don vi do(?: luong)?)$")
_VALUE = re.compile(
    r"^(?:gia tri|muc tieu|ke hoach|chi tieu|muc dat|muc phan dau|phan dau|den (?:het )?nam|nam"
    r"|giai doan|ket qua|so luong|ty le|lo trinh|den 20|20\d\d)\b"
)
_BEFORE = re.compile(
    r"hien trang|hien nay|(?<!lo trinh )thuc hien (?:nam|20)|^th\b|uoc|uth|nam goc"
    r"|ket qua (?:nam|thuc hien|20)|so voi|ghi chu|tang truong bq|nam truoc"
)
_MONITOR = re.compile(r"theo doi|danh gia|chu tri|phu trach|co quan|don vi (?!tinh)|thuc hien$")
_DUE = re.compile(r"thoi gian|thoi han|thoi diem|tien do")
_TASK = re.compile(r"nhiem vu|giai phap|cong viec|san pham|hoat dong")
_BESIDE = re.compile(r"phoi hop")
_BELOW = re.compile(
    r"\b(?:nam|giai doan|den|quy|20\d\d|thuc hien|ke hoach|muc tieu|hien trang|so luong|ty le"
    r"|dvt|uoc|tong|trong do)\b"
)


_ROAD = re.compile(r"lo trinh|muc tieu|chi tieu|phan dau|muc dat|can dat|phai dat")


@dataclass(frozen=True)
class Column:
    """A column: its kind ("indicator", "unit", "value", "monitor", "due"), its whole title, the
    year its values are due (None where it says none), and the unit its title names."""

    kind: str
    title: str
    year: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Head:
    """The columns by their place, and how many rows the heading takes."""

    columns: dict[int, Column]
    depth: int

    def of(self, kind: str) -> list[int]:
        return [place for place, column in sorted(self.columns.items()) if column.kind == kind]

    @property
    def is_series(self) -> bool:
        """Whether it gives figures for each of three years running: a series, no targets, unless
        they are said to be aimed at."""
        years = [self.columns[place].year or "" for place in self.of("value")]
        if any(_ROAD.search(fold(self.columns[place].title)) for place in self.of("value")):
            return False
        single = [int(y) for y in years if y.isdigit()]
        running = sum(1 for a, b in pairwise(single) if b == a + 1)
        return running >= 2


def read(rows: Sequence[TableRow]) -> Head | None:
    """The heading of an indicator table; None where the table is another."""
    if len(rows) < 2 or not rows[0].cells:
        return None
    titles, depth = _titles(rows)
    columns = _columns(titles)
    if columns is None:
        return None
    return Head(columns, depth)


def _titles(rows: Sequence[TableRow]) -> tuple[dict[int, str], int]:
    """The title of each column; the words of a group stand before those of its columns."""
    top, below = rows[0], rows[1]
    titles = {place: block.text for place, block in top.cells.items()}
    if not _is_second_level(top, below):
        return titles, 1
    places = sorted(below.cells)
    group = _group_over(top, places, rows)
    if group is None:
        return titles, 1
    start, shift = group
    words = titles.pop(start)
    moved = {p if p < start else p + len(places) - 1: t for p, t in titles.items()}
    if not shift:
        moved = titles
    for place in places:
        moved[place + shift] = f"{words} {below.cells[place].text}"
    return moved, 2


def _is_second_level(top: TableRow, below: TableRow) -> bool:
    texts = [block.text.strip() for block in below.cells.values()]
    heads = [bool(_BELOW.search(fold(t))) and len(t) < 60 for t in texts]
    plain = not any(re.fullmatch(r"[\d.,%\s-]*", t) and not _is_year(t) for t in texts)
    return len(texts) >= 2 and all(heads) and plain and len(texts) <= len(top.cells) + 12


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"20\d\d(?:\s*[-–]\s*20\d\d)?", text))


def _group_over(
    top: TableRow, places: Sequence[int], rows: Sequence[TableRow]
) -> tuple[int, int] | None:
    """The column of the group that the second level stands under, and how far its cells must move.

    Where the source lost the level (a flattened table), the second row begins at the first column:
    the group is the last title that speaks of values, if the rows below are as wide as that makes.
    """
    for place, block in top.cells.items():
        spanned = range(place, place + (block.cell.span if block.cell else 1))
        if len(spanned) > 1 and places[0] in spanned:
            return place, 0
    if places[0] not in top.cells:
        over = [place for place in top.cells if place < places[0]]
        return (max(over), 0) if over else None
    widest = max((max(row.cells) + 1 for row in rows[2:] if row.cells), default=0)
    speaks = [p for p, b in top.cells.items() if _VALUE.match(fold(b.text)) and p > 0]
    if not speaks or places[0] != 0 or widest < max(top.cells) + len(places):
        return None
    return max(speaks), max(speaks)


def _columns(titles: dict[int, str]) -> dict[int, Column] | None:
    """Each column by its title; None for another kind of table."""
    found: dict[int, Column] = {}
    keys = {place: fold(title).strip(" .:") for place, title in titles.items()}
    indicator = _indicator(titles, keys)
    if indicator is None or any(_TASK.search(k) for p, k in keys.items() if p != indicator):
        return None
    aside = any(_DUE.search(k) or _BESIDE.search(k) for k in keys.values())
    if _TASK.search(keys[indicator]) or (aside and not _NAMED.match(keys[indicator])):
        return None
    for place, title in titles.items():
        kind = "indicator" if place == indicator else _kind(keys[place], title)
        if kind:
            found[place] = Column(kind, title, _year(title), unit_in(title))
    found = _without_start(found, keys)
    return found if any(c.kind in ("unit", "value", "monitor") for c in found.values()) else None


_AIMED = re.compile(r"muc tieu|ke hoach|phan dau|chi tieu|\bgiao\b|muc (?:dat|can|phai)|\bkh\b")


def _without_start(columns: dict[int, Column], keys: dict[int, str]) -> dict[int, Column]:
    """Without the year it starts from: "Năm 2020" alone beside "Mục tiêu năm 2025"."""
    values = {p: c for p, c in columns.items() if c.kind == "value" and c.year}
    aimed = [c.year or "" for p, c in values.items() if _AIMED.search(keys[p])]
    start = {
        p
        for p, c in values.items()
        if re.fullmatch(r"(?:nam )?20\d\d", keys[p]) and aimed and (c.year or "") < min(aimed)
    }
    return {p: c for p, c in columns.items() if p not in start}


def _indicator(titles: dict[int, str], keys: dict[int, str]) -> int | None:
    """The column that names the indicators: no year in its title, the first of them."""
    for pattern in (_INDICATOR, _TITLED):
        for place in sorted(titles):
            dated = _year(titles[place]) is not None and pattern is _INDICATOR
            if pattern.search(keys[place]) and not dated and not _UNIT.match(keys[place]):
                return place
        if not any(_INDICATOR.search(key) for key in keys.values()):
            return None
    return None


def _kind(key: str, title: str) -> str | None:
    if _BEFORE.search(key) or _BESIDE.search(key):
        return None
    if _UNIT.match(key):
        return "unit"
    if _DUE.search(key):
        return "due"
    if _VALUE.match(key) or (_year(title) and not _MONITOR.search(key)):
        return "value"
    return "monitor" if _MONITOR.search(key) else None


def _year(title: str) -> str | None:
    years = deadlines.target_years(title) or list(deadlines.dates(title))
    return years[-1].iso if years else None


_IN_BRACKETS = re.compile(r"\((?:(?:ĐVT|đơn vị(?: tính)?)\s*:?\s*)?([^()\d]{1,25})\)$", re.I)


def unit_in(title: str) -> str | None:
    """The unit that a title or an indicator names: in brackets at its end, or as what it counts.

    >>> unit_in("Tỷ lệ hộ nghèo (%)"), unit_in("Số mô hình được nhân rộng")
    ('%', 'mô hình')
    """
    said = _IN_BRACKETS.search(title.strip())
    if not said:
        counted = re.match(r"(?:Tổng )?[Ss]ố (?:lượng )?(?=[^\W\d])", title)
        return quantities.counted_at(title, counted.end()) if counted else None
    words = said[1].strip()
    short = len(words.split()) <= 3 and (words.startswith("%") or "/" in words or words.islower())
    return words if short or re.fullmatch(r"[^\W\d]{1,4}", words) else None
