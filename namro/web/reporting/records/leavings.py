"""Files that are left on their way in, and for how long: uploads never checked, parts never
finished, fault copies, temporary files of processes that were killed.

They may hold what a data set does not keep: none stays for good. What is in use is told by what
waits in the database, or by having been written to not long ago.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.deliveries.rules import DeliveryState
from namro.web.reporting.models import RecordFile
from namro.web.reporting.proof import parts
from namro.web.reporting.records import fault_copies
from namro.web.reporting.rules import FileState

COPIES_FOR = timedelta(days=30)
UPLOADS_FOR = timedelta(days=7)
TEMPORARIES_FOR = timedelta(days=2)
"""No upload, and no check of ten million rows, writes nothing for so long."""


def of(at: datetime) -> list[Path]:
    """What may go by a moment: copies of refused files after 30 days; uploads that nobody waits
    for (a check that was cut off, a sending that was never finished) and parts never put together
    after 7; temporary files of processes that were killed after 2."""
    awaited = _awaited()
    uploads = [
        path
        for path in _in(Path(settings.NAMRO_HOME) / "incoming")
        if path.name.removesuffix(".room") not in awaited and _is_older(path, at - UPLOADS_FOR)
    ]
    copies = [p for p in fault_copies.folder().iterdir() if _is_older(p, at - COPIES_FOR)]
    left = [p for p in _temporaries() if _is_older(p, at - TEMPORARIES_FOR)]
    return sorted([*uploads, *copies, *left, *parts.old(at)])


def _awaited() -> set[str]:
    """What waits to be checked, or is being checked: names among the uploads."""
    open_ = (FileState.WAITING, FileState.CHECKING)
    found = set(RecordFile.objects.filter(state__in=open_).values_list("waiting", flat=True))
    for files in Delivery.objects.exclude(state=DeliveryState.DONE).values_list("files", flat=True):
        found.update(file["waiting"].partition("/")[0] for file in files)
    return found


def _temporaries() -> Iterator[Path]:
    """Files half written, rooms of the worker, uploads as the web server takes them in: all bear
    the names that Python gives to what is temporary."""
    for folder in (Path(settings.NAMRO_HOME), Path(settings.NAMRO_FILES)):
        yield from (path for path in _in(folder) if path.name.startswith(tempfile.gettempprefix()))
    uploaded = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    for path in uploaded.glob(f"{tempfile.gettempprefix()}*.upload*"):
        try:
            if path.stat().st_uid == os.getuid():
                yield path
        except FileNotFoundError:
            continue  # its upload has just ended


def _in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_older(path: Path, than: datetime) -> bool:
    """Whether neither a file, nor anything in a folder, was written to since."""
    try:
        newest = max(p.lstat().st_mtime for p in (path, *path.rglob("*")))
    except FileNotFoundError:
        return False  # somebody is at it
    return datetime.fromtimestamp(newest, UTC) < than


def forget_faults(at: datetime) -> int:
    """Faults quote what stood in a file: they go when its copy goes; give how many files."""
    old = RecordFile.objects.filter(state=FileState.REFUSED, finished_at__lt=at - COPIES_FOR)
    return old.exclude(faults=[]).update(faults=[], has_copy=False)


def remove(paths: Iterable[Path]) -> None:
    """Delete files and rooms."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
