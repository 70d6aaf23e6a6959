"""Tables and lists that were folded into one paragraph are laid open again.

A page copied from the web arrives with the bars of its table between words ("| STT | Tên | |
1 | …"); a page read as one line arrives with its items run together ("… 1. A. 2. B. 3. C").
No word is lost or moved, and each keeps its place on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from namro.reading.blocks import Block, Cell, joined
from namro.reading.letters import regex
from namro.reading.sources import tables

MIN_BARS = 3
MIN_ITEMS = 4
MIN_LENGTH = 600
MAX_BARLESS = 2
_BAR = re.compile(r"(?:^|(?<=\s))\|(?=\s|$)")
_EDGE_BAR = re.compile(r"^\||\|$")
_RULE = re.compile(r"(?:^|\s)[-_=–—]{4,}(?=\s|$)")
_OWN = re.compile(r"(?P<n>\d{1,2})\.\s")
_ITEM = regex(r"(?<=[.;:)\d])\s+(?=(?:(?P<n>\d{1,2})|(?P<r>[IVX]{1,4}))\.\s+[A-ZĐÀ-Ỹ])")

_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_D = 1 + _ALPHABET.index("d")
_SIGN = re.compile(r"(?P<sign>(?P<letter>[a-zđ])\)|(?P<number>\d{1,2})\.)\s")
_INNER = regex(r"(?<=[.;:])\s+(?P<sign>(?P<letter>[a-zđ])\)|(?P<number>\d{1,2})\.)\s+(?=[A-ZĐÀ-Ỹ])")


def item_starts(text: str) -> list[int]:
    """Where items begin on a long line that runs several together; none where they do not count.

    The numbers must rise: a sentence full of numbers is no list.
    """
    found = list(_ITEM.finditer(text)) if len(text) > MIN_LENGTH else []
    numbers = [int(m["n"]) for m in found if m["n"]]
    counts = len(numbers) >= MIN_ITEMS and numbers == sorted(set(numbers))
    return [m.end() for m in found] if counts else []


def _counted_on(blocks: Sequence[Block]) -> dict[int, list[int]]:
    """Where items begin inside paragraphs of which others begin with the numbers in between.

    "1. … 2. …" in one paragraph, then "3. …", "4. …" in their own: all that count on one by one
    are items, when there are many of them and at least two stand inside.
    """
    inside: dict[int, list[int]] = {}
    last = length = 0
    held: dict[int, list[int]] = {}
    for i, block in enumerate(blocks):
        own = _OWN.match(block.text) if block.cell is None else None
        found = [(0, int(own["n"]))] if own else []
        if block.cell is None:
            found += [(m.end(), int(m["n"] or 0)) for m in _ITEM.finditer(block.text)]
        for at, number in found:
            if number == last + 1:
                last, length = number, length + 1
            elif number == 1:
                last, length, held = 1, 1, {}
            elif number:
                continue
            if at:
                held.setdefault(i, []).append(at)
        if length >= 2 * MIN_ITEMS and sum(map(len, held.values())) >= 2:
            inside |= held
    return inside


def _between_neighbours(blocks: Sequence[Block]) -> dict[int, list[int]]:
    """Where an item begins inside the paragraph before it, told by the items around it.

    "d) … theo quy định. e) Sở Y tế" in one paragraph, the next with a sign "g) …": what counts on
    from the item before to the item after is an item. Its sign must stand after a closed sentence
    and before a capital; the next sign of its kind must be the one that follows.
    """
    inside: dict[int, list[int]] = {}
    for rank_of in (_letter_rank, _number_rank):
        last = 0
        held: list[tuple[int, int]] = []
        for i, block in enumerate(blocks):
            if block.cell is not None:
                continue
            rank = rank_of(_SIGN.match(block.text))
            if rank:
                for at, start in held if _follows(rank, last) else ():
                    inside.setdefault(at, []).append(start)
                last, held = rank, []
            for found in _INNER.finditer(block.text) if last else ():
                if _follows(rank_of(found), last):
                    last = rank_of(found)
                    held.append((i, found.start("sign")))
    return {i: sorted(starts) for i, starts in inside.items()}


def _follows(rank: int, last: int) -> bool:
    """Whether one item comes next; after "d)" many go on with "e)"."""
    return rank == last + 1 or (last, rank) == (_D, _D + 2)


def _letter_rank(sign: re.Match[str] | None) -> int:
    """Which letter of the Vietnamese alphabet an item's sign is ("a)" is 1); 0 for no letter."""
    return 1 + _ALPHABET.find(sign["letter"]) if sign and sign["letter"] else 0


def _number_rank(sign: re.Match[str] | None) -> int:
    return int(sign["number"]) if sign and sign["number"] else 0


