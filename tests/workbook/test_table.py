import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from namro.workbook import Column, write_table
from namro.workbook import table as table_room

COLUMNS = (
    Column("Nhiệm vụ", 50),
    Column("Hồ sơ", 12, "number"),
    Column("Tỷ lệ", 10, "percent", 1),
    Column("Thời hạn", 14, "date"),
    Column("Cập nhật", 18, "moment"),
)
ROW = (
    "Ban hành kế hoạch",
    1035,
    Decimal("71.9"),
    date(2025, 9, 30),
    datetime(2025, 9, 3, 8, 5, tzinfo=UTC),
)


def sheet_of(rows, columns=COLUMNS, **more):
    out = io.BytesIO()
    write_table("Danh sách nhiệm vụ", columns, rows, out, **more)
    return openpyxl.load_workbook(out).active


def test_table_has_title_as_of_head_filter_and_frozen_rows() -> None:
    page = sheet_of([ROW, ROW], as_of="Số liệu đến 17 giờ ngày 03/9/2025")
    assert page["A1"].value == "Danh sách nhiệm vụ"
    assert page["A2"].value == "Số liệu đến 17 giờ ngày 03/9/2025"
    assert [c.value for c in page[4]] == ["Nhiệm vụ", "Hồ sơ", "Tỷ lệ", "Thời hạn", "Cập nhật"]
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:E6"
    assert page.column_dimensions["A"].width == pytest.approx(50, abs=1)


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    cells = sheet_of([ROW])[5]
    assert [c.value for c in cells] == [
        "Ban hành kế hoạch", 1035, 71.9, datetime(2025, 9, 30), datetime(2025, 9, 3, 8, 5),
    ]  # fmt: skip
    assert cells[2].number_format == '#,##0.0"%"'
    assert cells[3].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "{=1+1}", "https://a.vn"]
)
def test_text_can_never_act_as_a_formula(text: str) -> None:
    cell = sheet_of([(text,)], (Column("Nội dung"),))["A5"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.hyperlink is None
    assert cell.quotePrefix or text[0] not in "=+-@\t"


def test_blank_is_blank_and_long_numbers_keep_their_digits() -> None:
    columns = (
        Column("a"),
        Column("b", kind="number"),
        Column("c", kind="number"),
        Column("d", kind="date"),
    )
    cells = sheet_of([(None, None, 12345678901234567, None)], columns)[5]
    assert [c.value for c in cells] == [None, None, "12345678901234567", None]


def test_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    value = sheet_of([("ă" * 40_000,)], (Column("a"),))["A5"].value
    assert len(value) == 32_767
    assert value.endswith("[…]")


def test_rows_are_high_enough_for_their_wrapped_text() -> None:
    page = sheet_of([("a" * 20,), ("a" * 120,), ("a\nb\nc",)], (Column("Nội dung", 40),))
    assert [page.row_dimensions[n].height for n in (5, 6, 7)] == pytest.approx(
        [18, 50, 50], abs=0.5
    )


def test_empty_list_still_makes_a_table(tmp_path: Path) -> None:
    write_table("Danh sách", COLUMNS, [], tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A4"].value == "Nhiệm vụ"


def test_row_of_another_length_and_too_many_rows_are_refused(monkeypatch) -> None:
    with pytest.raises(ValueError):
        sheet_of([("một",)])
    monkeypatch.setattr(table_room, "_MOST_ROWS", 2)
    with pytest.raises(table_room.TooManyRows, match="hãy lọc bớt"):
        sheet_of([ROW] * 3)


def test_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table("Danh sách", COLUMNS, [ROW], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
