"""Fixtures of this room's tests."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from namro.web.org.models import User
from tests.world import make_world

PATIENCE = 90_000  # ms: a busy machine is slow, not wrong


@pytest.fixture
def enter(enter, world):
    """As everywhere; nobody's password has grown old, so that pages answer for themselves."""
    User.objects.update(password_set_at=timezone.now())
    return enter


@pytest.fixture(autouse=True)
def _static_folder(settings):
    """Where collected files would lie; the file server warns when it is not there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def page(browser):
    """A page of a browser that says nothing on its console but refusals; checked at the end."""
    said: list[str] = []
    context = browser.new_context(locale="vi-VN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [line for line in said if "422" not in line and "409" not in line] == []


@pytest.fixture
def coordinated(transactional_db, live_server, page):
    """The small province, its coordinator signed in with the browser."""
    world = make_world()
    User.objects.update(password_set_at=timezone.now())
    client = Client()
    client.force_login(world.dieuphoi, backend="namro.web.org.backends.PostsBackend")
    name = configured.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return world
