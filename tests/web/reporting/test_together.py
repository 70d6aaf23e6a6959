"""Two people at the same moment: one is first, the other is told, nothing is written twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from namro.web.facts.models import Observation
from namro.web.org.models import User
from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.chain import decisions
from namro.web.reporting.chain.models import Decision
from namro.web.reporting.duties.regime import Regime
from namro.web.reporting.models import CellEntry, Duty, Submission, TaskUpdate
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, WHOLE, fill, hand_in, hire, later

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run each in a thread of its own, all from the same moment; give results or exceptions."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(10)
            return work()
        except Exception as why:
            return why
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def of_kind(results, kind):
    return [r for r in results if isinstance(r, kind)]


def test_approve_by_two_at_once_writes_once(handed_in, world):
    def approve(who):
        return lambda: actions.approve(
            submission=Submission.objects.get(pk=handed_in.pk),
            by=User.objects.get(username=who),
            at=later(),
        )

    results = at_once(approve("duyet"), approve("dieuphoi"))
    assert len(of_kind(results, list)) == 1
    assert len(of_kind(results, actions.AlreadyDecided)) == 1
    assert Observation.objects.count() == 2


def test_update_of_a_task_sent_twice_at_once_is_said_once(world):
    by, sending = hire(world, "vanphong", "12-VP", Role.REPORTER), uuid4()

    def say():
        return actions.update_task(
            task=world.task, unit=world.units["12-VP"], text="Đã họp", done_on=None, by=by, at=AT,
            client_id=sending,
        )  # fmt: skip

    assert len({update.pk for update in at_once(say, say)}) == TaskUpdate.objects.count() == 1


def test_approve_and_send_back_at_once_leave_one_decision(handed_in, world):
    one = Submission.objects.get(pk=handed_in.pk)
    other = Submission.objects.get(pk=handed_in.pk)
    results = at_once(
        lambda: actions.approve(submission=one, by=world.duyet, at=later()),
        lambda: actions.send_back(submission=other, reason="Sai", by=world.dieuphoi, at=later()),
    )
    handed_in.refresh_from_db()
    assert len(of_kind(results, actions.AlreadyDecided)) == 1
    approved = handed_in.status == Status.APPROVED
    assert Observation.objects.count() == (2 if approved else 0)


def test_approve_of_many_by_many_writes_all(opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    handed = [hand_in(duties["c1"], world.baocao), hand_in(duties["c2"], world.xakhac)]
    works = [
        lambda s=s, who=who: actions.approve(
            submission=Submission.objects.get(pk=s.pk),
            by=User.objects.get(username=who),
            at=later(),
        )
        for s in handed
        for who in ("duyet", "dieuphoi")
    ]
    results = at_once(*works)
    assert len(of_kind(results, list)) == 2, results
    assert len(of_kind(results, actions.AlreadyDecided)) == 2, results
    assert Observation.objects.count() == 4


def test_many_approved_together_by_two_at_once_are_written_once(opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    handed = [hand_in(duties["c1"], world.baocao), hand_in(duties["c2"], world.xakhac)]

    def approve(who, backwards):
        rows = Submission.objects.select_related("duty__round__plan__root", "duty__receiver")
        found = list(rows.filter(pk__in=[s.pk for s in handed]).order_by("pk"))
        by = User.objects.get(username=who)
        told = reversed(found) if backwards else found
        return lambda: actions.approve_sound(submissions=list(told), by=by, at=later())

    results = at_once(approve("duyet", False), approve("dieuphoi", True))
    assert sum(len(r.approved) for r in results) == len(handed), results
    assert all("đã được" in why for r in results for _, why in r.left), results
    assert Observation.objects.count() == 2 * len(handed)


def test_save_draft_by_two_at_once_keeps_both(duty, world):
    def save(value):
        return lambda: actions.save_draft(
            duty=Duty.objects.get(pk=duty.pk), values={WHOLE: value}, seen=0,
            by=User.objects.get(username="baocao"), at=later(),
        )  # fmt: skip

    results = at_once(save(40), save(41))
    assert len(of_kind(results, Submission)) == 2, results
    standing = [(e.content["value"], e.aside) for e in CellEntry.objects.filter(open=True)]
    assert {value for value, _ in standing} == {"40", "41"}
    assert sorted(aside for _, aside in standing) == [False, True]


def test_submit_by_two_at_once_hands_in_once(duty, world):
    draft = fill(duty, world.baocao)

    def submit():
        return actions.submit(
            submission=Submission.objects.get(pk=draft.pk),
            by=User.objects.get(username="baocao"),
            at=later(),
        )

    results = at_once(submit, submit)
    assert len(of_kind(results, Submission)) == 1
    assert len(of_kind(results, actions.LockedReturn)) == 1


def test_claim_is_conditional_even_when_the_row_was_read_before(handed_in, world):
    """The same on every database: what was read is not believed, the row itself is asked."""
    stale = Submission.objects.get(pk=handed_in.pk)
    decisions.approve(submission=handed_in, by=world.duyet, at=later())
    assert stale.status == Status.SUBMITTED
    with pytest.raises(actions.AlreadyDecided):
        decisions.approve(submission=stale, by=world.dieuphoi, at=later())


def test_close_while_submitting_lets_all_in_before_or_none_after(opened, world):
    """Whoever closes comes before or after each hand-in, never between."""
    drafts = [
        fill(opened.duties.get(unit=world.units[code]), world.people[who])
        for code, who in (("c1", "baocao"), ("c2", "xakhac"))
    ]

    def submit(draft, who):
        return lambda: actions.submit(
            submission=Submission.objects.get(pk=draft.pk),
            by=User.objects.get(username=who),
            at=later(2),
        )

    def close():
        return actions.close_round(
            round=opened, reason="Hết kỳ", by=User.objects.get(username="dieuphoi"), at=later(2)
        )

    results = at_once(submit(drafts[0], "baocao"), close, submit(drafts[1], "xakhac"))
    handed = of_kind(results, Submission)
    assert len(handed) + len(of_kind(results, actions.LockedRound)) == 2, results
    kept = Submission.objects.filter(status=Status.SUBMITTED).count()
    assert kept == len(handed) and Submission.objects.count() == 2
    opened.refresh_from_db()
    assert opened.closed_at
    with pytest.raises((actions.LockedRound, actions.LockedReturn)):
        submit(drafts[0], "baocao")()


def test_close_by_two_at_once_closes_once(opened, world):
    def close(who):
        return lambda: actions.close_round(
            round=opened, reason=who, by=User.objects.get(username="dieuphoi"), at=later()
        )

    results = at_once(close("một"), close("hai"))
    assert len(of_kind(results, actions.FaultyRound)) == 1, results
    assert opened.events.filter(what="CLOSED").count() == 1


def test_step_passed_by_two_at_once_is_passed_once(world):
    terms = Regime(steps=("RECEIVER", "OFFICE"))
    actions.set_regime(plan=world.plan, terms=terms, reason="x", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    sent = hand_in(opened.duties.get(unit=world.units["c1"]), world.baocao)
    hire(world, "duyethai", "12-SNV", Role.REVIEWER)

    def approve(who):
        return lambda: actions.approve(
            submission=Submission.objects.get(pk=sent.pk),
            by=User.objects.get(username=who),
            at=later(),
        )

    results = at_once(approve("duyet"), approve("duyethai"))
    assert len(of_kind(results, list)) == 1, results
    assert Decision.objects.count() == 1
    sent.refresh_from_db()
    assert (sent.step, sent.status) == ("OFFICE", Status.SUBMITTED)
    assert not Observation.objects.exists()


def test_move_due_while_submitting_ends_in_no_deadlock(opened, duty, world):
    draft = fill(duty, world.baocao)
    results = at_once(
        lambda: actions.submit(
            submission=Submission.objects.get(pk=draft.pk), by=world.baocao, at=later()
        ),
        lambda: actions.move_due(round=opened, due_at=later(80), by=world.dieuphoi, at=later()),
    )
    assert len(of_kind(results, Submission)) == 1 and not of_kind(results, Exception), results
