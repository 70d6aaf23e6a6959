"""Fixtures of this room's tests."""

from pathlib import Path

import pytest
from django.utils import timezone

from namro.web.org.models import User


@pytest.fixture
def enter(enter, world):
    """As everywhere; nobody's password has grown old, so that pages answer for themselves."""
    User.objects.update(password_set_at=timezone.now())
    return enter


@pytest.fixture(autouse=True)
def _static_folder(settings):
    """Where collected files would lie; the file server warns when it is not there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
