"""Several files in a real browser: shown in order, put in another one, sent as one document."""

from __future__ import annotations

import zipfile

import pytest
from django.conf import settings as configured
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from namro.web.frame import files
from namro.web.org.models import User
from namro.web.plans.models import Document
from tests.web.plans.sample import SEED
from tests.world import make_world

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser, transactional_db, live_server):
    """The list of readings, the coordinator signed in; nothing was said on the console."""
    said: list[str] = []
    world = make_world()
    User.objects.update(password_set_at=timezone.now())
    user, session = world.dieuphoi, SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "namro.web.org.backends.PostsBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context = browser.new_context(locale="vi-VN")
    cookie = {"name": configured.SESSION_COOKIE_NAME, "value": session.session_key}
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url + reverse("plans:readings"))
    yield page
    context.close()
    assert said == []


def chosen(*names: str) -> list[dict]:
    """Files as a person picks them; each holds the seed and its own name."""
    return [
        {"name": n, "mimeType": "text/plain", "buffer": SEED.read_bytes() + n.encode()}
        for n in names
    ]


def order(page) -> list[str]:
    return page.locator("[data-order] li span").all_inner_texts()


def test_files_are_ordered_by_hand_and_sent_as_one(page):
    page.set_input_files("#tep", chosen("Phụ lục 10.txt", "Phụ lục 2.txt", "Quyết định.txt"))
    assert order(page) == ["Quyết định.txt", "Phụ lục 2.txt", "Phụ lục 10.txt"]

    page.get_by_role("button", name="Đưa “Phụ lục 10.txt” lên trước").click()
    page.get_by_role("button", name="Bỏ “Quyết định.txt”").click()
    assert order(page) == ["Phụ lục 10.txt", "Phụ lục 2.txt"]
    page.get_by_role("button", name="Đưa vào và đọc").click()
    page.wait_for_url("**/van-ban-den/*/")

    document = Document.objects.get(file_name="Phụ lục 10 và 1 tệp kèm theo.zip")
    with zipfile.ZipFile(files.path_of(document.sha256)) as kept:
        assert kept.namelist() == ["001/Phụ lục 10.txt", "002/Phụ lục 2.txt"]


def test_each_file_on_its_own_when_asked(page):
    page.set_input_files("#tep", chosen("a.txt", "b.txt"))
    page.get_by_label("mỗi tệp là một văn bản riêng").check()
    page.get_by_role("button", name="Đưa vào và đọc").click()
    page.get_by_text("Đã nhận “b.txt”").wait_for()

    assert Document.objects.filter(file_name__in=["a.txt", "b.txt"]).count() == 2


def test_one_file_asks_nothing_more(page):
    page.set_input_files("#tep", chosen("a.txt"))

    assert not page.locator("[data-together]").is_visible()
    assert page.locator("[data-chosen]").inner_text() == "a.txt"
