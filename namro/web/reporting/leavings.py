"""Files that records leave on their way in, and for how long: uploads never checked, fault copies.

They may hold what a data set does not keep: none stays for good.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from namro.web.reporting import fault_copies
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FileState

COPIES_FOR = timedelta(days=30)
UPLOADS_FOR = timedelta(days=7)


def of(at: datetime) -> list[Path]:
    """What may go by a moment: copies of refused files after 30 days, uploads that nobody waits
    for (a check that was cut off, a sending that was never finished) after 7."""
    open_ = (FileState.WAITING, FileState.CHECKING)
    awaited = set(RecordFile.objects.filter(state__in=open_).values_list("waiting", flat=True))
    incoming = Path(settings.NAMRO_HOME) / "incoming"
    uploads = [
        path
        for path in (incoming.iterdir() if incoming.is_dir() else ())
        if path.name.removesuffix(".room") not in awaited and _is_older(path, at - UPLOADS_FOR)
    ]
    copies = [p for p in fault_copies.folder().iterdir() if _is_older(p, at - COPIES_FOR)]
    return sorted([*uploads, *copies])


def _is_older(path: Path, than: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < than


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
