"""Files kept by what they hold: `files/ab/cd…` under the installation, named by SHA-256.

Nothing is overwritten and the same file is kept once. Rows elsewhere hold the SHA-256 and the name.
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
    """Keep a file; give its SHA-256 and size in bytes. Complete or not at all."""
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
        kept = path_of(digest.hexdigest())
        kept.parent.mkdir(exist_ok=True)
        if kept.exists():  # the same bytes: replacing them would only make the disk wait
            Path(temporary).unlink()
        else:
            os.replace(temporary, kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size
