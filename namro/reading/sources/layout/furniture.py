"""Page numbers and running heads: what the paper repeats.

As in a Word file, running heads and feet are read once (a secrecy mark may stand there), before the
words of the document; numbers of pages are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from namro.reading.sources.layout.page import Line, Page, Table
from namro.vietnamese import fold

_LONE_NUMBER = re.compile(r"[-–—\s]*(?:trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)


@dataclass(frozen=True)
class Furniture:
    """Lines to leave out of the flow (page, text, top), and of those that run through the
    document the first of each, for its words to be kept once."""

    apart: frozenset[tuple[int, str, float]]
    once: tuple[Line, ...]


def furniture(pages: Sequence[Page], flows: Sequence[Sequence[Line]]) -> Furniture:
    """The page numbers, running heads and running feet of a document."""
    seen: Counter[str] = Counter()
    edge: list[tuple[Line, str]] = []
    for page, lines in zip(pages, flows, strict=True):
        for line in lines:
            top, bottom = line.box[1], line.box[3]
            if top < page.height * 0.11 or bottom > page.height * 0.92:
                key = re.sub(r"\d+", "#", fold(line.text))
                edge.append((line, key))
                seen[key] += 1
    apart: set[tuple[int, str, float]] = set()
    once: dict[str, Line] = {}
    for line, key in edge:
        lone = bool(_LONE_NUMBER.fullmatch(line.text))
        running = len(pages) >= 3 and seen[key] >= max(3, 0.6 * len(pages))
        if lone or running:
            apart.add((line.page, line.text, line.box[1]))
        if running and not lone:
            once.setdefault(key, line)
    return Furniture(frozenset(apart), tuple(once.values()))


def running_tables(pages: Sequence[Page]) -> dict[str, Table]:
    """Tables at the head of most pages, frames of a form: by their words, the first of each."""
    tops = [t for p in pages for t in p.tables if t.top < 0.2 * p.height]
    seen = Counter(map(words_of, tops))
    enough = max(3, 0.6 * len(pages))
    return {words_of(t): t for t in reversed(tops) if seen[words_of(t)] >= enough}


def words_of(table: Table) -> str:
    """The words of a table, numbers aside, for telling whether it is the same one again."""
    words = " ".join(line.text for cell in table.cells for line in cell.lines)
    return re.sub(r"\d+", "#", fold(words))
