"""What a page holds: words, lines, tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from namro.reading.blocks import Box


@dataclass(frozen=True, slots=True)
class Word:
    """One word on a page."""

    text: str
    box: Box
    bold: bool = False
    confidence: float = 1.0


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


class Line:
    """Words on one base line that belong together (a column of it where it has two)."""

    __slots__ = ("bold", "box", "page", "text", "words")

    def __init__(self, words: tuple[Word, ...], page: int) -> None:
        self.words = words
        self.page = page
        self.text = " ".join(word.text for word in words)
        self.box = around(word.box for word in words)
        self.bold = all(word.bold for word in words)


@dataclass(slots=True)
class TableCell:
    """A cell of a table on a page; `right` is its right edge."""

    row: int
    column: int
    span: int
    lines: list[Line]
    right: float


@dataclass(slots=True)
class Table:
    """A table on a page: its top edge, its cells that hold words, how many columns it has."""

    top: float
    cells: list[TableCell]
    columns: int


@dataclass(slots=True)
class Page:
    """A page's words and tables.

    `width` and `height` are those of the page turned upright. `turn` says by how many degrees
    clockwise its lines run on the page as it is shown: 0, 90, 180 or 270. `aside` are words that
    run another way than the page does (a watermark, a note up the margin), in shown boxes.
    """

    number: int
    width: float
    height: float
    words: list[Word]
    tables: list[Table] = field(default_factory=list)
    turn: int = 0
    aside: list[Word] = field(default_factory=list)

    @classmethod
    def shown_as(cls, number: int, width: float, height: float, turn: int) -> Page:
        """An empty page that is shown `width` × `height` and whose lines run turned."""
        if turn in (90, 270):
            width, height = height, width
        return cls(number, width, height, [], turn=turn)

    def upright(self, box: Box) -> Box:
        """A box of the page as it is shown, on the page turned upright."""
        left, top, right, bottom = box
        if self.turn == 90:
            return top, self.height - right, bottom, self.height - left
        if self.turn == 180:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 270:
            return self.width - bottom, left, self.width - top, right
        return box

    def shown(self, box: Box) -> Box:
        """A box of the upright page, on the page as it is shown."""
        left, top, right, bottom = box
        if self.turn == 90:
            return self.height - bottom, left, self.height - top, right
        if self.turn == 180:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 270:
            return top, self.width - right, bottom, self.width - left
        return box
