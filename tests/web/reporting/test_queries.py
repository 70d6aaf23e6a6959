"""Reads: what is owed and to whom, what waits, where a figure came from, whom to remind."""

from __future__ import annotations

from datetime import date

import pytest

from namro.terms import TaskState
from namro.web.org.rules import Role
from namro.web.reporting import actions, progress, queries
from namro.web.reporting.form import sheets
from namro.web.reporting.models import Duty
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, hand_in, hire, later

ON = date(2025, 9, 15)


def test_duties_for_are_of_ones_own_unit(opened, world):
    assert [x.duty.unit.code for x in queries.duties_for(world.baocao, ON)] == ["c1"]
    assert queries.duties_for(world.duyet, ON) == []
    assert queries.duties_for(world.kiemtra, ON) == []


def test_duties_for_costs_the_same_for_many(opened, world, django_assert_num_queries):
    for code in ("202507", "202508", "202510"):
        actions.open_round(plan=world.plan, period_code=code, by=world.dieuphoi, at=AT)
    queries.own_units(world.baocao, ON)
    with django_assert_num_queries(2):
        assert len(queries.duties_for(world.baocao, ON)) == 4


def test_duty_line_says_how_far_it_is(duty, world):
    def line():
        return queries.duties_for(world.baocao, ON)[0]

    assert (line().status_label, line().is_open) == ("Chưa nhập", True)
    draft = fill(duty, world.baocao)
    assert (line().status_label, line().is_open) == ("Đang nhập", True)
    submission = actions.submit(submission=draft, by=world.baocao, at=AT)
    assert (line().status_label, line().is_open) == ("Đã nộp, chờ duyệt", False)
    actions.approve(submission=submission, by=world.duyet, at=AT)
    actions.save_draft(duty=duty, values={PART: 33}, by=world.baocao, at=later())
    assert (line().status, line().approved, line().is_open) == (Status.DRAFT, True, False)


def test_queue_for_holds_what_is_addressed_to_the_viewer(handed_in, world):
    def waiting(who):
        return [s.pk for s in queries.queue_for(world.people[who], ON)]

    assert waiting("duyet") == waiting("dieuphoi") == [handed_in.pk]
    assert waiting("lanhdao") == waiting("baocao") == waiting("quantri") == []
    other = hire(world, "khcn", "12-KHCN", Role.REVIEWER, "12")
    assert list(queries.queue_for(other, ON)) == []


def test_judge_costs_the_same_for_a_whole_queue(opened, world, django_assert_max_num_queries):
    people = {"c1": "baocao", "c2": "xakhac"}
    for duty in opened.duties.filter(unit__code__in=people):
        hand_in(duty, world.people[people[duty.unit.code]])
    rows = list(queries.queue_for(world.duyet, ON))
    with django_assert_max_num_queries(4):  # nothing stands near the period: looked for farther off
        judged = queries.judge(rows)
    assert [(j.figures, j.filled, j.changed, j.findings) for j in judged] == [(2, 2, 0, [])] * 2


