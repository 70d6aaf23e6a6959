"""The review by keyboard, in a real browser, under the real content security policy."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from namro.web.org.models import User
from namro.web.plans import draft
from namro.web.plans.models import Reading
from tests.web.plans.sample import read_seed
from tests.world import make_world

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser):
    """A page of a browser that has said nothing on its console; checked at the end."""
    said: list[str] = []
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    refused = [line for line in said if "422" not in line and "409" not in line]
    assert refused == []


@pytest.fixture
def reading(transactional_db, live_server, page) -> Reading:
    """The seed plan read, and the coordinator signed in with the browser."""
    world = make_world()
    User.objects.update(password_set_at=timezone.now())
    user, session = world.dieuphoi, SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "namro.web.org.backends.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": configured.SESSION_COOKIE_NAME, "value": session.session_key}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return read_seed(world)


def item_now(reading, key):
    found = Reading.objects.get(pk=reading.pk)
    return next(i for i in draft.items(found.draft) if i["id"] == key)


def test_review_by_keyboard(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=ct-4&thu-tu=document")

    page.keyboard.press("j")
    page.wait_for_selector("#ra-soat[data-key=ct-5]")
    page.keyboard.press("k")
    page.wait_for_selector("#ra-soat[data-key=ct-4]")
    assert "3,0%" in "".join(page.locator("mark[data-current]").all_inner_texts())

    page.keyboard.press("Enter")
    page.wait_for_selector("#ra-soat[data-key=ct-5]")
    assert page.locator(".review-bar strong").inner_text() == "1/26 đã rà soát"
    assert item_now(reading, "ct-4")["checked"]

    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("tám mươi")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.error")
    assert page.locator("#value").input_value() == "tám mươi"  # nothing typed is lost
    page.keyboard.press("Control+a")
    page.keyboard.type("82,5")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ra-soat[data-key=ct-6]")
    assert item_now(reading, "ct-5")["value"] == "82.5"

    page.keyboard.press("z")
    page.get_by_text("Đã ghi: Xác nhận chỉ tiêu 4").wait_for()
    assert item_now(reading, "ct-5")["value"] == "80"


def test_marked_words_become_a_task(live_server, page, reading):
    page.goto(live_server.url + reverse("plans:reading", args=[reading.pk]))
    page.evaluate(
        """() => {
          const block = [...document.querySelectorAll(".paper .block")]
            .find((b) => b.textContent.includes("Mục tiêu, nhiệm vụ cần xác định"));
          const text = block.firstChild, start = text.textContent.indexOf("tổ chức");
          const range = document.createRange();
          range.setStart(text, start);
          range.setEnd(text, start + "tổ chức triển khai đồng bộ".length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )

    page.get_by_role("button", name="Thêm nhiệm vụ").click()

    page.wait_for_selector("#ra-soat[data-key=nv-7]")
    assert item_now(reading, "nv-7")["quote"] == "tổ chức triển khai đồng bộ"
