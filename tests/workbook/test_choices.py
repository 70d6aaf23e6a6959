"""A row that is chosen from a list: offered in Excel, taken back only from the list."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from namro.workbook import Row, Sheet, read, write
from tests.workbook.forms import small_layout

CHOICES = ("ước tính", "sơ bộ", "chính thức")
LAYOUT = replace(
    small_layout(),
    sheets=(
        Sheet(
            "Biểu 1",
            (
                Row("share", "Tỷ trọng", "%", "number", 2),
                Row("share-mark", "Mức độ", "mức độ", "choice", previous=Decimal(2),
                    choices=CHOICES),
            ),
        ),
    ),
)  # fmt: skip


def form(tmp_path: Path, typed: object) -> Path:
    file = tmp_path / "bieu.xlsx"
    write(LAYOUT, {"share": Decimal("6.1"), "share-mark": Decimal(1)}, file)
    book = openpyxl.load_workbook(file)
    assert book["Biểu 1"]["E8"].value == "ước tính" and book["Biểu 1"]["D8"].value == "sơ bộ"
    book["Biểu 1"]["E8"] = typed
    book.save(file)
    return file


def test_list_is_offered_in_the_cell(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(form(tmp_path, "sơ bộ"))
    lists = [v for v in book["Biểu 1"].data_validations.dataValidation if v.type == "list"]
    assert [(str(v.sqref), v.formula1) for v in lists] == [("E8", f'"{",".join(CHOICES)}"')]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("chính thức", 3), ("Sơ bộ ", 2), ("so bo", 2), (None, None)],
)
def test_choice_comes_back_as_its_place(tmp_path: Path, typed: object, value: int | None) -> None:
    found = read(form(tmp_path, typed), LAYOUT)
    assert found.errors == []
    assert found.values["share-mark"].value == value


@pytest.mark.parametrize("typed", ["tạm tính", 3, "1"])
def test_anything_else_is_refused_with_the_list(tmp_path: Path, typed: object) -> None:
    [fault] = read(form(tmp_path, typed), LAYOUT).errors
    assert fault.code == "NOT_A_CHOICE" and fault.place.cell == "Biểu 1!E8"
    assert "“sơ bộ”" in fault.suggestion
