"""Counts that a measure keeps back where they are few, on the pages and exports of returns."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from namro.web.org.rules import Role
from namro.web.reporting import actions
from namro.web.reporting.chain.few import KEPT_BACK
from namro.web.reporting.models import Evidence
from tests.web.reporting.conftest import PART, WHOLE, hand_in, hire, later
from tests.web.results.test_discreet import FEW

SECRETS = {
    "4137",
    "4191",
    "4193",
    "2977",
    "2983",
    "2985",
}  # of three versions, told nowhere outside
NOTE, GENERAL = "ghi chú của dòng 2983", "thuyết minh 4137 người"


@pytest.fixture
def few():
    """This installation's own measure of the two counts, which keeps small ones back."""
    folder = settings.NAMRO_HOME / "measures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "few.toml").write_text(FEW)

    yield
    (folder / "few.toml").unlink()


@pytest.fixture
def corrected(few, duty, world):
    """A return approved, corrected with notes, proofs and comments; a third version waits."""
    first = hand_in(duty, world.baocao, whole=4137, part=2977)
    actions.approve(submission=first, by=world.duyet, at=later())
    values = {WHOLE: "4191", PART: {"value": "2983", "note": NOTE}}
    told = {"values": values, "by": world.baocao, "at": later(2), "note": GENERAL}
    draft = actions.save_draft(duty=duty, **told)
    for element, name in ((PART, "dong-2983.pdf"), ("", "chung-4137.pdf")):
        actions.attach(
            duty=duty, element=element, file_name=name, chunks=[f"%PDF-1.4 {name}".encode()],
            by=world.baocao, at=later(2),
        )  # fmt: skip
    draft.refresh_from_db()
    second = actions.submit(submission=draft, by=world.baocao, at=later(3))
    for element in ("", PART):
        text = "vì sao 2983 trên 4191?"
        actions.comment(submission=second, text=text, by=world.duyet, at=later(4), element=element)
    actions.approve(submission=second, by=world.duyet, at=later(5))
    told = {"values": {WHOLE: "4193", PART: "2985"}, "note": "rà soát lần nữa"}
    draft = actions.save_draft(duty=duty, by=world.baocao, at=later(6), **told)
    return first, second, actions.submit(submission=draft, by=world.baocao, at=later(6))


def told(answer) -> str:
    """Everything an answer says, workbooks and zips opened; digits without their dots."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r"(?<=\d)\.(?=\d{3})", "", _opened(content))


def _opened(content: bytes) -> str:
    if content[:2] != b"PK":
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if "[Content_Types].xml" not in packed.namelist():
            return " ".join(_opened(packed.read(name)) for name in packed.namelist())
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell.value for page in book for row in page.iter_rows() for cell in row)
    return " ".join(str(value) for value in cells if value is not None)


def pages(duty, versions) -> list[str]:
    """Every page and export that shows a return."""
    round_at = duty.round_id
    found = [
        reverse("reporting:duty", args=[duty.pk]),
        reverse("reporting:workbook", args=[duty.pk]),
    ]
    for name in ("submission", "submission_workbook"):
        found += [reverse(f"reporting:{name}", args=[v.pk]) for v in versions]
    forms = reverse("reporting:round_forms", args=[round_at])
    found += [forms, f"{forms}?tai=goi", f"{forms}?tai=tep"]
    for one in (reverse("reporting:summing", args=[round_at]), reverse("reporting:corrections")):
        found += [one, f"{one}?xuat=xlsx", f"{one}{'?'}sap=-{PART}", f"{one}?q=2983"]
    found += [reverse("reporting:round", args=[round_at]), reverse("reporting:punctuality")]
    return found + [reverse("reporting:evidence", args=[e.pk]) for e in Evidence.objects.all()]


def told_to(page, where: list[str]) -> dict[str, str]:
    """What each address tells, of those that are open to the person."""
    found = {}
    for address in where:
        answer = page.get(address)
        if answer.status_code == 200:
            found[address] = told(answer).replace("q=2983", "").replace('value="2983"', "")
    return found


def leaks(page, where: list[str]) -> set[tuple[str, str]]:
    said = told_to(page, where)
    return {(a, s) for a, text in said.items() for s in SECRETS if s in text}


def test_outside_the_chain_no_page_and_no_export_tells_the_few(corrected, duty, world, enter):
    hire(world, "duyet-so", "12-KHCN", Role.REVIEWER, reach="12")
    where = pages(duty, corrected)
    for who in ("lanhdao", "duyet-so"):
        page = enter(who)
        said = told_to(page, where)
        assert len(said) >= 15, "the pages are open to them"
        assert leaks(page, where) == set(), who
        assert KEPT_BACK in said[reverse("reporting:submission", args=[corrected[1].pk])]
        assert KEPT_BACK in said[reverse("reporting:submission_workbook", args=[corrected[0].pk])]
        assert not any("/minh-chung/" in address for address in said)


@pytest.mark.parametrize("who", ["baocao", "duyet"])
def test_the_unit_and_its_chain_see_them_everywhere(corrected, duty, world, enter, who):
    page = enter(who)
    text = told(page.get(reverse("reporting:submission", args=[corrected[1].pk])))
    assert all(s in text for s in ("4191", "2983", NOTE, GENERAL))
    assert KEPT_BACK not in text
    where = pages(duty, corrected)
    found = leaks(page, where)
    assert {s for _, s in found} == SECRETS
    silent = set(where) - {address for address, _ in found}
    assert not [a for a in silent if not re.search(r"/(\d+|bieu-excel|dung-han)/$", a)], silent


def test_who_sees_records_coordinates_or_leads_the_unit_sees_them(corrected, world, enter):
    hire(world, "dung-dau", "c1", Role.LEADER)
    where = reverse("reporting:submission", args=[corrected[1].pk])
    for who in ("kiemtra", "dieuphoi", "dung-dau"):
        assert "2983" in told(enter(who).get(where)), who


def test_without_such_a_measure_nothing_is_kept_back(duty, world, enter):
    handed = hand_in(duty, world.baocao, whole=4137, part=2977)
    text = told(enter("lanhdao").get(reverse("reporting:submission", args=[handed.pk])))
    assert "4137" in text and KEPT_BACK not in text


def test_form_taken_out_without_the_few_loses_nothing_when_it_comes_back(few, duty, world, enter):
    hand = hand_in(duty, world.baocao, whole=4137, part=2977)
    actions.send_back(submission=hand, reason="Xem lại", by=world.duyet, at=later())
    book = enter("lanhdao").get(reverse("reporting:workbook", args=[duty.pk])).content
    assert not SECRETS & set(_opened(book).split())
    path = settings.NAMRO_HOME / "ve.xlsx"
    path.write_bytes(book)
    draft = actions.receive_workbook(
        duty=duty, path=path, file_name="ve.xlsx", by=world.baocao, at=later(2)
    )
    assert Decimal(draft.values[WHOLE]["value"]) == 4137 and not draft.values[WHOLE]["note"]
