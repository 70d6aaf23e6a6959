"""PDFium behind one lock: it must never run twice at a time in one process.

Whoever opens a document, loads a page or renders holds `LOCK` while doing so.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

from namro.reading.sources import damaged, encrypted
from namro.reading.sources.images import MAX_PIXELS, too_large
from namro.reading.unreadable import UnreadableDocument

LOCK = threading.RLock()
_TAIL = 2_000_000


def opened(path: Path, raw: bytes | None = None) -> Any:
    """The PDF, open (close it); `raw` where its bytes are at hand. Raises UnreadableDocument."""
    import pypdfium2

    try:
        with LOCK:
            document = pypdfium2.PdfDocument(raw if raw is not None else path)
            count = len(document)
    except pypdfium2.PdfiumError as why:
        said = raw if raw is not None else path.read_bytes()
        # PDFium says "password" of a file without pages too; the dictionary is never packed.
        if b"/Encrypt" in said and "password" in str(why).lower():
            raise encrypted(path.name) from why
        if re.search(rb"/Count\s+0\b", said):
            raise no_pages(path.name) from why
        raise damaged(path.name) from why
    except OSError as why:
        raise damaged(path.name) from why
    if count == 0:
        document.close()
        raise no_pages(path.name)
    return document


def loaded(file: str, document: Any, number: int) -> Any:
    """One page, counted from 1. A file that opens may still hold a page that is broken."""
    import pypdfium2

    try:
        with LOCK:
            return document[number - 1]
    except pypdfium2.PdfiumError as why:
        raise UnreadableDocument(
            "DAMAGED",
            file,
            f"trang {number} bị hỏng.",
            "Hãy xin lại tệp gốc, hoặc chọn khoảng trang không có trang này.",
        ) from why


def no_pages(file: str) -> UnreadableDocument:
    """The refusal of a PDF without pages."""
    return UnreadableDocument(
        "EMPTY", file, "tệp PDF không có trang nào.", "Hãy kiểm tra lại tệp đã lưu."
    )


def images_of(page: Any) -> list[tuple[int, int, float]]:
    """Pixel width, pixel height and share of the page of every image, without decoding any."""
    import ctypes

    import pypdfium2.raw as c

    with LOCK:
        width, height = page.get_size()
        found = []
        for image in page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            across, down = ctypes.c_uint(), ctypes.c_uint()
            c.FPDFImageObj_GetImagePixelSize(image.raw, across, down)
            left, bottom, right, top = image.get_bounds()
            share = abs((right - left) * (top - bottom)) / max(1.0, width * height)
            found.append((across.value, down.value, share))
        return found


def rendered(file: str, page: Any, number: int, scale: float, *, red: bool = False) -> Any:
    """The page as a Pillow picture, `scale` pixels to a point; `red`: its red channel alone, as a
    grey one. Raises UnreadableDocument where the page holds an image too large to be decoded."""
    for across, down, _ in images_of(page):
        if across * down > MAX_PIXELS:
            raise too_large(file, number, across, down)
    with LOCK:
        bitmap = page.render(scale=scale, rev_byteorder=True)
        picture = _red_of(bitmap) if red else bitmap.to_pil().copy()
        bitmap.close()
    return picture


def _red_of(bitmap: Any) -> Any:
    """The red channel, taken without a picture of all three."""
    import numpy as np
    from PIL import Image

    pixels = bitmap.to_numpy()
    return Image.fromarray(np.array(pixels if pixels.ndim == 2 else pixels[:, :, 0]))
