"""A return whose unit has nobody to decide for it: passed on with a word, or the coordinator's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.org.models import JournalEntry, Post
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.chain.models import Decision
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, hand_in, hire, later
from tests.web.reporting.test_chain import ALL_STEPS, ON, fresh, under


def test_vacant_unit_is_passed_and_everybody_who_decides_sees_why(world, enter):
    sent = fresh(hand_in(under(world, steps=ALL_STEPS), world.baocao))
    assert (sent.step, sent.sent_at) == ("RECEIVER", AT)
    passed = Decision.objects.get()
    assert (passed.step, passed.what, passed.by) == ("UNIT", "PASSED", None)
    said = "Đơn vị chưa có người đứng đầu"
    page = enter("duyet").get(reverse("reporting:submission", args=[sent.pk])).content.decode()
    assert said in page and "Chuyển tiếp, không có người duyệt" in page
    line = JournalEntry.objects.get(verb="reporting.submit")
    assert said.lower() in line.summary
    actions.approve(submission=sent, by=world.duyet, at=later())
    actions.approve(submission=fresh(sent), by=world.dieuphoi, at=later(2))
    assert fresh(sent).status == Status.APPROVED


def test_deputy_head_of_the_unit_is_asked(world):
    deputy = hire(world, "photrach", "c1", Role.REVIEWER)
    sent = hand_in(under(world, steps=ALL_STEPS), world.baocao)
    assert sent.step == "UNIT" and list(queries.queue_for(deputy, ON)) == [sent]
    assert not queries.queue_for(world.dieuphoi, ON).exists()
    with pytest.raises(NotAllowed, match="chờ lãnh đạo"):
        actions.approve(submission=sent, by=world.dieuphoi, at=later())


@pytest.mark.parametrize("steps", [("UNIT",), ALL_STEPS])
def test_what_already_waits_or_has_no_other_step_is_the_coordinators(world, enter, steps):
    head = hire(world, "chutich", "c1", Role.LEADER)
    sent = hand_in(under(world, steps=steps), world.baocao)
    Post.objects.filter(user=head).update(to_on=ON)
    page = enter("dieuphoi")
    assert list(queries.queue_for(world.dieuphoi, ON)) == [sent]
    address = reverse("reporting:submission", args=[sent.pk])
    assert page.get(address).status_code == 200
    assert enter("duyet").get(address).status_code == 404, "it has not left its unit"
    actions.approve(submission=sent, by=world.dieuphoi, at=later())
    wanted = (Status.APPROVED, "UNIT") if steps == ("UNIT",) else (Status.SUBMITTED, "RECEIVER")
    assert (fresh(sent).status, fresh(sent).step) == wanted


def test_without_a_head_a_chain_of_the_unit_alone_waits_for_the_coordinator(world):
    sent = hand_in(under(world, steps=("UNIT",)), world.baocao)
    assert (sent.step, sent.sent_at) == ("UNIT", None)
    assert list(queries.queue_for(world.dieuphoi, ON)) == [sent]
    assert not Decision.objects.exists()
