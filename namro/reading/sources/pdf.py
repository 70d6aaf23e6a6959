"""PDF: pages with a text layer are read from it, the others are given to OCR."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from namro.reading.sources import MAX_PAGES, Progress, Source, pdfium, text_layer
from namro.reading.sources.grids import grids_of
from namro.reading.sources.layout import Page, blocks_of, put_tables
from namro.reading.unreadable import UnreadableDocument


def read(
    path: Path, raw: bytes, pages: tuple[int, int] | None, progress: Progress | None
) -> Source:
    """All pages (or those of `pages`). Raises UnreadableDocument for what is no readable PDF."""
    document = pdfium.opened(path, raw)
    try:
        wanted = _wanted(path.name, len(document), pages)
        read_pages: dict[int, Page] = {}
        for done, number in enumerate(wanted, start=1):
            page = _text_page(path.name, document, number)
            if page is not None:
                read_pages[number] = page
            if progress:
                progress("Đọc văn bản", done, len(wanted))
    finally:
        with pdfium.LOCK:
            document.close()
    scanned = [number for number in wanted if number not in read_pages]
    if scanned:
        from namro.reading.sources import scan

        read_pages |= scan.read_pages(path, raw, scanned, progress)
    blocks = blocks_of([read_pages[number] for number in wanted], path.name)
    return Source(tuple(blocks), len(wanted), len(scanned), _engine(wanted, scanned), True)


def _engine(wanted: Sequence[int], scanned: Sequence[int]) -> str:
    if not scanned:
        return "pypdfium2"
    return "tesseract" if len(scanned) == len(wanted) else "pypdfium2 + tesseract"


def _text_page(file: str, document: Any, number: int) -> Page | None:
    """A page read from its text layer; None where it is a picture and must be recognised."""
    with pdfium.LOCK:
        loaded = pdfium.loaded(file, document, number)
        try:
            page = text_layer.read(loaded, number)
            has_picture = any(share > 0.02 for *_, share in pdfium.images_of(loaded))
            if not text_layer.is_readable(page.words, has_picture):
                return None
            put_tables(page, grids_of(text_layer.rules(loaded, page.upright)))
            return page
        finally:
            loaded.close()


def _wanted(file: str, count: int, pages: tuple[int, int] | None) -> list[int]:
    first, last = pages or (1, count)
    if first > count:
        raise UnreadableDocument(
            "NO_PAGES", file, f"tệp chỉ có {count} trang.", "Hãy chọn lại khoảng trang."
        )
    last = min(last, count)
    if last - first + 1 > MAX_PAGES:
        raise UnreadableDocument(
            "TOO_LARGE",
            file,
            f"tệp có {count} trang, quá mức {MAX_PAGES} trang mỗi lần đọc.",
            "Hãy chọn khoảng trang cần đọc.",
        )
    return list(range(first, last + 1))
