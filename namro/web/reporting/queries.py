"""Reads: what is owed, by whom, what waits for whom, where a figure came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from namro.web.facts.models import Observation
from namro.web.frame.prepared import prepared
from namro.web.org.models import Post, Unit, User
from namro.web.org.queries import in_force, may, posts_of, units_under, units_within
from namro.web.org.rules import Verb, grants
from namro.web.plans.models import Plan
from namro.web.plans.queries import tasks_for
from namro.web.reporting import progress
from namro.web.reporting.chain.deputies import deputies_on, in_place_of
from namro.web.reporting.chain.judging import Judged, judge
from namro.web.reporting.chain.rules import ChainStep
from namro.web.reporting.duties.regime import RoundKind, Span
from namro.web.reporting.duties.standing import (
    LEFT,
    DutyLine,
    Heard,
    handed_in,
    heard,
    inside_of,
    lines_of,
)
from namro.web.reporting.models import Duty, Evidence, Holiday, Round, Submission
from namro.web.reporting.progress import states_of_tasks
from namro.web.reporting.records.records_seen import (
    batches_for,
    copy_of,
    file_of,
    record_files_for,
    removals_of,
    slices_for,
)
from namro.web.reporting.rights import (
    coordinates,
    headed,
    heads_on,
    is_head,
    may_decide,
    may_report,
    own_units,
    receivers,
)
from namro.web.reporting.rules import Status

__all__ = [
    "DutyLine",
    "Heard",
    "Judged",
    "batches_for",
    "copy_of",
    "file_of",
    "handed_in",
    "heard",
    "inside_of",
    "judge",
    "lines_of",
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


def visible_duties(viewer: User, on: date) -> QuerySet[Duty]:
    """Duties of units within the viewer's sight, and those addressed to the viewer's units."""
    return _with_words(Duty.objects.filter(_seen(*_sight(viewer, on), on)))


def duty_seen(viewer: User, pk: int, on: date) -> Duty | None:
    """One of the duties that `visible_duties` gives, by its key; None: there is none to be seen."""
    return next(iter(_one_seen(pk, *_sight(viewer, on), on)), None)


@prepared
def _one_seen(pk: int, tops: list[int], homes: list[int], on: date) -> QuerySet[Duty]:
    return _with_words(Duty.objects.filter(_seen(tops, homes, on), pk=pk))


def _sight(viewer: User, on: date) -> tuple[list[int], list[int]]:
    """The tops of the trees whose figures a person sees, and the units they work in; theirs and
    of those they stand in for."""
    people = [viewer, *in_place_of(viewer, on)]
    seeing = [p for a in people for p in posts_of(a, on) if grants(p.role, Verb.SEE_FIGURES)]
    return sorted({p.reach_id for p in seeing}), sorted({p.unit_id for p in seeing})


def _seen(tops: list[int], homes: list[int], on: date) -> Q:
    return Q(unit__in=units_under(tops, on).values("pk")) | Q(receiver__in=homes)


def _with_words(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    return duties.select_related("round__plan", "unit", "receiver", "person")


def duties_for(viewer: User, on: date) -> list[DutyLine]:
    """What the viewer's own units owe, the nearest due first (báo cáo của đơn vị)."""
    own = [u.pk for u in own_units(viewer, on)]
    return _entered_for(lines_of(_owed_by(own), own))


@prepared
def _owed_by(units: list[int]) -> QuerySet[Duty]:
    owed = Duty.objects.filter(unit__in=units)
    return _with_words(owed).order_by("-round__due_at", "receiver__name")


def _entered_for(lines: list[DutyLine]) -> list[DutyLine]:
    """The lines, those told whose draft holds what the receiver entered on the unit's behalf. One
    query, where anything is a draft."""
    drafts = [x.last.pk for x in lines if x.last and x.last.status == Status.DRAFT]
    if not drafts:
        return lines
    brought_in = set(_brought_in(drafts))
    return [replace(x, entered_for=bool(x.last and x.last.pk in brought_in)) for x in lines]


