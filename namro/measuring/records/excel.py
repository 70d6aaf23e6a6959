"""An Excel file of records, opened safely: measured before it is parsed.

python-calamine makes a full grid in memory, so that one stray cell far to the right would take all
of it, and reads a formula's error as a blank: both are looked for in the sheet's own text first.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

MOST_UNPACKED = 600_000_000
MOST_CELLS = 16_000_000
_HEAD_WITHIN = 30
_PIECE = 8 << 20
_ROW = re.compile(rb'<row\b[^>]*? r="(\d{1,7})"')
_CELL = re.compile(rb'<c\b[^>]*? r="([A-Z]{1,3})\d')
_ERROR = re.compile(rb'<c\b([^>]*? t="e"[^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_UNDONE = re.compile(rb"<c\b([^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v></v>|<v/>)?</c>")
_PLACE = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')
_NOT_TAKEN = "Mở tệp bằng Excel hoặc LibreOffice, chọn “Lưu thành…” và lưu dạng .xlsx."


class BadWorkbook(Exception):
    """A workbook that cannot be taken: code, message, suggestion."""


@dataclass
class Failed:
    """Formulas that came to nothing: line → column (from 0) → "#REF!", "" where never computed."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)

    def touches(self, line: int, width: int) -> bool:
        return any(column < width for column in self.cells.get(line, ()))


@dataclass(frozen=True)
class Sheet:
    """A sheet at its head: `rows` are (line, cells from column A) below it."""

    name: str
    line: int
    head: Sequence[Any]
    rows: Iterator[tuple[int, Sequence[Any]]]
    failed: Failed


@dataclass(frozen=True)
class Book:
    """A workbook that was measured: its sheets' parts and the formulas that failed."""

    held: Any
    failed: dict[str, Failed]
    _read: dict[str, Any] = field(default_factory=dict)

    def sheet(self, name: str) -> Any:
        """A sheet's cells, read once: the head is looked for, then all is gone through."""
        if name not in self._read:
            self._read[name] = self.held.get_sheet_by_name(name)
        return self._read[name]


@contextmanager
def sheets(file: Path) -> Iterator[Book]:
    """Open a workbook. Raises BadWorkbook (damaged, encrypted, of another format, too large)."""
    try:
        with zipfile.ZipFile(file) as packed:
            failed = _measured(packed)
        with python_calamine.load_workbook(str(file)) as held:
            yield Book(held, failed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as why:
        raise BadWorkbook("NOT_A_WORKBOOK", _what_it_is(file), _NOT_TAKEN) from why
    except (ElementTree.ParseError, python_calamine.CalamineError, KeyError) as why:
        said = "Tệp Excel bị hỏng: nội dung bên trong không đọc được."
        raise BadWorkbook("DAMAGED", said, _NOT_TAKEN) from why


def _what_it_is(file: Path) -> str:
    with file.open("rb") as start:
        if start.read(8) != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            return "Tệp không phải bảng tính Excel (.xlsx), hoặc đã bị hỏng."
    return "Tệp có mật khẩu mở tệp, hoặc là Excel đời cũ (.xls)."


def _measured(packed: zipfile.ZipFile) -> dict[str, Failed]:
    infos = {info.filename: info for info in packed.infolist()}
    if sum(info.file_size for info in infos.values()) > MOST_UNPACKED:
        raise BadWorkbook(
            "TOO_LARGE", "Tệp Excel giải nén ra quá lớn.", "Xuất dữ liệu ra CSV hoặc Parquet."
        )
    return {name: _scanned(packed, part, name) for name, part in _parts(packed, set(infos)).items()}


def _parts(packed: zipfile.ZipFile, members: set[str]) -> dict[str, str]:
    """Sheet name → its part of the package."""
    links = ElementTree.fromstring(_plain(packed.read("xl/_rels/workbook.xml.rels")))
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    found = {}
    for element in ElementTree.fromstring(_plain(packed.read("xl/workbook.xml"))).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            target = targets.get(link, "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            if part in members:
                found[element.attrib["name"]] = part
    return found


def _plain(content: bytes) -> bytes:
    """Spreadsheets carry no document type; one that does is not to be trusted."""
    if b"<!DOCTYPE" in content[:4096]:
        raise BadWorkbook("DAMAGED", "Tệp Excel có phần khai báo lạ.", _NOT_TAKEN)
    return content


def _scanned(packed: zipfile.ZipFile, part: str, name: str) -> Failed:
    failed, rows, cells, columns = Failed(), 0, 0, set[bytes]()
    for piece in _pieces(packed, part):
        rows = max([rows, *(int(n) for n in _ROW.findall(piece))])
        columns.update(_CELL.findall(piece))
        cells += piece.count(b"<c ") + piece.count(b"<c>")
        for mark, pattern, said in ((b't="e"', _ERROR, None), (b"<f", _UNDONE, "")):
            for cell in pattern.finditer(piece) if mark in piece else ():
                if place := _PLACE.search(cell[1]):
                    told = cell[2].decode() if said is None else said
                    failed.cells.setdefault(int(place[2]), {})[_number(place[1])] = told
    width = max((_number(letters) + 1 for letters in columns), default=0)
    if max(rows * width, cells) > MOST_CELLS:
        said = f"Trang “{name}” quá lớn ({rows} dòng, {width} cột)."
        hint = "Xóa ô thừa ở xa bảng, hoặc xuất dữ liệu ra CSV hay Parquet."
        raise BadWorkbook("TOO_LARGE", said, hint)
    return failed


def _pieces(packed: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part's text in pieces that end with a whole row."""
    rest = b""
    with packed.open(part) as stream:
        while read := stream.read(_PIECE):
            whole, mark, rest = (rest + read).rpartition(b"</row>")
            yield whole + mark
    yield rest


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def sheet_of_records(book: Book, is_head: Callable[[Sequence[Any]], bool]) -> Sheet:
    """The one sheet that has the head of the data set. Raises BadWorkbook where none or two have.

    Without any, the first sheet is given as it stands: its missing columns will be named.
    """
    heads = {}
    for name in book.failed:
        for line, cells in islice(_rows(book, name), _HEAD_WITHIN):
            if is_head(cells):
                heads[name] = line
                break
    if len(heads) > 1:
        named = " và ".join(f"“{name}”" for name in heads)
        said = f"Tệp có {len(heads)} trang cùng mang bản ghi: {named}."
        raise BadWorkbook("TWO_SHEETS", said, "Để mọi bản ghi trong một trang, hoặc gửi CSV.")
    if not book.failed:
        raise BadWorkbook("NO_SHEET", "Tệp Excel không có trang tính nào.", _NOT_TAKEN)
    name, at = next(iter(heads.items()), (next(iter(book.failed)), 1))
    rows = _rows(book, name)
    line, head = next(((n, cells) for n, cells in rows if n >= at), (1, ()))
    return Sheet(name, line, head, rows, book.failed[name])


def _rows(book: Book, name: str) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet = book.sheet(name)
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, [*indent, *cells] if indent else cells
