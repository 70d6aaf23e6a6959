"""What a page holds: words, lines, tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, radians, sin

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
    """A cell of a table on a page; `right` is its right edge, `down` how many rows it spans."""

    row: int
    column: int
    span: int
    lines: list[Line]
    right: float
    down: int = 1


@dataclass(slots=True)
class Table:
    """A table on a page: its top edge, its cells that hold words, how many columns it has;
    `hollow` are its cells without words, as row, column and how many rows they span."""

    top: float
    cells: list[TableCell]
    columns: int
    hollow: tuple[tuple[int, int, int], ...] = ()


@dataclass(slots=True)
class Page:
    """A page's words and tables.

    `width` and `height` are those of the page turned upright. `turn` says by how many degrees
    clockwise its lines run on the page as it is shown: 0, 90, 180 or 270; `skew` by how many
    degrees, counter-clockwise, it was then turned about its centre to stand straight. `aside` are
    words that run another way than the page does (a watermark, a note up the margin), in shown
    boxes.
    """

    number: int
    width: float
    height: float
    words: list[Word]
    tables: list[Table] = field(default_factory=list)
    turn: int = 0
    skew: float = 0.0
    aside: list[Word] = field(default_factory=list)

    @classmethod
    def shown_as(cls, number: int, width: float, height: float, turn: int) -> Page:
        """An empty page that is shown `width` × `height` and whose lines run turned."""
        if turn in (90, 270):
            width, height = height, width
        return cls(number, width, height, [], turn=turn % 360)

    def words_sureness(self) -> float:
        """The mean confidence of all words, in and out of tables; 0 where there are none."""
        cells = [word for t in self.tables for c in t.cells for x in c.lines for word in x.words]
        found = [*self.words, *cells]
        return sum(word.confidence for word in found) / len(found) if found else 0.0

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
        left, top, right, bottom = self._skewed(box) if self.skew else box
        if self.turn == 90:
            return self.height - bottom, left, self.height - top, right
        if self.turn == 180:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 270:
            return top, self.width - right, bottom, self.width - left
        return box

    def _skewed(self, box: Box) -> Box:
        """A box of the straight page, moved to where it stood before it was straightened."""
        angle = radians(self.skew)
        x, y = (box[0] + box[2] - self.width) / 2, (box[1] + box[3] - self.height) / 2
        across = x * cos(angle) - y * sin(angle) - x
        down = x * sin(angle) + y * cos(angle) - y
        return box[0] + across, box[1] + down, box[2] + across, box[3] + down
