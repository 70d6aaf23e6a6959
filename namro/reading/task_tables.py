"""Task tables of an appendix: columns told by their headings, rows → tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from namro.reading import deadlines, mentions
from namro.reading.blocks import Block, joined
from namro.reading.outline import Node
from namro.reading.plan import Mention, ReadTask
from namro.vietnamese import fold

_COLUMNS = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("number", r"^(?:tt|stt|so tt|so thu tu)$"),
        ("monitor", r"theo doi|danh gia"),
        (
            "lead",
            r"chu tri|(?:don vi|co quan|dia phuong) thuc hien|phu trach|trach nhiem|dau moi"
            r"|phan cong|don vi tham muu",
        ),
        ("cooperate", r"phoi hop"),
        ("deadline", r"thoi gian|thoi han|tien do|hoan thanh|lo trinh|thoi diem"),
        ("product", r"san pham|ket qua|dau ra|quy mo"),
        (
            "work",
            r"nhiem vu|noi dung|cong viec|hoat dong|ten|giai phap|hang muc|van ban|chuong trinh"
            r"|de an|du an|linh vuc",
        ),
        ("note", r"ghi chu|kinh phi|cap trinh|cap phe duyet|hinh thuc"),
    )
)


@dataclass
class TableRow:
    """The cells of one row by column, joined with those of its second half after a page break."""

    cells: dict[int, Block] = field(default_factory=dict)


def rows_of(node: Node) -> list[TableRow]:
    """The rows of a table node, in order."""
    rows: dict[int, TableRow] = {}
    for block in node.blocks:
        assert block.cell is not None
        row = rows.setdefault(block.cell.row, TableRow())
        row.cells[block.cell.column] = block
    return [rows[key] for key in sorted(rows)]


def columns_of(rows: Sequence[TableRow]) -> tuple[dict[str, int], int]:
    """What each column holds, and how many rows the heading takes; {} when it is no task table."""
    for depth, row in enumerate(rows[:3], start=1):
        found: dict[str, int] = {}
        for column, block in row.cells.items():
            if len(block.text) > 90:
                continue
            key = fold(block.text)
            kind = next((kind for kind, pattern in _COLUMNS if pattern.search(key)), None)
            if kind and kind not in found:
                found[kind] = column
        if "work" in found and len({"lead", "cooperate", "deadline", "product"} & set(found)) >= 1:
            return found, depth
    return {}, 0


def read(node: Node, year: int | None) -> Iterator[ReadTask]:
    """The tasks of one table; rows that only name a section are headings."""
    rows = rows_of(node)
    columns, depth = columns_of(rows)
    if "lead" not in columns and "deadline" not in columns:
        return
    section = node.section()
    for row in _whole_rows(rows[depth:], columns):
        task = _task(row, columns, section.id if section else None, year)
        if task:
            yield task


def _whole_rows(rows: Sequence[TableRow], columns: dict[str, int]) -> list[TableRow]:
    """Rows with their second halves: a row without number that goes on with the one above."""
    whole: list[TableRow] = []
    number = columns.get("number", -1)
    for row in rows:
        goes_on = number >= 0 and number not in row.cells and len(row.cells) < len(columns)
        if whole and goes_on and _continues(whole[-1], row, columns):
            for column, block in row.cells.items():
                mine = whole[-1].cells.get(column)
                whole[-1].cells[column] = joined(mine, block, between=" ") if mine else block
        else:
            whole.append(row)
    return whole


def _continues(above: TableRow, row: TableRow, columns: dict[str, int]) -> bool:
    work = columns["work"]
    if work not in row.cells:
        return True
    text = above.cells[work].text if work in above.cells else "."
    return not re.search(r"[.;:]\s*$", text) and row.cells[work].text[:1].islower()


def _task(
    row: TableRow, columns: dict[str, int], section: str | None, year: int | None
) -> ReadTask | None:
    work = row.cells.get(columns["work"])
    others = [k for k in ("lead", "cooperate", "deadline", "product") if _cell(row, columns, k)]
    if work is None or not others or _is_heading_row(row, columns, others):
        return None
    lead = _units(_cell(row, columns, "lead"))
    cooperate = _units(_cell(row, columns, "cooperate"))
    due, product = _cell(row, columns, "deadline"), _cell(row, columns, "product")
    written = due.text.strip(" .;") if due else None
    base = min(b.sureness() for b in row.cells.values())
    return ReadTask(
        work.text,
        work.place(),
        section,
        work.text if len(work.text) <= 160 else work.text[:157].rsplit(" ", 1)[0] + "…",
        lead,
        cooperate,
        written,
        deadlines.iso_of(written, year) if written else None,
        None,
        product.text if product else None,
        None,
        {"lead": round((0.95 if lead else 0.5) * base, 2), "deadline": round(0.95 * base, 2)},
    )


def _cell(row: TableRow, columns: dict[str, int], kind: str) -> Block | None:
    return row.cells.get(columns[kind]) if kind in columns else None


def _is_heading_row(row: TableRow, columns: dict[str, int], others: Sequence[str]) -> bool:
    """A row that names a section: a Roman or capital number, and no lead."""
    number = _cell(row, columns, "number")
    roman = bool(number and re.fullmatch(r"[IVXLC]+\.?|[A-H]\.?", number.text.strip()))
    return roman and "lead" not in others


def _units(cell: Block | None) -> tuple[Mention, ...]:
    if cell is None:
        return ()
    text = cell.text
    end = len(text.rstrip(" .;"))
    return mentions.mentions(cell, 0, end)
