"""What comes of going on as before: by hand, within bounds, as often right as it says."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.measuring.course import back_test, explain_course, outlook, project
from namro.terms import Comparator, Threshold

STEADY = [Fraction(n) for n in (40, 42, 45, 46, 48)]


def at_least(value: int, high: int | None = None) -> Threshold:
    how = Comparator.RANGE if high else Comparator.AT_LEAST
    return Threshold(how, Decimal(value), Decimal(high) if high else None, "%")


def test_projection_is_that_of_the_textbook() -> None:
    """Step (48 − 40) ÷ 4 = 2; steps 2, 3, 1, 2 spread by √(2 ÷ 3); three ahead: 48 + 6 = 54."""
    found = project(STEADY, 3)

    assert found is not None
    assert (found.value, found.step, found.rests_on) == (54, 2, 5)
    wide = 1.638 * (2 / 3) ** 0.5 * (3 * (1 + 3 / 4)) ** 0.5
    assert float(found.high - found.value) == pytest.approx(wide, abs=1e-5)
    assert found.high - found.value == found.value - found.low


def test_a_share_does_not_pass_its_whole() -> None:
    found = project([Fraction(n) for n in (80, 88, 94, 99)], 6, most=Fraction(100))

    assert found is not None and found.value == found.high == 100


@pytest.mark.parametrize(
    "values", [[], [Fraction(1)] * 3, [Fraction(1), None, None, Fraction(2), Fraction(3)]]
)
def test_too_few_values_say_nothing(values) -> None:
    assert project(values, 3) is None


def test_nothing_ahead_or_a_last_value_missing_says_nothing() -> None:
    assert project(STEADY, 0) is None
    assert project([*STEADY, None], 2) is None


@pytest.mark.parametrize(
    ("goal", "told"),
    [(at_least(50), "LIKELY"), (at_least(54), "UNSURE"), (at_least(60), "UNLIKELY")],
)
def test_outlook_is_by_the_interval(goal: Threshold, told: str) -> None:
    found = project(STEADY, 3)
    assert found is not None and outlook(found, goal) == told


def test_outlook_of_a_range_knows_both_sides() -> None:
    found = project(STEADY, 3)
    assert found is not None
    assert outlook(found, at_least(40, 70)) == "LIKELY"
    assert outlook(found, at_least(53, 55)) == "UNSURE"
    assert outlook(found, at_least(70, 80)) == "UNLIKELY"
    assert outlook(found, Threshold(Comparator.MILESTONE)) is None


def test_sentence_says_the_step_the_value_and_the_interval() -> None:
    found = project(STEADY, 3)
    assert found is not None
    told = explain_course(found, 1, "%")
    assert "mỗi kỳ tăng 2,00 điểm phần trăm" in told and "khoảng 54,0%" in told


def test_interval_holds_eight_times_in_ten_of_what_it_is_made_for() -> None:
    chance = random.Random(7)
    series = []
    for _ in range(150):
        value, walk = 30.0, []
        for _ in range(24):
            value += 1 + chance.gauss(0, 2)
            walk.append(Fraction(value).limit_denominator(10_000))
        series.append(walk)

    trial = back_test(series, 3)

    assert trial is not None and trial.trials > 2000
    assert 0.70 <= trial.within <= 0.85
    assert trial.error < trial.error_of_standing_still


@given(st.lists(st.one_of(st.none(), st.integers(0, 100).map(Fraction)), max_size=14))
def test_no_series_breaks_it(values) -> None:
    found = project(values, 5, most=Fraction(100))
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 100
