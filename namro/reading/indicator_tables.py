"""Indicator tables: one indicator a row, its unit, its values by year or phase, who watches it.

A table with values for three years running is a series of figures, not a list of targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from namro.reading import conditions, deadlines, indicator_heads, quantities
from namro.reading.blocks import Block, joined
from namro.reading.indicator_heads import Head, unit_in
from namro.reading.outline import Node
from namro.reading.quantities import Quantity
from namro.reading.task_tables import TableRow, rows_of
from namro.terms import ONGOING


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator at one date: its cell, the cell of its value (None where the indicator says it
    itself), the value's quantities (none where the cell only says that it is to be done)."""

    indicator: Block
    value: Block | None
    quantities: tuple[Quantity, ...]
    unit: str | None
    year: str | None
    year_from: str | None
    monitor: str | None


def read(node: Node) -> Iterator[IndicatorRow]:
    """The rows of an indicator table; nothing where the table is another or a series."""
    rows = rows_of(node)
    head = indicator_heads.read(rows)
    if head is None or head.is_series:
        return
    for row in _whole_rows(rows[head.depth :], head):
        indicator = row.cells.get(head.of("indicator")[0])
        if indicator is not None and re.search(r"[^\W\d]{2}", indicator.text):
            yield from _of_row(row, indicator, head)


def _whole_rows(rows: Sequence[TableRow], head: Head) -> list[TableRow]:
    """Rows with their cells in the right columns, second halves after a page break joined."""
    whole: list[TableRow] = []
    name = head.of("indicator")[0]
    for row in (_realigned(row, head) for row in rows):
        more = row.cells.get(name)
        numbered = any(place < name for place in row.cells)
        cut = more is not None and more.text[:1].islower() and not numbered
        if whole and name in whole[-1].cells and (cut or (more is None and row.cells)):
            for place, block in row.cells.items():
                mine = whole[-1].cells.get(place)
                whole[-1].cells[place] = joined(mine, block) if mine else block
        else:
            whole.append(row)
    return whole


def _realigned(row: TableRow, head: Head) -> TableRow:
    """A row whose empty unit cell left no trace: its values stand one column too far left."""
    units = head.of("unit")
    last = max(head.columns)
    if not units or units[0] not in row.cells or last in row.cells:
        return TableRow(dict(row.cells))
    if not re.search(r"\d", re.sub(r"/\s*\d[\d.]*|m[23]", "", row.cells[units[0]].text)):
        return TableRow(dict(row.cells))
    return TableRow({p if p < units[0] else p + 1: block for p, block in row.cells.items()})


def _of_row(row: TableRow, indicator: Block, head: Head) -> Iterator[IndicatorRow]:
    unit = _text(row, head.of("unit")) or unit_in(indicator.text)
    monitor = _text(row, head.of("monitor"))
    due = _due(row, head)
    cells = [(place, row.cells[place]) for place in head.of("value") if place in row.cells]
    valued = False
    for place, cell in cells:
        column = head.columns[place]
        found = _quantities(cell.text, unit or column.unit)
        if found or _is_done(cell.text):
            valued = True
            year, source = (column.year, column.title) if column.year else due
            yield IndicatorRow(
                indicator, cell, tuple(found), unit or column.unit, year, source, monitor
            )
    if not valued:
        yield IndicatorRow(indicator, None, (), unit, *due, monitor)


def _due(row: TableRow, head: Head) -> tuple[str | None, str | None]:
    text = _text(row, head.of("due"))
    iso = deadlines.iso_of(text) if text else None
    return (iso, text) if iso and iso != ONGOING else (None, None)


def _text(row: TableRow, columns: Sequence[int]) -> str | None:
    cell = next((row.cells[c] for c in columns if c in row.cells), None)
    return cell.text.strip() if cell else None


_DONE = re.compile(r"(?:Hoàn thành|Hoàn thiện|Đạt|Có|Ban hành|Thành lập|Đưa vào|Toàn)\b")


def _is_done(text: str) -> bool:
    """Whether a cell without a number says that it is to be done: "Hoàn thành"."""
    return bool(_DONE.match(text.strip())) and not re.search(r"\d", quantities.view(text))


_BARE = re.compile(
    r"\W*(?:[^\W\d]+\s+){0,4}[\d.,]+(?:/\d{1,4})?"
    r"(?:\s*(?:[-–]|đến)\s*[\d.,]+)?(?:\s*(?:trở lên|trở xuống))?\W*"
)


def _quantities(text: str, unit: str | None) -> list[Quantity]:
    """The values of a cell; a bare number takes the unit of its column."""
    found = conditions.targets_among(text, quantities.find(text))
    if found:
        return found
    if _BARE.fullmatch(text) and not re.fullmatch(r"\W*(?:năm\s+)?20\d\d\W*", text, re.I):
        return quantities.find_bare(text, unit)
    return []
