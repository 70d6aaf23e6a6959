"""Parts of units → parts of those above them, each leaf once."""

from __future__ import annotations

import numpy as np

from namro.measuring.dense.leaves import TooLarge, largest
from namro.measuring.dense.slabs import FOREVER, Whole
from namro.measuring.dense.tree import Reach


def roll(leaves: Whole, reach: Reach, out: Whole, rows: Whole) -> None:
    """term × unit → the given rows of term × asked unit, exactly. Raises TooLarge.

    Row by row, so that what is gathered stays in the processor's own memory.
    """
    check_sums(leaves)
    gathered, starts = np.empty(len(reach.leaf), np.int64), reach.starts[:-1]
    for row, place in zip(leaves, rows.tolist(), strict=True):
        total = out[place]
        total[reach.alone] = row[reach.only]
        if len(starts):
            row.take(reach.leaf, out=gathered, mode="clip")
            total[reach.above] = np.add.reduceat(gathered, starts)


def check_sums(leaves: Whole) -> None:
    """Raises TooLarge where a row's values may not be added up in 64 bits."""
    if leaves.size == 0 or largest(leaves) * leaves.shape[1] < FOREVER:
        return
    if any(float(np.abs(row.astype(np.float64)).sum()) >= FOREVER / 2 for row in leaves):
        raise TooLarge
