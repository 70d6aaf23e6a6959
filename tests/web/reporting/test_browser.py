"""The form in a real browser: live checks, saving by itself, no line, two people at once."""

from __future__ import annotations

import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.web.reporting import actions, queries
from tests.web.reporting.conftest import AT, PART, WHOLE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(live_server, client, opened, world, monkeypatch, browser):
    """The form of commune c1, open in a browser, signed in as its officer."""
    client.force_login(world.baocao, backend="namro.web.org.backends.PostsBackend")
    duty = opened.duties.get(unit=world.units["c1"])
    cookie = {
        "name": site.SESSION_COOKIE_NAME,
        "value": client.cookies[site.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    context = browser.new_context(locale="vi-VN")
    context.add_cookies([cookie])
    shown = context.new_page()
    shown.faults = []
    shown.on("pageerror", lambda error: shown.faults.append(str(error)))
    shown.duty, shown.address = (
        duty,
        live_server.url + reverse("reporting:duty", args=[duty.pk]),
    )
    shown.goto(shown.address)
    yield shown
    assert shown.faults == []
    context.close()


def put(page, element, text):
    field = page.locator(f"[name='v-{element}']")
    field.fill(text)
    return field


def said_at(page, element):
    return page.locator(f"#m-{element}").inner_text()


def wait_for(page, text):
    """Until the form says so."""
    from playwright.sync_api import expect

    expect(page.locator("[data-saved]")).to_contain_text(text)


def wait_for_saved(page):
    wait_for(page, "Đã lưu lúc")


@pytest.mark.parametrize(
    ("whole", "part", "message"),
    [
        ("40", "41", "41 lớn hơn 40"),
        ("40", "3.5", "Viết phần thập phân sau dấu phẩy: 3,5."),
        ("40", "3,5", "Dòng này ghi số nguyên."),
        ("40", "-1", "Số không được âm."),
        ("40", "ba", "“ba” không phải là số"),
        ("1.040", "1.035", ""),
        ("40", "", ""),
    ],
)
def test_form_checks_at_the_cell_while_typing(page, whole, part, message):
    put(page, WHOLE, whole)
    put(page, PART, part)
    assert said_at(page, PART).startswith(message) and bool(said_at(page, PART)) == bool(message)


def test_form_saves_by_itself(page):
    put(page, WHOLE, "1.035")
    wait_for_saved(page)
    draft = queries.last_of(page.duty)
    assert (draft.values[WHOLE]["value"], draft.lock) == ("1035", 1)
    put(page, PART, "32")
    page.locator("[name=lock][value='2']").wait_for(state="attached")
    assert queries.last_of(page.duty).values[PART]["value"] == "32"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_form_without_line_keeps_and_sends_when_it_is_back(page):
    page.context.set_offline(True)
    put(page, WHOLE, "77")
    wait_for(page, "Đã giữ trên máy này")
    assert queries.last_of(page.duty) is None
    page.context.set_offline(False)
    wait_for_saved(page)
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "77"
    assert queries.last_of(page.duty).client_id is not None


def test_form_closed_without_line_comes_back_with_what_was_typed(page):
    saving = "**" + reverse("reporting:save", args=[page.duty.pk])
    page.route(saving, lambda sent: sent.abort("internetdisconnected"))
    put(page, WHOLE, "78")
    wait_for(page, "Đã giữ")
    assert queries.last_of(page.duty) is None
    page.unroute(saving)  # the next try of this page is seconds away
    page.goto(page.address)
    wait_for_saved(page)
    assert page.locator(f"[name='v-{WHOLE}']").input_value() == "78"
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "78"
    assert queries.last_of(page.duty).lock == 1


def test_form_two_people_at_once_keeps_mine_and_shows_theirs(page, world):
    actions.save_draft(duty=page.duty, values={WHOLE: 50}, lock=0, by=world.baocao, at=AT)
    field = put(page, WHOLE, "47")
    wait_for(page, "Đã có người lưu")
    assert field.input_value() == "47" and said_at(page, WHOLE) == "Người khác đã lưu: 50"
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "50"
    page.get_by_role("button", name="Lưu số của tôi").click()
    wait_for_saved(page)
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "47"


def test_form_is_handed_in_with_its_evidence(page, tmp_path):
    proof = tmp_path / "Danh sách.pdf"
    proof.write_bytes(b"%PDF-1.4")
    put(page, WHOLE, "40")
    put(page, PART, "32")
    page.set_input_files(f"[name='f-{PART}']", proof)
    page.get_by_role("link", name="Danh sách.pdf").wait_for()
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Đã nộp báo cáo tháng 9/2025").wait_for()
    assert queries.last_of(page.duty).status == "SUBMITTED"


def test_form_enter_goes_down_and_hands_nothing_in(page):
    put(page, WHOLE, "40").press("Enter")
    assert page.evaluate("document.activeElement.name") == f"v-{PART}"


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_form_never_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
