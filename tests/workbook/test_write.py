from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from namro.workbook import Layout, Row, Sheet, write
from namro.workbook.layout import KEY_SHEET
from tests.workbook.forms import CADRES, FILLED, TRAINED, filled_file, small_layout


@pytest.fixture
def book(tmp_path: Path):
    return openpyxl.load_workbook(filled_file(tmp_path), rich_text=False)


def test_form_says_whose_it_is_for_when_and_how_to_fill_it(book) -> None:
    page = book["Biểu 1"]
    assert page["A1"].value == "Đơn vị báo cáo: xã Nậm Mới"
    assert page["D1"].value == "Nơi nhận báo cáo: Sở Nội vụ"
    assert page["A2"].value == "BIỂU SỐ LIỆU THỰC HIỆN CHỈ TIÊU CHUYỂN ĐỔI SỐ"
    assert page["A4"].value == "Kỳ báo cáo: tháng 9/2025. Hạn gửi: ngày 17/9/2025"
    assert "Chưa có số liệu thì để trống" in page["A5"].value
    assert [cell.value for cell in page[6]] == [
        "TT", "Chỉ tiêu số liệu", "Đơn vị tính", "Kỳ trước", "Kỳ này", "Ghi chú",
    ]  # fmt: skip


def test_form_shows_previous_and_known_values(book) -> None:
    page = book["Biểu 1"]
    assert page["D7"].value == 28
    assert page["E7"].value == 32
    assert page["E9"].value == 98.75
    assert page["E10"].value.date().isoformat() == "2025-09-03"
    assert page["E10"].number_format == "dd/mm/yyyy"


def test_only_entries_and_notes_are_open(book) -> None:
    for page in book.worksheets:
        assert page.protection.sheet
        for row in page.iter_rows():
            for cell in row:
                entry = page.title != KEY_SHEET and cell.column in (5, 6)
                in_table = cell.row in range(7, 7 + (4 if page.title == "Biểu 1" else 2))
                assert cell.protection.locked is not (entry and in_table), cell


def test_cells_refuse_what_the_reader_refuses_and_say_why(book) -> None:
    rules = {str(rule.sqref): rule for rule in book["Biểu 1"].data_validations.dataValidation}
    assert rules["E7"].formula1 == (
        "AND(ISNUMBER(E7),E7>=0,ROUND(E7,0)=E7,OR(ISBLANK('Biểu 1'!$E$8),E7<='Biểu 1'!$E$8))"
    )
    assert "không lớn hơn “Tổng số cán bộ, công chức”" in rules["E7"].error
    assert "E8<=5000" in rules["E8"].formula1
    assert "ROUND(E9,2)=E9" in rules["E9"].formula1
    assert "DATE(2025,1,1)" in rules["E10"].formula1
    assert rules["F7"].type == "textLength"
    assert all(len(rule.error) <= 255 and rule.showErrorMessage for rule in rules.values())


def test_key_sheet_is_very_hidden(book) -> None:
    assert book[KEY_SHEET].sheet_state == "veryHidden"


def test_page_is_set_up_for_a4_with_its_head_on_every_page(book) -> None:
    page = book["Biểu 1"]
    assert page.page_setup.paperSize == 9
    assert page.print_title_rows == "$6:$6"
    assert page.freeze_panes == "C7"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write(small_layout(), FILLED, tmp_path / "a.xlsx", {TRAINED: "đã rà soát"})
    write(small_layout(), dict(reversed(FILLED.items())), tmp_path / "b.xlsx",
          {TRAINED: "đã rà soát"})  # fmt: skip
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_write_refuses_elements_the_form_does_not_ask(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="khong_co"):
        write(small_layout(), {"khong_co": Decimal(1)}, tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("value", ["1234567890123456", "0.1234567890123456", "NaN"])
def test_write_refuses_numbers_excel_would_change(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match=CADRES):
        write(small_layout(), {CADRES: Decimal(value)}, tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "sheets",
    [
        (),
        (Sheet("Biểu 1", ()),),
        (Sheet("Biểu 1", (Row("a", "A", "xã"),)), Sheet("biểu 1", (Row("b", "B", "xã"),))),
        (Sheet("Biểu 1", (Row("a", "A", "xã"), Row("a", "B", "xã"))),),
        (Sheet("Biểu 1/2025", (Row("a", "A", "xã"),)),),
        (Sheet("Biểu" * 9, (Row("a", "A", "xã"),)),),
        (Sheet(KEY_SHEET, (Row("a", "A", "xã"),)),),
    ],
)
def test_layout_refuses_what_cannot_be_a_workbook(sheets: tuple[Sheet, ...]) -> None:
    with pytest.raises(ValueError):
        Layout({"unit": "c1"}, "Biểu", "xã A", "tháng 9/2025", "17/9", sheets)
