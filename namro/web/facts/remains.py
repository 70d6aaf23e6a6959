"""What is left of batches whose records were deleted: the slice in force, counts that stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count

from namro.measuring.records.gathering import rows_by_unit
from namro.web.facts.models import Batch, Removal, Tally
from namro.web.frame import files
from namro.web.org.models import Unit


@dataclass(frozen=True)
class Left:
    """What deletions left of a batch: the SHA-256 of its slice ("": nothing), units concerned."""

    sha256: str
    units: frozenset[int]


def left_of(batch: Batch) -> Left:
    """What is left of a batch; all of it where nothing was ever deleted."""
    rows = list(batch.removals.order_by("pk").values_list("records_sha256", "units"))
    if not rows:
        return Left(batch.records_sha256, frozenset())
    return Left(rows[-1][0], frozenset(u for _, units in rows for u in units))


def records_of(batch: Batch) -> Path | None:
    """The file of a batch's records that are still kept; None where none are."""
    left = left_of(batch)
    return files.path_of(left.sha256) if left.sha256 else None


def removals_in(dataset: str, periods: Collection[str], unit_ids: Collection[int]) -> list[Removal]:
    """What was deleted of the records of some units and periods, oldest first."""
    rows = Removal.objects.filter(batch__dataset=dataset, batch__period__in=periods)
    asked = set(unit_ids)
    return [row for row in rows.order_by("pk") if asked & set(row.units)]


def kept_tallies() -> Iterator[dict[str, Any]]:
    """The rows of the store's table of that name: counts of slices that are not counted again."""
    codes = dict(Unit.objects.values_list("pk", "code"))
    touched = Batch.objects.annotate(n=Count("removals")).filter(n__gt=0).order_by("pk")
    for batch in touched:
        left = left_of(batch)
        path = files.path_of(left.sha256) if left.sha256 else None
        still = rows_by_unit(path) if path else {}
        for unit in sorted(left.units):
            place = {"batch": batch.code, "unit": codes[unit]}
            yield {**place, "source": "", "value": still.get(codes[unit], 0)}
        rows = Tally.objects.filter(slice__batch=batch, slice__unit__in=left.units)
        for unit, source, value in rows.values_list("slice__unit_id", "source", "value"):
            yield {"batch": batch.code, "unit": codes[unit], "source": source, "value": value}
