"""Many forms in one file, and a refused file's copy with its faults marked."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from namro.terms import Fault
from namro.workbook import (
    MOST_FORMS,
    Form,
    Marked,
    Sheet,
    Unreadable,
    open_returned,
    read,
    read_form,
    write_fault_copy,
    write_many,
)
from namro.workbook.layout import FAULT_SHEET, LIST_SHEET
from tests.workbook.forms import FILLED, SHEETS, TRAINED, replace_in, small_layout


def form_of(unit: str, number: int, **changes: Any) -> Form:
    sheets = tuple(Sheet(f"{number}. {unit} {s.title}", s.rows) for s in SHEETS)
    layout = small_layout(
        key={"round": "r7", "unit": unit, "receiver": "so-noi-vu", "version": "1"},
        unit_name=unit, sheets=sheets, seen=number, **changes,
    )  # fmt: skip
    return Form(layout, FILLED, {TRAINED: f"ghi chú của {unit}"})


FORMS = [form_of("xã A", 1), form_of("xã B", 2), form_of("xã C", 3)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_many(FORMS, tmp_path / "bieu.xlsx")
    return tmp_path / "bieu.xlsx"


def spoil(file: Path, sheet: str, **cells: Any) -> None:
    book = openpyxl.load_workbook(file)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(file)


def copy_of(file: Path, forms=FORMS) -> tuple[Path, list[Fault]]:
    """The copy of a file with its faults written in, and those faults."""
    returned = open_returned(file)
    marked = [Marked(f.layout, read_form(returned, f.layout).errors) for f in forms]
    out = file.with_name("ban-sao.xlsx")
    write_fault_copy(returned, marked, out)
    return out, [fault for one in marked for fault in one.faults]


def test_each_form_of_a_file_comes_back_by_itself(file: Path) -> None:
    returned = open_returned(file)
    assert [form.key["unit"] for form in returned.forms] == ["xã A", "xã B", "xã C"]
    assert list(returned.unread()) == []
    for form, found in zip(FORMS, returned.forms, strict=True):
        assert found.sheets == tuple(s.title for s in form.layout.sheets)
        told = read_form(returned, form.layout)
        assert (told.faults, told.seen) == ([], found.seen)
        assert {e: c.value for e, c in told.values.items()} == FILLED
        assert told.values[TRAINED].note == form.notes[TRAINED]


def test_single_form_is_read_out_of_a_file_of_many(file: Path) -> None:
    assert read(file, FORMS[1].layout).faults == []


def test_list_leads_to_every_form(file: Path) -> None:
    page = openpyxl.load_workbook(file)[LIST_SHEET]
    rows = list(page.iter_rows(min_row=4, values_only=True))
    assert [row[2] for row in rows] == ["xã A", "xã B", "xã C"]
    assert all(page.cell(at, 2).hyperlink for at in (4, 5, 6))


def test_altered_key_of_one_form_leaves_the_others(file: Path) -> None:
    replace_in(file, "xl/sharedStrings.xml", "ã B".encode(), "ã X".encode())
    returned = open_returned(file)
    assert [form.sound for form in returned.forms] == [True, False, True]


def test_files_hold_so_many_forms_and_no_sheet_twice(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="trùng tên"):
        write_many([FORMS[0], FORMS[0]], tmp_path / "a.xlsx")
    with pytest.raises(ValueError, match="từ 1 đến"):
        write_many([], tmp_path / "a.xlsx")
    with pytest.raises(ValueError, match="từ 1 đến"):
        write_many([form_of("x", n) for n in range(MOST_FORMS + 1)], tmp_path / "a.xlsx")


def test_faults_are_marked_at_their_cells(file: Path) -> None:
    first, second = FORMS[0].layout.sheets[0].title, FORMS[1].layout.sheets[0].title
    spoil(file, first, E7="ba mươi")
    spoil(file, second, E8=10**30, F8="giữ nguyên")
    out, faults = copy_of(file)
    assert {f.code for f in faults} == {"NOT_A_NUMBER", "ABOVE_LIMIT"}
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == FAULT_SHEET
    cell = book[first]["E7"]
    assert cell.value == "ba mươi" and cell.comment and cell.fill.fgColor.rgb == "FFFFC7CE"
    assert "ba mươi" in book[first]["G7"].value and book[first]["G8"].value is None
    assert (book[second]["E8"].value, book[second]["F8"].value) == (1e30, "giữ nguyên")
    listed = list(book[FAULT_SHEET].iter_rows(min_row=5, max_col=4, values_only=True))
    assert [(row[1], row[2]) for row in listed] == [(first, "E7"), (second, "E8")]
    assert book[FAULT_SHEET]["C5"].hyperlink.location == f"'{first}'!E7"
    assert not cell.protection.locked and book[first]["B7"].protection.locked


def test_mended_copy_comes_back_cleanly(file: Path) -> None:
    sheet = FORMS[0].layout.sheets[0].title
    spoil(file, sheet, E7="ba mươi")
    out, _ = copy_of(file)
    spoil(out, sheet, E7=30)
    returned = open_returned(out)
    assert list(returned.unread()) == []
    for form in FORMS:
        told = read_form(returned, form.layout)
        assert (told.faults, told.seen) == ([], form.layout.seen)
    assert read_form(returned, FORMS[0].layout).values[TRAINED].value == 30


def test_copy_rests_on_what_its_author_had_seen(file: Path) -> None:
    today = [replace(f, layout=replace(f.layout, seen=99)) for f in FORMS]
    spoil(file, FORMS[0].layout.sheets[0].title, E7="x")
    out, _ = copy_of(file, today)
    assert [form.seen for form in open_returned(out).forms] == [1, 2, 3]


def test_moved_rows_stand_where_they_belong_again(file: Path) -> None:
    sheet = FORMS[0].layout.sheets[0].title
    book = openpyxl.load_workbook(file)
    book[sheet].insert_rows(8)
    book.save(file)
    out, faults = copy_of(file)
    assert [f.code for f in faults] == ["ROWS_MOVED"]
    told = read_form(open_returned(out), FORMS[0].layout)
    assert told.errors == [] and {e: c.value for e, c in told.values.items()} == FILLED


@pytest.mark.parametrize("typed", [True, 12.5, datetime(2025, 9, 3), "03/9/2025", "=1+1", -7])
def test_copy_keeps_what_was_typed(file: Path, typed: object) -> None:
    sheet = FORMS[0].layout.sheets[0].title
    spoil(file, sheet, E8=typed, E7="x")
    before = open_returned(file).sheets[sheet].values.get((7, 4))
    out, _ = copy_of(file)
    assert open_returned(out).sheets[sheet].values.get((7, 4)) == before


def test_workbook_with_macros_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    with pytest.raises(Unreadable) as why:
        open_returned(file)
    assert why.value.fault.code == "MACROS" and ".xlsx" in (why.value.fault.suggestion or "")


def test_binary_workbook_is_asked_for_as_xlsx(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as packed:
        packed.writestr("xl/workbook.bin", b"x")
    assert read(tmp_path / "a.xlsb", FORMS[0].layout).errors[0].code == "OLD_FORMAT"


def test_vietnamese_decimals_are_told_from_points(file: Path) -> None:
    sheet = FORMS[0].layout.sheets[0].title
    spoil(file, sheet, E9="98,75", E7="1.035", E8="1.035,0")
    told = read_form(open_returned(file), FORMS[0].layout)
    assert told.values["coverage"].value == Decimal("98.75")
    assert told.values[TRAINED].value == 1035
    spoil(file, sheet, E9="98.75")
    told = read_form(open_returned(file), FORMS[0].layout)
    assert told.errors[0].code == "NOT_A_NUMBER" and "98,75" in (told.errors[0].suggestion or "")
