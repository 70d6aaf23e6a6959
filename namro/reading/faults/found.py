"""All that was read of a document, for judging it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from namro.reading.blocks import Block
from namro.reading.mentions import KnownUnit
from namro.reading.outline import Node
from namro.reading.plan import BoundDocument, ReadDocument, ReadTarget, ReadTask


@dataclass(frozen=True)
class Found:
    """What the faults are looked for in. `flowing`: paragraphs run over page breaks by nature;
    `documents`: all documents of the file where it holds several, `order` which of them this is."""

    blocks: Sequence[Block]
    root: Node
    head: ReadDocument
    targets: Sequence[ReadTarget]
    tasks: Sequence[ReadTask]
    known: Sequence[KnownUnit]
    flowing: bool
    documents: Sequence[BoundDocument] = ()
    order: int = 1

    def quote(self, block: int | None) -> str | None:
        return self.blocks[block].text if block is not None else None
