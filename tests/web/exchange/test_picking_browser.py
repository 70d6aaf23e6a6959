"""A template mapped by picking in a real browser, saved, found again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.web.exchange.setting import a_form
from tests.web.plans.conftest import _static_folder, coordinated, page

__all__ = ["_static_folder", "coordinated", "page"]
pytestmark = pytest.mark.slow


def test_cell_and_column_are_mapped_by_picking(page, coordinated, live_server):
    form = a_form(coordinated, mapped=False)
    page.goto(live_server.url + reverse("exchange:form", args=[form.pk]))
    page.locator("[data-mapping][data-ready]").wait_for()
    page.locator("td[data-at=B2] >> visible=true").click()
    page.get_by_label("Nội dung", exact=True).select_option("period")
    page.get_by_role("button", name="Ghép", exact=True).click()
    page.locator("td[data-at=E5] >> visible=true").click()
    page.get_by_label("Điền vào").select_option("targets")
    page.get_by_label("Nội dung", exact=True).select_option("value")
    page.get_by_role("button", name="Ghép", exact=True).click()
    page.get_by_role("button", name="Lưu cách ghép").click()
    page.get_by_text("Đã lưu cách ghép, bản 1.").wait_for()

    kept = form.mappings.get().contents
    assert [(s["cell"], s["what"]) for s in kept["spots"]] == [("B2", "period")]
    block = kept["blocks"][0]
    assert (block["rows"], block["first"], block["last"]) == ("targets", 5, 8)
    column = block["columns"][0]
    assert (column["column"], column["what"]) == ("E", "value")
    assert (column["look"]["format"], column["look"]["scale"]) == ("", "1")
