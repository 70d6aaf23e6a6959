"""The merge form in a real browser: units are found by typing, the day is Vietnamese."""

from __future__ import annotations

import os

import pytest
from django.conf import settings as site
from django.urls import reverse

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[1280, 390])
def page(request, live_server, client, world, browser):
    """The form that merges commune c1, in a browser that speaks English."""
    client.force_login(world.quantri, backend="namro.web.org.backends.PostsBackend")
    cookie = {
        "name": site.SESSION_COOKIE_NAME,
        "value": client.cookies[site.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    context = browser.new_context(locale="en-US", viewport={"width": request.param, "height": 900})
    context.add_cookies([cookie])
    shown = context.new_page()
    faults: list[str] = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.goto(live_server.url + reverse("org:merge_unit", args=["c1"]))
    yield shown
    if folder := os.environ.get("NAMRO_PICTURES"):
        shown.screenshot(path=f"{folder}/sap-nhap-{request.param}.png", full_page=True)
    wide = shown.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert faults == [] and wide <= 0


def seen(page, within: str) -> list[str]:
    return [t.strip() for t in page.locator(f"{within} label:visible").all_inner_texts()]


def test_units_are_found_by_typing_and_the_choice_stays_in_sight(page, world):
    many = page.locator("#id_others")
    search = page.get_by_label("Tìm theo tên hoặc mã đơn vị").first
    search.fill("suoi hai (c2)")
    assert seen(page, "#id_others") == ["Xã Suối Hai (c2)"]
    many.get_by_role("checkbox", name="Xã Suối Hai (c2)").check()
    search.fill("không có xã này")
    assert seen(page, "#id_others") == ["Xã Suối Hai (c2)"]  # what is chosen is not hidden
    assert "Không có đơn vị nào khớp, đã chọn 1" in page.locator("form.narrow").inner_text()


def test_day_does_not_follow_the_browsers_language(page, world):
    day = page.get_by_label("Có hiệu lực từ ngày")
    assert day.get_attribute("type") == "text"
    day.fill("01/9/2025")
    page.get_by_label("Tìm theo tên hoặc mã đơn vị").nth(1).fill("(c2)")
    assert page.locator("#id_into").input_value() == str(world.units["c2"].pk)
    page.get_by_role("button", name="Xem trước thay đổi").click()
    page.wait_for_load_state()
    assert "Xã Suối Một nhập vào Xã Suối Hai" in page.locator("main").inner_text()
    assert page.get_by_label("Có hiệu lực từ ngày").input_value() == "01/9/2025"
