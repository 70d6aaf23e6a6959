"""Task tables of an appendix: rows → tasks, their columns told by `task_columns.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading import charge, deadlines, mentions, pieces
from namro.reading.blocks import Block, joined
from namro.reading.outline import Node
from namro.reading.plan import Mention, ReadTask
from namro.reading.task_columns import (
    NONE,
    USED,
    Columns,
    TableRow,
    aligned,
    find_columns,
    is_number,
    is_time,
    named_columns,
)

__all__ = ["TableRow", "columns_for", "columns_of", "is_ditto", "read", "rows_of"]


def rows_of(node: Node) -> list[TableRow]:
    """The rows of a table node, in order."""
    rows: dict[int, TableRow] = {}
    for block in node.blocks:
        assert block.cell is not None
        row = rows.setdefault(block.cell.row, TableRow())
        row.cells[block.cell.column] = block
    for block in node.blocks:
        assert block.cell is not None
        for below in range(block.cell.row + 1, block.cell.row + block.cell.down):
            if below in rows:
                rows[below].over[block.cell.column] = block
    return [rows[key] for key in sorted(rows)]


def columns_of(rows: Sequence[TableRow]) -> tuple[dict[str, int], int]:
    """What each column holds, and how many rows the heading takes; {} when it is no task table."""
    columns = find_columns(rows)
    return columns.of, columns.first


def read(node: Node, year: int | None, before: Columns = NONE) -> Iterator[ReadTask]:
    """The tasks of one table; rows that only name a section are headings. `before`: the columns of
    the table it goes on from, where its own heading row is missing."""
    section = node.section()
    first_leads = _first_leads(node)
    for row, columns in _whole_rows(rows_of(node), before):
        if first_leads and "lead" in columns.of:
            columns = Columns(_with_both(columns.of), columns.first)
        task = _task(row, columns, section.id if section else None, year)
        if task:
            yield task


_FIRST_LEADS = re.compile(
    r"(?:cơ quan|đơn vị|phòng|ban)[^.;]{0,20} (?:ghi|đứng|nêu|xếp|viết)(?: tên)? (?:ở )?"
    r"(?:vị trí )?(?:đầu|trước|thứ nhất)[^.;]{0,70}"
    r"(?:chủ trì|trách nhiệm chính|chịu trách nhiệm|đầu mối)",
    re.I,
)


def _first_leads(node: Node) -> bool:
    """Whether the words above the table say that of several units in a cell the first leads."""
    beside = node.parent.children if node.parent else []
    before = beside[: next(i for i, n in enumerate(beside) if n is node)][-2:]
    return any(n.block is not None and _FIRST_LEADS.search(n.text) for n in before)


def _with_both(of: dict[str, int]) -> dict[str, int]:
    """The column of who leads holds partners, too."""
    return {("both" if kind == "lead" else kind): column for kind, column in of.items()}


def columns_for(node: Node, before: Columns = NONE) -> Columns:
    """The columns a table ends with, for one that goes on with it; `before` where it has none."""
    rows = rows_of(node)
    columns = _usable(find_columns(rows))
    if columns:
        return columns
    return before if _goes_on(rows, before) else NONE


def _usable(columns: Columns) -> Columns:
    """Only a table that says who or by when hands out work."""
    return columns if columns and {"lead", "both", "deadline"} & set(columns.of) else NONE


def _goes_on(rows: Sequence[TableRow], before: Columns) -> bool:
    """Whether a table without a heading row carries on with the columns of the one before."""
    if not before or not rows or not {"lead", "both"} & set(before.of):
        return False
    last = max(before.of.values())
    lead = before.of.get("lead", before.of.get("both", -1))
    full = [row for row in rows if len(row.cells) > 2]
    units = [row for row in full if lead in row.cells and _names_units(row.cells[lead])]
    return (
        bool(full)
        and all(max(row.cells) <= max(last, len(before.of)) for row in full)
        and len(units) * 2 > len(full)
    )


def _names_units(block: Block) -> bool:
    return bool(mentions.HEAD.match(block.text)) or mentions.is_collective(block.text)


def _whole_rows(rows: Sequence[TableRow], before: Columns) -> Iterator[tuple[TableRow, Columns]]:
    """Each row of work with its columns, second halves joined; a later heading row renames them."""
    columns = _usable(find_columns(rows))
    if not columns:
        if not _goes_on(rows, before):
            return
        columns = Columns(before.of, 0)
    held: TableRow | None = None
    at = columns.first
    while at < len(rows):
        row = rows[at]
        if _is_heading(row):
            if held:
                yield held, columns
            held, at = None, at + 1
            again = _usable(find_columns(rows[at - 1 :]))
            if again and again.first <= 2 and _fitting(rows[at:], again, columns):
                columns, at = again, at - 1 + again.first
            continue
        first, *more = _sunken(row, columns, held) or _parted(row, columns)
        rows = [*rows[: at + 1], *more, *rows[at + 1 :]]
        row = _carried(aligned(_merged(first, columns), columns), held, columns)
        at += 1
        if held and _is_rest(row, columns) and _continues(held, row, columns):
            _join(held, row)
            continue
        if held:
            yield held, columns
        held = row
    if held:
        yield held, columns


def _merged(row: TableRow, columns: Columns) -> TableRow:
    """The row with what cells merged with rows above say of it too: one unit, one time, one
    product for several pieces of work."""
    if columns.of["work"] not in row.cells:
        return row
    places = [columns.of[kind] for kind in USED if kind in columns.of]
    more = {c: row.over[c] for c in places if c in row.over and c not in row.cells}
    return TableRow({**row.cells, **more}) if more else row


def _carried(row: TableRow, above: TableRow | None, columns: Columns) -> TableRow:
    """The row with the month or the unit that stands before the work and, in a cell that spans
    several rows, only in the first of them; and with what a cell says is as above."""
    work = columns.of["work"]
    for kind in ("deadline", "lead", "both"):
        column = columns.of.get(kind, work)
        spans = column < work and column not in row.cells and work in row.cells
        if spans and above is not None and column in above.cells and len(row.cells) > 1:
            row.cells[column] = above.cells[column]
    for column in (columns.of[kind] for kind in USED if kind in columns.of):
        same = column in row.cells and is_ditto(row.cells[column].text)
        if same and above is not None and column in above.cells:
            row.cells[column] = above.cells[column]
    return row


# "nt", "như trên", a mark of repetition: what the cell above says.
_DITTO = re.compile(r"[\W_]*(?:n\.?t\.?|như trên)[\W_]*|[\s\"”“’']+", re.I)


def is_ditto(text: str) -> bool:
    """Whether a cell only says that it is as above."""
    return bool(_DITTO.fullmatch(text))


def _is_heading(row: TableRow) -> bool:
    """Whether a row only names columns: at least three cells of a few words that do."""
    short = TableRow({c: b for c, b in row.cells.items() if len(b.text) < 45})
    named = {"lead", "both", "cooperate", "deadline", "product"} & set(named_columns(short))
    units = any(
        mentions.HEAD.match(b.text) and b.text[:6] not in _ROLES for b in row.cells.values()
    )
    return len(named) > 2 or (len(named) == 2 and not units and len(row.cells) < 5)


def _parted(row: TableRow, columns: Columns) -> list[TableRow]:
    """Rows that ran into one another ("… | 2 | Lập quỹ | Sở Tài chính"): parted where a number
    stands before work, beyond the last column."""
    number, last = columns.of.get("number", -1), max(columns.of.values())
    cells = [row.cells[c] for c in sorted(row.cells)]
    starts = [
        i
        for i, block in enumerate(cells[:-1])
        if i and is_number(block.text) and len(cells[i + 1].text) > 15
    ]
    if number < 0 or max(row.cells) <= last or not starts:
        return [row]
    first = TableRow({c: row.cells[c] for c in sorted(row.cells)[: starts[0]]})
    pieces = zip(starts, [*starts[1:], len(cells)], strict=True)
    return [first, *(TableRow(dict(enumerate(cells[a:b], start=number))) for a, b in pieces)]


def _sunken(row: TableRow, columns: Columns, above: TableRow | None) -> list[TableRow]:
    """Further work of the row above that a flattened table has sunk to the left: "| Lập sổ theo dõi
    | Sổ | Quý II |" under number, unit and work, whose cells reach down but have left no trace."""
    number, work = columns.of.get("number", -1), columns.of["work"]
    first = row.cells.get(number)
    if above is None or number < 0 or work - number < 2 or first is None:
        return []
    if is_number(first.text) or len(first.text) < 15 or first.text.isupper():
        return []
    places = list(range(work, max(columns.of.values()) + 1))
    cells = [row.cells[c] for c in sorted(row.cells)]
    if len(cells) % len(places) or _names_units(first):
        return []
    kept = {c: b for c, b in above.cells.items() if number < c < work}
    groups = (cells[i : i + len(places)] for i in range(0, len(cells), len(places)))
    return [TableRow({**kept, **dict(zip(places, group, strict=True))}) for group in groups]


