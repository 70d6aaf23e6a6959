"""Parts of units → parts of those above them, each leaf once."""

from __future__ import annotations

import numpy as np

from namro.measuring.dense.leaves import TooLarge
from namro.measuring.dense.slabs import FOREVER, Whole
from namro.measuring.dense.tree import Reach


def rolled(leaves: Whole, reach: Reach) -> Whole:
    """term × unit → term × unit above (`reach.above`), exactly. Raises TooLarge.

    Row by row, so that what is gathered stays in the processor's own memory.
    """
    if float(np.abs(leaves).max(initial=0)) * leaves.shape[1] >= FOREVER:
        if any(float(np.abs(row.astype(np.float64)).sum()) >= FOREVER / 2 for row in leaves):
            raise TooLarge
    found = np.zeros((len(leaves), len(reach.above)), np.int64)
    if not len(reach.leaf):
        return found
    gathered = np.empty(len(reach.leaf), np.int64)
    starts = reach.starts[:-1]
    for row, total in zip(leaves, found, strict=True):
        np.take(row, reach.leaf, out=gathered, mode="clip")
        np.add.reduceat(gathered, starts, out=total)
    return found
