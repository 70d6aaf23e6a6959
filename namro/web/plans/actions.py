"""Writes: review a reading, confirm a plan, bind a measure, give work out. Check, do, journal.

Taking a document in and reading it is in `intake.py`, the review in `reviewing.py`, giving work
out in `assigning.py`; all are offered here with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from namro.terms import ONGOING, Deadline
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import draft as drafts
from namro.web.plans.assigning import (
    AlreadyAssigned,
    BadAssignment,
    assign,
    assign_many,
    end_assignment,
    name_person,
)
from namro.web.plans.changes import BadChange
from namro.web.plans.intake import (
    AlreadyReceived,
    BadDocument,
    CannotReadAgain,
    NoOtherDocument,
    read_again,
    read_other,
    receive_document,
    receive_together,
    run_reading,
)
from namro.web.plans.models import Assignment, Plan, Reading, Target, Task
from namro.web.plans.queries import units_by_code
from namro.web.plans.reviewing import (
    AlreadyConfirmed,
    NothingToUndo,
    Saved,
    StaleDraft,
    StaleItem,
    held,
    save_draft,
    sit_down,
)
from namro.web.plans.rules import Part, ReadingState

__all__ = [
    "AlreadyAssigned",
    "AlreadyConfirmed",
    "AlreadyReceived",
    "BadAssignment",
    "BadChange",
    "BadDocument",
    "CannotReadAgain",
    "IncompletePlan",
    "NoOtherDocument",
    "NothingToUndo",
    "Saved",
    "StaleDraft",
    "StaleItem",
    "assign",
    "assign_many",
    "confirm_plan",
    "end_assignment",
    "name_person",
    "read_again",
    "read_other",
    "receive_document",
    "receive_together",
    "run_reading",
    "save_draft",
    "set_measure",
    "sit_down",
]


class IncompletePlan(ValueError):
    """What keeps a draft from becoming a plan: `lacking`, Vietnamese sentences."""

    def __init__(self, lacking: list[str]) -> None:
        self.lacking = lacking
        super().__init__(" ".join(lacking))


@transaction.atomic
def confirm_plan(
    *,
    reading: Reading,
    version: int,
    by: User,
    at: datetime,
    issuer: Unit,
    root: Unit,
    started_on: date,
    deadline_on: date,
) -> Plan:
    """Make a reviewed draft the plan in force (xác nhận kế hoạch): targets, tasks, who owes them.

    `root` is the unit whose whole tree the plan binds. Raises AlreadyConfirmed (also on a second
    click), StaleDraft, IncompletePlan, NotAllowed.
    """
    now = held(reading, by, at)
    if now.version != version:
        raise StaleDraft(now)
    allow(by, Verb.RECEIVE_DOCUMENT, root, on=timezone.localdate(at))
    draft = now.draft
    assert draft is not None  # what is held for review was opened
    _refuse_incomplete(draft, started_on, deadline_on)
    now.state = ReadingState.CONFIRMED
    now.save(update_fields=["state"])
    plan = Plan.objects.create(
        reading=now, **_named(draft["document"]), issuer=issuer, root=root,
        started_on=started_on, deadline_on=deadline_on, confirmed_by=by, confirmed_at=at,
    )  # fmt: skip
    targets, tasks = _make_targets(plan, draft["targets"]), _make_tasks(plan, draft["tasks"])
    given = _give(targets, "target", started_on, at) + _give(tasks, "task", started_on, at)
    Assignment.objects.bulk_create(given)
    checked, of = drafts.counted(draft)
    record(
        by, "plans.confirm_plan", plan, at=at, unit_code=root.code,
        summary=f"Xác nhận kế hoạch: {len(targets)} chỉ tiêu, {len(tasks)} nhiệm vụ",
        reading=now.pk, version=version, checked=checked, items=of, assignments=len(given),
        open_faults=[f["code"] for f in draft["faults"] if not f["settled"]],
    )  # fmt: skip
    return plan


def _named(head: Mapping[str, Any]) -> dict[str, str]:
    """What the reviewed head says of the plan itself."""
    return {
        "kind": head.get("kind") or "Kế hoạch",
        "number": head.get("number") or "",
        "title": head["title"],
        "issued_on": head.get("date") or "",
    }


def _refuse_incomplete(draft: Mapping[str, Any], started_on: date, deadline_on: date) -> None:
    lacking = drafts.lacking(draft, started_on, deadline_on)
    if lacking:
        raise IncompletePlan(lacking)


def _make_targets(plan: Plan, items: list[dict]) -> list[tuple[Target, dict]]:
    made = []
    for position, item in enumerate((i for i in items if i["kept"]), start=1):
        milestone = item["comparator"] == "milestone"
        target = Target(
            plan=plan, code=item["code"], position=position, quote=item["quote"],
            place=item["place"], subject=item["subject"], comparator=item["comparator"],
            value=None if milestone else _exact(item["value"]),
            value_high=_exact(item.get("value_high")) if item["comparator"] == "range" else None,
            unit_of_measure=item.get("unit") or "", soft=bool(item.get("soft")),
            scope=item.get("scope") or "", deadline_on=Deadline(item.get("deadline")).last_day,
            deadline_written=(item.get("deadline_from") or "")[:200],
        )  # fmt: skip
        made.append((target, item))
    Target.objects.bulk_create([t for t, _ in made])
    return made


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _make_tasks(plan: Plan, items: list[dict]) -> list[tuple[Task, dict]]:
    made = []
    for position, item in enumerate((i for i in items if i["kept"]), start=1):
        iso = item.get("deadline_iso")
        task = Task(
            plan=plan, code=item["code"], position=position, quote=item["quote"],
            place=item["place"], title=item["title"], product=item.get("product") or "",
            deadline_written=(item.get("deadline") or "")[:200],
            deadline_on=Deadline(iso).last_day, ongoing=iso == ONGOING,
        )  # fmt: skip
        made.append((task, item))
    Task.objects.bulk_create([t for t, _ in made])
    return made


def _give(made: list[tuple[Any, dict]], kind: str, from_on: date, at: datetime) -> list[Assignment]:
    """LEAD and PARTNER for the units a person left on each item; a lead is no partner as well."""
    units = units_by_code(c for _, i in made for c in i["lead_units"] + i["cooperate_units"])
    given = []
    for thing, item in made:
        leads = [c for c in item["lead_units"] if c in units]
        others = [c for c in item["cooperate_units"] if c in units and c not in leads]
        for part, codes in ((Part.LEAD, leads), (Part.PARTNER, others)):
            given += [
                Assignment(
                    **{kind: thing}, unit=units[c], part=part, from_on=from_on, assigned_at=at
                )
                for c in codes
            ]
    return given


@transaction.atomic
def set_measure(*, target: Target, measure: str, by: User, at: datetime) -> Target:
    """Say how a target is counted (gắn cách đo); "" takes it off. The caller knows the library."""
    allow(by, Verb.ASSIGN, target.plan.root, on=timezone.localdate(at))
    before, target.measure = target.measure, measure
    target.save(update_fields=["measure"])
    record(
        by, "plans.set_measure", target, at=at, unit_code=target.plan.root.code,
        summary=f"Gắn cách đo cho chỉ tiêu ({target.code})", before=before, after=measure,
    )  # fmt: skip
    return target
