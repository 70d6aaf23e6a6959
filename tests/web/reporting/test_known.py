"""What the site knows already stands in the form from the start: nobody is asked twice."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from namro.web.facts import actions as facts
from namro.web.facts.rules import Said
from namro.web.reporting import actions, queries
from tests.web.reporting.conftest import AT, PART, WHOLE


@pytest.fixture
def told_elsewhere(duty, world):
    """Another office put the number of cadres into the ledger already."""
    said = Said(WHOLE, world.units["c1"].pk, "202509", Decimal(40))
    facts.record(said=[said], source="demo:1", by=None, at=AT)


def test_form_shows_what_is_known_and_hands_it_in_untyped(enter, duty, told_elsewhere):
    client, address = enter("baocao"), reverse("reporting:duty", args=[duty.pk])
    page = client.get(address).content.decode()
    assert 'value="40"' in page and "Điền sẵn: đã có trong hệ thống" in page
    data = {f"v-{WHOLE}": "40", f"v-{PART}": "32", "seen": "0"}
    client.post(reverse("reporting:save", args=[duty.pk]), data)
    assert queries.last_of(duty).values[WHOLE]["value"] == "40"
    assert "Điền sẵn" not in client.get(address).content.decode()


def test_workbook_goes_out_with_what_is_known(duty, told_elsewhere):
    book = openpyxl.load_workbook(io.BytesIO(actions.workbook_of(duty)))
    assert book["Biểu 1"]["E7"].value == 40


def test_what_this_form_said_itself_is_not_told_back(duty, handed_in, world):
    from namro.web.reporting.form.known_values import known_of

    actions.approve(submission=handed_in, by=world.duyet, at=AT)
    assert known_of(duty) == {}


def test_what_records_count_stands_in_the_form(enter, duty, world, settings, tmp_path):
    own = settings.NAMRO_HOME / "measures"
    own.mkdir()
    (own / "elements.toml").write_text(
        '[online-told]\ntitle = "Số hồ sơ trực tuyến"\nunit_of_measure = "hồ sơ"\n'
        'time = "flow"\nrecorded_as = "dossiers?channel=online"\n',
        encoding="utf-8",
    )
    path = tmp_path / "dossiers.csv"
    lines = [f"H{n},c1,TT1,2025-09-02,online,yes" for n in range(4)]
    head = "dossier,unit,procedure,received_on,channel,digitised"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    facts.take_batch(
        dataset="dossiers", period_code="202509", path=path, file_name="a.csv", by=None, at=AT
    )
    duty.elements = [*duty.elements, "online-told"]
    duty.save()
    page = enter("baocao").get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert "Điền sẵn: đếm từ dữ liệu hồ sơ đã nhận" in page and 'value="4"' in page
