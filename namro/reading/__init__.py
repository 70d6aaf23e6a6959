"""A document in, a ReadPlan out: what it asks (targets, tasks), whom it cites, what is wrong in it.

Read the files in the order of the stages: `sources/` (any format → blocks), `blocks.py` (join what
a page break cut), `outline.py` (I, 1., 4.1., "-" → a tree), `header.py`, `citations.py`,
`targets.py`, `tasks.py`, `mentions.py`, `faults/`; `plan.py` says what comes out.
The only door is `read_plan`, or `read_apart` in a bounded process of its own; bad input raises
`UnreadableDocument`. What is named here is loaded when it is asked for: a process that recognises
pages needs none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from namro.reading.apart import read_apart
    from namro.reading.bounded import Limits
    from namro.reading.directory import expand
    from namro.reading.door import read_plan
    from namro.reading.mentions import KnownUnit
    from namro.reading.plan import ReadPlan, ReadTarget, ReadTask
    from namro.reading.unreadable import UnreadableDocument

__all__ = [
    "KnownUnit",
    "Limits",
    "ReadPlan",
    "ReadTarget",
    "ReadTask",
    "UnreadableDocument",
    "expand",
    "read_apart",
    "read_plan",
]

_HOMES = {
    "KnownUnit": "mentions",
    "Limits": "bounded",
    "ReadPlan": "plan",
    "ReadTarget": "plan",
    "ReadTask": "plan",
    "UnreadableDocument": "unreadable",
    "expand": "directory",
    "read_apart": "apart",
    "read_plan": "door",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
