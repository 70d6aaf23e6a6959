"""Several files in a real browser: shown in order, put in another one, sent as one document."""

from __future__ import annotations

import zipfile

import pytest
from django.urls import reverse

from namro.web.frame import files
from namro.web.plans.models import Document
from tests.web.plans.sample import SEED

pytestmark = pytest.mark.slow


@pytest.fixture
def readings(page, coordinated, live_server):
    """The list of readings, the coordinator signed in."""
    page.goto(live_server.url + reverse("plans:readings"))
    return page


def chosen(*names: str) -> list[dict]:
    """Files as a person picks them; each holds the seed and its own name."""
    return [
        {"name": n, "mimeType": "text/plain", "buffer": SEED.read_bytes() + n.encode()}
        for n in names
    ]


def order(page) -> list[str]:
    return page.locator("[data-order] li span").all_inner_texts()


def test_files_are_ordered_by_hand_and_sent_as_one(readings):
    readings.set_input_files("#tep", chosen("Phụ lục 10.txt", "Phụ lục 2.txt", "Quyết định.txt"))
    assert order(readings) == ["Quyết định.txt", "Phụ lục 2.txt", "Phụ lục 10.txt"]

    readings.get_by_role("button", name="Đưa “Phụ lục 10.txt” lên trước").click()
    readings.get_by_role("button", name="Bỏ “Quyết định.txt”").click()
    assert order(readings) == ["Phụ lục 10.txt", "Phụ lục 2.txt"]
    readings.get_by_role("button", name="Đưa vào và đọc").click()
    readings.wait_for_url("**/van-ban-den/*/")

    document = Document.objects.get(file_name="Phụ lục 10 và 1 tệp kèm theo.zip")
    with zipfile.ZipFile(files.path_of(document.sha256)) as kept:
        assert kept.namelist() == ["001/Phụ lục 10.txt", "002/Phụ lục 2.txt"]


def test_each_file_on_its_own_when_asked(readings):
    readings.set_input_files("#tep", chosen("a.txt", "b.txt"))
    readings.get_by_label("mỗi tệp là một văn bản riêng").check()
    readings.get_by_role("button", name="Đưa vào và đọc").click()
    readings.get_by_text("Đã nhận “b.txt”").wait_for()

    assert Document.objects.filter(file_name__in=["a.txt", "b.txt"]).count() == 2


def test_one_file_asks_nothing_more(readings):
    readings.set_input_files("#tep", chosen("a.txt"))

    assert not readings.locator("[data-together]").is_visible()
    assert readings.locator("[data-chosen]").inner_text() == "a.txt"