@prepared
def _brought_in(drafts: list[int]) -> QuerySet[Submission, int]:
    rows = Submission.objects.filter(pk__in=drafts, delivered__on_behalf=True)
    return rows.values_list("pk", flat=True)


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


# --- submissions -----------------------------------------------------------------------------


def last_of(duty: Duty) -> Submission | None:
    """The newest version of a duty's return."""
    return next(iter(_of(duty, _newest_of(duty.pk))), None)


def _of(duty: Duty, versions: list[Submission]) -> list[Submission]:
    """The versions, each with the duty as it was read."""
    for version in versions:
        version.duty = duty
    return versions


@prepared
def _newest_of(duty: int) -> QuerySet[Submission]:
    rows = Submission.objects.filter(duty=duty).select_related("saved_by", "decided_by")
    return rows.order_by("-version")[:1]


def handed_in_of(duty: Duty) -> Submission | None:
    """The newest version that left its unit, whatever became of it."""
    return duty.submissions.filter(LEFT).order_by("-version").first()


def versions_for(viewer: User, duty: Duty, on: date) -> list[Submission]:
    """The versions of a duty's return that a person sees, newest first."""
    if _coordinating(viewer, on):
        rows = duty.submissions.filter(_in_sight(viewer, on))
        return list(rows.select_related(*_PEOPLE).order_by("-version"))
    own = {u.pk for u in own_units(viewer, on)}
    inside = inside_of(viewer, on)
    return _of(duty, _versions(duty.pk, duty.unit_id in inside, duty.unit_id in own))


_PEOPLE = ("saved_by", "submitted_by", "on_behalf_of", "decided_by")


@prepared
def _versions(duty: int, inside: bool, own: bool) -> QuerySet[Submission]:
    """What `_in_sight` says of one unit's returns, to who coordinates nothing."""
    rows = Submission.objects.filter(duty=duty)
    if not own:
        rows = rows.filter(LEFT | ~Q(status=Status.DRAFT) if inside else LEFT)
    return rows.select_related(*_PEOPLE).order_by("-version")


def _in_sight(viewer: User, on: date) -> Q:
    """Versions that left their unit; inside it those handed in to its own head too, and for who
    fills the returns in also the drafts."""
    own = [u.pk for u in own_units(viewer, on)]
    given = ~Q(status=Status.DRAFT) & Q(duty__unit__in=inside_of(viewer, on))
    seen = LEFT | given | Q(duty__unit__in=own)
    for person in _coordinating(viewer, on):
        seen |= _vacant(person, on)
    return seen


def _coordinating(viewer: User, on: date) -> list[User]:
    """Of a person and those they stand in for, who coordinates."""
    return [a for a in [viewer, *in_place_of(viewer, on)] if coordinates(a, on)]


def _vacant(person: User, on: date) -> Q:
    """Returns that wait for a unit's own head where it has none, within a coordinator's reach."""
    within = units_within(person, Verb.APPROVE, on).values("pk")
    headless = Q(duty__unit__in=within) & ~Q(duty__unit__in=heads_on(on).values("unit"))
    return Q(status=Status.SUBMITTED, step=ChainStep.UNIT) & headless


