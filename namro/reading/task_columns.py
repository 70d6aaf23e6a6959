"""What each column of a task table holds, told by its heading and, in doubt, by its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from namro.reading import deadlines, mentions
from namro.reading.blocks import Block
from namro.vietnamese import fold

_COLUMNS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("number", r"^(?:tt|stt|so tt|so thu tu|muc|ma so|no)$"),
        ("monitor", r"theo doi|danh gia|lanh dao|chi dao"),
        ("both", r"chu tri.*phoi hop|phoi hop.*chu tri"),
        (
            "lead",
            r"chu tri|(?:don vi|co quan|dia phuong|bo phan|to chuc|nguoi) thuc hien|phu trach"
            r"|trach nhiem|dau moi|phan cong|don vi tham muu|co quan tham muu|don vi chinh",
        ),
        ("cooperate", r"phoi hop|cung thuc hien|tham gia"),
        ("begin", r"bat dau|khoi cong"),
        ("deadline", r"thoi gian|thoi han|tien do|hoan thanh|lo trinh|thoi diem|ket thuc|han xong"),
        ("product", r"san pham|ket qua|dau ra|quy mo"),
        ("note", r"ghi chu|kinh phi|cap trinh|trinh ky|ban hanh|phe duyet|hinh thuc|dia diem"),
        ("work", r"nhiem vu|noi dung|cong viec|hoat dong|hang muc|cac buoc|\bviec\b"),
        ("indicator", r"chi tieu|chi so|tieu chi"),
        ("weak", r"\bten\b|giai phap|van ban|chuong trinh|de an|du an|linh vuc|nhom"),
    )
)
USED = {"lead", "both", "cooperate", "deadline", "product"}
_LAST_HEADING_ROW = 6


@dataclass
class TableRow:
    """The cells of one row by column, joined with those of its second half after a page break;
    `over` are those of rows above that reach down into it (merged cells)."""

    cells: dict[int, Block] = field(default_factory=dict)
    over: dict[int, Block] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """Kind of content → column; the rows from `first` on are its body."""

    of: dict[str, int]
    first: int

    def __bool__(self) -> bool:
        return "work" in self.of and bool(USED & set(self.of))

    def cell(self, row: TableRow, kind: str) -> Block | None:
        """A row's cell of a kind, None where the table or the row has none."""
        return row.cells.get(self.of[kind]) if kind in self.of else None


NONE = Columns({}, 0)


def find_columns(rows: Sequence[TableRow], start: int = 0) -> Columns:
    """The columns named by the first heading row from `start` on; NONE when there is no such row
    among the next few."""
    for at in range(start, min(len(rows), start + _LAST_HEADING_ROW)):
        named = named_columns(rows[at])
        if not Columns(named, 0):
            continue
        first = at + 1
        under = named_columns(rows[first]) if first < len(rows) else {}
        if under and _is_second_level(rows[first]):  # "Phân công" over "Chủ trì", "Phối hợp"
            named = {**{k: c for k, c in named.items() if c not in under.values()}, **under}
            first += 1
        return Columns(_shifted(_chosen(named, rows[first:]), rows[first:]), first)
    return NONE


def named_columns(row: TableRow) -> dict[str, int]:
    """The kinds that the cells of a row name, as a heading does; {} for a row of text."""
    found: dict[str, int] = {}
    weak: list[int] = []
    for column, block in sorted(row.cells.items()):
        if len(block.text) > 90:
            continue
        kind = _kind(fold(block.text))
        if kind == "weak":
            weak.append(column)
        elif kind == "work" and "work" in found:
            found["work2"] = column
        elif kind and kind not in found:
            found[kind] = column
    if "work" not in found and weak:
        found["work"] = weak[0]
    return found


def _kind(key: str) -> str | None:
    key = key.strip(" .:*")
    return next((kind for kind, pattern in _COLUMNS if pattern.search(key)), None)


