"""How far a task is: percentages with their history, products, evidence appraised."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, progress
from namro.web.reporting.chain.models import Appraisal
from namro.web.reporting.chain.rules import AppraisalState
from namro.web.reporting.models import TaskUpdate
from tests.web.reporting.conftest import PDF, hire, later

ON = date(2025, 9, 20)


@pytest.fixture
def officer(world):
    return hire(world, "vanphong", "12-VP", Role.REPORTER)


def say(world, officer, hours=1, **more):
    told = {"text": "Đã làm", "done_on": None, "percent": None} | more
    return actions.update_task(
        task=world.task, unit=world.units["12-VP"], by=officer, at=later(hours), **told
    )


def line(world):
    return progress.lines_of([world.task], ON)[0]


def test_percent_and_product_are_kept_with_their_history(world, officer):
    assert (line(world).stage, line(world).percent) == ("Chưa bắt đầu", None)
    say(world, officer, 1, percent=20, product="Dự thảo hướng dẫn")
    say(world, officer, 30, percent=60)
    assert (line(world).stage, line(world).percent) == ("Đang thực hiện", 60)
    say(world, officer, 60, done_on=date(2025, 9, 17))
    actions.return_task(task=world.task, reason="Chưa đủ", by=world.dieuphoi, at=later(70))
    thread = progress.thread_of(world.task)
    assert [p for _, p in progress.course_of(thread)] == [20, 60, 100, 0]
    assert (line(world).done_on, line(world).percent) == (None, None)


@pytest.mark.parametrize(
    ("typed", "day", "why"),
    [
        ("10^30", "", "số nguyên từ 0 đến 100"),
        ("1" + "0" * 30, "", "số nguyên từ 0 đến 100"),
        ("32,5", "", "số nguyên từ 0 đến 100"),
        ("32.5", "", "số nguyên từ 0 đến 100"),
        ("-5", "", "số nguyên từ 0 đến 100"),
        ("101", "", "từ 0 đến 100"),
        ("100", "", "ghi cả ngày hoàn thành"),
        ("60", "01/9/2025", "100%, không phải 60%"),
        ("", "01/9/2035", "chưa đến"),
    ],
)
def test_percent_that_cannot_be_is_refused_and_nothing_is_kept(
    enter, world, officer, typed, day, why
):
    address = reverse("reporting:update_task", args=[world.task.pk])
    data = {"text": "Đã làm", "percent": typed, "done_on": day}
    answer = enter("vanphong").post(address, data)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not TaskUpdate.objects.exists()


def test_evidence_waits_is_found_wanting_and_is_accepted(world, officer):
    update = say(world, officer, files=[("a.pdf", [PDF])], percent=50)
    assert line(world).appraisal is AppraisalState.WAITING
    told = {"update": update, "by": world.dieuphoi}
    with pytest.raises(actions.FaultyUpdate, match="cần bổ sung những gì"):
        actions.appraise(**told, state=AppraisalState.WANTING, text=" ", at=later(2))
    actions.appraise(**told, state=AppraisalState.WANTING, text="Thiếu chữ ký", at=later(2))
    assert line(world).appraisal is AppraisalState.WANTING
    actions.appraise(**told, state=AppraisalState.ACCEPTED, at=later(3))
    assert line(world).appraisal is AppraisalState.ACCEPTED
    with pytest.raises(actions.FaultyUpdate, match="đã được nghiệm thu"):
        actions.appraise(**told, state=AppraisalState.WANTING, text="x", at=later(4))
    assert list(Appraisal.objects.order_by("pk").values_list("state", flat=True)) == [
        "WANTING", "ACCEPTED",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["baocao", "duyet", "lanhdao", "kiemtra", "quantri"])
def test_appraising_is_for_who_follows_the_plan(world, officer, who):
    update = say(world, officer, files=[("a.pdf", [PDF])])
    with pytest.raises(NotAllowed):
        actions.appraise(
            update=update, state=AppraisalState.ACCEPTED, by=world.people[who], at=later(2)
        )


def test_official_state_does_not_change_by_an_appraisal(world, officer):
    update = say(world, officer, done_on=date(2025, 9, 15))
    before = line(world).state
    actions.appraise(
        update=update, state=AppraisalState.WANTING, text="Thiếu", by=world.dieuphoi, at=later(2)
    )
    assert line(world).state is before


def test_return_voids_what_was_accepted_until_new_proof_is_brought(world, officer):
    update = say(world, officer, done_on=date(2025, 9, 15))
    told = {"update": update, "by": world.dieuphoi}
    actions.appraise(**told, state=AppraisalState.ACCEPTED, at=later(2))
    assert line(world).appraisal is AppraisalState.ACCEPTED
    actions.return_task(task=world.task, reason="Chưa đủ", by=world.dieuphoi, at=later(3))
    assert (line(world).done_on, line(world).appraisal) == (None, None)
    say(world, officer, 4, done_on=date(2025, 9, 15))
    assert line(world).appraisal is AppraisalState.WAITING
