"""Pages as pictures (ảnh trang), for laying the place of a word over the page it stands on.

Boxes of Place, and the sizes given here, are in PDF points with the origin at the top left of the
page as it is shown. For an image file they are pixels × 72 / dpi, the dpi being what the file says
where that makes a sensible page, else what makes it as wide as A4. So on a picture that is
`width_px` wide, a box lies at `box × width_px / page_size(file, page)[0]`.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from namro.reading.sources import MAX_BYTES, kind_of
from namro.reading.unreadable import UnreadableDocument

MIN_WIDTH_PX, MAX_WIDTH_PX = 100, 2400
MAX_PICTURE_PIXELS = 12_000_000
MEDIA_TYPE = "image/webp"
_HEAD = 4096


def page_count(file: Path) -> int:
    """How many pages the PDF or the image file has. Raises UnreadableDocument for any other."""
    if _kind(file) == "pdf":
        from namro.reading.sources import pdfium

        with pdfium.LOCK:
            document = pdfium.opened(file)
            try:
                return len(document)
            finally:
                document.close()
    from namro.reading.sources import images

    with images.opened(file) as image:
        return image.count


def page_size(file: Path, page: int) -> tuple[float, float]:
    """Width and height of page `page` (from 1) in PDF points. Raises UnreadableDocument."""
    if _kind(file) == "pdf":
        from namro.reading.sources import pdfium

        with pdfium.LOCK:
            document = pdfium.opened(file)
            try:
                _require(file, page, len(document))
                width, height = pdfium.loaded(file.name, document, page).get_size()
                return width, height
            finally:
                document.close()
    from namro.reading.sources import images

    with images.opened(file) as image:
        _require(file, page, image.count)
        return image.frame(page).size


def page_picture(file: Path, page: int, *, width_px: int) -> bytes:
    """Page `page` (from 1) as WebP (MEDIA_TYPE), `width_px` wide within MIN_ and MAX_WIDTH_PX.

    A page so long that it would pass MAX_PICTURE_PIXELS comes out narrower, its shape kept.
    Raises UnreadableDocument for other kinds of files, missing, broken and too large pages.
    """
    wanted = max(MIN_WIDTH_PX, min(width_px, MAX_WIDTH_PX))
    picture = _of_pdf(file, page, wanted) if _kind(file) == "pdf" else _of_image(file, page, wanted)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _of_pdf(file: Path, page: int, wanted: int) -> Any:
    from namro.reading.sources import pdfium

    with pdfium.LOCK:
        document = pdfium.opened(file)
        try:
            _require(file, page, len(document))
            loaded = pdfium.loaded(file.name, document, page)
            width, height = loaded.get_size()
            across, _ = _bounded(wanted, width, height)
            scale = (across - 0.01) / width  # PDFium rounds up
            return pdfium.rendered(file.name, loaded, page, scale).convert("RGB")
        finally:
            document.close()


def _of_image(file: Path, page: int, wanted: int) -> Any:
    from PIL import Image

    from namro.reading.sources import images

    with images.opened(file) as image:
        _require(file, page, image.count)
        frame = image.frame(page)
        across, down = _bounded(wanted, frame.width, frame.height)
        picture = image.picture(page, (across, across))
        return picture.resize((across, down), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _bounded(wanted: int, width: float, height: float) -> tuple[int, int]:
    """Pixels across and down: as wide as wanted, the longest side and the area bounded."""
    shape = max(0.01, height / max(1.0, width))
    across = min(float(wanted), (MAX_PICTURE_PIXELS / shape) ** 0.5, 16_000 / shape)
    return max(1, round(across)), max(1, round(across * shape))


def _kind(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
        size = file.stat().st_size
    except (OSError, ValueError) as why:
        raise UnreadableDocument(
            "NO_FILE", file.name, "không mở được tệp.", "Hãy kiểm tra đường dẫn và quyền đọc tệp."
        ) from why
    kind = "other" if head[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else kind_of(head, file.name)
    if kind not in ("pdf", "image") or size > MAX_BYTES:
        raise UnreadableDocument(
            "NO_PICTURES",
            file.name,
            "tệp này không có ảnh trang để hiển thị.",
            "Chỉ tệp PDF và ảnh quét có ảnh trang; với tệp khác, hãy xem phần chữ đã đọc.",
        )
    return kind


def _require(file: Path, page: int, count: int) -> None:
    if not 1 <= page <= count:
        raise UnreadableDocument(
            "NO_PAGES",
            file.name,
            f"không có trang {page}, tệp chỉ có {count} trang.",
            "Hãy chọn trang khác.",
        )
