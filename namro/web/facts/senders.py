"""The units a file of records may speak of, by every name a file may call them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from namro.measuring.records import KnownUnits
from namro.terms import Calendar, Period
from namro.web.org import queries as org
from namro.web.org.models import FormerName, Unit, User
from namro.web.org.rules import Verb


@dataclass(frozen=True)
class Senders:
    """`ids`: code → id of the units whose records may be sent in; `known`: how they are called."""

    ids: dict[str, int]
    known: KnownUnits


def senders(by: User | None, at: datetime, period: Period, calendar: Calendar) -> Senders:
    """The units whose records of a period the person may send in; all for the installation.

    A unit that ended before the period began is no longer spoken of: its heirs are. One that ended
    later still is, by whoever may send in its heirs' records.
    """
    first = period.first_day(calendar)
    units = {unit.pk: unit for unit in Unit.objects.all()}
    heirs = _heirs()
    gone = {pk for pk, u in units.items() if u.closed_on and u.closed_on <= first}
    reached = set(units)
    if by is not None:
        within = org.units_within(by, Verb.RECEIVE_RECORDS, timezone.localdate(at))
        reached = set(within.values_list("pk", flat=True))
        ended = {pk for pk, u in units.items() if u.closed_on and heirs[pk]}
        reached |= {pk for pk in ended if heirs[pk] <= reached}
    mine = reached - gone
    former = {
        name: tuple(sorted(units[h].code for h in _last(pk, heirs, gone)))
        for pk in gone
        for name in _names(units[pk])
    }
    former |= _renamed(units, first)
    known = KnownUnits(
        names={units[pk].code: units[pk].name for pk in mine},
        also={units[pk].code: (units[pk].short_name, *units[pk].aliases) for pk in mine},
        former=former,
        elsewhere={u.code: u.name for pk, u in units.items() if pk not in mine | gone},
    )
    return Senders({units[pk].code: pk for pk in mine}, known)


def _names(unit: Unit) -> list[str]:
    return [name for name in (unit.code, unit.name, unit.short_name, *unit.aliases) if name]


def _heirs() -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for unit, heir, _ in org.successions():
        if heir is not None and heir != unit:
            found[unit].add(heir)
    return found


def _last(unit: int, heirs: dict[int, set[int]], gone: set[int]) -> set[int]:
    """Those who stand in a unit's place at last: heirs that ended too are followed on."""
    found, open_, seen = set(), set(heirs[unit]), {unit}
    while open_:
        heir = open_.pop()
        if heir in seen:
            continue
        seen.add(heir)
        if heir in gone:
            open_ |= heirs[heir]
        else:
            found.add(heir)
    return found


def _renamed(units: dict[int, Unit], first) -> dict[str, tuple[str, ...]]:
    """Names that living units bore until the period began."""
    rows = FormerName.objects.filter(until_on__lte=first)
    found: dict[str, set[str]] = defaultdict(set)
    for unit, *names in rows.values_list("unit_id", "name", "short_name"):
        for name in names:
            if name:
                found[name].add(units[unit].code)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}
