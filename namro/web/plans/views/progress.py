"""While a document is read: how far, how long still, the pages read so far; or why it failed."""

from __future__ import annotations

from django.shortcuts import render

from namro.web.frame import clock
from namro.web.plans.rules import SILENCE, ReadingState
from namro.web.plans.views import drawing

SHOWN = 6  # newest pages
PICTURED = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def show_progress(request, reading):
    """The page, or only its moving part; everything rests on the row, so a reload loses nothing."""
    now = clock.now()
    waited = (reading.progressed_at if reading.state == ReadingState.READING else None) or (
        reading.queued_at
    )
    context = {
        "reading": reading,
        "silent": waited < now - SILENCE,
        "left": seconds_left(reading, now),
        "pictures": _pages_read(reading),
    }
    partial = request.htmx and request.GET.get("tien-do")
    return render(request, "plans/_progress.html" if partial else "plans/progress.html", context)


def seconds_left(reading, now):
    """A guess from the pages read so far; None in the first two seconds and near the end."""
    if reading.state != ReadingState.READING or not reading.steps_done or not reading.started_at:
        return None
    spent = (now - reading.started_at).total_seconds()
    left = spent / reading.steps_done * max(0, reading.steps_all - reading.steps_done)
    return round(left) if spent > 2 and left >= 2 else None


def _pages_read(reading):
    """(number, picture) of the newest pages read, of files whose pages can be shown."""
    name = reading.document.file_name.lower()
    if reading.state != ReadingState.READING or not name.endswith(PICTURED):
        return []
    last = min(reading.steps_done, reading.steps_all)
    return [
        (n, drawing.picture(reading, n, 240)) for n in range(max(1, last - SHOWN + 1), last + 1)
    ]
