import pytest

from namro.web.frame import clock
from tests.web.papers.setting import NOW, TODAY, fill


@pytest.fixture
def filled(world):
    """The world, with figures of three months and one round (tests/web/papers/setting.py)."""
    return fill(world)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """25 September 2025, 10:00 in Vietnam: the clock is the one door time enters by."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
