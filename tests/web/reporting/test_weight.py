"""What a form costs on a weak line, in bytes as they go over the wire."""

from __future__ import annotations

import gzip
import re
from decimal import Decimal

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from namro.measuring import kinds
from namro.web.facts import library as facts_library
from namro.web.reporting.form import sheets
from namro.web.reporting.form.entries import Asked

FIRST, AFTER = 150 * 1024, 15 * 1024
PACKED = (".woff2",)  # fonts are packed already


@pytest.fixture
def forty(duty, monkeypatch):
    """A form of forty figures with long names, each with a figure of the last period."""
    title = "Số cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản theo nhóm thứ {}"
    asked = [
        Asked(
            kinds.Element(
                f"commune-cadres-trained-{n}", title.format(n), "người", "stock",
                note=f"Tính đến ngày cuối kỳ, theo danh sách nhóm {n}", evidence=n % 2 == 0,
            ),
            previous=Decimal(1000 + n), previous_period="tháng 8/2025",
        )
        for n in range(40)
    ]  # fmt: skip
    monkeypatch.setattr(sheets, "asked_of", lambda _: asked)
    assert facts_library.library().elements
    return duty


def wire(client, address) -> bytes:
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    return answer.content


def files_of(page: str) -> set[str]:
    named = set(re.findall(r'(?:src|href)="/tinh/([^"]+)"', page))
    fonts = {f"frame/fonts/noto-sans-{s}-wght-normal.woff2" for s in ("latin", "vietnamese")}
    return named | fonts


def test_form_of_forty_figures_is_light_on_first_load_and_after(enter, forty):
    client = enter("baocao")
    sent = wire(client, reverse("reporting:duty", args=[forty.pk]))
    page = gzip.decompress(sent).decode()
    assert page.count("data-element=") == 40
    files = 0
    for name in files_of(page):
        with open(finders.find(name), "rb") as opened:
            content = opened.read()
        files += len(content if name.endswith(PACKED) else gzip.compress(content, 9))
    assert len(sent) <= AFTER, f"{len(sent)} bytes for the page"
    assert len(sent) + files <= FIRST, f"{len(sent) + files} bytes on first load"


def test_saving_one_cell_costs_less_than_a_page(enter, duty):
    client, address = enter("baocao"), reverse("reporting:cells", args=[duty.pk])
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert len(answer.content) <= 2 * 1024
