"""Scans and photographs: pages of image files, and PDF pages that are pictures, by OCR.

`page.py` one picture → Page · `cleaning.py` red channel, upright, straight (`levelling.py`)
`ruling.py` lines of tables · `engine.py` Tesseract · `signs.py` ≥, ≤ · `numerals.py` III ·
`pool.py` pages side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from namro.reading.sources import MAX_PAGES, Progress, Source, images, pdfium
from namro.reading.sources.layout import Page, blocks_of
from namro.reading.sources.scan import engine, pool
from namro.reading.sources.scan import page as page_reading
from namro.reading.unreadable import UnreadableDocument

MIN_DPI, USUAL_DPI, MAX_DPI = 100, 200, 300
MAX_PIXELS = 25_000_000  # of a rendered page: A3 at 300 dpi is 17 million


def read_image(path: Path, raw: bytes, progress: Progress | None) -> Source:
    """An image file (several frames of a TIFF are several pages)."""
    with images.opened(path, raw) as image:
        count = image.count
    if count > MAX_PAGES:
        raise UnreadableDocument(
            "TOO_LARGE",
            path.name,
            f"tệp có {count} trang ảnh, quá mức {MAX_PAGES} trang mỗi lần đọc.",
            "Hãy tách tệp thành nhiều tệp nhỏ hơn.",
        )
    found = _in_order(path.name, raw, range(1, count + 1), read_frame, progress)
    blocks = blocks_of(found, path.name)
    return Source(tuple(blocks), count, count, "tesseract", True)


def read_pages(
    path: Path, raw: bytes, numbers: Sequence[int], progress: Progress | None
) -> dict[int, Page]:
    """Those pages of a PDF that are pictures, by their numbers."""
    found = _in_order(path.name, raw, numbers, read_pdf_page, progress)
    return dict(zip(numbers, found, strict=True))


def _in_order(
    file: str, raw: bytes, numbers: Sequence[int], read: pool.Reader, progress: Progress | None
) -> list[Page]:
    found: list[Page] = []
    for page in pool.pages_of(file, raw, numbers, read):
        found.append(page)
        if progress:
            progress("Nhận dạng chữ", len(found), len(numbers))
    return found


def read_frame(path: Path, number: int) -> Page:
    """One frame of an image file."""
    with images.opened(path) as image:
        return _read(path, image.picture(number), number, image.frame(number).dpi)


def read_pdf_page(path: Path, number: int) -> Page:
    """One page of a PDF, drawn as finely as its picture was scanned."""
    document = pdfium.opened(path)
    try:
        loaded = pdfium.loaded(path.name, document, number)
        width, height = loaded.get_size()
        pictures = pdfium.images_of(loaded)
        dpi = min(_dpi_of(pictures, width, height), 72 * (MAX_PIXELS / (width * height)) ** 0.5)
        picture = pdfium.rendered(path.name, loaded, number, dpi / 72, red=True)
        loaded.close()
    finally:
        with pdfium.LOCK:
            document.close()
    return _read(path, picture, number, picture.width * 72 / width)


def _read(path: Path, picture: Any, number: int, dpi: float) -> Page:
    """The page, whole: one that was read in part only is refused."""
    try:
        return page_reading.read(picture, number, dpi)
    except engine.TooSlow as why:
        raise UnreadableDocument(
            "TOO_SLOW",
            path.name,
            f"nhận dạng chữ ở trang {number} mất quá nhiều thời gian nên đã dừng.",
            "Hãy đọc lại khi máy bớt việc, quét lại trang này cho rõ hơn, hoặc chọn khoảng trang "
            "không có trang này.",
        ) from why


def _dpi_of(pictures: Sequence[tuple[int, int, float]], width: float, height: float) -> float:
    """The resolution of the picture that covers the page, within what reads well."""
    whole = [(across, down) for across, down, share in pictures if share > 0.5]
    if not whole:
        return USUAL_DPI
    finest = max(max(size) / max(width, height) * 72 for size in whole)
    return float(min(MAX_DPI, max(MIN_DPI, finest)))