def _is_second_level(row: TableRow) -> bool:
    return all(_kind(fold(b.text)) in USED | {"begin", "note"} for b in row.cells.values())


def _chosen(named: dict[str, int], body: Sequence[TableRow]) -> dict[str, int]:
    """Of two columns that may hold the work, the one with more words."""
    other = named.pop("work2", None)
    if other is not None:
        longer = max((named["work"], other), key=lambda c: _words(body, c))
        named["work"] = longer
    return named


def _words(rows: Sequence[TableRow], column: int) -> int:
    return sum(len(row.cells[column].text) for row in rows if column in row.cells)


_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+|[A-Za-zđ])\s*[.)]?")


def is_number(text: str) -> bool:
    """Whether a cell holds a row's number only: "3", "1.2.", "IV", "a)"."""
    return bool(_NUMBER.fullmatch(text.strip()))


def _shifted(named: dict[str, int], body: Sequence[TableRow]) -> dict[str, int]:
    """The columns one to the right where the body has a column of numbers that the heading row,
    its cell merged with the one above, leaves out."""
    full = [row for row in body if len(row.cells) > 1]
    numbered = [row for row in full if 0 in row.cells and is_number(row.cells[0].text)]
    if "number" in named or min(named.values(), default=1) > 0 or not full:
        return named
    wider = max(max(row.cells) for row in full) > max(named.values())
    if not wider or len(numbered) * 2 < len(full):
        return named
    return {"number": 0, **{kind: column + 1 for kind, column in named.items()}}


def fits(kind: str, block: Block) -> bool:
    """Whether a cell may hold what its column says: a day is no unit, a unit no day."""
    text = block.text
    if kind in ("lead", "both", "cooperate"):
        return bool(mentions.HEAD.match(text)) or not is_time(text)
    if kind == "deadline":
        return is_time(text) or not mentions.HEAD.match(text)
    return kind != "number" or is_number(text)


def is_time(text: str) -> bool:
    """Whether a short cell is a time: "Quý II/2026", "Hằng năm", "2026 - 2030"."""
    return len(text) < 60 and deadlines.iso_of(text, 2000) is not None


def aligned(row: TableRow, columns: Columns) -> TableRow:
    """The row with its cells moved to the columns they fit, where empty cells have left no trace
    ("| 3 | Khảo sát | Quý II |" under four headings)."""
    kinds = {column: kind for kind, column in columns.of.items()}
    wrong = [c for c, b in row.cells.items() if c in kinds and not fits(kinds[c], b)]
    if not wrong or len(row.cells) >= len(kinds):
        return row
    places = sorted(kinds)
    cells = [row.cells[c] for c in sorted(row.cells)]
    if len(cells) > len(places):
        return row
    best = _best(cells, places, kinds)
    return TableRow(dict(zip(best, cells, strict=True))) if best else row


def _best(cells: Sequence[Block], places: Sequence[int], kinds: dict[int, str]) -> tuple[int, ...]:
    """The places in order that fit the most cells; () where none fits them all."""

    def choices(at: int, rest: int) -> list[tuple[int, ...]]:
        if at == len(cells):
            return [()]
        found = []
        for i in range(rest, len(places) - (len(cells) - at) + 1):
            if fits(kinds[places[i]], cells[at]):
                found += [(places[i], *more) for more in choices(at + 1, i + 1)]
            if len(found) > 200:
                break
        return found

    every = choices(0, 0)
    exact = [c for c in every if _sure(c, cells, kinds)]
    return exact[0] if exact else ()


def _sure(places: Sequence[int], cells: Sequence[Block], kinds: dict[int, str]) -> bool:
    """Whether every unit stands under units, and every day under days."""
    for place, cell in zip(places, cells, strict=True):
        kind = kinds[place]
        if is_time(cell.text) and kind not in ("deadline", "number", "begin"):
            return False
        unit = mentions.HEAD.match(cell.text) and len(cell.text) < 200
        if unit and kind in ("deadline", "number", "product", "note"):
            return False
    return True
