"""Fixtures every test may ask for."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
# Debian's browser, closed to the outside: nothing is looked up, nothing phones home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """Reference material that lies beside some checkouts; the test is not for others."""
    if not SHARED.is_dir():
        pytest.skip("reference material is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """SQLite's tests on a file, as users have it: threads queue there; in memory they collide."""
    from django.conf import settings as site
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = str(
            site.NAMRO_HOME / "tests.sqlite3"
        )


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path, request):
    """Each test writes to a folder of its own, sends mail to memory, runs tasks at once."""
    settings.NAMRO_HOME = tmp_path / "home"
    settings.NAMRO_STORE = settings.NAMRO_HOME / "store"
    settings.NAMRO_FILES = settings.NAMRO_HOME / "files"
    settings.NAMRO_HOME.mkdir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_under_way(request):
    """Before the tables are emptied, what a closed page still asks of the site is answered."""
    if "live_server" not in request.fixturenames:
        yield
        return
    from django.core.signals import request_finished, request_started

    begun: list[object] = []
    ended: list[object] = []
    told = [(request_started, begun), (request_finished, ended)]
    counters = [(signal, lambda into=into, **_: into.append(None)) for signal, into in told]
    for signal, counter in counters:
        signal.connect(counter)
    yield
    late = time.monotonic() + 20
    while len(begun) > len(ended) and time.monotonic() < late:
        time.sleep(0.02)
    for signal, counter in counters:
        signal.disconnect(counter)


@pytest.fixture
def world(db):
    """One small province with people and a plan, see tests/world.py."""
    from tests.world import make_world

    return make_world()


@pytest.fixture
def enter(client, world):
    """enter("baocao") → a client signed in as that person."""

    def sign_in(username: str):
        client.force_login(world.people[username], backend="namro.web.org.backends.PostsBackend")
        return client

    return sign_in


def _browser_path() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("No Chromium on this machine: apt-get install chromium (script/test does it)")


@pytest.fixture(scope="session")
def browser():
    """One real browser for the whole run: two at once in a process would quarrel."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_browser_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()
