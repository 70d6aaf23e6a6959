"""A file that holds several documents: each has a reading, a review and a plan of its own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.frame import files
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions, reviewed
from namro.web.plans.models import Reading
from tests.reading.test_bound import FIRST, SECOND
from tests.web.plans.sample import AT, change, confirm, form_of, page

BOTH = FIRST + "\n--- page 2\n" + SECOND


@pytest.fixture
def first(world):
    reading = actions.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name="hai-van-ban.txt",
        chunks=[BOTH.encode()],
    )  # fmt: skip
    found = actions.run_reading(reading.pk, AT)
    assert found.state == "READ", found.failure
    return found


def read_second(world, first):
    other, new = actions.read_other(reading=first, order=2, by=world.dieuphoi, at=AT)
    assert new
    found = actions.run_reading(other.pk, AT)
    assert found.state == "READ", found.failure
    return found


def numbers(reading):
    return [i.values["value"] for i in reading.items.filter(kind="ct")]


def test_the_second_document_is_read_beside_the_first(world, first):
    second = read_second(world, first)

    assert first.document == second.document
    assert (numbers(first), numbers(second)) == (["80"], ["90"])
    assert second.draft["document"]["number"] == "16/KH-SNV"
    assert {b["page"] for b in first.blocks} == {1}
    assert {b["page"] for b in second.blocks} == {2}
    assert reviewed.pages_of(second, reviewed.bound_with(second)) == (2, 2)
    entry = JournalEntry.objects.get(verb="plans.read_other")
    assert (entry.by_name, entry.unit_code) == ("Vàng Thị Điều", "12-VP")
    assert "văn bản thứ 2" in entry.summary


def test_asked_for_twice_it_is_one_reading(world, first):
    second = read_second(world, first)

    assert actions.read_other(reading=first, order=2, by=world.dieuphoi, at=AT) == (second, False)
    assert actions.read_other(reading=second, order=1, by=world.dieuphoi, at=AT) == (first, False)
    assert Reading.objects.filter(document=first.document).count() == 2


def test_the_file_sent_again_leads_to_its_first_document(world, first):
    read_second(world, first)

    with pytest.raises(actions.AlreadyReceived) as refusal:
        actions.receive_document(
            by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name="lai.txt",
            chunks=[BOTH.encode()],
        )  # fmt: skip

    assert refusal.value.reading == first


@pytest.mark.parametrize("order", [0, -1, 3, 10**17])
def test_a_document_the_file_does_not_hold_is_not_read(world, first, order):
    with pytest.raises(actions.NoOtherDocument, match="không có văn bản ấy"):
        actions.read_other(reading=first, order=order, by=world.dieuphoi, at=AT)

    assert Reading.objects.filter(document=first.document).count() == 1


def test_without_the_stored_file_nothing_is_queued(world, first):
    files.path_of(first.document.sha256).unlink()

    with pytest.raises(actions.NoOtherDocument, match="không còn trong kho"):
        actions.read_other(reading=first, order=2, by=world.dieuphoi, at=AT)

    assert Reading.objects.filter(document=first.document).count() == 1


@pytest.mark.parametrize("who", ["quantri", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"])
def test_only_who_receives_documents_there_may_ask_for_it(world, first, enter, who):
    with pytest.raises(NotAllowed):
        actions.read_other(reading=first, order=2, by=world.people[who], at=AT)
    answer = enter(who).post(reverse("plans:read_other", args=[first.pk]), {"thu": "2"})

    assert answer.status_code in (403, 404)
    assert Reading.objects.filter(document=first.document).count() == 1


def test_an_act_in_one_review_does_not_touch_the_other(world, first, enter):
    second = read_second(world, first)
    client = enter("dieuphoi")

    change(client, second, **form_of(second, "ct-1", value="95"))
    undone = change(client, first, do="undo", change=second.changes.get().pk)

    assert (numbers(first), numbers(second)) == (["80"], ["95"])
    assert undone.status_code == 409
    assert not first.changes.exists()


def test_each_becomes_a_plan_of_its_own(world, first, enter):
    confirm(world, first)
    client = enter("dieuphoi")
    source = page(client.get(reverse("plans:source", args=[first.plan.pk])))
    assert "Đọc văn bản thứ 2 (trang 2)" in source

    second = read_second(world, first)
    confirm(world, second)

    assert [str(t.value.normalize()) for t in first.plan.targets.all()] == ["8E+1"]
    assert [str(t.value.normalize()) for t in second.plan.targets.all()] == ["9E+1"]


def test_the_review_offers_it_once_and_then_leads_there(world, first, enter):
    client = enter("dieuphoi")
    review = reverse("plans:reading", args=[first.pk])
    assert "Đọc văn bản thứ 2 (trang 2)" in page(client.get(review))

    asked = client.post(reverse("plans:read_other", args=[first.pk]), {"thu": "2"})

    second = Reading.objects.get(document=first.document, document_order=2)
    assert asked.url == reverse("plans:reading", args=[second.pk])
    actions.run_reading(second.pk, AT)
    shown = page(client.get(review))
    assert "Đọc văn bản thứ 2" not in shown
    assert asked.url in shown
    there = page(client.get(asked.url))
    assert "hai-van-ban.txt (văn bản thứ 2)" in there
    assert "Mở văn bản thứ 1" in there


@pytest.mark.parametrize("asked", ["", "x", "-2", "9" * 60, "2\x00", "²"])
def test_odd_orders_are_answered_in_words(world, first, enter, asked):
    client = enter("dieuphoi")

    answer = client.post(reverse("plans:read_other", args=[first.pk]), {"thu": asked}, follow=True)

    assert answer.status_code == 200
    if asked != "2\x00":  # control signs are taken out before
        assert "không có văn bản ấy" in page(answer)
