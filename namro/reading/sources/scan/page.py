"""One page picture → Page: turned upright, straightened, tables by their columns, the rest as text.

A page is read as it is; only where it is coarse, or where the words are doubtful, is it cleaned
and read again, and the surer reading kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from namro.reading.blocks import Box
from namro.reading.sources.grids import Grid, GridCell
from namro.reading.sources.layout import Page, Word, put_tables
from namro.reading.sources.layout.page import around
from namro.reading.sources.scan import cells, cleaning, engine, ruling, signs, weight, wording
from namro.vietnamese import is_syllable

READING_DPI = 300
SHOWN = 0.85  # the engine brings lines to 36 pixels: it sees as much, smoother, for less work
_DOUBTFUL = 0.8
_RIGHT_WAY = 0.6
_MIN_SKEW = 0.1
_MARGIN = 12
_LOOK_BACK = 60


def read(picture: Any, number: int, dpi: float) -> Page:
    """A picture at `dpi` as a page whose boxes are in points of the picture as it was given."""
    grey = cleaning.grey_of(picture)
    if dpi > READING_DPI * 1.1:
        size = round(grey.width * READING_DPI / dpi), round(grey.height * READING_DPI / dpi)
        grey, dpi = grey.resize(size, reducing_gap=2.0), READING_DPI
    if cleaning.is_blank(grey, dpi):
        return Page(number, grey.width * 72 / dpi, grey.height * 72 / dpi, [])
    tried: list[Page] = []
    for turn in (90, 270, 0) if cleaning.lies_on_side(grey, dpi) else (0, 180):
        tried.append(_read_turned(grey, number, dpi, turn))
        if tried[-1].words_sureness() >= _RIGHT_WAY:
            break
    return max(tried, key=Page.words_sureness)


def _read_turned(grey: Any, number: int, dpi: float, turn: int) -> Page:
    """The page with its lines taken to run `turn` degrees clockwise."""
    width, height = grey.width * 72 / dpi, grey.height * 72 / dpi
    upright = grey.rotate(turn, expand=True) if turn else grey
    page = Page.shown_as(number, width, height, turn)
    skew = cleaning.skew_of(upright, dpi)
    if abs(skew) >= _MIN_SKEW:
        upright = cleaning.straightened(upright, skew)
        page.skew = skew
    found = _Reading.of(upright, dpi)
    if dpi < cleaning.GOOD_DPI or found.sureness() < _DOUBTFUL:
        better, finer = cleaning.cleaned(upright, dpi)
        again = _Reading.of(better, finer)
        if again.sureness() > found.sureness():
            found, dpi = again, finer
    scale = 72 / dpi
    words = wording.mended(found.words)
    page.words = [replace(word, box=_scaled(word.box, scale)) for word in words]
    put_tables(page, [_scaled_grid(grid, scale) for grid in found.grids])
    cells.mend(page)
    return page


class _Reading:
    """The words and tables of one straight picture, in pixels."""

    def __init__(self, words: list[Word], grids: list[Grid]) -> None:
        self.words = words
        self.grids = grids

    @classmethod
    def of(cls, grey: Any, dpi: float) -> _Reading:
        grids, lines = ruling.grids_in(grey, dpi)
        clear = ruling.without_lines(grey, lines, dpi) if grids else grey
        words: list[Word] = []
        for grid in grids:
            words += _table_words(clear, grid, dpi)
        rest = _painted(clear, [grid.box for grid in grids])
        if not (grids and cleaning.is_blank(rest, dpi)):
            even = cleaning.runs_through(rest, dpi)
            shown = SHOWN if even and dpi >= cleaning.GOOD_DPI else 1.0
            words += once(engine.words_of(rest, dpi, block=even, shown=shown))
        return cls(weight.with_weight(words, grey), grids)

    def sureness(self) -> float:
        return sureness_of(self.words)


def once(words: Sequence[Word]) -> list[Word]:
    """The words, of two that stand in one place (a line found twice) only the surer."""
    kept: list[Word] = []
    for word in words:
        left, top, right, bottom = word.box
        for i in range(len(kept) - 1, max(-1, len(kept) - _LOOK_BACK), -1):
            other = kept[i].box
            if other[1] >= bottom or other[3] <= top:
                continue  # most words: the costly question is for neighbours
            if other[0] < right and other[2] > left and _overlap(other, word.box) > 0.5:
                if word.confidence > kept[i].confidence:
                    kept[i] = word
                break
        else:
            kept.append(word)
    return kept


def _overlap(a: Box, b: Box) -> float:
    """The common part of two boxes, as a share of the smaller."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    least = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return wide * high / least if wide > 0 and high > 0 and least > 0 else 0.0


def sureness_of(words: Sequence[Word]) -> float:
    """The mean confidence over the letters of words, those that are no syllable counting half."""
    total = weight = 0.0
    for word in words:
        letters = "".join(c for c in word.text if c.isalpha())
        if letters:
            weight += len(letters)
            share = 1.0 if is_syllable(letters) or letters.isupper() else 0.5
            total += len(letters) * word.confidence * share
    return total / weight if weight else 0.0


def _table_words(clear: Any, grid: Grid, dpi: float) -> Iterator[Word]:
    """The words of a table: a column at a time; a cell over several columns by itself."""
    wide = [cell for cell in grid.cells if cell.across > 1]
    for cell in wide:
        yield from _words_in(clear, cell.box, dpi)
    strip = _painted(clear, [cell.box for cell in wide])
    for column in range(grid.columns):
        narrow = [c for c in grid.cells if c.column == column and c.across == 1]
        if narrow:
            yield from _words_in(strip, _around(narrow), dpi)


def _words_in(grey: Any, box: Box, dpi: float) -> Iterator[Word]:
    """The words of one part of a picture, given a margin of paper to be read well."""
    from PIL import Image

    left, top, right, bottom = (round(edge) for edge in box)
    part = grey.crop((left, top, right, bottom))
    if not cleaning.ink_of(part).any():
        return
    paper = cleaning.paper_of(grey)
    framed = Image.new("L", (part.width + 2 * _MARGIN, part.height + 2 * _MARGIN), paper)
    framed.paste(part, (_MARGIN, _MARGIN))
    across, down = left - _MARGIN, top - _MARGIN
    for word in engine.words_of(framed, dpi, block=True):
        text = signs.without_bars_of_tables(word.text)
        a, b, c, d = word.box
        if text:
            yield replace(word, text=text, box=(a + across, b + down, c + across, d + down))


def _around(cells: Sequence[GridCell]) -> Box:
    return around(cell.box for cell in cells)


def _painted(grey: Any, boxes: Sequence[Box]) -> Any:
    """The picture with some parts painted over in the colour of the paper."""
    from PIL import ImageDraw

    if not boxes:
        return grey
    out = grey.copy()
    draw, paper = ImageDraw.Draw(out), cleaning.paper_of(grey)
    for box in boxes:
        draw.rectangle(tuple(round(edge) for edge in box), fill=paper)
    return out


def _scaled(box: Box, by: float) -> Box:
    return box[0] * by, box[1] * by, box[2] * by, box[3] * by


def _scaled_grid(grid: Grid, by: float) -> Grid:
    cells = tuple(replace(cell, box=_scaled(cell.box, by)) for cell in grid.cells)
    return Grid(_scaled(grid.box, by), cells, grid.columns)