_ROLES = ("Cơ qua", "Đơn vị", "CƠ QUA", "ĐƠN VỊ", "Các cơ", "Các đơ")


def _fitting(rows: Sequence[TableRow], new: Columns, old: Columns) -> bool:
    """Whether the next rows fit the new columns better than those so far."""
    return _fit(rows[:6], new) > _fit(rows[:6], old)


def _fit(rows: Sequence[TableRow], columns: Columns) -> int:
    kinds = {column: kind for kind, column in columns.of.items()}
    cells = [(kinds[c], b) for row in rows for c, b in row.cells.items() if c in kinds]
    units = sum(kind in ("lead", "both") and _names_units(b) for kind, b in cells)
    return units + sum(kind == "deadline" and is_time(b.text) for kind, b in cells)


def _is_rest(row: TableRow, columns: Columns) -> bool:
    number = columns.of.get("number", -1)
    return number >= 0 and number not in row.cells and len(row.cells) < len(columns.of)


def _continues(above: TableRow, row: TableRow, columns: Columns) -> bool:
    work = columns.of["work"]
    if work not in row.cells:
        return True
    text = above.cells[work].text if work in above.cells else "."
    return not re.search(r"[.;:]\s*$", text) and row.cells[work].text[:1].islower()


def _join(above: TableRow, row: TableRow) -> None:
    for column, block in row.cells.items():
        mine = above.cells.get(column)
        above.cells[column] = joined(mine, block, between=" ") if mine else block


