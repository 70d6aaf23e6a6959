"""What a cell or the site cannot take: said in words, kept whole, and the rest goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from namro.web.reporting import actions, queries
from namro.web.reporting.models import CellEntry, Sending
from namro.web.reporting.views import cells as sent_cells
from namro.web.reporting.views import offline
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, later
from tests.web.reporting.laptop import all_sent, figures, open_form, put, quiet, says

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = "ghi chú dài " * 100  # 1.200 signs, 1.199 without the blank at its end


def note_of(page, element=WHOLE):
    return page.locator(f"[name='n-{element}']")


def paste(page, text):
    """What a person does: copied elsewhere, Ctrl+V here."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def keep_as_before(page, store, *rows):
    """What a version of the site before this one kept on the device."""
    page.evaluate(
        "async ([store, rows]) => { const who = await namroStore.owner();"
        " for (const row of rows) await namroStore.put(store, { who, ...row, id: who + row.id });"
        " }",
        [store, list(rows)],
    )


def typed(page, name, text):
    duty = page.duty.pk
    return {"id": f"/{duty}/{name}", "duty": duty, "name": name, "text": text, "base": 0, "at": 0}


def test_paste_longer_than_the_cell_takes_is_refused_in_words_not_cut(device):
    open_form(device)
    note_of(device).fill("đã có")
    note_of(device).focus()
    device.keyboard.press("End")
    paste(device, LONG)
    told = device.locator("[data-pasted]")
    expect(told).to_contain_text(
        "Chưa dán: ô này chỉ nhận 1.000 ký tự, dán vào thì dài 1.205 ký tự"
    )
    assert note_of(device).input_value() == "đã có"
    paste(device, " thêm")
    assert note_of(device).input_value() == "đã có thêm"
    note_of(device).fill("x" * 1000)
    device.keyboard.press("End")
    device.keyboard.press("y")
    expect(told).to_contain_text("Ô này đã đủ 1.000 ký tự, không nhận thêm")
    all_sent(device)
    assert queries.last_of(device.duty).values[WHOLE]["note"] == "x" * 1000


def test_block_with_one_note_too_long_names_it_and_pastes_the_rest(device):
    open_form(device)
    note_of(device).fill("như cũ")
    device.locator(f"[name='v-{WHOLE}']").focus()
    paste(device, f"40\t{LONG}\n32\ttheo danh sách\n")
    expect(device.locator("[data-pasted]")).to_contain_text(
        "Đã dán 3 ô. Giữ nguyên ghi chú dòng 1: nội dung dán dài hơn mức ô nhận"
    )
    all_sent(device)
    values = queries.last_of(device.duty).values
    assert (values[WHOLE]["note"], values[PART]["note"]) == ("như cũ", "theo danh sách")
    assert figures(device) == {WHOLE: "40", PART: "32"}


def test_text_too_long_from_before_stands_in_sight_and_the_other_cells_go_on(device):
    keep_as_before(device, "cells", typed(device, f"n-{WHOLE}", LONG), typed(device, "note", "ý"))
    open_form(device)
    left = device.locator(f"tr[data-element='{WHOLE}'] [data-left]")
    expect(left).to_contain_text("Ghi chú dài 1.199 ký tự, chỉ nhận 1.000 ký tự. Hãy rút gọn")
    assert left.locator("textarea").input_value() == LONG
    put(device, PART, "32")
    all_sent(device)
    says(device, "Chưa gửi được: 1 ô máy chủ không nhận, hãy đưa lại vào ô hoặc bỏ; xem các chỗ")
    assert (figures(device)[PART], queries.last_of(device.duty).note) == ("32", "ý")
    left.get_by_role("button", name="Đưa lại vào ô").click()
    expect(device.locator(f"#m-{WHOLE}")).to_contain_text("Ghi chú dài 1.199 ký tự")
    says(device, "Chưa gửi được: 1 ô dài hơn mức nhận, hãy rút gọn; xem các chỗ")
    open_form(device)  # shut and opened again: it is still there, whole
    assert note_of(device).input_value() == LONG
    note_of(device).fill("ngắn gọn")
    all_sent(device)
    says(device, "Đã gửi lúc")
    assert queries.last_of(device.duty).values[WHOLE]["note"] == "ngắn gọn"


