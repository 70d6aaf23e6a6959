"""A document laid out for reading: pages, paragraphs, tables, and passages to be lit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Passage:
    """Words of the document that belong to something: a target, a task, a fault."""

    block: int
    start: int
    end: int
    key: str
    label: str = ""
    address: str = ""
    current: bool = False
    kind: str = "item"  # item or fault


@dataclass
class Stretch:
    """A run of words that all belong to the same passages. `turn`: here page `turn` begins.

    `passage` is the one the words lead to, `keys` are those of all items they belong to.
    """

    text: str
    passage: Passage | None = None
    keys: tuple[str, ...] = ()
    current: bool = False
    fault: bool = False
    turn: int | None = None


@dataclass
class Paragraph:
    """A block as drawn. `new_page` is set where it begins a page."""

    index: int
    stretches: list[Stretch]
    bold: bool = False
    current: bool = False
    new_page: int | None = None
    cell: Sequence[int] | None = None


@dataclass
class Drawn:
    """Either one paragraph or one table (rows of cells of paragraphs)."""

    paragraph: Paragraph | None = None
    rows: list[list[list[Paragraph]]] = field(default_factory=list)
    new_page: int | None = None


def passage_of(place: Mapping[str, Any] | None, **more: Any) -> Passage | None:
    """The passage at a place of the document; None where the place is not known."""
    if not place or place.get("block") is None:
        return None
    start, end = place.get("start") or 0, place.get("end")
    return Passage(place["block"], start, end if end is not None else 10**9, **more)


def laid_out(blocks: Iterable[Mapping[str, Any]], passages: Iterable[Passage]) -> list[Drawn]:
    """The document in order, nothing left out, tables as tables."""
    by_block: dict[int, list[Passage]] = {}
    for passage in passages:
        by_block.setdefault(passage.block, []).append(passage)
    drawn: list[Drawn] = []
    page, table = None, None
    for block in blocks:
        paragraph = _paragraph(block, by_block.get(block["index"], []))
        paragraph.new_page = block.get("page") if block.get("page") != page else None
        page = (block.get("turns") or [[0, block.get("page")]])[-1][1]
        cell = block.get("cell")
        if not cell:
            drawn.append(Drawn(paragraph, new_page=paragraph.new_page))
        elif cell[0] == table:
            _place_in(drawn[-1], paragraph)
        else:
            drawn.append(Drawn(new_page=paragraph.new_page))
            _place_in(drawn[-1], paragraph)
        table = cell[0] if cell else None
    return drawn


def _place_in(table: Drawn, paragraph: Paragraph) -> None:
    """Put a cell's paragraph into its row: a new row or column begins where the numbers say so."""
    _, row, column, *_ = paragraph.cell or (0, 0, 0)
    last = table.rows[-1][-1][-1] if table.rows else None
    if last is None or last.cell is None or last.cell[1] != row:
        table.rows.append([[paragraph]])
    elif last.cell[2] != column:
        table.rows[-1].append([paragraph])
    else:
        table.rows[-1][-1].append(paragraph)


def _paragraph(block: Mapping[str, Any], passages: Sequence[Passage]) -> Paragraph:
    text = block["text"]
    turns = {start: page for start, page in block.get("turns") or () if 0 < start < len(text)}
    cuts = {0, len(text), *turns}
    for p in passages:
        cuts |= {min(p.start, len(text)), min(p.end, len(text))}
    ordered = sorted(cuts)
    stretches = [
        _stretch(text, start, end, passages, turns.get(start)) for start, end in pairwise(ordered)
    ]
    return Paragraph(
        block["index"],
        stretches,
        bold=bool(block.get("bold")),
        current=any(p.current for p in passages),
        cell=block.get("cell"),
    )


def _stretch(
    text: str, start: int, end: int, passages: Sequence[Passage], turn: int | None
) -> Stretch:
    here = [p for p in passages if p.start <= start and end <= p.end]
    items = [p for p in here if p.kind == "item"]
    chosen = next((p for p in items if p.current), items[0] if items else None)
    return Stretch(
        text[start:end],
        chosen,
        keys=tuple(dict.fromkeys(p.key for p in items)),
        current=any(p.current for p in here),
        fault=any(p.kind == "fault" for p in here),
        turn=turn,
    )


_SENTENCE = re.compile(r"[^.;!?…]+(?:[.;!?…](?!\s)[^.;!?…]*)*[.;!?…]*")


def sentences(text: str) -> list[tuple[int, int, str]]:
    """The sentences of a block: (start, end, words), cut at full stops and semicolons.

    >>> [s for _, _, s in sentences("Đạt 6.5 điểm; phấn đấu 7.")]
    ['Đạt 6.5 điểm;', 'phấn đấu 7.']
    """
    found = []
    for match in _SENTENCE.finditer(text):
        words = match[0].strip()
        if words:
            start = match.start() + match[0].index(words)
            found.append((start, start + len(words), words))
    return found
