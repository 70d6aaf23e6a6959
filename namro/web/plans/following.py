"""Assignments follow the units they were given to: merged, split, closed (sắp xếp đơn vị).

Pulled by higher rooms before they read who owes what; running twice does nothing more.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from namro.web.org.journal import record
from namro.web.org.models import Unit, UnitSuccession
from namro.web.plans.models import Assignment
from namro.web.plans.rules import PART_LABELS, Part


@transaction.atomic
def follow_units(*, at: datetime) -> int:
    """End what closed units still hold, and give it to their heirs from that day on.

    The one heir of a merger takes every part; of a split unit each heir reports (EXECUTOR) for
    itself, but who leads or advises cannot be guessed: that part ends and is to be given anew.
    Gives the number of assignments ended.
    """
    ended = 0
    while left := _left_open():
        for row in left:
            _hand_over(row, at)
        ended += len(left)  # what an heir was given that has ended since goes on from there
    return ended


def _left_open() -> list[Assignment]:
    rows = Assignment.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=F("unit__closed_on")), unit__closed_on__isnull=False
    ).exclude(from_on__gte=F("to_on"))
    return list(rows.select_related("unit").order_by("pk"))


def _hand_over(row: Assignment, at: datetime) -> None:
    on = row.unit.closed_on
    until, row.to_on = row.to_on, max(on, row.from_on)
    row.save(update_fields=["to_on"])
    heirs = _heirs(row.unit, on)
    for heir in heirs if len(heirs) == 1 or row.part == Part.EXECUTOR else ():
        _give(row, heir, max(on, row.from_on), until, at)
    _journal(row, heirs, at)


def _heirs(unit: Unit, on: date) -> list[Unit]:
    rows = UnitSuccession.objects.filter(unit=unit, on=on, heir__isnull=False)
    return [row.heir for row in rows.select_related("heir").order_by("pk")]


def _give(row: Assignment, heir: Unit, on: date, until: date | None, at: datetime) -> None:
    same = Assignment.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=on),
        target=row.target_id, task=row.task_id, unit=heir, part=row.part,
    ).order_by("from_on")  # fmt: skip
    held = same.first()
    if held and held.from_on <= on:
        return
    if held and (until is None or until > held.from_on):
        until = held.from_on
    Assignment.objects.create(
        target_id=row.target_id, task_id=row.task_id, unit=heir, person=row.person, part=row.part,
        from_on=on, to_on=until, assigned_at=at,
    )  # fmt: skip


def _journal(row: Assignment, heirs: list[Unit], at: datetime) -> None:
    names = ", ".join(h.name for h in heirs)
    follows = len(heirs) == 1 or (heirs and row.part == Part.EXECUTOR)
    then = f"chuyển cho {names}" if follows else "cần phân công lại"
    label = PART_LABELS[Part(row.part)]
    record(
        None, "plans.follow_units", row, at=at, unit_code=row.unit.code,
        summary=f"{row.unit.name} đã kết thúc: vai “{label}” {then}",
        heirs=[h.code for h in heirs],
    )  # fmt: skip
