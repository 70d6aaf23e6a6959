"""The review as a page: lit words, saved changes, refusals that lose nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from namro.web.plans import actions, reviewed
from namro.web.plans.models import Reading, Reviewer
from tests.web.plans.sample import HTMX, change, form_of, lit, page, read_seed


@pytest.fixture
def reading(world) -> Reading:
    return read_seed(world)


def test_review_opens_at_the_least_certain_item(world, enter, reading):
    answer = enter("dieuphoi").get(reverse("plans:reading", args=[reading.pk]))

    first = reviewed.steps(reading)[0]
    assert f'data-key="{first.key}"' in page(answer)
    assert "<mark>" in page(answer)


def test_review_lights_the_words_of_the_item_asked_for(world, enter, reading):
    answer = enter("dieuphoi").get(reverse("plans:reading", args=[reading.pk]), {"muc": "ct-12"})

    assert "hồ sơ thủ tục hành chính xử lý trực tuyến" in lit(answer)


def test_edit_is_saved_and_goes_on_to_the_next_item(world, enter, reading):
    client = enter("dieuphoi")

    answer = change(client, reading, **form_of(reading, "ct-4", value="3,5"))

    assert answer.status_code == 302
    item = Reading.objects.get(pk=reading.pk).draft["targets"][3]
    assert (item["value"], item["checked"]) == ("3.5", True)
    assert "muc=" in answer["Location"]
    assert "muc=ct-4" not in answer["Location"]


def test_edit_by_partial_update_gives_the_review_back_with_its_address(world, enter, reading):
    answer = enter("dieuphoi").post(
        reverse("plans:change", args=[reading.pk]),
        {"version": reading.version, **form_of(reading, "ct-4")},
        headers=HTMX,
    )

    assert answer.status_code == 200
    assert "<html" not in page(answer)
    assert "1/26 đã rà soát" in page(answer)
    assert "muc=" in answer["HX-Push-Url"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_is_refused_and_what_was_typed_stays(world, enter, reading, headers):
    answer = enter("dieuphoi").post(
        reverse("plans:change", args=[reading.pk]),
        {"version": reading.version, **form_of(reading, "ct-4", value="ba rưỡi", unit="phần")},
        headers=headers,
    )

    assert answer.status_code == 422
    assert "“ba rưỡi” không phải là số" in page(answer)
    assert 'value="ba rưỡi"' in page(answer)
    assert 'value="phần"' in page(answer)
    assert Reading.objects.get(pk=reading.pk).version == reading.version


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_values_for_one_field_are_shown_beside_each_other(world, enter, reading, headers):
    client = enter("dieuphoi")
    change = {"do": "edit", "item": "ct-4", "fields": {"value": "7", "unit": "điểm"}}
    actions.save_draft(
        reading=reading, version=1, change=change, by=world.dieuphoi, at=reading.finished_at
    )

    answer = client.post(
        reverse("plans:change", args=[reading.pk]),
        {**form_of(reading, "ct-4", value="9,5", unit="%"), "version": 1},
        headers=headers,
    )

    assert answer.status_code == 409
    assert 'value="9,5"' in page(answer)  # mine is still there
    assert 'data-take="7"' in page(answer)  # and the other one, with name and time
    assert "ghi lúc 10:00, 20/6/2025: <strong>7</strong>" in page(answer)
    assert 'name="unit" value="điểm"' in page(answer)  # theirs alone: no question
    assert 'name="version" value="2"' in page(answer)


def test_units_are_chosen_by_name_and_by_group(world, enter, reading):
    client = enter("dieuphoi")
    typed = form_of(reading, "nv-4", lead_more="so noi vu; Sở Khoa học và Công nghệ")
    change(client, reading, **typed, cooperate_group="xa-phuong")

    task = Reading.objects.get(pk=reading.pk).draft["tasks"][3]
    assert task["lead_units"][-2:] == ["12-SNV", "12-KHCN"]
    assert sorted(task["cooperate_units"]) == ["c1", "c2", "c3"]


def test_a_name_that_is_no_unit_is_refused(world, enter, reading):
    answer = change(enter("dieuphoi"), reading, **form_of(reading, "nv-4", lead_more="Sở Mây"))

    assert answer.status_code == 422
    assert "Không có đơn vị tên “Sở Mây”" in page(answer)
    assert 'value="Sở Mây"' in page(answer)


def test_a_name_the_machine_does_not_know_is_said_until_a_person_has_looked(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[reading.pk])
    said = "Chưa rõ là đơn vị nào: Ban Tổ chức."

    assert said in page(client.get(address, {"muc": "nv-1"}))
    change(client, reading, **form_of(reading, "nv-1"))
    assert said not in page(client.get(address, {"muc": "nv-1"}))


def test_head_is_edited(world, enter, reading):
    client = enter("dieuphoi")
    head = {"kind": "Kế hoạch", "number": "12-KH/ĐU", "date": "20/6/2025", "issuer": "Đảng ủy",
            "title": "Kế hoạch mẫu"}  # fmt: skip

    change(client, reading, do="head", item="dau", **head)

    document = Reading.objects.get(pk=reading.pk).draft["document"]
    assert (document["number"], document["date"]) == ("12-KH/ĐU", "2025-06-20")


def test_item_is_added_from_a_sentence_without_a_script(world, enter, reading):
    client = enter("dieuphoi")
    block = next(b for b in reading.blocks if "Mục tiêu, nhiệm vụ cần xác định" in b["text"])
    address = reverse("plans:reading", args=[reading.pk])
    form = page(client.get(address, {"muc": "them", "doan": block["index"]}))
    chosen = next(v for v in form.split('name="cau" value="')[1:])

    change(client, reading, do="add", loai="task", cau=chosen.split('"')[0])

    assert any(t.get("added") for t in Reading.objects.get(pk=reading.pk).draft["tasks"])


def test_undo_takes_the_last_change_back(world, enter, reading):
    client = enter("dieuphoi")
    change(client, reading, do="drop", item="ct-4")

    change(client, reading, do="undo", item="ct-5")

    assert Reading.objects.get(pk=reading.pk).draft == reading.draft


@pytest.mark.parametrize("post", [{"do": "boom"}, {"do": "accept", "item": "ct-99"}, {}])
def test_nonsense_is_refused_and_changes_nothing(world, enter, reading, post):
    answer = change(enter("dieuphoi"), reading, **post)

    assert answer.status_code == 422
    assert Reading.objects.get(pk=reading.pk).version == reading.version


@pytest.mark.parametrize("what", [{"do": "edit", "item": "ct-4"}, {"do": "undo"}, {}])
def test_change_of_a_document_not_read_yet_is_sent_to_its_progress(world, enter, reading, what):
    Reading.objects.filter(pk=reading.pk).update(state="QUEUED")

    answer = enter("dieuphoi").post(reverse("plans:change", args=[reading.pk]), what)

    assert answer["Location"] == reverse("plans:reading", args=[reading.pk])


def test_a_step_sends_one_item_and_the_counts_only(world, enter, reading):
    answer = enter("dieuphoi").get(
        reverse("plans:reading", args=[reading.pk]), {"muc": "ct-4"}, headers=HTMX
    )

    assert "<html" not in page(answer) and 'class="paper' not in page(answer)
    assert 'data-key="ct-4"' in page(answer)
    assert answer["HX-Push-Url"].endswith("?muc=ct-4")


def test_a_step_brings_what_another_person_did_meanwhile(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[reading.pk])
    for does in ({"do": "accept", "item": "ct-1"}, {"do": "accept", "item": "ct-9"}):
        actions.save_draft(reading=reading, change=does, by=world.dieuphoi, at=reading.finished_at)
    first = reading.changes.order_by("pk").first()

    text = page(client.get(address, {"muc": "ct-4", "tu-thay-doi": first.pk}, headers=HTMX))

    assert "[&quot;ct-9&quot;, &quot;d&quot;]" in text
    assert "[&quot;ct-1&quot;" not in text


def test_the_review_goes_on_where_the_person_was(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[reading.pk])
    client.get(address, {"muc": "ct-7"})

    assert 'id="muc" class="panel" tabindex="-1" data-key="ct-7"' in page(client.get(address))


def test_who_else_is_there_is_said(world, enter, reading):
    Reviewer.objects.create(reading=reading, user=world.lanhdao, key="ct-4", seen_at=timezone.now())

    text = page(enter("dieuphoi").get(reverse("plans:reading", args=[reading.pk]), {"muc": "ct-4"}))

    assert "Giàng A Lãnh cũng đang ở mục này." in text


def test_many_are_listed_before_they_are_accepted(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[reading.pk])

    text = page(client.get(address, {"muc": "nhan-ca", "pham-vi": "tat-ca", "tu": "80"}))
    seen = text.split('name="seen" value="')[1].split('"')[0]
    change(client, reading, do="accept_many", item="nhan-ca", seen=seen)

    assert f"<strong>{len(seen.split())} mục</strong>" in text
    assert reading.items.filter(checked=True).count() == len(seen.split()) > 0


@pytest.mark.parametrize(
    "asked",
    [
        {"muc": "nv-999"}, {"muc": "nhan-ca", "pham-vi": "bang:x", "tu": "-1"},
        {"muc": "nhan-ca", "pham-vi": "", "tu": "9" * 30}, {"muc": "them", "doan": "x"},
        {"muc": "ss-1"}, {"thu-tu": "boom", "xem": "boom", "tim": "%" * 200},
        {"muc": "nv-1", "tach": "1"}, {"tu-thay-doi": "9" * 17},
    ],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_odd_address_shows_the_review(world, enter, reading, asked, headers):
    address = reverse("plans:reading", args=[reading.pk])

    assert enter("dieuphoi").get(address, asked, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "post",
    [
        {"do": "accept_many", "seen": "x.y nv-1.zz .. ct-1"}, {"do": "undo", "change": "99999"},
        {"do": "split", "item": "nv-1", "at": "²"}, {"do": "settle", "fault": "ct-1"},
        {"do": "merge", "item": "dau"}, {"do": "accept", "item": "ss-1"},
        {"do": "edit", "item": "ct-99"}, {"do": "add", "cau": "--", "loai": "boom"},
    ],
)  # fmt: skip
def test_odd_acts_are_refused_and_change_nothing(world, enter, reading, post):
    answer = change(enter("dieuphoi"), reading, **post)

    assert answer.status_code in (409, 422)
    assert reading.changes.count() == 0
