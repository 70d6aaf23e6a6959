"""A round open in the small province: September 2025, target (5), addressed to Sở Nội vụ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.org import actions as org
from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.models import Duty, Submission
from tests.web.reporting.laptop import cookies_of, prepare
from tests.world import OPENED, PASSWORD

AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)  # 9:00 in Vietnam, the day after the period's last
WHOLE, PART = "commune-cadres", "commune-cadres-trained"
PDF = b"%PDF-1.4 minh chung"


def later(hours: int = 1) -> datetime:
    return AT + timedelta(hours=hours)


def hire(world, username: str, unit: str, role: Role, reach: str | None = None):
    """One more person in the small province."""
    user = org.create_user(
        by=None, at=AT, username=username, full_name=f"Người {username}", password=PASSWORD,
        email=f"{username}@mau.example", must_change_password=False,
    )  # fmt: skip
    org.appoint(
        by=None, at=AT, user=user, unit=world.units[unit],
        reach=world.units[reach or unit], role=role, from_on=OPENED,
    )  # fmt: skip
    world.people[username] = user
    return user


@pytest.fixture
def opened(world):
    """The round of September 2025, opened by the coordinator."""
    return actions.open_round(
        plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT, due_at=None
    )


@pytest.fixture
def duty(opened, world) -> Duty:
    """What commune c1 owes Sở Nội vụ."""
    return opened.duties.get(unit=world.units["c1"])


def prove(duty, by, element=PART, content=PDF, name="danh-sach.pdf"):
    return actions.attach(
        duty=duty, element=element, file_name=name, chunks=[content], by=by, at=AT
    )


def fill(duty, by, whole=40, part=32, at=AT, **more) -> Submission:
    """Values typed and proven, not handed in yet."""
    prove(duty, by)
    return actions.save_draft(
        duty=duty,
        values={WHOLE: whole, PART: part},
        by=by,
        at=at,
        **more,
    )


def hand_in(duty, by, whole=40, part=32, at=AT) -> Submission:
    """Values typed, proven, handed in."""
    return actions.submit(submission=fill(duty, by, whole, part, at), by=by, at=at)


@pytest.fixture
def handed_in(duty, world) -> Submission:
    return hand_in(duty, world.baocao)


def pdf(name="danh-sach.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.fixture
def device(live_server, client, opened, world, browser):
    """A laptop of commune c1: signed in, the forms kept for days without a line."""
    client.force_login(world.baocao, backend="namro.web.org.backends.PostsBackend")
    context = browser.new_context(locale="vi-VN")
    context.add_cookies(cookies_of(client, live_server))
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.site, page.duty = live_server.url, opened.duties.get(unit=world.units["c1"])
    page.form = live_server.url + reverse("reporting:duty", args=[page.duty.pk])
    prepare(page)
    yield page
    assert page.faults == []
    context.close()
