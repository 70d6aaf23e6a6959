"""Tables in text files, in the three ways they are written: `| a | b |`, one cell between lines
that hold only "|" (as web pages are flattened), and HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

from namro.reading.blocks import Block, Cell, Piece


class Written(Protocol):
    """A line of a file."""

    number: int
    page: int
    text: str


@dataclass
class CellText:
    """The text of one cell, where it begins, and how many columns and rows it spans."""

    text: str
    page: int
    line: int
    span: int = 1
    down: int = 1


@dataclass
class Row:
    """The cells of one row, empty ones too."""

    cells: list[CellText] = field(default_factory=list)


MAX_CELL_LINES = 40
_SEPARATOR = re.compile(r"^\|?[\s:|-]*-{2,}[\s:|-]*\|?$")


def as_blocks(rows: Sequence[Row], table: int, file: str) -> Iterator[Block]:
    """A block for each cell that is not empty."""
    for i, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            text = tidy_cell(cell.text)
            if text:
                pieces = (Piece(0, len(text), cell.page, line=cell.line),)
                where = Cell(table, i, column, cell.span, cell.down)
                bold = cell.text.strip().startswith("**")
                yield Block(0, text, cell.page, file, pieces, where, bold=bold)
            column += cell.span


def tidy_cell(text: str) -> str:
    """The words of a cell: no emphasis, no rules, single blanks."""
    text = re.sub(r"<br\s*/?>", " ", text)
    text = re.sub(r"\\([-*+.#_\[\]()])", r"\1", text)
    text = "\n".join(
        line for line in text.split("\n") if not re.fullmatch(r"\s*[-_=–—]{3,}\s*", line)
    )
    text = unicodedata.normalize("NFC", text.replace("*", ""))
    return re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", text).strip()


def ends(lines: Sequence[Written], start: int) -> int:
    """One past the end of the table that begins at `start`; `start` itself when none does."""
    text = lines[start].text.strip()
    if text == "|":
        return _flat_end(lines, start)
    if text.startswith("<table"):
        i = start
        while i < len(lines) and "</table>" not in lines[i].text:
            i += 1
        return min(i + 1, len(lines))
    if _is_row(text):
        return _piped_end(lines, start)
    return start


def _is_row(text: str) -> bool:
    return text.startswith("|") and text.endswith("|") and text.count("|") >= 2


def _piped_end(lines: Sequence[Written], start: int) -> int:
    """One past the last row. Blank lines may stand between rows; behind one, a row with a rule
    below it is the heading of another table where this one has its own."""
    end = i = start
    ruled = False
    while i < len(lines) and (_is_row(lines[i].text.strip()) or not lines[i].text.strip()):
        text = lines[i].text.strip()
        rule = bool(text) and bool(_SEPARATOR.match(text))
        if ruled and text and not rule and end < i and _ruled_below(lines, i):
            return end
        ruled = ruled or rule
        if text:
            end = i + 1
        i += 1
    return end


def _ruled_below(lines: Sequence[Written], at: int) -> bool:
    return at + 1 < len(lines) and bool(_SEPARATOR.match(lines[at + 1].text.strip()))


# "PHỤ LỤC II" alone on its line: the signatures above it are another table than the one below.
_APPENDIX = re.compile(r"^\**\s*PHỤ LỤC(?:\s+(?:SỐ\s+)?[IVXLC\d]+)?\s*[.:]?\s*\**$")


def _flat_end(lines: Sequence[Written], start: int) -> int:
    """A flattened table ends with a bar that a blank line (or the end of the file) follows, before
    the heading of an appendix, or so much text that it can be no cell."""
    last = start
    for i in range(start + 1, len(lines)):
        if lines[i].text.strip() != "|":
            if _APPENDIX.match(lines[i].text) and last >= i - 2:
                return last + 1
            if i - last > MAX_CELL_LINES:
                return last + 1
            continue
        last = i
        if i + 1 >= len(lines) or not lines[i + 1].text.strip():
            return i + 1
    return last + 1


def parse(lines: Sequence[Written]) -> list[Row]:
    """The rows of a table that `ends` has found."""
    first = lines[0].text.strip()
    if first == "|":
        return _flat(lines)
    if first.startswith("<table"):
        return _html(lines)
    return _piped(lines)


def _piped(lines: Sequence[Written]) -> list[Row]:
    rows = []
    for line in lines:
        text = line.text.strip()
        if not text or _SEPARATOR.match(text):
            continue
        cells = re.split(r"(?<!\\)\|", text.strip("|") if text != "||" else "")
        rows.append(Row([CellText(cell, line.page, line.number) for cell in cells]))
    return rows


_ORDINAL = re.compile(r"^\**\s*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,5}|[A-Da-zđ])\s*[.)]?\s*\**$")
_SECTION = re.compile(r"^\**\s*(?:[IVXLC]{1,5}|[A-D])\s*[.\-)]\s*\S")


def _flat(lines: Sequence[Written]) -> list[Row]:
    """Rows of a flattened table.

    Two bars in a row are either the end of one row and the start of the next, or an empty cell:
    the width of the first row and the item number that follows tell which.
    """
    return rows_by_bars(_cells_and_bars(lines))


def rows_by_bars(cells: Sequence[tuple[int, CellText]]) -> list[Row]:
    """The rows of a flattened table whose cells come with the number of bars before each."""
    rows: list[Row] = [Row()]
    width = 0
    for i, (bars, cell) in enumerate(cells):
        row = rows[-1]
        empties, breaks = _bars(bars, len(row.cells), width, cell, first=i == 0)
        for _ in range(empties):
            row.cells.append(CellText("", cell.page, cell.line))
        if breaks and row.cells:
            width = max(width, len(row.cells))
            rows.append(Row())
        rows[-1].cells.append(cell)
    return [row for row in rows if any(cell.text.strip() for cell in row.cells)]


def _bars(bars: int, filled: int, width: int, cell: CellText, *, first: bool) -> tuple[int, bool]:
    """How many empty cells `bars` stand for, and whether a new row begins after them."""
    if first or bars <= 1:
        return 0, False
    starts = bool(_ORDINAL.match(cell.text.strip()) or _SECTION.match(cell.text.strip()))
    if width and filled + bars - 2 >= width:
        return max(0, width - filled), True
    if not width and bars == 2:
        return 0, True
    if starts or (bars == 2 and filled == 1):
        return bars - 2, True
    return bars - 1, False


def _cells_and_bars(lines: Sequence[Written]) -> list[tuple[int, CellText]]:
    """Each cell with the number of bars that stand before it."""
    found: list[tuple[int, CellText]] = []
    bars = 0
    open_cell: CellText | None = None
    for line in lines:
        text = line.text
        if text.strip() == "|":
            bars += 1
            open_cell = None
        elif text.strip():
            if open_cell is None:
                open_cell = CellText(text, line.page, line.number)
                found.append((bars, open_cell))
                bars = 0
            else:
                open_cell.text += "\n" + text
    return found


class _Rows(HTMLParser):
    """Rows of an HTML table; a cell that spans rows is given to its first row only."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.held: dict[int, int] = {}
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "tr":
            self.open = False  # whether the cell before it was closed or not
            self.rows.append(Row())
            self._keep_places()
        elif tag in ("td", "th") and self.rows:
            span, down = (_whole(said.get(name)) for name in ("colspan", "rowspan"))
            column = sum(cell.span for cell in self.rows[-1].cells)
            self.rows[-1].cells.append(CellText("", 1, 0, span, down))
            for i in range(span):
                self.held[column + i] = down - 1
            self.open = True
            self._keep_places()
        elif tag == "br" and self.open:
            self.rows[-1].cells[-1].text += "\n"

    def _keep_places(self) -> None:
        """Empty cells where a cell of a row above reaches down."""
        row = self.rows[-1]
        if self.open:
            return
        while self.held.get(sum(cell.span for cell in row.cells), 0) > 0:
            column = sum(cell.span for cell in row.cells)
            self.held[column] -= 1
            row.cells.append(CellText("", 1, 0))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = False
            if self.rows:
                self._keep_places()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1].cells[-1].text += data
        elif data.strip():  # between the cells, as a caption: a row of its own
            self.rows.append(Row([CellText(data, 1, 0)]))


def _whole(text: str | None) -> int:
    return min(int(text[:4]), 100) if text and text.isdecimal() and int(text[:4]) > 0 else 1


def _html(lines: Sequence[Written]) -> list[Row]:
    parser = _Rows()
    parser.feed("\n".join(line.text for line in lines))
    for row in parser.rows:
        for cell in row.cells:
            cell.page, cell.line = lines[0].page, lines[0].number
    return parser.rows
