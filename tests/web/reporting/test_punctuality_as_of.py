"""Completeness and timeliness as they were at any moment: by level, by unit, drawn, exported."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse

from namro.web.frame.days import write_moment
from namro.web.plans.models import Assignment
from namro.web.reporting import actions
from namro.web.reporting.duties import punctuality
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


def test_deadlines_and_settings_are_those_of_the_moment(course, world):
    """Against a referee that only keeps a list of what held since when."""
    held = [(AT, course.due_at, True)]
    moves = [(30, 24 * 9), (24 * 4, 24 * 3), (24 * 8, None), (24 * 9, 24 * 6)]
    for after, due in moves:
        at, (_, was, strict) = later(after), held[-1]
        if due is None:
            terms = replace(course.terms, strict=False)
            told = {"round": course, "terms": terms, "reason": "Nới", "by": world.dieuphoi}
            course = actions.change_terms(**told, at=at)
            held.append((at, was, False))
            continue
        told = {"round": course, "due_at": later(due), "reason": "Đổi", "by": world.dieuphoi}
        course = actions.move_due(**told, at=at)
        held.append((at, later(due), strict))
    for hours in (29, 31, 24 * 4 - 1, 24 * 4 + 1, 24 * 7 + 1, 24 * 8 + 1, 24 * 10 + 1):
        moment = later(hours)
        _, due, strict = [one for one in held if one[0] <= moment][-1]
        stands = {"c1": 2 if hours < 24 * 5 else 24 * 10, "c2": 24 * 7}
        sent = [later(h) for h in stands.values() if h <= hours]
        in_time = sum(at <= due for at in sent)
        missing = (2 - len(sent)) * (moment > due)
        one = next(r for r in told_at(world, moment) if r.name == "Cấp xã")
        assert (one.sent, one.on_time, one.late, one.missing) == (
            len(sent), in_time, len(sent) - in_time, missing,
        ), hours  # fmt: skip
        assert one.completed == (in_time if strict else len(sent)), hours
    course.refresh_from_db()
    assert course.due_at == later(24 * 6), "looking back changes nothing"


def told_at(world, moment):
    return told(world, moment)[0]


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
