"""Which cells count: carry, year to date, matched pairs, longest periods, validity by date."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from namro.measuring import Library, load
from namro.terms import Period
from tests.reference import Figure, Held, World
from tests.spec.worlds import NOON, WAYS, Way, beneath, said, slices

LIBRARY: Library = load()

each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def ask(
    way: Way, slug: str, text: str, period: str, unit: str = "p", as_of: datetime = NOON
) -> Figure:
    """One figure of a measure of the library in the world the text tells."""
    entries = said(text)
    units = sorted({e.unit for e in entries})
    world = World(entries, [], beneath(units), [Held(u, slug) for u in units])
    told = way(LIBRARY.measures[slug], world, LIBRARY, Period.of(period), unit, as_of)
    assert told is not None
    return told


@each_way
@pytest.mark.parametrize(
    ("period", "counted"), [("202508", 0), ("202509", 1), ("202512", 1), ("202601", 0)]
)
def test_stock_is_carried_for_its_months_and_not_longer(
    way: Way, period: str, counted: int
) -> None:
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202509 | 40             | 32
    """

    told = ask(way, "nq57.commune-cadres-trained", text, period)

    assert told.counted == counted
    assert told.value == (80 if counted else None)


_CADRES = "nq57.commune-cadres-trained", "commune-cadres | commune-cadres-trained"
_BUDGET = "nq57.budget-share", "budget-spent | budget-spent-on-science"
_LEADERS = "nq57.technical-leaders", "leaders | leaders-technical"
_ECONOMY = "nq57.digital-economy", "digital-economy-share"


@each_way
@pytest.mark.parametrize(
    ("measure", "told_of", "period", "heard"),
    [
        (_CADRES, "202508", "202508", 1),  # every month
        (_CADRES, "202508", "202509", 0),
        (_CADRES, "202508", "2025Q3", 0),
        (_CADRES, "2025Q3", "202509", 1),
        (_BUDGET, "2025Q2", "202506", 1),  # every quarter, the year up to date
        (_BUDGET, "2025Q2", "202508", 1),  # the third quarter is not over
        (_BUDGET, "2025Q2", "202509", 0),
        (_BUDGET, "202504", "2025Q2", 1),  # something was said of the quarter due
        (_BUDGET, "2025Q1", "2025S1", 0),
        (_LEADERS, "2025S1", "202511", 1),  # every half
        (_LEADERS, "2025S1", "202512", 0),
        (_ECONOMY, "2024", "202511", 1),  # every year: last year's until this one is whole
        (_ECONOMY, "2024", "202512", 0),
        (_ECONOMY, "2024", "2025Q4", 0),
    ],
)
def test_unit_is_heard_when_it_told_of_the_last_period_due(
    way: Way, measure: tuple[str, str], told_of: str, period: str, heard: int
) -> None:
    slug, elements = measure
    values = " | ".join("7" for _ in elements.split("|"))

    told = ask(way, slug, f"unit | period | {elements}\nc1 | {told_of} | {values}", period)

    assert (told.counted, told.heard, told.expected) == (1, heard, 1)


@each_way
@pytest.mark.parametrize(("period", "heard"), [("202507", 1), ("202508", 0), ("2025Q3", 0)])
def test_records_of_an_earlier_month_count_in_the_year_but_are_not_heard(
    way: Way, period: str, heard: int
) -> None:
    slug = "nq57.online-dossiers"
    parted = slices(
        LIBRARY.datasets["dossiers"],
        "dossier | unit | received_on | channel\nh1 | c1 | 2025-07-02 | online",
    )
    world = World([], parted, beneath(["c1"]), [Held("c1", slug)])

    told = way(LIBRARY.measures[slug], world, LIBRARY, Period.of(period), "p", NOON)

    assert told is not None and (told.value, told.counted, told.heard) == (100, 1, heard)


@each_way
def test_end_of_a_milestone_need_not_be_told_anew(way: Way) -> None:
    text = """
    unit | period | security-service-since | security-service-until | security-centre-since
    ca   | 202507 | 20250101               | 20251231               | 0
    ca   | 202508 | 20250101               |                        | 0
    """

    told = ask(way, "nq57.security-centre", text, "202508").parts[0]

    assert (told.value, told.counted, told.heard) == (1, 1, 1)


@each_way
@pytest.mark.parametrize("period", ["202509", "2025Q3", "2025S2", "2025"])
def test_stock_of_any_period_is_what_stands_at_its_end(way: Way, period: str) -> None:
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202507 | 40             | 10
    c1   | 202509 | 40             | 32
    c1   | 202512 | 40             | 36
    """
    end = "36" if period in ("2025S2", "2025") else "32"

    told = ask(way, "nq57.commune-cadres-trained", text, period)

    assert told.numerator == int(end)


@each_way
def test_of_two_stocks_that_end_together_the_shorter_period_counts(way: Way) -> None:
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 2025Q3 | 40             | 10
    c1   | 202509 | 40             | 32
    """

    assert ask(way, "nq57.commune-cadres-trained", text, "2025Q3").numerator == 32


@each_way
@pytest.mark.parametrize(
    ("period", "numerator"), [("2025Q1", 10), ("2025S1", 30), ("2025Q2", 30), ("2025", 60)]
)
def test_year_to_date_runs_from_january_to_the_end_of_the_period(
    way: Way, period: str, numerator: int
) -> None:
    text = """
    unit | period | budget-spent | budget-spent-on-science
    tc   | 2024Q4 | 1000         | 999
    tc   | 2025Q1 | 1000         | 10
    tc   | 2025Q2 | 1000         | 20
    tc   | 2025Q3 | 1000         | 30
    """

    assert ask(way, "nq57.budget-share", text, period).numerator == numerator


