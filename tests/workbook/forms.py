"""A small form, and ways to fill and spoil its file as people do in Excel (by openpyxl)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from namro.workbook import Layout, Row, Sheet, write

TRAINED, CADRES = "cadres_trained_basic", "cadres"


SHEETS = (
    Sheet(
        "Biểu 1",
        (
            Row(
                TRAINED,
                "Cán bộ, công chức đã được bồi dưỡng kỹ năng số",
                "người",
                at_most=CADRES,
                note="Tính người đã có chứng nhận.",
                previous=Decimal(28),
            ),
            Row(CADRES, "Tổng số cán bộ, công chức", "người", maximum=Decimal(5000)),
            Row(
                "coverage",
                "Tỷ lệ dân số được phủ sóng",
                "%",
                "number",
                2,
                maximum=Decimal(100),
            ),
            Row(
                "opened_on",
                "Ngày đưa điểm hỗ trợ vào hoạt động",
                "ngày",
                "date",
                minimum=Decimal(20250101),
                maximum=Decimal(20261231),
            ),
        ),
    ),
    Sheet(
        "Biểu 2",
        (
            Row("dossiers", "Tổng số hồ sơ", "hồ sơ"),
            Row(
                "balance",
                "Chênh lệch so với dự toán",
                "triệu đồng",
                "number",
                1,
                minimum=Decimal(-1000),
            ),
        ),
    ),
)


def small_layout(**changes: Any) -> Layout:
    layout = Layout(
        key={"round": "r7", "unit": "c1", "receiver": "so-noi-vu", "version": "3"},
        title="Biểu số liệu thực hiện chỉ tiêu chuyển đổi số",
        unit_name="xã Nậm Mới",
        period_label="tháng 9/2025",
        due_label="ngày 17/9/2025",
        receiver_name="Sở Nội vụ",
        sheets=SHEETS,
    )
    return replace(layout, **changes)


FILLED = {
    TRAINED: Decimal(32),
    CADRES: Decimal(40),
    "coverage": Decimal("98.75"),
    "opened_on": Decimal(20250903),
    "dossiers": Decimal(1035),
    "balance": Decimal("-12.5"),
}


def filled_file(
    folder: Path,
    spoil: Callable[[Any], None] | None = None,
    values: Mapping[str, Decimal | None] | None = None,
    layout: Layout | None = None,
) -> Path:
    """A filled form, after `spoil` has changed the workbook as a person would in Excel."""
    file = folder / "bieu.xlsx"
    write(layout or small_layout(), FILLED if values is None else values, file)
    if spoil:
        book = openpyxl.load_workbook(file)
        spoil(book)
        book.save(file)
    return file


def put(**cells: Any) -> Callable[[Any], None]:
    """put(E7="ba mươi") types into the first sheet."""

    def spoil(book: Any) -> None:
        for name, value in cells.items():
            book["Biểu 1"][name] = value

    return spoil


def replace_in(file: Path, member: str, old: bytes, new: bytes) -> None:
    """Change the bytes of one part of a workbook."""
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert old in parts[member]
    parts[member] = parts[member].replace(old, new)
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
