"""Hôm nay: each role sees what is asked of it, and an empty installation says how to begin."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.urls import reverse

from namro.terms import Comparator, Standing, Threshold
from namro.web.dashboard import home
from namro.web.org.models import Unit
from namro.web.reporting.models import Submission
from tests.web.papers.setting import NOW, SENT_AT, TODAY

pytestmark = pytest.mark.django_db


def page(enter, username):
    answer = enter(username).get(reverse("dashboard:home"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_reporter_sees_what_the_unit_owes_with_the_time_left(enter, filled):
    Submission.objects.filter(duty__unit__code="c1").update(status="SENT_BACK")
    shown = page(enter, "baocao")
    assert "Báo cáo số liệu tháng 9/2025 gửi Sở Nội vụ" in shown
    assert "quá hạn 7 ngày" in shown
    assert "Đáng lo nhất" not in shown


def test_reporter_who_owes_nothing_is_told_so(enter, filled):
    assert "Đơn vị không còn báo cáo hay nhiệm vụ nào chưa nộp" in page(enter, "baocao")


def test_reviewer_sees_what_waits_for_a_decision(enter, filled):
    Submission.objects.filter(duty__unit__code="c1").update(status="SUBMITTED")
    shown = page(enter, "duyet")
    assert "1 báo cáo" in shown
    assert "Xã Suối Một – tháng 9/2025" in shown


def test_leader_sees_the_plan_in_five_lines_the_worst_and_what_moved(enter, filled):
    shown = page(enter, "lanhdao")
    for said in (
        "chỉ tiêu đạt", "Đáng lo nhất", "(5) Cán bộ, công chức cấp xã", "+7,0 điểm phần trăm",
        "xã, phường đã báo cáo đủ kỳ tháng 9/2025", "Phường Suối Ba", "quá hạn 7 ngày",
    ):  # fmt: skip
        assert said in shown


def test_coordinator_sees_readings_and_may_urge(enter, filled):
    filled.plan.reading.state = "READ"
    filled.plan.reading.save()
    shown = page(enter, "dieuphoi")
    assert "ke-hoach.txt" in shown
    assert reverse("oversight:reminders") in shown


def test_late_units_out_of_reach_are_not_shown(enter, filled):
    assert "Phường Suối Ba" not in page(enter, "baocao")


def test_administrator_is_sent_to_people_and_journal(enter, filled):
    shown = page(enter, "quantri")
    assert reverse("org:units") in shown
    assert "Kế hoạch mẫu" not in shown


def test_empty_installation_says_how_to_begin(client, db):
    from namro.web.org import actions as org
    from namro.web.org.rules import Role
    from tests.world import AT, OPENED, PASSWORD

    unit = Unit.objects.create(code="1", name="Tỉnh Mới", kind="PROVINCE", opened_on=OPENED)
    user = org.create_user(
        by=None, at=AT, username="moi", full_name="Người Mới", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    org.appoint(by=None, at=AT, user=user, unit=unit, role=Role.COORDINATOR, from_on=OPENED)
    client.force_login(user, backend="namro.web.org.backends.PostsBackend")
    shown = client.get(reverse("dashboard:home")).content.decode()
    assert "Chưa có kế hoạch nào" in shown
    assert "Tải văn bản kế hoạch" in shown


def test_home_asks_the_database_a_bounded_number_of_times(
    enter, filled, django_assert_max_num_queries
):
    client = enter("dieuphoi")
    client.get(reverse("dashboard:home"))
    with django_assert_max_num_queries(36):
        client.get(reverse("dashboard:home"))


def told(code, value, goal, standing, trend=(), unit="%", comparator=Comparator.AT_LEAST):
    return SimpleNamespace(
        target=SimpleNamespace(code=code, subject="tỷ lệ"),
        result=SimpleNamespace(value=None if value is None else Fraction(value)),
        threshold=Threshold(comparator, None if goal is None else Decimal(goal), None, unit),
        standing=standing,
        trend=[(str(i), None if v is None else Decimal(str(v))) for i, v in enumerate(trend)],
    )


def test_worst_are_those_past_their_deadline_then_the_furthest():
    found = home.worst_of([
        told("a", 50, 80, Standing.BEHIND), told("b", 60, 80, Standing.NOT_REACHED),
        told("c", 10, 80, Standing.BEHIND), told("d", 90, 80, Standing.REACHED),
    ])  # fmt: skip
    assert [one.target.code for one, _ in found] == ["b", "c", "a"]


def test_share_of_a_milestone_or_of_nothing_is_nought():
    milestone = told("a", 1, None, Standing.BEHIND, comparator=Comparator.MILESTONE)
    assert home.share_of(milestone) == 0
    assert home.share_of(told("b", None, 80, Standing.NO_DATA)) == 0


def test_moved_compares_the_last_two_periods_that_are_known():
    found = home.moved_of([
        told("a", 50, 80, Standing.BEHIND, (40, 42)),
        told("b", 50, 80, Standing.BEHIND, (40, 35)),
        told("c", 50, 80, Standing.BEHIND, (40, None)),
        told("d", 50, 80, Standing.BEHIND, (40, 40)),
        told("e", 1, "0.65", Standing.BEHIND, ("0.60", "0.61"), unit="điểm"),
    ])  # fmt: skip
    assert [(m.told.target.code, m.change) for m in found] == [
        ("b", "−5,0 điểm phần trăm"), ("a", "+2,0 điểm phần trăm"), ("e", "+0,01 điểm"),
    ]  # fmt: skip


def test_today_is_the_day_in_vietnam(enter, filled):
    assert f"Hôm nay, {TODAY.day}/9/2025" in page(enter, "baocao")
    assert SENT_AT < NOW
