"""The page's checks and the server's are one: the same cases through both, word for word."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from namro.measuring.definitions import Element
from namro.web.reporting.form import entries
from namro.web.reporting.form.entries import Asked
from namro.web.reporting.form.form_checks import checks_of
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
SCRIPT = ROOT / "namro/web/reporting/static/reporting/checks.js"


def element(slug, **more):
    told = {
        "slug": slug, "title": f"Dòng {slug}", "unit_of_measure": "người", "time": "stock",
        "kind": "number", "digits": 0, "minimum": None, "maximum": None, "at_most": None,
        "note": "",
    }  # fmt: skip
    return Element(**(told | more))


ASKED = [
    Asked(element("whole"), previous=Decimal(40)),
    Asked(element("part", at_most="whole"), previous=Decimal(32)),
    Asked(element("share", unit_of_measure="%", digits=2, maximum=Decimal(100)), Decimal("71.5")),
    Asked(element("level", digits=3, minimum=Decimal(-50)), previous=Decimal(0)),
    Asked(element("day", kind="date", minimum=Decimal(20200101), maximum=Decimal(20301231)),
          previous=Decimal(20250903)),
    Asked(element("grdp", digits=1, marked_by="grdp-mark")),
    Asked(element("grdp-mark", kind="mark")),
]  # fmt: skip
SLUGS = [a.element.slug for a in ASKED]
TEXTS = [
    "", " ", "0", "0.598", "0 598", "-0.598", "40", "41", "1.035", "1 035", "1035", "1.03", "3.5",
    "3,5", "3,50", "0,5", "-1",
    "-51", "+7", "ba", "12 người", "80%", "≥ 80", "-", "x", "Không", "chưa có", "KHÔNG CÓ", "1,2,3",
    "100", "100,01", "61", "19", "1e5", "1,2E+06", "1e30", "-1.5E-3", "12 e5", "٣",
    "1" + "0" * 12, "1" + "0" * 13, "1" + "0" * 30,
    "9" * 41, "9" * 70, "0," + "1" * 45, "a" * 70, "ữ" * 61, "1.000.000.000.000", "03/9/2025",
    "3-9-2025", "3.9.2025", "ngày 3 tháng 9 năm 2025", "NGÀY 03/9/2025", "2025-09-03", "31/2/2025",
    "29/02/2024", "00/1/2025", "01/01/0000", "1/1/2019", "1/1/2031", "31/12/2030", "sơ bộ", "So bo",
    "chính thức", "ước tính", "\u00a040\u200b", "a\u0301", "{text}", "$&",
]  # fmt: skip


def by_server(texts, notes):
    values = {
        a.element.slug: entries.make_entry(
            texts.get(a.element.slug, ""), a, note=notes.get(a.element.slug, "")
        )
        for a in ASKED
    }
    checked = entries.check_filled(values, ASKED)
    return {"errors": checked.errors, "questions": checked.questions}


@pytest.fixture(scope="module")
def by_page(browser):
    """The page's own script, handed the rules as a page carries them."""
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    rules = json.dumps(checks_of(ASKED), ensure_ascii=False, default=str)
    page.evaluate("rules => { window.check = namroChecks.checker(JSON.parse(rules)); }", rules)
    yield lambda cases: page.evaluate(
        "cases => cases.map(([texts, notes]) => check(texts, notes))", cases
    )
    page.close()


def test_every_text_in_every_row_is_judged_alike(by_page):
    cases = [[{slug: text}, {}] for slug in SLUGS for text in TEXTS]
    assert by_page(cases) == [by_server(*case) for case in cases]


@profile(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(SLUGS), st.sampled_from(TEXTS), max_size=7),
            st.dictionaries(
                st.sampled_from(SLUGS), st.sampled_from(["", " ", "QĐ 12"]), max_size=3
            ),
        ),
        min_size=20,
        max_size=40,
    )
)
def test_whole_forms_are_judged_alike(by_page, forms):
    cases = [[texts, notes] for texts, notes in forms]
    assert by_page(cases) == [by_server(*case) for case in cases]


@profile(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text("0123456789.,-+ %aộ/", max_size=14), min_size=30, max_size=60))
def test_whatever_is_typed_is_judged_alike(by_page, texts):
    cases = [[{slug: text}, {}] for text in texts for slug in ("share", "level", "day")]
    assert by_page(cases) == [by_server(*case) for case in cases]


def test_rules_of_a_form_of_forty_rows_are_small():
    forty = [Asked(element(f"so-lieu-{n}"), previous=Decimal(n)) for n in range(40)]
    assert settings.NAMRO_NAME and len(json.dumps(checks_of(forty), default=str)) < 12_000
