"""A moment typed to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from namro.web.frame.clock import through_minute

MINUTE = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)


def test_a_past_minute_is_meant_whole():
    assert through_minute(MINUTE, MINUTE + timedelta(hours=1)) > MINUTE + timedelta(seconds=59)


def test_the_running_minute_ends_now():
    now = MINUTE + timedelta(seconds=20)
    assert through_minute(MINUTE, now) == now


def test_a_moment_with_seconds_is_left_as_it_is():
    exact = MINUTE + timedelta(seconds=5)
    assert through_minute(exact, MINUTE + timedelta(hours=1)) == exact