def visible_submissions(viewer: User, on: date) -> QuerySet[Submission]:
    """Versions of the returns a viewer sees; what has not left its unit, only inside it."""
    rows = Submission.objects.filter(duty__in=visible_duties(viewer, on).values("pk"))
    return rows.filter(_in_sight(viewer, on)).select_related(
        "duty__round__plan",
        "duty__unit",
        "duty__receiver",
        "submitted_by",
        "on_behalf_of",
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
    return alone | ~Q(submitted_by=person) & ~Q(on_behalf_of=person)


def _awaiting(person: User, on: date) -> Q:
    """Which returns wait for a person by their own posts, step by step."""
    received = Q(duty__receiver__in=receivers(person, on))
    found = Q(step=ChainStep.UNIT, duty__unit__in=headed(person, on))
    if coordinates(person, on):
        within = units_within(person, Verb.APPROVE, on).values("pk")
        received |= Q(duty__receiver__in=within)
        found |= Q(step=ChainStep.OFFICE, duty__round__plan__root__in=within)
        found |= _vacant(person, on)
    return found | Q(received, step__in=("", ChainStep.RECEIVER))


# --- evidence and origins --------------------------------------------------------------------


def visible_evidence(viewer: User, on: date) -> QuerySet[Evidence]:
    """Files a viewer may open: of returns and of tasks within sight."""
    returns = visible_submissions(viewer, on).values("pk")
    tasks = tasks_for(viewer, on).values("pk")
    found = Evidence.objects.filter(Q(submission__in=returns) | Q(update__task__in=tasks))
    return found.select_related("submission__duty__round__plan")


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


def open_duties(on: date, units: Collection[int] | None = None) -> list[OpenDuty]:
    """Returns neither handed in nor approved, tasks not done, seen on a day; oldest first.

    `units`: of these only; None: of all.
    """
    opened = {"round__opened_at__date__lte": on, "round__closed_at": None}
    owed = {} if units is None else {"unit__in": units}
    duties = _with_words(Duty.objects.filter(required=True, **opened, **owed))
    heard_of = Submission.objects.filter(handed_in())
    at_head = Submission.objects.filter(duty=OuterRef("pk"), status=Status.SUBMITTED, sent_at=None)
    unheard = duties.exclude(pk__in=heard_of.values("duty"))
    rows = list(unheard.annotate(at_head=Exists(at_head)))
    tasks = [(t, u) for t, u in progress.open_tasks(on) if units is None or u.pk in units]
    reporting = {d.unit_id for d in rows} | {u.pk for _, u in tasks}
    reporters, heads = _people(reporting, on)
    found = [_owed(d, d.at_head, reporters[d.unit_id], heads[d.unit_id]) for d in rows]
    found += [
        OpenDuty("task", t.pk, u, t.title, t.due_on, reporters[u.pk], None, t.plan)
        for t, u in tasks
    ]
    return sorted(found, key=lambda o: (o.due_on, o.thing, o.thing_id, o.unit.pk))


def _owed(duty: Duty, at_head: bool, reporters: list[User], heads: list[User]) -> OpenDuty:
    """What the unit's own head has before them, that head is reminded of."""
    title = f"Báo cáo số liệu {duty.round.label} gửi {duty.receiver}"
    people = [duty.person] if duty.person else reporters
    if at_head:
        title, people = f"{title}: chờ lãnh đạo đơn vị duyệt", heads or people
    day = timezone.localtime(duty.due).date()
    return OpenDuty("duty", duty.pk, duty.unit, title, day, people, duty.receiver, duty.round.plan)


_People = dict[int, list[User]]


def _people(units: Iterable[int], on: date) -> tuple[_People, _People]:
    """Unit id → its active people who report, and those who head it; each with who stands in for
    them. Two queries."""
    found: tuple[dict[int, dict[int, User]], ...] = (defaultdict(dict), defaultdict(dict))
    standing_in = deputies_on(on)
    posts = Post.objects.filter(in_force(on), unit__in=set(units), user__is_active=True)
    for post in posts.select_related("user").order_by("pk"):
        for kept, fits in zip(found, (grants(post.role, Verb.REPORT), is_head(post)), strict=True):
            for person in (post.user, *standing_in.get(post.user_id, ())) if fits else ():
                kept[post.unit_id][person.pk] = person
    reporters, heads = (
        defaultdict(list, {unit: list(users.values()) for unit, users in kept.items()})
        for kept in found
    )
    return reporters, heads
