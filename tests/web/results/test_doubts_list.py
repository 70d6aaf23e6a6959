"""The list of doubts: narrowed, sorted, searched, exported; as wide as the window, not wider."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.measuring.quality import CHECK_LABELS, CHECK_MEANINGS
from namro.web.facts import doubts
from namro.web.facts.models import Doubt
from tests.world import AT

CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"


@pytest.fixture
def several(world):
    """Four doubts: two units, three checks, two periods; one of them explained."""
    for unit, check, element, period, value in (
        ("c1", "JUMP", CADRES, "202507", 412),
        ("c1", "PART", TRAINED, "202509", 41),
        ("c2", "PEERS", TRAINED, "202509", 3),
        ("c2", "COPY", "budget-spent", "202508", "1234567.891"),
    ):
        Doubt.objects.create(
            check_name=check, element=element, unit=world.units[unit], period=period,
            value=Decimal(value), found_at=AT, why="Bằng 97% của tổng, trong khi 37 đơn vị cùng "
            "loại thường khoảng 42,3% và không đơn vị nào xa như vậy.",
        )  # fmt: skip
    doubts.answer(
        doubt=Doubt.objects.get(check_name="COPY"), state="ACCEPTED", by=world.duyet,
        answer="Kho bạc xác nhận hai tháng liền không phát sinh thay đổi.",
        at=AT + timedelta(hours=1),
    )  # fmt: skip


@pytest.fixture
def look(client, world):
    client.force_login(world.duyet, backend="namro.web.org.backends.PostsBackend")
    return lambda query="": client.get(reverse("results:doubts") + query)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "checks"),
    [
        ("?tinh-trang=ACCEPTED", {"COPY"}),
        ("?kiem-tra=PART", {"PART"}),
        ("?ky=202509", {"PART", "PEERS"}),
        ("?ky=202509&tinh-trang=ACCEPTED", set()),
        ("?loai=COMMUNE", {"JUMP", "PART", "PEERS", "COPY"}),
        ("?q=suoi+mot", {"JUMP", "PART"}),
        ("?q=suoi+mot+boi+duong", {"PART"}),
        ("?q=khac+han", {"PEERS"}),
    ],
)
def test_list_is_narrowed(look, several, query, checks):
    shown = look(query).context["list"].rows
    assert {row.check_name for row, _ in shown} == checks


@pytest.mark.django_db
def test_filters_offer_only_what_occurs_newest_period_first(look, several):
    offered = {f.key: [v for v, _ in f.choices] for f, _ in look().context["list"].filters()}
    assert offered["ky"] == ["202509", "202508", "202507"]
    assert offered["loai"] == ["COMMUNE"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sort", "first"), [("ky", "JUMP"), ("-ky", "P"), ("gia-tri", "PEERS"), ("-gia-tri", "COPY")]
)
def test_list_is_sorted_by_period_and_by_value(look, several, sort, first):
    [(row, _), *_] = look(f"?sap={sort}").context["list"].rows
    assert row.check_name.startswith(first)


@pytest.mark.django_db
def test_list_of_one_target_keeps_to_it_while_narrowed(look, several, world):
    address = f"?chi-tieu={world.targets['5'].pk}"
    told = look(address).context["list"]
    assert {row.check_name for row, _ in told.rows} == {"JUMP", "PART", "PEERS"}
    assert all(address.lstrip("?") in link for _, link, _ in told.heads())
    assert address.lstrip("?") in told.export_address


@pytest.mark.django_db
def test_export_holds_numbers_as_numbers(look, several):
    book = openpyxl.load_workbook(io.BytesIO(look("?sap=gia-tri&xuat=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "Giá trị" in row)
    values = [row[rows[head].index("Giá trị")] for row in rows[head + 1 :]]
    assert values == [3, 41, 412, pytest.approx(1234567.891)]
    assert "Tổng chi ngân sách địa phương đã thực hiện trong kỳ (triệu đồng)" in rows[-1]


@pytest.mark.django_db
def test_pages_say_what_each_check_asks(look, client, several):
    page = look().content.decode()
    assert all(CHECK_LABELS[c] in page and CHECK_MEANINGS[c] in page for c in CHECK_LABELS)
    one = Doubt.objects.get(check_name="PEERS")
    told = client.get(f"{reverse('results:doubt')}?so={one.pk}").content.decode()
    assert CHECK_MEANINGS["PEERS"] in told and one.why in told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_list_is_no_wider_than_the_window(live_server, look, client, several, browser, width):
    look()
    cookie = {
        "name": site.SESSION_COOKIE_NAME,
        "value": client.cookies[site.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    context = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 900})
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(live_server.url + reverse("results:doubts"))
    if folder := os.environ.get("NAMRO_PICTURES"):
        page.screenshot(path=f"{folder}/nghi-van-{width}.png", full_page=True)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    inner = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)"
    )
    context.close()
    assert widths[0] <= widths[1] and max(inner) <= 0
