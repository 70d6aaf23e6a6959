"""Runs of rows are judged at once as row by row, and packed figures are the rows that are kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.terms import Comparator, Threshold
from namro.web.facts import packed, queries, sql
from namro.web.facts.models import Figure
from namro.web.results import columns, kept
from namro.web.results.weighing import weigh
from tests.web.results.test_columns import MEASURES, days, rows, sums, thresholds
from tests.web.results.test_kept import ON, _asked
from tests.web.results.test_plan_results import bind_all

PLAIN = [m for m in MEASURES if columns.is_plain(m) and m.kind != "milestone"]
judges = st.builds(
    lambda measure, digits, threshold, on: (
        replace(measure, digits=digits),
        threshold,
        on,
    ),
    st.sampled_from(PLAIN), st.integers(0, 4), thresholds, days,
)  # fmt: skip


def _run(told):
    numbers = [[row[n] for row in told] for n in (0, 3, 4, 5, 6, 7)]
    return packed.Run(*(np.array(column, np.int64) for column in numbers))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(judges, st.lists(rows, min_size=1, max_size=4)), min_size=1, max_size=4))
def test_runs_are_judged_as_row_by_row(asked):
    made = []
    for (measure, threshold, on), told in asked:
        if columns.is_whole(threshold):
            judge = columns.Judge(measure, threshold, **on)
            if judge.mark is not None:
                made.append((judge, told))
    if not made:
        return
    for (judge, told), found in zip(
        made, weigh([(judge, _run(told)) for judge, told in made]), strict=True
    ):
        assert found.seen() == [judge.seen(row) for row in told]
        backwards = np.arange(len(told))[::-1]
        assert found.seen(backwards) == found.seen()[::-1]
        draw = columns.drawer(judge.measure)
        for usual, drawn, row in zip(found.is_usual, found.drawn().tolist(), told, strict=True):
            assert not usual or drawn == draw(row)


def test_what_is_judged_at_once_is_no_exception():
    """The most of all thresholds and rows; else the test above would hold nothing."""
    measure = next(m for m in PLAIN if m.kind == "ratio")
    judge = columns.Judge(
        measure, Threshold(Comparator.AT_LEAST, Decimal(70), None, "%"),
        on=ON, deadline=ON, started_on=date(2025, 1, 1),
    )  # fmt: skip
    told = [(7, "", "", 69_996 * 10_000, 100_000 * 10_000, 1, 1, 1)] * 3
    told += [(8, "", "", n * 10_000, 97 * 10_000, 1, 1, 1) for n in range(97)]
    (found,) = weigh([(judge, _run(told))])
    assert found.is_usual.all() and found.seen() == [judge.seen(row) for row in told]
    assert [key == columns.UNUSUAL for key in found.keys.tolist()] == [True] * 3 + [False] * 97


@pytest.mark.django_db
@pytest.mark.parametrize("terms", [("a",), ("a", "b"), tuple(f"t{n}" for n in range(40))])
@given(data=st.data())
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_packed_figures_are_the_rows_that_are_kept(filled, terms, data):
    Figure.objects.all().delete()
    units = [unit.pk for unit in filled.units.values()]
    few = st.sampled_from([0, 1, 3, 8191])
    places = st.tuples(st.sampled_from([*terms, "other"]), st.sampled_from(["202508", "202509"]),
                       st.sampled_from(units))  # fmt: skip
    _keep(data.draw(st.dictionaries(places, st.tuples(sums, sums, few, few, few), max_size=30)))
    told = packed.read(terms, "202509", units[:4])
    assert told is not None
    right = queries.figure_rows(terms, ["202509"], units[:4])
    assert sorted(told.rows(terms)) == sorted(right)


@pytest.mark.django_db
@pytest.mark.parametrize("counts", [(8192, 0, 0), (0, -1, 0), (1, 1, 2**31 - 1)])
def test_counts_beyond_their_room_are_read_as_rows(filled, counts):
    unit = filled.units["c1"].pk
    _keep({("a", "202509", unit): (1, 2, *counts)})
    assert packed.read(["a"], "202509", [unit]) is None
    many = range(unit, unit + 200)  # as many as are asked for packed
    rows, _ = queries.figure_rows_and_token(["a"], ["202509"], many)
    assert rows == [(unit, "202509", "a", 1, 2, *counts)]


def _keep(figures):
    names = "unit_id, period, term, numerator, denominator, counted, heard, expected".split(", ")
    own = dict.fromkeys(
        ("own_numerator", "own_denominator", "own_counted", "own_heard", "own_expected"), 0
    )
    told = [
        (unit, period, term, *values, *own.values())
        for (term, period, unit), values in figures.items()
    ]
    sql.insert(Figure, [*names, *own], told)


@pytest.mark.django_db
def test_pages_say_the_same_of_packed_figures_as_of_rows(filled, monkeypatch):
    """What the fast way makes, held against what each row says by itself."""
    bind_all(filled)
    found = {}
    for least in (0, 10**9):
        monkeypatch.setattr(queries, "_FEW_ROWS", least)
        monkeypatch.setattr(kept, "shelf", kept.Shelf())
        found[least] = _asked(filled, 0), _asked(filled, 1)
    assert found[0] == found[10**9]
    assert any(cells for _, cells in found[0][0][0])
