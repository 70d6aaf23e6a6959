"""Hôm nay: what I owe, what waits for me, who is late, and, for who leads, how the plan stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from namro.terms import Comparator, Period, Standing, TaskState
from namro.vietnamese import capitalised, format_number
from namro.web.dashboard.late import LateUnit, late_units
from namro.web.dashboard.plan import Heard, heard_communes
from namro.web.frame import clock
from namro.web.org.models import Unit, User
from namro.web.org.queries import may, posts_of, viewpoint
from namro.web.org.rules import Role, Verb
from namro.web.plans.models import Plan, Reading
from namro.web.plans.queries import plans_for, readings_for, targets_of
from namro.web.plans.rules import ReadingState
from namro.web.reporting.models import Submission
from namro.web.reporting.progress import counts, states_of_tasks
from namro.web.reporting.queries import duties_for, open_duties, own_units, queue_for
from namro.web.results import queries as results
from namro.web.results.queries import TargetResult
from namro.web.results.sight import look

_LEADING = (Role.LEADER, Role.COORDINATOR, Role.INSPECTOR)
_MOST = 8  # lines of each list; the rest is one click away


@dataclass(frozen=True)
class Owed:
    """Something the viewer's unit owes."""

    title: str
    unit: Unit
    thing: str
    thing_id: int
    due_at: datetime
    status: str


@dataclass(frozen=True)
class Move:
    """A target's change since the period before."""

    told: TargetResult
    subject: str
    change: str
    rises: bool


@dataclass(frozen=True)
class Outlook:
    """The plan in five lines, the worst, and what moved."""

    plan: Plan
    standings: list[tuple[Standing, int]]
    tasks: dict[TaskState, int]
    heard: Heard
    soft: int
    period: Period
    worst: list[tuple[TargetResult, str]]
    moved: list[Move]

    @property
    def hard(self) -> int:
        return sum(count for _, count in self.standings)

    @property
    def reached(self) -> int:
        return dict(self.standings)[Standing.REACHED]

    @property
    def all_tasks(self) -> int:
        return sum(self.tasks.values())

    @property
    def done_on_time(self) -> int:
        return self.tasks[TaskState.DONE_ON_TIME]

    @property
    def done_late(self) -> int:
        return self.tasks[TaskState.DONE_LATE]

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def within_term(self) -> int:
        return self.tasks[TaskState.WITHIN_TERM]

    @property
    def overdue(self) -> int:
        return self.tasks[TaskState.OVERDUE]


@dataclass
class Home:
    """All that the page shows, by what the viewer's posts ask of them."""

    owed: list[tuple[Owed, str, bool]] = field(default_factory=list)
    queue: list[Submission] = field(default_factory=list)
    queue_count: int = 0
    readings: list[Reading] = field(default_factory=list)
    late: list[LateUnit] = field(default_factory=list)
    late_count: int = 0
    outlook: Outlook | None = None
    reports: bool = False
    approves: bool = False
    receives: bool = False
    leads: bool = False
    sees_plans: bool = False
    plans: list[Plan] = field(default_factory=list)


def home_of(viewer: User, on: date, at: datetime) -> Home:
    """Gather the page for one person; what their posts do not carry is never asked for."""
    home = Home(
        reports=bool(own_units(viewer, on)),
        approves=may(viewer, Verb.APPROVE, on=on),
        receives=may(viewer, Verb.RECEIVE_DOCUMENT, on=on),
        leads=any(p.role in _LEADING for p in posts_of(viewer, on)),
        sees_plans=may(viewer, Verb.SEE_PLAN, on=on),
    )
    if home.reports:
        home.owed = [(o, clock.time_left(o.due_at, at), o.due_at < at) for o in _owed(viewer, on)]
    if home.approves:
        waiting = queue_for(viewer, on)
        home.queue_count = waiting.count()
        home.queue = list(waiting[:_MOST])
    if home.receives:
        states = (ReadingState.QUEUED, ReadingState.READING, ReadingState.READ, ReadingState.FAILED)
        home.readings = list(readings_for(viewer, on).filter(state__in=states)[:_MOST])
    if home.sees_plans:
        home.plans = list(plans_for(viewer, on)[:_MOST])
    if home.leads:
        home.late, home.late_count = late_units(viewer, on, _MOST)
        if home.plans:
            home.outlook = outlook_of(home.plans[0], viewer, on)
    return home


