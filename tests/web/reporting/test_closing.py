"""A page shut or loaded anew right after the last key: nothing typed is lost, nobody else's."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from namro.web.reporting import queries
from namro.web.reporting.models import CellEntry
from tests.web.reporting.conftest import PART, WHOLE
from tests.web.reporting.laptop import (
    all_sent,
    cookies_of,
    figures,
    open_form,
    prepare,
    put,
    quiet,
    until,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LAST_KEY = """([name, text]) => {
  const field = document.querySelector(`[name="${name}"]`);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  location.reload();
}"""

# The store is held until the page is gone: nothing typed now can reach it.
SENDING = re.compile(r"/(ket-noi|o)/$")
HOLD = """async () => {
  const db = await new Promise((done) => {
    indexedDB.open("namro-bao-cao").onsuccess = (event) => done(event.target.result);
  });
  const cells = db.transaction("cells", "readwrite").objectStore("cells");
  const again = () => { cells.count().onsuccess = again; };
  again();
}"""


def shut_at_last_key(page, name, text, how):
    """The last key and the end of the page in one turn, while the store takes nothing more."""
    page.evaluate(HOLD)
    page.evaluate(LAST_KEY.replace("location.reload()", how), [name, text])


def reload_at_last_key(page, name, text, held):
    page.evaluate("delete document.documentElement.dataset.formReady")
    if held:
        page.evaluate(HOLD)
    page.evaluate(LAST_KEY, [name, text])
    page.locator("html[data-form-ready]").wait_for(state="attached")


def test_reload_at_the_last_key_twenty_times_loses_nothing(device):
    open_form(device)
    for turn in range(1, 21):
        name = (f"v-{WHOLE}", f"n-{WHOLE}", f"v-{PART}", "note")[turn % 4]
        reload_at_last_key(device, name, str(turn), held=turn % 3 > 0)
        assert device.locator(f"[name='{name}']").input_value() == str(turn)
    all_sent(device)
    draft = queries.last_of(device.duty)
    assert figures(device) == {WHOLE: "20", PART: "18"}
    assert (draft.values[WHOLE]["note"], draft.note) == ("17", "19")
    assert not CellEntry.objects.filter(aside=True).exists()
    assert device.evaluate("localStorage.length") == 0


def test_reload_without_a_line_twenty_times_keeps_the_last_word_of_each_cell(device):
    device.context.set_offline(True)
    open_form(device)
    for turn in range(1, 21):
        field = device.locator(f"[name='v-{(WHOLE, PART)[turn % 2]}']")
        field.focus()
        device.keyboard.press("Control+A")
        device.keyboard.type(str(turn))
        device.evaluate("location.reload()")
        device.locator("html[data-form-ready]").wait_for(state="attached")
        expect(field).to_have_value(str(turn))
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert figures(device) == {WHOLE: "20", PART: "19"}
    assert CellEntry.objects.count() == 2


def test_figure_put_back_to_what_stood_at_the_last_key_is_not_sent_otherwise(device):
    open_form(device)
    put(device, WHOLE, "40")
    all_sent(device)
    device.context.set_offline(True)
    put(device, WHOLE, "41")
    until(device, "async () => (await namroStore.all('cells')).length === 1")
    reload_at_last_key(device, f"v-{WHOLE}", "40", held=True)
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert figures(device) == {WHOLE: "40"}


def test_address_begun_when_the_page_closed_stands_in_its_field_again(device):
    open_form(device)
    field = device.locator(f"[name='l-{PART}']")
    field.focus()
    device.keyboard.type("https://mau.exa")
    device.reload()
    device.locator("html[data-form-ready]").wait_for(state="attached")
    expect(field).to_have_value("https://mau.exa")
    field.fill("")
    open_form(device)
    expect(field).to_have_value("")


def test_closed_page_s_last_word_goes_from_the_list_of_returns_too(device):
    open_form(device)
    shut_at_last_key(device, f"v-{WHOLE}", "40", "location.href = '/bao-cao/'")
    device.locator("html[data-device-ready='sent']").wait_for(state="attached")
    quiet(device)
    assert figures(device) == {WHOLE: "40"}


def close_and_sign_in(device, client, live_server, person):
    device.goto("about:blank")
    device.context.clear_cookies()
    client.force_login(person, backend="namro.web.org.backends.PostsBackend")
    device.context.add_cookies(cookies_of(client, live_server))
    device.context.set_offline(False)
    prepare(device)


def test_last_word_of_a_closed_page_is_neither_seen_nor_sent_by_another(
    device, client, world, live_server
):
    open_form(device)
    device.route(SENDING, lambda sent: sent.abort("internetdisconnected"))
    shut_at_last_key(device, f"v-{WHOLE}", "40", "location.href = '/'")
    device.wait_for_url(lambda address: "/bao-cao/" not in address)
    device.unroute(SENDING)
    close_and_sign_in(device, client, live_server, world.xakhac)
    device.goto(device.site + reverse("reporting:on_device"))
    device.locator("html[data-device-ready='sent']").wait_for(state="attached")
    assert "chưa gửi:" not in device.locator("main").inner_text()
    assert figures(device) == {} and device.evaluate("localStorage.length") == 1
    close_and_sign_in(device, client, live_server, world.baocao)
    all_sent(device)
    assert figures(device) == {WHOLE: "40"} and device.evaluate("localStorage.length") == 0


def test_leaving_keeps_the_last_word_for_its_owner(device, client, world, live_server):
    asked = []
    device.on("dialog", lambda box: (asked.append(box.message), box.accept()))
    open_form(device)
    device.route(SENDING, lambda sent: sent.abort("internetdisconnected"))
    shut_at_last_key(device, f"v-{WHOLE}", "40", "location.href = '/'")
    device.wait_for_url(lambda address: "/bao-cao/" not in address)
    device.unroute(SENDING)
    device.get_by_role("button", name="Thoát").click()
    device.wait_for_url("**/dang-nhap/**")
    assert asked and "còn số liệu báo cáo chưa gửi" in asked[0]
    assert device.evaluate("localStorage.length") == 1
    close_and_sign_in(device, client, live_server, world.baocao)
    all_sent(device)
    assert figures(device) == {WHOLE: "40"} and device.evaluate("localStorage.length") == 0
