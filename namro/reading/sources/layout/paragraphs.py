"""Words with boxes → lines → paragraphs: shared by PDF text and OCR.

Boxes are (left, top, right, bottom) in PDF points, top-left origin.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from namro.reading.blocks import Block, Box, Cell, Piece
from namro.reading.sources.plain import MARKER
from namro.vietnamese import fold


@dataclass(frozen=True)
class Word:
    """One word on a page."""

    text: str
    box: Box
    bold: bool = False
    confidence: float = 1.0


@dataclass(frozen=True)
class Line:
    """Words on one base line that belong together (a column of it where it has two)."""

    words: tuple[Word, ...]
    page: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        boxes = [word.box for word in self.words]
        return (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)


@dataclass
class Table:
    """A table on a page: its top edge, and its cells as row, column, span and lines."""

    top: float
    cells: list[tuple[int, int, int, list[Line]]]
    columns: int


@dataclass
class Page:
    """A page's words and tables, in points; `width` and `height` of the page."""

    number: int
    width: float
    height: float
    words: list[Word]
    tables: list[Table] = field(default_factory=list)
    grid: list[Box] = field(default_factory=list)


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Words → lines, top to bottom; a wide gap parts a line into columns."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.box[1] + w.box[3]) / 2, w.box[0])):
        middle = (word.box[1] + word.box[3]) / 2
        for row in reversed(rows[-4:]):
            top = median(w.box[1] for w in row)
            bottom = median(w.box[3] for w in row)
            if top <= middle <= bottom:
                row.append(word)
                break
        else:
            rows.append([word])
    out: list[Line] = []
    for row in rows:
        out += _columns(sorted(row, key=lambda w: w.box[0]), page)
    return out


def _columns(row: Sequence[Word], page: int) -> Iterator[Line]:
    height = median(w.box[3] - w.box[1] for w in row)
    start = 0
    for i in range(1, len(row)):
        if row[i].box[0] - row[i - 1].box[2] > max(22.0, 2.2 * height):
            yield Line(tuple(row[start:i]), page)
            start = i
    yield Line(tuple(row[start:]), page)


def blocks_of(pages: Sequence[Page], file: str) -> list[Block]:
    """The blocks of all pages: paragraphs, and the cells of tables where they stand."""
    flows = [lines_of(page.words, page.number) for page in pages]
    furniture = _furniture(pages, flows)
    running = _running_tables(pages)
    blocks: list[Block] = []
    paragraph = _Paragraph(file)
    table = -1
    last: Table | None = None
    for page, lines in zip(pages, flows, strict=True):
        kept = [line for line in lines if (page.number, line.text, line.box[1]) not in furniture]
        measure = _Measure.of(page, kept)
        tables = [t for t in page.tables if _words_of(t) not in running]
        waiting = sorted(tables, key=lambda t: t.top)
        for line in _reading_order(kept, page):
            while waiting and line.box[1] > waiting[0].top:
                paragraph.close(blocks)
                table, last = _put_table(waiting.pop(0), table, last, blocks, file)
            if not paragraph.takes(line, measure):
                paragraph.close(blocks)
                last = None
            paragraph.add(line)
        for rest in waiting:
            paragraph.close(blocks)
            table, last = _put_table(rest, table, last, blocks, file)
    paragraph.close(blocks)
    return blocks


def _put_table(
    found: Table, table: int, last: Table | None, blocks: list[Block], file: str
) -> tuple[int, Table]:
    """The cells as blocks; a table goes on from the page before where nothing is between."""
    cells = found.cells
    goes_on = last is not None and last.columns == found.columns and not _heads(found, last)
    repeated = last is not None and last.columns == found.columns and _heads(found, last)
    first_row = 0
    if (goes_on or repeated) and blocks and blocks[-1].cell:
        first_row = max(b.cell.row for b in blocks if b.cell and b.cell.table == table) + 1
        cells = [c for c in cells if not (repeated and c[0] == 0)]
    else:
        table += 1
    for row, column, span, lines in sorted(cells, key=lambda c: (c[0], c[1])):
        words = _Paragraph(file)
        for line in lines:
            words.add(line)
        where = Cell(table, first_row + row, column, span)
        words.close(blocks, where)
    kept_head = last if (goes_on or repeated) and last is not None else found
    return table, Table(found.top, kept_head.cells, found.columns)


def _heads(found: Table, last: Table) -> bool:
    """Whether the first row repeats the heading of the table before."""

    def head(table: Table) -> str:
        return "|".join(fold(" ".join(x.text for x in c[3])) for c in table.cells if c[0] == 0)

    return bool(head(found)) and head(found) == head(last)


def _words_of(table: Table) -> str:
    words = " ".join(line.text for cell in table.cells for line in cell[3])
    return re.sub(r"\d+", "#", fold(words))


def _running_tables(pages: Sequence[Page]) -> set[str]:
    """Tables at the head of most pages: a frame of the form, no words of the document."""
    seen = Counter(_words_of(t) for p in pages for t in p.tables if t.top < 0.2 * p.height)
    return {key for key, times in seen.items() if times >= max(3, 0.6 * len(pages))}


