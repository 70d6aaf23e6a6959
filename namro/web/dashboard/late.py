"""Who is late: the units within a viewer's reach with something overdue, the longest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from namro.web.frame import clock
from namro.web.org.models import Unit, User
from namro.web.org.queries import units_within
from namro.web.org.rules import Verb
from namro.web.reporting.duties.regime import level_of
from namro.web.reporting.models import Duty, Round, Submission
from namro.web.reporting.progress import open_tasks
from namro.web.reporting.queries import OpenDuty, handed_in, open_duties


@dataclass(frozen=True)
class LateUnit:
    """A unit within reach with things overdue."""

    unit: Unit
    count: int
    days: int
    first: OpenDuty


Overdue = tuple[int, str, date]
"""Unit id, what it is called, since when something of it is overdue."""


def late_units(viewer: User, on: date, most: int) -> tuple[list[LateUnit], int]:
    """The units longest overdue, `most` of them, and how many there are in all.

    What a nation owes is never read whole: days are compared by the database, words and people
    are asked for those few that are shown.
    """
    by_unit: dict[int, tuple[int, date, str]] = {}
    for pk, name, due_on in (*_returns(viewer, on), *_tasks(viewer, on)):
        count, oldest, _ = by_unit.get(pk, (0, due_on, name))
        by_unit[pk] = count + 1, min(oldest, due_on), name
    order = sorted(by_unit, key=lambda pk: (by_unit[pk][1], -by_unit[pk][0], by_unit[pk][2]))
    firsts: dict[int, OpenDuty] = {}
    for thing in open_duties(on, set(order[:most])) if order else ():
        firsts.setdefault(thing.unit.pk, thing)  # the oldest come first
    found = []
    for pk in order[:most]:
        if pk in firsts:  # else done since the first look
            count, oldest, _ = by_unit[pk]
            found.append(LateUnit(firsts[pk].unit, count, (on - oldest).days, firsts[pk]))
    return found, len(by_unit)


def _returns(viewer: User, on: date) -> Iterator[Overdue]:
    """Returns neither handed in nor approved after their day. Two queries."""
    still = Round.objects.filter(opened_at__date__lte=on, closed_at=None)
    rounds = {r.pk: r for r in still}
    begin = clock.start_of(on)
    past = Q(due_at__lt=begin)
    for name in ("due_at", "department_due_at", "province_due_at"):
        over = [r.pk for r in rounds.values() if (due := getattr(r, name)) and due < begin]
        past |= Q(due_at=None, round__in=over)
    heard = Submission.objects.filter(handed_in()).values("duty")
    within = units_within(viewer, Verb.SEE_FIGURES, on).values("pk")
    duties = Duty.objects.filter(past, required=True, round__in=list(rounds), unit__in=within)
    words = ("unit_id", "unit__name", "unit__short_name", "unit__kind", "due_at", "round_id")
    for pk, name, short, kind, own, opened in duties.exclude(pk__in=heard).values_list(*words):
        due_at = own or rounds[opened].due_of(level_of(kind))
        if (due_on := timezone.localtime(due_at).date()) < on:
            yield pk, short or name, due_on


def _tasks(viewer: User, on: date) -> Iterator[Overdue]:
    """Tasks not done after their day."""
    over = [(task, unit) for task, unit in open_tasks(on) if task.due_on < on]
    if not over:
        return
    within = units_within(viewer, Verb.SEE_FIGURES, on).filter(pk__in={u.pk for _, u in over})
    seen = set(within.values_list("pk", flat=True))
    for task, unit in over:
        if unit.pk in seen:
            yield unit.pk, unit.label, task.due_on
