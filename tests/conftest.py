"""Fixtures every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


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
