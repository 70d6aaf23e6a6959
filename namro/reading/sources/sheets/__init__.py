""".xlsx (and .xls, .ods through LibreOffice): each sheet a table of cells, as appendices are sent.

`read` gives a Source whose places name sheet and cell ("Biểu 1!D7"). `workbook.py` opens the file,
`shown.py` writes a number as the sheet shows it. A title above the table becomes paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources import notices
from namro.reading.sources.sheets.workbook import Sheet, SheetCell, opened
from namro.reading.sources.sourced import Source
from namro.reading.unreadable import UnreadableDocument
from namro.terms import Fault
from namro.vietnamese import fold

_OF_A_PLAN = re.compile(
    r"nhiem vu|chi tieu|chu tri|phoi hop|thoi han|thoi gian|hoan thanh|don vi thuc hien|noi dung"
    r"|ke hoach|giai phap|muc tieu|san pham|co quan|phu luc|du an|de an|tien do|phan cong"
)
_NAMED_APPENDIX = re.compile(r"^(?:phu luc|pl|bieu)\b")


def read(path: Path, raw: bytes, engine: str = "xlsx") -> Source:
    """The blocks of a workbook, one page a sheet.

    Raises UnreadableDocument; NOT_A_PLAN for a workbook none of whose words belong to a plan.
    """
    book = opened(path.name, raw)
    blocks: list[Block] = []
    tables = 0
    for page, sheet in enumerate(book.sheets, start=1):
        drafts = _Drafts(path.name, page, sheet, tables)
        drafts.read()
        blocks += drafts.blocks
        tables = drafts.tables
    _require_a_plan(path.name, blocks)
    told: list[Fault] = []
    if book.hidden:
        told.append(notices.sheet_hidden(path.name, book.hidden))
    told += [notices.old_encoding(path.name, name) for name in book.encodings]
    if book.macros:
        told.append(notices.macros(path.name))
    return Source(tuple(blocks), max(1, len(book.sheets)), 0, engine, False, tuple(told))


def _require_a_plan(file: str, blocks: Sequence[Block]) -> None:
    if not blocks:
        raise UnreadableDocument(
            "EMPTY", file, "bảng tính không có ô nào có chữ.", "Hãy kiểm tra lại tệp đã lưu."
        )
    words = fold(" ".join(b.text for b in blocks[:2000]))
    if len(set(_OF_A_PLAN.findall(words))) < 2:
        raise UnreadableDocument(
            "NOT_A_PLAN",
            file,
            "bảng tính này không giống phụ lục của kế hoạch: không thấy cột nội dung, nhiệm vụ, "
            "chỉ tiêu, chủ trì hay thời hạn.",
            "Hãy gửi văn bản kế hoạch kèm phụ lục; số liệu báo cáo thì nộp ở mục báo cáo.",
        )


class _Drafts:
    """The blocks of one sheet: title lines as paragraphs, the table as cells."""

    def __init__(self, file: str, page: int, sheet: Sheet, tables: int) -> None:
        self.file = file
        self.page = page
        self.sheet = sheet
        self.tables = tables
        self.blocks: list[Block] = []

    def read(self) -> None:
        rows = list(self.sheet.rows.items())
        first, last = _bounds([cells for _, cells in rows])
        if rows and _NAMED_APPENDIX.match(fold(self.sheet.name)) and not self._says_appendix(rows):
            self._add(SheetCell(1, self.sheet.name, True, 1), 1, None)
        self._part(rows[:first], paragraphs=True)
        self._part(rows[first:last], paragraphs=False)
        self._part(rows[last:], paragraphs=True)

    def _says_appendix(self, rows: Sequence[tuple[int, list[SheetCell]]]) -> bool:
        head = " ".join(cell.text for _, cells in rows[:6] for cell in cells)
        return "phu luc" in fold(head)

    def _part(self, rows: Sequence[tuple[int, list[SheetCell]]], *, paragraphs: bool) -> None:
        """Rows as one table; where `paragraphs`, those of one cell stand on their own."""
        used = False
        for number, cells in rows:
            if paragraphs and len(cells) == 1:
                self.tables, used = self.tables + used, False
                for line in cells[0].text.split("\n"):
                    part = SheetCell(cells[0].column, line, cells[0].bold, cells[0].span)
                    self._add(part, number, None)
                continue
            for cell in cells:
                where = Cell(self.tables, number - 1, cell.column - 1, cell.span, cell.down)
                self._add(cell, number, where)
                used = True
        self.tables += used

    def _add(self, cell: SheetCell, row: int, where: Cell | None) -> None:
        text = re.sub(r"[\s\u200b\ufeff]+", " ", cell.text).strip()
        if re.search(r"[^\W_]|%", text) or text == "*":
            place = f"{self.sheet.name}!{letters(cell.column)}{row}"
            pieces = (Piece(0, len(text), self.page, cell=place),)
            block = Block(0, text, self.page, self.file, pieces, where, cell.bold)
            self.blocks.append(block)


def _bounds(rows: Sequence[list[SheetCell]]) -> tuple[int, int]:
    """The first row of the table and the one past its last: rows of three cells and more, or of
    two where there are no wider ones."""
    for width in (3, 2):
        wide = [i for i, cells in enumerate(rows) if len(cells) >= width]
        if wide:
            return wide[0], wide[-1] + 1
    return len(rows), len(rows)


def letters(column: int) -> str:
    """The letters of a column counted from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    return "".join(_letters(column))


def _letters(column: int) -> Iterator[str]:
    if column > 26:
        yield from _letters((column - 1) // 26)
    yield chr(ord("A") + (column - 1) % 26)
