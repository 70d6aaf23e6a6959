"""Days without a line, in a real browser: open, fill, check, attach; then all arrives once."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from namro.web.reporting import actions
from namro.web.reporting.models import CellEntry, Duty, Evidence
from namro.web.reporting.proof import parts
from namro.web.reporting.views import offline
from tests.web.reporting.conftest import AT, PART, PDF, WHOLE
from tests.web.reporting.laptop import (
    all_sent,
    figures,
    open_form,
    prepare,
    put,
    quiet,
    says,
    until,
    without_worker_sending,
    worker_gives_way,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_form_opens_is_filled_and_proven_without_a_line_and_arrives_whole(device):
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    put(device, PART, "41")
    assert "41 lớn hơn 40" in device.locator(f"#m-{PART}").inner_text()
    put(device, PART, "32")
    proof = {"name": "danh-sach.pdf", "mimeType": "application/pdf", "buffer": PDF * 40_000}
    device.set_input_files(f"[name='f-{PART}']", proof)
    says(device, "Lưu trên máy này, chưa gửi: 2 ô, 1 tệp. Tự gửi khi có mạng.")
    open_form(device)  # the laptop was shut and opened again
    assert device.locator(f"[name='v-{PART}']").input_value() == "32"
    assert figures(device) == {}
    device.context.set_offline(False)
    all_sent(device)
    assert figures(device) == {WHOLE: "40", PART: "32"}
    assert [e.size for e in Evidence.objects.all()] == [len(PDF) * 40_000]
    assert not list(parts.folder().glob("*/*"))
    device.get_by_role("button", name="Nộp báo cáo").click()
    device.get_by_text("Đã nộp báo cáo tháng 9/2025").wait_for()


def test_what_is_only_here_stands_on_a_page_of_its_own_without_a_line(device):
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    says(device, "chưa gửi: 1 ô")
    device.goto(device.site + reverse("reporting:duties"))
    kept = device.locator("[data-device] li")
    expect(kept).to_contain_text("Lưu trên máy này, chưa gửi: 1 ô.")
    assert device.get_by_role("heading", name="Báo cáo trên máy này").count() == 1


def test_clock_of_the_device_wrong_by_a_year_changes_nothing(device):
    device.clock.install(time="2019-01-01T00:00:00Z")
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    says(device, "chưa gửi: 1 ô")
    device.clock.set_system_time("2031-05-05T00:00:00Z")
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    entry = CellEntry.objects.get()
    assert entry.content["value"] == "40" and entry.typed_at == entry.at


def test_two_devices_and_a_workbook_lose_nothing(device, world, tmp_path, browser, client):
    book = tmp_path / "bieu.xlsx"
    book.write_bytes(filled_workbook(actions.workbook_of(device.duty), {"E7": 42, "E8": 33}))
    other = browser.new_context(locale="vi-VN", storage_state=device.context.storage_state())
    second = other.new_page()
    second.site, second.form, second.duty = device.site, device.form, device.duty
    prepare(second)
    for page, texts in ((device, {WHOLE: "40"}), (second, {WHOLE: "41", PART: "32"})):
        page.context.set_offline(True)
        open_form(page)
        for element, text in texts.items():
            put(page, element, text)
        says(page, f"chưa gửi: {len(texts)} ô")
    for page in (device, second):
        page.context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        all_sent(page)
    actions.receive_workbook(
        duty=device.duty, path=book, file_name=book.name, by=world.baocao, at=AT
    )
    standing = CellEntry.objects.filter(open=True).order_by("element", "pk")
    told = [(e.element, e.content["value"], e.aside, e.origin) for e in standing]
    assert told == [
        (WHOLE, "40", False, "OFFLINE"), (WHOLE, "41", True, "OFFLINE"),
        (WHOLE, "42", True, "EXCEL"),
        (PART, "32", False, "OFFLINE"), (PART, "33", True, "EXCEL"),
    ]  # fmt: skip
    open_form(device)
    box = device.locator(f"[data-conflict='v-{WHOLE}']")
    assert "từ tệp Excel, ô Biểu 1!E7" in box.inner_text()
    box.get_by_role("button", name="Chọn 42").click()
    device.get_by_text("Đã ghi lựa chọn").wait_for()
    assert figures(device) == {WHOLE: "42", PART: "32"}
    other.close()


def filled_workbook(content: bytes, cells: dict[str, int]) -> bytes:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        book["Biểu 1"][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


IN_CHARGE = """async () => {
  const one = await navigator.serviceWorker.getRegistration();
  if (one.installing || one.waiting || one.active.state !== "activated") return false;
  const name = "namro-tep-ffffffffffffffff", page = "/bao-cao/tren-may/";
  if ((await caches.has(name)) && (await (await caches.open(name)).match(page))) return true;
  await one.update();
  return false;
}"""


def test_new_version_of_the_site_while_unsent_work_waits(device, monkeypatch):
    without_worker_sending(device)
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    says(device, "chưa gửi: 1 ô")
    saving = "**" + reverse("reporting:cells", args=[device.duty.pk])
    device.route(saving, lambda sent: sent.abort("internetdisconnected"))
    monkeypatch.setattr(offline, "app_version", lambda: "f" * 16)
    device.context.set_offline(False)
    until(device.context.service_workers[0], "() => fetch('/bao-cao/ket-noi/').catch(() => 0)")
    worker_gives_way(device, IN_CHARGE)
    device.context.set_offline(True)
    open_form(device)  # from what the new version kept
    assert device.locator(f"[name='v-{WHOLE}']").input_value() == "40"
    device.unroute(saving)
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert figures(device) == {WHOLE: "40"}


def test_work_kept_by_the_version_before_this_one_is_taken_over(device):
    key = f"namro:bieu-{device.duty.pk}-{device.evaluate('document.body.dataset.who')}"
    old = json.dumps({"id": "x", "lock": "0", "fields": {f"v-{WHOLE}": "40", f"v-{PART}": ""}})
    device.evaluate("([key, old]) => localStorage.setItem(key, old)", [key, old])
    open_form(device)
    all_sent(device)
    assert figures(device) == {WHOLE: "40"}
    assert device.evaluate("localStorage.length") == 0


def test_return_handed_in_meanwhile_keeps_the_work_and_says_so(device, world):
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "45")
    says(device, "chưa gửi: 1 ô")
    actions.attach(
        duty=device.duty, element="", file_name="a.pdf", chunks=[PDF], by=world.baocao, at=AT
    )
    draft = actions.save_draft(
        duty=device.duty, values={WHOLE: 40, PART: 32}, by=world.baocao, at=AT
    )
    actions.submit(submission=draft, by=world.baocao, at=AT)
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    says(device, "Lưu trên máy này, chưa gửi được: 1 ô. Báo cáo này đã nộp lúc")
    device.goto(device.site + reverse("reporting:on_device"))
    expect(device.locator("[data-device] li")).to_contain_text("chưa gửi: 1 ô")


def test_file_broken_off_goes_on_where_it_stopped(device, monkeypatch):
    open_form(device)
    kept, keep, broken = [], parts.keep, []

    def counted(user, sha256, number, *more):
        keep(user, sha256, number, *more)
        kept.append(number)

    def weak(sent):
        if "phan=2" in sent.request.url and not broken:
            broken.append(sent.request.url)
            return sent.abort("connectionreset")
        return sent.continue_()

    monkeypatch.setattr(parts, "keep", counted)
    device.route("**/tep/**", weak)
    whole = PDF + b"0" * (256 * 1024 * 4)
    proof = {"name": "anh.pdf", "mimeType": "application/pdf", "buffer": whole}
    device.set_input_files("[name='f-']", proof)
    device.wait_for_function("() => document.querySelector('[data-saved].warn')")
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert (len(broken), kept) == (1, [0, 1, 2, 3, 4])  # none was sent twice
    assert Evidence.objects.get().size == len(whole)


@pytest.mark.parametrize("kbit", [50])
def test_slow_line_of_2g_takes_everything(device, kbit):
    open_form(device)
    session = device.context.new_cdp_session(device)
    rate = kbit * 1024 / 8
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 800, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    put(device, WHOLE, "40")
    put(device, PART, "32")
    all_sent(device)
    assert figures(device) == {WHOLE: "40", PART: "32"}


def test_flaky_line_doubles_and_loses_nothing(device):
    """Every second answer is lost after the site has taken the sending in."""
    open_form(device)
    turn = {"number": 0}

    def flaky(sent):
        if sent.request.method != "POST":
            return sent.continue_()
        turn["number"] += 1
        if turn["number"] % 2:
            sent.fetch()
            return sent.abort("connectionreset")
        return sent.continue_()

    device.route("**/o/", flaky)
    for number, element in enumerate((WHOLE, PART, WHOLE, PART), start=1):
        put(device, element, str(number))
        device.evaluate("window.dispatchEvent(new Event('online'))")
    until(
        device,
        """async () => { window.dispatchEvent(new Event("online"));
        const left = await namroStore.unsent(await namroStore.owner());
        return !left.cells && !document.querySelector(".unsent"); }""",
        every=300,
    )
    quiet(device)
    assert figures(device) == {WHOLE: "3", PART: "4"}
    assert not CellEntry.objects.filter(aside=True).exists()
    assert Duty.objects.get(pk=device.duty.pk).submissions.count() == 1


def test_who_is_signed_in_is_asked_once_for_many_sendings(device):
    open_form(device)
    asked = []
    device.on("request", lambda sent: asked.append(sent.url.split("/")[-2]))
    for text in ("40", "41", "42"):
        put(device, WHOLE, text)
        all_sent(device)
    assert "ket-noi" not in asked and asked.count("o") == 3
    assert figures(device) == {WHOLE: "42"}


def test_line_that_neither_carries_nor_breaks_is_given_up_and_tried_again(device):
    open_form(device)
    device.evaluate("namroSender.patience.asking = 300")
    held = []
    device.route("**/o/", lambda sent: held.append(sent), times=1)  # never answered
    put(device, WHOLE, "40")
    all_sent(device)
    assert len(held) == 1
    assert figures(device) == {WHOLE: "40"}


def test_program_named_as_a_paper_is_refused_at_its_row_and_can_be_taken_off(device):
    open_form(device)
    wrong = {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 99}
    device.set_input_files(f"[name='f-{PART}']", wrong)
    refused = device.locator(f"tr[data-element='{PART}'] [data-waiting]")
    expect(refused).to_contain_text("Tệp “bao-cao.pdf” có nội dung không đúng loại .pdf")
    says(device, "1 minh chứng bị từ chối, hãy sửa hoặc gỡ; xem các chỗ báo đỏ trong biểu.")
    all_sent(device)  # what was refused keeps nothing from being handed in
    refused.get_by_role("button", name="Gỡ").click()
    expect(refused).to_have_count(0)
    quiet(device)
    assert not Evidence.objects.exists()


def test_refusal_that_passes_is_no_end_for_a_file(device):
    open_form(device)
    answers = [403, 413]

    def refuse(sent):
        if sent.request.method == "POST" and answers:
            return sent.fulfill(status=answers.pop(0), content_type="text/html", body="")
        return sent.continue_()

    device.route("**/tep/**", refuse)
    proof = {"name": "anh.pdf", "mimeType": "application/pdf", "buffer": PDF}
    device.set_input_files("[name='f-']", proof)
    says(device, "chưa gửi được: 1 tệp. Lần gửi lớn hơn mức máy chủ nhận.")
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert Evidence.objects.count() == 1


def test_page_named_as_proof_without_a_line_waits_and_arrives_once(device):
    without_worker_sending(device)
    open_form(device)
    device.context.set_offline(True)
    field = device.locator(f"[name='l-{PART}']")
    field.fill("https://mau.example/danh-sach")
    field.press("Tab")
    says(device, "Lưu trên máy này, chưa gửi: 1 địa chỉ trang. Tự gửi khi có mạng.")
    open_form(device)  # shut and opened again
    waiting = device.locator(f"tr[data-element='{PART}'] [data-waiting]")
    expect(waiting).to_contain_text("https://mau.example/danh-sach: lưu trên máy này, chưa gửi.")
    lost = []

    def cut(sent):
        if "lien-ket" in sent.request.url and not lost:
            lost.append(sent.fetch())  # it arrived; its answer never does
            return sent.abort("connectionreset")
        return sent.continue_()

    device.route("**/tep/**", cut)
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    device.wait_for_function("() => document.querySelector('[data-saved].warn')")
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    proof = Evidence.objects.get()
    assert (proof.element, proof.link, len(lost)) == (PART, "https://mau.example/danh-sach", 1)
    expect(device.get_by_role("link", name="https://mau.example/danh-sach")).to_be_visible()


def test_address_that_is_no_page_is_refused_at_its_row_and_can_be_mended(device):
    open_form(device)
    field = device.locator(f"[name='l-{PART}']")
    field.fill("mau.example/danh-sach")
    field.press("Tab")
    refused = device.locator(f"tr[data-element='{PART}'] [data-waiting]")
    expect(refused).to_contain_text("“mau.example/danh-sach” không phải địa chỉ trang")
    refused.get_by_role("button", name="Sửa lại").click()
    expect(field).to_have_value("mau.example/danh-sach")
    field.fill("https://mau.example/danh-sach")
    field.press("Tab")
    all_sent(device)
    expect(refused).to_have_count(0)
    assert Evidence.objects.get().link == "https://mau.example/danh-sach"
