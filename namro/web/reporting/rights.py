"""Who may report, decide, head and confirm: by the posts they hold on a day."""

from __future__ import annotations

from datetime import date

from namro.web.org.models import Unit, User
from namro.web.org.queries import may, posts_of
from namro.web.org.rules import Role, Verb, grants
from namro.web.plans.models import Plan


def own_units(user: User, on: date) -> list[Unit]:
    """The units whose returns a person fills in: their own, whatever else they may look at."""
    return list(
        {p.unit_id: p.unit for p in posts_of(user, on) if grants(p.role, Verb.REPORT)}.values()
    )


def may_report(user: User, unit: Unit, on: date) -> bool:
    return unit.pk in {u.pk for u in own_units(user, on)}


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


def headed(user: User, on: date) -> set[int]:
    return {p.unit_id for p in posts_of(user, on) if p.role in (Role.LEADER, Role.REVIEWER)}