def _task(
    row: TableRow, columns: Columns, section: str | None, year: int | None
) -> ReadTask | None:
    work = columns.cell(row, "work")
    others = [
        k for k in ("lead", "both", "cooperate", "deadline", "product") if columns.cell(row, k)
    ]
    if work is None or not others or _names_section(row, columns, others):
        return None
    lead, cooperate = _who(row, columns)
    due, product = columns.cell(row, "deadline"), columns.cell(row, "product")
    written = due.text.strip(" .;") if due else None
    if due is None:
        begin = columns.cell(row, "begin")
        written = begin.text.strip(" .;") if begin else None
    base = min(b.sureness() for b in row.cells.values())
    return ReadTask(
        work.text,
        work.place(),
        section,
        pieces.short_title(work.text),
        lead,
        cooperate,
        written,
        deadlines.iso_of(written, year) if written else None,
        None,
        product.text if product else None,
        None,
        {
            "lead": round((mentions.sureness(lead, 0.95) if lead else 0.5) * base, 2),
            "cooperate": round(mentions.sureness(cooperate, 0.95) * base, 2),
            "deadline": round(0.95 * base, 2),
        },
    )


def _names_section(row: TableRow, columns: Columns, others: Sequence[str]) -> bool:
    """A row that names a section: a Roman or capital number, and no lead; or a number as work."""
    number, work = columns.cell(row, "number"), columns.cell(row, "work")
    others_under = [columns.of[k] for k in ("lead", "both", "deadline") if k in columns.of]
    if (
        work is not None
        and work.cell
        and any(
            work.cell.column < column < work.cell.column + work.cell.span for column in others_under
        )
    ):
        return True  # it runs over the columns that would say who and when
    roman = bool(number and re.fullmatch(r"[IVXLC]+\.?|[A-H]\.?", number.text.strip()))
    bare = work is not None and is_number(work.text)
    return bare or (roman and not {"lead", "both"} & set(others))


def _who(row: TableRow, columns: Columns) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Lead and partners of a row: from their columns, or from one column for both."""
    own = columns.cell(row, "lead") or columns.cell(row, "both")
    lead, partners = charge.roles(own, 0, len(own.text.rstrip(" .;"))) if own else ((), ())
    if columns.cell(row, "lead") is None and not partners:  # one column for both: the first leads
        lead, partners = lead[:1], lead[1:]
    return lead, (*partners, *_units(columns.cell(row, "cooperate")))


def _units(cell: Block | None) -> tuple[Mention, ...]:
    if cell is None:
        return ()
    return mentions.mentions(cell, 0, len(cell.text.rstrip(" .;")))
