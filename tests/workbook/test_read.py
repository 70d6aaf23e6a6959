import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from namro.workbook import Cell, read, write
from namro.workbook.layout import KEY_SHEET
from tests.workbook.forms import CADRES, FILLED, TRAINED, filled_file, put, replace_in, small_layout

MENDED_NUMBER = "Chưa có số liệu"


def codes(faults) -> list[str]:
    return [fault.code for fault in faults]


def read_spoilt(tmp_path: Path, spoil):
    return read(filled_file(tmp_path, spoil), small_layout())


# --- what is right ---------------------------------------------------------------------------


def test_filled_form_comes_back_with_its_cells(tmp_path: Path) -> None:
    found = read(filled_file(tmp_path), small_layout())
    assert found.faults == []
    assert found.values[TRAINED] == Cell(Decimal(32), "Biểu 1!E7")
    assert found.values["balance"] == Cell(Decimal("-12.5"), "Biểu 2!E8")
    assert {e: c.value for e, c in found.values.items()} == FILLED


def test_form_saved_by_a_spreadsheet_program_still_comes_back(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(E8=41))
    assert found.faults == []
    assert found.values[CADRES].value == 41


def test_blank_stays_blank_and_zero_stays_zero(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(E7=None, E8=0, E9="   "))
    assert found.errors == []
    assert found.values[TRAINED].value is None
    assert found.values[CADRES].value == 0
    assert found.values["coverage"].value is None


def test_blank_form_is_said_to_be_blank(tmp_path: Path) -> None:
    found = read(filled_file(tmp_path, values={}), small_layout())
    assert found.errors == []
    assert codes(found.notices) == ["ALL_BLANK"]


def test_notes_come_back_as_written(tmp_path: Path) -> None:
    file = tmp_path / "bieu.xlsx"
    write(small_layout(), FILLED, file, {TRAINED: "Hai người nghỉ thai sản,\n=không tính"})
    found = read(file, small_layout())
    assert found.values[TRAINED].note == "Hai người nghỉ thai sản,\n=không tính"
    assert found.values[CADRES].note is None


def test_float_noise_is_not_a_decimal(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    replace_in(file, "xl/worksheets/sheet1.xml", b"<v>98.75</v>", b"<v>98.749999999999999</v>")
    found = read(file, small_layout())
    assert found.faults == []
    assert found.values["coverage"].value == Decimal("98.75")


def test_formula_with_a_result_counts_as_its_result(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    replace_in(file, "xl/worksheets/sheet1.xml", b"<v>40</v>", b"<f>20*2</f><v>40</v>")
    assert read(file, small_layout()).values[CADRES].value == 40


# --- a cell is wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("ba mươi", "NOT_A_NUMBER", "“ba mươi”"),
        ("32 người", "NOT_A_NUMBER", "“32 người”"),
        ("32,5.1", "NOT_A_NUMBER", "“32,5.1”"),
        ("32.5", "NOT_A_NUMBER", "“32.5”"),
        ("80%", "NOT_A_NUMBER", "“80%”"),
        ("-", "NOT_A_NUMBER", "“-”"),
        (True, "NOT_A_NUMBER", "đúng/sai"),
        (datetime(2025, 9, 3), "NOT_A_NUMBER", "ngày tháng"),
        (-1, "NEGATIVE", "số âm"),
        (5001, "ABOVE_LIMIT", "5.000"),
        (1e18, "ABOVE_LIMIT", "quá lớn"),
        (40.5, "TOO_MANY_DECIMALS", "số nguyên"),
        ("=1/0", "FORMULA_NOT_COMPUTED", "chưa được tính"),
    ],
)
def test_wrong_number_is_an_error_at_its_cell(tmp_path: Path, typed, code, says) -> None:
    found = read_spoilt(tmp_path, put(E7=None, E8=typed))
    assert codes(found.errors) == [code]
    fault = found.errors[0]
    assert fault.place is not None
    assert (fault.place.file, fault.place.cell) == ("bieu.xlsx", "Biểu 1!E8")
    assert says in fault.message
    assert fault.message.startswith("Dòng 2 “Tổng số cán bộ, công chức”: ")
    assert fault.suggestion
    assert CADRES not in found.values


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("32 người", "Chỉ ghi số, bỏ phần chữ: 32."),
        ("1,2E+06", "Ghi đủ các chữ số, không ghi dạng rút gọn (E)."),
        ("1e30", "Ghi đủ các chữ số, không ghi dạng rút gọn (E)."),
        ("12 em", "Chỉ ghi số, bỏ phần chữ: 12."),
        ("32.5", "Viết phần thập phân sau dấu phẩy: 32,5."),
        ("80%", "Bỏ dấu %, chỉ ghi số theo đơn vị tính của dòng: 80."),
        ("-", "Không phát sinh thì ghi 0; chưa có số liệu thì để trống."),
    ],
)
def test_mend_fits_the_mistake(tmp_path: Path, typed: str, mend: str) -> None:
    assert read_spoilt(tmp_path, put(E8=typed)).errors[0].suggestion == mend


