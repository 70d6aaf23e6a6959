"""Indicator tables: one indicator a row, its unit, its value, who watches over it.

A table with values for three years and more is a series of figures, not a list of targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from namro.reading import deadlines, quantities
from namro.reading.blocks import Block
from namro.reading.outline import Node
from namro.reading.quantities import Quantity
from namro.reading.task_tables import TableRow, rows_of
from namro.vietnamese import fold

_INDICATOR = re.compile(r"chi tieu|muc tieu|tieu chi|chi so")
_UNIT = re.compile(r"^(?:dvt|don vi(?: tinh)?|don vi do)$")
_VALUE = re.compile(
    r"^(?:gia tri|muc tieu|ke hoach|chi tieu|muc dat|muc phan dau|phan dau|den (?:het )?nam|nam"
    r"|giai doan|ket qua)\b"
)
_BEFORE = re.compile(r"hien trang|hien nay|thuc hien nam|uoc|uth|nam goc|ket qua nam")
_MONITOR = re.compile(r"theo doi|danh gia|chu tri|phu trach|co quan|don vi (?!tinh)")
_TASK = re.compile(r"nhiem vu|phoi hop|thoi gian|thoi han|hoan thanh|san pham")
MOST_VALUE_COLUMNS = 2


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator: its cell, the cell of its value (None where the indicator says it itself)."""

    indicator: Block
    value: Block | None
    quantities: tuple[Quantity, ...]
    unit: str | None
    year: str | None
    year_from: str | None
    monitor: str | None


def read(node: Node) -> Iterator[IndicatorRow]:
    """The rows of an indicator table; nothing where the table is another."""
    rows = rows_of(node)
    if len(rows) < 2:
        return
    columns = _columns(rows[0])
    wider = max(max(row.cells) for row in rows[1:]) > max(rows[0].cells)
    if columns is None or wider:  # a heading of two levels: years below, a series of figures
        return
    for row in rows[1:]:
        indicator = row.cells.get(columns["indicator"][0])
        if indicator is not None and re.search(r"[^\W\d]{2}", indicator.text):
            yield from _of_row(row, indicator, columns, rows[0])


def _columns(head: TableRow) -> dict[str, list[int]] | None:
    """Which columns hold indicator, unit, values and monitor; None for another kind of table."""
    found: dict[str, list[int]] = {"indicator": [], "unit": [], "value": [], "monitor": []}
    for column, block in sorted(head.cells.items()):
        key = fold(block.text).strip(" .:")
        if _TASK.search(key):
            return None
        kind = _kind(key, found)
        if kind:
            found[kind].append(column)
    if not found["indicator"] or len(found["value"]) > MOST_VALUE_COLUMNS:
        return None
    return found if any(found[k] for k in ("unit", "value", "monitor")) else None


def _kind(key: str, found: dict[str, list[int]]) -> str | None:
    if _BEFORE.search(key):
        return None
    if _UNIT.match(key):
        return "unit"
    if _INDICATOR.search(key) and not found["indicator"]:
        return "indicator"
    if _VALUE.match(key):
        return "value"
    return "monitor" if _MONITOR.search(key) else None


def _of_row(
    row: TableRow, indicator: Block, columns: dict[str, list[int]], head: TableRow
) -> Iterator[IndicatorRow]:
    unit = _text(row, columns["unit"])
    monitor = _text(row, columns["monitor"])
    cells = [(c, row.cells[c]) for c in columns["value"] if c in row.cells]
    if not columns["value"]:
        yield IndicatorRow(indicator, None, (), unit, None, None, monitor)
    for column, cell in cells:
        title = head.cells[column].text
        years = deadlines.target_years(title) or list(deadlines.dates(title))
        year = years[-1].iso if years else None
        found = _quantities(cell.text, unit)
        if found:
            yield IndicatorRow(indicator, cell, tuple(found), unit, year, title, monitor)


def _text(row: TableRow, columns: Sequence[int]) -> str | None:
    cell = next((row.cells[c] for c in columns if c in row.cells), None)
    return cell.text.strip() if cell else None


def _quantities(text: str, unit: str | None) -> list[Quantity]:
    """The values of a cell; a bare number takes the unit of its column."""
    found = quantities.find(text)
    if found:
        return found
    if unit and re.fullmatch(r"\W*(?:[^\W\d]+\s+){0,3}[\d.,]+(?:\s*[-–]\s*[\d.,]+)?\W*", text):
        return quantities.find_bare(text, unit)
    return []
