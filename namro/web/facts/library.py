"""The measures in use: the package's and this installation's own (`$NAMRO_HOME/measures`)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.dispatch import receiver

from namro.measuring import definitions
from namro.measuring.definitions import Library, Measure
from namro.measuring.examples import load_own
from namro.web.facts.models import MeasureText

Stamp = tuple[tuple[str, int, int], ...]


def library() -> Library:
    """All definitions. Read anew when a file of the installation's folder changes; while a page is
    answered, what it looked at first holds.

    Raises measuring's FaultyDefinition (Vietnamese: file, key, what is wrong).
    """
    own = Path(settings.NAMRO_HOME) / "measures"
    if not getattr(_page, "being_answered", False):
        return _loaded(own, _stamp(own))
    if getattr(_page, "seen", None) is None:
        _page.seen = _stamp(own)
    return _loaded(own, _page.seen)


_page = threading.local()
"""Whether this thread answers a page, and how the folder stood when the page first asked."""


@receiver(request_started)
def _begin_page(**_: object) -> None:
    _page.being_answered, _page.seen = True, None


@receiver(request_finished)
def _end_page(**_: object) -> None:
    _page.being_answered = False


def _stamp(folder: Path) -> Stamp:
    """What tells one state of a folder from another: names, times and sizes of its files."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(_files(str(folder))))


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith(".toml"):
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=4)
def _loaded(own: Path, stamp: Stamp) -> Library:
    return load_own(own) if stamp else definitions.load(None)


def keep_texts(measures: Iterable[Measure], *, at: datetime) -> None:
    """Keep the text of each definition under its hash, from its first use on (MeasureText)."""
    wanted = {m.hash: m for m in measures}
    kept = set(MeasureText.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    MeasureText.objects.bulk_create(
        [
            MeasureText(hash=h, measure=m.slug, text=m.text, first_used_at=at)
            for h, m in wanted.items()
            if h not in kept
        ],
        ignore_conflicts=True,
    )
