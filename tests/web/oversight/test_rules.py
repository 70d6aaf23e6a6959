from datetime import date

from namro.web.oversight.rules import Audience, Step, lateness, next_step, steps_reached

DUE = date(2025, 9, 20)


def test_steps_reached_grow_with_the_days_and_lose_none():
    assert steps_reached(DUE, date(2025, 9, 16)) == []
    assert steps_reached(DUE, date(2025, 9, 17)) == [Step.SOON]
    assert steps_reached(DUE, date(2025, 9, 20)) == [Step.SOON, Step.DUE]
    assert steps_reached(DUE, date(2025, 10, 30)) == list(Step)


def test_next_step_sends_only_the_highest_and_passes_over_the_rest():
    assert next_step(list(Step), set()) == (Step.SUPERIOR, list(Step)[:-1])


def test_next_step_sends_nothing_below_a_step_already_sent():
    assert next_step([Step.SOON, Step.DUE], {"DUE"}) == (None, [Step.SOON])


def test_next_step_is_none_once_all_are_settled():
    assert next_step([Step.SOON], {"SOON"}) == (None, [])
    assert next_step([], set()) == (None, [])


def test_step_addresses_the_unit_then_its_head_then_the_superior():
    audiences = [s.audience for s in Step]
    assert audiences == [Audience.RESPONSIBLE] * 3 + [Audience.HEAD, Audience.SUPERIOR]


def test_lateness_is_said_in_days():
    assert lateness(DUE, date(2025, 9, 17)) == "còn 3 ngày"
    assert lateness(DUE, DUE) == "đến hạn hôm nay"
    assert lateness(DUE, date(2025, 9, 28)) == "quá hạn 8 ngày"
