"""A dense copy on disk: one file a period, and a list that says what they hold.

    <store>/dense/list.json              elements, units, segments folded in, a file for each period
    <store>/dense/202509-000003.cells    the slab's arrays, one after another, to be mapped

Derived and deletable. A file is never changed: a newer one stands beside it until the list names
it, so a reader sees either the old state or the new, and an interrupted writer goes on from the
last list.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from namro.measuring import schema
from namro.measuring.dense.slabs import Slab

FORM = 1
"""Of the files: a copy of another form is made anew."""

_LIST = "list.json"
_ARRAYS = (
    *(("values", "<i8"), ("delta", "<i8"), ("moments", "<i8"), ("starts", "<i8")),
    *(("element", "<i4"), ("unit", "<i4"), ("told", "<i2"), ("dn", "<i1")),
)  # largest items first, so that each begins where its size demands

Identity = list[int]
"""Size and time of a segment's file: one written anew is another one."""


@dataclass
class Held:
    """What a dense copy holds. `files`: period code → {name, shape, changes, moments}."""

    form: int = field(default_factory=lambda: FORM)
    made: int = 0
    elements: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    segments: dict[str, Identity] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def folder(store: Path) -> Path:
    """Where a store's dense copy lies."""
    return store / "dense"


def held(store: Path) -> Held:
    """What the copy of a store holds; nothing, where there is none or it is of another form."""
    try:
        told = Held(**json.loads((folder(store) / _LIST).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Held()
    return told if told.form == FORM else Held()


def is_there(store: Path) -> bool:
    """Whether a store has a dense copy; one that lags behind is one too."""
    return (folder(store) / _LIST).is_file()


def settle(store: Path, told: Held) -> None:
    """Put the list in place, in one step, and drop the files it no longer names."""
    place = folder(store)
    place.mkdir(parents=True, exist_ok=True)
    beside = place / (_LIST + ".part")
    beside.write_text(json.dumps(vars(told)), encoding="utf-8")
    os.replace(beside, place / _LIST)
    named = {file["name"] for file in told.files.values()}
    for file in place.glob("*.cells"):
        if file.name not in named:
            file.unlink()


def segments(store: Path) -> dict[str, Identity]:
    """The ledger's segments of a store, by name."""
    found = {}
    for file in schema.segments(store, "observations"):
        told = file.stat()
        found[file.name] = [told.st_size, told.st_mtime_ns]
    return found


def write_slab(store: Path, name: str, slab: Slab) -> dict[str, Any]:
    """Write a slab's file; what the list is to say of it."""
    place = folder(store)
    place.mkdir(parents=True, exist_ok=True)
    with (place / name).open("wb") as file:
        for array, kind in _ARRAYS:
            file.write(np.ascontiguousarray(getattr(slab, array), dtype=kind).data)
    shape = [*slab.shape]
    return {"name": name, "shape": shape, "changes": len(slab.dn), "moments": len(slab.moments)}


def read_slab(store: Path, told: Mapping[str, Any]) -> Slab:
    """Map a slab's file: what nobody looks at is not read.

    Raises FileNotFoundError, also for a file that is not as long as the list says.
    """
    places = list(_places(told))
    _, kind, count, offset = places[-1]
    with (folder(store) / told["name"]).open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if len(mapped) != offset + count * np.dtype(kind).itemsize:
        raise FileNotFoundError(told["name"])
    arrays: dict[str, Any] = {
        name: np.frombuffer(mapped, kind, n, at) for name, kind, n, at in places
    }
    for name in ("values", "told"):
        arrays[name] = arrays[name].reshape(told["shape"])
    return Slab(**arrays)


def _places(told: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    cells, changes, moments = told["shape"][0] * told["shape"][1], told["changes"], told["moments"]
    counts = {"values": cells, "told": cells, "moments": moments, "starts": moments + 1}
    offset = 0
    for name, kind in _ARRAYS:
        count = counts.get(name, changes)
        yield name, kind, count, offset
        offset += count * np.dtype(kind).itemsize
