"""Writes: units and their links, people and their posts. Check, do, journal — one transaction."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from namro.web.org.journal import record
from namro.web.org.models import Post, Unit, UnitAncestor, UnitLink, User
from namro.web.org.queries import allow
from namro.web.org.rules import Role, Verb


class FaultyTree(ValueError):
    """A link that would make a unit its own superior; the message is Vietnamese."""


@transaction.atomic
def rebuild_ancestors() -> int:
    """Derive UnitAncestor anew from the links; give the number of rows."""
    links: dict[str, dict[int, list[tuple[int, date, date | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for link in UnitLink.objects.all():
        links[link.tree][link.unit_id].append((link.superior_id, link.from_on, link.to_on))
    rows = []
    for tree, upwards in links.items():
        members = set(upwards) | {s for ups in upwards.values() for s, _, _ in ups}
        for unit in members:
            rows += [
                UnitAncestor(unit_id=unit, ancestor_id=a, tree=tree, from_on=f, to_on=t)
                for a, f, t in _climb(unit, upwards)
            ]
    UnitAncestor.objects.all().delete()
    UnitAncestor.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _climb(unit, upwards):
    """(ancestor, from, to) for one unit in one tree; a path lasts while all its links last."""
    found = [(unit, date.min, None)]
    open_paths = [(unit, date.min, None, {unit})]
    while open_paths:
        at, since, until, seen = open_paths.pop()
        for superior, from_on, to_on in upwards.get(at, ()):
            if superior in seen:
                raise FaultyTree(
                    "Quan hệ trực thuộc tạo thành vòng kín: đơn vị là cấp trên của chính nó."
                )
            start = max(since, from_on)
            end = min((d for d in (until, to_on) if d), default=None)
            if end is None or start < end:
                found.append((superior, start, end))
                open_paths.append((superior, start, end, seen | {superior}))
    return found


@transaction.atomic
def create_user(
    *,
    by: User | None,
    at: datetime,
    username: str,
    full_name: str,
    password: str,
    email: str = "",
    must_change_password: bool = True,
) -> User:
    """Open an account of one's own for a person (tạo tài khoản). `by` None: the installation itself."""
    if by:
        allow(by, Verb.MANAGE_PEOPLE, on=at.date())
    user = User(username=username, full_name=full_name, email=email, joined_at=at)
    user.must_change_password = must_change_password
    user.set_password(password)
    user.full_clean()
    user.save()
    record(by, "org.create_user", user, at=at, summary=f"Tạo tài khoản {username} ({full_name})")
    return user


@transaction.atomic
def appoint(
    *,
    by: User | None,
    at: datetime,
    user: User,
    unit: Unit,
    role: Role,
    reach: Unit | None = None,
    title: str = "",
    from_on: date,
) -> Post:
    """Give a person a post in a unit (bổ nhiệm vào vị trí); `reach` defaults to the unit itself."""
    if by:
        allow(by, Verb.MANAGE_PEOPLE, unit, on=at.date())
    post = Post.objects.create(
        user=user, unit=unit, reach=reach or unit, role=role, title=title, from_on=from_on
    )
    record(by, "org.appoint", post, at=at, unit_code=unit.code, summary=f"Giao vị trí: {post}")
    return post
