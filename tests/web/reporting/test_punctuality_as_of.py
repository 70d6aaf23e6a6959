"""Completeness and timeliness as they were at any moment: by level, by unit, drawn, exported."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse

from namro.web.frame.days import write_moment
from namro.web.plans.models import Assignment
from namro.web.reporting import actions, punctuality
from tests.web.reporting.conftest import AT, hand_in, later

ON = date(2025, 9, 15)
NOW = later(24 * 20)


@pytest.fixture(autouse=True)
def _these_days(monkeypatch):
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: NOW)


@pytest.fixture
def course(world):
    """c1 sent in time, sent back on the fifth day, mended on the tenth; c2 sent late; a department
    owes too, and never sends."""
    executor = Assignment.objects.filter(target=world.targets["5"], unit=world.units["c3"])
    executor.update(unit=world.units["12-KHCN"])
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    duties = {d.unit.code: d for d in opened.duties.filter(receiver=world.units["12-SNV"])}
    first = hand_in(duties["c1"], world.baocao, at=later(2))
    actions.send_back(submission=first, reason="Sai", by=world.duyet, at=later(24 * 5))
    hand_in(duties["c1"], world.baocao, part=31, at=later(24 * 10))
    hand_in(duties["c2"], world.xakhac, at=later(24 * 7))
    return opened


def told(world, at: datetime, by="cap"):
    rounds = punctuality.rounds_between(world.dieuphoi, ON, at=at)
    kept = [r for r in rounds if r.plan_id == world.plan.pk]
    return punctuality.punctuality(world.dieuphoi, ON, at, kept, by)


def counts(one):
    return one.expected, one.sent, one.on_time, one.late, one.returned, one.missing


@pytest.mark.parametrize(
    ("hours", "communes"),
    [
        (1, (2, 0, 0, 0, 0, 0)),
        (3, (2, 1, 1, 0, 0, 0)),
        (24 * 4, (2, 1, 1, 0, 0, 1)),
        (24 * 6, (2, 0, 0, 0, 1, 2)),
        (24 * 8, (2, 1, 0, 1, 1, 1)),
        (24 * 11, (2, 2, 0, 2, 0, 0)),
    ],
)
def test_level_is_told_as_it_stood_at_the_moment(course, world, hours, communes):
    rows, _ = told(world, later(hours))
    found = {r.name: r for r in rows}
    waiting = communes[0] - communes[1] - communes[5]
    assert counts(found["Cấp xã"]) == communes and found["Cấp xã"].waiting == waiting
    assert counts(found["Sở, ban, ngành, Văn phòng"])[1] == 0


def test_round_opened_later_was_not_owed_yet(course, world):
    assert punctuality.rounds_between(world.dieuphoi, ON, at=AT - timedelta(minutes=1)) == []


def test_levels_are_told_round_by_round(course, world):
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    rows, total = told(world, NOW, "cap-dot")
    assert [(r.name, r.expected) for r in rows] == [
        ("tháng 9/2025: Cấp xã", 2),
        ("tháng 9/2025: Sở, ban, ngành, Văn phòng", 1),
        ("tháng 10/2025: Cấp xã", 2),
        ("tháng 10/2025: Sở, ban, ngành, Văn phòng", 1),
    ]
    assert total.expected == 6


def test_page_draws_tells_and_exports_the_moment_asked_for(course, enter):
    client, address = enter("dieuphoi"), reverse("reporting:punctuality")
    asked = {"theo": "cap", "tinh-den": write_moment(later(24 * 4))}
    page = client.get(address, asked).content.decode()
    assert page.count("<svg") == 2 and "Đầy đủ: tỷ lệ đã gửi" in page
    assert "Tính đến <strong>09:00, 19/9/2025" in page
    content = client.get(address, {**asked, "xuat": "xlsx"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert any("tính đến 09:00 19/9/2025" in str(c) for row in rows for c in row)
    [communes] = [row for row in rows if row[0] == "Cấp xã"]
    assert communes[1:4] == [2, 1, 1]


@pytest.mark.parametrize(
    ("moment", "why"), [("hôm qua", "Thời điểm không đúng"), ("16:00 20/9/2052", "chưa đến")]
)
def test_moment_that_cannot_be_is_refused_and_nothing_else_is_exported(course, enter, moment, why):
    client, address = enter("dieuphoi"), reverse("reporting:punctuality")
    answer = client.get(address, {"tinh-den": moment})
    assert answer.status_code == 422 and why in answer.content.decode()
    exported = client.get(address, {"tinh-den": moment, "xuat": "xlsx"}, follow=True)
    assert why in exported.content.decode()