@pytest.mark.parametrize(
    ("cell", "typed", "value"),
    [
        ("E8", "1.035", "1035"),
        ("E8", " 1 035 ", "1035"),
        ("E8", "45", "45"),
        ("E9", "32,5", "32.5"),
        ("E9", "0,75", "0.75"),
    ],
)
def test_number_typed_as_text_is_taken_and_said(tmp_path: Path, cell, typed, value) -> None:
    found = read_spoilt(tmp_path, put(**{cell: typed}))
    element = {"E8": CADRES, "E9": "coverage"}[cell]
    assert found.errors == []
    assert found.values[element].value == Decimal(value)
    assert codes(found.notices)[0] == "NUMBER_AS_TEXT"
    assert found.notices[0].place.cell == f"Biểu 1!{cell}"


def test_part_above_its_whole_names_both_cells(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(E7=41))
    assert codes(found.errors) == ["ABOVE_WHOLE"]
    assert found.errors[0].place.cell == "Biểu 1!E7"
    assert "41 lớn hơn 40" in found.errors[0].message
    assert "Biểu 1!E8" in found.errors[0].message


def test_below_its_own_minimum_is_an_error_where_negatives_are_allowed(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, lambda book: book["Biểu 2"].__setitem__("E8", -1000.1))
    assert codes(found.errors) == ["BELOW_LIMIT"]


def test_small_percentage_is_questioned(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(E9=0.5))
    assert found.errors == []
    assert codes(found.notices) == ["SMALL_PERCENTAGE"]
    assert "50%" in found.notices[0].message


@pytest.mark.parametrize(
    "typed", ["03/9/2025", "3-9-2025", "2025-09-03", "ngày 03 tháng 9 năm 2025"]
)
def test_date_typed_as_text_is_taken_and_said(tmp_path: Path, typed: str) -> None:
    found = read_spoilt(tmp_path, put(E10=typed))
    assert found.errors == []
    assert found.values["opened_on"].value == Decimal(20250903)
    assert codes(found.notices) == ["DATE_AS_TEXT"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/02/2025", "NOT_A_DATE"),
        ("tháng 9", "NOT_A_DATE"),
        ("9/2025", "NOT_A_DATE"),
        (datetime(2024, 12, 31), "BELOW_LIMIT"),
        (datetime(2027, 1, 1), "ABOVE_LIMIT"),
    ],
)
def test_wrong_date_is_an_error(tmp_path: Path, typed, code: str) -> None:
    found = read_spoilt(tmp_path, put(E10=typed))
    assert codes(found.errors) == [code]
    assert found.errors[0].place.cell == "Biểu 1!E10"


def test_number_in_a_date_cell_is_an_error(tmp_path: Path) -> None:
    def spoil(book) -> None:
        book["Biểu 1"]["E10"] = 2025
        book["Biểu 1"]["E10"].number_format = "0"

    assert codes(read_spoilt(tmp_path, spoil).errors) == ["NOT_A_DATE"]


def test_formula_error_is_an_error_never_a_blank(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    _retype_e8(file, b"<f>#REF!+1</f><v>#REF!</v>", b' t="e"')
    found = read(file, small_layout())
    assert codes(found.errors) == ["FORMULA_ERROR"]
    assert "#REF!" in found.errors[0].message
    assert found.errors[0].place.cell == "Biểu 1!E8"


def test_long_note_is_an_error(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(F8="x" * 1001))
    assert codes(found.errors) == ["NOTE_TOO_LONG"]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(E7="ba mươi", E8=-4, E9=98.755, E10="hôm qua"))
    assert codes(found.errors) == ["NOT_A_NUMBER", "NEGATIVE", "TOO_MANY_DECIMALS", "NOT_A_DATE"]
    assert set(found.values) == {"dossiers", "balance"}