@each_way
def test_flow_told_by_month_and_by_quarter_counts_once_by_the_longest(way: Way) -> None:
    text = """
    unit | period | budget-spent | budget-spent-on-science
    tc   | 202501 | 100          | 1
    tc   | 202502 | 100          | 2
    tc   | 202503 | 100          | 3
    tc   | 2025Q1 | 310          | 7
    tc   | 202504 | 100          | 4
    """

    told = ask(way, "nq57.budget-share", text, "2025S1")

    assert (told.numerator, told.denominator) == (11, 410)


@each_way
def test_longest_period_without_its_pair_gives_way_to_whole_months(way: Way) -> None:
    text = """
    unit | period | budget-spent | budget-spent-on-science
    tc   | 202501 | 100          | 1
    tc   | 2025Q1 | 310          |
    """

    told = ask(way, "nq57.budget-share", text, "2025Q1")

    assert (told.numerator, told.denominator) == (1, 100)


@each_way
@pytest.mark.parametrize(("period", "reached"), [("202508", 1), ("202509", 0), ("202607", 1)])
def test_milestone_stands_from_its_date_until_its_end(way: Way, period: str, reached: int) -> None:
    text = """
    unit | period | security-centre-since | security-service-since | security-service-until
    ca   | 202507 | 20260701              | 20250701               | 20250831
    """

    told = ask(way, "nq57.security-centre", text, period).parts[0]

    assert told.value == reached


@each_way
@pytest.mark.parametrize(
    ("since", "until", "stands"),
    [
        ("20250814", "0", 1),
        ("20250815", "0", 0),
        ("20250101", "20250814", 1),
        ("20250101", "20250813", 0),
    ],
)
def test_milestone_stands_on_its_first_and_on_its_last_day(
    way: Way, since: str, until: str, stands: int
) -> None:
    text = f"""
    unit | period | security-service-since | security-service-until | security-centre-since
    ca   | 202508 | {since}                | {until}                | 0
    """

    told = ask(way, "nq57.security-centre", text, "202508").parts[0]  # ends on 14 August

    assert told.value == stands


@each_way
def test_any_is_settled_by_one_part_though_the_other_was_never_told(way: Way) -> None:
    text = """
    unit | period | security-centre-since | systems-inventoried | systems-watched
    ca   | 202507 | 20250701              | 20                  | 20
    """

    told = ask(way, "nq57.security-centre", text, "202508")

    assert told.value == 1
    assert told.parts[0].parts[1].value is None


@each_way
def test_all_is_no_data_while_a_part_is_unknown_and_none_has_failed(way: Way) -> None:
    text = """
    unit | period | security-centre-since
    ca   | 202507 | 20250701
    """

    assert ask(way, "nq57.security-centre", text, "202508").value is None


@each_way
def test_level_above_two_suppliers_has_no_value(way: Way) -> None:
    text = """
    unit | period | digital-economy-share
    tk   | 2025   | 6.1
    kh   | 2025   | 7.4
    """

    told = ask(way, "nq57.digital-economy", text, "2025")

    assert (told.value, told.numerator, told.counted) == (None, None, 2)
    assert ask(way, "nq57.digital-economy", text, "2025", "tk").value == Fraction(61, 10)


@each_way
def test_correction_counts_from_the_moment_it_was_recorded(way: Way) -> None:
    text = """
    unit | period | commune-cadres | commune-cadres-trained | at
    c1   | 202509 | 40             | 32                     | 2025-09-20
    c1   | 202509 |                | 30                     | 2025-10-05
    c1   | 202509 |                | -                      | 2025-11-01
    c1   | 202509 |                | 31                     | 2025-11-02
    """
    days = ("2025-09-19", "2025-09-20", "2025-10-05", "2025-11-01", "2025-11-02")

    told = [
        ask(
            way,
            "nq57.commune-cadres-trained",
            text,
            "202509",
            as_of=datetime.fromisoformat(day),
        ).numerator
        for day in days
    ]

    assert told == [None, 32, 30, None, 31]


@each_way
def test_newer_slice_replaces_the_older_one_as_of_a_moment(way: Way) -> None:
    dataset, slug = LIBRARY.datasets["dossiers"], "nq57.online-dossiers"
    head = "dossier | unit | received_on | channel\n"
    first, second = datetime(2025, 7, 20), datetime(2025, 8, 2)
    parted = [
        *slices(dataset, head + "h1 | c1 | 2025-07-02 | post", batch="a", at=first),
        *slices(
            dataset,
            head + "h1 | c1 | 2025-07-02 | online\nh2 | c1 | 2025-07-03 | online",
            batch="b",
            at=second,
        ),
    ]
    world = World([], parted, beneath(["c1"]), [Held("c1", slug)])
    measure, period = LIBRARY.measures[slug], Period.of("202507")

    before = way(measure, world, LIBRARY, period, "p", datetime(2025, 8, 1))
    after = way(measure, world, LIBRARY, period, "p", second)

    assert before is not None and after is not None
    assert (before.numerator, before.denominator) == (0, 1)
    assert (after.numerator, after.denominator) == (2, 2)


@each_way
def test_slice_without_rows_says_there_were_none(way: Way) -> None:
    from tests.reference import Slice

    slug = "nq57.online-dossiers"
    empty = Slice("b", "dossiers", "c1", "202507", NOON, ())
    world = World([], [empty], beneath(["c1"]), [Held("c1", slug)])

    told = way(LIBRARY.measures[slug], world, LIBRARY, Period.of("202507"), "p", NOON)

    assert told == Figure(Fraction(0), Fraction(0), None, 1, 1, 1)
