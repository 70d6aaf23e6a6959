"""Reads: what is owed, by whom, what waits for whom, where a figure came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from namro.terms import Period
from namro.web.facts.models import Observation
from namro.web.org.models import Post, Unit, User
from namro.web.org.queries import in_force, may, posts_of, units_within
from namro.web.org.rules import Verb, grants
from namro.web.plans.models import Plan
from namro.web.plans.queries import tasks_for
from namro.web.reporting import progress
from namro.web.reporting.chain.deputies import in_place_of
from namro.web.reporting.chain.models import Hold
from namro.web.reporting.chain.rules import ChainStep, waits_for
from namro.web.reporting.judging import Judged, held_of, judge
from namro.web.reporting.models import Duty, Evidence, Holiday, Round, Submission
from namro.web.reporting.progress import states_of_tasks
from namro.web.reporting.records_seen import (
    batches_for,
    copy_of,
    file_of,
    record_files_for,
    removals_of,
    slices_for,
)
from namro.web.reporting.regime import RoundKind, Span
from namro.web.reporting.rights import (
    coordinates,
    headed,
    may_decide,
    may_report,
    own_units,
    receivers,
)
from namro.web.reporting.rules import HELD_BACK, NOT_OWED, NOT_STARTED, Status

__all__ = [
    "Judged",
    "batches_for",
    "copy_of",
    "file_of",
    "judge",
    "may_decide",
    "may_report",
    "own_units",
    "record_files_for",
    "removals_of",
    "slices_for",
    "states_of_tasks",
    "tasks_for",
]


# --- rounds and duties -----------------------------------------------------------------------


@dataclass(frozen=True)
class DutyLine:
    """A duty with the newest version of its return."""

    duty: Duty
    last: Submission | None
    approved: bool = False  # some version was approved: a figure stands
    held: Hold | None = None  # kept out of the figures for the time being

    @property
    def status(self) -> Status | None:
        return Status(self.last.status) if self.last else None

    @property
    def status_label(self) -> str:
        if self.status is Status.SUBMITTED and self.last:
            return HELD_BACK if self.held else waits_for(self.last.step)
        if self.status:
            return self.status.label
        return NOT_STARTED if self.duty.required else NOT_OWED

    @property
    def due_at(self) -> datetime:
        return self.duty.due

    @property
    def period(self) -> Period:
        return Period.of(self.duty.round.period)

    @property
    def is_open(self) -> bool:
        """Still to be handed in: nothing stands and nothing waits."""
        if self.approved or self.status in (Status.SUBMITTED, Status.APPROVED):
            return False
        return self.duty.required or self.status is Status.SENT_BACK

    def hours_left(self, at: datetime) -> int:
        """Whole hours until it is due; negative when late."""
        return int((self.due_at - at).total_seconds() // 3600)


def visible_duties(viewer: User, on: date) -> QuerySet[Duty]:
    """Duties of units within the viewer's sight, and those addressed to the viewer's units."""
    seen = Q()
    for person in [viewer, *in_place_of(viewer, on)]:
        within = units_within(person, Verb.SEE_FIGURES, on).values("pk")
        homes = [p.unit_id for p in posts_of(person, on) if grants(p.role, Verb.SEE_FIGURES)]
        seen |= Q(unit__in=within) | Q(receiver__in=homes)
    return _with_words(Duty.objects.filter(seen))


def _with_words(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    return duties.select_related("round__plan", "unit", "receiver", "person")


def lines_of(duties: Iterable[Duty]) -> list[DutyLine]:
    """Each duty with its newest version, in one more query."""
    kept, last, approved = list(duties), {}, set()
    rows = Submission.objects.filter(duty__in=kept).defer("values").order_by("version")
    for row in rows.select_related("submitted_by", "decided_by"):
        last[row.duty_id] = row
        if row.status == Status.APPROVED:
            approved.add(row.duty_id)
    waiting = [row.pk for row in last.values() if row.status == Status.SUBMITTED]
    held = held_of(waiting) if waiting else {}
    return [
        DutyLine(d, one := last.get(d.pk), d.pk in approved, held.get(one.pk) if one else None)
        for d in kept
    ]


def duties_for(viewer: User, on: date) -> list[DutyLine]:
    """What the viewer's own units owe, the nearest due first (báo cáo của đơn vị)."""
    duties = _with_words(Duty.objects.filter(unit__in=own_units(viewer, on)))
    return lines_of(duties.order_by("-round__due_at", "receiver__name"))


