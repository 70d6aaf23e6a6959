"""The blocks of all pages: paragraphs, and the cells of tables where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources.layout.furniture import furniture, running_tables, words_of
from namro.reading.sources.layout.lines import in_reading_order, lines_of
from namro.reading.sources.layout.page import Line, Page, Table
from namro.reading.sources.layout.tables import Running, breaks_in
from namro.reading.sources.plain import MARKER


def blocks_of(pages: Sequence[Page], file: str) -> list[Block]:
    """The blocks of all pages in order; running heads stand once before them, words that run
    another way after their page."""
    flows = [lines_of(page.words, page.number) for page in pages]
    aside = furniture(pages, flows)
    frames = running_tables(pages)
    turned = {page.number: page for page in pages if page.turn or page.skew}
    paragraph = _Paragraph(file, turned)
    blocks = list(_once(aside.once, frames.values(), paragraph))
    running = Running()
    for page, lines in zip(pages, flows, strict=True):
        kept = [
            line
            for line in lines
            if (page.number, line.text, line.box[1]) not in aside.apart and not _is_speck(line)
        ]
        measure = _Measure.of(page, kept)
        waiting = sorted((t for t in page.tables if words_of(t) not in frames), key=lambda t: t.top)
        for line in in_reading_order(kept, page):
            while waiting and line.box[1] > waiting[0].top:
                paragraph.close(blocks)
                running.put(waiting[0], blocks, _cells(waiting.pop(0), paragraph))
            if not paragraph.takes(line, measure):
                paragraph.close(blocks)
            running.closed()
            paragraph.add(line)
        for rest in waiting:
            paragraph.close(blocks)
            running.put(rest, blocks, _cells(rest, paragraph))
        if page.aside:
            paragraph.close(blocks)
            blocks += _aside(page, file)
    paragraph.close(blocks)
    return blocks


def _is_speck(line: Line) -> bool:
    """A mark that recognition saw between two lines, where no words follow it."""
    return line.text in ("-", "•") and line.words[0].confidence < 1


def _once(lines: Sequence[Line], frames: Iterable[Table], words: _Paragraph) -> Iterator[Block]:
    """What runs through all pages, once: a block a line, and a block a cell of a frame."""
    cells = (cell.lines for frame in frames for cell in frame.cells)
    for group in (*([line] for line in lines), *cells):
        block = words.block_of(group, _breaks(group))
        if block:
            yield block


def _cells(table: Table, words: _Paragraph) -> list[tuple[Cell, Block]]:
    """Each cell of a table with its words as a block."""
    made: list[tuple[Cell, Block]] = []
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        breaks = breaks_in(cell.lines, cell.right, counts=cell.column == 0)
        block = words.block_of(cell.lines, breaks)
        if block:
            made.append((Cell(0, cell.row, cell.column, cell.span, cell.down), block))
    return made


def _aside(page: Page, file: str) -> list[Block]:
    """Words that run another way than the page, as one paragraph, each in its shown box."""
    text, pieces = "", []
    for word in page.aside:
        text += " " if text else ""
        at, end = len(text), len(text) + len(word.text)
        pieces.append(Piece(at, end, page.number, word.box, None, word.confidence))
        text += word.text
    if not re.search(r"[^\W_]", text):
        return []
    return [Block(0, text, page.number, file, tuple(pieces), flows=True)]


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

    def __init__(self, file: str, turned: dict[int, Page]) -> None:
        self.file = file
        self.turned = turned
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
        if re.search(r"\bnăm$", before.text) and re.fullmatch(r"20\d\d\W*", line.text):
            return True  # the day of a document, in a column too narrow for it
        if _centred(before, measure) and _centred(line, measure):
            return _one_title(before, line)
        if self._heading_ends(line) or _opens_with_label(before, line):
            return False
        if _begins_item(before, line):
            return False
        if line.box[0] > before.box[0] + 60 or line.box[0] > measure.left + 60:
            return False
        alone = len(self.lines) == 1 and _begins_alike(before, line, measure)
        goes_on = not alone and not _indented(before, line, measure)
        return goes_on and _is_full(before, line, measure)

    def _heading_ends(self, line: Line) -> bool:
        """Whether the lines so far are a heading, by weight or capitals, and this one is not.

        Weight told from the ink of a scan is not sure enough to part what stands together.
        """
        first = line.words[0]
        if not first.text[:1].isupper():
            return False
        typed = first.confidence == 1.0
        if typed and all(x.bold for x in self.lines) and not any(w.bold for w in line.words):
            return True
        upper = all(x.text.isupper() for x in self.lines) and not line.text.isupper()
        return upper and not first.text.isupper() and sum(len(x.words) for x in self.lines) >= 4

    def _over_page(self, before: Line, line: Line, old: _Measure, new: _Measure) -> bool:
        if MARKER.match(line.text) or re.search(r"[.;:!?]\s*$", before.text):
            return False
        return _is_full(before, line, old) and line.box[0] < new.left + 8

    def close(self, blocks: list[Block]) -> None:
        """Put down the paragraph, where it holds words, and begin the next."""
        for lines in _heading_apart(self.lines):
            block = self.block_of(lines, _breaks(lines))
            if block:
                blocks.append(block)
        self.lines = []

    def block_of(self, lines: Sequence[Line], breaks: Sequence[str]) -> Block | None:
        """Lines as one block, `breaks` telling what stands before each; None without words."""
        text = ""
        pieces: list[Piece] = []
        for line, space in zip(lines, breaks, strict=True):
            page = self.turned.get(line.page)
            text += space
            for i, word in enumerate(line.words):
                said = " ".join(unicodedata.normalize("NFC", word.text).split())
                text += " " if i else ""
                at, end = len(text), len(text) + len(said)
                box = page.shown(word.box) if page else word.box
                pieces.append(Piece(at, end, line.page, box, None, word.confidence))
                text += said
        if not (re.search(r"[^\W_]", text) or text in ("*", "%")):
            return None
        sure = min((p.confidence for p in pieces), default=1.0)
        bold = all(line.bold for line in lines)
        page_number = lines[0].page
        return Block(0, text, page_number, self.file, tuple(pieces), None, bold, (), True, sure)


def _breaks(lines: Sequence[Line]) -> list[str]:
    """What stands before each line of a paragraph: a blank, or nothing after a hyphen."""
    cuts = ["" if re.search(r"\w-$", before.text) else " " for before, _ in pairwise(lines)]
    return ["", *cuts] if lines else []


_PART = re.compile(
    r"(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|HỢP PHẦN|Hợp phần|PHỤ LỤC|Phụ lục|ĐIỀU|Điều)\s+"
    r"(?:(?:thứ|THỨ)\s\w+|[IVXLC]+|[A-H]|\d+)\s*(?:[.:–-]|$)"
)
_SIGN = re.compile(r"(?:[a-zđ]|\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)]")


def _heading_apart(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """A heading that ran into the paragraph before it, told by its weight and its item sign."""
    words = [(i, j) for i, line in enumerate(lines) for j in range(len(line.words))]
    tail = len(words)
    while tail and lines[words[tail - 1][0]].words[words[tail - 1][1]].bold:
        tail -= 1
    if not 0 < tail < len(words) - 1:
        return [lines]
    (i, j), (k, m) = words[tail], words[tail - 1]
    closed = re.search(r"[.;:]$", lines[k].words[m].text)
    if not closed or not _SIGN.fullmatch(lines[i].words[j].text):
        return [lines]
    line = lines[i]
    head = [*lines[:i], Line(line.words[:j], line.page)] if j else list(lines[:i])
    return [head, [Line(line.words[j:], line.page), *lines[i + 1 :]]]


def _centred(line: Line, measure: _Measure) -> bool:
    box = line.box
    return abs((box[0] + box[2]) / 2 - measure.middle) < 22 and box[0] > measure.left + 18


def _one_title(before: Line, line: Line) -> bool:
    """Two centred lines of one title: alike in weight and case, the first no kind alone."""
    short = len(before.text.split()) <= 3 and before.text.isupper()
    return before.bold == line.bold and before.text.isupper() == line.text.isupper() and not short


_LABEL = re.compile(r"[A-ZĐÀ-Ỹ][^\W\d_]*(?:\s[^\W\d_]+){1,7}\s?:(?:\s|$)")


def _opens_with_label(before: Line, line: Line) -> bool:
    """A line like "Thời gian thực hiện: …" right after a sentence that is over."""
    return bool(re.search(r"[.;]$", before.text) and _LABEL.match(line.text))


def _is_full(before: Line, line: Line, measure: _Measure) -> bool:
    """Whether the next word would not have fitted on the line before."""
    first = line.words[0].box
    return before.box[2] + 3 + (first[2] - first[0]) > measure.right - 4


def _begins_item(before: Line, line: Line) -> bool:
    """Whether a line opens with the sign of an item, or of a part in weight or capitals."""
    if MARKER.match(line.text) and not re.search(r"[\d–-]$", before.text):
        return True
    return bool(_PART.match(line.text)) and (line.bold or line.text.isupper())


def _begins_alike(before: Line, line: Line, measure: _Measure) -> bool:
    """A first-line indent like that of the line before, which is a paragraph by itself: full, and
    closed."""
    closed = re.search(r"\.\W*$", before.text) and line.text[:1].isupper()
    return bool(closed) and line.box[0] > measure.left + 10 and abs(line.box[0] - before.box[0]) < 3


def _indented(before: Line, line: Line, measure: _Measure) -> bool:
    """A first-line indent where the line before had none, after a closed sentence."""
    closed = bool(re.search(r"[.;:!?…]\W*$", before.text))
    return closed and line.box[0] > measure.left + 10 and line.box[0] > before.box[0] + 8
