"""Rounds of any days: only where the regime offers them, within the plan, of a likely year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from namro.terms import Calendar
from namro.web.reporting import actions
from namro.web.reporting.duties import regime
from namro.web.reporting.duties.regime import OFFERS, Regime
from namro.web.reporting.models import Round
from tests.web.reporting.conftest import AT, later

ON = date(2025, 9, 15)


@pytest.fixture(autouse=True)
def _these_days(monkeypatch):
    monkeypatch.setattr("namro.web.frame.clock.now", later)
    monkeypatch.setattr("namro.web.frame.clock.today", lambda: ON)


def days(from_on: date, to_on: date):
    return regime.span_of_days("Báo cáo nhanh", from_on, to_on, Calendar.ADMINISTRATIVE)


def open_days(world, from_on=date(2025, 9, 1), to_on=date(2025, 9, 10)):
    span = days(from_on, to_on)
    return actions.open_round(plan=world.plan, span=span, by=world.dieuphoi, at=AT)


def offer_only(world, *kinds):
    terms = Regime(offered=kinds)
    actions.set_regime(plan=world.plan, terms=terms, reason="Thử", by=world.dieuphoi, at=AT)


def test_kind_that_is_not_offered_is_refused_by_the_action(world):
    offer_only(world, "month")
    with pytest.raises(actions.FaultyRegime, match="không có loại “Đột xuất"):
        open_days(world)
    week = regime.span_of_week(ON, Calendar.CALENDAR)
    with pytest.raises(actions.FaultyRegime, match="không có loại “Hằng tuần"):
        actions.open_round(plan=world.plan, span=week, by=world.dieuphoi, at=AT)
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("from_on", "to_on", "why"),
    [
        (date(2024, 9, 1), date(2024, 9, 10), "nằm ngoài thời gian thực hiện kế hoạch"),
        (date(2026, 9, 1), date(2026, 9, 10), "nằm ngoài thời gian thực hiện kế hoạch"),
        (date(2025, 9, 1), date(2027, 9, 10), "hơn một năm nữa"),
    ],
)
def test_days_of_a_wrong_year_are_refused(world, from_on, to_on, why):
    with pytest.raises(actions.FaultyRegime, match=why):
        open_days(world, from_on, to_on)
    assert not Round.objects.exists()


def test_days_that_reach_into_the_plan_are_taken(world):
    assert open_days(world, date(2025, 5, 20), date(2025, 6, 2)).kind == "AD_HOC"


def test_what_is_open_is_still_added_to_after_its_kind_is_no_longer_offered(world):
    opened = open_days(world)
    offer_only(world, *(k for k in OFFERS if k != "ad_hoc"))
    assert open_days(world) == opened


def test_page_refuses_it_too_and_says_where_to_mend_it(enter, world):
    offer_only(world, "month")
    asked = {
        "plan": world.plan.pk, "period": "khac", "title": "Báo cáo nhanh", "from_on": "01/9/2025",
        "to_on": "10/9/2025",
    }  # fmt: skip
    client, address = enter("dieuphoi"), reverse("reporting:open_round")
    for answer in (client.get(address, asked), client.post(address, asked)):
        assert answer.status_code == 422
        assert "trang Chế độ báo cáo" in answer.content.decode()
    offer_only(world, "month", "ad_hoc")
    wrong = asked | {"from_on": "01/9/2052", "to_on": "10/9/2052"}
    assert "Kiểm tra lại năm" in client.post(address, wrong).content.decode()
    assert not Round.objects.exists()
    dues = {f"due_on_{v}": ON + timedelta(days=9) for v in ("COMMUNE", "DEPARTMENT", "PROVINCE")}
    hours = {f"due_hour_{v}": "17:00" for v in ("COMMUNE", "DEPARTMENT", "PROVINCE")}
    client.post(address, asked | {k: f"{d:%d/%m/%Y}" for k, d in dues.items()} | hours)
    assert Round.objects.get().title == "Báo cáo nhanh"
