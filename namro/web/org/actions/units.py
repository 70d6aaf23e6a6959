"""Units and the two trees they stand in (đơn vị, trực thuộc): loaded from a table, derived anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from namro.terms import Fault
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import Unit, UnitAncestor, UnitLink, User
from namro.web.org.queries import allow
from namro.web.org.rules import Tree, Verb
from namro.web.org.unit_rows import UnitRow, read_rows

_TAKEN = (
    "name short_name kind aliases latitude longitude tile_column tile_row opened_on closed_on"
).split()


class FaultyTree(ValueError):
    """A link that would make a unit its own superior; the message is Vietnamese."""


class FaultyUnits(ValueError):
    """The table cannot be taken; nothing was saved. `.faults`: each with its line and the mend."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        lines = [f"Dòng {f.place.line}: {f.message}" if f.place else f.message for f in faults]
        super().__init__("\n".join(lines))


@transaction.atomic
def load_units(*, by: User | None, at: datetime, rows: Iterable[Mapping[str, str]]) -> int:
    """Take a table of units (nạp danh mục đơn vị), all or nothing; give the number of its units.

    `rows`: dicts with the columns of `demo/units.csv`. Loading the same table again changes
    nothing. A unit under another superior than before: the old link ends on the day the new one
    begins. Units that are not in the table stay. Raises FaultyUnits, NotAllowed.
    """
    # Two tables at once take turns, else the line of superiors would be derived twice over.
    known = {u.code: u for u in Unit.objects.select_for_update(no_key=True).order_by("pk")}
    read, faults = read_rows(rows, set(known))
    if faults:
        raise FaultyUnits(faults)
    on = clock.day_of(at)
    if by:
        _allow_all(by, read, known, on)
    changed = [row.code for row in read if _take_unit(row, known)]
    changed += [row.code for row in read for tree in Tree if _take_link(row, tree, known, on)]
    if changed:
        rebuild_ancestors()
        summary = f"Nạp danh mục đơn vị: {len(read)} đơn vị, {len(set(changed))} thay đổi"
        codes = sorted(set(changed))
        record(by, "org.load_units", known[read[0].code], at=at, summary=summary, codes=codes)
    return len(read)


def _allow_all(by: User, read: list[UnitRow], known: dict[str, Unit], on: date) -> None:
    """Every unit changed, and every existing superior that gets one, must be within reach."""
    allow(by, Verb.MANAGE_PEOPLE, on=on)
    touched = {row.code for row in read} | {s for row in read for s in row.superiors.values()}
    for code in touched & set(known):
        allow(by, Verb.MANAGE_PEOPLE, known[code], on=on)
    for row in read:
        if row.code not in known and not row.superiors:
            allow(by, Verb.MANAGE_PEOPLE, next(iter(_roots(known)), None), on=on)


def _roots(known: dict[str, Unit]) -> list[Unit]:
    return [u for u in known.values() if u.kind == "PROVINCE"]


def _take_unit(row: UnitRow, known: dict[str, Unit]) -> bool:
    """Create or bring up to date one unit; whether anything changed."""
    unit = known.get(row.code)
    if unit is None:
        values = {name: getattr(row, name) for name in _TAKEN}
        known[row.code] = Unit.objects.create(code=row.code, **values)
        return True
    changed = [name for name in _TAKEN if getattr(unit, name) != getattr(row, name)]
    for name in changed:
        setattr(unit, name, getattr(row, name))
    if changed:
        unit.save(update_fields=changed)
    return bool(changed)


def _take_link(row: UnitRow, tree: Tree, known: dict[str, Unit], on: date) -> bool:
    """Bring the unit's place in one tree up to date; whether anything changed."""
    unit, wanted = known[row.code], row.superiors.get(tree)
    link = UnitLink.objects.filter(tree=tree, unit=unit, to_on__isnull=True).first()
    if link and wanted and link.superior_id == known[wanted].pk:
        return False
    if not link and not wanted:
        return False
    starts_on = row.from_on if link is None or row.from_on > link.from_on else on
    if link and starts_on <= link.from_on:
        link.delete()  # never in force, or wrong from its first day
    elif link:
        link.to_on = starts_on
        link.save(update_fields=["to_on"])
    if wanted:
        UnitLink.objects.create(
            tree=tree, unit=unit, superior=known[wanted], from_on=starts_on, to_on=row.closed_on
        )
    return True


@transaction.atomic
def rebuild_ancestors() -> int:
    """Derive UnitAncestor anew from the links; give the number of rows. Raises FaultyTree."""
    links: dict[str, dict[int, list[tuple[int, date, date | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for link in UnitLink.objects.all():
        links[link.tree][link.unit_id].append((link.superior_id, link.from_on, link.to_on))
    rows = []
    for tree, upwards in links.items():
        members = set(upwards) | {s for ups in upwards.values() for s, _, _ in ups}
        for unit in members:
            rows += [
                UnitAncestor(unit_id=unit, ancestor_id=a, tree=tree, from_on=f, to_on=t)
                for a, f, t in _climb(unit, upwards)
            ]
    UnitAncestor.objects.all().delete()
    UnitAncestor.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _climb(
    unit: int, upwards: Mapping[int, list[tuple[int, date, date | None]]]
) -> list[tuple[int, date, date | None]]:
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
