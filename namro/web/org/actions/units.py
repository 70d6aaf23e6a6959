"""Units and the two trees they stand in (đơn vị, trực thuộc): loaded from a table, derived anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from namro.terms import Fault, Place
from namro.vietnamese import format_date
from namro.web.frame import clock
from namro.web.org.actions.ancestors import rebuild_ancestors
from namro.web.org.journal import record
from namro.web.org.models import FormerLink, Unit, UnitLink, User
from namro.web.org.queries import allow
from namro.web.org.rules import Tree, Verb
from namro.web.org.unit_rows import UnitRow, read_rows

_TAKEN = (
    "name short_name kind aliases latitude longitude tile_column tile_row opened_on closed_on"
).split()


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
    faults += [fault for row in read if (fault := _ended(row, known.get(row.code)))]
    if faults:
        raise FaultyUnits(faults)
    on = clock.day_of(at)
    if by:
        _allow_all(by, read, known, on)
    changed = [row.code for row in read if _take_unit(row, known)]
    changed += [row.code for row in read for tree in Tree if _take_link(row, tree, known, at)]
    if changed:
        rebuild_ancestors(known[code].pk for code in set(changed))
        summary = f"Nạp danh mục đơn vị: {len(read)} đơn vị, {len(set(changed))} thay đổi"
        codes = sorted(set(changed))
        record(by, "org.load_units", known[read[0].code], at=at, summary=summary, codes=codes)
    return len(read)


def _ended(row: UnitRow, unit: Unit | None) -> Fault | None:
    """A unit that gave way to others does not rise again because an older table names it."""
    if unit is None or unit.closed_on is None or row.closed_on == unit.closed_on:
        return None
    said = f"“{unit.name}” (mã {unit.code}) đã kết thúc ngày {format_date(unit.closed_on)}"
    mend = "hãy bỏ dòng này; lập lại đơn vị thì dùng mã mới"
    return Fault("ENDED", f"{said}; {mend}", mend, Place(file="units.csv", line=row.line))


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


def _take_link(row: UnitRow, tree: Tree, known: dict[str, Unit], at: datetime) -> bool:
    """Bring the unit's place in one tree up to date; whether anything changed."""
    unit, wanted = known[row.code], row.superiors.get(tree)
    link = UnitLink.objects.filter(tree=tree, unit=unit, to_on__isnull=True).first()
    if link and wanted and link.superior_id == known[wanted].pk:
        return False
    if not link and not wanted:
        return False
    is_later = link is None or row.from_on > link.from_on
    starts_on = row.from_on if is_later else clock.day_of(at)
    if link:
        _forget(link, starts_on, at)
    if wanted:
        UnitLink.objects.create(
            tree=tree, unit=unit, superior=known[wanted], from_on=starts_on, to_on=row.closed_on,
            recorded_at=at if link else None,
        )  # fmt: skip
    return True


def _forget(link: UnitLink, ends_on: date, at: datetime) -> None:
    """End a link, or take it away where it was wrong from its first day; keep what was known."""
    FormerLink.objects.create(
        tree=link.tree, unit=link.unit, superior=link.superior, from_on=link.from_on,
        to_on=link.to_on, recorded_at=link.recorded_at, forgotten_at=at,
    )  # fmt: skip
    if ends_on <= link.from_on:
        link.delete()
        return
    link.to_on, link.recorded_at = ends_on, at
    link.save(update_fields=["to_on", "recorded_at"])


def lineage_as_known() -> list[Known]:
    """Every pair of a unit and one above it, with the days it held and since when it was known.

    Former knowledge included: for answers as of a moment past. What was always known has no moment.
    """
    links: dict[str, dict[int, list[Known]]] = defaultdict(lambda: defaultdict(list))
    told = [(*_told(k), k.recorded_at, None) for k in UnitLink.objects.all()]
    told += [(*_told(k), k.recorded_at, k.forgotten_at) for k in FormerLink.objects.all()]
    for row in told:
        links[row[2]][row[0]].append(row)
    found: list[Known] = []
    for tree, upwards in links.items():
        members = set(upwards) | {row[1] for rows in upwards.values() for row in rows}
        for unit in sorted(members):
            found += _climb_as_known((unit, unit, tree, date.min, None, None, None), upwards)
    return found


Known = tuple[int, int, str, date, date | None, datetime | None, datetime | None]
"""(unit, above it, tree, from, to, known from, known until)."""


def _told(link: UnitLink | FormerLink) -> tuple[int, int, str, date, date | None]:
    return link.unit_id, link.superior_id, link.tree, link.from_on, link.to_on


def _climb_as_known(start: Known, upwards: Mapping[int, list[Known]]) -> list[Known]:
    found, waiting = [start], [start]
    while waiting:
        unit, at, tree, since, until, known, lost = waiting.pop()
        for _, superior, _, from_on, to_on, known_from, forgotten in upwards.get(at, ()):
            days = (max(since, from_on), min((d for d in (until, to_on) if d), default=None))
            moments = (
                max((m for m in (known, known_from) if m), default=None),
                min((m for m in (lost, forgotten) if m), default=None),
            )
            if (days[1] and days[0] >= days[1]) or (
                moments[0] and moments[1] and moments[0] >= moments[1]
            ):
                continue
            row = (unit, superior, tree, *days, *moments)
            found.append(row)
            waiting.append(row)
    return found
