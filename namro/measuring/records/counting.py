"""Slices of records → how many meet each count's conditions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from namro.measuring.compile import columns_used, tally_of_slice
from namro.measuring.engines import in_memory
from namro.measuring.kinds import Count, Dataset


def tally(
    slices: Path | Iterable[Path], dataset: Dataset, sources: Iterable[Count]
) -> dict[tuple[str, str], int]:
    """(count slug, unit) → how many records of the slices meet each count's conditions.

    `slices`: Parquet files that `receive` wrote; `sources`: usually `library.counts_of(slug)`.
    Every unit with a row in a slice gets every count, 0 included.
    """
    files = [slices] if isinstance(slices, Path) else list(slices)
    counts = list({c.slug: c for c in sources if c.dataset == dataset.slug}.values())
    if not files or not counts:
        return {}
    with in_memory() as tables:
        records = tables.parquet(files, columns_used(counts))
        rows = tables.session().rows(tally_of_slice(records, counts))
    return {
        (count.slug, row[0]): int(row[i]) for row in rows for i, count in enumerate(counts, start=1)
    }
