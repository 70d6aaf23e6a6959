"""Rates weighed by a second table, and parts scored by steps, as the transformation index does."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest

from namro.measuring import explain, load
from namro.terms import Period
from tests.properties.small_library import write_library
from tests.reference import Held, World
from tests.spec.worlds import NOON, WAYS, Way, beneath, said

with tempfile.TemporaryDirectory() as _folder:
    LIBRARY = load(write_library(Path(_folder)))

each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def ask(way: Way, slug: str, text: str, unit: str = "p"):
    entries = said(text)
    units = sorted({e.unit for e in entries})
    world = World(entries, [], beneath(units), [Held(u, slug) for u in units])
    return way(LIBRARY.measures[slug], world, LIBRARY, Period.of("202509"), unit, NOON)


@each_way
def test_rates_are_weighed_and_not_averaged(way: Way) -> None:
    """90% of 1,000 people and 10% of 9,000 are 18%, not 50%."""
    text = """
    unit | period | rate | w
    c1   | 202509 | 90   | 1000
    c2   | 202509 | 10   | 9000
    """

    told = ask(way, "weighed", text)

    assert (told.numerator, told.denominator, told.value) == (1800, 10000, 18)


@each_way
def test_weighed_rate_stays_exact(way: Way) -> None:
    text = """
    unit | period | rate  | w
    c1   | 202509 | 33.33 | 7
    c2   | 202509 | 66.67 | 11
    """

    told = ask(way, "weighed", text)

    assert told.value == Fraction("966.68") / 18


@each_way
@pytest.mark.parametrize(
    ("a", "score"),
    [(19, Fraction(0)), (20, Fraction(1, 2)), (59, Fraction(1, 2)), (60, Fraction(1))],
)
def test_steps_give_the_score_of_the_highest_reached(way: Way, a: int, score: Fraction) -> None:
    """0.4 × step of a/b + 0.25 × a/(a+b) of 50% + 0.35 × the milestone."""
    text = f"""
    unit | period | a   | b   | since
    c1   | 202509 | {a} | 100 | 20250101
    """

    told = ask(way, "scored", text)

    second = min(Fraction(a, a + 100) * 2, Fraction(1))
    assert told.value == Fraction(2, 5) * score + second / 4 + Fraction(35, 100)


@each_way
def test_score_with_a_part_missing_is_no_data(way: Way) -> None:
    text = """
    unit | period | a  | b
    c1   | 202509 | 60 | 100
    """

    assert ask(way, "scored", text).value is None


def test_scores_and_weights_are_explained() -> None:
    told = explain(LIBRARY.measures["scored"])

    assert "chấm điểm từ 20: 0,5; từ 60: 1" in told and "đủ điểm từ 50" in told
    assert "nặng theo “trọng số”" in explain(LIBRARY.measures["weighed"])
