"""A table of units, row by row → values or faults with their lines. No database in here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from namro import vietnamese
from namro.terms import Fault, Place
from namro.web.org.rules import KIND_LABELS, Kind, Tree

# Each column by its key and by the head an office would write; either is read.
TITLES = {
    "code": "Mã",
    "name": "Tên",
    "short_name": "Tên gọn",
    "kind": "Loại",
    "aliases": "Tên khác",
    "latitude": "Vĩ độ",
    "longitude": "Kinh độ",
    "tile_column": "Cột ô bản đồ",
    "tile_row": "Hàng ô bản đồ",
    "government_superior": "Cấp trên bên chính quyền",
    "party_superior": "Cấp trên bên Đảng",
    "from_on": "Từ ngày",
}
_KEYS = {vietnamese.fold(title): key for key, title in TITLES.items()} | {k: k for k in TITLES}
_KINDS = {vietnamese.fold(v): k.value for k, v in KIND_LABELS.items()}
_SUPERIOR = {Tree.GOVERNMENT: "government_superior", Tree.PARTY: "party_superior"}
_SUPERIOR_WORDS = {Tree.GOVERNMENT: "bên chính quyền", Tree.PARTY: "bên Đảng"}


@dataclass
class UnitRow:
    """One unit as its line says it; `superiors` by tree are codes."""

    line: int
    code: str
    name: str
    kind: str
    from_on: date
    short_name: str = ""
    aliases: list[str] = field(default_factory=list)
    latitude: float | None = None
    longitude: float | None = None
    tile_column: int | None = None
    tile_row: int | None = None
    closed_on: date | None = None
    superiors: dict[Tree, str] = field(default_factory=dict)

    @property
    def opened_on(self) -> date:
        return self.from_on


class _Line:
    """One line being read; gathers its faults."""

    def __init__(self, number: int, row: Mapping[str, str | None]) -> None:
        self.number = number
        named = {_KEYS.get(vietnamese.fold(k)): v for k, v in row.items() if isinstance(k, str)}
        self.row = {k: vietnamese.tidy(v or "") for k, v in named.items() if k}
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, suggestion: str) -> None:
        place = Place(file="units.csv", line=self.number)
        self.faults.append(Fault(code, f"{message}; {suggestion}", suggestion, place))

    def words(self, key: str, most: int, needed: bool = False) -> str:
        value = self.row.get(key, "")
        if needed and not value:
            self.fault("EMPTY", f"cột “{TITLES[key]}” để trống", "hãy điền vào")
        if len(value) > most:
            self.fault("LONG", f"cột “{TITLES[key]}” dài hơn {most} ký tự", "hãy viết gọn lại")
        return value

    def number_in(self, key: str, low: float, high: float) -> float | None:
        value = self.row.get(key, "")
        if not value:
            return None
        try:
            number = float(value.replace(",", "."))
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            where = f"một số từ {low:g} đến {high:g}"
            said = f"cột “{TITLES[key]}” ghi “{value}”, không phải {where}"
            self.fault("NUMBER", said, "hãy sửa lại")
            return None
        return number

    def day(self, key: str) -> date:
        value = self.row.get(key, "")
        try:
            if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value):
                return date(int(found[3]), int(found[2]), int(found[1]))
            return date.fromisoformat(value)
        except ValueError:
            head = f"cột “{TITLES[key]}”"
            said = f"{head} ghi “{value}”, không phải ngày" if value else f"{head} để trống"
            self.fault("DATE", said, "hãy ghi theo mẫu 01/7/2025")
            return date.min


def read_rows(
    rows: Iterable[Mapping[str, str]], known: set[str]
) -> tuple[list[UnitRow], list[Fault]]:
    """The units of a table, and every fault in it. `known`: codes already there.

    Lines are counted as in a CSV file whose head is line 1.
    """
    lines = [_Line(number, row) for number, row in enumerate(rows, start=2)]
    if not lines:
        return [], [Fault("NO_ROWS", "Bảng không có dòng đơn vị nào; hãy kiểm tra lại tệp.")]
    missing = [c for c in ("code", "name", "kind", "from_on") if c not in lines[0].row]
    if missing:
        lacking = ", ".join(f"“{TITLES[c]}”" for c in missing)
        words = f"Bảng thiếu cột {lacking}; dòng đầu phải là: {', '.join(TITLES.values())}."
        return [], [Fault("NO_COLUMN", words)]
    read = [_read(line) for line in lines]
    _check_codes(read, lines, known)
    _check_loops(read, lines)
    _check_tiles(read, lines)
    return read, [fault for line in lines for fault in line.faults]


def _read(line: _Line) -> UnitRow:
    kind = line.words("kind", 60, needed=True)
    kind = _KINDS.get(vietnamese.fold(kind), kind)
    if kind and kind not in set(Kind):
        kinds = "; ".join(KIND_LABELS.values())
        line.fault("KIND", f"loại “{kind}” không có", f"hãy dùng một trong: {kinds}")
    column, row = line.number_in("tile_column", 0, 200), line.number_in("tile_row", 0, 200)
    aliases = [vietnamese.tidy(a) for a in line.row.get("aliases", "").split(";")]
    return UnitRow(
        line=line.number,
        code=line.words("code", 24, needed=True),
        name=line.words("name", 200, needed=True),
        kind=kind,
        from_on=line.day("from_on"),
        short_name=line.words("short_name", 80),
        aliases=[a for a in aliases if a],
        latitude=line.number_in("latitude", -90, 90),
        longitude=line.number_in("longitude", -180, 180),
        tile_column=None if column is None else int(column),
        tile_row=None if row is None else int(row),
        superiors={t: line.row[k] for t, k in _SUPERIOR.items() if line.row.get(k)},
    )


def _check_codes(read: list[UnitRow], lines: list[_Line], known: set[str]) -> None:
    """No code twice; every superior is in the table or already there."""
    first: dict[str, int] = {}
    for row, line in zip(read, lines, strict=True):
        if row.code and row.code in first:
            where = f"mã “{row.code}” đã có ở dòng {first[row.code]}"
            line.fault("DOUBLE_CODE", where, "hãy bỏ một dòng hoặc sửa mã")
        first.setdefault(row.code, row.line)
    for row, line in zip(read, lines, strict=True):
        for tree, superior in row.superiors.items():
            if superior not in first and superior not in known:
                said = f"cấp trên {_SUPERIOR_WORDS[tree]} “{superior}” không có trong bảng"
                line.fault("UNKNOWN_SUPERIOR", said, "hãy sửa mã hoặc thêm dòng cho đơn vị ấy")


def _check_loops(read: list[UnitRow], lines: list[_Line]) -> None:
    """No unit stands above itself, in either tree."""
    for tree in Tree:
        up = {row.code: row.superiors[tree] for row in read if tree in row.superiors}
        for row, line in zip(read, lines, strict=True):
            path, at = [row.code], up.get(row.code)
            while at and at not in path:
                path.append(at)
                at = up.get(at)
            if at == row.code:
                said = f"vòng trực thuộc {_SUPERIOR_WORDS[tree]}: {' → '.join([*path, at])}"
                line.fault("LOOP", said, "hãy sửa cấp trên của một đơn vị trong vòng")


def _check_tiles(read: list[UnitRow], lines: list[_Line]) -> None:
    """A tile has both its column and row, and no other unit's place."""
    places = Counter((r.tile_column, r.tile_row) for r in read if r.tile_row is not None)
    for row, line in zip(read, lines, strict=True):
        if (row.tile_column is None) != (row.tile_row is None):
            line.fault("TILE", "ô bản đồ thiếu cột hoặc hàng", "hãy điền cả hai hoặc bỏ cả hai")
        elif row.tile_row is not None and places[row.tile_column, row.tile_row] > 1:
            said = f"ô bản đồ cột {row.tile_column}, hàng {row.tile_row} trùng với đơn vị khác"
            line.fault("TILE", said, "hãy chọn ô khác")
