"""Whole numbers say exactly what assembled figures say, of every kind, threshold and day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from namro.measuring import definitions
from namro.measuring.assembly import Parts, assemble
from namro.measuring.definitions import terms_of
from namro.terms import Comparator, Period, Threshold
from namro.vietnamese import format_number
from namro.web.frame.exact import from_scaled, to_scaled
from namro.web.results import columns, leaves, reckoning, rules
from tests.properties.small_library import write_library


def _every_kind():
    """The measures of the library, and those of one made to be hard."""
    with TemporaryDirectory() as folder:
        hard = definitions.load(write_library(Path(folder))).measures
    return [*definitions.load(None).measures.values(), *hard.values()]


MEASURES = _every_kind()
CADRES = next(m for m in MEASURES if m.slug == "nq57.commune-cadres-trained")
PERIOD = Period.of("202509")
STARTED, DEADLINE = date(2025, 1, 1), date(2025, 12, 31)
UNIT = 7

sums = st.one_of(
    st.integers(-(10**6), 10**6), st.integers(-(2**63), 2**63 - 1), st.integers(0, 200)
)
few = st.integers(0, 5)
bounds = st.one_of(
    st.none(),
    st.integers(-200, 200).map(Decimal),
    st.integers(-(10**6), 10**6).map(from_scaled),
)
thresholds = st.builds(
    Threshold,
    comparator=st.sampled_from(Comparator),
    value=bounds,
    value_high=bounds,
    unit_of_measure=st.sampled_from(["%", "điểm", None]),
    falling=st.booleans(),
)
days = st.fixed_dictionaries(
    {
        "on": st.integers(-30, 500).map(lambda n: STARTED + timedelta(days=n)),
        "deadline": st.sampled_from([DEADLINE, STARTED, STARTED - timedelta(days=1)]),
        "started_on": st.just(STARTED),
    }
)
rows = st.builds(
    lambda above, below, counted, heard, expected: (
        *(UNIT, PERIOD.code, "…", above, below, counted, heard, expected),
    ),
    sums, sums, few, few, few,
)  # fmt: skip
measures = st.one_of(
    st.sampled_from(MEASURES),
    st.builds(
        lambda measure, digits, unit, least: replace(
            measure, digits=digits, unit_of_measure=unit, small_below=least
        ),
        st.sampled_from([m for m in MEASURES if columns.is_plain(m)]),
        st.integers(0, 4),
        st.sampled_from(["%", "điểm", ""]),
        st.sampled_from([None, None, 5]),
    ),
)


def _assembled(measure, told):
    """The result by the way that is right, from the same rows; None where nobody owes it."""
    parts = {
        slug: Parts(from_scaled(row[3]), from_scaled(row[4]), row[5], row[6])
        for slug, row in told.items()
    }
    expected = next((row[7] for row in told.values()), 0)
    return (
        assemble(measure, parts, expected=expected, unit="u", period=PERIOD) if expected else None
    )


def test_there_are_kinds_of_both_ways():
    plain = {m.kind for m in MEASURES if columns.is_plain(m)}
    other = {m.kind for m in MEASURES if not columns.is_plain(m)}
    assert plain == {"ratio", "share_of_units", "milestone"}
    assert other >= {"combined", "level"}


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is not a slow strategy
@given(measures, rows, thresholds, days)
@example(
    CADRES,
    (UNIT, PERIOD.code, "…", to_scaled(69_996), to_scaled(100_000), 1, 1, 1),
    Threshold(Comparator.AT_LEAST, Decimal(70), None, "%"),
    {"on": DEADLINE, "deadline": DEADLINE, "started_on": STARTED},
)
def test_a_row_is_judged_and_worded_as_its_result(measure, row, threshold, days):
    if not (columns.is_plain(measure) and columns.is_whole(threshold)):
        return
    result = _assembled(measure, {measure.slug: row}) or reckoning.unheard(measure, "u", PERIOD)
    seen = columns.Judge(measure, threshold, **days).seen(row if row[7] else (*row[:5], 0, 0, 0))
    assert seen == rules.judged(result, threshold, **days)
    value = columns.quotient_of(measure, row if row[7] else (*row[:5], 0, 0, 0))
    assert (Fraction(*value) if value else None) == result.value
    assert columns.drawable(columns.drawn(value)) == rules.drawable(result.value)
    assert columns.drawer(measure)(row) == columns.drawn(columns.quotient_of(measure, row))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(measures, rows, rows)
def test_parts_and_change_are_worded_as_of_results(measure, row, before):
    if not columns.is_plain(measure):
        return
    row, before = (*row[:7], row[7] or 1), (*before[:7], before[7] or 1)
    now, then = (_assembled(measure, {measure.slug: told}) for told in (row, before))
    assert columns.parts_of(measure, row) == leaves.parts_text(now, measure)
    right = rules.difference_text(now.value, then.value, measure.digits)
    assert columns.change_of(measure, row, before) == right


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(measures, st.data())
def test_what_is_read_is_assembled_as_ever(measure, data):
    slugs = [term.slug for term in terms_of(measure)]
    expected = data.draw(few)
    told = {
        slug: (*(UNIT, PERIOD.code, slug), *data.draw(rows)[3:7], expected)
        for slug in slugs
        if data.draw(st.booleans())
    }
    found = reckoning.Live([measure], {"u": UNIT}, told.values())
    right = _assembled(measure, told)
    assert found.get((measure.slug, "u", PERIOD.code)) == right
    (drawn,) = found.trend(measure, "u", [PERIOD.code])
    assert drawn == rules.drawable(right.value if right else None)
    assert len(found) == (right is not None) == (len(list(found.items())) == 1)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_numbers_are_worded_as_everywhere(whole, digits):
    assert columns.worded(whole, digits) == format_number(Decimal(whole).scaleb(-digits), digits)


@pytest.mark.parametrize(
    ("above", "below", "tens", "told"),
    [(1, 2, 1, 1), (-1, 2, 1, -1), (5, 2, 1, 3), (-5, 2, 1, -3), (1, 3, 10, 3), (-49, 100, 1, 0)],
)
def test_halves_are_rounded_away_from_nought(above, below, tens, told):
    assert rules.rounded(above, below, tens) == told
