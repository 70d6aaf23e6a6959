"""The present content of the ledger and of the slices of records, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from namro.web.facts.library import library
from namro.web.facts.models import BatchSlice, Observation, Tally

UnitCells = dict[str, dict[tuple[str, str], Decimal]]
"""source slug → {(slug, period code): value}, of one unit; what was withdrawn is absent."""


def cells_of(
    units: Collection[int],
    sources: Collection[str],
    periods: Collection[str] | None = None,
    *,
    since: int | None = None,
) -> dict[int, UnitCells]:
    """Per unit, what elements and counts say now. Two queries (one where no count is asked).

    `periods`: only what elements say of these, by code; `since`: only of this year's and later
    periods; None is all.
    """
    found: dict[int, UnitCells] = defaultdict(lambda: defaultdict(dict))
    rows = Observation.objects.filter(unit_id__in=units, element__in=sources)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    sums = rows.values_list("unit_id", "element", "period").annotate(
        total=Sum("delta"), n=Sum("dn")
    )
    for unit, element, period, total, n in sums:
        if n > 0:
            found[unit][element][element, period] = total
    for unit, source, period, value in _tallies(units, sources):
        found[unit][source][source, period] = value
    return found


def newest_slices(units: Collection[int] | None = None):
    """The slice that counts for each data set, unit and period: the newest."""
    newest = (
        BatchSlice.objects.filter(
            unit=OuterRef("unit"),
            batch__dataset=OuterRef("batch__dataset"),
            batch__period=OuterRef("batch__period"),
        )
        .order_by("-batch__recorded_at", "-batch__code")
        .values("pk")[:1]
    )
    slices = BatchSlice.objects.filter(pk=Subquery(newest))
    return slices if units is None else slices.filter(unit_id__in=units)


def _tallies(units: Collection[int], sources: Collection[str]):
    """Only asked where a source is a count: counts are named "dataset" or "dataset?…"."""
    datasets = library().datasets
    counts = [s for s in sources if "?" in s or s in datasets]
    if not counts:
        return ()
    return Tally.objects.filter(source__in=counts, slice__in=newest_slices(units)).values_list(
        "slice__unit_id", "source", "slice__batch__period", "value"
    )
