"""Many returns approved at once: each ends as if it were approved by itself."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from namro.web.facts.models import Figure, Observation
from namro.web.org import journal
from namro.web.org.models import JournalEntry
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.chain.models import Decision
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import PART, WHOLE, fill, hand_in, hire, later
from tests.web.reporting.test_chain import ALL_STEPS, under

ON = date(2025, 9, 15)


@pytest.fixture
def two(opened, world) -> list[Submission]:
    duties = {d.unit.code: d for d in opened.duties.all()}
    return [hand_in(duties["c1"], world.baocao), hand_in(duties["c2"], world.xakhac, 50, 41)]


def waiting(world):
    return queries.queue_for(world.duyet, ON)


def approve_all(world, at=None):
    rows = list(waiting(world))
    seen = [row.pk for row in rows]
    return actions.approve_sound(submissions=rows, by=world.duyet, at=at or later(), seen=seen)


def everything() -> dict[str, object]:
    """All that approval writes."""
    said = "element unit period value delta dn source cell recorded_at".split()
    decided = "submission step what by on_behalf_of reason at".split()
    lines = JournalEntry.objects.filter(verb__in=("facts.record", "reporting.approve"))
    told = "verb thing thing_id summary unit_code by_name at".split()
    state = "pk status decided_by decided_at sent_at".split()
    figures = [f.name for f in Figure._meta.concrete_fields if not f.primary_key]
    return {
        "said": Counter(Observation.objects.values_list(*said)),
        "decided": Counter(Decision.objects.values_list(*decided)),
        "journal": Counter(lines.values_list(*told)),
        "returns": Counter(Submission.objects.values_list(*state)),
        "figures": Counter(Figure.objects.values_list(*figures)),
    }


@contextmanager
def undone():
    """What is done within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_together_they_write_what_they_write_one_by_one(two, world):
    with undone():
        for one in two:
            actions.approve(submission=one, by=world.duyet, at=later())
        apart = everything()
    assert not Observation.objects.exists()
    outcome = approve_all(world)
    assert [s.pk for s in outcome.approved] == [s.pk for s in two] and not outcome.left
    assert everything() == apart
    assert journal.first_break() is None


def test_one_that_the_ledger_refuses_keeps_no_other_back(two, world):
    wrong, right = two
    Submission.objects.filter(pk=wrong.pk).update(
        values={**wrong.values, WHOLE: {"value": "40.5", "cell": "", "note": ""}}
    )
    outcome = approve_all(world)
    assert [s.pk for s in outcome.approved] == [right.pk]
    [(left, why)] = outcome.left
    assert left.pk == wrong.pk and "chữ số thập phân" in why
    assert set(Observation.objects.values_list("source", flat=True)) == {f"submission:{right.pk}"}
    wrong.refresh_from_db()
    assert wrong.status == Status.SUBMITTED and not wrong.decisions.exists()


def test_what_was_decided_meanwhile_is_left_and_said(two, world):
    rows = list(waiting(world))
    actions.send_back(submission=two[0], reason="Sai số", by=world.dieuphoi, at=later())
    outcome = actions.approve_sound(submissions=rows, by=world.duyet, at=later(2))
    assert [s.pk for s in outcome.approved] == [two[1].pk]
    [(left, why)] = outcome.left
    assert left.pk == two[0].pk and "đã bị" in why and "trả lại lúc" in why


def test_own_work_is_left_where_other_eyes_are_asked_for(two, world):
    both, (mine, theirs) = hire(world, "kiemnhiem", "12-SNV", Role.REVIEWER), two
    Submission.objects.filter(pk=mine.pk).update(saved_by=both)
    mine.refresh_from_db()
    outcome = actions.approve_sound(submissions=[mine, theirs], by=both, at=later())
    assert [s.pk for s in outcome.approved] == [theirs.pk]
    assert "không tự duyệt" in outcome.left[0][1]


def test_those_with_steps_to_come_are_passed_on(world):
    head = hire(world, "chutich", "c1", Role.LEADER)
    sent = hand_in(under(world, steps=ALL_STEPS), world.baocao)
    outcome = actions.approve_sound(submissions=[sent], by=head, at=later())
    sent.refresh_from_db()
    assert [s.pk for s in outcome.approved] == [sent.pk] and sent.step == "RECEIVER"
    assert not Observation.objects.exists()


def test_correction_in_bulk_withdraws_what_it_leaves_blank(two, world):
    approve_all(world)
    draft = fill(two[0].duty, world.baocao, 40, None, at=later(2), note="Số báo nhầm")
    actions.submit(submission=draft, by=world.baocao, at=later(3))
    approve_all(world, later(4))
    newest = Observation.objects.order_by("-pk").values_list("element", "value", "dn")[0]
    assert newest == (PART, None, -1)


def test_two_ask_the_database_as_often_as_one(two, world):
    asked = []
    for rows in ([two[0]], two):
        with undone(), CaptureQueriesContext(connection) as told:
            assert not actions.approve_sound(submissions=rows, by=world.duyet, at=later()).left
        asked.append(len(told))
    assert asked[1] <= asked[0] + 1


def test_what_is_held_back_meanwhile_is_left_and_stays_held(two, world, monkeypatch):
    """Between the look at the queue and the lock somebody holds a return back."""
    rows = list(waiting(world))
    judge = queries.judge

    def judged(submissions):
        found = judge(submissions)
        actions.hold(submission=two[0], reason="Chờ đối chiếu", by=world.duyet, at=later())
        return found

    monkeypatch.setattr(queries, "judge", judged)
    seen = [row.pk for row in rows]
    outcome = actions.approve_sound(submissions=rows, by=world.duyet, at=later(), seen=seen)
    assert [s.pk for s in outcome.approved] == [two[1].pk]
    assert outcome.left[0][1] == "đang được giữ lại: Chờ đối chiếu"
    assert two[0].holds.filter(released_at=None).exists()
