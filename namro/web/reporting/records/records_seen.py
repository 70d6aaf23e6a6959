"""Reads of raw records: files sent, batches taken in, their slices, by the viewer's reach."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db.models import Q, QuerySet

from namro.web.facts.models import Batch, BatchSlice, Removal
from namro.web.facts.queries import newest_slices
from namro.web.org.models import User
from namro.web.org.queries import may, sees_all, units_within
from namro.web.org.rules import Verb
from namro.web.reporting.models import RecordFile
from namro.web.reporting.records import fault_copies


def record_files_for(viewer: User, on: date) -> QuerySet[RecordFile]:
    """Files of raw records, newest first; only for those who may see single records."""
    if not may(viewer, Verb.SEE_RECORDS, on=on):
        return RecordFile.objects.none()
    rows = RecordFile.objects.select_related("sent_by", "batch").order_by("-pk")
    if sees_all(viewer, Verb.SEE_RECORDS, on):
        return rows
    # A file may hold records of any unit, and its faults quote them.
    return rows.filter(Q(sent_by=viewer) | Q(batch__in=batches_for(viewer, on).values("pk")))


def batches_for(viewer: User, on: date) -> QuerySet[Batch]:
    """Batches taken in that hold records of units whose records the viewer may see."""
    if not may(viewer, Verb.SEE_RECORDS, on=on):
        return Batch.objects.none()
    units = units_within(viewer, Verb.SEE_RECORDS, on).values("pk")
    mine = BatchSlice.objects.filter(unit__in=units).values("batch")
    return Batch.objects.filter(pk__in=mine).select_related("recorded_by")


def slices_for(viewer: User, batch: Batch, on: date) -> list[BatchSlice]:
    """A batch unit by unit, each with `counts`: no newer slice has taken its place; and `gone`:
    records of it were deleted."""
    units = units_within(viewer, Verb.SEE_RECORDS, on).values("pk")
    rows = list(batch.slices.filter(unit__in=units).select_related("unit"))
    in_force = set(newest_slices([r.unit_id for r in rows]).values_list("pk", flat=True))
    gone = {unit for removal in removals_of(batch) for unit in removal.units}
    for row in rows:
        row.counts, row.gone = row.pk in in_force, row.unit_id in gone
    return sorted(rows, key=lambda r: (-r.rows, r.unit.name))


def removals_of(batch: Batch) -> list[Removal]:
    """What was deleted of a batch's records, oldest first."""
    return list(batch.removals.order_by("pk"))


def file_of(batch: Batch) -> RecordFile | None:
    """The file a batch came in by, where it came through these pages."""
    return RecordFile.objects.filter(batch=batch).first()


def copy_of(kept: RecordFile) -> Path | None:
    """The copy of a refused file with its faults written in, while it is kept."""
    path = fault_copies.path_of(kept)
    return path if kept.has_copy and path.is_file() else None
