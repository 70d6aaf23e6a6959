"""Reading in a process of its own, with bounds: `read_plan` as the site asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from namro.reading.bounded import Limits, Progress, answer_of
from namro.reading.mentions import KnownUnit
from namro.reading.plan import ReadPlan

__all__ = ["Limits", "read_apart"]


def read_apart(
    file: Path,
    known_units: Sequence[KnownUnit] = (),
    *,
    limits: Limits,
    progress: Progress | None = None,
    document: int = 1,
) -> ReadPlan:
    """As `read_plan` (`document`: which one of the file), in a process of its own under `limits`.

    Raises UnreadableDocument, also where the reader had to be ended (TOO_HEAVY, TOO_SLOW) or died
    (READER_STOPPED).
    """
    known = [(u.code, u.name, list(u.aliases)) for u in known_units]
    asked = {"known": known, "document": document}
    read = answer_of("plan", file, asked, limits=limits, progress=progress)
    if not isinstance(read, ReadPlan):
        raise TypeError(f"the reader answered with {type(read).__name__}")
    return read


def answer(asked: Mapping[str, Any], progress: Progress) -> ReadPlan:
    """In the child: the plan. Raises UnreadableDocument."""
    from namro.reading.door import read_plan

    known = [KnownUnit(code, name, tuple(aliases)) for code, name, aliases in asked["known"]]
    return read_plan(Path(asked["file"]), known, progress=progress, document=int(asked["document"]))
