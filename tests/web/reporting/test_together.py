"""Two people at the same moment: one is first, the other is told, nothing is written twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from namro.web.facts.models import Observation
from namro.web.org.models import User
from namro.web.reporting import actions, decisions
from namro.web.reporting.models import CellEntry, Duty, Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import WHOLE, fill, hand_in, later

pytestmark = pytest.mark.django_db(transaction=True)
# SQLite's test database lives in memory, where threads do not queue as they do on a file.
needs_server = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads meet on PostgreSQL: NAMRO_TEST_DB=postgres"
)


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


@needs_server
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


@needs_server
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


@needs_server
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


@needs_server
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


@needs_server
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
