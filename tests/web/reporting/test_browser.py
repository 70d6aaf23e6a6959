"""The form in a real browser: live checks, saving by itself, no line, two people at once."""

from __future__ import annotations

import os

import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.web.reporting import actions, queries
from tests.web.reporting.conftest import AT, PART, WHOLE
from tests.web.reporting.laptop import until

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
    context = browser.new_context(locale="vi-VN", service_workers="block")
    context.add_cookies([cookie])
    shown = context.new_page()
    shown.faults = []
    shown.on("pageerror", lambda error: shown.faults.append(str(error)))
    shown.duty, shown.address = (
        duty,
        live_server.url + reverse("reporting:duty", args=[duty.pk]),
    )
    shown.goto(shown.address)
    shown.locator("html[data-form-ready]").wait_for()
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
    wait_for(page, "Đã gửi lúc")


def wait_for_nothing_left(page):
    """Until all that was typed is on the site."""
    until(
        page,
        """async () => { const left = await namroStore.unsent(document.body.dataset.who);
        return !left.cells && !left.files && !document.querySelector(".unsent"); }""",
    )


@pytest.mark.parametrize(
    ("whole", "part", "message"),
    [
        ("40", "41", "41 lớn hơn 40"),
        ("40", "3.5", "Ô chứa chữ “3.5”, không phải là số. Viết phần thập phân sau dấu phẩy: 3,5."),
        ("40", "3,5", "Số 3,5 có 1 chữ số sau dấu phẩy; dòng này ghi số nguyên."),
        ("40", "-1", "Số -1 là số âm."),
        ("40", "ba", "Ô chứa chữ “ba”, không phải là số."),
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
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "1035"
    put(page, PART, "32")
    wait_for_nothing_left(page)
    assert queries.last_of(page.duty).values[PART]["value"] == "32"


def test_form_without_line_keeps_and_sends_when_it_is_back(page):
    page.context.set_offline(True)
    put(page, WHOLE, "77")
    wait_for(page, "Lưu trên máy này, chưa gửi: 1 ô. Tự gửi khi có mạng.")
    assert queries.last_of(page.duty) is None
    page.context.set_offline(False)
    wait_for_saved(page)
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "77"


def test_form_closed_without_line_comes_back_with_what_was_typed(page):
    saving = "**" + reverse("reporting:cells", args=[page.duty.pk])
    page.route(saving, lambda sent: sent.abort("internetdisconnected"))
    put(page, WHOLE, "78")
    wait_for(page, "Lưu trên máy này, chưa gửi: 1 ô")
    assert queries.last_of(page.duty) is None
    page.unroute(saving)
    page.goto(page.address)
    wait_for_saved(page)
    assert page.locator(f"[name='v-{WHOLE}']").input_value() == "78"
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "78"


def test_form_answer_lost_on_the_way_sends_again_and_doubles_nothing(page):
    saving, lost = "**" + reverse("reporting:cells", args=[page.duty.pk]), []

    def cut(sent):
        if sent.request.method == "POST" and not lost:
            lost.append(sent.fetch())  # it arrived; its answer never does
            sent.abort("connectionreset")
        else:
            sent.continue_()

    page.route(saving, cut)
    put(page, WHOLE, "79")
    wait_for(page, "Lưu trên máy này, chưa gửi: 1 ô")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_saved(page)
    assert [e.content["value"] for e in page.duty.entries.all()] == ["79"]


def test_form_two_people_at_once_keeps_both_and_asks(page, world):
    actions.save_draft(duty=page.duty, values={WHOLE: 50}, by=world.baocao, at=AT)
    put(page, WHOLE, "47")
    wait_for_saved(page)
    box = page.locator(f"[data-conflict='v-{WHOLE}']")
    box.get_by_role("button", name="Chọn 50").wait_for()
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "50"
    box.get_by_role("button", name="Chọn 47").click()
    page.get_by_text("Đã ghi lựa chọn").wait_for()
    assert queries.last_of(page.duty).values[WHOLE]["value"] == "47"
    assert not page.locator("[data-conflict]").count()


def test_form_takes_in_what_another_wrote_into_other_cells(page, world):
    actions.save_draft(duty=page.duty, values={PART: 31}, by=world.baocao, at=AT)
    put(page, WHOLE, "47")
    wait_for_saved(page)
    page.wait_for_function(f"document.querySelector('[name=v-{PART}]').value === '31'")
    values = queries.last_of(page.duty).values
    assert (values[WHOLE]["value"], values[PART]["value"]) == ("47", "31")


def test_form_takes_a_block_from_a_spreadsheet_and_takes_it_back(page):
    page.locator(f"[name='v-{WHOLE}']").focus()
    paste(page, "1.040\tTheo danh sách\n1.035\t\n")
    wait_for_nothing_left(page)
    values = queries.last_of(page.duty).values
    assert [values[e]["value"] for e in (WHOLE, PART)] == ["1040", "1035"]
    assert values[WHOLE]["note"] == "Theo danh sách"
    page.get_by_role("button", name="Hoàn tác lần dán").click()
    wait_for_nothing_left(page)
    assert queries.last_of(page.duty).values[WHOLE]["value"] is None


def test_form_refuses_a_block_too_wide_and_says_so(page):
    page.locator(f"[name='v-{WHOLE}']").focus()
    paste(page, "1\tSố người\tngười\t40\n")
    assert "Khối vừa dán có 4 cột" in page.locator("[data-pasted]").inner_text()
    assert page.locator(f"[name='v-{WHOLE}']").input_value() == ""


def paste(page, text):
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_form_arrows_move_as_in_a_spreadsheet(page):
    page.locator(f"[name='v-{WHOLE}']").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.name") == f"v-{PART}"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == f"n-{PART}"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == f"n-{WHOLE}"


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
def test_form_with_all_it_can_say_never_scrolls_sideways(page, world, width, tmp_path):
    """A conflict, a fault, a file on the way: looked at in NAMRO_PICTURES."""
    actions.save_draft(duty=page.duty, values={WHOLE: 50}, by=world.baocao, at=AT)
    put(page, WHOLE, "47")
    page.locator("[data-conflict]").wait_for()
    page.context.set_offline(True)
    put(page, PART, "60")
    page.locator(f"[name='n-{PART}']").fill("Theo danh sách lớp bồi dưỡng tháng 9")
    proof = tmp_path / "Danh sách lớp bồi dưỡng kỹ năng số xã Suối Một tháng 9 năm 2025.pdf"
    proof.write_bytes(b"%PDF-1.4")
    page.set_input_files(f"[name='f-{PART}']", proof)
    wait_for(page, "chưa gửi: 2 ô, 1 tệp")
    page.set_viewport_size({"width": width, "height": 900})
    if folder := os.environ.get("NAMRO_PICTURES"):
        page.screenshot(path=f"{folder}/bieu-day-du-{width}.png", full_page=True)
        page.emulate_media(media="print")
        page.screenshot(path=f"{folder}/bieu-in-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