def rounds_for(viewer: User, on: date) -> QuerySet[Round]:
    """Rounds in which the viewer sees at least one duty."""
    mine = visible_duties(viewer, on).values("round")
    return Round.objects.filter(pk__in=mine).select_related("plan", "opened_by")


def plans_to_open(viewer: User, on: date) -> list[Plan]:
    """The plans the viewer may open rounds for."""
    plans = Plan.objects.select_related("root").order_by("-pk")
    return [p for p in plans if may(viewer, Verb.OPEN_ROUND, p.root, on=on)]


def round_of_span(plan: Plan, span: Span) -> Round | None:
    """The round already opened for a plan and these days."""
    same = Round.objects.filter(plan=plan, kind=span.kind.value)
    if span.kind is RoundKind.PERIOD:
        return same.filter(period=span.period.code).first()
    return same.filter(from_on=span.from_on, to_on=span.to_on, title=span.label).first()


def marked_days() -> QuerySet[Holiday]:
    """Days off and swapped working days, the newest first."""
    return Holiday.objects.order_by("-on")


@dataclass
class Heard:
    """How many units one receiver has heard from, of those that owe it (đã báo / phải báo)."""

    receiver: Unit
    expected: int = 0
    submitted: int = 0  # handed in, waiting
    held: list[DutyLine] = field(default_factory=list)  # of those, kept back with a reason
    approved: int = 0
    silent: list[Unit] = field(default_factory=list)

    @property
    def heard(self) -> int:
        return self.submitted + self.approved


def heard(round: Round, lines: Iterable[DutyLine] | None = None) -> list[Heard]:
    """Per receiver, by name; of the given lines only, where a viewer sees less."""
    found: dict[int, Heard] = {}
    for line in lines_of(_with_words(round.duties.all())) if lines is None else lines:
        if not line.duty.required and not line.status:
            continue
        one = found.setdefault(line.duty.receiver_id, Heard(line.duty.receiver))
        one.expected += 1
        if line.approved:
            one.approved += 1
        elif line.status == Status.SUBMITTED:
            one.submitted += 1
            one.held += [line] if line.held else []
        else:
            one.silent.append(line.duty.unit)
    return sorted(found.values(), key=lambda h: h.receiver.name)


# --- submissions -----------------------------------------------------------------------------


def last_of(duty: Duty) -> Submission | None:
    """The newest version of a duty's return."""
    return duty.submissions.select_related("saved_by", "decided_by").order_by("-version").first()


def handed_in_of(duty: Duty) -> Submission | None:
    """The newest version that was handed in, whatever became of it."""
    return duty.submissions.exclude(status=Status.DRAFT).order_by("-version").first()


def versions_of(duty: Duty) -> list[Submission]:
    """All versions, newest first."""
    rows = duty.submissions.select_related("saved_by", "submitted_by", "decided_by")
    return list(rows.order_by("-version"))


def visible_submissions(viewer: User, on: date) -> QuerySet[Submission]:
    """Versions of the returns a viewer sees; drafts only of the viewer's own units."""
    own = [u.pk for u in own_units(viewer, on)]
    rows = Submission.objects.filter(duty__in=visible_duties(viewer, on).values("pk"))
    rows = rows.filter(~Q(status=Status.DRAFT) | Q(duty__unit__in=own))
    return rows.select_related(
        "duty__round__plan",
        "duty__unit",
        "duty__receiver",
        "submitted_by",
        "decided_by",
        "saved_by",
    )


def queue_for(viewer: User, on: date) -> QuerySet[Submission]:
    """What waits for the viewer's decision, the oldest first, also in place of who is away; never
    what they handed in, where four eyes are asked for."""
    theirs = _awaiting(viewer, on)
    for away in in_place_of(viewer, on):
        theirs |= _awaiting(away, on) & _not_by(away)
    waiting = Submission.objects.filter(theirs & _not_by(viewer), status=Status.SUBMITTED)
    words = ("duty__round__plan__root", "duty__unit", "duty__receiver", "submitted_by")
    return waiting.select_related(*words).order_by("submitted_at", "pk")


def _not_by(person: User) -> Q:
    alone = Q(duty__round__regime__four_eyes=False)
    return alone | Q(submitted_by__isnull=True) | ~Q(submitted_by=person)


