"""A file sent piece by piece over a weak line: pieces kept until the whole is there.

Under the installation's folder `parts/<person>/<SHA-256 of the whole>/<number>`; each piece comes
with its own SHA-256, so a broken one is asked for again. What is never finished goes after a week.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from namro.web.org.models import User
from namro.web.reporting.proof.proof_files import MOST_BYTES, FaultyFile

MOST_PART = 1024 * 1024
MOST_PARTS = 1024
MOST_WAITING = 4 * MOST_BYTES
"""What one person's unfinished files may take together."""
KEPT_FOR = timedelta(days=7)
_HASH = re.compile(r"[0-9a-f]{64}")


def folder() -> Path:
    """Where all unfinished files lie."""
    return Path(settings.NAMRO_HOME) / "parts"


def _of(user: User, sha256: str) -> Path:
    if not _HASH.fullmatch(sha256):
        raise FaultyFile("Tệp gửi lên không có mã kiểm tra. Hãy tải lại trang rồi gửi lại.")
    return folder() / str(user.pk) / sha256


def numbers(user: User, sha256: str) -> list[int]:
    """The pieces of a file that are here already. Raises FaultyFile."""
    place = _of(user, sha256)
    return sorted(int(p.name) for p in place.glob("[0-9]*") if p.name.isdigit())


def keep(user: User, sha256: str, number: int, piece: bytes, piece_sha256: str) -> None:
    """Keep one piece, whole or not at all; a repeated one is harmless. Raises FaultyFile."""
    place = _of(user, sha256)
    if hashlib.sha256(piece).hexdigest() != piece_sha256:
        raise FaultyFile("Một phần của tệp bị hỏng trên đường truyền. Hãy gửi lại.")
    if len(piece) > MOST_PART or not 0 <= number < MOST_PARTS:
        raise FaultyFile("Phần tệp gửi lên quá lớn. Hãy tải lại trang rồi gửi lại.")
    if _size(place.parent) + len(piece) > MOST_WAITING:
        raise FaultyFile(
            "Đồng chí còn nhiều tệp gửi dở trên máy chủ. Hãy gửi xong các tệp trước, hoặc gửi lại "
            "sau 7 ngày."
        )
    place.mkdir(parents=True, exist_ok=True)
    unfinished = place / f".{number}.{os.getpid()}"
    unfinished.write_bytes(piece)
    os.replace(unfinished, place / str(number))


def whole(user: User, sha256: str, count: int) -> Iterator[bytes]:
    """The pieces in order, checked to be the file they were announced as. Raises FaultyFile."""
    place, digest = _of(user, sha256), hashlib.sha256()
    if numbers(user, sha256)[:count] != list(range(count)) or not 0 < count <= MOST_PARTS:
        raise FaultyFile("Tệp chưa gửi đủ các phần. Hãy gửi lại.")
    for number in range(count):
        piece = (place / str(number)).read_bytes()
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        forget(user, sha256)
        raise FaultyFile("Tệp nhận được không giống tệp trên máy của đồng chí. Hãy gửi lại.")


def forget(user: User, sha256: str) -> None:
    """The file is kept, or of no use: its pieces go."""
    shutil.rmtree(_of(user, sha256), ignore_errors=True)


def old(at: datetime) -> list[Path]:
    """The unfinished files that nobody went on sending for a week; each is a folder."""
    found = []
    for place in folder().glob("*/*"):
        try:
            touched = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue  # it has just been put together
        if touched < at - KEPT_FOR:
            found.append(place)
    return found


def remove_old(at: datetime) -> int:
    """Take away files nobody went on sending for a week; give how many."""
    gone = old(at)
    for place in gone:
        shutil.rmtree(place, ignore_errors=True)
    return len(gone)


def _size(place: Path) -> int:
    return sum(p.stat().st_size for p in place.glob("*/*") if p.is_file())
