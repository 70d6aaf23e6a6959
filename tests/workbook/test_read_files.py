"""A file that is no workbook, a broken or hostile one: refused with its reason, never opened."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from namro.workbook import read
from namro.workbook.package import MOST_SHEETS
from tests.workbook.forms import filled_file, put, replace_in, small_layout


def codes(faults) -> list[str]:
    return [fault.code for fault in faults]


def read_spoilt(tmp_path: Path, spoil):
    return read(filled_file(tmp_path, spoil), small_layout())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        ("TT;Chỉ tiêu\n1;32\n".encode(), "NOT_A_WORKBOOK"),
        (b"%PDF-1.7 ...", "NOT_A_WORKBOOK"),
        (b"PK\x03\x04 cut short", "DAMAGED"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "OLD_FORMAT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
    ],
)
def test_file_that_is_no_workbook_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "nop.xlsx"
    file.write_bytes(content)
    found = read(file, small_layout())
    assert codes(found.errors) == [code]
    assert found.errors[0].place.file == "nop.xlsx"
    assert found.errors[0].suggestion


def test_file_cut_in_transfer_is_damaged(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    file.write_bytes(file.read_bytes()[:-400])
    assert codes(read(file, small_layout()).errors) == ["DAMAGED"]


def test_file_with_a_flipped_byte_is_damaged(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes(data)
    assert codes(read(file, small_layout()).errors) == ["DAMAGED"]


def test_open_document_and_word_files_are_told_apart(tmp_path: Path) -> None:
    for name, code in (("mimetype", "OLD_FORMAT"), ("word/document.xml", "NOT_A_WORKBOOK")):
        file = tmp_path / "nop.xlsx"
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(name, "x")
        assert codes(read(file, small_layout()).errors) == [code]


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/big.xml", bytes(70_000_000))
    assert file.stat().st_size < 200_000
    assert codes(read(file, small_layout()).errors) == ["TOO_LARGE"]


def test_lying_zip_size_is_refused(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/theme/theme9.xml", bytes(1_000_000))
    data = file.read_bytes()
    file.write_bytes(data.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000)))
    assert codes(read(file, small_layout()).errors) == ["DAMAGED"]


def test_stray_cell_at_the_end_of_the_sheet_cannot_take_the_memory(tmp_path: Path) -> None:
    found = read_spoilt(tmp_path, put(XFD1048576=1))
    assert codes(found.errors) == ["TOO_LARGE"]


def test_too_big_a_file_and_too_many_sheets_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "nop.xlsx"
    file.write_bytes(b"PK" + bytes(10_000_001))
    assert codes(read(file, small_layout()).errors) == ["TOO_LARGE"]
    book = openpyxl.Workbook()
    for _ in range(MOST_SHEETS + 1):
        book.create_sheet()
    book.save(file)
    assert codes(read(file, small_layout()).errors) == ["TOO_LARGE"]


def test_document_type_in_a_part_is_refused(tmp_path: Path) -> None:
    file = filled_file(tmp_path)
    replace_in(file, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook')
    assert codes(read(file, small_layout()).errors) == ["DAMAGED"]