def test_what_was_left_can_be_let_go(device):
    device.on("dialog", lambda box: box.accept())
    keep_as_before(device, "cells", typed(device, f"n-{WHOLE}", LONG))
    open_form(device)
    device.locator("[data-left]").get_by_role("button", name="Bỏ").click()
    expect(device.locator("[data-left]")).to_have_count(0)
    assert note_of(device).input_value() == ""


@pytest.mark.parametrize("told", [1, 2000])
def test_more_cells_than_the_site_takes_at_once_arrive_in_several_sendings(
    device, monkeypatch, told
):
    """Cut beforehand where the device was told how many, in halves where it was not."""
    monkeypatch.setattr(sent_cells, "MOST_CELLS", 1)
    monkeypatch.setattr(offline, "MOST_CELLS", told)
    device.context.set_offline(True)
    open_form(device)
    put(device, WHOLE, "40")
    put(device, PART, "32")
    note_of(device).fill("theo danh sách")
    says(device, "chưa gửi: 3 ô")
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    all_sent(device)
    assert figures(device) == {WHOLE: "40", PART: "32"}
    assert Sending.objects.count() == CellEntry.objects.count() == 3


def test_sending_the_site_cannot_read_leaves_only_its_faulty_cell(device):
    cells = [typed(device, name, "41") for name in (f"v-{WHOLE}", "?", f"v-{PART}")]
    keep_as_before(device, "sendings", {"id": "0d2c1f0e", "duty": device.duty.pk, "cells": cells})
    open_form(device)
    all_sent(device)
    assert figures(device) == {WHOLE: "41", PART: "41"}
    left = device.locator("[data-left-out] [data-left]")
    expect(left).to_contain_text("Máy chủ không đọc được nội dung này")
    assert left.locator("textarea").input_value() == "41"


def queue_offline(device, world):
    """A figure and a link typed without a line, while the return is handed in and approved."""
    open_form(device)
    device.context.set_offline(True)
    put(device, WHOLE, "45")
    device.locator(f"[name='l-{PART}']").fill("https://mau.example/ds")
    device.locator(f"[name='n-{PART}']").focus()
    says(device, "chưa gửi: 1 ô, 1 địa chỉ trang")
    actions.submit(submission=fill(device.duty, world.baocao), by=world.baocao, at=AT)
    actions.approve(submission=queries.last_of(device.duty), by=world.duyet, at=later())
    device.context.set_offline(False)
    device.evaluate("window.dispatchEvent(new Event('online'))")
    says(device, "Lưu trên máy này, chưa gửi được: 1 ô, 1 địa chỉ trang. Báo cáo này đã được duyệt")
    quiet(device)
    assert device.duty.submissions.count() == 1
    device.goto(device.form + "?dinh-chinh=1")
    device.locator("html[data-form-ready]").wait_for(state="attached")
    late = device.locator("[data-late]")
    expect(late).to_contain_text("còn 1 ô, 1 địa chỉ trang nhập trước khi báo cáo được duyệt")
    quiet(device)
    assert device.duty.submissions.count() == 1  # to look is not to correct
    return late


def test_what_comes_after_the_approval_is_sent_only_when_the_person_says_so(device, world):
    late = queue_offline(device, world)
    late.get_by_role("button", name="Gửi kèm lần đính chính này").click()
    all_sent(device)
    expect(late).to_be_hidden()
    assert device.duty.submissions.count() == 2
    device.get_by_role("button", name="Chọn 45").wait_for()  # who typed it had not seen the 40
    links = queries.last_of(device.duty).evidence.exclude(link="")
    assert [(e.element, e.link) for e in links] == [(PART, "https://mau.example/ds")]


def test_what_comes_after_the_approval_can_be_let_go_and_the_official_figure_stands(device, world):
    device.on("dialog", lambda box: box.accept())
    late = queue_offline(device, world)
    late.get_by_role("button", name="Bỏ").click()
    expect(late).to_be_hidden()
    assert device.locator(f"[name='v-{WHOLE}']").input_value() == "40"
    all_sent(device)
    assert device.duty.submissions.count() == 1
