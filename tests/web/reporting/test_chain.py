"""The way of a return: its steps, other eyes, deputies, locks, what is said and held back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from namro.web.facts.models import Observation
from namro.web.org import actions as org
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import gate
from namro.web.reporting.chain.models import Comment, Decision, Hold
from namro.web.reporting.duties.regime import Regime
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, hand_in, hire, later

ON = date(2025, 9, 15)
ALL_STEPS = ("UNIT", "RECEIVER", "OFFICE")


def under(world, **settings):
    """The round of September 2025 opened under these settings."""
    terms = Regime(**settings)
    actions.set_regime(plan=world.plan, terms=terms, reason="Thử", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    return opened.duties.get(unit=world.units["c1"])


def fresh(submission) -> Submission:
    return Submission.objects.select_related("duty__round__plan__root").get(pk=submission.pk)


# --- steps -----------------------------------------------------------------------------------


def test_return_passes_every_step_before_it_is_official(world):
    head = hire(world, "chutich", "c1", Role.LEADER)
    duty = under(world, steps=ALL_STEPS)
    sent = hand_in(duty, world.baocao)
    assert (sent.step, sent.sent_at) == ("UNIT", None)
    assert list(queries.queue_for(head, ON)) == [sent] and not queries.queue_for(world.duyet, ON)
    assert actions.approve(submission=sent, by=head, at=later(1)) == []
    sent = fresh(sent)
    assert (sent.status, sent.step, sent.sent_at) == (Status.SUBMITTED, "RECEIVER", later(1))
    actions.approve(submission=sent, by=world.duyet, at=later(2))
    assert fresh(sent).step == "OFFICE" and not Observation.objects.exists()
    actions.approve(submission=fresh(sent), by=world.dieuphoi, at=later(3))
    assert fresh(sent).status == Status.APPROVED and Observation.objects.count() == 2
    told = list(Decision.objects.order_by("pk").values_list("step", "what", "by__username"))
    assert told == [
        ("UNIT", "PASSED", "chutich"),
        ("RECEIVER", "PASSED", "duyet"),
        ("OFFICE", "APPROVED", "dieuphoi"),
    ]


def test_step_is_refused_to_those_of_another_step(world):
    hire(world, "chutich", "c1", Role.LEADER)
    sent = hand_in(under(world, steps=ALL_STEPS), world.baocao)
    with pytest.raises(NotAllowed, match="chờ lãnh đạo Xã Suối Một"):
        actions.approve(submission=sent, by=world.duyet, at=later())


def test_approve_of_a_step_already_passed_is_told_where_it_is_now(world):
    head = hire(world, "chutich", "c1", Role.LEADER)
    sent = hand_in(under(world, steps=ALL_STEPS), world.baocao)
    actions.approve(submission=sent, by=head, at=later())
    with pytest.raises(actions.AlreadyDecided, match="đã qua bước duyệt ấy"):
        actions.approve(submission=sent, by=head, at=later())


def test_button_pressed_twice_passes_one_step(world, enter):
    duty = under(world, steps=("RECEIVER", "OFFICE"), four_eyes=False)
    sent = hand_in(duty, world.baocao)
    client, address = enter("dieuphoi"), reverse("reporting:approve", args=[sent.pk])
    assert client.post(address, {"step": "RECEIVER"}).status_code == 302
    again = client.post(address, {"step": "RECEIVER"})
    assert again.status_code == 409 and "vừa được duyệt sang bước khác" in again.content.decode()
    assert fresh(sent).step == "OFFICE" and not Observation.objects.exists()


def test_reminders_go_on_until_a_return_has_left_its_unit(world):
    head = hire(world, "chutich", "c1", Role.LEADER)
    duty = under(world, steps=("UNIT", "RECEIVER"))
    sent = hand_in(duty, world.baocao)
    assert duty.pk in {o.thing_id for o in queries.open_duties(ON) if o.thing == "duty"}
    actions.approve(submission=sent, by=head, at=later())
    assert duty.pk not in {o.thing_id for o in queries.open_duties(ON) if o.thing == "duty"}


# --- other eyes ------------------------------------------------------------------------------


def test_who_entered_may_not_approve_even_if_another_handed_it_in(opened, world):
    typist = hire(world, "nguoinhap", "c1", Role.REPORTER)
    both = hire(world, "haivai", "12-SNV", Role.REVIEWER)
    org.appoint(
        by=None, at=AT, user=both, unit=world.units["c1"], reach=world.units["c1"],
        role=Role.REPORTER, from_on=date(2025, 1, 1),
    )  # fmt: skip
    duty = opened.duties.get(unit=world.units["c1"])
    draft = fill(duty, both)
    sent = actions.submit(submission=draft, by=typist, at=AT)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        actions.approve(submission=sent, by=both, at=later())
    assert actions.approve(submission=sent, by=world.duyet, at=later())


def test_four_eyes_can_be_set_off(world):
    duty = under(world, four_eyes=False)
    sent = hand_in(duty, world.baocao)
    Submission.objects.filter(pk=sent.pk).update(submitted_by=world.duyet)
    assert list(queries.queue_for(world.duyet, ON)) == [sent]
    assert actions.approve(submission=fresh(sent), by=world.duyet, at=later())


# --- deputies --------------------------------------------------------------------------------


def delegate(world, deputy, by=None, from_on=ON, until_on=ON + timedelta(days=3)):
    return actions.delegate(
        away=world.duyet, deputy=deputy, from_on=from_on, until_on=until_on, reason="Đi công tác",
        by=by or world.duyet, at=AT,
    )  # fmt: skip


def test_deputy_decides_in_place_of_who_is_away_and_it_is_said(handed_in, world):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    with pytest.raises(NotAllowed):
        actions.approve(submission=handed_in, by=deputy, at=later())
    delegate(world, deputy)
    assert list(queries.queue_for(deputy, ON)) == [handed_in]
    actions.approve(submission=handed_in, by=deputy, at=later())
    kept = Decision.objects.get()
    assert (kept.by, kept.on_behalf_of) == (deputy, world.duyet)
    line = JournalEntry.objects.get(verb="reporting.approve")
    assert line.summary.startswith("Người nguoithay thay Tẩn Thị Duyệt: Duyệt")


def test_delegation_holds_only_for_its_days_and_until_it_is_ended(handed_in, world):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    given = delegate(world, deputy, until_on=ON + timedelta(days=1))
    assert not queries.queue_for(deputy, ON + timedelta(days=2))
    assert queries.queue_for(deputy, ON).exists()
    actions.end_delegation(delegation=given, by=world.duyet, at=later())
    assert not queries.queue_for(deputy, ON)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"until_on": date(2025, 9, 1)}, "trước ngày đầu"),
        ({"from_on": date(2025, 8, 1), "until_on": date(2025, 9, 1)}, "đã qua"),
        ({"until_on": date(2027, 9, 15)}, "Kiểm tra lại năm"),
    ],
)
def test_delegation_of_impossible_days_is_refused(world, change, why):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    with pytest.raises(actions.FaultyDelegation, match=why):
        delegate(world, deputy, **change)


def test_delegation_is_by_the_person_or_an_administrator_to_a_colleague(world):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    with pytest.raises(NotAllowed, match="bản thân"):
        delegate(world, deputy, by=world.dieuphoi)
    with pytest.raises(actions.FaultyDelegation, match="cùng đơn vị"):
        delegate(world, world.baocao)
    assert delegate(world, deputy, by=world.quantri).by == world.quantri
    with pytest.raises(actions.FaultyDelegation, match="đã ủy quyền"):
        delegate(world, deputy)


# --- locks -----------------------------------------------------------------------------------


def test_closed_round_takes_nothing_more_but_keeps_what_was_typed(opened, duty, world):
    draft = fill(duty, world.baocao)
    actions.close_round(round=opened, reason="Hết kỳ", by=world.dieuphoi, at=later(1))
    with pytest.raises(actions.LockedRound, match="đã đóng từ 10:00 ngày 15/9/2025"):
        actions.submit(submission=draft, by=world.baocao, at=later(2))
    kept = fresh(draft)
    assert kept.status == Status.DRAFT and kept.values[WHOLE]["value"] == "40"
    actions.reopen_round(round=opened, reason="Bổ sung", by=world.dieuphoi, at=later(3))
    actions.submit(submission=fresh(draft), by=world.baocao, at=later(4))
    told = [(e.what, e.reason) for e in gate.events_of(opened)]
    assert told == [("REOPENED", "Bổ sung"), ("CLOSED", "Hết kỳ"), ("OPENED", "")]


def test_close_and_reopen_need_a_reason_and_the_right_state(opened, world):
    with pytest.raises(actions.FaultyRound, match="Hãy ghi lý do"):
        actions.close_round(round=opened, reason=" ", by=world.dieuphoi, at=later())
    with pytest.raises(actions.FaultyRound, match="đang mở"):
        actions.reopen_round(round=opened, reason="x", by=world.dieuphoi, at=later())
    actions.close_round(round=opened, reason="x", by=world.dieuphoi, at=later())
    with pytest.raises(actions.FaultyRound, match="đã đóng lúc"):
        actions.close_round(round=opened, reason="x", by=world.dieuphoi, at=later())
    with pytest.raises(actions.FaultyRound, match="Hãy mở lại đợt"):
        actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=later())


def test_cut_off_locks_by_itself_and_an_exemption_opens_it_for_one_unit(world):
    duty = under(world, lock_days=1)
    locked = duty.due + timedelta(days=1, minutes=1)
    draft = fill(duty, world.baocao)
    with pytest.raises(actions.LockedRound, match="đã khóa nhận báo cáo từ 17:00 ngày 17/9/2025"):
        actions.submit(submission=draft, by=world.baocao, at=locked)
    actions.exempt(
        round=duty.round, unit=duty.unit, until=locked + timedelta(hours=4), reason="Mất điện",
        by=world.dieuphoi, at=locked,
    )  # fmt: skip
    with pytest.raises(actions.LockedRound):
        actions.submit(submission=draft, by=world.baocao, at=locked + timedelta(hours=5))
    sent = actions.submit(submission=draft, by=world.baocao, at=locked + timedelta(hours=3))
    assert sent.sent_at > duty.due  # let in, and late all the same
    assert JournalEntry.objects.get(verb="reporting.exempt").details["reason"] == "Mất điện"


def test_exemption_withdrawn_holds_no_more(opened, duty, world):
    actions.close_round(round=opened, reason="x", by=world.dieuphoi, at=later())
    leave = actions.exempt(
        round=opened, unit=duty.unit, until=later(50), reason="Lũ quét", by=world.dieuphoi,
        at=later(2),
    )  # fmt: skip
    actions.withdraw_exemption(exemption=leave, by=world.dieuphoi, at=later(3))
    draft = fill(duty, world.baocao)
    with pytest.raises(actions.LockedRound):
        actions.submit(submission=draft, by=world.baocao, at=later(4))


@pytest.mark.parametrize(
    ("unit", "hours", "why"),
    [
        ("12-KHCN", 5, "không có báo cáo trong đợt này"),
        ("c1", -5, "đã qua"),
        ("c1", 24 * 400, "Kiểm tra lại năm"),
    ],
)
def test_exemption_that_cannot_be_is_refused(opened, world, unit, hours, why):
    with pytest.raises(actions.FaultyRound, match=why):
        actions.exempt(
            round=opened, unit=world.units[unit], until=later(hours), reason="x",
            by=world.dieuphoi, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["baocao", "duyet", "lanhdao", "kiemtra", "quantri"])
def test_round_is_closed_and_changed_by_who_coordinates_alone(opened, world, who):
    for act in (
        lambda by: actions.close_round(round=opened, reason="x", by=by, at=AT),
        lambda by: actions.set_regime(plan=world.plan, terms=Regime(), reason="x", by=by, at=AT),
        lambda by: actions.exempt(
            round=opened, unit=world.units["c1"], until=later(), reason="x", by=by, at=AT
        ),
    ):
        with pytest.raises(NotAllowed):
            act(world.people[who])


def test_correction_after_the_cut_off_needs_a_reason_and_is_a_new_fact(world):
    duty = under(world, lock_days=0)
    actions.approve(submission=hand_in(duty, world.baocao), by=world.duyet, at=later())
    much_later = later(24 * 60)
    draft = actions.save_draft(duty=duty, values={PART: 33}, by=world.baocao, at=much_later)
    with pytest.raises(actions.FaultyReturn, match="phải nêu lý do"):
        actions.submit(submission=draft, by=world.baocao, at=much_later)
    draft = actions.save_draft(
        duty=duty, values={}, note="Đếm sót một người", by=world.baocao, at=much_later
    )
    sent = actions.submit(submission=draft, by=world.baocao, at=much_later)
    actions.approve(submission=sent, by=world.duyet, at=much_later)
    facts = Observation.objects.filter(element=PART).order_by("pk")
    assert [(f.value, f.dn) for f in facts] == [(32, 1), (33, 0)]


def test_correction_needs_a_reason_of_its_own_though_the_first_version_had_a_note(duty, world):
    draft = fill(duty, world.baocao, note="Số liệu tháng 9")
    first = actions.submit(submission=draft, by=world.baocao, at=AT)
    actions.approve(submission=first, by=world.duyet, at=later())
    draft = actions.save_draft(duty=duty, values={PART: 33}, by=world.baocao, at=later(2))
    assert draft.note == "Số liệu tháng 9"
    with pytest.raises(actions.FaultyReturn, match="phải nêu lý do"):
        actions.submit(submission=draft, by=world.baocao, at=later(2))
    draft = actions.save_draft(
        duty=duty, values={}, note="Đếm sót một người", by=world.baocao, at=later(3)
    )
    sent = actions.submit(submission=draft, by=world.baocao, at=later(3))
    actions.send_back(submission=sent, reason="Sai", by=world.duyet, at=later(4))
    again = actions.save_draft(duty=duty, values={PART: 34}, by=world.baocao, at=later(5))
    assert actions.submit(submission=again, by=world.baocao, at=later(5)).version == 3


# --- what is said, what is held back ---------------------------------------------------------


def test_comment_is_seen_by_both_sides_and_by_nobody_else(handed_in, enter, world):
    actions.comment(
        submission=handed_in, element=PART, text="Số này gồm cả cán bộ hợp đồng?", by=world.duyet,
        at=later(),
    )  # fmt: skip
    actions.comment(submission=handed_in, text="Không, chỉ biên chế.", by=world.baocao, at=later())
    with pytest.raises(NotAllowed):
        actions.comment(submission=handed_in, text="x", by=world.kiemtra, at=later())
    address = reverse("reporting:submission", args=[handed_in.pk])
    for who in ("duyet", "baocao"):
        page = enter(who).get(address).content.decode()
        assert "cán bộ hợp đồng" in page and "chỉ biên chế" in page
    assert enter("xakhac").get(address).status_code == 404
    assert [c.unit.code for c in Comment.objects.order_by("pk")] == ["12-SNV", "c1"]


def test_hold_needs_a_reason_shows_where_units_are_counted_and_ends_with_a_decision(
    handed_in, opened, enter, world
):
    with pytest.raises(actions.FaultyComment, match="Hãy ghi lý do"):
        actions.hold(submission=handed_in, reason="", by=world.duyet, at=later())
    with pytest.raises(NotAllowed):
        actions.hold(submission=handed_in, reason="x", by=world.baocao, at=later())
    actions.hold(submission=handed_in, reason="Chờ xác minh", by=world.duyet, at=later())
    with pytest.raises(actions.FaultyComment, match="đang được giữ lại"):
        actions.hold(submission=handed_in, reason="x", by=world.duyet, at=later())
    heard = queries.heard(opened)[0]
    assert (heard.submitted, [line.held.reason for line in heard.held]) == (1, ["Chờ xác minh"])
    for name in ("round", "summing"):
        page = enter("duyet").get(reverse(f"reporting:{name}", args=[opened.pk])).content.decode()
        assert "Chờ xác minh" in page
    target = reverse("results:target", args=[world.targets["5"].pk])
    page = enter("lanhdao").get(target).content.decode()
    assert "nơi nhận đang giữ lại" in page and "Chờ xác minh" in page
    actions.approve(submission=handed_in, by=world.duyet, at=later(2))
    assert "đang giữ lại" not in enter("lanhdao").get(target).content.decode()
    assert Hold.objects.get().released_by == world.duyet


def test_send_back_keeps_the_kind_of_fault(handed_in, world):
    actions.send_back(
        submission=handed_in, reason="Nhầm kỳ", by=world.duyet, at=later(), fault="OFF_TARGET"
    )
    assert fresh(handed_in).fault == "OFF_TARGET"
    assert Decision.objects.get().what == "SENT_BACK"


def test_form_says_that_it_is_locked_and_a_unit_let_in_says_until_when(
    opened, duty, enter, world, monkeypatch
):
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: later(4))
    address = reverse("reporting:duty", args=[duty.pk])
    fill(duty, world.baocao)
    actions.close_round(round=opened, reason="Hết kỳ", by=world.dieuphoi, at=later(1))
    client = enter("baocao")
    assert "đã đóng từ 10:00 ngày 15/9/2025" in client.get(address).content.decode()
    lock = duty.submissions.get().lock
    answer = client.post(
        reverse("reporting:hand_in", args=[duty.pk]), {"lock": lock, "confirmed": "1"}
    )
    assert answer.status_code == 409 and "chưa nộp được" in answer.content.decode()
    actions.exempt(
        round=opened, unit=duty.unit, until=later(30), reason="Mất điện", by=world.dieuphoi,
        at=later(2),
    )  # fmt: skip
    assert "Đơn vị được nộp sau khi khóa" in client.get(address).content.decode()
