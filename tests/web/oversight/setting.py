"""A round with one duty per commune, due on 20 September 2025 at 16:00 in Vietnam."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from namro.web.org import actions as org
from namro.web.org.rules import Role
from namro.web.plans.models import Assignment
from namro.web.reporting.models import Duty, Round
from tests.world import AT, OPENED, PASSWORD

DUE_AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
DUE_ON = date(2025, 9, 20)


def at(day: date) -> datetime:
    """07:00 in Vietnam on a day."""
    return datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC)


def after(days: int) -> date:
    """So many days after the deadline."""
    return DUE_ON + timedelta(days=days)


def open_round(world, communes=("c1",), period="202509") -> list[Duty]:
    Assignment.objects.filter(task=world.task).delete()  # returns alone: the task has its own test
    opened = Round.objects.create(plan=world.plan, period=period, due_at=DUE_AT, opened_at=AT)
    return [
        Duty.objects.create(
            round=opened, unit=world.units[c], receiver=world.units["12-SNV"], elements=["cadres"]
        )
        for c in communes
    ]


def add_person(world, username, unit, role, *, email="same", reach=None):
    user = org.create_user(
        by=None,
        at=AT,
        username=username,
        full_name=f"Đồng chí {username}",
        password=PASSWORD,
        email=f"{username}@mau.example" if email == "same" else email,
        must_change_password=False,
    )
    org.appoint(
        by=None,
        at=AT,
        user=user,
        unit=world.units[unit],
        reach=world.units[reach or unit],
        role=role,
        from_on=OPENED,
    )
    world.people[username] = user
    return user


def add_head(world, unit="c1"):
    return add_person(world, f"truong{unit}", unit, Role.LEADER)
