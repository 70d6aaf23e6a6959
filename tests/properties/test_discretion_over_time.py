"""Whoever reads all that is published, of all periods, reckons no small count from it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from namro.measuring.assembly import Parts, assemble, is_small
from namro.measuring.discretion import bare, beside, confined, withheld_over
from namro.measuring.kinds import Measure
from namro.terms import Period
from tests.properties.test_discretion import found_by_reckoning

LEAST = 5
MONTHS = [Period.of(f"2025{m:02d}") for m in range(1, 5)]
QUARTER = Period.of("2025Q1")
FAMILIES = [("d0", ["a", "b", "c"]), ("d1", ["e", "f"]), ("p", ["d0", "d1"])]
LEAVES = ["a", "b", "c", "e", "f"]
count = st.one_of(st.integers(0, 6), st.integers(0, 40))
month = st.tuples(count, count)
told = st.fixed_dictionaries({unit: st.tuples(*[month] * len(MONTHS)) for unit in LEAVES})


def measure(over):
    return Measure("m", "M", "ratio", "%", 1, ("COMMUNE",), over, "month", small_below=LEAST)


def everywhere(of, leaves, period):
    """The bare results at all units, from (numerator, the rest) of each leaf."""
    parts = {u: Parts(Decimal(n), Decimal(n + r), 1, 1) for u, (n, r) in leaves.items()}
    for above, kin in FAMILIES:
        parts[above] = sum((parts[u] for u in kin[1:]), parts[kin[0]])
    return {
        unit: assemble(bare(of), {"m": one}, expected=1, unit=unit, period=period)
        for unit, one in parts.items()
    }


def summed(months):
    return tuple(sum(column) for column in zip(*months, strict=True))


def known_linear(published, expand):
    """What follows from all cells shown and all sums of families, as whole lines of unknowns.

    `expand(period, unit)`: a cell as a sum of (month, leaf) unknowns. Each side of the count
    (numerator, the rest) is known where the cell is shown, so one system serves both.
    """
    rows = []
    for period, results in published.items():
        for unit, result in results.items():
            if not result.hidden:
                rows.append(expand(period, unit))
    return rows


def follows(rows, wanted):
    """Whether a line is a combination of others, exactly."""
    basis = {}
    for row in (*rows, wanted):
        left = {k: Fraction(v) for k, v in row.items() if v}
        while left:
            lead = min(left)
            if lead not in basis:
                break
            factor, of = left[lead] / basis[lead][lead], basis[lead]
            left = {k: left.get(k, 0) - factor * of.get(k, 0) for k in {*left, *of}}
            left = {k: v for k, v in left.items() if v}
        if row is wanted:
            return not left
        if left:
            basis[min(left)] = left
    return False


def leaves_beneath(unit):
    kin = dict(FAMILIES)
    return [x for u in kin[unit] for x in leaves_beneath(u)] if unit in kin else [unit]


def cumulative(period, unit):
    last = MONTHS.index(period.last_month)
    return {(m, leaf): 1 for m in range(last + 1) for leaf in leaves_beneath(unit)}


def single(period, unit):
    return {(MONTHS.index(m), leaf): 1 for m in period.months() for leaf in leaves_beneath(unit)}


def small_cells(given, expand, periods):
    for period in periods:
        for unit in ("p", "d0", "d1", *LEAVES):
            line = expand(period, unit)
            n, r = summed([given[leaf][m] for m, leaf in line])
            if is_small(Decimal(n), Decimal(n + r), LEAST):
                yield line


@given(told)
def test_year_to_date_tells_no_small_count_nor_that_of_the_months_between(given):
    of = measure("year_to_date")
    results = {
        p: everywhere(of, {u: summed(given[u][: i + 1]) for u in LEAVES}, p)
        for i, p in enumerate(MONTHS)
    }
    published = withheld_over(of, results, MONTHS, lambda _: FAMILIES)
    rows = known_linear(published, cumulative)
    for line in small_cells(given, cumulative, MONTHS):
        assert not follows(rows, line)
    for later in range(1, len(MONTHS)):
        for earlier in range(later):
            for unit in ("p", "d0", "d1", *LEAVES):
                between = [(m, leaf) for m in range(earlier + 1, later + 1)
                           for leaf in leaves_beneath(unit)]  # fmt: skip
                n, r = summed([given[leaf][m] for m, leaf in between])
                if is_small(Decimal(n), Decimal(n + r), LEAST):
                    assert not follows(rows, dict.fromkeys(between, 1)), (unit, earlier, later)


@given(told)
def test_longer_period_tells_no_month_of_it(given):
    of = measure("period")
    periods = [*MONTHS, QUARTER]
    results = {
        p: everywhere(
            of, {u: summed([given[u][MONTHS.index(m)] for m in p.months()]) for u in LEAVES}, p
        )
        for p in periods
    }
    published = withheld_over(of, results, periods, lambda _: FAMILIES)
    rows = known_linear(published, single)
    for line in small_cells(given, single, periods):
        assert not follows(rows, line)


@given(told)
def test_quarter_of_a_year_to_date_hides_just_what_its_last_month_hides(given):
    of = measure("year_to_date")
    results = {
        p: everywhere(of, {u: summed(given[u][: i + 1]) for u in LEAVES}, p)
        for i, p in enumerate(MONTHS)
    }
    results[QUARTER] = {u: replace(r, period=QUARTER) for u, r in results[MONTHS[2]].items()}
    published = withheld_over(of, results, [MONTHS[2], QUARTER], lambda _: FAMILIES)
    month, quarter = published[MONTHS[2]], published[QUARTER]
    assert {u for u, r in month.items() if r.hidden} == {u for u, r in quarter.items() if r.hidden}
    assert beside(of, QUARTER) == beside(of, MONTHS[2]) == {MONTHS[0], MONTHS[1]}


@given(told, told)
def test_another_moment_shows_only_what_is_shown_now(then, now):
    of = measure("latest")
    counts = {k: {u: t[0] for u, t in told.items()} for k, told in (("then", then), ("now", now))}
    before, after = (everywhere(of, counts[k], MONTHS[0]) for k in ("then", "now"))
    seen = withheld_over(of, {MONTHS[0]: after}, [MONTHS[0]], lambda _: FAMILIES)[MONTHS[0]]
    told_then = confined(before, seen)
    for unit, result in told_then.items():
        same = (before[unit].numerator, before[unit].denominator) == (
            seen[unit].numerator, seen[unit].denominator
        )  # fmt: skip
        assert result.hidden != same or result.numerator is None
        if not result.hidden:
            assert result.numerator == seen[unit].numerator
    known = {u for u, r in told_then.items() if not r.hidden}
    assert (
        found_by_reckoning(FAMILIES, known | {u for u, r in seen.items() if not r.hidden}) == set()
    )


def test_small_month_of_a_year_to_date_is_kept_back_until_more_came():
    """30, then 2 more: kept back with a sister; then 9 more: 11 since January, shown again."""
    of = measure("year_to_date")
    given = {"a": [(30, 10), (2, 0), (9, 0)], "b": [(40, 10), (10, 0), (10, 0)],
             "c": [(50, 10), (20, 0), (20, 0)], "e": [(60, 9)] * 3, "f": [(60, 9)] * 3}  # fmt: skip
    results = {
        p: everywhere(of, {u: summed(given[u][: i + 1]) for u in LEAVES}, p)
        for i, p in enumerate(MONTHS[:3])
    }
    published = withheld_over(of, results, MONTHS[:3], lambda _: FAMILIES)
    hidden = [{u for u, r in published[p].items() if r.hidden} for p in MONTHS[:3]]
    assert hidden == [set(), {"a", "b"}, set()]
