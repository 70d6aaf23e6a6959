"""Files kept by what they hold: `files/ab/cd…` under the installation, named by SHA-256.

Nothing is overwritten and the same file is kept once. Rows elsewhere hold the SHA-256 and the name.
A row that says a file is kept may be on the disk before the file is: so the file is put there first
(`put_on_disk`), with the folder that names it, and only then anything is said of it.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def path_of(sha256: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return Path(settings.NAMRO_FILES) / sha256[:2] / sha256[2:]


def keep(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Keep a file; give its SHA-256 and size in bytes. Complete or not at all, and on the disk."""
    root = Path(settings.NAMRO_FILES)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=root)
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        kept = path_of(digest.hexdigest())
        kept.parent.mkdir(exist_ok=True)
        if kept.exists() and kept.stat().st_size == size:  # the same bytes, put there before
            Path(temporary).unlink()
            put_on_disk(kept)  # perhaps a moment ago, by somebody who still waits for the disk
        else:
            os.replace(temporary, kept)
        put_on_disk(kept.parent, root)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def put_on_disk(*paths: Path) -> None:
    """Wait until files, and the names in folders, are on the disk: a power cut takes neither."""
    for path in paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
