"""Templates of other systems as tests need them, made by a library not used for filling."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import openpyxl
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from namro.workbook.filling import Material, Number, Row, Template, mapping_of, open_template


def save(book: openpyxl.Workbook, folder: Path, name: str = "mau.xlsx") -> Path:
    file = folder / name
    book.save(file)
    return file


def small_book() -> openpyxl.Workbook:
    """A head, a table of targets with a total, a table of communes with printed codes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 1"
    sheet["A1"] = "BIỂU SỐ 1"
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = Font(bold=True)
    sheet["B2"].fill = PatternFill("solid", fgColor="FFFF00")
    for column, title in enumerate(["TT", "Chỉ tiêu", "Tử", "Mẫu", "Kết quả"], 1):
        sheet.cell(4, column, title)
    sheet["E9"] = "=SUM(E5:E8)"
    rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="1")
    rule.add("E5:E8")
    sheet.add_data_validation(rule)
    sheet.print_area = "A1:E9"
    sheet.page_setup.orientation = "landscape"
    units = book.create_sheet("Xã")
    for line, code in enumerate(["90001", "90002", "99999"], 3):
        units.cell(line, 1, code)
    hidden = book.create_sheet("Danh mục")
    hidden["A1"] = "giữ nguyên"
    hidden.sheet_state = "hidden"
    return book


def opened(book: openpyxl.Workbook, folder: Path) -> Template:
    return open_template(save(book, folder))


def read_back(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def number(text: str, digits: int = 2) -> Number:
    return Number(Fraction(text), digits)


def material() -> Material:
    """Two targets, the second without a figure; two communes."""
    values = {"value": number("45.678"), "numerator": number("32", 0), "target_name": "phủ sóng"}
    return Material(
        general={"period": "tháng 9 năm 2025", "unit_name": "Tỉnh Mẫu", "unit_code": "12"},
        targets=[Row("1", "phủ sóng", values), Row("2", "băng rộng", {"target_name": "băng rộng"})],
        units={"commune": [Row("c1", "Xã Một"), Row("c2", "Xã Hai")]},
        of_unit={("1", "c1"): {"value": number("50")}},
    )


MAPPING = {
    "spots": [{"sheet": "Biểu 1", "cell": "B2", "what": "period"}],
    "blocks": [
        {
            "sheet": "Biểu 1", "rows": "targets", "first": 5, "last": 8,
            "columns": [
                {"column": "A", "what": "order"},
                {"column": "B", "what": "target_name"},
                {"column": "C", "what": "numerator"},
                {"column": "E", "what": "value",
                 "look": {"scale": "0.01", "format": "0.0%", "missing": "dash"}},
            ],
        },
        {
            "sheet": "Xã", "rows": "units", "first": 3, "last": 5,
            "match": "code", "match_column": "A",
            "columns": [{"column": "B", "what": "value", "of": "1",
                         "look": {"number": "comma", "digits": 1}}],
        },
    ],
    "codes": {"c1": "90001"},
}  # fmt: skip


def mapping(**changes):
    return mapping_of({**MAPPING, **changes})
