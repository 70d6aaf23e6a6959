"""Work is given out and ended: the last part of `actions`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from namro.vietnamese import format_date
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow, in_force
from namro.web.org.rules import Verb
from namro.web.plans.models import Assignment, Target, Task
from namro.web.plans.rules import Part


class BadAssignment(ValueError):
    """An assignment that makes no sense; the message is Vietnamese."""


class AlreadyAssigned(BadAssignment):
    """The unit holds this part already."""


@transaction.atomic
def assign(
    *,
    by: User,
    at: datetime,
    unit: Unit,
    part: Part,
    from_on: date,
    target: Target | None = None,
    task: Task | None = None,
    person: User | None = None,
) -> Assignment:
    """Give a unit (and a person of it) a part in a target or a task (phân công).

    Raises AlreadyAssigned where the unit holds this part, BadAssignment, NotAllowed.
    """
    thing = _one_thing(target, task)
    _allow(by, thing, unit, at)
    type(thing).objects.select_for_update().get(pk=thing.pk)  # two clicks at once take turns
    if thing.assignments.filter(unit=unit, part=part, to_on__isnull=True).exists():
        raise AlreadyAssigned(f"{unit.name} đã được giao vai “{Part(part).label}” việc này.")
    if person:
        _refuse_stranger(person, unit, from_on)
    made = Assignment.objects.create(
        target=target, task=task, unit=unit, person=person, part=part,
        from_on=from_on, assigned_at=at,
    )  # fmt: skip
    record(
        by, "plans.assign", made, at=at, unit_code=unit.code,
        summary=f"Giao {unit.name} vai “{Part(part).label}”: {_title(thing)}",
        part=part, person=person.full_name if person else "",
    )  # fmt: skip
    return made


def _allow(by: User, thing: Target | Task, unit: Unit, at: datetime) -> None:
    """Who owes a plan decides its figures: that is for who follows the whole plan, as binding is.

    A unit's own coordinator sees the province's plan too, and could else leave its count.
    """
    allow(by, Verb.ASSIGN, thing.plan.root, on=timezone.localdate(at))
    allow(by, Verb.ASSIGN, unit, on=timezone.localdate(at))


def _one_thing(target: Target | None, task: Task | None) -> Target | Task:
    thing = target or task
    if thing is None or (target and task):
        raise BadAssignment("Phải chọn một chỉ tiêu hoặc một nhiệm vụ để phân công.")
    return thing


def _title(thing: Target | Task) -> str:
    if isinstance(thing, Target):
        return f"chỉ tiêu ({thing.code}) {thing.subject}"
    return f"nhiệm vụ {thing.code} {thing.title}"


@transaction.atomic
def assign_many(
    *,
    by: User,
    at: datetime,
    units: Iterable[Unit],
    part: Part,
    from_on: date,
    target: Target | None = None,
    task: Task | None = None,
) -> list[Assignment]:
    """Give many units the same part; those who hold it already are left as they are."""
    thing = _one_thing(target, task)
    held = set(
        thing.assignments.filter(part=part, to_on__isnull=True).values_list("unit_id", flat=True)
    )
    return [
        assign(by=by, at=at, unit=u, part=part, from_on=from_on, target=target, task=task)
        for u in units
        if u.pk not in held
    ]


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User, at: datetime, to_on: date) -> Assignment:
    """End an assignment from a day on (thôi phân công): dated, never deleted."""
    thing = _one_thing(assignment.target, assignment.task)
    _allow(by, thing, assignment.unit, at)
    if to_on < assignment.from_on:
        day = format_date(assignment.from_on)
        raise BadAssignment(f"Ngày thôi giao phải từ ngày bắt đầu ({day}) trở đi.")
    ended = Assignment.objects.filter(pk=assignment.pk, to_on__isnull=True).update(to_on=to_on)
    if not ended:
        raise BadAssignment("Phân công này đã kết thúc trước đó.")
    assignment.to_on = to_on
    record(
        by, "plans.end_assignment", assignment, at=at, unit_code=assignment.unit.code,
        summary=f"Thôi giao {assignment} từ {format_date(to_on)}",
    )  # fmt: skip
    return assignment


@transaction.atomic
def name_person(
    *, assignment: Assignment, person: User | None, by: User, at: datetime
) -> Assignment:
    """Say which person of the unit answers for it (người phụ trách); None: nobody."""
    on = timezone.localdate(at)
    allow(by, Verb.ASSIGN, assignment.unit, on=on)
    if assignment.to_on:
        raise BadAssignment("Phân công này đã kết thúc, không đổi người phụ trách được.")
    if person:
        _refuse_stranger(person, assignment.unit, on)
    before = assignment.person.full_name if assignment.person else ""
    assignment.person = person
    assignment.save(update_fields=["person"])
    after = person.full_name if person else ""
    record(
        by, "plans.name_person", assignment, at=at, unit_code=assignment.unit.code,
        summary=f"Người phụ trách ở {assignment.unit.name}: {after or 'để trống'}",
        before=before, after=after,
    )  # fmt: skip
    return assignment


def _refuse_stranger(person: User, unit: Unit, on: date) -> None:
    if not person.posts.filter(in_force(on), unit=unit).exists():
        raise BadAssignment(f"{person.full_name} không giữ vị trí nào ở {unit.name}.")
