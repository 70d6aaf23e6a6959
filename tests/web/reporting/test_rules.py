"""Decisions as pure functions: due days, who owes what, time left, entries as they are typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from namro.measuring.definitions import Element
from namro.terms import Calendar, Period
from namro.web.reporting import rules
from namro.web.reporting.form import entries
from namro.web.reporting.rules import Asked


@pytest.mark.parametrize(
    ("period", "marked", "due"),
    [
        ("202509", {}, date(2025, 9, 16)),  # 14/9 is a Sunday: Monday, Tuesday
        ("202508", {}, date(2025, 8, 18)),  # Thursday: Friday, then Monday
        ("2025Q3", {}, date(2025, 9, 16)),
        ("202509", {date(2025, 9, 15): False}, date(2025, 9, 17)),
        (
            "202509",
            {date(2025, 9, 14): True},
            date(2025, 9, 16),
        ),  # the last day itself is not counted
        ("202508", {date(2025, 8, 16): True}, date(2025, 8, 16)),  # a Saturday worked
    ],
)
def test_two_working_days_after_a_period_pass_over_weekends_and_marked_days(period, marked, due):
    last = Period.of(period).last_day(Calendar.ADMINISTRATIVE)
    assert rules.working_days_after(last, 2, marked) == due


def test_working_days_step_over_fixed_holidays():
    last = Period.of("202508").last_day(Calendar.CALENDAR)  # 31/8; 02/9 is a holiday
    assert rules.working_days_after(last, 2, {}) == date(2025, 9, 3)


def test_share_out_asks_each_element_of_a_unit_once_and_says_so():
    first = Asked("1", ("a", "b"), receiver=8, executors=(1, 2))
    second = Asked("2", ("b", "c"), receiver=9, executors=(1,))
    duties, shared = rules.share_out([first, second])
    assert duties == {(1, 8): ["a", "b"], (2, 8): ["a", "b"], (1, 9): ["c"]}
    assert [(s.element, s.unit, s.receiver, s.also, s.target) for s in shared] == [
        ("b", 1, 8, 9, "2")
    ]


def test_share_out_makes_no_empty_duty():
    one = Asked("1", ("a",), receiver=8, executors=(1,))
    duties, _ = rules.share_out([one, Asked("2", ("a",), receiver=9, executors=(1,))])
    assert list(duties) == [(1, 8)]


@pytest.mark.parametrize(
    ("frequency", "period", "due"),
    [
        ("month", "202508", True), ("quarter", "202508", False), ("quarter", "202509", True),
        ("half", "202509", False), ("half", "202512", True), ("year", "202512", True),
        ("year", "2025Q3", False), ("quarter", "2025Q3", True),
    ],
)  # fmt: skip
def test_falls_due_by_how_often_it_is_reported(frequency, period, due):
    assert rules.falls_due({frequency}, Period.of(period)) is due


@pytest.mark.parametrize(
    ("before", "now", "jump"),
    [
        ("40", "61", True),
        ("40", "60", False),
        ("40", "19", True),
        ("0", "9", False),
        (None, "9", False),
    ],
)
def test_is_jump_beyond_half_of_the_last(before, now, jump):
    assert rules.is_jump(before and Decimal(before), Decimal(now)) is jump


@pytest.mark.parametrize(
    ("days", "label"), [(0, ""), (30, "đến 30"), (31, "31–60"), (500, "trên 120")]
)
def test_age_puts_days_into_buckets(days, label):
    assert label in rules.age(days) and bool(rules.age(days)) == bool(label)


# --- entries ---------------------------------------------------------------------------------


def element(**changes) -> Element:
    plain = {"slug": "x", "title": "Số hộ", "unit_of_measure": "hộ", "time": "stock"}
    return Element(**plain | changes)


@pytest.mark.parametrize(
    ("typed", "digits", "value"),
    [("1.035", 0, "1035"), ("32,5", 1, "32.5"), ("1.234.567,25", 2, "1234567.25"), ("0", 0, "0"),
     ("  12 ", 0, "12"), ("1 035", 0, "1035"), ("", 0, None), ("   ", 0, None)],
)  # fmt: skip
def test_make_entry_reads_vietnamese_numbers_exactly(typed, digits, value):
    entry = entries.make_entry(typed, entries.Asked(element(digits=digits)))
    assert entry["value"] == value and "typed" not in entry


@pytest.mark.parametrize("typed", ["3.5", "1e3", "12%", "ba", "1,2,3", "--1", "=1+1", "1.03.5"])
def test_make_entry_keeps_what_it_cannot_take(typed):
    entry = entries.make_entry(typed, entries.Asked(element(digits=2)))
    assert (entry["value"], entry["typed"]) == (None, typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("03/9/2025", "20250903"), ("ngày 03 tháng 9 năm 2025", "20250903"), ("0", "0"), ("", None)],
)
def test_make_entry_reads_days(typed, value):
    entry = entries.make_entry(typed, entries.Asked(element(kind="date", unit_of_measure="ngày")))
    assert entry["value"] == value and "typed" not in entry


@pytest.mark.parametrize("typed", ["31/9/2025", "2025", "9/2025", "hôm qua"])
def test_make_entry_refuses_what_is_no_day(typed):
    entry = entries.make_entry(typed, entries.Asked(element(kind="date", unit_of_measure="ngày")))
    assert entry["typed"] == typed


@pytest.mark.parametrize("value", ["0", "20250903"])
def test_date_is_shown_as_it_is_typed(value):
    shown = entries.shown({"value": value}, "date")
    asked = entries.Asked(element(kind="date", unit_of_measure="ngày"))
    assert entries.make_entry(shown, asked)["value"] == value


def test_check_asks_about_small_percentages():
    asked = [entries.Asked(element(unit_of_measure="%", digits=2, maximum=Decimal(100)))]
    found = entries.check({"x": entries.make_entry("0,5", asked[0])}, asked)
    assert found.sound and "50%" in found.questions["x"][0]


def test_check_filled_says_nothing_of_what_is_still_blank():
    asked = [entries.Asked(element())]
    assert entries.check_filled({}, asked) == entries.Checked()
    assert entries.check({}, asked).form_errors


# --- how final a published figure is ---------------------------------------------------------

SERIES = {
    e.slug: e
    for e in (
        Element("share", "Tỷ trọng", "%", "stock", digits=2, marked_by="share-mark"),
        Element("share-mark", "Mức độ", "mức độ", "stock", kind="mark"),
    )
}


def _series(share, mark, note=""):
    asked = [entries.Asked(e) for e in SERIES.values()]
    values = {
        "share": entries.make_entry(share, asked[0]),
        "share-mark": entries.make_entry(mark, asked[1], note=note),
    }
    return entries.check(values, asked), values


@pytest.mark.parametrize(
    ("share", "mark", "note", "what"),
    [
        ("6,1", "", "", "Chưa chọn mức độ của số 6,1"),
        ("", "sơ bộ", "TB 12", "Có mức độ mà chưa có số"),
        ("6,1", "sơ bộ", "", "văn bản công bố"),
        ("6,1", "chính thức", " ", "văn bản công bố"),
        ("6,1", "tạm", "TB 12", "Chọn “ước tính”"),
    ],
)
def test_published_figure_needs_its_mark_and_the_paper(share, mark, note, what):
    checked, _ = _series(share, mark, note)
    assert what in " ".join(checked.errors["share-mark"]) and "share" not in checked.errors


@pytest.mark.parametrize(
    ("mark", "note", "code"),
    [("ước tính", "", "1"), ("sơ bộ", "Thông báo 12/TB-TKT", "2"), ("Chính thức", "QĐ 3", "3")],
)
def test_published_figure_with_mark_and_paper_is_taken(mark, note, code):
    checked, values = _series("6,1", mark, note)
    assert checked.sound and values["share-mark"]["value"] == code
    assert entries.shown(values["share-mark"], "mark") == mark.lower()


def test_published_figure_not_known_yet_needs_no_mark():
    checked, _ = _series("", "")
    assert "share-mark" not in checked.errors
