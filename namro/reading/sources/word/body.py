"""Walks the body of a .docx: paragraphs, tables, text boxes and notes become blocks in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources.word.names import (
    BOX,
    MC,
    TBL,
    TC,
    TEXT,
    TR,
    VAL,
    WRAPPERS,
    P,
    W,
    is_on,
    whole,
)  # fmt: skip
from namro.reading.sources.word.numbering import Numbering
from namro.reading.sources.word.package import Parts
from namro.reading.sources.word.runs import Line, Runs, Seen, alternative
from namro.reading.sources.word.styles import Styles

_LAID_OUT = f"{W}lastRenderedPageBreak"


class Body:
    """Walks elements; keeps the page, the count of tables and the blocks found."""

    def __init__(self, file: str, parts: Parts) -> None:
        styles = Styles(parts.styles)
        self.file = file
        self.parts = parts
        self.seen = Seen(laid_out=_is_laid_out(parts.body))
        self.runs = Runs(styles, self.seen, old=parts.old_fonts)
        self.numbering = Numbering(parts.numbering, styles)
        self.blocks: list[Block] = []
        self._table = 0
        self._note = 0
        self._carried: list[Line] = []

    def margins(self) -> None:
        """Headers and footers, where a secrecy mark may stand; a page number is left out."""
        said: set[str] = set()
        for margin in self.parts.margins:
            for paragraph in margin.iter(P):
                for line in self.runs.paragraph(paragraph):
                    if re.search(r"[^\W\d]", line.text) and line.text not in said:
                        said.add(line.text)
                        self._add(Line(line.text, (Piece(0, len(line.text), 1),)))
        self.seen.page = 1

    def walk(self, element: Any) -> None:
        """Everything inside one element that holds paragraphs and tables."""
        for child in _flow(element):
            if child.tag == P:
                self._paragraph(child)
            elif child.tag == TBL:
                self._rows(child)
            else:
                self.seen.foreign += 1
        if self._carried and element is self.parts.body:
            self._add_all(self._taken([]))

    def _paragraph(self, element: Any) -> None:
        properties = element.find(f"{W}pPr")
        if properties is not None and is_on(properties.find(f"{W}pageBreakBefore")):
            self._turn()
        for box in _boxes(element):
            self.walk(box)
        if _mark_is_deleted(properties):  # it runs on into the paragraph after it
            self._carried = self._taken(self.runs.paragraph(element))
            return
        label = self.numbering.label(element)
        lines = self.runs.paragraph(element, label)
        if label and len(lines) == 1 and lines[0].text == label:
            lines = []  # a number with nothing after it; it was counted
        self._add_all(self._taken(lines))
        self._notes()
        section = properties.find(f"{W}sectPr") if properties is not None else None
        if section is not None:
            kind = section.find(f"{W}type")
            if kind is None or kind.get(VAL) != "continuous":
                self._turn()

    def _taken(self, lines: list[Line]) -> list[Line]:
        """Lines with those carried over from a paragraph whose end was deleted before them."""
        carried, self._carried = self._carried, []
        if not carried or not lines:
            return carried or lines
        return [*carried[:-1], _joined(carried[-1], lines[0]), *lines[1:]]

    def _turn(self) -> None:
        if not self.seen.laid_out:
            self.seen.page += 1

    def _notes(self) -> None:
        """The notes referred to since the last block, after the paragraph or table of it."""
        while self.seen.notes:
            note = self.parts.notes.get(self.seen.notes.pop(0))
            if note is None:
                continue
            self._note += 1
            lines = [line for p in note.iter(P) for line in self.runs.paragraph(p)]
            for i, line in enumerate(lines):
                sign = Line(f"[{self._note}]", ())
                self._add(replace(_joined(sign, line) if i == 0 else line, bold=False))

    def _add_all(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._add(line)

    def _add(self, line: Line, cell: Cell | None = None) -> None:
        if re.search(r"[^\W_]|%", line.text) or line.text == "*":
            page = line.pieces[0].page if line.pieces else self.seen.page
            pieces = line.pieces or (Piece(0, len(line.text), page),)
            self.blocks.append(Block(0, line.text, page, self.file, pieces, cell, line.bold))

    def _rows(self, element: Any) -> None:
        rows = [(row, list(_inside(row, TC))) for row in _inside(element, TR)]
        if len(rows) == 1 and len(rows[0][1]) == 1 and _is_frame(rows[0][1][0]):
            self.walk(rows[0][1][0])
            return
        table, self._table = self._table, self._table + 1
        down = _reach(rows)
        for i, (row, cells) in enumerate(rows):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.seen.deleted += 1
                continue
            for cell, column, span in _placed(row, cells):
                self._cell(cell, Cell(table, i, column, span, down.get((i, column), 1)))
        self._notes()

    def _cell(self, cell: Any, where: Cell) -> None:
        found = list(self._cell_lines(cell))
        if not found:
            return
        whole_cell = found[0]
        for line in found[1:]:
            whole_cell = _joined(whole_cell, line)
        self._add(replace(whole_cell, bold=any(line.bold for line in found)), where)

    def _cell_lines(self, element: Any) -> Iterator[Line]:
        """The lines of a cell, those of tables and boxes inside it too, in order."""
        for child in _flow(element):
            if child.tag == P:
                for box in _boxes(child):
                    yield from self._cell_lines(box)
                yield from self.runs.paragraph(child, self.numbering.label(child))
            elif child.tag == TBL:
                for row in _inside(child, TR):
                    for cell in _inside(row, TC):
                        yield from self._cell_lines(cell)
            else:
                self.seen.foreign += 1


def _flow(element: Any) -> Iterator[Any]:
    """Paragraphs, tables and foreign parts inside an element, those in mere wrappers too."""
    for child in element:
        tag = child.tag
        if tag in (P, TBL, f"{W}altChunk"):
            yield child
        elif tag in WRAPPERS:
            yield from _flow(child)
        elif tag == f"{MC}AlternateContent":
            chosen = alternative(child)
            if chosen is not None:
                yield from _flow(chosen)


def _joined(first: Line, second: Line) -> Line:
    """Two lines as one, a blank between them."""
    shift = len(first.text) + 1
    moved = tuple(Piece(p.start + shift, p.end + shift, p.page) for p in second.pieces)
    pieces = (*first.pieces, *moved)
    return Line(f"{first.text} {second.text}", pieces, first.bold and second.bold)


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or cells of a row, also those inside controls and marks of changes."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _placed(row: Any, cells: Iterable[Any]) -> Iterator[tuple[Any, int, int]]:
    """The cells of a row, each with its column and how many columns it spans."""
    column = whole(row.find(f"{W}trPr/{W}gridBefore"))
    for cell in cells:
        span = max(1, min(whole(cell.find(f"{W}tcPr/{W}gridSpan"), 1), 100))
        yield cell, column, span
        column += span


def _reach(rows: Iterable[tuple[Any, list[Any]]]) -> dict[tuple[int, int], int]:
    """(row, column) of a cell merged with those below it → how many rows it reaches down."""
    found: dict[tuple[int, int], int] = {}
    open_cells: dict[int, int] = {}  # column → the row in which its merged cell began
    for i, (row, cells) in enumerate(rows):
        going: dict[int, int] = {}
        for cell, column, _ in _placed(row, cells):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is None:
                continue
            begun = None if merge.get(VAL) == "restart" else open_cells.get(column)
            going[column] = i if begun is None else begun
            found[going[column], column] = i - going[column] + 1
        open_cells = going
    return found


def _is_frame(cell: Any) -> bool:
    """Whether a table of one cell is a frame around part of the document, not a table."""
    return next(cell.iter(TBL), None) is not None or len(cell.findall(P)) > 5


def _boxes(paragraph: Any) -> list[Any]:
    """The outermost text boxes anchored in a paragraph, each taken once of its alternatives."""
    found: list[Any] = []

    def look(element: Any) -> None:
        for child in element:
            if child.tag == BOX:
                found.append(child)
            elif child.tag == f"{MC}AlternateContent":
                chosen = alternative(child)
                if chosen is not None:
                    look(chosen)
            elif len(child):
                look(child)

    if next(paragraph.iter(BOX), None) is not None:
        look(paragraph)
    return found


def _mark_is_deleted(properties: Any) -> bool:
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _is_laid_out(body: Any) -> bool:
    """Whether the breaks of Word's last layout are there, and not only where breaks were typed."""
    laid = sum(1 for _ in body.iter(_LAID_OUT))
    typed = sum(1 for b in body.iter(f"{W}br") if b.get(f"{W}type") == "page")
    return laid > 0 and laid >= typed


def has_words(body: Any) -> bool:
    """Whether any text stands in a body at all."""
    return any((t.text or "").strip() for t in body.iter(TEXT))
