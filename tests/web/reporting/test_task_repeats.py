"""What is said of a task is said once: a double click, a form sent again, a page gone back to."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.chain.models import Appraisal
from namro.web.reporting.chain.rules import AppraisalState
from namro.web.reporting.models import Evidence, TaskUpdate
from tests.web.reporting.conftest import AT, hire, later, pdf

PAGE = r'name="client_id" value="([0-9a-f-]{36})"'


@pytest.fixture
def lead(world):
    return hire(world, "vanphong", "12-VP", Role.REPORTER)


@pytest.fixture
def sent(enter, world, lead):
    """The form as its page gives it, filled in; and how it is sent."""
    client = enter("vanphong")
    page = client.get(reverse("reporting:task", args=[world.task.pk])).content.decode()
    form = {"client_id": re.search(PAGE, page)[1], "text": "Đã họp", "percent": "40"}
    address = reverse("reporting:update_task", args=[world.task.pk])
    return form, lambda told: client.post(address, {**told, "files": [pdf("a.pdf")]}, follow=True)


def test_form_sent_twice_says_it_once_and_answers_as_the_first(sent):
    form, send = sent
    first, again = send(form), send(form)
    assert "Đã ghi nhận cập nhật" in first.content.decode()
    assert "Đã ghi nhận cập nhật" in again.content.decode()
    assert TaskUpdate.objects.count() == 1 and Evidence.objects.count() == 1


def test_page_gone_back_to_and_written_in_anew_loses_nothing(sent):
    form, send = sent
    send(form)
    other = form | {"text": "Đã họp và ra thông báo"}
    send(other)
    send(other)
    told = list(TaskUpdate.objects.order_by("pk").values_list("text", flat=True))
    assert told == ["Đã họp", "Đã họp và ra thông báo"]


def test_form_refused_keeps_its_id_and_is_taken_once_mended(sent):
    form, send = sent
    refused = send(form | {"percent": "140"})
    assert refused.status_code == 422
    assert re.search(PAGE, refused.content.decode())[1] == form["client_id"]
    send(form)
    send(form)
    assert TaskUpdate.objects.count() == 1


def test_each_page_has_an_id_of_its_own_so_the_same_words_can_be_said_another_day(world, lead):
    told = {"task": world.task, "unit": world.units["12-VP"], "text": "Đang làm", "done_on": None}
    for at in (AT, later(24)):
        actions.update_task(by=lead, at=at, client_id=uuid4(), **told)
    assert TaskUpdate.objects.count() == 2


def test_id_of_another_task_says_nothing(world, lead):
    told = {"unit": world.units["12-VP"], "text": "Đang làm", "done_on": None, "by": lead}
    sending = uuid4()
    actions.update_task(task=world.task, at=AT, client_id=sending, **told)
    other = world.task
    other.pk, other.code = None, "III.2"
    other.save(force_insert=True)
    world.plan.tasks.get(code="III.1").assignments.update(task=other)
    actions.update_task(task=other, at=later(), client_id=sending, **told)
    assert sorted(TaskUpdate.objects.values_list("task__code", flat=True)) == ["III.1", "III.2"]


def test_appraisal_pressed_twice_is_one_and_another_word_is_another(world, lead):
    update = actions.update_task(
        task=world.task, unit=world.units["12-VP"], text="Xong", done_on=AT.date(), by=lead, at=AT
    )
    wanting = {"update": update, "state": AppraisalState.WANTING, "by": world.dieuphoi}
    first = actions.appraise(text="Thiếu biên bản", at=later(), **wanting)
    assert actions.appraise(text="Thiếu biên bản ", at=later(), **wanting) == first
    actions.appraise(text="Thiếu cả ảnh", at=later(2), **wanting)
    assert Appraisal.objects.count() == 2
