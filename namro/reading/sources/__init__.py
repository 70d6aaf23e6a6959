"""Any file → blocks. The kind of a file is told by its content, never by its name (`kinds.py`).

`open_document` gives a Source (`sourced.py`); each format's reader is imported only when it is
needed. `refusals.py` says why a file is not read, `notices.py` what was done with one that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from namro.reading.blocks import Block
from namro.reading.sources.kinds import OFFICE, kind_of
from namro.reading.sources.refusals import damaged, encrypted
from namro.reading.sources.sourced import Progress, Source
from namro.reading.unreadable import UnreadableDocument

__all__ = [
    "MAX_BYTES",
    "MAX_PAGES",
    "Progress",
    "Source",
    "damaged",
    "encrypted",
    "kind_of",
    "open_document",
    "together",
]

MAX_BYTES = 60_000_000
MAX_PAGES = 600


def open_document(
    path: Path, pages: tuple[int, int] | None = None, progress: Progress | None = None
) -> Source:
    """Read one file; a .zip of several is one document.

    Raises UnreadableDocument for anything that is no readable document.
    """
    from namro.reading.sources.folded import laid_open

    source = _opened(path, pages, progress)
    return replace(source, blocks=tuple(laid_open(source.blocks)))


def _opened(path: Path, pages: tuple[int, int] | None, progress: Progress | None) -> Source:
    raw = _bytes(path)
    kind = kind_of(raw, path.name)
    if kind == "pdf":
        from namro.reading.sources import pdf

        return pdf.read(path, raw, pages, progress)
    if kind == "image":
        from namro.reading.sources import scan

        return scan.read_image(path, raw, progress)
    if kind == "zip":
        from namro.reading.sources import archive

        return archive.read(path, raw, pages, progress)
    return _typed(path, raw, kind, progress)


def _typed(path: Path, raw: bytes, kind: str, progress: Progress | None) -> Source:
    """What is made of letters, not of pages."""
    engine = "LibreOffice" if kind in OFFICE else kind
    if kind in OFFICE:
        from namro.reading.sources import office

        raw, kind = office.converted(path.name, raw, kind), OFFICE[kind]
    if kind == "docx":
        from namro.reading.sources import word

        return word.read(path, raw, engine, progress)
    if kind == "xlsx":
        from namro.reading.sources import sheets

        return sheets.read(path, raw, engine)
    if kind == "html":
        from namro.reading.sources import webpage

        return webpage.read(path, raw)
    from namro.reading.sources import plain

    return plain.source(path, raw)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableDocument(
                "TOO_LARGE",
                path.name,
                f"tệp nặng {size // 1_000_000} MB, quá mức {MAX_BYTES // 1_000_000} MB.",
                "Hãy tách văn bản thành nhiều tệp nhỏ hơn hoặc quét lại ở độ phân giải 200–300 "
                "dpi.",
            )
        return path.read_bytes()
    except (OSError, ValueError) as why:
        raise UnreadableDocument(
            "NO_FILE", path.name, "không mở được tệp.", "Hãy kiểm tra đường dẫn và quyền đọc tệp."
        ) from why


def together(sources: Sequence[Source]) -> Source:
    """Several files as one document: blocks run on; pages too where each file is one photograph."""
    if len(sources) == 1:
        return sources[0]
    if all(source.pages == source.ocr_pages == 1 for source in sources):
        sources = [_on_page(source, page) for page, source in enumerate(sources, start=1)]
    blocks: list[Block] = []
    tables = 0
    for source in sources:
        last = tables
        for block in source.blocks:
            if block.cell:
                tables = max(tables, last + block.cell.table + 1)
                block = replace(block, cell=replace(block.cell, table=last + block.cell.table))
            blocks.append(block)
    return Source(
        tuple(blocks),
        sum(s.pages for s in sources),
        sum(s.ocr_pages for s in sources),
        ", ".join(dict.fromkeys(s.engine for s in sources)),
        any(s.flowing for s in sources),
        tuple(notice for s in sources for notice in s.notices),
    )


def _on_page(source: Source, page: int) -> Source:
    """The photograph of one page, as that page of the document."""
    blocks = (
        replace(b, page=page, pieces=tuple(replace(p, page=page) for p in b.pieces))
        for b in source.blocks
    )
    return replace(source, blocks=tuple(blocks))
