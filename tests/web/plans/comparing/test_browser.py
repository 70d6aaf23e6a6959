"""The table by keyboard, in a real browser, under the real content security policy."""

from __future__ import annotations

import pytest
from django.urls import reverse

from namro.web.plans.comparing.models import Ruling
from tests.web.plans.comparing.sample import make_comparison

pytestmark = pytest.mark.slow


@pytest.fixture
def comparison(coordinated):
    """Two versions compared, and the coordinator signed in with the browser."""
    return make_comparison(coordinated, "SUPERIOR")


def test_lines_are_ruled_on_by_keyboard(live_server, page, comparison):
    address = live_server.url + reverse("plans:comparison", args=[comparison.pk])
    page.goto(f"{address}?thu-tu=nang")
    missing = page.locator("[data-line]").first
    assert "Còn thiếu" in missing.inner_text()

    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_selector("[data-key=z]")
    assert "thu-tu=nang" in page.url
    assert Ruling.objects.get().verdict == "CONFIRMED"

    # The next line has the focus; K goes back to the one just ruled on, Z takes it back.
    page.keyboard.press("k")
    page.keyboard.press("z")
    page.wait_for_selector("[data-key=z]", state="detached")
    assert Ruling.objects.get().undone_at is not None

    page.keyboard.press("k")
    page.keyboard.press("g")
    assert page.evaluate("document.activeElement.closest('details').open")
    choice = page.locator("#muc-ghep option").last.get_attribute("value")
    page.locator("[data-line] details[open] input[name=muc-ghep]").fill(choice)
    page.locator("[data-line] details[open] button:has-text('Ghép')").last.click()
    page.wait_for_selector("[data-key=z]")
    assert Ruling.objects.filter(verdict="CHANGED", undone_at__isnull=True).exists()


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_no_width_needs_sideways_scrolling(live_server, page, comparison, width):
    page.set_viewport_size({"width": width, "height": 900})

    for name, key in (("comparison", comparison.pk), ("choose_comparison", comparison.new_id)):
        page.goto(live_server.url + reverse(f"plans:{name}", args=[key]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
