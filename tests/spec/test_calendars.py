"""Which days a period covers: 15th to 14th or calendar months, cumulative over 6, 9, 12 months.

The days are those of Decree 09/2019/NĐ-CP as provinces apply it.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.measuring import load
from namro.measuring.explain import cumulative_span
from namro.measuring.figures import window
from namro.measuring.kinds import terms_of
from namro.terms import Calendar, Period
from tests.reference import Held, World
from tests.spec.test_windows import ask, each_way
from tests.spec.worlds import NOON, Way, beneath, slices

LIBRARY = load()
ADMINISTRATIVE, CALENDAR = Calendar.ADMINISTRATIVE, Calendar.CALENDAR
BUDGET = LIBRARY.measures["nq57.budget-share"]
DOSSIERS_ONLINE = LIBRARY.measures["nq57.online-dossiers"]
DAYS = st.dates(date(1999, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("202509", date(2025, 8, 15), date(2025, 9, 14)),
        ("202501", date(2024, 12, 15), date(2025, 1, 14)),
        ("202512", date(2025, 11, 15), date(2025, 12, 14)),
        ("202403", date(2024, 2, 15), date(2024, 3, 14)),  # over a 29 February
        ("2025Q1", date(2024, 12, 15), date(2025, 3, 14)),
        ("2025Q3", date(2025, 6, 15), date(2025, 9, 14)),
        ("2025Q4", date(2025, 9, 15), date(2025, 12, 14)),
        ("2025S1", date(2024, 12, 15), date(2025, 6, 14)),
        ("2025S2", date(2025, 6, 15), date(2025, 12, 14)),
        ("2025", date(2024, 12, 15), date(2025, 12, 14)),
    ],
)
def test_administrative_period_runs_from_the_15th_to_the_14th(
    code: str, first: date, last: date
) -> None:
    period = Period.of(code)
    assert (period.first_day(ADMINISTRATIVE), period.last_day(ADMINISTRATIVE)) == (first, last)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("202402", date(2024, 2, 1), date(2024, 2, 29)),
        ("202502", date(2025, 2, 1), date(2025, 2, 28)),
        ("202512", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025S1", date(2025, 1, 1), date(2025, 6, 30)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_calendar_period_is_whole_calendar_months(code: str, first: date, last: date) -> None:
    period = Period.of(code)
    assert (period.first_day(CALENDAR), period.last_day(CALENDAR)) == (first, last)


@given(DAYS, st.sampled_from(Calendar), st.sampled_from([1, 3, 6, 12]))
def test_each_day_lies_in_exactly_one_period_of_a_length(
    day: date, calendar: Calendar, length: int
) -> None:
    month = Period.month_of(day, calendar)
    period = Period(month.first // length * length, length)
    assert period.first_day(calendar) <= day <= period.last_day(calendar)
    assert period.shifted(-1).last_day(calendar) < day < period.shifted(1).first_day(calendar)


@given(DAYS, st.sampled_from(Calendar), st.sampled_from([1, 3, 6, 12]))
def test_periods_follow_each_other_without_a_gap(
    day: date, calendar: Calendar, length: int
) -> None:
    first = Period.month_of(day, calendar).first // length * length
    period = Period(first, length)
    assert period.last_day(calendar) + timedelta(days=1) == period.shifted(1).first_day(calendar)
    months = list(period.months())
    assert months[0].first_day(calendar) == period.first_day(calendar)
    assert months[-1].last_day(calendar) == period.last_day(calendar)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2024, 12, 14), "202412"), (date(2024, 12, 15), "202501"),
        (date(2024, 12, 31), "202501"), (date(2025, 1, 1), "202501"),
        (date(2025, 1, 14), "202501"), (date(2025, 1, 15), "202502"),
        (date(2024, 2, 29), "202403"), (date(2025, 12, 15), "202601"),
    ],
)  # fmt: skip
def test_turn_of_the_year_is_on_the_15th_of_december(day: date, month: str) -> None:
    assert Period.month_of(day, ADMINISTRATIVE).code == month
    assert Period.month_of(day, CALENDAR).code == f"{day:%Y%m}"


@pytest.mark.parametrize(
    ("code", "months", "told"),
    [
        ("202501", 1, "Lũy kế 1 tháng: từ 15/12/2024 đến 14/01/2025"),
        ("2025S1", 6, "Lũy kế 6 tháng: từ 15/12/2024 đến 14/6/2025"),
        ("202506", 6, "Lũy kế 6 tháng: từ 15/12/2024 đến 14/6/2025"),
        ("2025Q3", 9, "Lũy kế 9 tháng: từ 15/12/2024 đến 14/9/2025"),
        ("202509", 9, "Lũy kế 9 tháng: từ 15/12/2024 đến 14/9/2025"),
        ("2025S2", 12, "Lũy kế cả năm: từ 15/12/2024 đến 14/12/2025"),
        ("2025", 12, "Lũy kế cả năm: từ 15/12/2024 đến 14/12/2025"),
    ],
)
def test_cumulative_report_begins_with_the_year(code: str, months: int, told: str) -> None:
    [term] = terms_of(DOSSIERS_ONLINE)
    asked = window(term, Period.of(code))
    assert (asked.first, asked.length) == (2025 * 12, months)
    assert cumulative_span(DOSSIERS_ONLINE, Period.of(code)) == told


def test_cumulative_report_of_a_calendar_year_begins_on_new_years_day() -> None:
    assert BUDGET.calendar is CALENDAR
    told = [cumulative_span(BUDGET, Period.of(code)) for code in ("2025S1", "2025Q3", "2025")]
    assert told == [
        "Lũy kế 6 tháng: từ 01/01/2025 đến 30/6/2025",
        "Lũy kế 9 tháng: từ 01/01/2025 đến 30/9/2025",
        "Lũy kế cả năm: từ 01/01/2025 đến 31/12/2025",
    ]


def test_only_what_is_summed_from_january_on_says_so() -> None:
    assert cumulative_span(LIBRARY.measures["nq57.digital-economy"], Period.of("2025")) == ""


MONTHS = "unit | period | budget-spent | budget-spent-on-science\n" + "\n".join(
    f"tc | {2024 + n // 12}{n % 12 + 1:02d} | 1000 | {2**n}" for n in range(11, 26)
)
"""Each month its own power of two, so that a sum tells which months are in it."""


@each_way
@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("202412", range(11, 12)),  # the year before stays by itself
        ("202501", range(12, 13)),  # and a new one begins
        ("2025S1", range(12, 18)),
        ("2025Q3", range(12, 21)),
        ("202509", range(12, 21)),
        ("2025", range(12, 24)),
        ("202601", range(24, 25)),
        ("2026Q1", range(24, 26)),  # two months told so far
    ],
)
def test_cumulative_figure_holds_the_months_of_its_own_year(
    way: Way, code: str, months: range
) -> None:
    told = ask(way, "nq57.budget-share", MONTHS, code)
    assert told.numerator == sum(2**n for n in months)
    assert told.denominator == 1000 * len(months)


DOSSIERS = """
dossier | unit | received_on | channel | procedure | digitised
h1      | c1   | 2024-12-14  | online  | t         | yes
h2      | c1   | 2024-12-15  | online  | t         | yes
h3      | c1   | 2024-12-31  | counter | t         | yes
h4      | c1   | 2025-01-14  | online  | t         | yes
h5      | c1   | 2025-06-14  | counter | t         | yes
h6      | c1   | 2025-06-15  | online  | t         | yes
h7      | c1   | 2025-09-14  | online  | t         | yes
h8      | c1   | 2025-09-15  | counter | t         | yes
h9      | c1   | 2025-12-14  | counter | t         | yes
h10     | c1   | 2025-12-15  | online  | t         | yes
"""


@each_way
@pytest.mark.parametrize(
    ("code", "online", "all_of_them"),
    [
        ("202412", 1, 1),
        ("202501", 2, 3),  # 15 to 31 December belong to the new year
        ("2025S1", 2, 4),
        ("2025Q3", 4, 6),
        ("2025", 4, 8),
        ("202601", 1, 1),
    ],
)
def test_records_fall_in_the_year_that_begins_on_the_15th_of_december(
    way: Way, code: str, online: int, all_of_them: int
) -> None:
    slug = "nq57.online-dossiers"
    one = LIBRARY.measures[slug]
    assert (one.over, one.calendar) == ("year_to_date", ADMINISTRATIVE)
    parted = slices(LIBRARY.datasets["dossiers"], DOSSIERS)
    world = World([], parted, beneath(["c1"]), [Held("c1", slug)])

    told = way(one, world, LIBRARY, Period.of(code), "p", NOON.replace(year=2027))

    assert told is not None
    assert (told.numerator, told.denominator) == (online, all_of_them)
