"""Pictures of a document's pages, drawn when asked for and kept under the installation's folder.

Bounded: drawn in a process of its own, of widths of a short list, so many new ones a minute for one
person, so many bytes kept.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from namro.reading import pages_apart, pictures
from namro.web.frame import files

WIDTHS = (240, 900, 1600)
MEDIA_TYPE = pictures.MEDIA_TYPE
A_MINUTE = 150
KEPT_BYTES = 1024**3


class TooMany(Exception):
    """One person asked for more new pictures a minute than the installation draws."""


def allowed_width(wanted: int) -> int:
    """The width of the list that is nearest to the one wanted."""
    return min(WIDTHS, key=lambda w: abs(w - wanted))


def page_picture(sha256: str, page: int, width: int, *, asked_by: int, keep: bool) -> bytes:
    """The page as WebP; kept for the next time only with `keep`.

    Raises TooMany, UnreadableDocument, FileNotFoundError.
    """
    kept = _folder() / sha256[:2] / f"{sha256[2:]}-{page}-{width}.webp"
    if keep and kept.exists():
        return kept.read_bytes()
    _count(asked_by)
    file = files.path_of(sha256)
    if not file.exists():
        raise FileNotFoundError(sha256)
    drawn = pages_apart.page_picture_apart(file, page, width_px=width)
    if keep:
        _put(kept, drawn)
    return drawn


def forget(sha256: str) -> None:
    """Take away what is kept of a file's pages."""
    for kept in (_folder() / sha256[:2]).glob(f"{sha256[2:]}-*.webp"):
        kept.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.NAMRO_HOME) / "pages"


def _count(asked_by: int) -> None:
    key = f"page-pictures-{asked_by}"
    cache.add(key, 0, 60)
    try:
        count = cache.incr(key)
    except ValueError:  # the minute ended between the two lines
        return
    if count > A_MINUTE:
        raise TooMany


def _put(kept: Path, drawn: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=kept.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(drawn)
    os.replace(temporary, kept)
    if hash(kept.name) % 64 == 0:
        _trim()


def _trim() -> None:
    """The oldest go where more than KEPT_BYTES lie there; they can be drawn again."""
    found = [(p.stat().st_mtime, p.stat().st_size, p) for p in _folder().rglob("*.webp")]
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= KEPT_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
