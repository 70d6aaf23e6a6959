"""Words into the cells of ruled tables; tables and rows that go on over a page break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from namro.reading.blocks import Block, Box, Cell, joined
from namro.reading.sources.grids import Grid
from namro.reading.sources.layout.breaks import between, is_cut_number
from namro.reading.sources.layout.lines import lines_of
from namro.reading.sources.layout.page import Line, Page, Table, TableCell, Word
from namro.vietnamese import fold


def put_tables(page: Page, grids: Sequence[Grid]) -> None:
    """Move the words of each table from the page's flow into its cells.

    A grid with words in fewer than two of its cells is a frame or a drawing and stays flow.
    """
    for grid in grids:
        inside: dict[int, list[Word]] = {}
        outside: list[Word] = []
        for word in page.words:
            cell = _cell_at(grid, word.box)
            if cell is None:
                outside.append(word)
            else:
                inside.setdefault(cell, []).append(word)
        if len(inside) < 2:
            continue
        cells = []
        for i, words in sorted(inside.items()):
            of = grid.cells[i]
            lines = lines_of(words, page.number)
            cells.append(TableCell(of.row, of.column, of.across, lines, of.box[2], of.down))
        page.words = outside
        hollow = tuple(
            (cell.row, cell.column, cell.down)
            for i, cell in enumerate(grid.cells)
            if i not in inside
        )
        page.tables.append(Table(grid.box[1], cells, grid.columns, hollow))


def _cell_at(grid: Grid, box: Box) -> int | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    left, top, right, bottom = grid.box
    if not (left <= x <= right and top <= y <= bottom):
        return None
    for i, cell in enumerate(grid.cells):
        left, top, right, bottom = cell.box
        if left <= x <= right and top <= y <= bottom:
            return i
    return None


def breaks_in(lines: Sequence[Line], right: float, *, counts: bool = False) -> list[str]:
    """What stands before each line of a cell: nothing, a blank, or nothing where a word runs on.

    `right` is the cell's right edge; `counts` says that its column may number the rows.
    """
    if not lines:
        return []
    out = [""]
    for i, (before, after) in enumerate(pairwise(lines), start=1):
        if counts and is_cut_number(before.text, after.text):
            high, wide = before.box[3] - before.box[1], after.box[2] - after.box[0]
            out.append("" if before.box[2] + wide > right - 0.6 * high else " ")
        else:
            out.append(between(before.text, after.text, fills=fills_column(lines, i, right)))
    return out


def fills_column(lines: Sequence[Line], i: int, right: float) -> bool:
    """Whether the line before line `i` of a cell is as wide as the column, so that a word may be
    cut there."""
    before, first = lines[i - 1], lines[i].words[0]
    high = before.box[3] - before.box[1]
    letter = (before.box[2] - before.box[0]) / max(1, len(before.text))
    needs = min(letter, (first.box[2] - first.box[0]) / max(1, len(first.text)))
    inset = min(line.box[0] for line in lines)
    return before.box[2] + needs > right - 0.6 * high and before.box[0] < inset + high


_NUMBER_HEAD = re.compile(r"\d{1,3}")
_NUMBER_TAIL = re.compile(r"\d{1,2}\.")


@dataclass
class Running:
    """The table being put down: its number, the rows so far, and the heading it opened with."""

    number: int = -1
    columns: int = 0
    rows: int = 0
    head: str = ""
    open: bool = False
    cells: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)

    def closed(self) -> None:
        """Words stand after the table: it goes on no more."""
        self.open = False

    def put(self, found: Table, blocks: list[Block], made: Sequence[tuple[Cell, Block]]) -> None:
        """Add a page's part of a table to the blocks: as a new table, or as more rows of the one
        the page break cut. A heading that is only repeated is left out."""
        head = _head(found)
        goes_on = self.open and self.columns == found.columns
        if not goes_on:
            self.number += 1
            self.columns, self.rows, self.head = found.columns, 0, head
            self.cells, self.last = {}, {}
        skip = 1 if goes_on and head == self.head else 0
        rows = sorted({cell.row for cell, _ in made if cell.row >= skip})
        if goes_on:
            self._reach_over(found, skip, rows, made, blocks)
        for i, row in enumerate(rows):
            cells = [(cell, block) for cell, block in made if cell.row == row]
            if goes_on and i == 0 and self._continues(cells, blocks):
                for cell, block in cells:
                    at = self.cells[cell.column]
                    space = "" if cell.column == 0 else " "
                    blocks[at] = joined(blocks[at], block, between=space)
                continue
            self.cells = {}
            for cell, block in cells:
                self.cells[cell.column] = self.last[cell.column] = len(blocks)
                down = sum(cell.row <= other < cell.row + cell.down for other in rows)
                where = replace(cell, table=self.number, row=self.rows, down=down)
                blocks.append(replace(block, cell=where))
            self.rows += 1
        self.open = True

    def _reach_over(
        self,
        found: Table,
        skip: int,
        rows: Sequence[int],
        made: Sequence[tuple[Cell, Block]],
        blocks: list[Block],
    ) -> None:
        """Lengthen the merged cells that the page break cut: at the foot of the page one reaches
        the last row, at the head of the next an empty one spans several rows of its column."""
        first = [(cell, block) for cell, block in made if rows and cell.row == rows[0]]
        cut = self._continues(first, blocks)
        for row, column, down in found.hollow:
            at = self.last.get(column)
            cell = blocks[at].cell if at is not None else None
            if at is None or cell is None or row != skip or down < 2:
                continue
            more = sum(row <= other < row + down for other in rows) - cut
            if more > 0 and cell.row + cell.down == self.rows:
                blocks[at] = replace(blocks[at], cell=replace(cell, down=cell.down + more))

    def _continues(self, cells: Sequence[tuple[Cell, Block]], blocks: Sequence[Block]) -> bool:
        """Whether the first row of a page is the rest of the last row of the page before: it has
        no number of its own, and words go on in the middle of a sentence."""
        columns = {cell.column for cell, _ in cells}
        if not cells or 0 not in self.cells or not columns <= set(self.cells):
            return False
        if 0 in columns:  # "13" at the foot of a page, "8." at the head of the next
            cut = _NUMBER_HEAD.fullmatch(blocks[self.cells[0]].text)
            return bool(cut and _NUMBER_TAIL.fullmatch(cells[0][1].text))
        return any(
            block.text[:1].islower()
            or not blocks[self.cells[cell.column]].text.endswith((".", ";"))
            for cell, block in cells
        )


def _head(table: Table) -> str:
    """The words of the first row."""
    cells = [cell for cell in table.cells if cell.row == 0]
    return "|".join(fold(" ".join(line.text for line in cell.lines)) for cell in cells)
