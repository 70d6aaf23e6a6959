"""Everything a careful clerk would mark in red, each with its place and a suggestion.

Nothing is ever mended here: the words stay as they are, a person decides. `catalogue.toml` says
of every code what it means and on which rule it rests; the files beside this one find them:
`head.py` (blanks, a second document, documents cited), `parts.py` (appendix, cut sentences),
`days.py`, `figures.py`, `units.py`, `writing.py`; `numbering.py` of the room finds gaps.
"""

from __future__ import annotations

from namro.reading import numbering
from namro.reading.faults import days, figures, head, parts, sums, units, writing
from namro.reading.faults.found import Found
from namro.terms import Fault

__all__ = ["Found", "read"]


def read(found: Found) -> tuple[Fault, ...]:
    """All faults, in order of their place; those of the whole document first."""
    faults = [
        *head.read(found),
        *parts.read(found),
        *days.read(found),
        *numbering.read(found.root),
        *figures.read(found),
        *sums.read(found.blocks),
        *units.read(found),
        *writing.read(found.blocks),
    ]
    seen = {(f.code, f.place, f.message): f for f in reversed(faults)}
    once = [f for f in faults if seen.pop((f.code, f.place, f.message), None)]
    once.sort(key=lambda f: (f.place.block or 0, f.place.start or 0) if f.place else (-1, 0))
    return tuple(once)
