"""The review by keyboard, in a real browser, under the real content security policy."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.plans.models import Reading
from tests.web.plans.sample import read_seed

pytestmark = pytest.mark.slow


@pytest.fixture
def reading(coordinated) -> Reading:
    """The seed plan read, and the coordinator signed in with the browser."""
    return read_seed(coordinated)


def item_now(reading, key):
    return reading.items.get(key=key).item


def at_item(page, key):
    """Wait until the panel is the item's, the keys its own again."""
    page.wait_for_selector(f"#muc[data-key={key}]")
    page.wait_for_selector("#muc:focus, #muc :focus", state="attached")


def lit(page):
    return "".join(page.locator(".paper .lit").all_inner_texts())


def test_review_by_keyboard(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=ct-4&thu-tu=document")

    page.keyboard.press("j")
    at_item(page, "ct-5")
    page.keyboard.press("k")
    at_item(page, "ct-4")
    assert "3,0%" in lit(page)

    page.keyboard.press("Enter")
    at_item(page, "ct-5")
    assert page.locator(".counted").inner_text() == "1/26 đã rà soát"
    assert page.locator("#d-ct-4").get_attribute("class") == "done"
    assert item_now(reading, "ct-4")["checked"]
    assert "muc=ct-5" in page.url

    page.locator("#value").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("tám mươi")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.error")
    assert page.locator("#value").input_value() == "tám mươi"  # nothing typed is lost
    assert page.evaluate("document.activeElement.id") == "value"
    page.keyboard.press("Control+a")
    page.keyboard.type("82,5")
    page.keyboard.press("Enter")
    at_item(page, "ct-6")
    assert item_now(reading, "ct-5")["value"] == "82.5"

    page.keyboard.press("z")
    page.get_by_text("Hoàn tác: Sửa chỉ tiêu 5").wait_for()
    assert item_now(reading, "ct-5")["value"] == "80"
    at_item(page, "ct-5")
    page.keyboard.press("z")
    at_item(page, "ct-4")
    assert page.locator(".counted").inner_text() == "0/26 đã rà soát"


def test_keys_pressed_faster_than_the_line_reach_the_right_item(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=ct-1&thu-tu=document")

    for key in ("Enter", "j", "Enter", "x"):  # ct-1 accepted, over ct-2, ct-3 accepted, ct-4 gone
        page.keyboard.press(key)

    at_item(page, "ct-5")
    found = {k: item_now(reading, f"ct-{k}") for k in (1, 2, 3, 4)}
    assert [found[k]["checked"] for k in found] == [True, False, True, True]
    assert [found[k]["kept"] for k in found] == [True, True, True, False]


def test_a_key_pressed_as_an_answer_comes_waits_for_the_whole_panel(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=ct-1&thu-tu=document")
    page.evaluate(
        """() => { const keys = ["j", "Enter", "x"]; window.stayed = true;
          document.addEventListener("htmx:afterRequest", () => {
            const key = keys.shift();
            if (key) document.querySelector("#muc").dispatchEvent(
              new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }); }"""
    )

    page.keyboard.press("Enter")

    at_item(page, "ct-5")
    assert page.evaluate("window.stayed")  # no form was sent by the browser itself
    assert [item_now(reading, f"ct-{k}")["checked"] for k in (1, 2, 3)] == [True, False, True]
    assert not item_now(reading, "ct-4")["kept"]


def test_a_key_without_a_button_does_not_hold_up_the_keys_after_it(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=ct-1&thu-tu=document")

    page.evaluate(
        """() => { for (const key of ["j", "q", "j", "w", "q", "j"])
          document.querySelector("#muc").dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true })); }"""
    )

    at_item(page, "ct-4")


def test_a_sentence_is_cut_at_the_caret_and_put_together_again(live_server, page, reading):
    address = live_server.url + reverse("plans:reading", args=[reading.pk])
    page.goto(f"{address}?muc=nv-3&thu-tu=document")
    quote = item_now(reading, "nv-3")["quote"]

    page.keyboard.press("s")
    page.wait_for_selector("[data-cut]")
    page.wait_for_selector("[data-cut]:focus")
    assert "cơ quan, đơn vị; " in page.locator('[data-half="1"]').inner_text() + " "  # proposed
    page.evaluate("document.querySelector('[data-cut]').setSelectionRange(0, 0)")
    for _ in range(quote.index(" ", 20)):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#d-nv-7")
    at_item(page, "nv-3")

    assert item_now(reading, "nv-3")["quote"] == quote[: quote.index(" ", 20)]
    assert item_now(reading, "nv-7")["quote"] == quote[quote.index(" ", 20) :].strip()
    assert lit(page).strip() == quote[: quote.index(" ", 20)]
    page.keyboard.press("m")
    page.wait_for_selector("#d-nv-7", state="detached")
    at_item(page, "nv-3")
    assert item_now(reading, "nv-3")["quote"] == quote
    assert lit(page).strip() == quote


def test_many_are_accepted_at_once_and_all_come_back(live_server, page, reading):
    page.goto(live_server.url + reverse("plans:reading", args=[reading.pk]) + "?muc=ct-4")

    page.keyboard.press("a")
    page.wait_for_selector("#muc[data-key=nhan-ca]")
    count = int(page.locator("#muc p strong").first.inner_text().split()[0])
    page.keyboard.press("Enter")
    page.get_by_text(f"Xác nhận cùng lúc {count} mục").first.wait_for()

    assert reading.items.filter(checked=True).count() == count
    assert page.locator(".queue li.done").count() == count
    page.wait_for_selector("#muc:focus")
    page.keyboard.press("z")
    page.locator(".queue li.done").first.wait_for(state="detached")
    assert reading.items.filter(checked=True).count() == 0


def test_search_and_the_list_of_keys(live_server, page, reading):
    page.goto(live_server.url + reverse("plans:reading", args=[reading.pk]))

    page.keyboard.press("?")
    assert page.locator("#phim").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("thu tuc hanh chinh")
    assert 0 < page.locator(".queue li:visible").count() < 6
    page.keyboard.press("Enter")
    page.wait_for_selector("#muc:focus")
    assert "thủ tục hành chính" in page.locator("#muc .quote").inner_text().lower()


def test_marked_words_become_a_task(live_server, page, reading):
    page.goto(live_server.url + reverse("plans:reading", args=[reading.pk]))
    page.evaluate(
        """() => {
          const block = [...document.querySelectorAll(".paper .block")]
            .find((b) => b.textContent.includes("Mục tiêu, nhiệm vụ cần xác định"));
          const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode();
          const start = text.textContent.indexOf("tổ chức");
          const range = document.createRange();
          range.setStart(text, start);
          range.setEnd(text, start + "tổ chức triển khai đồng bộ".length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )

    page.get_by_role("button", name="Thêm nhiệm vụ").click()

    page.wait_for_selector("#muc[data-key=nv-7]")
    assert item_now(reading, "nv-7")["quote"] == "tổ chức triển khai đồng bộ"


def test_a_session_that_ended_takes_nothing_typed_with_it(live_server, page, reading, settings):
    page.goto(live_server.url + reverse("plans:reading", args=[reading.pk]) + "?muc=ct-4")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.locator("#value").fill("12,5")
    page.keyboard.press("Enter")
    page.get_by_text("phiên làm việc đã hết").wait_for()

    assert page.locator("#value").input_value() == "12,5"
    assert item_now(reading, "ct-4")["value"] == "3"
