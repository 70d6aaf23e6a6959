"""A file from outside → its sheets' cells, opened safely (mở tệp Excel).

A returned file may be anything: damaged, encrypted, another format, or made to exhaust memory.
Everything is measured before it is parsed: the members are unpacked here under a limit, and
python-calamine reads the clean copy, so that it never sees more than was measured.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import python_calamine

from namro.terms import Fault, Place

MOST_BYTES = 10_000_000
MOST_UNPACKED = 60_000_000
MOST_MEMBERS = 500
MOST_SHEETS = 120  # a hundred forms and some of the unit's own
MOST_ROWS = 5_000
MOST_COLUMNS = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "Tải lại biểu mẫu của kỳ này, nhập số liệu, lưu dạng .xlsx rồi gửi lại."
Address = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True)
class SheetCells:
    """One sheet: `values` by address (text, numbers, dates; blanks left out); `failed` by address
    gives a formula error ("#REF!"), or "" where a formula was never computed."""

    name: str
    values: dict[Address, Any] = field(default_factory=dict)
    failed: dict[Address, str] = field(default_factory=dict)


class Unreadable(Exception):
    """The file cannot be read at all; `fault` says why and how to mend it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def open_sheets(file: Path) -> dict[str, SheetCells]:
    """Sheet name → its cells, hidden sheets too. Raises Unreadable; OSError if there is no file."""
    try:
        members = unpack(file)
        return _read_cells(members, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as why:
        raise _unreadable(file, "DAMAGED", "Tệp bị hỏng, không giải nén được.", _AGAIN) from why
    except (ElementTree.ParseError, python_calamine.CalamineError, LookupError, ValueError) as why:
        raise _unreadable(
            file, "DAMAGED", "Tệp bị hỏng: nội dung bên trong không đọc được.", _AGAIN
        ) from why


def _unreadable(file: Path, code: str, message: str, suggestion: str) -> Unreadable:
    return Unreadable(Fault(code, message, suggestion, Place(file.name)))


def unpack(file: Path) -> dict[str, bytes]:
    """Member → content of an .xlsx, measured before it is unpacked. Raises Unreadable."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise _unreadable(
            file,
            "TOO_LARGE",
            f"Tệp lớn quá {most} MB, không phải biểu mẫu đã cấp.",
            "Bỏ hình ảnh và trang tính thêm vào; tài liệu kèm theo gửi ở mục minh chứng.",
        )
    data = file.read_bytes()
    _check_format(data, file)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        infos = packed.infolist()
        if any(info.flag_bits & 1 for info in infos):
            raise _encrypted(file)
        if len(infos) > MOST_MEMBERS or sum(i.file_size for i in infos) > MOST_UNPACKED:
            raise _unreadable(
                file, "TOO_LARGE", "Tệp giải nén ra quá lớn, không phải biểu mẫu đã cấp.", _AGAIN
            )
        names = {info.filename for info in infos}
        if "xl/workbook.bin" in names:
            raise _old_format(file, "Excel nhị phân (.xlsb)")
        if "xl/workbook.xml" not in names:
            raise _not_a_workbook(file, "mimetype" in names)
        if any(PurePosixPath(name).name == "vbaProject.bin" for name in names):
            raise _unreadable(
                file,
                "MACROS",
                "Tệp có chứa macro (chương trình tự chạy) nên không được nhận.",
                "Mở tệp bằng Excel, chọn “Lưu thành…” và lưu dạng .xlsx (không có macro).",
            )
        # ZipExtFile never yields more than the size declared above, and checks the CRC.
        return {info.filename: packed.read(info) for info in infos if not info.is_dir()}


def _check_format(data: bytes, file: Path) -> None:
    if not data:
        raise _unreadable(file, "EMPTY_FILE", "Tệp rỗng (0 byte).", _AGAIN)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _encrypted(file)
        raise _old_format(file, ".xls của Excel đời cũ")
    if not data.startswith(b"PK"):
        raise _not_a_workbook(file, False)


def _encrypted(file: Path) -> Unreadable:
    return _unreadable(
        file,
        "ENCRYPTED",
        "Tệp có đặt mật khẩu nên không đọc được.",
        "Mở tệp, bỏ mật khẩu mở tệp, lưu lại rồi gửi lại.",
    )


def _old_format(file: Path, form: str) -> Unreadable:
    return _unreadable(
        file,
        "OLD_FORMAT",
        f"Tệp không phải dạng .xlsx (có thể là dạng {form}).",
        "Mở tệp bằng Excel hoặc LibreOffice, chọn “Lưu thành…” và lưu dạng .xlsx.",
    )


def _not_a_workbook(file: Path, open_document: bool) -> Unreadable:
    if open_document:
        return _old_format(file, "OpenDocument (.ods)")
    return _unreadable(file, "NOT_A_WORKBOOK", "Tệp không phải là bảng tính Excel (.xlsx).", _AGAIN)


def _read_cells(members: dict[str, bytes], file: Path) -> dict[str, SheetCells]:
    parts = _sheet_parts(members)
    if len(parts) > MOST_SHEETS:
        raise _unreadable(file, "TOO_LARGE", f"Tệp có hơn {MOST_SHEETS} trang tính.", _AGAIN)
    failed = {name: _scan(members[part], name, file) for name, part in parts.items()}
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    clean.seek(0)
    with python_calamine.load_workbook(clean) as book:
        return {
            name: SheetCells(name, _values(book.get_sheet_by_name(name)), failed[name])
            for name in parts
        }


def _values(sheet: python_calamine.CalamineSheet) -> dict[Address, Any]:
    return {
        (row, column): value
        for row, line in enumerate(sheet.to_python(skip_empty_area=False))
        for column, value in enumerate(line)
        if value != "" and not (isinstance(value, str) and not value.strip())
    }


def _parse(content: bytes) -> io.BytesIO:
    """Spreadsheets carry no document type; one that does is not to be trusted."""
    if b"<!DOCTYPE" in content[:4096] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("document type in a workbook part")
    return io.BytesIO(content)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheet_parts(members: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → member, in the order of the tabs; chart sheets left out."""
    links = ElementTree.parse(_parse(members["xl/_rels/workbook.xml.rels"])).getroot()
    targets = {
        link.attrib["Id"]: link.attrib["Target"]
        for link in links
        if link.attrib["Type"].endswith("/worksheet")
    }
    parts = {}
    for element in ElementTree.parse(_parse(members["xl/workbook.xml"])).iter():
        if _local(element.tag) == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            if link in targets:
                target = targets[link]
                parts[element.attrib["name"]] = (
                    target[1:] if target.startswith("/") else f"xl/{target}"
                )
    return parts


def _scan(content: bytes, name: str, file: Path) -> dict[Address, str]:
    """Formula errors and formulas without a result, which calamine reads as blank; and bounds:
    calamine makes a full grid, so that one stray cell in XFD1048576 would take all memory."""
    failed: dict[Address, str] = {}
    row, column = -1, -1
    for event, element in ElementTree.iterparse(_parse(content), events=("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "start" and tag == "c":
            address = element.get("r")
            column = _column(address) if address else column + 1
        elif event == "end" and tag == "c":
            said = {_local(part.tag): part.text or "" for part in element.iter()}
            if not said.keys() & {"v", "f", "t"}:
                continue
            _check_bounds(row, column, name, file)
            if element.get("t") == "e":
                failed[row, column] = said.get("v") or "#VALUE!"
            elif "f" in said and not said.get("v"):
                failed[row, column] = ""
        elif event == "end" and tag == "row":
            element.clear()
    return failed


def _column(address: str) -> int:
    number = 0
    for letter in address.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _check_bounds(row: int, column: int, name: str, file: Path) -> None:
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        raise _unreadable(
            file,
            "TOO_LARGE",
            f"Trang tính “{name}” có nội dung ngoài {MOST_ROWS} dòng, {MOST_COLUMNS} cột đầu.",
            "Xóa nội dung nằm ngoài biểu mẫu, hoặc tải lại biểu mẫu và nhập lại.",
        )