# --- the form is wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key", "code", "both"),
    [
        ({"unit_name": "phường Đông"}, {"unit": "c9"}, "WRONG_UNIT", ("xã Nậm Mới", "phường Đông")),
        ({"period_label": "tháng 10/2025"}, {"round": "r8"}, "WRONG_ROUND",
         ("tháng 9/2025", "tháng 10/2025")),
        ({"receiver_name": "Văn phòng"}, {"receiver": "vp"}, "WRONG_RECEIVER",
         ("Sở Nội vụ", "Văn phòng")),
        ({}, {"unit": "c2"}, "WRONG_UNIT", ("xã Nậm Mới” (mã c1)", "xã Nậm Mới” (mã c2)")),
        ({}, {"version": "4"}, "OLD_VERSION", ("bản “3”", "bản “4”")),
        ({}, {"plan": "kh-57"}, "WRONG_FORM", ("“không ghi”", "“kh-57”")),
    ],
)  # fmt: skip
def test_form_of_another_is_refused_naming_both(tmp_path, changes, key, code, both) -> None:
    layout = small_layout()
    file = filled_file(tmp_path)
    found = read(file, replace(layout, key={**layout.key, **key}, **changes))
    assert codes(found.errors) == [code]
    assert found.values == {}
    assert all(name in found.errors[0].message for name in both)


def test_form_with_other_rows_under_the_same_key_is_an_old_version(tmp_path: Path) -> None:
    layout = small_layout()
    file = filled_file(tmp_path)
    fewer = replace(layout, sheets=(layout.sheets[0],))
    assert codes(read(file, fewer).errors) == ["OLD_VERSION"]


def test_relabelled_due_day_is_no_new_version(tmp_path: Path) -> None:
    found = read(filled_file(tmp_path), small_layout(due_label="ngày 20/9/2025"))
    assert found.errors == []


def test_missing_key_sheet_is_an_error(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, lambda book: book.remove(book[KEY_SHEET]))
    assert codes(found.errors) == ["KEY_MISSING"]


def test_altered_key_sheet_is_an_error(tmp_path: Path) -> None:
    def spoil(book) -> None:
        page = book[KEY_SHEET]
        cell = next(c for row in page.iter_rows() for c in row if c.value == "c1")
        cell.value = "c2"

    assert codes(read_spoilt(tmp_path, spoil).errors) == ["KEY_ALTERED"]


def test_renamed_sheet_is_an_error(tmp_path: Path) -> None:
    def spoil(book) -> None:
        book["Biểu 2"].title = "Hồ sơ"

    found = read_spoilt(tmp_path, spoil)
    assert codes(found.errors) == ["SHEET_MISSING"]
    assert "“Biểu 2”" in found.errors[0].message
    assert "dossiers" not in found.values


def test_inserted_row_is_one_fault_and_no_value_slips_into_its_neighbour(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, lambda book: book["Biểu 1"].insert_rows(8))
    assert codes(found.errors) == ["ROWS_MOVED"]
    assert "Các dòng từ 8 đến 10" in found.errors[0].message
    assert "xuống 1 dòng" in found.errors[0].message
    assert not {CADRES, "coverage", "opened_on"} & set(found.values)


def test_deleted_row_is_said(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, lambda book: book["Biểu 1"].delete_rows(8))
    assert codes(found.errors) == ["ROWS_MOVED", "ROWS_MOVED"]
    assert "không còn thấy chỉ tiêu “Tổng số cán bộ, công chức”" in found.errors[0].message
    assert "lên 1 dòng" in found.errors[1].message


def test_sorted_rows_are_said(tmp_path: Path) -> None:
    def spoil(book) -> None:
        page = book["Biểu 1"]
        for column in "BCDEF":
            upper, lower = page[f"{column}8"], page[f"{column}9"]
            upper.value, lower.value = lower.value, upper.value

    found = read_spoilt(tmp_path, spoil)
    assert codes(found.errors) == ["ROWS_MOVED", "ROWS_MOVED"]
    assert not {CADRES, "coverage"} & set(found.values)


def test_edited_label_is_said(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(B8="Tổng số viên chức"))
    assert codes(found.errors) == ["ROWS_MOVED"]
    assert found.errors[0].place.cell == "Biểu 1!E8"


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    def spoil(book) -> None:
        book["Biểu 1"]["H7"] = "số này chưa chắc"
        book.create_sheet("Tính nháp")["A1"] = 3

    found = read_spoilt(tmp_path, spoil)
    assert found.errors == []
    assert codes(found.notices) == ["CELLS_NOT_READ", "SHEETS_NOT_READ"]
    assert "Biểu 1!H7" in found.notices[0].message
    assert "“Tính nháp”" in found.notices[1].message


def _retype_e8(file: Path, inner: bytes, kind: bytes) -> None:
    with zipfile.ZipFile(file) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    start = sheet.index(b'<c r="E8"')
    end = sheet.index(b"</c>", start) + 4
    old = sheet[start:end]
    head = old[: old.index(b">")]
    replace_in(file, "xl/worksheets/sheet1.xml", old, head + kind + b">" + inner + b"</c>")
