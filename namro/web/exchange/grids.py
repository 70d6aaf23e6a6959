"""A template's sheet as the page draws it, and the choices of the panel beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from namro.vietnamese import format_number
from namro.web.facts.library import library
from namro.web.plans.models import Plan
from namro.workbook.filling import TemplateSheet, fields_for, open_template
from namro.workbook.filling.catalogue import ROWS_LABELS
from namro.workbook.filling.mapping import (
    DATES,
    FORMATS,
    LEVELS,
    MATCHES,
    MISSING,
    NUMBERS,
    SCALES,
)
from namro.workbook.filling.template import name_of
from namro.workbook.layout import column_name
from namro.workbook.package import open_sheets

MOST_ROWS, MOST_COLUMNS = 150, 30
_BEYOND = 3  # empty rows and columns shown past what the sheet holds


@dataclass(frozen=True)
class GridCell:
    """One cell drawn; `formula`: it cannot be filled."""

    name: str
    text: str
    rows: int
    columns: int
    formula: bool
    faulty: str = ""  # what to look at here


@dataclass(frozen=True)
class Grid:
    """One sheet drawn; `cut`: it is larger than what is shown."""

    name: str
    hidden: bool
    columns: list[str]
    rows: list[tuple[int, list[GridCell]]]
    cut: bool


def grid_of(sheet: TemplateSheet, remarks: Mapping[str, str] | None = None) -> Grid:
    """The upper left of a sheet: merged cells drawn as one. `remarks`: by cell, as "C7"."""
    said = remarks or {}
    tall, wide = sheet.size
    height = min(max(tall + _BEYOND, 12), MOST_ROWS)
    width = min(max(wide + _BEYOND, 6), MOST_COLUMNS)
    heads = {(a[0], a[1]): a for a in sheet.merged}
    covered = {
        (r, c)
        for a in sheet.merged
        for r in range(a[0], min(a[2], height) + 1)
        for c in range(a[1], min(a[3], width) + 1)
    } - set(heads)
    rows = []
    for r in range(height):
        cells = []
        for c in (c for c in range(width) if (r, c) not in covered):
            area = heads.get((r, c), (r, c, r, c))
            spans = min(area[2], height - 1) - r + 1, min(area[3], width - 1) - c + 1
            text = sheet.texts.get((r, c), "")
            name, formula = name_of((r, c)), (r, c) in sheet.formulas
            cells.append(GridCell(name, text[:120], *spans, formula, said.get(name, "")))
        rows.append((r + 1, cells))
    columns = [column_name(c) for c in range(width)]
    return Grid(sheet.name, sheet.hidden, columns, rows, tall > height or wide > width)


def filled_grids(file: Path, remarks: Sequence[Mapping[str, str]]) -> list[Grid]:
    """A filled file's sheets, with its numbers and days as they are read, and the remarks."""
    values, grids = open_sheets(file), []
    for sheet in open_template(file).sheets.values():
        for at, value in values[sheet.name].values.items():
            if at not in sheet.formulas:
                sheet.texts[at] = _shown(value)
        said = {}
        for remark in remarks:
            name, _, cell = remark["cell"].rpartition("!")
            if name == sheet.name:
                said[cell] = f"{remark['message']} {remark['mend']}"
        grids.append(grid_of(sheet, said))
    return grids


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "ĐÚNG" if value else "SAI"
        case int() | float():
            return format_number(Decimal(repr(value)))
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def choices_for(plan: Plan) -> dict[str, object]:
    """What the panel offers: fields by kind of row, targets of the plan, ways of writing."""
    measures = library().measures
    return {
        "fields": {
            kind or "cell": [
                {"key": f.key, "label": f.label, "about": f.about, "kind": f.kind}
                for f in fields_for(kind)
            ]
            for kind in (None, *ROWS_LABELS)
        },
        "targets": [
            {"code": t.code, "label": f"({t.code}) {t.subject}", "measured": t.measure in measures}
            for t in plan.targets.order_by("position")
        ],
        "rows": ROWS_LABELS,
        "levels": LEVELS,
        "matches": MATCHES,
        "scale": SCALES,
        "number": NUMBERS,
        "format": FORMATS,
        "date": DATES,
        "missing": MISSING,
    }
