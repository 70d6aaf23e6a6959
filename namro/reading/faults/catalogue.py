"""The catalogue of faults: what every code means (danh mục sai sót)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class FaultKind:
    """One code: its name, why it matters, how to mend it, the rule it rests on.

    `example` is a text that has the fault; for a fault that only a file can have, `case` tells
    in words when it comes.
    """

    code: str
    title: str
    why: str
    mend: str
    rule: str
    example: str | None = None
    case: str | None = None


@lru_cache(maxsize=1)
def catalogue() -> tuple[FaultKind, ...]:
    """All codes, in the order of the catalogue."""
    text = files("namro.reading.faults").joinpath("catalogue.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    head = said["head"]
    return tuple(
        FaultKind(
            **{
                key: value.replace("{head}", head) if key == "example" else value
                for key, value in entry.items()
            }
        )
        for entry in said["fault"]
    )
