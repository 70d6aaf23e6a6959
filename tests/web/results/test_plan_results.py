"""How far each target has come, for whom, when, and in how many queries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from namro.terms import Comparator, Period, Standing, Threshold
from namro.web.facts import actions
from namro.web.facts.library import library
from namro.web.org.queries import NotAllowed
from namro.web.plans.models import Assignment, Target
from namro.web.results import drawing, queries, rules
from tests.web.results.conftest import AT, said

pytestmark = pytest.mark.django_db
ON = date(2025, 9, 25)


def results(world, who="dieuphoi", **asked):
    found = queries.plan_results(world.plan, viewer=world.people[who], on=ON, **asked)
    return {r.target.code: r for r in found}


def test_province_sees_the_pooled_ratio_with_all_that_stands_beside_it(filled):
    five = results(filled)["5"]
    assert (five.result.numerator, five.result.denominator) == (41, 100)
    assert five.value_text == "41,0%" and five.threshold_text == "≥ 80%"
    assert five.standing is Standing.BEHIND
    assert (five.heard, five.expected) == (2, 3)
    assert [p.code for p, _ in five.trend] == ["202507", "202508", "202509"]
    assert [v for _, v in five.trend] == [Decimal(23), Decimal(34), Decimal(41)]
    assert [u.name for u in five.leads] == ["Sở Nội vụ"]
    assert five.unit.code == "12" and five.period.code == "202509"


def test_course_is_drawn_up_to_the_month_of_the_deadline_and_no_further(filled):
    drawn = drawing.trend_of(results(filled)["5"])
    assert "hạn 31/12/2025" in drawn
    assert "12/2025: chưa có số liệu" in drawn and "1/2026" not in drawn


def test_records_count_like_reports(filled):
    twelve = results(filled)["12"]
    assert (twelve.result.numerator, twelve.result.denominator) == (2, 3)
    assert twelve.value_text == "66,7%"
    assert (twelve.heard, twelve.expected) == (1, 3)


def test_viewer_sees_the_own_unit_first_and_no_other(filled):
    mine = results(filled, "baocao")["5"]
    assert mine.unit.code == "c1" and mine.value_text == "80,0%"
    assert mine.standing is Standing.REACHED
    for other in ("c2", "12"):
        with pytest.raises(NotAllowed):
            results(filled, "baocao", unit=filled.units[other])


def test_who_sees_no_figures_is_refused(filled):
    with pytest.raises(NotAllowed):
        results(filled, "quantri")


def test_earlier_period_is_judged_on_its_own_last_day(filled):
    earlier = results(filled, period=Period.of("202507"))["5"]
    assert earlier.value_text == "23,0%"
    assert "đến 14/7/2025" in earlier.why


def test_period_that_is_not_kept_is_computed_directly(filled):
    quarter = results(filled, period=Period.of("2025Q3"))["5"]
    assert quarter.value_text == "41,0%"
    assert (quarter.heard, quarter.expected) == (2, 3)


def test_as_of_shows_what_was_known_then(filled):
    then = results(filled, as_of=AT + timedelta(days=1, hours=1))["5"]
    assert then.value_text == "34,0%"  # August's values are carried into September
    assert results(filled)["5"].value_text == "41,0%"


def test_as_of_after_everything_equals_now(filled):
    now, late = results(filled), results(filled, as_of=AT + timedelta(days=9))
    assert {c: r.result for c, r in now.items()} == {c: r.result for c, r in late.items()}
    assert now["5"].trend == late["5"].trend


def test_target_without_measure_says_so(filled):
    target = filled.targets["5"]
    target.measure = ""
    target.save()
    five = results(filled)["5"]
    assert five.standing is Standing.NO_DATA and five.value_text == "chưa gắn cách đo"
    assert five.result is None and five.trend == []


def test_target_without_figure_is_shown_but_not_judged(filled):
    target = filled.targets["5"]
    target.value = None
    target.save()
    five = results(filled)["5"]
    assert five.value_text == "41,0%" and five.threshold_text == "–"
    assert five.standing is Standing.NO_DATA and "chưa có mức" in five.why


def test_silent_province_is_no_data_and_never_zero(world):
    actions.open_period(period_code="202509", at=AT)
    five = results(world)["5"]
    assert five.value_text == "–" and five.standing is Standing.NO_DATA
    assert (five.heard, five.expected) == (0, 3)


def bind_all(world):
    """A target for each measure of the library, twenty and more, owed by the three communes."""
    for i, slug in enumerate(library().measures):
        target = Target.objects.create(
            plan=world.plan, code=f"m{i}", position=100 + i, quote="…", subject="…",
            comparator=">=", value=50, measure=slug,
        )  # fmt: skip
        Assignment.objects.bulk_create(
            Assignment(
                target=target, unit=world.units[c], part="EXECUTOR",
                from_on=date(2025, 1, 1), assigned_at=AT,
            )
            for c in ("c1", "c2", "c3")
        )  # fmt: skip


def test_carried_units_are_counted_and_not_heard_whichever_way_it_is_asked(filled):
    actions.open_period(period_code="202510", at=AT)
    actions.record(said=said(filled, "202510", "c1", 40, 36), source="demo:2", by=None, at=AT)
    october = Period.of("202510")
    late = {"as_of": AT + timedelta(days=9)}
    for asked in ({}, late):
        five = results(filled, period=october, **asked)["5"]
        assert five.value_text == "45,0%"  # 36 + 9 of 100: c2's September is carried
        assert (five.counted, five.heard, five.expected) == (2, 1, 3)
        assert five.heard_text == "1/3"
        assert five.carried_text == (
            "1 đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực"
        )
    assert results(filled, period=Period.of("202509"))["5"].carried_text == ""


def test_all_carried_is_still_a_figure_and_nobody_is_heard(filled):
    actions.open_period(period_code="202510", at=AT)
    five = results(filled, period=Period.of("202510"))["5"]
    assert five.value_text == "41,0%" and five.standing is not Standing.NO_DATA
    assert (five.counted, five.heard, five.expected) == (2, 0, 3)


def test_twenty_targets_take_at_most_eight_queries(filled, django_assert_max_num_queries):
    bind_all(filled)
    viewer = filled.people["dieuphoi"]
    queries.plan_results(filled.plan, viewer=viewer, on=ON)
    with django_assert_max_num_queries(8):
        found = queries.plan_results(filled.plan, viewer=viewer, on=ON)
    assert len(found) == 2 + len(library().measures) > 20


def test_new_saying_is_seen_at_once(filled):
    actions.record(said=said(filled, "202509", "c3", 100, 100), source="demo:2", by=None, at=AT)
    five = results(filled)["5"]
    assert five.value_text == "70,5%" and (five.heard, five.expected) == (3, 3)


def test_figure_just_short_of_its_threshold_does_not_look_reached(filled):
    actions.record(said=said(filled, "202509", "c3", 99900, 79958), source="demo:2", by=None, at=AT)
    five = results(filled)["5"]
    assert five.standing is not Standing.REACHED
    assert five.value_text == "79,999%"


@pytest.mark.parametrize(
    ("comparator", "value", "high", "unit", "text"),
    [
        (">=", 45, None, "%", "≥ 45%"),
        ("=", 80, None, "%", "80%"),
        (">=", Decimal("0.65"), None, None, "≥ 0,65"),
        ("range", 5, 7, "%", "5–7%"),
        ("milestone", None, None, None, "có"),
        (">=", None, None, "%", "–"),
        ("<=", 3, None, "ngày", "≤ 3 ngày"),
    ],
)
def test_threshold_text(comparator, value, high, unit, text):
    given = Threshold(
        Comparator(comparator),
        None if value is None else Decimal(value),
        None if high is None else Decimal(high),
        unit,
    )
    assert rules.threshold_text(given) == text


def test_each_unit_rule_is_held_against_all_units():
    measure = library().measures["nq57.technical-leaders"]
    each = Threshold(Comparator.AT_LEAST, Decimal(25), None, "%", soft=True)
    assert rules.threshold_of(each, measure).value == 100
    assert rules.threshold_of(each, measure).soft
    unified = library().measures["nq57.unified-software"]
    assert rules.threshold_of(Threshold(Comparator.AT_LEAST, Decimal(60)), unified).value == 60


def test_choosable_offers_quarter_half_and_year():
    known = [Period.of(c) for c in ("202507", "202508", "202509")]
    codes = [p.code for p in rules.choosable(known)]
    assert codes == ["2025S2", "2025", "202509", "2025Q3", "202508", "202507"]


def test_before_any_period_is_opened_figures_come_directly(world):
    actions.record(said=said(world, "202509", "c1", 40, 32), source="demo:1", by=None, at=AT)
    found = {
        r.target.code: r
        for r in queries.plan_results(
            world.plan, viewer=world.people["dieuphoi"], on=date(2025, 9, 10)
        )
    }
    assert found["5"].period.code == "202509" and found["5"].value_text == "80,0%"