def laid_open(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, folded tables as cells and folded lists as items."""
    table = max((b.cell.table + 1 for b in blocks if b.cell), default=0)
    out: list[Block] = []
    inside = _between_neighbours(blocks) | _counted_on(blocks)
    i = 0
    while i < len(blocks):
        end = _table_end(blocks, i)
        if end > i:
            cells = list(_cells(blocks[i:end], table))
            table += bool(cells)
            out += cells
            i = end
        else:
            out += _items(blocks[i], inside.get(i, []))
            i += 1
    return _recounted(out)


def _recounted(blocks: list[Block]) -> list[Block]:
    """Tables numbered in the order in which they stand."""
    seen: dict[int, int] = {}
    for i, block in enumerate(blocks):
        if block.cell:
            number = seen.setdefault(block.cell.table, len(seen))
            blocks[i] = replace(block, cell=replace(block.cell, table=number))
    return blocks


def part(block: Block, start: int, end: int) -> Block:
    """The stretch `start`–`end` of a block, without the blanks at its ends."""
    text = block.text[start:end]
    start += len(text) - len(text.lstrip())
    end = start + len(text.strip())
    pieces = tuple(
        replace(p, start=max(0, p.start - start), end=min(end, p.end) - start)
        for p in block.pieces
        if p.start < end and p.end > start
    )
    joins = tuple(j - start for j in block.joins if start < j < end)
    page = pieces[0].page if pieces else block.page
    return replace(block, text=block.text[start:end], page=page, pieces=pieces, joins=joins)


def _items(block: Block, inside: Sequence[int]) -> Iterator[Block]:
    starts = [] if block.cell else item_starts(block.text) or list(inside)
    edges = [0, *starts, len(block.text)]
    for start, end in pairwise(edges):
        if block.text[start:end].strip():
            yield part(block, start, end) if starts else block


def _is_row(block: Block) -> bool:
    text = block.text
    return block.cell is None and text.startswith("|") and text.endswith("|") and len(text) > 1


def _bars(block: Block) -> int:
    return 0 if block.cell else len(_BAR.findall(block.text))


def _table_end(blocks: Sequence[Block], start: int) -> int:
    """One past the folded table that begins at `start`; `start` itself where none does."""
    end = start
    while end < len(blocks) and _is_row(blocks[end]):
        end += 1
    if end - start >= 2:
        return end
    if _bars(blocks[start]) + blocks[start].text.endswith(" |") < MIN_BARS:
        return start
    end = i = start + 1
    while i < len(blocks) and blocks[i].cell is None and i - end <= MAX_BARLESS:
        if _bars(blocks[i]):
            end = i + 1
        elif blocks[end - 1].text.endswith("|"):
            break
        i += 1
    return end


def _cells(blocks: Sequence[Block], table: int) -> Iterator[Block]:
    """The cells of a folded table: by rows where each block is one, else by counting bars."""
    if all(_is_row(block) for block in blocks) and len(blocks) >= 2:
        for row, block in enumerate(blocks):
            yield from _row_cells(block, table, row)
        return
    spans: list[tuple[int, Block]] = []
    bars = 0
    for block in blocks:
        edges = [m.span() for m in _BAR.finditer(block.text)]
        start = 0
        for left, right in [*edges, (len(block.text), len(block.text))]:
            if block.text[start:left].strip():
                spans.append((bars, part(block, start, left)))
                bars = 0
            bars += left < len(block.text)
            start = right
    for row, column, block in _placed(_run_on(spans)):
        yield replace(block, cell=Cell(table, row, column))


def _row_cells(block: Block, table: int, row: int) -> Iterator[Block]:
    edges = [m.start() for m in re.finditer(r"\|", block.text)]
    for column, (left, right) in enumerate(pairwise(edges)):
        cell = _without_rules(part(block, left + 1, right))
        if cell.text:
            yield replace(cell, cell=Cell(table, row, column))


def _run_on(spans: Sequence[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Stretches with no bar between them are one cell: a page or a line broke it."""
    out: list[tuple[int, Block]] = []
    for bars, block in spans:
        if bars == 0 and out:
            before, cell = out[-1]
            out[-1] = (before, joined(cell, block))
        else:
            out.append((bars, block))
    return out


def _placed(spans: Sequence[tuple[int, Block]]) -> Iterator[tuple[int, int, Block]]:
    """Row and column of each cell, told by the bars before it as in any flattened table."""
    cells = [(bars, tables.CellText(b.text, b.page, i)) for i, (bars, b) in enumerate(spans)]
    for r, row in enumerate(tables.rows_by_bars(cells)):
        for column, cell in enumerate(row.cells):
            if cell.text.strip():
                block = _without_rules(spans[cell.line][1])
                if block.text:
                    yield r, column, block


def _without_rules(block: Block) -> Block:
    """A cell without the dashes that are drawn under a name."""
    kept: Block | None = None
    start = 0
    for rule in [*(m.span() for m in _RULE.finditer(block.text)), None]:
        left, right = rule or (len(block.text), len(block.text))
        if block.text[start:left].strip():
            words = part(block, start, left)
            kept = joined(kept, words) if kept else words
        start = right
    return kept or replace(block, text="", pieces=())