def _awaiting(person: User, on: date) -> Q:
    """Which returns wait for a person by their own posts, step by step."""
    received = Q(duty__receiver__in=receivers(person, on))
    found = Q(step=ChainStep.UNIT, duty__unit__in=headed(person, on))
    if coordinates(person, on):
        within = units_within(person, Verb.APPROVE, on).values("pk")
        received |= Q(duty__receiver__in=within)
        found |= Q(step=ChainStep.OFFICE, duty__round__plan__root__in=within)
    return found | Q(received, step__in=("", ChainStep.RECEIVER))


# --- evidence and origins --------------------------------------------------------------------


def visible_evidence(viewer: User, on: date) -> QuerySet[Evidence]:
    """Files a viewer may open: of returns and of tasks within sight."""
    returns = visible_submissions(viewer, on).values("pk")
    tasks = tasks_for(viewer, on).values("pk")
    return Evidence.objects.filter(Q(submission__in=returns) | Q(update__task__in=tasks))


@dataclass(frozen=True)
class Origin:
    """Where an official value came from: the return, who handed it in and approved, the cell."""

    submission: Submission
    handed_in_by: User | None
    handed_in_at: datetime | None
    approved_by: User | None
    approved_at: datetime | None
    file_name: str
    file_sha256: str
    cell: str
    row: int | None
    note: str
    evidence: list[Evidence]


def origin(observation: Observation) -> Origin | None:
    """The paper trail of an observation; None where it did not come from a return."""
    kind, _, number = observation.source.partition(":")
    if kind != "submission" or not number.isdigit():
        return None
    s = Submission.objects.select_related(
        "duty__round__plan", "duty__unit", "duty__receiver", "submitted_by", "decided_by"
    ).get(pk=int(number))
    entry = s.values.get(observation.element) or {}
    elements = s.duty.elements
    row = elements.index(observation.element) + 1 if observation.element in elements else None
    from_file = bool(observation.cell)
    return Origin(
        s, s.submitted_by, s.submitted_at, s.decided_by, s.decided_at,
        s.workbook_name if from_file else "", s.workbook_sha256 if from_file else "",
        observation.cell, row, entry.get("note") or "",
        list(s.evidence.filter(element__in=["", observation.element]).order_by("pk")),
    )  # fmt: skip


# --- for reminders ---------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenDuty:
    """Still owed: a return ("duty") or a task ("task"), by one unit, and whom to remind."""

    thing: str
    thing_id: int
    unit: Unit
    title: str
    due_on: date
    people: list[User]
    receiver: Unit | None = None
    plan: Plan | None = None


def open_duties(on: date) -> list[OpenDuty]:
    """Returns neither handed in nor approved, tasks not done, seen on a day; oldest first."""
    opened = {"round__opened_at__date__lte": on, "round__closed_at": None}
    duties = _with_words(Duty.objects.filter(required=True, **opened))
    heard_of = Submission.objects.filter(
        Q(status=Status.APPROVED) | Q(status=Status.SUBMITTED) & ~Q(step=ChainStep.UNIT)
    )
    rows = list(duties.exclude(pk__in=heard_of.values("duty")))
    tasks = progress.open_tasks(on)
    units = {d.unit_id for d in rows} | {u.pk for _, u in tasks}
    people = _reporters(units, on)
    found = [
        OpenDuty(
            "duty", d.pk, d.unit, f"Báo cáo số liệu {d.round.label} gửi {d.receiver}",
            timezone.localtime(d.due).date(),
            [d.person] if d.person else people[d.unit_id], d.receiver, d.round.plan,
        )
        for d in rows
    ]  # fmt: skip
    found += [
        OpenDuty("task", t.pk, u, t.title, t.due_on, people[u.pk], None, t.plan) for t, u in tasks
    ]
    return sorted(found, key=lambda o: (o.due_on, o.thing, o.thing_id, o.unit.pk))


def _reporters(units: Iterable[int], on: date) -> dict[int, list[User]]:
    """Unit id → its active people who report, in one query."""
    found: dict[int, dict[int, User]] = defaultdict(dict)
    posts = Post.objects.filter(in_force(on), unit__in=set(units), user__is_active=True)
    for post in posts.select_related("user").order_by("pk"):
        if grants(post.role, Verb.REPORT):
            found[post.unit_id][post.user_id] = post.user
    return defaultdict(list, {unit: list(users.values()) for unit, users in found.items()})
