"""Raw records (tập bản ghi): which columns of a file are kept, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from namro.terms import Calendar

Time = Literal["stock", "flow"]


@dataclass(frozen=True)
class Column:
    """A column of raw records that is kept. `values`: accepted value → its Vietnamese label."""

    title: str
    type: Literal["text", "date", "number", "choice"]
    values: Mapping[str, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True)
class Version:
    """Which columns of a catalogue name its version: the decision's number, the day it was signed.

    The day from which it is in force is the data set's own date (see versions.py).
    """

    number: str
    decided_on: str


@dataclass(frozen=True)
class Dataset:
    """Raw records that arrive in files (tập bản ghi), one row per thing counted.

    `key`, `unit`, `date` name columns: the row's own key, the unit it belongs to, and the date
    that decides its period by `calendar`. `dropped` columns are personal and never kept, `hashed`
    ones are kept only as keyed hashes. Records are a flow; `carry` is for a stock (a register).
    `once`: a key (a person) stands once in all that is counted together (see doubles.py).
    `version`: the columns that name the version of a catalogue (versions.py).
    `retain`: months after a period's end for which its records are kept (0: no term); then only
    what was counted in them stays.
    """

    slug: str
    title: str
    key: str
    unit: str
    date: str
    calendar: Calendar
    columns: Mapping[str, Column]
    dropped: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    time: Time = "flow"
    carry: int = 0
    unit_of_measure: str = "bản ghi"
    once: bool = False
    version: Version | None = None
    retain: int = 0