def test_judge_finds_jumps_blanks_and_unexplained_corrections(handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    following = Duty.objects.get(round__period="202510", unit=world.units["c1"])
    jump = hand_in(following, world.baocao, whole=100, part=None, at=later())
    judged = queries.judge([jump])[0]
    assert judged.widest == "40 → 100 (+150%)" and judged.changed == 1
    assert judged.findings == [
        "Dòng 1: So với kỳ trước (40) tăng 150%.",
        "Dòng 2: Để trống: coi như đơn vị chưa có số liệu kỳ này.",
    ]
    actions.send_back(submission=jump, reason="Xem lại", by=world.duyet, at=later())
    second = hand_in(following, world.baocao, whole=41, part=33, at=later(2))
    assert queries.judge([second])[0].findings == ["Bản báo cáo lại không có thuyết minh."]


def test_heard_counts_by_receiver(opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    actions.approve(submission=hand_in(duties["c1"], world.baocao), by=world.duyet, at=later())
    hand_in(duties["c2"], world.xakhac)
    found = queries.heard(opened)
    assert [(h.receiver.code, h.heard, h.expected, h.submitted, h.approved) for h in found] == [
        ("12-SNV", 2, 3, 1, 1)
    ]
    assert [u.code for u in found[0].silent] == ["c3"]


# --- the form's memory -----------------------------------------------------------------------


def test_asked_of_puts_the_last_approved_value_beside(handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.open_round(plan=world.plan, period_code="202512", by=world.dieuphoi, at=AT)
    following = Duty.objects.get(round__period="202512", unit=world.units["c1"])
    rows = {a.element.slug: a for a in sheets.asked_of(following)}
    assert (rows[WHOLE].previous, rows[WHOLE].previous_period) == (40, "tháng 9/2025")
    assert (rows[PART].previous, rows[PART].proven) == (32, True)


def test_asked_of_knows_nothing_of_what_is_not_approved(handed_in, world):
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    following = Duty.objects.get(round__period="202510", unit=world.units["c1"])
    assert {a.previous for a in sheets.asked_of(following)} == {None}


def test_unchanged_value_proven_before_needs_no_new_evidence(handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    following = Duty.objects.get(round__period="202510", unit=world.units["c1"])
    changed = actions.save_draft(
        duty=following, values={WHOLE: 40, PART: 33}, by=world.baocao, at=AT
    )
    with pytest.raises(actions.FaultyReturn, match="Chưa có minh chứng"):
        actions.submit(submission=changed, by=world.baocao, at=AT)
    same = actions.save_draft(duty=following, values={PART: 32}, by=world.baocao, at=AT)
    assert actions.submit(submission=same, by=world.baocao, at=AT).status == Status.SUBMITTED


# --- origins ---------------------------------------------------------------------------------


def test_origin_leads_to_person_approval_and_row(handed_in, world):
    found = actions.approve(submission=handed_in, by=world.duyet, at=later())
    origin = queries.origin(next(o for o in found if o.element == PART))
    assert (origin.submission, origin.handed_in_by, origin.approved_by) == (
        handed_in, world.baocao, world.duyet,
    )  # fmt: skip
    assert (origin.approved_at, origin.row, origin.cell, origin.file_name) == (later(), 2, "", "")
    assert [e.file_name for e in origin.evidence] == ["danh-sach.pdf"]


def test_origin_leads_to_the_very_cell_and_file(duty, world, tmp_path):
    path = tmp_path / "bieu.xlsx"
    fill(duty, world.baocao)
    path.write_bytes(actions.workbook_of(duty))
    draft = actions.receive_workbook(
        duty=duty, path=path, file_name="bieu.xlsx", by=world.baocao, at=AT
    )
    submission = actions.submit(submission=draft, by=world.baocao, at=AT)
    found = actions.approve(submission=submission, by=world.duyet, at=later())
    origin = queries.origin(found[0])
    assert (origin.cell, origin.file_name) == ("Biểu 1!E7", "bieu.xlsx")
    assert origin.file_sha256 == draft.workbook_sha256


def test_origin_of_what_came_another_way_is_none(handed_in, world):
    found = actions.approve(submission=handed_in, by=world.duyet, at=later())[0]
    assert queries.origin(found._replace(source="batch:3")) is None


# --- for reminders ---------------------------------------------------------------------------


def test_open_duties_are_returns_not_handed_in_and_tasks_not_done(opened, world):
    hand_in(opened.duties.get(unit=world.units["c2"]), world.xakhac)
    found = queries.open_duties(ON)
    assert [(o.thing, o.unit.code, o.due_on.isoformat()) for o in found] == [
        ("duty", "c1", "2025-09-16"), ("duty", "c3", "2025-09-16"), ("task", "12-VP", "2025-09-30"),
    ]  # fmt: skip
    assert [[u.username for u in o.people] for o in found] == [["baocao"], [], []]
    assert found[0].title == "Báo cáo số liệu tháng 9/2025 gửi Sở Nội vụ"


def test_open_duties_of_what_was_sent_back_are_open_again(handed_in, world):
    assert "c1" not in {o.unit.code for o in queries.open_duties(ON)}
    actions.send_back(submission=handed_in, reason="Sai", by=world.duyet, at=later())
    assert "c1" in {o.unit.code for o in queries.open_duties(ON)}


def test_open_duties_during_a_correction_stay_closed(handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.save_draft(duty=duty, values={PART: 33}, by=world.baocao, at=later())
    assert "c1" not in {o.unit.code for o in queries.open_duties(ON)}


def test_open_duties_before_the_round_was_opened_are_none(opened):
    assert [o.thing for o in queries.open_duties(date(2025, 9, 2))] == ["task"]


# --- tasks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done_on", "seen_on", "state"),
    [
        (None, date(2025, 9, 30), TaskState.WITHIN_TERM),
        (None, date(2025, 10, 1), TaskState.OVERDUE),
        (date(2025, 9, 30), date(2025, 10, 5), TaskState.DONE_ON_TIME),
        (date(2025, 10, 1), date(2025, 10, 5), TaskState.DONE_LATE),
    ],
)
def test_states_of_tasks_are_the_official_four(world, done_on, seen_on, state):
    if done_on:
        actions.update_task(
            task=world.task, unit=world.units["12-VP"], text="Xong", done_on=done_on, by=None,
            at=later(24 * 20),
        )  # fmt: skip
    line = queries.states_of_tasks(world.plan, seen_on)[0]
    assert (line.state, progress.counts([line])[state]) == (state, 1)
    assert [u.code for u in line.leads] == ["12-VP"]


def test_states_of_tasks_as_they_stood_on_a_day(world):
    actions.update_task(
        task=world.task, unit=world.units["12-VP"], text="Xong", done_on=date(2025, 9, 20),
        by=None, at=later(24 * 10),
    )  # fmt: skip
    before, after = (
        queries.states_of_tasks(world.plan, day)[0].state
        for day in (date(2025, 9, 24), date(2025, 9, 25))
    )
    assert (before, after) == (TaskState.WITHIN_TERM, TaskState.DONE_ON_TIME)


def test_states_of_tasks_cost_the_same_for_many(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        queries.states_of_tasks(world.plan, ON)