def _owed(viewer: User, on: date) -> list[Owed]:
    """Returns and tasks of the viewer's own units, the nearest due first."""
    mine = {u.pk for u in own_units(viewer, on)}
    found = [
        Owed(
            f"Báo cáo số liệu {line.period.label} gửi {line.duty.receiver.label}",
            line.duty.unit,
            "duty",
            line.duty.pk,
            line.due_at,
            line.status_label,
        )
        for line in duties_for(viewer, on)
        if line.is_open
    ]
    found += [
        Owed(o.title, o.unit, "task", o.thing_id, _end_of(o.due_on), "Chưa hoàn thành")
        for o in open_duties(on, mine)
        if o.thing == "task"
    ]
    return sorted(found, key=lambda o: o.due_at)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def outlook_of(plan: Plan, viewer: User, on: date) -> Outlook | None:
    """How a plan stands from where the viewer looks; None where they see no figures."""
    unit = viewpoint(viewer, on)
    if unit is None:
        return None
    view = look(viewer, unit=unit, period=None, as_of=None, on=on)
    told = results.results_of(list(targets_of(plan)), view)
    hard = [r for r in told if not r.target.soft]
    counted = Counter(r.standing for r in hard)
    return Outlook(
        plan=plan,
        standings=[(s, counted[s]) for s in Standing],
        tasks=counts(states_of_tasks(plan, on)),
        heard=heard_communes(plan, view.period, viewer, on),
        soft=len(told) - len(hard),
        period=view.period,
        worst=worst_of(hard),
        moved=moved_of(told),
    )


def worst_of(told: list[TargetResult], most: int = 3) -> list[tuple[TargetResult, str]]:
    """The targets furthest from their threshold, those past their deadline first."""
    order = {Standing.NOT_REACHED: 0, Standing.BEHIND: 1}
    behind = [r for r in told if r.standing in order]
    behind.sort(key=lambda r: (order[r.standing], share_of(r)))
    return [(r, capitalised(r.target.subject)) for r in behind[:most]]


def share_of(told: TargetResult) -> Fraction:
    """How much of the threshold is reached, 0 to 1; a milestone not reached is 0."""
    value = told.result.value if told.result else None
    goal = told.threshold.value
    if value is None or not goal or told.threshold.comparator is Comparator.MILESTONE:
        return Fraction(0)
    return Fraction(value) / Fraction(goal)


def moved_of(told: list[TargetResult], most: int = 3) -> list[Move]:
    """The targets that changed most since the period before."""
    found = []
    for one in told:
        known = [value for _, value in one.trend]
        if len(known) < 2 or known[-1] is None or known[-2] is None or known[-1] == known[-2]:
            continue
        step = known[-1] - known[-2]
        found.append((_weight(one, step), step, one))
    found.sort(key=lambda f: -f[0])
    return [_move(one, step) for _, step, one in found[:most]]


def _weight(told: TargetResult, step: Decimal) -> Decimal:
    """How far a target moved, comparable: percentage points, else hundredths of its threshold."""
    unit = told.threshold.unit_of_measure or ""
    if unit.startswith("%"):
        return abs(step)
    return abs(step) * 100 / (told.threshold.value or 100)


def _move(told: TargetResult, step: Decimal) -> Move:
    unit = told.threshold.unit_of_measure or ""
    said = "điểm phần trăm" if unit.startswith("%") else unit
    sign = "+" if step > 0 else "−"
    digits = 1 if unit.startswith("%") else 2
    change = f"{sign}{format_number(abs(step), digits)} {said}".strip()
    return Move(told, capitalised(told.target.subject), change, step > 0)
