"""Two people at one item: whose fields are taken, and what only they can decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from namro.web.plans.draft import Item

# Whether a person has looked is no value: two who both accept do not contradict each other.
_SIGNS = {"checked", "edited", "version"}


@dataclass(frozen=True)
class Touched:
    """What one act did to one item: who, when, the fields before and after."""

    by: str
    at: datetime
    was: Mapping[str, Any]
    now: Mapping[str, Any]


@dataclass(frozen=True)
class Clash:
    """A field two people gave different values: the other's value, their name, the moment."""

    field: str
    theirs: Any
    mine: Any
    by: str
    at: datetime


@dataclass(frozen=True)
class Weighed:
    """`take`: fields of mine to be saved; `clashes`: those to be chosen; `theirs`: theirs alone."""

    take: dict[str, Any]
    clashes: list[Clash]
    theirs: dict[str, Touched]


def at_version(item: Item, since: Iterable[Touched]) -> Item:
    """The item as it was before the acts in `since` (oldest first)."""
    found = deepcopy(item)
    for act in reversed(list(since)):
        put_back(found, act.was, act.now)
    return found


def put_back(item: Item, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """The fields as they were; one that was not there goes."""
    for name in now:
        if name in was:
            item[name] = deepcopy(was[name])
        else:
            item.pop(name, None)


def weigh(item: Item, typed: Mapping[str, Any], since: Iterable[Touched]) -> Weighed:
    """What is to be done with fields typed by one who saw the item before the acts in `since`."""
    acts = list(since)
    seen = at_version(item, acts)
    theirs = {
        name: act
        for act in acts
        for name in act.now
        if name not in _SIGNS and not alike(seen.get(name), item.get(name))
    }
    mine = {n: v for n, v in typed.items() if not alike(v, seen.get(n))}
    clashes = [
        Clash(n, item.get(n), v, theirs[n].by, theirs[n].at)
        for n, v in mine.items()
        if n in theirs and not alike(v, item.get(n))
    ]
    return Weighed(mine, clashes, theirs)


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person: nothing is nothing, units in any order."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return (one or None) == (other or None)
