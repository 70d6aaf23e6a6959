"""Pages as pictures (ảnh trang), for laying the place of a word over the page it stands on.

Boxes of Place, and the sizes given here, are in PDF points with the origin at the top left of the
page as it is shown. For an image file they are pixels × 72 / dpi, the dpi being what the file says
where that makes a sensible page, else what makes it as wide as A4. So on a picture that is
`width_px` wide, a box lies at `box × width_px / page_size(file, page)[0]`.

A package (.zip) has the pages of its PDF and image files, counted on through all of them in the
order in which they are read; with `member`, the name that Place says, those of that file alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from namro.reading.sources import MAX_BYTES, archive, images, kind_of, pdfium
from namro.reading.sources.zipped import Zipped
from namro.reading.unreadable import UnreadableDocument

MIN_WIDTH_PX, MAX_WIDTH_PX = 100, 2400
MAX_PICTURE_PIXELS = 12_000_000
MEDIA_TYPE = "image/webp"
_HEAD = 4096
_PAGED = ("pdf", "image")


@dataclass(frozen=True)
class _Part:
    """A file with pages; `raw` where it lies in a package."""

    path: Path
    kind: str
    raw: bytes | None = None

    def count(self) -> int:
        """How many pages."""
        if self.kind == "pdf":
            with _document(self) as document:
                return len(document)
        with images.opened(self.path, self.raw) as image:
            return image.count

    def sizes(self, pages: Sequence[int]) -> list[tuple[float, float]]:
        """Width and height of these pages in points."""
        if self.kind == "pdf":
            with _document(self) as document:
                return [pdfium.loaded(self.path.name, document, n).get_size() for n in pages]
        with images.opened(self.path, self.raw) as image:
            return [image.frame(n).size for n in pages]

    def picture(self, page: int, wanted: int) -> Any:
        return _of_pdf(self, page, wanted) if self.kind == "pdf" else _of_image(self, page, wanted)


@contextmanager
def _document(part: _Part) -> Iterator[Any]:
    """A PDF, open, for one thread at a time."""
    with pdfium.LOCK:
        document = pdfium.opened(part.path, part.raw)
        try:
            yield document
        finally:
            document.close()


def member_pages(file: Path) -> dict[str, tuple[int, int]]:
    """Of a package: the name of each file with pages, as Place says it, with the number its first
    page has in the package and how many it has; {} for a file by itself.

    Several photographs are one document whose pages run on: Place says the page of the document,
    and a file of one page has no other.
    """
    if _kind(file) != "zip":
        return {}
    found: dict[str, tuple[int, int]] = {}
    first = 1
    for part, count in _counted(file, None):
        found[part.path.name] = first, count
        first += count
    return found


def page_count(file: Path, *, member: str | None = None) -> int:
    """How many pages the file, or that file of a package, has as pictures.

    Raises UnreadableDocument for files without.
    """
    count = sum(count for _, count in _counted(file, member))
    if not count:
        raise _no_pictures(member or file.name)
    return count


def page_sizes(file: Path) -> list[tuple[float, float]]:
    """Width and height of every page in PDF points. Raises UnreadableDocument."""
    return [
        size for part, count in _counted(file, None) for size in part.sizes(range(1, count + 1))
    ]


def page_size(file: Path, page: int, *, member: str | None = None) -> tuple[float, float]:
    """Width and height of page `page` (from 1) in PDF points. Raises UnreadableDocument."""
    part, own = _part_with(file, page, member)
    return part.sizes([own])[0]


def page_picture(file: Path, page: int, *, width_px: int, member: str | None = None) -> bytes:
    """Page `page` (from 1) as WebP (MEDIA_TYPE), `width_px` wide within MIN_ and MAX_WIDTH_PX.

    A page so long that it would pass MAX_PICTURE_PIXELS comes out narrower, its shape kept.
    Raises UnreadableDocument for other kinds of files, missing, broken and too large pages.
    """
    wanted = max(MIN_WIDTH_PX, min(width_px, MAX_WIDTH_PX))
    part, own = _part_with(file, page, member)
    out = io.BytesIO()
    part.picture(own, wanted).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _part_with(file: Path, page: int, member: str | None) -> tuple[_Part, int]:
    """The file that holds a page, and the page's number there."""
    before = 0
    for part, count in _counted(file, member):
        if before < page <= before + count:
            return part, page - before
        before += count
    if not before:
        raise _no_pictures(member or file.name)
    raise UnreadableDocument(
        "NO_PAGES",
        member or file.name,
        f"không có trang {page}, tệp chỉ có {before} trang.",
        "Hãy chọn trang khác.",
    )


def _counted(file: Path, member: str | None) -> Iterator[tuple[_Part, int]]:
    """The files with pages, in order, with how many; one of a package that is empty has none."""
    kind = _kind(file)
    if kind != "zip":
        part = _Part(file, kind)
        yield part, part.count()
        return
    for part in _packed(file, member):
        try:
            count = part.count()
        except UnreadableDocument as why:
            if why.code != "EMPTY":
                raise
            count = 0  # as in reading: left out, and said there
        yield part, count


def _packed(file: Path, member: str | None) -> Iterator[_Part]:
    for one, content, twin in archive.contents(Zipped(file.read_bytes(), file.name)):
        if twin or member not in (None, one.file_name):
            continue
        kind = kind_of(content, one.shown)
        if kind in _PAGED:
            yield _Part(Path(one.file_name), kind, content)


def _of_pdf(part: _Part, page: int, wanted: int) -> Any:
    with _document(part) as document:
        loaded = pdfium.loaded(part.path.name, document, page)
        width, height = loaded.get_size()
        across, _ = _bounded(wanted, width, height)
        scale = (across - 0.01) / width  # PDFium rounds up
        return pdfium.rendered(part.path.name, loaded, page, scale).convert("RGB")


def _of_image(part: _Part, page: int, wanted: int) -> Any:
    from PIL import Image

    with images.opened(part.path, part.raw) as image:
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
    """ "pdf", "image" or "zip"; raises UnreadableDocument for what has no pages to be seen."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
            size = file.stat().st_size
            if head[:4] == b"PK\x03\x04" and size <= MAX_BYTES:  # a package, or an office's file
                head += opened.read()
    except (OSError, ValueError) as why:
        raise UnreadableDocument(
            "NO_FILE", file.name, "không mở được tệp.", "Hãy kiểm tra đường dẫn và quyền đọc tệp."
        ) from why
    kind = "other" if head[:4] == b"\xd0\xcf\x11\xe0" else kind_of(head, file.name)
    if kind not in (*_PAGED, "zip") or size > MAX_BYTES:
        raise _no_pictures(file.name)
    return kind


def _no_pictures(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "NO_PICTURES",
        name,
        "tệp này không có ảnh trang để hiển thị.",
        "Chỉ tệp PDF và ảnh quét có ảnh trang; với tệp khác, hãy xem phần chữ đã đọc.",
    )
