"""Who someone is, and which units they may reach. Every list elsewhere starts from `units_within`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from namro.web.org.models import Post, Unit, UnitAncestor, User
from namro.web.org.rules import Verb, grants


class NotAllowed(Exception):
    """The person may not do this here; the message is Vietnamese, for the page."""


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose from_on ≤ `on` < to_on (to_on open: still in force)."""
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}to_on__isnull": True}) | Q(**{f"{prefix}to_on__gt": on})
    )


def posts_of(user: User, on: date) -> list[Post]:
    """The posts a person holds on a day; read once per request (kept on the user object)."""
    kept = getattr(user, "_posts_on", None)
    if kept is None or kept[0] != on:
        posts = Post.objects.filter(in_force(on), user=user).select_related("unit", "reach")
        kept = user._posts_on = (on, list(posts.order_by("pk")))  # type: ignore[attr-defined]
    return kept[1]


def reaches(user: User, verb: Verb, on: date) -> list[Unit]:
    """The units whose subtrees the person may act on with this verb."""
    found = {p.reach_id: p.reach for p in posts_of(user, on) if grants(p.role, verb)}
    return list(found.values())


def units_within(user: User, verb: Verb, on: date) -> QuerySet[Unit]:
    """All units within reach of the person for this verb, in either tree."""
    tops = [u.pk for u in reaches(user, verb, on)]
    below = UnitAncestor.objects.filter(in_force(on), ancestor_id__in=tops).values("unit_id")
    return Unit.objects.filter(Q(pk__in=tops) | Q(pk__in=below))


def may(user: User, verb: Verb, unit: Unit | None = None, *, on: date) -> bool:
    """Whether the person may do this, to this unit where one is given."""
    tops = reaches(user, verb, on)
    if not tops or unit is None:
        return bool(tops)
    if unit.pk in {t.pk for t in tops}:
        return True
    return UnitAncestor.objects.filter(in_force(on), unit=unit, ancestor__in=tops).exists()


def allow(user: User, verb: Verb, unit: Unit | None = None, *, on: date) -> None:
    """Raise NotAllowed unless the person may. Every action begins with this."""
    if not may(user, verb, unit, on=on):
        where = f" đối với {unit.name}" if unit else ""
        raise NotAllowed(f"Tài khoản của đồng chí không có quyền thực hiện việc này{where}.")


def home_unit(user: User, on: date) -> Unit | None:
    """The unit a person works in: that of the first post."""
    posts = posts_of(user, on)
    return posts[0].unit if posts else None


def viewpoint(user: User, on: date) -> Unit | None:
    """The top of what a person may see figures of: results are shown for this unit first."""
    tops = reaches(user, Verb.SEE_FIGURES, on)
    return min(tops, key=lambda u: (u.kind != "PROVINCE", u.pk)) if tops else None


def subordinates(units: Iterable[Unit], on: date, tree: str | None = None) -> QuerySet[Unit]:
    """All units below the given ones (themselves included) on a day."""
    rows = UnitAncestor.objects.filter(in_force(on), ancestor__in=list(units))
    if tree:
        rows = rows.filter(tree=tree)
    return Unit.objects.filter(pk__in=rows.values("unit_id"))


def colleagues(unit: Unit, verb: Verb, on: date) -> list[User]:
    """The active people of a unit who carry a verb: whom to remind, whom to ask."""
    posts = Post.objects.filter(in_force(on), unit=unit, user__is_active=True).select_related(
        "user"
    )
    return list({p.user_id: p.user for p in posts.order_by("pk") if grants(p.role, verb)}.values())
