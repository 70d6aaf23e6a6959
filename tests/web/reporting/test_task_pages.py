"""The pages of tasks: updated by the lead unit alone, appraised, counted in four states."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.org.rules import Role
from namro.web.reporting.models import Evidence, TaskUpdate
from tests.web.reporting.conftest import hire, pdf


@pytest.fixture
def lead(world):
    return hire(world, "vanphong", "12-VP", Role.REPORTER)


def test_task_is_updated_by_its_lead_unit_alone(enter, world, lead):
    address = reverse("reporting:update_task", args=[world.task.pk])
    data = {"text": "Đã tổ chức hội nghị", "done_on": "20/9/2025"}
    assert enter("baocao").post(address, data).status_code == 403
    assert enter("dieuphoi").post(address, data).status_code == 403
    enter("vanphong").post(address, {**data, "files": [pdf("a.pdf"), pdf("b.pdf", b"%PDF-1.4 2")]})
    update = TaskUpdate.objects.get()
    assert update.evidence.count() == 2
    page = enter("baocao").get(reverse("reporting:task", args=[world.task.pk])).content.decode()
    assert "Hoàn thành đúng hạn" in page and "Đã tổ chức hội nghị" in page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": " ", "done_on": ""}, "Hãy ghi kết quả thực hiện"),
        ({"text": "Xong", "done_on": "01/01/2099"}, "chưa đến"),
        ({"text": "Xong", "done_on": "20/9/2015"}, "trước ngày bắt đầu kế hoạch"),
        ({"text": "Xong", "done_on": "hôm nay"}, "ghi chưa đúng"),
        ({"text": "Xong", "done_on": "", "files": "exe"}, "Không nhận tệp"),
    ],
)
def test_task_update_refuses_and_keeps_nothing(enter, world, lead, data, message):
    if data.get("files"):
        data = data | {"files": [pdf("tot.pdf"), pdf("a.exe")]}
    answer = enter("vanphong").post(reverse("reporting:update_task", args=[world.task.pk]), data)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert not TaskUpdate.objects.exists() and not Evidence.objects.exists()


def test_task_returned_counts_as_not_done(enter, world, lead):
    enter("vanphong").post(
        reverse("reporting:update_task", args=[world.task.pk]),
        {"text": "Xong", "done_on": "20/9/2025"},
    )
    address = reverse("reporting:return_task", args=[world.task.pk])
    assert enter("vanphong").post(address, {"reason": "x"}).status_code == 403
    enter("dieuphoi").post(address, {"reason": "Chưa có biên bản"})
    page = enter("dieuphoi").get(reverse("reporting:task", args=[world.task.pk])).content.decode()
    assert "quá hạn" in page and "Chưa có biên bản" in page


def test_tasks_show_the_four_official_numbers_and_filter(enter, world):
    client = enter("lanhdao")
    page = client.get(reverse("reporting:tasks")).content.decode()
    for label in ("Hoàn thành đúng hạn", "Hoàn thành quá hạn", "trong hạn", "quá hạn"):
        assert label in page
    assert "hướng dẫn tổ chức hội nghị" in page
    done = client.get(reverse("reporting:tasks"), {"tt": "DONE_ON_TIME"}).content.decode()
    assert "hướng dẫn tổ chức hội nghị" not in done
    assert client.get(reverse("reporting:tasks"), {"xuat": "xlsx"}).status_code == 200
