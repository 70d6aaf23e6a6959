"""What is open and due, and the outbox as a viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from namro import vietnamese
from namro.terms import Period
from namro.web.org.models import Unit, User
from namro.web.org.queries import in_force, units_within
from namro.web.org.rules import Kind, Tree, Verb
from namro.web.oversight.models import Letter, Reminder
from namro.web.oversight.rules import steps_reached
from namro.web.plans.models import Assignment, Plan, Task
from namro.web.plans.rules import Part

_PARTY_KINDS = (Kind.PARTY_COMMITTEE, Kind.PARTY_BODY, Kind.COMMUNE_PARTY_COMMITTEE)


@dataclass(frozen=True)
class OpenThing:
    """A return or a task not yet done: what, whose, due when."""

    thing: str  # "duty" or "task"
    thing_id: int
    title: str
    unit: Unit
    due_on: date
    due_at: datetime | None  # returns are due at an hour
    person: User | None
    tree: str

    @property
    def unit_id(self) -> int:
        return self.unit.pk

    @property
    def key(self) -> tuple[str, int, int, date]:
        return (self.thing, self.thing_id, self.unit.pk, self.due_on)

    @property
    def address(self) -> str:
        """The page of the thing, without the installation's own address."""
        return reverse(f"reporting:{self.thing}", args=[self.thing_id])


def tree_of(plan: Plan) -> str:
    """In which hierarchy a plan is urged: that of who issued it."""
    return (Tree.PARTY if plan.issuer.kind in _PARTY_KINDS else Tree.GOVERNMENT).value


def open_things(on: date, units: QuerySet[Unit] | None = None) -> list[OpenThing]:
    """Every unfinished return and task whose ladder has begun, earliest due first."""
    things = [*_duties(on), *_tasks(on)]
    if units is not None:
        within = set(units.values_list("pk", flat=True))
        things = [t for t in things if t.unit.pk in within]
    reached = (t for t in things if steps_reached(t.due_on, on))
    return sorted(reached, key=lambda t: (t.due_on, t.thing, t.thing_id, t.unit.pk))


def _duties(on: date) -> list[OpenThing]:
    from namro.web.reporting.queries import open_duties

    found = []
    for duty in open_duties(on):
        period = Period.of(duty.round.period).label
        found.append(
            OpenThing(
                thing="duty",
                thing_id=duty.pk,
                title=f"Báo cáo số liệu {period} gửi {duty.receiver.label}",
                unit=duty.unit,
                due_on=timezone.localdate(duty.round.due_at),
                due_at=duty.round.due_at,
                person=duty.person,
                tree=tree_of(duty.round.plan),
            )
        )
    return found


def _tasks(on: date) -> list[OpenThing]:
    """Tasks without a finished update, once for each unit that leads."""
    leads = Assignment.objects.filter(in_force(on), part=Part.LEAD).select_related("unit", "person")
    tasks = (
        Task.objects.filter(plan__plan__isnull=True)
        .exclude(updates__done_on__isnull=False)
        .select_related("plan__issuer")
        .prefetch_related(Prefetch("assignments", queryset=leads, to_attr="leads"))
    )
    return [
        OpenThing(
            thing="task",
            thing_id=task.pk,
            title=f"Nhiệm vụ {task.code}: {task.title}"[:300],
            unit=lead.unit,
            due_on=task.due_on,
            due_at=None,
            person=lead.person,
            tree=tree_of(task.plan),
        )
        for task in tasks
        for lead in task.leads
    ]


def due_text(thing: OpenThing) -> str:
    """The deadline as a letter writes it: "16:00 ngày 20/9/2025" or "ngày 30/9/2025"."""
    day = f"ngày {vietnamese.format_date(thing.due_on)}"
    return f"{timezone.localtime(thing.due_at):%H:%M} {day}" if thing.due_at else day


def outbox(viewer: User, on: date) -> QuerySet[Reminder]:
    """The reminders a person may see: of units within reach, and those addressed to them."""
    return (
        Reminder.objects.filter(Q(unit__in=units_within(viewer, Verb.REMIND, on)) | Q(to=viewer))
        .select_related("unit", "to", "letter")
        .order_by("-written_at", "-pk")
    )


def letter_for(viewer: User, letter_id: int, on: date) -> Letter:
    """A letter with the reminders it carries; raises Letter.DoesNotExist outside one's reach."""
    seen = outbox(viewer, on).filter(letter_id=letter_id)
    letter = Letter.objects.select_related("to").filter(reminders__in=seen).distinct()
    return letter.get()
