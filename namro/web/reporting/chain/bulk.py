"""Many returns decided at once (duyệt nhiều báo cáo): those that are sound, the others are said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from namro.web.facts import actions as facts
from namro.web.frame.prepared import prepared
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import queries
from namro.web.reporting.chain.authority import authority_of, hands_on
from namro.web.reporting.chain.decisions import AlreadyDecided, approve, is_last_step
from namro.web.reporting.chain.findings import doubts_of
from namro.web.reporting.chain.judging import held_of
from namro.web.reporting.chain.official import Claim, make_official
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status

TOGETHER = 25
"""How many become official in one transaction: whoever else writes figures waits meanwhile."""


@dataclass
class Outcome:
    """What became of each of many returns."""

    approved: list[Submission] = field(default_factory=list)
    left: list[tuple[Submission, str]] = field(default_factory=list)

    def take(self, other: Outcome) -> None:
        self.approved += other.approved
        self.left += other.left


def approve_sound(
    *,
    submissions: Iterable[Submission],
    by: User | None,
    at: datetime,
    seen: Collection[int] = (),
) -> Outcome:
    """Approve those without findings; each stands for itself, whatever becomes of the others.

    `seen`: keys of returns whose findings the person has looked at and takes as they are. What has
    other findings, is held back, or was decided meanwhile, is left and said. A hold is never passed
    over here: it is lifted, or the return decided on its own page.
    """
    outcome, sound = Outcome(), []
    judged = queries.judge(submissions)
    unseen = [j.submission for j in judged if j.is_sound and j.submission.pk not in seen]
    doubted = {pk for pk, doubts in doubts_of(unseen).items() if doubts}
    for one in judged:
        pk = one.submission.pk
        if one.held:
            outcome.left.append((one.submission, _is_held(one.held)))
        elif pk not in seen and (one.findings or pk in doubted):
            why = "có điểm cần xem, phải xem trước khi duyệt"
            outcome.left.append((one.submission, why))
        else:
            sound.append(one.submission)
    for first in range(0, len(sound), TOGETHER):
        outcome.take(_decided(sound[first : first + TOGETHER], by, at))
    return outcome


def _decided(some: Sequence[Submission], by: User | None, at: datetime) -> Outcome:
    """Those at their last step together, as long as none of them says what the ledger refuses."""
    last = [s for s in some if is_last_step(s, by)]
    outcome = _one_by_one([s for s in some if s not in last], by, at)
    try:
        outcome.take(_together(last, by, at))
    except facts.FaultySaying:
        outcome.take(_one_by_one(last, by, at))
    return outcome


def _one_by_one(some: Iterable[Submission], by: User | None, at: datetime) -> Outcome:
    outcome = Outcome()
    for one in some:
        if held := held_of([one.pk]).get(one.pk):
            outcome.left.append((one, _is_held(held.reason)))
            continue
        try:
            approve(submission=one, by=by, at=at)
        except (AlreadyDecided, NotAllowed, facts.FaultySaying) as why:
            outcome.left.append((one, str(why)))
        else:
            outcome.approved.append(one)
    return outcome


@transaction.atomic
def _together(some: Sequence[Submission], by: User | None, at: datetime) -> Outcome:
    """Their rows locked, those decided meanwhile left, the rest made official. Raises FaultySaying;
    then nothing is."""
    if not some:
        return Outcome()
    outcome, claims = Outcome(), []
    keys = [one.pk for one in some]
    _lock(keys)
    now, held = {row.pk: row for row in _rows(keys)}, held_of(keys)
    hands = hands_on(some)
    for one in some:
        if one.pk in held:
            outcome.left.append((one, _is_held(held[one.pk].reason)))
            continue
        try:
            away = authority_of(by, one, at, hands[one.pk]) if by else None
        except NotAllowed as why:
            outcome.left.append((one, str(why)))
            continue
        row = now[one.pk]
        if row.status != Status.SUBMITTED or row.step != one.step:
            outcome.left.append((one, str(AlreadyDecided(row))))
            continue
        claims.append(Claim(row, away))
        outcome.approved.append(one)
    rows = Submission.objects.filter(pk__in=[c.submission.pk for c in claims])
    rows.update(status=Status.APPROVED, decided_by=by, decided_at=at)
    make_official(claims, by, at)
    return outcome


def _is_held(why: str) -> str:
    return f"đang được giữ lại: {why}"


@prepared
def _lock(submissions: list[int]) -> QuerySet[Submission, int]:
    """Their keys, locked in order. What belongs to them is read after: PostgreSQL would tell of it
    as it was before somebody else let go of the row."""
    rows = Submission.objects.select_for_update().filter(pk__in=submissions)
    return rows.order_by("pk").values_list("pk", flat=True)


@prepared
def _rows(submissions: list[int]) -> QuerySet[Submission]:
    words = ("duty__round__plan__root", "duty__unit", "duty__receiver", "decided_by")
    return Submission.objects.select_related(*words).filter(pk__in=submissions)
