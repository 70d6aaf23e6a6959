"""How each duty stands, for who looks at it: inside the unit, or outside, where a return that has
not left its unit is a draft like any other (tình hình báo cáo)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from namro.terms import Period
from namro.web.frame.prepared import prepared
from namro.web.org.models import Unit, User
from namro.web.org.queries import posts_of
from namro.web.org.rules import Verb, grants
from namro.web.reporting.chain.deputies import in_place_of
from namro.web.reporting.chain.judging import held_of
from namro.web.reporting.chain.models import Hold
from namro.web.reporting.chain.rules import waits_for
from namro.web.reporting.duties.regime import level_of
from namro.web.reporting.models import Duty, Round, Submission
from namro.web.reporting.rules import ENTERED_FOR, HELD_BACK, NOT_OWED, NOT_STARTED, Status

LEFT = Q(sent_at__isnull=False)  # it has left the unit: the unit's own head, if asked, passed it on


def handed_in(prefix: str = "") -> Q:
    """Versions that stand outside their unit: official, or gone out and waiting there."""
    waits = Q(**{f"{prefix}status": Status.SUBMITTED, f"{prefix}sent_at__isnull": False})
    return Q(**{f"{prefix}status": Status.APPROVED}) | waits


def inside_of(viewer: User, on: date) -> set[int]:
    """The units whose returns a person sees before they leave: where they, or somebody they stand
    in for, hold a post that sees figures."""
    people = [viewer, *in_place_of(viewer, on)]
    posts = (p for person in people for p in posts_of(person, on))
    return {p.unit_id for p in posts if grants(p.role, Verb.SEE_FIGURES)}


@dataclass(frozen=True)
class DutyLine:
    """A duty with the newest version of its return that the viewer may look at."""

    duty: Duty
    last: Submission | None
    approved: bool = False  # some version was approved: a figure stands
    held: Hold | None = None  # what waits, or is official, is kept out of the figures
    entered_for: bool = False  # of the draft, something was entered on the unit's behalf
    within: bool = False  # a newer version is still in its unit, and the viewer is not
    first_at: datetime | None = None  # when a version first left the unit
    sent_at: datetime | None = None  # the same, of those not sent back: what the term is held to

    @property
    def status(self) -> Status | None:
        if self.within:
            return Status.DRAFT
        return Status(self.last.status) if self.last else None

    @property
    def status_label(self) -> str:
        if self.last and self.held and self.held.submission_id == self.last.pk and not self.within:
            return HELD_BACK
        if self.status is Status.SUBMITTED and self.last:
            return waits_for(self.last.step)
        if self.entered_for:
            return ENTERED_FOR
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

    @property
    def is_waiting(self) -> bool:
        """Handed in, and waiting outside its unit."""
        return bool(self.status is Status.SUBMITTED and self.last and self.last.sent_at)

    @property
    def is_heard(self) -> bool:
        return self.approved or self.is_waiting

    @property
    def is_expected(self) -> bool:
        """Owed, or given though not owed."""
        return self.duty.required or self.first_at is not None

    @property
    def is_late(self) -> bool:
        """What stands left the unit after its term."""
        return bool(self.sent_at and self.sent_at > self.due_at)

    def is_missing(self, at: datetime) -> bool:
        """Owed, its term over, and nothing stands."""
        return self.is_expected and not self.is_heard and at > self.due_at


def lines_of(duties: Iterable[Duty], inside: Collection[int] = ()) -> list[DutyLine]:
    """Each duty with how it stands, in one more query (two where something may be held back).

    `inside`: the units whose returns the viewer sees before they leave them, see `inside_of`.
    """
    kept: list[Duty] = list(duties)
    versions: dict[int, list[Submission]] = {d.pk: [] for d in kept}
    for row in _versions_of([d.pk for d in kept]):
        versions[row.duty_id].append(row)
    stand = (Status.SUBMITTED, Status.APPROVED)
    able = [v.pk for vs in versions.values() for v in vs if v.sent_at and v.status in stand]
    held = held_of(able) if able else {}
    return [_line(d, versions[d.pk], held, d.unit_id in inside) for d in kept]


@prepared
def _versions_of(duties: list[int]) -> QuerySet[Submission]:
    rows = Submission.objects.filter(duty__in=duties).defer("values").order_by("version")
    return rows.select_related("submitted_by", "on_behalf_of", "decided_by")


def _line(duty: Duty, versions: list[Submission], held: dict[int, Hold], inside: bool) -> DutyLine:
    gone = [v for v in versions if v.sent_at]
    seen = versions if inside else gone
    last = seen[-1] if seen else None
    stands = [v.sent_at for v in gone if v.status != Status.SENT_BACK and v.sent_at]
    return DutyLine(
        duty, last, any(v.status == Status.APPROVED for v in versions),
        next((held[v.pk] for v in reversed(gone) if v.pk in held), None),
        within=bool(versions) and versions[-1] is not last,
        first_at=min((v.sent_at for v in gone if v.sent_at), default=None),
        sent_at=min(stands, default=None),
    )  # fmt: skip


@dataclass
class Heard:
    """How many units one receiver has heard from, of those that owe it (đã báo / phải báo)."""

    receiver: Unit
    expected: int = 0
    submitted: int = 0  # handed in, waiting
    held: list[DutyLine] = field(default_factory=list)  # kept back with a reason
    stuck: int = 0  # waiting past the receiver's own term, no reason given
    approved: int = 0
    silent: list[Unit] = field(default_factory=list)

    @property
    def heard(self) -> int:
        return self.submitted + self.approved


def heard(
    round: Round, lines: Iterable[DutyLine] | None = None, at: datetime | None = None
) -> list[Heard]:
    """Per receiver, by name; of the given lines only, where a viewer sees less.

    `at`: the moment to which what is stuck is counted; None: it is not.
    """
    words = ("round__plan", "unit", "receiver", "person")
    found: dict[int, Heard] = {}
    for line in lines_of(round.duties.select_related(*words)) if lines is None else lines:
        if not line.is_expected:
            continue
        one = found.setdefault(line.duty.receiver_id, Heard(line.duty.receiver))
        one.expected += 1
        if line.approved:
            one.approved += 1
        elif line.is_waiting:
            one.submitted += 1
            late = at is not None and at > round.due_of(level_of(line.duty.receiver.kind))
            one.stuck += late and not line.held
        else:
            one.silent.append(line.duty.unit)
        one.held += [line] if line.held else []
    return sorted(found.values(), key=lambda h: h.receiver.name)
