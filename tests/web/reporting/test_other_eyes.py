"""Whose hands bar them from deciding, and whose place a deputy may still take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from namro.web.org import actions as org
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from tests.web.reporting.conftest import AT, PART, WHOLE, hire, later, prove

ON = date(2025, 9, 15)


def both_sides(world):
    """One who approves for the department and reports for commune c1."""
    both = hire(world, "haivai", "12-SNV", Role.REVIEWER)
    org.appoint(
        by=None, at=AT, user=both, unit=world.units["c1"], reach=world.units["c1"],
        role=Role.REPORTER, from_on=date(2025, 1, 1),
    )  # fmt: skip
    return both


def test_who_entered_what_still_stands_from_an_earlier_version_does_not_approve(duty, world):
    both = both_sides(world)
    prove(duty, world.baocao)
    draft = actions.save_draft(duty=duty, values={WHOLE: 40}, by=both, at=AT)
    draft = actions.save_draft(duty=duty, values={PART: 32}, by=world.baocao, at=AT)
    sent = actions.submit(submission=draft, by=world.baocao, at=AT)
    actions.send_back(submission=sent, reason="Sai", by=world.duyet, at=later())
    draft = actions.save_draft(duty=duty, values={PART: 33}, by=world.baocao, at=later(2))
    second = actions.submit(submission=draft, by=world.baocao, at=later(2))
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        actions.approve(submission=second, by=both, at=later(3))
    assert actions.approve(submission=second, by=world.duyet, at=later(3))


def test_who_added_the_evidence_does_not_approve(duty, world):
    both = both_sides(world)
    prove(duty, both)
    draft = actions.save_draft(duty=duty, values={WHOLE: 40, PART: 32}, by=world.baocao, at=later())
    sent = actions.submit(submission=draft, by=world.baocao, at=later())
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        actions.approve(submission=sent, by=both, at=later(2))


def test_deputy_without_a_post_in_the_unit_decides_for_nobody(handed_in, world):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    actions.delegate(
        away=world.duyet, deputy=deputy, from_on=ON, until_on=ON + timedelta(days=3),
        reason="Đi công tác", by=world.duyet, at=AT,
    )  # fmt: skip
    org.end_post(by=None, at=AT, post=deputy.posts.get(), to_on=ON + timedelta(days=1))
    assert queries.queue_for(deputy, ON).exists()
    assert not queries.queue_for(deputy, ON + timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.approve(submission=handed_in, by=deputy, at=later(24))
