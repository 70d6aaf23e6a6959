"""The tree that figures are kept under: a copy, renewed in the transaction in which they follow.

Who merges or moves units does not wait for the figures. Were the tree itself looked at, a value
entered just then would be added above its unit under one tree, and what the unit had said before
would lie under another. So whatever writes figures reads the copy; the difference between it and
the tree of now is exactly what figures have not followed yet, whoever changed it, in whatever way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from namro.web.facts import descents, sql
from namro.web.facts.models import KnownSuccession
from namro.web.facts.rules import Interval, in_force

_LINES = "unit_id, ancestor_id, from_on, to_on"
_GIVEN = 'unit_id, heir_id, "on"'

Given = tuple[int, int | None, date]
"""Who gave way to whom on which day."""


class Above:
    """The units above some units (each itself included), in both trees, each once, on any day."""

    def __init__(self, rows: Iterable[sql.Row]) -> None:
        self._links: dict[int, list[tuple[int, Interval]]] = defaultdict(list)
        for unit, ancestor, start, end in rows:
            self._links[unit].append((ancestor, (start, end)))
        self._cuts: dict[int, list[date]] = {}
        self._seen: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, unit: int, on: date) -> frozenset[int]:
        """Those above it on a day."""
        place = unit, bisect_right(self.cuts(unit), on)
        if place not in self._seen:
            links = self._links.get(unit, ())
            standing = {a for a, days in links if in_force((days,), on)}
            self._seen[place] = frozenset(standing | {unit})
        return self._seen[place]

    @property
    def everyone(self) -> set[int]:
        """All that stand above any of the units on any day."""
        return {a for links in self._links.values() for a, _ in links}

    def cuts(self, unit: int) -> list[date]:
        """The days on which it may come under others, in order: between them nothing changes."""
        if unit not in self._cuts:
            links = self._links.get(unit, ())
            self._cuts[unit] = sorted({d for _, days in links for d in days if d is not None})
        return self._cuts[unit]


LINES = f"SELECT {_LINES} FROM facts_knownancestor WHERE "
"""What asks who stands above units, as figures know it; a condition on `unit_id` follows."""


def above(units: Collection[int]) -> Above:
    """Who stands above some units, as figures know it. One query."""
    return Above(sql.rows(LINES + sql.among("unit_id"), sql.listed(units)))


@dataclass(frozen=True)
class Change:
    """What figures have to follow. Each unit with the first day that may see it: in periods that
    end before, all is as it was.

    `moved`: units that stand under others; `parted`: units whose figures are made of the cells of
    others; `estates`: units that may have left something to be kept by others than before.
    """

    moved: dict[int, date]
    parted: dict[int, date]
    estates: dict[int, date]
    above_before: Above
    above_after: Above
    before: descents.Tree
    after: descents.Tree

    def links(self, day: date) -> list[tuple[int, int, int]]:
        """(unit, unit above it, 1 or -1): under whom what a unit put in comes to stand on a day,
        and under whom it stands no longer."""
        found = []
        for unit, since in self.moved.items():
            if since <= day:
                old, new = self.above_before.of(unit, day), self.above_after.of(unit, day)
                found += [(unit, a, -1) for a in old - new] + [(unit, a, 1) for a in new - old]
        return found

    @property
    def since(self) -> dict[int, date]:
        """All units concerned, each with the first day on which anything of it may be another."""
        found: dict[int, date] = {}
        for told in (self.moved, self.parted, self.estates):
            for unit, day in told.items():
                found[unit] = min(day, found.get(unit, day))
        return found


def renew() -> Change:
    """Make the copy say what the tree says now; give what changed by it.

    Inside the caller's transaction, with the ledger locked.
    """
    moved, (gone, new) = _moved(), _given()
    given = gone + new
    kin = _kin(moved | {u for unit, heir, _ in given for u in (unit, heir) if u is not None})
    above_before, before = above(moved), descents.load(kin)
    _copy(moved)
    _give(gone, new)
    above_after, after = above(moved), descents.load(kin)
    first = {unit: _first_difference(unit, above_before, above_after) for unit in moved}
    since = {unit: day for unit, day in first.items() if day is not None}
    parted, estates = _families(since, given, before, after)
    return Change(since, parted, estates, above_before, above_after, before, after)


def behind() -> set[int]:
    """The units that stand elsewhere, or gave way to others than figures know; none is sound."""
    gone, new = _given()
    return _moved() | {unit for unit, *_ in gone + new}


def _moved() -> set[int]:
    """The units whose lines of ancestors are others than in the copy."""
    text = _either("facts_knownancestor", "org_unitancestor", _LINES)
    return {unit for _, unit, *_ in sql.rows(text)}


def _given() -> tuple[list[Given], list[Given]]:
    """Who gave way to whom by the copy alone, and by the tree alone. One query: of one moment."""
    found: tuple[list[Given], list[Given]] = ([], [])
    text = _either("facts_knownsuccession", "org_unitsuccession", _GIVEN)
    for side, unit, heir, on in sql.rows(text):
        found[side].append((unit, heir, _as_date(on)))
    return found


def _either(known: str, real: str, columns: str) -> str:
    """Rows that only one of two tables has, after 0 where it is the first; a line that stands in
    both trees is one."""
    return " UNION ALL ".join(
        f"SELECT {side}, one.* FROM "
        f"(SELECT {columns} FROM {a} EXCEPT SELECT {columns} FROM {b}) AS one"
        for side, (a, b) in enumerate(((known, real), (real, known)))
    )


def _as_date(told: date | str) -> date:
    """SQLite has texts; its driver knows a day only where it comes straight from a column."""
    return date.fromisoformat(told) if isinstance(told, str) else told


def _copy(units: Collection[int]) -> None:
    """Put the lines of ancestors of some units in the place of those that are there."""
    if not units:
        return
    among, listed = sql.among("unit_id"), sql.listed(units)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM facts_knownancestor WHERE {among}", [listed])
        cursor.execute(
            f"INSERT INTO facts_knownancestor ({_LINES}) SELECT DISTINCT {_LINES} "
            f"FROM org_unitancestor WHERE {among}",
            [listed],
        )


def _give(gone: Iterable[Given], new: Iterable[Given]) -> None:
    """Let the copy say who gave way to whom: exactly what was read. Read again, the tree may say
    more (others commit between two statements), which nobody would follow."""
    for unit, heir, on in gone:
        KnownSuccession.objects.filter(unit=unit, heir=heir, on=on).delete()
    KnownSuccession.objects.bulk_create(
        KnownSuccession(unit_id=unit, heir_id=heir, on=on)
        for unit, heir, on in sorted(new, key=lambda one: (one[2], one[0], one[1] or 0))
    )


def _kin(units: set[int]) -> set[int]:
    """The units and all that reorganisations tie to them, in the copy or in the tree of now."""
    while True:
        known = descents.related(units, "facts_knownsuccession")
        tied = descents.related(known, "org_unitsuccession")
        if tied == units:
            return units
        units = tied


def _first_difference(unit: int, old: Above, new: Above) -> date | None:
    """The first day on which the unit stands under others than before."""
    days = sorted({date.min, *old.cuts(unit), *new.cuts(unit)})
    return next((day for day in days if old.of(unit, day) != new.of(unit, day)), None)


def _families(
    moved: dict[int, date], given: Iterable[Given], before: descents.Tree, after: descents.Tree
) -> tuple[dict[int, date], dict[int, date]]:
    """(parted, estates) of `Change`: what befalls one of the units that reorganisations tie to each
    other may concern all of them."""
    began: dict[int, date] = {}
    for unit, _, on in given:
        began[unit] = min(on, began.get(unit, on))
    parted: dict[int, date] = {}
    estates: dict[int, date] = {}
    for family in _tied(before, after):
        days = [began[unit] for unit in family if unit in began]
        if days:
            parted |= dict.fromkeys(family, min(days))
        days += [moved[unit] for unit in family if unit in moved]
        if days:
            estates |= dict.fromkeys(family, min(days))
    return parted, estates


def _tied(*trees: descents.Tree) -> list[set[int]]:
    """Units in families: those that gave way to each other, in any of the trees."""
    ties: dict[int, set[int]] = defaultdict(set)
    for one in (s for tree in trees for s in tree.known):
        heir = one.unit if one.heir is None else one.heir
        ties[one.unit].add(heir)
        ties[heir].add(one.unit)
    found, seen = [], set[int]()
    for unit in ties:
        if unit not in seen:
            found.append(_reached(unit, ties))
            seen |= found[-1]
    return found


def _reached(unit: int, ties: dict[int, set[int]]) -> set[int]:
    found, waiting = {unit}, [unit]
    while waiting:
        new = ties[waiting.pop()] - found
        found |= new
        waiting += new
    return found
