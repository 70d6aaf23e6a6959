"""A published series from the form to the page: the reporter chooses how final the figure is."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings as site
from django.urls import reverse

from namro.web.facts.models import Observation
from namro.web.reporting import actions
from tests.web.reporting.conftest import AT, prove

SHARE, MARK = "digital-economy-share", "digital-economy-share-mark"
PAPER = "Thông báo số 12/TB-TKT ngày 20/10/2025"


@pytest.fixture
def series(world):
    """What c1 owes when it supplies the published share."""
    target = world.targets["5"]
    target.measure = "nq57.digital-economy"
    target.save()
    target.assignments.filter(part="EXECUTOR").exclude(unit=world.units["c1"]).delete()
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    return opened.duties.get(unit=world.units["c1"])


@pytest.fixture
def officer(client, world):
    client.force_login(world.baocao, backend="namro.web.org.backends.PostsBackend")
    return client


def report(duty, world, share, mark, note, *, after=0):
    """Filled in, proven, handed in, approved."""
    at = AT + timedelta(hours=after)
    prove(duty, world.baocao, element=SHARE)
    draft = actions.save_draft(
        duty=duty, values={SHARE: share, MARK: {"value": mark, "note": note}},
        by=world.baocao, at=at, note="Theo số công bố mới" if after else None,
    )  # fmt: skip
    handed_in = actions.submit(submission=draft, by=world.baocao, at=at)
    return actions.approve(submission=handed_in, by=world.duyet, at=at)


@pytest.mark.django_db
def test_form_asks_the_figure_then_its_mark_from_a_list(officer, series):
    page = officer.get(reverse("reporting:duty", args=[series.pk])).content.decode()
    assert page.index(f'name="v-{SHARE}"') < page.index(f'<select class="figure" id="v-{MARK}"')
    assert all(f"<option>{word}</option>" in page for word in ("ước tính", "sơ bộ", "chính thức"))


@pytest.mark.django_db
def test_form_cannot_be_handed_in_without_mark_and_paper(series, world):
    for mark, note, what in (
        ("", "", "Chưa chọn mức độ"),
        ("sơ bộ", "", "văn bản công bố"),
        ("tạm", PAPER, "Chọn “ước tính”"),
    ):
        with pytest.raises(actions.FaultyReturn, match=what):
            report(series, world, "6,1", mark, note)
    assert not Observation.objects.exists()


@pytest.mark.django_db
def test_later_mark_is_a_correction_and_the_page_says_which(client, series, world):
    report(series, world, "6,1", "sơ bộ", PAPER)
    report(series, world, "6,1", "chính thức", "Quyết định số 9/QĐ-TKT", after=3)

    rows = Observation.objects.filter(element=MARK).order_by("pk")
    assert [row.value for row in rows] == [2, 3]
    client.force_login(world.dieuphoi, backend="namro.web.org.backends.PostsBackend")
    target = world.targets["5"].pk
    page = client.get(f"/chi-tieu/{target}/?ky=202509&don-vi=c1").content.decode()
    assert "6,10% GRDP (số chính thức)" in page
    origin = client.get(f"/chi-tieu/{target}/nguon/?ky=202509&don-vi=c1").content.decode()
    assert PAPER in origin and "Quyết định số 9/QĐ-TKT" in origin
    assert "<strong>sơ bộ</strong>" in origin and "<strong>chính thức</strong>" in origin


@pytest.mark.django_db
def test_excel_form_offers_the_list_and_brings_the_choice_back(officer, series, world, tmp_path):
    answer = officer.get(reverse("reporting:workbook", args=[series.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    sheet["E7"], sheet["E8"], sheet["F8"] = 6.1, "chính thức", PAPER
    file = tmp_path / "bieu.xlsx"
    book.save(file)

    draft = actions.receive_workbook(
        duty=series, path=file, file_name=file.name, by=world.baocao, at=AT
    )

    assert draft.values[MARK]["value"] == "3" and draft.values[MARK]["note"] == PAPER
    assert draft.values[SHARE]["value"] == "6.1"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_choice_is_saved_by_itself(live_server, officer, series, browser, width):
    from playwright.sync_api import expect

    officer.get(reverse("reporting:duty", args=[series.pk]))
    cookie = {
        "name": site.SESSION_COOKIE_NAME,
        "value": officer.cookies[site.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    context = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 900})
    context.add_cookies([cookie])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(live_server.url + reverse("reporting:duty", args=[series.pk]))
    page.locator(f"[name='v-{SHARE}']").fill("6,1")
    page.locator(f"[name='v-{SHARE}']").press("Enter")
    page.locator(f"[name='v-{MARK}']").select_option("sơ bộ")
    expect(page.locator("[data-saved]")).to_contain_text("Đã gửi lúc")
    expect(page.locator(f"#m-{MARK}")).to_contain_text("văn bản công bố")
    if folder := os.environ.get("NAMRO_PICTURES"):
        page.screenshot(path=f"{folder}/bieu-{width}.png", full_page=True)
    page.reload()
    page.locator("html[data-form-ready]").wait_for(state="attached")
    chosen = page.locator(f"[name='v-{MARK}']").input_value()
    context.close()
    assert (chosen, faults) == ("sơ bộ", [])
