"""Several people, or sessions, at one computer with work that was not sent."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.web.reporting.conftest import WHOLE
from tests.web.reporting.laptop import (
    all_sent,
    change_person,
    cookies_of,
    figures,
    open_form,
    put,
    says,
    until,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_session_that_ended_keeps_the_work_asks_to_sign_in_and_goes_on(
    device, client, world, live_server
):
    open_form(device)
    device.context.clear_cookies()
    put(device, WHOLE, "40")
    says(device, "Phiên làm việc đã hết; đăng nhập lại để gửi tiếp.")
    assert figures(device) == {}
    client.force_login(world.baocao, backend="namro.web.org.backends.PostsBackend")
    device.context.add_cookies(cookies_of(client, live_server))
    open_form(device)
    all_sent(device)
    assert figures(device) == {WHOLE: "40"}


def test_another_person_at_the_same_computer_neither_sees_nor_sends(
    device, client, world, live_server
):
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    says(device, "chưa gửi: 1 ô")
    change_person(device, client, live_server, world.xakhac)
    device.goto(device.site + reverse("reporting:on_device"))
    device.locator("html[data-device-ready='sent']").wait_for(state="attached")
    assert "chưa gửi: 1 ô" not in device.locator("main").inner_text()
    device.context.set_offline(True)
    device.goto(device.form)  # the other's form is not shown from what was kept
    expect(device.get_by_role("heading", name="Báo cáo trên máy này")).to_be_visible()
    assert figures(device) == {}
    change_person(device, client, live_server, world.baocao)
    all_sent(device)
    assert figures(device) == {WHOLE: "40"}


def test_page_left_open_takes_nothing_from_the_person_who_signed_in_after(
    device, client, world, live_server
):
    open_form(device)
    client.force_login(world.xakhac, backend="namro.web.org.backends.PostsBackend")
    device.context.add_cookies(cookies_of(client, live_server))
    other = device.context.new_page()
    other.goto(device.site + reverse("reporting:duties"))
    other.locator("html[data-device-ready='sent']").wait_for(state="attached")
    put(device, WHOLE, "41")
    says(device, "đã có người khác đăng nhập")
    assert device.locator("#bieu").evaluate("form => form.inert")
    assert figures(device) == {}
    other.close()


def test_leaving_with_unsent_work_warns_first(device):
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    says(device, "chưa gửi: 1 ô")
    asked = []
    device.on("dialog", lambda box: (asked.append(box.message), box.dismiss()))
    with device.expect_event("dialog"):
        device.get_by_role("button", name="Thoát").click()
    expect(device.locator("[data-saved]")).to_contain_text("chưa gửi: 1 ô")
    assert asked and "còn số liệu báo cáo chưa gửi" in asked[0]


FIGURES = """async () => (await namroStore.all("duties"))
  .filter((row) => row.cells || row.told || row.mine || row.seen)
  .map((row) => row.who)"""
NAMED = """async () => (await namroStore.all("duties")).map((row) => [row.who, row.label])"""


def test_site_s_figures_go_with_the_person_and_unsent_work_stays_named(
    device, client, world, live_server
):
    open_form(device)
    put(device, WHOLE, "40")
    all_sent(device)
    device.context.set_offline(True)
    put(device, WHOLE, "41")
    says(device, "chưa gửi: 1 ô")
    change_person(device, client, live_server, world.xakhac)
    mine, other = str(world.baocao.pk), str(world.xakhac.pk)
    assert mine not in device.evaluate(FIGURES)
    named = dict(device.evaluate(NAMED))
    assert named[mine] == "Biểu số liệu tháng 9/2025" and other in named


def test_leaving_takes_the_site_s_figures_and_pages_along(device):
    open_form(device)
    put(device, WHOLE, "40")
    all_sent(device)
    assert device.evaluate(FIGURES)
    device.get_by_role("button", name="Thoát").click()
    device.wait_for_url("**/dang-nhap/**")
    device.add_script_tag(url=device.site + "/tinh/reporting/store.js")
    assert device.evaluate("async () => (await namroStore.all('duties')).length") == 0
    assert device.evaluate("async () => (await caches.keys()).filter((n) => /bieu/.test(n))") == []


def test_figures_and_pages_go_in_a_browser_that_does_not_list_its_stores(
    device, client, world, live_server
):
    open_form(device)
    device.context.add_init_script("delete IDBFactory.prototype.databases")
    device.get_by_role("button", name="Thoát").click()
    device.wait_for_url("**/dang-nhap/**")
    client.force_login(world.xakhac, backend="namro.web.org.backends.PostsBackend")
    device.context.add_cookies(cookies_of(client, live_server))
    device.goto(device.site)
    assert device.evaluate("'databases' in indexedDB") is False
    kept = "async () => (await caches.keys()).filter((n) => n.startsWith('namro-bieu-'))"
    assert device.evaluate(kept) == []


def test_page_of_the_site_begins_no_store_where_none_is_kept(live_server, client, world, browser):
    client.force_login(world.xakhac, backend="namro.web.org.backends.PostsBackend")
    context = browser.new_context(locale="vi-VN")
    context.add_cookies(cookies_of(client, live_server))
    page = context.new_page()
    page.goto(live_server.url)
    page.evaluate("new Promise((done) => setTimeout(done, 0))")
    until(page, "async () => (await indexedDB.databases()).length === 0")
    context.close()
