"""Which elements stand on which side of many terms: index arrays instead of loops over terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from namro.measuring.kinds import Term

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Pick:
    """The n-th item of one side of several terms: `terms[i]` takes the element in `rows[i]`."""

    side: Literal["numerator", "denominator"]
    is_first: bool
    is_needed: bool
    terms: Places
    rows: Places


def picks(terms: Sequence[Term], row_of: Mapping[str, int]) -> list[Pick]:
    """All items of some terms; a term stands in each pick once at most."""
    found: dict[tuple[str, bool, int], list[tuple[int, int]]] = {}
    for place, term in enumerate(terms):
        needed = {item.slug for item in term.needed}
        for side, source in (("numerator", term.numerator), ("denominator", term.denominator)):
            for n, item in enumerate(source.items if source else ()):
                key = (side, item.slug in needed, n)
                found.setdefault(key, []).append((place, row_of[item.slug]))
    return [
        Pick(
            "numerator" if side == "numerator" else "denominator",
            n == 0,
            is_needed,
            np.array([t for t, _ in pairs], np.intp),
            np.array([r for _, r in pairs], np.intp),
        )
        for (side, is_needed, n), pairs in found.items()
    ]
