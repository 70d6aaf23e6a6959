"""The pages of whoever approves: what waits, the decision, and that only they decide."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.facts.models import Observation
from namro.web.org import actions as org
from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, PART, fill, hand_in, hire, later
from tests.world import OPENED


def test_queue_shows_what_waits_and_not_ones_own(enter, handed_in, world):
    Submission.objects.filter(pk=handed_in.pk).update(submitted_by=world.duyet)
    assert "Xã Suối Một" not in enter("duyet").get(reverse("reporting:queue")).content.decode()
    assert "Xã Suối Một" in enter("dieuphoi").get(reverse("reporting:queue")).content.decode()


def test_queue_approves_the_chosen_without_findings(enter, opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    plain = hand_in(duties["c1"], world.baocao)
    odd = hand_in(duties["c2"], world.xakhac, part=None)
    answer = enter("duyet").post(
        reverse("reporting:approve_many"), {"chosen": [plain.pk, odd.pk, 999999]}, follow=True
    )
    text = answer.content.decode()
    assert "Đã duyệt 1 báo cáo" in text and "Chưa duyệt báo cáo của Xã Suối Hai" in text
    assert "1 báo cáo đã chọn không còn chờ duyệt" in text
    assert Observation.objects.count() == 2


def test_queue_ends_the_sentence_that_says_why_a_return_is_left_once(enter, opened, world):
    typist = hire(world, "nguoinhap", "12-SNV", Role.REVIEWER)
    appoint = {"unit": world.units["c1"], "reach": world.units["c1"], "role": Role.REPORTER}
    org.appoint(by=None, at=AT, user=typist, from_on=OPENED, **appoint)
    draft = fill(opened.duties.get(unit=world.units["c1"]), typist)
    sent = actions.submit(submission=draft, by=world.baocao, at=AT)
    address = reverse("reporting:approve_many")
    told = enter("nguoinhap").post(address, {"chosen": [sent.pk]}, follow=True).content.decode()
    assert "cần một người khác xem lại." in told and ".." not in told.split("<main")[1]


def test_queue_leaves_what_is_held_back_and_says_why(enter, opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    held = hand_in(duties["c1"], world.baocao)
    hand_in(duties["c2"], world.xakhac)
    actions.hold(submission=held, reason="Chờ xác minh", by=world.duyet, at=later())
    client = enter("duyet")
    asked = {"chosen": [held.pk]}
    for page in (reverse("reporting:queue"), reverse("reporting:preview_many")):
        assert "Chờ xác minh" in client.get(page, asked).content.decode()
    sent = asked | {"seen": [held.pk]}
    answer = client.post(reverse("reporting:approve_many"), sent, follow=True)
    assert "đang được giữ lại: Chờ xác minh" in answer.content.decode()
    held.refresh_from_db()
    assert held.status == Status.SUBMITTED and held.holds.get().released_at is None


def test_queue_exports_and_filters(enter, handed_in):
    client = enter("duyet")
    assert client.get(reverse("reporting:queue"), {"xuat": "xlsx"}).status_code == 200
    with_findings = client.get(reverse("reporting:queue"), {"can-xem": "co"}).content.decode()
    assert "Xã Suối Một" not in with_findings


def test_submission_page_shows_previous_and_change(enter, handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    duty = Duty.objects.get(round__period="202510", unit=world.units["c1"])
    second = hand_in(duty, world.baocao, whole=42, part=36, at=later(2))
    page = enter("duyet").get(reverse("reporting:submission", args=[second.pk])).content.decode()
    assert "+2 (+5%)" in page and "+4 (+13%)" in page and "tháng 9/2025" in page
    assert "chưa phải số chính thức" in page


def test_approve_by_the_second_is_a_conflict_that_says_so(enter, handed_in, world):
    address = reverse("reporting:approve", args=[handed_in.pk])
    enter("duyet").post(address)
    answer = enter("dieuphoi").post(address)
    assert answer.status_code == 409
    assert "đã được Tẩn Thị Duyệt duyệt lúc" in answer.content.decode()
    assert Observation.objects.count() == 2


def test_send_back_without_reason_is_refused_on_the_page(enter, handed_in):
    address = reverse("reporting:send_back", args=[handed_in.pk])
    answer = enter("duyet").post(address, {"reason": " "})
    assert answer.status_code == 422 and "Hãy ghi lý do trả lại" in answer.content.decode()
    enter("duyet").post(address, {"reason": "", f"r-{PART}": "Sai"})
    handed_in.refresh_from_db()
    assert (handed_in.status, handed_in.remarks) == (Status.SENT_BACK, {PART: "Sai"})


@pytest.mark.parametrize("who", ["baocao", "kiemtra", "lanhdao"])
def test_decision_is_refused_to_others(enter, handed_in, who):
    for page in ("approve", "send_back"):
        answer = enter(who).post(reverse(f"reporting:{page}", args=[handed_in.pk]), {"reason": "x"})
        assert answer.status_code == 403
    assert not Observation.objects.exists()
