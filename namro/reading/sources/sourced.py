"""A document opened: what every reader gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from namro.reading.blocks import Block
from namro.terms import Fault

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Source:
    """A document opened: its blocks in order, its pages, and what read it.

    `flowing` says that paragraphs run over page breaks by nature (PDF, scans, page dumps), so
    that a sentence broken there is no fault of the author's. `notices` are what the reader did
    with the file that a person must know (changes accepted, text left out, encodings turned).
    """

    blocks: tuple[Block, ...]
    pages: int
    ocr_pages: int
    engine: str
    flowing: bool
    notices: tuple[Fault, ...] = ()
