"""Pictures of a document's pages, drawn when asked for and kept under the installation's folder.

Bounded: drawn in a process of its own, of widths of a short list, so many new ones a minute for one
person, one at a time in this process, so many bytes kept. What was too much is not tried again for
some minutes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore

from django.conf import settings
from django.core.cache import cache

from namro.reading import UnreadableDocument, pages_apart, pictures
from namro.web.frame import files

WIDTHS = (240, 900, 1600)
MEDIA_TYPE = pictures.MEDIA_TYPE
A_MINUTE = 150
KEPT_BYTES = 1024**3
WAIT_SECONDS = 3.0
"""For the drawing before; most take less than one. Longer, and a page made to take a minute would
hold every thread of the site."""

REFUSED_SECONDS = 300
_TOO_MUCH = ("TOO_HEAVY", "TOO_SLOW", "READER_STOPPED")
_turn = Semaphore(1)


class TooMany(Exception):
    """One person asked for more new pictures a minute than the installation draws."""


class Busy(Exception):
    """Another picture is being drawn, and takes long."""


def allowed_width(wanted: int) -> int:
    """The width of the list that is nearest to the one wanted."""
    return min(WIDTHS, key=lambda w: abs(w - wanted))


def page_picture(sha256: str, page: int, width: int, *, asked_by: int, keep: bool) -> bytes:
    """The page as WebP; kept for the next time only with `keep`.

    Raises TooMany, Busy, UnreadableDocument, FileNotFoundError.
    """
    kept = _folder() / sha256[:2] / f"{sha256[2:]}-{page}-{width}.webp"
    if keep and kept.exists():
        return kept.read_bytes()
    file = files.path_of(sha256)
    if not file.exists():
        raise FileNotFoundError(sha256)
    key = f"page-refused-{sha256}-{page}-{width}"
    _refuse_again(key)
    _count(asked_by)
    with _alone():
        if keep and kept.exists():  # who was waited for drew the same
            return kept.read_bytes()
        _refuse_again(key)
        drawn = _drawn(file, page, width, key)
    if keep:
        _put(kept, drawn)
    return drawn


def forget(sha256: str) -> None:
    """Take away what is kept of a file's pages."""
    for kept in (_folder() / sha256[:2]).glob(f"{sha256[2:]}-*.webp"):
        kept.unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _turn.release()


def _drawn(file: Path, page: int, width: int, key: str) -> bytes:
    """The picture; that it was too much is kept in mind under the key."""
    try:
        return pages_apart.page_picture_apart(file, page, width_px=width)
    except UnreadableDocument as why:
        if why.code in _TOO_MUCH:
            cache.set(key, (why.code, why.file, why.why, why.mend), REFUSED_SECONDS)
        raise


def _refuse_again(key: str) -> None:
    told = cache.get(key)
    if told is not None:
        raise UnreadableDocument(*told)


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
