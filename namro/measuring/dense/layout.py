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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from namro.measuring import schema
from namro.measuring.dense.slabs import SCALE, Slab

FORM = 1
"""Of the files: a copy of another form is made anew."""

_LIST = "list.json"
_FORMER = (
    *(("values", "<i8"), ("delta", "<i8"), ("moments", "<i8"), ("starts", "<i8")),
    *(("element", "<i4"), ("unit", "<i4"), ("told", "<i2"), ("dn", "<i1")),
)
"""The arrays of a file of which the list does not say what numbers it holds: one after another."""

_NARROW = {
    **dict.fromkeys(("values", "told", "delta"), ("<i1", "<i2", "<i4")),
    **dict.fromkeys(("element", "unit"), ("<i2",)),
}
_ORDER = ("moments", "starts", "values", "told", "delta", "element", "unit", "dn")
"""The arrays of a file: first what tells of the present, as mostly nothing else is asked. Each is
as narrow as its numbers let it be: from a cold disk a question takes as long as it reads."""
_ALIGNED = 8

Identity = list[int]
"""Size and time of a segment's file: one written anew is another one."""


@dataclass
class Held:
    """What a dense copy holds. `files`: period code → {name, shape, changes, moments, scale, kinds
    (array → what numbers it holds)}; a former file has neither of the last two."""

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
    narrow, scale = _narrowed(slab)
    with (place / name).open("wb") as file:
        for array in narrow.values():
            file.write(bytes(-file.tell() % _ALIGNED))
            file.write(np.ascontiguousarray(array).data)
    kinds = {array: told.dtype.str for array, told in narrow.items()}
    counts = {"changes": len(slab.dn), "moments": len(slab.moments)}
    return {"name": name, "shape": [*slab.shape], **counts, "scale": scale, "kinds": kinds}


def _narrowed(slab: Slab) -> tuple[dict[str, NDArray[Any]], int]:
    """A slab's arrays as a file holds them, and of how many ten-thousandths its values are."""
    arrays = {name: getattr(slab, name) for name in _ORDER}
    scaled = ("values", "delta")
    scale = slab.scale
    if scale == 1 and not any((arrays[name] % SCALE).any() for name in scaled):
        scale = SCALE
        arrays |= {name: arrays[name] // SCALE for name in scaled}
    for name, kinds in _NARROW.items():
        arrays[name] = arrays[name].astype(_narrowest(arrays[name], kinds))
    return arrays, scale


def _narrowest(numbers: NDArray[Any], kinds: Sequence[str]) -> str:
    least, most = int(numbers.min(initial=0)), int(numbers.max(initial=0))
    for kind in kinds:
        if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max:
            return kind
    return str(numbers.dtype.newbyteorder("<").str)


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
    if "kinds" not in told:
        return Slab(**arrays)
    [changes] = [at for name, _, _, at in places if name == "delta"]
    return Slab(**arrays, scale=told["scale"], call=_Call(mapped, changes))


@dataclass
class _Call:
    """Asks the system, once, to read the beginning of a mapped file as a whole; met page by page,
    it would be read in many small steps, or with much that nobody asked for."""

    mapped: mmap.mmap
    length: int
    is_done: bool = False

    def __call__(self) -> None:
        if not self.is_done and self.length:
            self.is_done = True
            self.mapped.madvise(mmap.MADV_WILLNEED, 0, self.length)


def _places(told: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    cells, changes, moments = told["shape"][0] * told["shape"][1], told["changes"], told["moments"]
    counts = {"values": cells, "told": cells, "moments": moments, "starts": moments + 1}
    offset, kinds = 0, told.get("kinds")
    for name, kind in _FORMER if kinds is None else [(name, kinds[name]) for name in _ORDER]:
        count = counts.get(name, changes)
        offset += -offset % _ALIGNED if kinds is not None else 0
        yield name, kind, count, offset
        offset += count * np.dtype(kind).itemsize
