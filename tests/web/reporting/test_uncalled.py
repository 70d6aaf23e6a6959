"""A page left open on a return since approved corrects nothing that nobody asked to correct."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.reporting import actions
from tests.web.reporting.conftest import PART, WHOLE, hand_in, later


@pytest.mark.parametrize("page", ["save", "hand_in", "workbook"])
@pytest.mark.parametrize("correcting", [None, "0", "7"])
def test_post_on_an_approved_return_without_correcting_begins_nothing(
    enter, handed_in, duty, world, page, correcting
):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    data = {f"v-{WHOLE}": "41", f"v-{PART}": "33", "note": "Sửa", "confirmed": "1"}
    data |= {"workbook": SimpleUploadedFile("a.xlsx", b"x")}
    data |= {"correcting": correcting} if correcting else {}
    answer = enter("baocao").post(reverse(f"reporting:{page}", args=[duty.pk]), data)
    text = answer.content.decode()
    assert answer.status_code == 409 and "đã được duyệt" in text and "đính chính" in text
    assert [s.version for s in duty.submissions.order_by("-version")] == [1]
    if page != "workbook":  # nothing typed is lost
        assert 'value="41"' in text and 'name="correcting" value="1"' in text


def test_correcting_page_says_which_version_it_corrects(enter, handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    client, address = enter("baocao"), reverse("reporting:duty", args=[duty.pk])
    assert 'name="correcting"' not in client.get(address).content.decode()
    page = client.get(address, {"dinh-chinh": "1"}).content.decode()
    assert page.count('name="correcting" value="1"') == 2
    second = actions.save_draft(
        duty=duty, values={PART: 33}, by=world.baocao, at=later(2), note="Đếm sót"
    )
    second = actions.submit(submission=second, by=world.baocao, at=later(2))
    actions.approve(submission=second, by=world.duyet, at=later(3))
    left_open = {f"v-{PART}": "34", "correcting": "1"}
    assert client.post(reverse("reporting:save", args=[duty.pk]), left_open).status_code == 409
    assert [s.version for s in duty.submissions.order_by("-version")] == [2, 1]


def test_form_of_a_return_never_approved_is_no_correction(enter, duty, world):
    page = enter("baocao").get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert 'name="correcting"' not in page
    hand_in(duty, world.baocao)
    data = {f"v-{WHOLE}": "41"}
    answer = enter("baocao").post(reverse("reporting:save", args=[duty.pk]), data)
    assert answer.status_code == 409 and "không sửa được nữa" in answer.content.decode()
