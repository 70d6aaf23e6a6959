"""Assignments follow the units they were given to: merged, split, closed (sắp xếp đơn vị).

Pulled by higher rooms before they read who owes what; running twice does nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q

from namro.web.org.journal import record
from namro.web.org.models import Unit, UnitSuccession
from namro.web.plans.models import Assignment
from namro.web.plans.rules import PART_LABELS, Part

_AT_ONCE = 1000

Place = tuple[int | None, int | None, int, str]
"""(target, task, unit, part) of an assignment."""


@transaction.atomic
def follow_units(*, at: datetime) -> int:
    """End what closed units still hold, and give it to their heirs from that day on.

    The one heir of a merger takes every part; of a split unit each heir reports (EXECUTOR) for
    itself, but who leads or advises cannot be guessed: that part ends and is to be given anew.
    Gives the number of assignments ended.
    """
    ended = 0
    while left := _left_open():
        _hand_over(left, at)
        ended += len(left)  # what an heir was given that has ended since goes on from there
    return ended


def _left_open() -> list[Assignment]:
    rows = Assignment.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=F("unit__closed_on")), unit__closed_on__isnull=False
    ).exclude(from_on__gte=F("to_on"))
    return list(rows.select_related("unit").order_by("pk"))


def _hand_over(left: list[Assignment], at: datetime) -> None:
    """All of it at once: who is merged may owe a hundred measures."""
    heirs = _heirs(left)
    held = _held(left, {heir.pk for told in heirs.values() for heir in told})
    given: list[Assignment] = []
    for row in left:
        until, row.to_on = row.to_on, max(row.unit.closed_on, row.from_on)
        follow = heirs[row.unit_id]
        for heir in follow if len(follow) == 1 or row.part == Part.EXECUTOR else ():
            given += _given(row, heir, until, held, at)
    for until, rows in groupby(sorted(left, key=lambda r: r.to_on), key=lambda r: r.to_on):
        pks = [row.pk for row in rows]
        for first in range(0, len(pks), _AT_ONCE):
            now = Assignment.objects.filter(pk__in=pks[first : first + _AT_ONCE])
            now.update(to_on=until)
    Assignment.objects.bulk_create(given, batch_size=_AT_ONCE)
    _journal(left, heirs, at)


def _heirs(left: list[Assignment]) -> dict[int, list[Unit]]:
    """Who took the place of each unit on the day it ended."""
    ends = {row.unit_id: row.unit.closed_on for row in left}
    found: dict[int, list[Unit]] = {unit: [] for unit in ends}
    rows = UnitSuccession.objects.filter(unit__in=ends, heir__isnull=False)
    for row in rows.select_related("heir").order_by("pk"):
        if row.on == ends[row.unit_id]:
            found[row.unit_id].append(row.heir)
    return found


def _held(left: list[Assignment], heirs: set[int]) -> dict[Place, list[Assignment]]:
    """What the heirs hold; a row that is ended here is the same object here and there."""
    ending = {row.pk: row for row in left}
    found: dict[Place, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(unit__in=heirs).order_by("from_on"):
        found[_place(row, row.unit_id)].append(ending.get(row.pk, row))
    return found


def _place(row: Assignment, unit: int) -> Place:
    return row.target_id, row.task_id, unit, row.part


def _given(
    row: Assignment,
    heir: Unit,
    until: date | None,
    held: dict[Place, list[Assignment]],
    at: datetime,
) -> list[Assignment]:
    """The row for an heir, up to when it holds one already; none where it does from the first."""
    on = row.to_on
    mine = held[_place(row, heir.pk)]
    later = min((a.from_on for a in mine if a.to_on is None or a.to_on > on), default=None)
    if later is not None and later <= on:
        return []
    if later is not None and (until is None or until > later):
        until = later
    new = Assignment(
        target_id=row.target_id, task_id=row.task_id, unit=heir, person_id=row.person_id,
        part=row.part, from_on=on, to_on=until, assigned_at=at,
    )  # fmt: skip
    mine.append(new)
    return [new]


def _journal(left: list[Assignment], heirs: dict[int, list[Unit]], at: datetime) -> None:
    """A line for each unit and part."""
    alike: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
    for row in left:
        alike[row.unit_id, row.part].append(row)
    for (pk, part), rows in alike.items():
        unit, after = rows[0].unit, heirs[pk]
        names = ", ".join(h.name for h in after)
        follows = len(after) == 1 or (after and part == Part.EXECUTOR)
        then = f"chuyển cho {names}" if follows else "cần phân công lại"
        record(
            None, "plans.follow_units", unit, at=at, unit_code=unit.code,
            summary=f"{unit.name} đã kết thúc: {len(rows)} vai “{PART_LABELS[Part(part)]}” {then}",
            heirs=[h.code for h in after], assignments=[row.pk for row in rows],
        )  # fmt: skip
