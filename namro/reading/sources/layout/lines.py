"""Words → lines, and lines in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from namro.reading.sources.layout.page import Line, Page, Word


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Words → lines, top to bottom; a wide gap parts a line into columns."""
    rows: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda w: ((w.box[1] + w.box[3]) / 2, w.box[0])):
        middle = (word.box[1] + word.box[3]) / 2
        for i in range(len(rows) - 1, max(-1, len(rows) - 5), -1):
            if spans[i][0] <= middle <= spans[i][1]:
                rows[i].append(word)
                spans[i] = (
                    median(w.box[1] for w in rows[i]),
                    median(w.box[3] for w in rows[i]),
                )
                break
        else:
            rows.append([word])
            spans.append((word.box[1], word.box[3]))
    out: list[Line] = []
    for row in rows:
        out += _columns(_without_edge(sorted(row, key=lambda w: w.box[0])), page)
    return out


def _is_bar(word: Word) -> bool:
    return not word.text.strip("|")


def _without_edge(row: list[Word]) -> list[Word]:
    """A row without the bar at its left that recognition saw: the edge of the paper, or of a
    table; bars between words are kept, for they part the cells of a table typed as text."""
    if row[0].confidence < 1 and _is_bar(row[0]) and sum(map(_is_bar, row)) == 1 < len(row):
        return row[1:]
    return row


def _columns(row: Sequence[Word], page: int) -> Iterator[Line]:
    """A row in its columns; what a bar opens is a cell typed as text and stays on the line."""
    height = median(w.box[3] - w.box[1] for w in row)
    start = 0
    for i in range(1, len(row)):
        gap = row[i].box[0] - row[i - 1].box[2]
        if gap > max(22.0, 2.2 * height) and not _is_bar(row[i]):
            yield Line(tuple(row[start:i]), page)
            start = i
    yield Line(tuple(row[start:]), page)


def in_reading_order(lines: Sequence[Line], page: Page) -> list[Line]:
    """Lines in order; where two columns stand side by side (head, foot), left before right."""
    middle = page.width / 2
    out: list[Line] = []
    band: list[Line] = []
    for i, line in enumerate(lines):
        left, right = line.box[2] < middle + 25, line.box[0] > middle - 45
        side = (left or right) and line.box[2] - line.box[0] < 0.62 * page.width
        if side and (band or _has_neighbour(i, lines)):
            band.append(line)
            continue
        out += _banded(band, middle)
        band = []
        out.append(line)
    return out + _banded(band, middle)


def _has_neighbour(i: int, lines: Sequence[Line]) -> bool:
    line = lines[i]
    return any(
        other is not line
        and abs(other.box[1] - line.box[1]) < 14
        and (other.box[0] > line.box[2] or other.box[2] < line.box[0])
        for other in lines[max(0, i - 4) : i + 5]
    )


def _banded(band: Sequence[Line], middle: float) -> list[Line]:
    left = [line for line in band if line.box[0] <= middle - 45 and line.box[2] < middle + 25]
    return left + [line for line in band if line not in left]
