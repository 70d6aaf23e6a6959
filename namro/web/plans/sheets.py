"""Where words stand on the pages of a document, and how large those are. Boxes in PDF points.

pages = pages_of(file, read.blocks)         Sheets: the pages that can be shown, none for .docx
boxes = boxes_of(read.blocks, pages)        {"12": [[start, end, page, x0, y0, x1, y1]]}
on_pages(boxes, place)                      {page: [(x0, y0, x1, y1)]}, a box a line

The pages of a package of several files are counted on through it, here and in its pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

from namro.reading import UnreadableDocument
from namro.reading.blocks import Block
from namro.reading.pages_apart import Sheets, sheets_apart

Box = tuple[int, int, int, int]
Boxes = Mapping[str, Sequence[Sequence[int]]]


def pages_of(file: Path, blocks: Iterable[Block]) -> Sheets:
    """The pages of a file that can be shown as pictures; none where no word has a box on a page.

    Measured in a process of its own, as the file may be made to do harm.
    """
    if not any(piece.box for block in blocks for piece in block.pieces):
        return Sheets({}, [])
    try:
        return sheets_apart(file)
    except UnreadableDocument:
        return Sheets({}, [])


def boxes_of(blocks: Iterable[Block], pages: Sheets) -> dict[str, list[list[int]]]:
    """The boxes of all words of a document that has any, by block, in whole points."""
    found: dict[str, list[list[int]]] = {}
    for block in blocks:
        first, count = pages.members.get(block.file, (1, 0))
        for piece in block.pieces:
            if piece.box:
                left, top, right, bottom = piece.box
                box = [floor(left), floor(top), ceil(right), ceil(bottom)]
                page = first if count == 1 else first - 1 + piece.page
                found.setdefault(str(block.index), []).append([piece.start, piece.end, page, *box])
    return found


def sizes_of(pages: Sheets) -> list[list[int]]:
    """Width and height of each page that can be shown, in whole points."""
    return [[round(x) for x in size] for size in pages.sizes]


def places_of(place: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """A place and those it goes on in, where an item was made of several."""
    if not place or place.get("block") is None:
        return []
    return [place, *place.get("more", ())]


def on_pages(boxes: Boxes, place: Mapping[str, Any] | None) -> dict[int, list[Box]]:
    """The lines a place covers, by page."""
    found: dict[int, list[Box]] = {}
    for one in places_of(place):
        start, end = one.get("start") or 0, one.get("end")
        for begins, ends, page, *box in boxes.get(str(one["block"]), ()):
            if begins < (end if end is not None else ends) and ends > start:
                _put(found.setdefault(page, []), (box[0], box[1], box[2], box[3]))
    return found


def _put(lines: list[Box], box: Box) -> None:
    """Widen the last line where the word goes on with it, else begin one."""
    if lines:
        left, top, right, bottom = lines[-1]
        middle = (box[1] + box[3]) / 2
        if top <= middle <= bottom and box[0] >= left and box[0] - right < 25:
            lines[-1] = (left, min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
            return
    lines.append(box)


def outline(lines: Iterable[Box]) -> str:
    """The boxes as the path of a drawing."""
    return "".join(f"M{x0} {y0}H{x1}V{y1}H{x0}Z" for x0, y0, x1, y1 in lines)


def around(boxes: Boxes) -> dict[int, list[tuple[str, Box]]]:
    """For each page its blocks with the box around all their words there."""
    found: dict[int, dict[str, Box]] = {}
    for block, words in boxes.items():
        for _, _, page, left, top, right, bottom in words:
            here = found.setdefault(page, {})
            was = here.get(block, (left, top, right, bottom))
            here[block] = (
                min(was[0], left), min(was[1], top), max(was[2], right), max(was[3], bottom),
            )  # fmt: skip
    return {page: list(here.items()) for page, here in found.items()}
