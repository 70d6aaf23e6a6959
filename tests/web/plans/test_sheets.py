"""Words and the pages they stand on: boxes, pictures, who may see them and how many."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from namro.reading import Limits, pages_apart
from namro.web.plans import actions, page_pictures, sheets
from namro.web.plans.models import Reading
from namro.web.plans.views.progress import seconds_left
from tests.reading.packing import endless_page
from tests.web.plans.sample import AT, page

# Two lines on page 1 (the second goes on behind a gap of a blank), one on page 2.
BOXES = {
    "0": [
        [0, 3, 1, 50, 100, 70, 112],
        [4, 8, 1, 74, 100, 110, 112],
        [9, 13, 1, 50, 116, 90, 128],
        [14, 18, 2, 50, 60, 90, 72],
    ]
}


def test_a_place_is_its_lines_on_each_page():
    assert sheets.on_pages(BOXES, {"block": 0, "start": 4, "end": 18}) == {
        1: [(74, 100, 110, 112), (50, 116, 90, 128)],
        2: [(50, 60, 90, 72)],
    }


def test_words_of_one_line_are_one_box():
    assert sheets.on_pages(BOXES, {"block": 0, "start": 0, "end": 8}) == {1: [(50, 100, 110, 112)]}


@pytest.mark.parametrize(
    "place", [None, {}, {"block": 7, "start": 0, "end": 4}, {"block": 0, "start": 18, "end": 20}]
)
def test_a_place_without_boxes_is_nowhere(place):
    assert sheets.on_pages(BOXES, place) == {}


def test_an_item_made_of_two_places_is_outlined_in_both():
    place = {"block": 0, "start": 0, "end": 3, "more": [{"block": 0, "start": 14, "end": 18}]}

    assert list(sheets.on_pages(BOXES, place)) == [1, 2]


def test_outline_is_a_closed_path_a_box():
    assert sheets.outline([(1, 2, 5, 6), (7, 8, 9, 10)]) == "M1 2H5V6H1ZM7 8H9V10H7Z"


@pytest.fixture
def scanned(world) -> Reading:
    """A picture of a page, with one target where the reader saw it."""
    out = io.BytesIO()
    Image.new("RGB", (595, 842), "white").save(out, "PNG", dpi=(72, 72))
    found = actions.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name="quet.png",
        chunks=[out.getvalue()],
    )  # fmt: skip
    text = "Đạt 80% số xã"
    Reading.objects.filter(pk=found.pk).update(
        state="READ", sheets=[[595, 842]], boxes=BOXES, version=1,
        blocks=[{"index": 0, "page": 1, "text": text}],
    )  # fmt: skip
    item = {
        "code": "1", "quote": text, "subject": text, "comparator": ">=", "value": "80",
        "place": {"file": "quet.png", "page": 1, "block": 0, "start": 0, "end": 13},
        "confidence": {"value": 0.5}, "lead_units": [], "cooperate_units": [],
    }  # fmt: skip
    found.items.create(key="ct-1", kind="ct", values=item, sure=0.5)
    found.items.create(key="dau", kind="dau", values={"title": "Kế hoạch"})
    return Reading.objects.get(pk=found.pk)


def address_of(reading, number=1):
    return reverse("plans:page_picture", args=[reading.pk, number])


def test_the_review_shows_the_page_with_the_words_outlined(enter, scanned):
    text = page(enter("dieuphoi").get(reverse("plans:reading", args=[scanned.pk])))

    assert 'class="sentence lit" tabindex="-1" data-k="ct-1"' in text
    assert "M50 100H110V112H50ZM50 116H90V128H50Z" in text
    assert f'src="{address_of(scanned)}?rong=900&amp;v=' in text
    assert 'loading="lazy"' in text


def test_words_are_shown_instead_when_asked_for(enter, scanned):
    text = page(enter("dieuphoi").get(reverse("plans:reading", args=[scanned.pk]), {"xem": "chu"}))

    assert 'id="doan-0"' in text
    assert "<svg" not in text.split('id="ra-soat"')[1]


def test_a_page_picture_is_kept_privately_and_asked_for_once(enter, scanned):
    client = enter("dieuphoi")

    first = client.get(address_of(scanned), {"rong": "900"})
    again = client.get(
        address_of(scanned), {"rong": "900"}, headers={"If-None-Match": first["ETag"]}
    )

    assert (first.status_code, first["Content-Type"]) == (200, "image/webp")
    assert first["Cache-Control"] == "private, max-age=3600, immutable"
    assert Image.open(io.BytesIO(first.content)).width == 900
    assert again.status_code == 304


@pytest.mark.parametrize("width", ["1", "99999", "abc", "", "-3", "²"])
def test_a_page_picture_has_one_of_few_widths(enter, scanned, width):
    answer = enter("dieuphoi").get(address_of(scanned), {"rong": width})

    assert Image.open(io.BytesIO(answer.content)).width in page_pictures.WIDTHS


@pytest.mark.parametrize("number", [0, 2, 10**9])
def test_a_page_that_is_not_there_is_not_found(enter, scanned, number):
    assert enter("dieuphoi").get(address_of(scanned, number)).status_code == 404


def test_page_pictures_are_for_those_who_may_see_the_reading(enter, scanned):
    assert enter("baocao").get(address_of(scanned)).status_code == 403


def test_nothing_is_kept_of_a_document_while_it_is_read(enter, scanned, settings):
    Reading.objects.filter(pk=scanned.pk).update(state="READING")

    answer = enter("dieuphoi").get(address_of(scanned))

    assert answer["Cache-Control"] == "private, no-store"
    assert not list((settings.NAMRO_HOME / "pages").rglob("*"))


def test_new_page_pictures_are_bounded_a_minute(enter, scanned, monkeypatch):
    cache.clear()
    monkeypatch.setattr(page_pictures, "A_MINUTE", 1)
    client = enter("dieuphoi")

    assert client.get(address_of(scanned), {"rong": "240"}).status_code == 200
    assert client.get(address_of(scanned), {"rong": "240"}).status_code == 200  # kept
    refused = client.get(address_of(scanned), {"rong": "900"})

    assert (refused.status_code, refused["Retry-After"]) == (429, "20")
    cache.clear()


def test_a_page_made_to_harm_is_refused_in_words_and_the_site_lives_on(enter, world, monkeypatch):
    found = actions.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name="lap.pdf",
        chunks=[endless_page()],
    )  # fmt: skip
    Reading.objects.filter(pk=found.pk).update(state="READ", sheets=[[595, 842]], version=1)
    monkeypatch.setattr(pages_apart, "LIMITS", Limits(cpu_seconds=1))

    answer = enter("dieuphoi").get(address_of(found))

    assert answer.status_code == 422 and answer["Cache-Control"] == "private, no-store"
    assert "Không hiện được ảnh trang 1: vẽ ảnh trang 1 mất quá nhiều thời gian" in page(answer)

    drawn = []
    monkeypatch.setattr(pages_apart, "answer_of", lambda *_, **__: drawn.append(1))
    again = enter("dieuphoi").get(address_of(found))
    assert (again.status_code, page(again), drawn) == (422, page(answer), [])
    cache.clear()


def test_while_a_page_is_drawn_another_waits_for_a_moment_only(enter, scanned, monkeypatch):
    monkeypatch.setattr(page_pictures, "WAIT_SECONDS", 0.01)
    client = enter("dieuphoi")

    with page_pictures._alone():
        busy = client.get(address_of(scanned))
    drawn = client.get(address_of(scanned))
    with page_pictures._alone():
        kept = client.get(address_of(scanned))

    assert (busy.status_code, busy["Retry-After"]) == (429, "10")
    assert "Máy chủ đang dựng ảnh của một trang khác." in page(busy)
    assert (drawn.status_code, kept.status_code) == (200, 200)


def test_a_drawing_that_failed_lets_the_next_in(enter, scanned):
    client = enter("dieuphoi")

    assert [client.get(address_of(scanned, 2)).status_code for _ in range(2)] == [404, 404]
    assert client.get(address_of(scanned)).status_code == 200


def reading_now(scanned, done, of, seconds):
    """The row as the worker keeps it, so many seconds after it began."""
    began = timezone.now() - timedelta(seconds=seconds)
    Reading.objects.filter(pk=scanned.pk).update(
        state="READING", step="Nhận dạng chữ", steps_done=done, steps_all=of,
        started_at=began, progressed_at=timezone.now(), queued_at=began,
    )  # fmt: skip
    return Reading.objects.get(pk=scanned.pk)


def test_pages_read_so_far_are_shown_with_the_time_left(enter, scanned):
    reading_now(scanned, 10, 40, 20)

    text = page(enter("dieuphoi").get(reverse("plans:reading", args=[scanned.pk])))

    left = re.search(r"còn khoảng (\d+) giây", text)
    assert 60 <= int(left[1]) <= 80  # half a minute's page on a busy machine
    assert "trang 10/40" in text
    assert [n for n in range(41) if f'alt="Trang {n} đã đọc"' in text] == [5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize(("done", "of", "seconds"), [(0, 40, 20), (1, 40, 1), (40, 40, 20)])
def test_no_time_is_guessed_from_nothing(scanned, done, of, seconds):
    now = timezone.now()

    assert seconds_left(reading_now(scanned, done, of, seconds), now) is None
