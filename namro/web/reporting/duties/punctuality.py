"""Completeness and timeliness as figures of their own (đầy đủ, đúng hạn): by unit, level, receiver,
round, over periods.

Expected: returns owed. Sent: handed in and not sent back. A return sent back counts as sent only
once it was mended. Under a strict regime (late, wrong, off-target returns count as not completed)
only what was sent in time is completed; else all that was sent. All of it can be asked as of an
earlier moment: what was sent or sent back later is then not known yet, and deadlines and settings
changed later are as they were (`as_they_were`).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Min, Q

from namro.vietnamese import sort_key
from namro.web.org.models import User
from namro.web.reporting.chain.models import RoundEvent
from namro.web.reporting.chain.rules import RoundEventKind
from namro.web.reporting.duties.regime import LEVEL_LABELS, Level, level_of
from namro.web.reporting.models import Round
from namro.web.reporting.queries import rounds_for, visible_duties
from namro.web.reporting.rules import Status

GROUPINGS = {
    "don-vi": "Đơn vị",
    "cap": "Cấp báo cáo",
    "noi-nhan": "Nơi nhận",
    "dot": "Đợt báo cáo",
    "cap-dot": "Cấp báo cáo, từng đợt",
}


@dataclass
class Punctuality:
    """How a unit, level, receiver or round did (expected, sent, on time …)."""

    key: str
    name: str
    level: str = ""
    expected: int = 0
    sent: int = 0
    on_time: int = 0
    late: int = 0
    returned: int = 0  # sent back, not mended yet
    missing: int = 0  # due, nothing sent (what was sent back included)
    waiting: int = 0  # not due yet
    completed: int = 0

    @property
    def due(self) -> int:
        """Those whose sending can be judged: sent, or the deadline passed."""
        return self.expected - self.waiting

    @property
    def completeness(self) -> Decimal | None:
        """Percent sent of those that can be judged; None where none can."""
        return _percent(self.sent, self.due)

    @property
    def timeliness(self) -> Decimal | None:
        """Percent sent in time."""
        return _percent(self.on_time, self.due)

    @property
    def completed_percent(self) -> Decimal | None:
        return _percent(self.completed, self.due)

    def count(self, sent_at: datetime | None, touched: bool, owed: Owed, at: datetime) -> None:
        """One return more."""
        self.expected += 1
        if sent_at:
            self.sent += 1
            in_time = sent_at <= owed.due_at
            self.on_time += in_time
            self.late += not in_time
            self.completed += in_time or not owed.strict
            return
        self.returned += touched
        if at > owed.due_at:
            self.missing += 1
        else:
            self.waiting += 1


@dataclass(frozen=True)
class Owed:
    """What a return is judged by."""

    due_at: datetime
    strict: bool


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(part) * 100 / whole if whole else None


def rounds_between(
    viewer: User,
    on: date,
    *,
    plan: int = 0,
    first: int = 0,
    last: int = 0,
    at: datetime | None = None,
) -> list[Round]:
    """The rounds a viewer sees, oldest due first: of a plan, from one round to another (keys, 0:
    no bound), opened by a moment."""
    seen = rounds_for(viewer, on)
    rows = list((seen.filter(opened_at__lte=at) if at else seen).order_by("due_at", "pk"))
    moments = {r.pk: r.due_at for r in rows}
    since, until = moments.get(first), moments.get(last)
    return [
        r
        for r in rows
        if (not plan or r.plan_id == plan)
        and (since is None or r.due_at >= since)
        and (until is None or r.due_at <= until)
    ]


def punctuality(
    viewer: User, on: date, at: datetime, rounds: Iterable[Round], by: str
) -> tuple[list[Punctuality], Punctuality]:
    """The groups by name, and all of them together, as of a moment. Two queries, whatever the
    grouping."""
    kept, moved = as_they_were(rounds, at)
    found: dict[str, Punctuality] = {}
    whole = Punctuality("", "Tất cả")
    for row in _rows(viewer, on, list(kept), at):
        opened = kept[row["round_id"]]
        if not row["required"] and not row["first"]:
            continue
        level = level_of(row["unit__kind"])
        stored = None if opened.pk in moved else row["due_at"]
        owed = Owed(stored or opened.due_of(level), opened.terms.strict)
        key, name = _group(row, opened, level, by)
        label = level.label if by == "don-vi" else ""
        one = found.setdefault(key, Punctuality(key, name, label))
        for tally in (one, whole):
            tally.count(row["stands"], bool(row["first"]), owed, at)
    if by == "cap":
        order = {v.value: i for i, v in enumerate(Level)}
        return sorted(found.values(), key=lambda p: order[p.key]), whole
    if by == "dot":
        return [found[str(pk)] for pk in kept if str(pk) in found], whole
    if by == "cap-dot":
        keys = [f"{pk}:{level}" for pk in kept for level in Level]
        return [found[key] for key in keys if key in found], whole
    return sorted(found.values(), key=lambda p: sort_key(p.name)), whole


def as_they_were(rounds: Iterable[Round], at: datetime) -> tuple[dict[int, Round], set[int]]:
    """The rounds by key, with the deadlines and settings they had at a moment (copies, never to be
    saved), and those of them whose deadlines were others then. Later changes are undone, the newest
    first; a change written down before events kept what had held is not known to be one."""
    kept, moved = {r.pk: copy(r) for r in rounds}, set()
    what = (RoundEventKind.DUE_MOVED, RoundEventKind.SETTINGS)
    later = RoundEvent.objects.filter(round__in=kept, at__gt=at, what__in=what)
    for event in later.order_by("-at", "-pk"):
        one = kept[event.round_id]
        if event.kind is RoundEventKind.SETTINGS:
            one.regime = event.before or one.regime
            continue
        for level, due in event.before.items():
            setattr(one, _DUE_FIELDS[Level(level)], datetime.fromisoformat(due))
            moved.add(one.pk)
    return kept, moved


_DUE_FIELDS = {
    Level.COMMUNE: "due_at",
    Level.DEPARTMENT: "department_due_at",
    Level.PROVINCE: "province_due_at",
}


def _group(row: dict, opened: Round, level: Level, by: str) -> tuple[str, str]:
    if by == "cap":
        return level.value, LEVEL_LABELS[level]
    if by == "dot":
        return str(opened.pk), opened.label
    if by == "cap-dot":
        return f"{opened.pk}:{level}", f"{opened.label}: {LEVEL_LABELS[level]}"
    if by == "noi-nhan":
        return str(row["receiver_id"]), row["receiver__name"]
    return str(row["unit_id"]), row["unit__name"]


def _rows(viewer: User, on: date, rounds: list[int], at: datetime) -> Iterable[dict]:
    """A row a duty: when its return left the unit (`first`), and the one that stands (`stands`),
    as they were at a moment."""
    gone = Q(submissions__sent_at__lte=at)
    taken = Q(submissions__status__in=(Status.SUBMITTED, Status.APPROVED))
    stood = gone & (taken | Q(submissions__decided_at__gt=at))
    duties = visible_duties(viewer, on).filter(round__in=rounds).order_by()
    told = duties.annotate(
        first=Min("submissions__sent_at", filter=gone),
        stands=Min("submissions__sent_at", filter=stood),
    )
    return told.values(
        "round_id", "unit_id", "unit__name", "unit__kind", "receiver_id", "required", "due_at",
        "first", "stands", receiver__name=F("receiver__name"),
    ).iterator(chunk_size=5000)  # fmt: skip
