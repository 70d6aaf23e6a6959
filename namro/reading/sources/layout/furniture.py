"""Page numbers and running heads: what the paper repeats, no words of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from namro.reading.sources.layout.page import Line, Page, Table
from namro.vietnamese import fold

_LONE_NUMBER = re.compile(r"[-–—\s]*(?:trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)


def furniture(
    pages: Sequence[Page], flows: Sequence[Sequence[Line]]
) -> set[tuple[int, str, float]]:
    """Page, text and top of each line that is no word of the document."""
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
        lone = bool(_LONE_NUMBER.fullmatch(line.text))
        running = len(pages) >= 3 and seen[key] >= max(3, 0.6 * len(pages))
        if lone or running:
            out.add((number, line.text, line.box[1]))
    return out


def running_tables(pages: Sequence[Page]) -> set[str]:
    """Tables at the head of most pages: a frame of the form, no words of the document."""
    seen = Counter(words_of(t) for p in pages for t in p.tables if t.top < 0.2 * p.height)
    return {key for key, times in seen.items() if times >= max(3, 0.6 * len(pages))}


def words_of(table: Table) -> str:
    """The words of a table, numbers aside, for telling whether it is the same one again."""
    words = " ".join(line.text for cell in table.cells for line in cell.lines)
    return re.sub(r"\d+", "#", fold(words))
