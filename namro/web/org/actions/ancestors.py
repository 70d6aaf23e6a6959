"""Who stands above whom, derived from the links: only the lines of units concerned are touched."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection, transaction

from namro.web.org.models import UnitAncestor, UnitLink

_LOCK = 0x6E616D7274  # any number of our own, the same in every process

Upwards = Mapping[int, list[tuple[int, date, date | None]]]
"""Unit → (superior, from, to) of its links in one tree."""

Line = tuple[int, int, str, date, date | None]
"""(unit, ancestor, tree, from, to): a row of UnitAncestor."""


class FaultyTree(ValueError):
    """A link that would make a unit its own superior; the message is Vietnamese."""


@transaction.atomic
def rebuild_ancestors(of: Iterable[int] | None = None) -> int:
    """Derive UnitAncestor from the links; give how many rows were added or taken away.

    `of`: units (by id) whose links have changed; what stands above all others stays. None: all.
    Raises FaultyTree.
    """
    _take_turns()
    units = None if of is None else _concerned(set(of))
    wanted = Counter(_lines(units))
    rows = UnitAncestor.objects.all()
    if units is not None:
        rows = rows.filter(unit__in=units)
    gone = []
    for pk, *line in rows.values_list("pk", "unit_id", "ancestor_id", "tree", "from_on", "to_on"):
        if wanted[tuple(line)] > 0:
            wanted[tuple(line)] -= 1
        else:
            gone.append(pk)
    new = [
        UnitAncestor(unit_id=unit, ancestor_id=above, tree=tree, from_on=since, to_on=until)
        for unit, above, tree, since, until in wanted.elements()
    ]
    UnitAncestor.objects.filter(pk__in=gone).delete()
    UnitAncestor.objects.bulk_create(new, batch_size=2000)
    return len(gone) + len(new)


def _take_turns() -> None:
    """One after the other, until the transaction ends: two orders would each derive lines without
    the other's link. On SQLite the transaction itself is that turn."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _concerned(changed: set[int]) -> set[int]:
    """The units whose links have changed and all that ever stood beneath them; and those above,
    then or now, which stand in a tree for no other reason than those beneath."""
    beneath = set(changed)
    while changed:
        links = UnitLink.objects.filter(superior__in=changed)
        changed = set(links.values_list("unit_id", flat=True)) - beneath
        beneath |= changed
    was = UnitAncestor.objects.filter(unit__in=beneath).values_list("ancestor_id", flat=True)
    now = UnitLink.objects.filter(unit__in=beneath).values_list("superior_id", flat=True)
    return {*beneath, *was, *now}


def _lines(units: set[int] | None) -> list[Line]:
    """The lines above some units, or all: every unit that has a link in a tree stands in it."""
    found = []
    for tree, (upwards, members) in _links_above(units).items():
        for unit in members if units is None else members & units:
            climbed = _climb(unit, upwards)
            found += [(unit, above, tree, since, until) for above, since, until in climbed]
    return found


def _links_above(units: set[int] | None) -> dict[str, tuple[Upwards, set[int]]]:
    """Tree → links of some units and all above them; who stands in the tree."""
    upwards: dict[str, dict[int, list]] = defaultdict(lambda: defaultdict(list))
    members: dict[str, set[int]] = defaultdict(set)
    seen: set[int] = set()
    asked = None if units is None else set(units)
    while asked is None or asked:
        links = UnitLink.objects.order_by("pk")
        links = links if asked is None else links.filter(unit__in=asked)
        told = list(links.values_list("tree", "unit_id", "superior_id", "from_on", "to_on"))
        for tree, unit, superior, since, until in told:
            upwards[tree][unit].append((superior, since, until))
            members[tree] |= {unit, superior}
        if asked is None:
            break
        seen |= asked
        asked = {link[2] for link in told} - seen
    if units is not None:  # who has nobody above may have somebody beneath
        tops = UnitLink.objects.filter(superior__in=units).values_list("tree", "superior_id")
        for tree, superior in tops.distinct():
            members[tree].add(superior)
    return {tree: (upwards[tree], found) for tree, found in members.items()}


def _climb(unit: int, upwards: Upwards) -> list[tuple[int, date, date | None]]:
    """(ancestor, from, to) for one unit in one tree; a path lasts while all its links last."""
    found: list[tuple[int, date, date | None]] = [(unit, date.min, None)]
    open_paths: list[tuple[int, date, date | None, frozenset[int]]] = [
        (unit, date.min, None, frozenset({unit}))
    ]
    while open_paths:
        at, since, until, seen = open_paths.pop()
        for superior, from_on, to_on in upwards.get(at, ()):
            start = max(since, from_on)
            end = min((d for d in (until, to_on) if d), default=None)
            if end is not None and start >= end:
                continue
            if superior in seen:
                raise FaultyTree(
                    "Quan hệ trực thuộc tạo thành vòng kín: đơn vị là cấp trên của chính nó."
                )
            found.append((superior, start, end))
            open_paths.append((superior, start, end, seen | {superior}))
    return found
