""" "Không phát sinh" is an answer of its own: counted as 0, no blank, and only where it may be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from namro.measuring.definitions import Element
from namro.web.facts.library import library
from namro.web.facts.models import Observation
from namro.web.reporting import actions
from namro.web.reporting.form import entries, form_checks
from namro.web.reporting.form.entries import Asked
from tests.web.reporting.conftest import AT, PART, PDF, WHOLE, later
from tests.web.reporting.test_rounds import add_target

SPENT, WHOLE_BUDGET = "budget-spent-on-science", "budget-spent"


def asked(nothing: bool = True, previous=None) -> Asked:
    element = Element("x", "Số lượt", "lượt", "flow", nothing=nothing)
    return Asked(element, previous=previous)


@pytest.mark.parametrize("typed", ["không phát sinh", "Không phát sinh", "khong phat sinh", "KPS"])
def test_nothing_is_taken_as_zero_and_told_apart(typed):
    entry = entries.make_entry(typed, asked())
    assert (entry["value"], entry["typed"]) == ("0", "không phát sinh")
    assert entries.value_of(entry) == 0 and entries.shown(entry, "number") == "không phát sinh"
    checked = entries.check({"x": entry}, [asked(previous=Decimal(12))])
    assert checked.sound and not checked.questions


def test_zero_and_blank_stay_what_they_are():
    assert "typed" not in entries.make_entry("0", asked())
    assert entries.make_entry("", asked())["value"] is None
    questions = entries.check({"x": entries.make_entry("0", asked())}, [asked(previous=Decimal(9))])
    assert "giảm 100%" in questions.questions["x"][0]


def test_nothing_is_refused_where_the_figure_does_not_take_it():
    entry = entries.make_entry("không phát sinh", asked(nothing=False))
    assert entry["value"] is None
    errors = entries.check({"x": entry}, [asked(nothing=False)]).errors["x"]
    assert "Dòng này không nhận “không phát sinh”" in errors[0]


def test_page_is_told_where_nothing_may_be_said():
    rules = form_checks.checks_of([asked(), asked(nothing=False)])
    assert [r.get("nothing", False) for r in rules["rows"]] == [True, False]
    assert "kps" in rules["nothing"]


def test_library_allows_it_only_for_flows():
    allowed = [e for e in library().elements.values() if e.nothing]
    assert allowed and all((e.time, e.kind) == ("flow", "number") for e in allowed)


def test_nothing_goes_through_excel_and_into_the_ledger_as_zero(world, tmp_path):
    measure = next(
        slug for slug, m in library().measures.items() if SPENT in {e.slug for e in entries_of(m)}
    )
    add_target(world, "4", measure, "12-KHCN", ["c1"])
    opened = actions.open_round(
        plan=world.plan, period_code="202512", due_at=None, by=world.dieuphoi, at=AT
    )
    duty = next(d for d in opened.duties.filter(unit=world.units["c1"]) if SPENT in d.elements)
    values = {SPENT: "Không phát sinh", WHOLE_BUDGET: "1.500"}
    actions.attach(duty=duty, element="", file_name="a.pdf", chunks=[PDF], by=world.baocao, at=AT)
    actions.save_draft(duty=duty, values=values, by=world.baocao, at=AT)
    path = tmp_path / "bieu.xlsx"
    path.write_bytes(actions.workbook_of(duty))
    draft = actions.receive_workbook(
        duty=duty, path=path, file_name="bieu.xlsx", by=world.baocao, at=AT
    )
    assert draft.values[SPENT]["typed"] == "không phát sinh"
    sent = actions.submit(submission=draft, by=world.baocao, at=AT)
    actions.approve(submission=sent, by=duty_reviewer(world), at=later())
    told = dict(Observation.objects.values_list("element", "value"))
    assert (told[SPENT], told[WHOLE_BUDGET]) == (0, 1500)
    assert PART not in told and WHOLE not in told


def entries_of(measure):
    from namro.measuring.definitions import elements_of

    return elements_of(measure)


def duty_reviewer(world):
    return world.dieuphoi
