"""Who may report, decide, head and confirm: by the posts they hold on a day, and for whom."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from namro.web.org.models import Post, Unit, User
from namro.web.org.queries import in_force, may, posts_of
from namro.web.org.rules import Role, Verb, grants
from namro.web.plans.models import Plan
from namro.web.reporting.chain.deputies import in_place_of


def own_units(user: User, on: date) -> list[Unit]:
    """The units whose returns a person fills in, whatever else they may look at: by posts of their
    own, and of those who are away and named them."""
    found: dict[int, Unit] = {}
    for person in [user, *in_place_of(user, on)]:
        found |= _reported(person, on)
    return list(found.values())


def _reported(user: User, on: date) -> dict[int, Unit]:
    return {p.unit_id: p.unit for p in posts_of(user, on) if grants(p.role, Verb.REPORT)}


def may_report(user: User, unit: Unit, on: date) -> bool:
    return unit.pk in _reported(user, on) or reports_for(user, unit, on) is not None


def reports_for(user: User, unit: Unit, on: date) -> User | None:
    """In whose place, away, a person fills in a unit's returns; None: by a post of their own."""
    if unit.pk in _reported(user, on):
        return None
    return next((a for a in in_place_of(user, on) if unit.pk in _reported(a, on)), None)


def gathers(user: User, on: date) -> set[int]:
    """The units to whom returns are addressed that a person may bring in on behalf of those who owe
    them: where they, by a post of their own, report or approve."""
    verbs = (Verb.REPORT, Verb.APPROVE)
    return {p.unit_id for p in posts_of(user, on) if any(grants(p.role, v) for v in verbs)}


def may_enter_for(user: User, unit: int, receiver: int, on: date) -> bool:
    """Whether a person may bring in a unit's form on its behalf; both are keys of units."""
    return unit != receiver and receiver in gathers(user, on)


def may_decide(user: User, receiver: Unit, on: date) -> bool:
    """Whether a person decides on returns to this unit: its own people, or who coordinates it."""
    if receiver.pk in receivers(user, on):
        return True
    return coordinates(user, on) and may(user, Verb.APPROVE, receiver, on=on)


def receivers(user: User, on: date) -> set[int]:
    return {p.unit_id for p in posts_of(user, on) if grants(p.role, Verb.APPROVE)}


def coordinates(user: User, on: date) -> bool:
    return any(p.role == Role.COORDINATOR for p in posts_of(user, on))


def heads(user: User, unit: Unit, on: date) -> bool:
    """Whether a person leads a unit: its own returns pass through their hands where asked."""
    return unit.pk in headed(user, on)


def confirms(user: User, plan: Plan, on: date) -> bool:
    """Whether a person confirms for the Office what departments have approved."""
    return coordinates(user, on) and may(user, Verb.APPROVE, plan.root, on=on)


def heads_on(on: date) -> QuerySet[Post]:
    """The posts that let their holders decide for their units, on a day."""
    return Post.objects.filter(in_force(on), role__in=_HEADS, user__is_active=True)


def may_decide_vacant(user: User, unit: Unit, on: date) -> bool:
    """Whether a person, coordinating, decides for a unit that has nobody to do so."""
    if not coordinates(user, on) or not may(user, Verb.APPROVE, unit, on=on):
        return False
    return not heads_on(on).filter(unit=unit).exists()


def headed(user: User, on: date) -> set[int]:
    return {p.unit_id for p in posts_of(user, on) if is_head(p)}


def is_head(post: Post) -> bool:
    """Whether a post lets its holder decide for the unit itself."""
    return post.role in _HEADS


_HEADS = (Role.LEADER, Role.REVIEWER)
