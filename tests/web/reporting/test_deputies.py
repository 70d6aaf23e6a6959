"""Who stands in for a colleague who is away fills in, hands in, updates tasks: and it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.duties.regime import Regime
from tests.web.reporting.conftest import AT, PART, fill, hand_in, hire, later

ON = date(2025, 9, 15)


def away_is(away, deputy, days=3):
    return actions.delegate(
        away=away, deputy=deputy, from_on=ON, until_on=ON + timedelta(days=days),
        reason="Đi học", by=away, at=AT,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _these_days(monkeypatch):
    monkeypatch.setattr("namro.web.frame.clock.now", later)
    monkeypatch.setattr("namro.web.frame.clock.today", lambda: ON)


@pytest.fixture
def deputy(world):
    """The chair of commune c1, whose own post fills in nothing; stands in for who reports."""
    chair = hire(world, "chutich", "c1", Role.LEADER)
    away_is(world.baocao, chair)
    return chair


def test_colleague_fills_in_only_while_standing_in(duty, world):
    chair = hire(world, "chutich", "c1", Role.LEADER)
    with pytest.raises(NotAllowed):
        fill(duty, chair)
    given = away_is(world.baocao, chair, days=1)
    fill(duty, chair)
    with pytest.raises(NotAllowed):
        actions.save_draft(duty=duty, values={PART: 1}, by=chair, at=later(24 * 2))
    actions.end_delegation(delegation=given, by=world.baocao, at=later())
    with pytest.raises(NotAllowed):
        actions.save_draft(duty=duty, values={PART: 1}, by=chair, at=later())


def test_hand_in_says_for_whom_on_the_page_and_in_the_journal(duty, deputy, enter, world):
    sent = hand_in(duty, deputy)
    assert (sent.submitted_by, sent.on_behalf_of) == (deputy, world.baocao)
    line = JournalEntry.objects.get(verb="reporting.submit")
    assert line.summary.startswith("Người chutich thay Phùng Văn Báo: Nộp")
    page = enter("duyet").get(reverse("reporting:submission", args=[sent.pk])).content.decode()
    assert "Người chutich thay Phùng Văn Báo" in page


def test_own_post_is_used_before_another_s(duty, world):
    second = hire(world, "nguoihai", "c1", Role.REPORTER)
    away_is(world.baocao, second)
    assert hand_in(duty, second).on_behalf_of is None


def test_deputy_finds_the_form_in_the_menu_and_fills_it_in(duty, deputy, enter):
    client = enter("chutich")
    listed = client.get(reverse("reporting:duties")).content.decode()
    address = reverse("reporting:duty", args=[duty.pk])
    assert address in listed and "Báo cáo của đơn vị" in client.get("/").content.decode()
    form = client.get(address).content.decode()
    assert "thay Phùng Văn Báo" in form and f'name="v-{PART}"' in form
    client.post(reverse("reporting:save", args=[duty.pk]), {f"v-{PART}": "31"})
    assert duty.submissions.get().saved_by == deputy


def test_who_does_not_stand_in_finds_no_form(duty, enter, world):
    hire(world, "chutich", "c1", Role.LEADER)
    client = enter("chutich")
    assert client.get(reverse("reporting:duties")).status_code == 403
    assert "Báo cáo của đơn vị" not in client.get("/").content.decode()
    saved = client.post(reverse("reporting:save", args=[duty.pk]), {f"v-{PART}": "31"})
    assert saved.status_code == 403


def test_neither_deputy_nor_who_was_away_decides_on_what_was_handed_in(world):
    """Four eyes: both are one pair."""
    steps = Regime(steps=("UNIT", "RECEIVER"))
    actions.set_regime(plan=world.plan, terms=steps, reason="Thử", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    away = hire(world, "phochutich", "c1", Role.REVIEWER)
    other = hire(world, "chanhvp", "c1", Role.LEADER)
    away_is(away, other)
    sent = hand_in(opened.duties.get(unit=world.units["c1"]), other)
    assert sent.on_behalf_of == away
    for person in (away, other):
        assert not queries.queue_for(person, ON)
        with pytest.raises(NotAllowed, match="không tự duyệt"):
            actions.approve(submission=sent, by=person, at=later())
    third = hire(world, "chutich", "c1", Role.LEADER)
    assert list(queries.queue_for(third, ON)) == [sent]


def test_deputy_updates_a_task_in_another_s_name_and_neither_appraises_it(world):
    lead = hire(world, "vanphong", "12-VP", Role.REPORTER)
    colleague = hire(world, "dongnghiep", "12-VP", Role.INSPECTOR)
    told = {"task": world.task, "unit": world.units["12-VP"], "text": "Đã họp", "done_on": None}
    with pytest.raises(NotAllowed):
        actions.update_task(by=colleague, at=AT, **told)
    away_is(lead, colleague)
    update = actions.update_task(by=colleague, at=AT, **told)
    assert update.on_behalf_of == lead
    line = JournalEntry.objects.get(verb="reporting.update_task")
    assert line.summary.startswith("Người dongnghiep thay Người vanphong: ")


def test_reminder_goes_to_who_stands_in_too(opened, deputy, world):
    owed = next(o for o in queries.open_duties(ON) if o.unit == world.units["c1"])
    assert set(owed.people) == {world.baocao, deputy}
