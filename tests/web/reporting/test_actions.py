"""The life of a return: filled in, handed in, sent back, approved, corrected."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from namro.web.facts import actions as facts
from namro.web.facts.models import Observation
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.reporting import actions, queries
from namro.web.reporting.models import Evidence, Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import (
    AT,
    PART,
    PDF,
    WHOLE,
    fill,
    hand_in,
    later,
    prove,
)


def values(submission):
    return {k: v["value"] for k, v in submission.values.items()}


# --- save ------------------------------------------------------------------------------------


def test_save_draft_keeps_exact_values_as_officials_type_them(duty, world):
    draft = actions.save_draft(
        duty=duty, values={WHOLE: "1.035", PART: "1 032"}, by=world.baocao, at=AT
    )
    assert values(draft) == {WHOLE: "1035", PART: "1032"}
    assert (draft.status, draft.version) == (Status.DRAFT, 1)


def test_save_draft_blank_stays_blank_and_is_not_zero(duty, world):
    draft = actions.save_draft(duty=duty, values={WHOLE: "", PART: "0"}, by=world.baocao, at=AT)
    assert values(draft) == {WHOLE: None, PART: "0"}


def test_save_draft_keeps_what_cannot_be_taken_as_typed(duty, world):
    draft = actions.save_draft(
        duty=duty, values={WHOLE: "bốn mươi", PART: 3}, by=world.baocao, at=AT
    )
    assert draft.values[WHOLE] == {"value": None, "cell": "", "note": "", "typed": "bốn mươi"}
    with pytest.raises(actions.FaultyReturn, match=r"Dòng 1 .*bốn mươi.*không phải là số"):
        actions.submit(submission=draft, by=world.baocao, at=AT)


def test_save_draft_leaves_elements_not_named_as_they_are(duty, world):
    actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    second = actions.save_draft(duty=duty, values={PART: 32}, by=world.baocao, at=AT)
    assert values(second) == {WHOLE: "40", PART: "32"}


def test_save_draft_over_anothers_save_waits_for_a_choice(duty, world):
    mine = actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    actions.save_draft(duty=duty, values={WHOLE: 41}, seen=mine.lock, by=world.baocao, at=later())
    late = actions.save_draft(
        duty=duty, values={WHOLE: 50, PART: 3}, seen=mine.lock, by=world.baocao, at=later(2)
    )
    values = queries.last_of(duty).values
    assert (values[WHOLE]["value"], values[PART]["value"]) == ("41", "3")
    assert late.landed[f"v-{WHOLE}"].aside and not late.landed[f"v-{PART}"].aside


def test_save_draft_sent_twice_with_one_id_is_one_save(duty, world):
    sent = uuid.uuid4()
    first = actions.save_draft(
        duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT, client_id=sent
    )
    again = actions.save_draft(
        duty=duty, values={WHOLE: 40}, by=world.baocao, at=later(), client_id=sent
    )
    assert (again.pk, again.lock, Submission.objects.count()) == (first.pk, first.lock, 1)


def test_save_draft_of_an_element_not_asked_is_refused_whole(duty, world):
    with pytest.raises(actions.UnknownElement):
        actions.save_draft(duty=duty, values={WHOLE: 40, "population": 9}, by=world.baocao, at=AT)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("who", ["xakhac", "duyet", "dieuphoi", "kiemtra", "lanhdao", "quantri"])
def test_save_draft_is_for_the_units_own_people(duty, world, who):
    with pytest.raises(NotAllowed):
        actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.people[who], at=AT)
    assert not Submission.objects.exists()


# --- hand in ---------------------------------------------------------------------------------


def test_submit_locks_the_version(handed_in, duty, world):
    assert handed_in.status == Status.SUBMITTED
    assert (handed_in.submitted_by, handed_in.submitted_at) == (world.baocao, AT)
    with pytest.raises(actions.LockedReturn, match="đã nộp lúc 09:00 ngày 15/9/2025"):
        actions.save_draft(duty=duty, values={WHOLE: 1}, by=world.baocao, at=later())
    assert values(queries.last_of(duty)) == {WHOLE: "40", PART: "32"}


def test_submit_makes_no_figure(handed_in):
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("whole", "part", "message"),
    [
        (40, 41, "Dòng 2 .*41 lớn hơn 40 của “Số cán bộ, công chức cấp xã có mặt”"),
        ("-4", 3, "Dòng 1 .*-4 là số âm"),
        ("32,5", 3, "Dòng 1 .*1 chữ số sau dấu phẩy; dòng này ghi số nguyên"),
        ("40 người", 3, "Dòng 1 .*Chỉ ghi số, bỏ phần chữ: 40"),
        ("9" * 20, 3, "Dòng 1 .*quá lớn"),
        ("9" * 200, 3, "Dòng 1 .*quá lớn"),
        ("1" + "0" * 13, 3, "Dòng 1 .*quá lớn"),
        (None, None, "Biểu chưa có số liệu nào"),
    ],
)
def test_submit_refuses_what_is_wrong_and_hands_nothing_in(duty, world, whole, part, message):
    draft = fill(duty, world.baocao, whole, part)
    with pytest.raises(actions.FaultyReturn, match=message):
        actions.submit(submission=draft, by=world.baocao, at=AT)
    assert queries.last_of(duty).status == Status.DRAFT


def test_save_draft_with_an_id_of_another_return_is_a_saving_of_its_own(opened, world):
    sent = uuid.uuid4()
    for duty, who in _duties_of_two(opened):
        by = world.people[who]
        actions.save_draft(duty=duty, values={WHOLE: 40}, by=by, at=AT, client_id=sent)
    assert [s.client_id for s in Submission.objects.order_by("pk")] == [sent, None]


def test_submit_with_an_id_of_another_return_is_handed_in(opened, world):
    sent = uuid.uuid4()
    for duty, who in _duties_of_two(opened):
        by = world.people[who]
        actions.submit(submission=fill(duty, by), by=by, at=AT, client_id=sent)
    assert {s.status for s in Submission.objects.all()} == {Status.SUBMITTED}


def test_submit_needs_evidence_where_the_element_asks_for_it(duty, world):
    draft = actions.save_draft(duty=duty, values={WHOLE: 40, PART: 32}, by=world.baocao, at=AT)
    with pytest.raises(actions.FaultyReturn, match=r"Dòng 2 .*Chưa có minh chứng"):
        actions.submit(submission=draft, by=world.baocao, at=AT)
    prove(duty, world.baocao, element="")
    assert actions.submit(submission=draft, by=world.baocao, at=AT).status == Status.SUBMITTED


def test_submit_sent_twice_with_one_id_is_one_return(duty, world):
    draft, sent = fill(duty, world.baocao), uuid.uuid4()
    first = actions.submit(submission=draft, by=world.baocao, at=AT, client_id=sent)
    again = actions.submit(submission=draft, by=world.baocao, at=later(), client_id=sent)
    assert (again.pk, again.submitted_at) == (first.pk, AT)
    assert JournalEntry.objects.filter(verb="reporting.submit").count() == 1


def test_submit_twice_without_id_says_it_is_handed_in(handed_in, world):
    with pytest.raises(actions.LockedReturn):
        actions.submit(submission=handed_in, by=world.baocao, at=later())


def test_submit_after_anothers_save_is_refused(duty, world):
    draft = fill(duty, world.baocao)
    actions.save_draft(duty=duty, values={WHOLE: 1}, by=world.baocao, at=later())
    with pytest.raises(actions.StaleDraft):
        actions.submit(submission=draft, by=world.baocao, at=later(2))


# --- decide ----------------------------------------------------------------------------------


def test_approve_writes_the_values_with_their_paper_trail(handed_in, duty, world):
    found = actions.approve(submission=handed_in, by=world.duyet, at=later())
    assert {(o.element, o.value, o.period, o.unit_id) for o in found} == {
        (WHOLE, Decimal(40), "202509", world.units["c1"].pk),
        (PART, Decimal(32), "202509", world.units["c1"].pk),
    }
    assert {o.source for o in found} == {f"submission:{handed_in.pk}"}
    assert queries.last_of(duty).status == Status.APPROVED


def test_approve_by_the_second_says_who_was_first_and_writes_nothing(handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    with pytest.raises(actions.AlreadyDecided, match="đã được Tẩn Thị Duyệt duyệt lúc 10:00"):
        actions.approve(submission=handed_in, by=world.dieuphoi, at=later(2))
    assert Observation.objects.count() == 2
    assert JournalEntry.objects.filter(verb="reporting.approve").count() == 1


def test_approve_of_a_sum_beyond_the_ledger_is_refused_and_decides_nothing(opened, world):
    """Values entered another way may be larger than a form takes: their sum must not break."""
    returns = [hand_in(d, world.people[who]) for d, who in _duties_of_two(opened)]
    for one in returns:
        values = {slug: {**v, "value": "9" + "0" * 14} for slug, v in one.values.items()}
        Submission.objects.filter(pk=one.pk).update(values=values)
    actions.approve(submission=returns[0], by=world.duyet, at=later())
    with pytest.raises(facts.FaultySaying, match="lớn quá mức"):
        actions.approve(submission=returns[1], by=world.duyet, at=later())
    returns[1].refresh_from_db()
    assert returns[1].status == Status.SUBMITTED


def _duties_of_two(opened):
    duties = {d.unit.code: d for d in opened.duties.all()}
    return [(duties["c1"], "baocao"), (duties["c2"], "xakhac")]


def test_approve_of_a_draft_is_refused(duty, world):
    with pytest.raises(actions.AlreadyDecided, match="chưa nộp"):
        actions.approve(submission=fill(duty, world.baocao), by=world.duyet, at=AT)


@pytest.mark.parametrize("who", ["baocao", "xakhac", "kiemtra", "lanhdao", "quantri"])
def test_approve_is_for_the_receivers_people_and_the_coordinator(handed_in, world, who):
    with pytest.raises(NotAllowed):
        actions.approve(submission=handed_in, by=world.people[who], at=AT)
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_approve_is_never_of_ones_own(handed_in, world):
    Submission.objects.filter(pk=handed_in.pk).update(submitted_by=world.duyet)
    handed_in.refresh_from_db()
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        actions.approve(submission=handed_in, by=world.duyet, at=AT)


def test_send_back_needs_a_reason(handed_in, world):
    with pytest.raises(actions.MissingReason):
        actions.send_back(submission=handed_in, reason="  ", by=world.duyet, at=AT)
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_send_back_by_cell_and_the_next_version_starts_from_it(handed_in, duty, world):
    back = actions.send_back(
        submission=handed_in, reason="", remarks={PART: "Danh sách chỉ có 30 người"},
        by=world.duyet, at=later(),
    )  # fmt: skip
    assert back.remarks == {PART: "Danh sách chỉ có 30 người"}
    draft = actions.save_draft(duty=duty, values={PART: 30}, by=world.baocao, at=later(2))
    assert (draft.version, values(draft)) == (2, {WHOLE: "40", PART: "30"})
    assert draft.evidence.count() == 1
    handed_in.refresh_from_db()
    assert (handed_in.status, values(handed_in)) == (Status.SENT_BACK, {WHOLE: "40", PART: "32"})


def test_send_back_after_approval_is_refused(handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    with pytest.raises(actions.AlreadyDecided):
        actions.send_back(submission=handed_in, reason="Sai", by=world.dieuphoi, at=later())


def test_correction_after_approval_is_a_new_version_and_a_new_observation(handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    draft = actions.save_draft(
        duty=duty, values={PART: 33}, by=world.baocao, at=later(2), note="Bổ sung một người"
    )
    second = actions.submit(submission=draft, by=world.baocao, at=later(3))
    found = actions.approve(submission=second, by=world.duyet, at=later(4))
    assert [(o.element, o.value, o.delta, o.dn) for o in found] == [(PART, 33, 1, 0)]
    assert Observation.objects.count() == 3


def test_correction_to_blank_withdraws_the_value(handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    draft = actions.save_draft(
        duty=duty, values={PART: None}, by=world.baocao, at=later(2), note="Số báo nhầm"
    )
    second = actions.submit(submission=draft, by=world.baocao, at=later(3))
    found = actions.approve(submission=second, by=world.duyet, at=later(4))
    assert [(o.element, o.value, o.delta, o.dn) for o in found] == [(PART, None, -32, -1)]


def test_approve_sound_leaves_what_has_findings(opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    plain = hand_in(duties["c1"], world.baocao)
    odd = hand_in(duties["c2"], world.xakhac, whole=40, part=None)
    outcome = actions.approve_sound(submissions=[plain, odd], by=world.duyet, at=later())
    assert [s.pk for s in outcome.approved] == [plain.pk]
    assert [s.pk for s, _ in outcome.left] == [odd.pk]
    odd.refresh_from_db()
    assert odd.status == Status.SUBMITTED


# --- evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("may.exe", PDF, "Không nhận tệp “may.exe”"),
        ("trang.html", PDF, "Không nhận tệp"),
        ("rong.pdf", b"", "không có nội dung"),
    ],
)
def test_attach_refuses_and_begins_no_draft(duty, world, name, content, message):
    with pytest.raises(actions.FaultyFile, match=message):
        prove(duty, world.baocao, content=content, name=name)
    assert not Submission.objects.exists() and not Evidence.objects.exists()


def test_attach_refuses_what_is_too_large(duty, world, settings):
    settings.NAMRO_MAX_UPLOAD = 10
    with pytest.raises(actions.FaultyFile, match="lớn hơn"):
        prove(duty, world.baocao, content=b"x" * 11)


def test_attach_drops_the_path_of_a_name(duty, world):
    assert prove(duty, world.baocao, name="C:\\Users\\x\\a.pdf").file_name == "a.pdf"


def test_detach_is_only_from_a_draft(handed_in, world):
    proof = handed_in.evidence.get()
    with pytest.raises(actions.LockedReturn):
        actions.detach(evidence=proof, by=world.baocao, at=later())
    assert handed_in.evidence.exists()


def test_detach_takes_the_file_off_the_draft(duty, world):
    proof = prove(duty, world.baocao)
    actions.detach(evidence=proof, by=world.baocao, at=AT)
    assert not Evidence.objects.exists()
