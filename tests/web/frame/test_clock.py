"""A moment typed to the minute; how long until one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from namro.web.frame.clock import through_minute, time_left

MINUTE = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)


def test_a_past_minute_is_meant_whole():
    assert through_minute(MINUTE, MINUTE + timedelta(hours=1)) > MINUTE + timedelta(seconds=59)


def test_the_running_minute_ends_now():
    now = MINUTE + timedelta(seconds=20)
    assert through_minute(MINUTE, now) == now


def test_a_moment_with_seconds_is_left_as_it_is():
    exact = MINUTE + timedelta(seconds=5)
    assert through_minute(exact, MINUTE + timedelta(hours=1)) == exact


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.5, "còn dưới 1 giờ"),
        (26.5, "còn 26 giờ"),
        (121, "còn 5 ngày"),
        (-1, "quá hạn hôm nay"),
        (-10, "quá hạn 1 ngày"),
        (-75, "quá hạn 3 ngày"),
    ],
)
def test_time_left_is_said_as_one_says_it(hours, words):
    nine = datetime(2025, 9, 25, 2, 0, tzinfo=UTC)  # nine in the morning in Vietnam
    assert time_left(nine + timedelta(hours=hours), nine) == words
