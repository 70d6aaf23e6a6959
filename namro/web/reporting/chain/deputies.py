"""Who reports and decides in place of somebody who is away (ủy quyền khi vắng mặt)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from namro.vietnamese import format_date, tidy
from namro.web.frame import clock
from namro.web.frame.prepared import prepared
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed, home_unit, may_manage, people_within, posts_of
from namro.web.reporting.chain.models import Delegation

LONGEST = timedelta(days=366)


class FaultyDelegation(ValueError):
    """A delegation that cannot be; the message is Vietnamese."""


def in_place_of(deputy: User, on: date) -> list[User]:
    """For whom a person may act on a day: active people who are away and named this deputy.

    Only while the deputy is still a colleague: holds, that day, a post in one of their units. Read
    once per request, as posts are (kept on the user object).
    """
    kept = getattr(deputy, "_away_on", None)
    if kept is None or kept[0] != on:
        kept = deputy._away_on = (on, _named(deputy, on))
    return kept[1]


def _named(deputy: User, on: date) -> list[User]:
    named = [row.away for row in _given_to(deputy.pk, on)]
    homes = {p.unit_id for p in posts_of(deputy, on)} if named else set()
    return [a for a in named if homes & {p.unit_id for p in posts_of(a, on)}]


@prepared
def _given_to(deputy: int, on: date) -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(
        deputy=deputy, from_on__lte=on, until_on__gte=on, ended_at=None, away__is_active=True
    )
    return rows.select_related("away").order_by("pk")


def _forget(deputy: User) -> None:
    """What was read before a delegation changed."""
    deputy.__dict__.pop("_away_on", None)


def deputies_on(day: date) -> dict[int, list[User]]:
    """Person away → who stands in for them that day."""
    rows = Delegation.objects.filter(
        from_on__lte=day, until_on__gte=day, ended_at=None, deputy__is_active=True
    )
    found: dict[int, list[User]] = {}
    for row in rows.select_related("deputy").order_by("pk"):
        found.setdefault(row.away_id, []).append(row.deputy)
    return found


def may_delegate(by: User, away: User, on: date) -> bool:
    """Oneself, or an administrator who manages the person's account."""
    return by.pk == away.pk or may_manage(by, away, on=on)


def candidates(away: User, on: date) -> list[User]:
    """Who may stand in for a person: active colleagues of the same units."""
    units = {p.unit_id for p in posts_of(away, on)}
    now = Q(posts__from_on__lte=on) & (Q(posts__to_on__isnull=True) | Q(posts__to_on__gt=on))
    rows = User.objects.filter(now, is_active=True, posts__unit__in=units).exclude(pk=away.pk)
    return list(rows.distinct().order_by("full_name", "pk"))


def visible(viewer: User, on: date) -> QuerySet[Delegation]:
    """Delegations a person gave or holds, and of the people whose accounts they look after."""
    mine = Q(away=viewer) | Q(deputy=viewer)
    managed = people_within(viewer, on).values("pk")
    rows = Delegation.objects.filter(mine | Q(away__in=managed))
    return rows.select_related("away", "deputy", "by", "ended_by").order_by("-from_on", "-pk")


@transaction.atomic
def delegate(
    *,
    away: User,
    deputy: User,
    from_on: date,
    until_on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> Delegation:
    """Let a colleague report and decide in one's place while one is away (ủy quyền), by the person
    or by an administrator. Raises NotAllowed, FaultyDelegation."""
    on = clock.day_of(at)
    if by and not may_delegate(by, away, on):
        raise NotAllowed("Chỉ bản thân người vắng mặt hoặc quản trị hệ thống ủy quyền được.")
    _check(away, deputy, from_on, until_on, on)
    told = tidy(reason)[:500]
    if not told:
        raise FaultyDelegation("Hãy ghi lý do ủy quyền, ví dụ “đi công tác”.")
    User.objects.select_for_update().get(pk=away.pk)
    same = Delegation.objects.filter(away=away, ended_at=None)
    if taken := same.filter(from_on__lte=until_on, until_on__gte=from_on).first():
        raise FaultyDelegation(
            f"{away.full_name} đã ủy quyền cho {taken.deputy.full_name} từ "
            f"{format_date(taken.from_on)} đến {format_date(taken.until_on)}. Hãy thôi ủy quyền ấy "
            "trước."
        )
    _forget(deputy)
    kept = Delegation.objects.create(
        away=away, deputy=deputy, from_on=from_on, until_on=until_on, reason=told, by=by, at=at
    )
    home = home_unit(away, on)
    record(
        by, "reporting.delegate", kept, at=at, unit_code=home.code if home else "", reason=told,
        summary=f"{deputy.full_name} thay {away.full_name} từ {format_date(from_on)} đến "
        f"{format_date(until_on)}",
    )  # fmt: skip
    return kept


def _check(away: User, deputy: User, from_on: date, until_on: date, on: date) -> None:
    if deputy.pk not in {u.pk for u in candidates(away, on)}:
        raise FaultyDelegation(
            "Chỉ ủy quyền cho người đang làm việc cùng đơn vị với người vắng mặt."
        )
    if until_on < from_on:
        raise FaultyDelegation(
            f"Ngày cuối ({format_date(until_on)}) trước ngày đầu ({format_date(from_on)})."
        )
    if until_on < on:
        raise FaultyDelegation(f"Thời gian ủy quyền đã qua ({format_date(until_on)}).")
    if until_on - on > LONGEST:
        raise FaultyDelegation(
            f"Ngày cuối {format_date(until_on)} cách đây hơn một năm. Kiểm tra lại năm."
        )


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User | None, at: datetime) -> None:
    """End a delegation now (thôi ủy quyền). Raises NotAllowed; ending twice does nothing."""
    away = delegation.away
    if by and not may_delegate(by, away, clock.day_of(at)):
        raise NotAllowed("Chỉ bản thân người vắng mặt hoặc quản trị hệ thống thôi ủy quyền được.")
    still = Delegation.objects.filter(pk=delegation.pk, ended_at=None)
    _forget(delegation.deputy)
    if still.update(ended_at=at, ended_by=by):
        home = home_unit(away, clock.day_of(at))
        record(
            by, "reporting.end_delegation", delegation, at=at,
            unit_code=home.code if home else "",
            summary=f"{delegation.deputy.full_name} thôi thay {away.full_name}",
        )  # fmt: skip