def _furniture(
    pages: Sequence[Page], flows: Sequence[Sequence[Line]]
) -> set[tuple[int, str, float]]:
    """Page numbers and running heads: no words of the document."""
    seen: Counter[str] = Counter()
    edge: list[tuple[int, Line, str]] = []
    for page, lines in zip(pages, flows, strict=True):
        for line in lines:
            top, bottom = line.box[1], line.box[3]
            if top < page.height * 0.11 or bottom > page.height * 0.92:
                key = re.sub(r"\d+", "#", fold(line.text))
                edge.append((page.number, line, key))
                seen[key] += 1
    out: set[tuple[int, str, float]] = set()
    for number, line, key in edge:
        lone = bool(re.fullmatch(r"[-–\s]*\d{1,3}[-–\s]*", line.text))
        running = len(pages) >= 3 and seen[key] >= max(3, 0.6 * len(pages))
        if lone or running:
            out.add((number, line.text, line.box[1]))
    return out


def _reading_order(lines: Sequence[Line], page: Page) -> list[Line]:
    """Lines in order; where two columns stand side by side (head, foot), left before right."""
    middle = page.width / 2
    out: list[Line] = []
    band: list[Line] = []
    for line in lines:
        left, right = line.box[2] < middle + 25, line.box[0] > middle - 45
        side = (left or right) and line.box[2] - line.box[0] < 0.62 * page.width
        if side and (band or _has_neighbour(line, lines)):
            band.append(line)
            continue
        out += _banded(band, middle)
        band = []
        out.append(line)
    return out + _banded(band, middle)


def _has_neighbour(line: Line, lines: Sequence[Line]) -> bool:
    return any(
        other is not line
        and abs(other.box[1] - line.box[1]) < 14
        and (other.box[0] > line.box[2] or other.box[2] < line.box[0])
        for other in lines
    )


def _banded(band: Sequence[Line], middle: float) -> list[Line]:
    left = [line for line in band if line.box[0] <= middle - 45 and line.box[2] < middle + 25]
    return left + [line for line in band if line not in left]


@dataclass(frozen=True)
class _Measure:
    """Margins and line gap of a page."""

    left: float
    right: float
    gap: float
    middle: float

    @classmethod
    def of(cls, page: Page, lines: Sequence[Line]) -> _Measure:
        if not lines:
            return cls(0, page.width, 20, page.width / 2)
        lefts = sorted(line.box[0] for line in lines)
        rights = sorted(line.box[2] for line in lines)
        tops = [line.box[1] for line in lines]
        gaps = [b - a for a, b in pairwise(tops) if 5 < b - a < 60]
        left = lefts[len(lefts) // 10]
        return cls(
            left, rights[int(len(rights) * 0.9)], median(gaps) if gaps else 20, page.width / 2
        )


class _Paragraph:
    """The paragraph being put together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: list[Line] = []
        self.measure: _Measure | None = None

    def add(self, line: Line) -> None:
        self.lines.append(line)

    def takes(self, line: Line, measure: _Measure) -> bool:
        """Whether a line goes on with this paragraph."""
        old, self.measure = self.measure or measure, measure
        if not self.lines:
            return True
        before = self.lines[-1]
        if before.page != line.page:
            return self._over_page(before, line, old, measure)
        gap = line.box[1] - before.box[1]
        if gap > 1.6 * measure.gap or gap < -2:
            return False
        if _centred(before, measure) and _centred(line, measure):
            return _one_title(before, line)
        if MARKER.match(line.text) and not re.search(r"[\d–-]$", before.text):
            return False
        if line.box[0] > before.box[0] + 60 or line.box[0] > measure.left + 60:
            return False
        return _is_full(before, line, measure) and not _indented(before, line, measure)

    def _over_page(self, before: Line, line: Line, old: _Measure, new: _Measure) -> bool:
        if MARKER.match(line.text) or re.search(r"[.;:!?]\s*$", before.text):
            return False
        return _is_full(before, line, old) and line.box[0] < new.left + 8

    def close(self, blocks: list[Block], cell: Cell | None = None) -> None:
        text = ""
        pieces: list[Piece] = []
        for line in self.lines:
            words = unicodedata.normalize("NFC", re.sub(r"\s+", " ", line.text)).strip()
            if text and not re.search(r"\w-$", text):
                text += " "
            at = len(text)
            for word in line.words:
                size = len(unicodedata.normalize("NFC", word.text))
                piece = Piece(at, at + size, line.page, word.box, None, word.confidence)
                pieces.append(piece)
                at += size + 1
            text += words
        if re.search(r"[^\W_]", text) or text == "*":
            first = self.lines[0]
            bold = all(line.bold for line in self.lines)
            sure = min((p.confidence for p in pieces), default=1.0)
            blocks.append(
                Block(0, text, first.page, self.file, tuple(pieces), cell, bold, (), True, sure)
            )
        self.lines = []


def _centred(line: Line, measure: _Measure) -> bool:
    box = line.box
    return abs((box[0] + box[2]) / 2 - measure.middle) < 22 and box[0] > measure.left + 18


def _one_title(before: Line, line: Line) -> bool:
    """Two centred lines of one title: alike in weight and case, the first no kind alone."""
    short = len(before.text.split()) <= 3 and before.text.isupper()
    return before.bold == line.bold and before.text.isupper() == line.text.isupper() and not short


def _is_full(before: Line, line: Line, measure: _Measure) -> bool:
    """Whether the next word would not have fitted on the line before."""
    first = line.words[0].box
    return before.box[2] + 3 + (first[2] - first[0]) > measure.right - 4


def _indented(before: Line, line: Line, measure: _Measure) -> bool:
    """A first-line indent where the line before had none, after a closed sentence."""
    closed = bool(re.search(r"[.;:!?…]\W*$", before.text))
    return closed and line.box[0] > measure.left + 10 and line.box[0] > before.box[0] + 8
