"""What is open and due, and the outbox as a viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from namro import vietnamese
from namro.web.org.models import Unit, User
from namro.web.org.queries import units_within
from namro.web.org.rules import Kind, Tree, Verb
from namro.web.oversight.models import Letter, Reminder
from namro.web.oversight.rules import steps_reached
from namro.web.plans.models import Plan
from namro.web.reporting.models import Duty
from namro.web.reporting.queries import OpenDuty, open_duties

_PARTY_KINDS = (Kind.PARTY_COMMITTEE, Kind.PARTY_BODY, Kind.COMMUNE_PARTY_COMMITTEE)


@dataclass(frozen=True)
class OpenThing:
    """A return or a task not yet done: what, whose, due when, who answers for it."""

    thing: str  # "duty" or "task"
    thing_id: int
    title: str
    unit: Unit
    due_on: date
    due_at: datetime | None  # returns are due at an hour
    people: tuple[User, ...]
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


def open_things(on: date, units: QuerySet[Unit] | None = None) -> list[OpenThing]:
    """Every unfinished return and task whose ladder has begun, earliest due first."""
    things = [o for o in open_duties(on) if steps_reached(o.due_on, on)]
    if units is not None:
        within = set(units.values_list("pk", flat=True))
        things = [o for o in things if o.unit.pk in within]
    hours = dict(
        Duty.objects.filter(pk__in=[o.thing_id for o in things if o.thing == "duty"])
        .annotate(due=Coalesce("due_at", "round__due_at"))
        .values_list("pk", "due")
    )
    trees = _trees(things)
    return [
        OpenThing(
            thing=o.thing,
            thing_id=o.thing_id,
            title=vietnamese.tidy(o.title)[:300],
            unit=o.unit,
            due_on=o.due_on,
            due_at=hours.get(o.thing_id) if o.thing == "duty" else None,
            people=tuple(o.people),
            tree=trees[o.plan.pk] if o.plan else Tree.GOVERNMENT.value,
        )
        for o in sorted(things, key=lambda o: (o.due_on, o.thing, o.thing_id, o.unit.pk))
    ]


def _trees(things: list[OpenDuty]) -> dict[int, str]:
    """Plan id → in which hierarchy it is urged: that of the unit that issued it."""
    plans = Plan.objects.filter(pk__in={o.plan.pk for o in things if o.plan})
    return {
        pk: (Tree.PARTY if kind in _PARTY_KINDS else Tree.GOVERNMENT).value
        for pk, kind in plans.values_list("pk", "issuer__kind")
    }


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
