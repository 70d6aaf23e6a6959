"""Parts put together: weighted, mean, min, all, any, and what a missing part does to each."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from namro.measuring import Library, Parts, Result, assemble, load
from namro.terms import Period
from tests.properties.small_library import write_library

STOCK, SHARE = Parts(Decimal(3), Decimal(4), 3, 1), Parts(Decimal(1), Decimal(1), 2, 2)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return load(write_library(tmp_path))


def put_together(library: Library, slug: str, **parts: Parts) -> Result:
    told = {f"{slug}/{name.replace('_', '/')}": p for name, p in parts.items()}
    return assemble(library.measures[slug], told, expected=4, unit="p", period=Period.of("202501"))


def test_weighted_is_the_exact_weighted_mean_of_its_parts(library: Library) -> None:
    told = put_together(library, "mixed", one=STOCK, two=SHARE)

    # 0.3 × 75% + 0.7 × 25% (one unit of the four expected)
    assert told.value == Fraction(40)
    assert (told.numerator, told.denominator) == (None, None)
    assert (told.counted, told.heard, told.expected) == (2, 1, 4)


def test_mean_is_exact(library: Library) -> None:
    told = put_together(library, "mean", one=STOCK, two=Parts(Decimal(1), Decimal(3), 1, 1))

    assert told.value == (75 + Fraction(100, 3)) / 2


@pytest.mark.parametrize("slug", ["mixed", "mean", "least"])
def test_missing_part_leaves_no_data_and_never_a_smaller_number(
    library: Library, slug: str
) -> None:
    measure = library.measures[slug]
    first = measure.parts[0].measure.slug

    told = assemble(measure, {first: STOCK}, expected=4, unit="p", period=Period.of("202501"))

    assert told.value is None and (told.counted, told.heard) == (0, 0)
    assert told.missing == (measure.parts[1].measure.slug,)
    assert told.parts[0].value is not None


@pytest.mark.parametrize(
    ("stands", "big", "wide", "answer"),
    [
        (1, (3, 5), (2, 5), 1),  # any and all reached
        (0, (3, 5), (2, 5), 1),  # 60% reaches 60
        (0, (2, 5), (2, 5), 0),  # neither of the two
        (None, (3, 5), (2, 5), 1),  # one of two is enough though the other is unknown
        (None, (2, 5), (2, 5), None),  # the other might settle it
        (None, None, (1, 5), 0),  # 20% fails, whatever the rest
        (1, None, None, None),  # not settled
    ],
)
def test_yes_or_no_only_when_it_is_certain(
    library: Library,
    stands: int | None,
    big: tuple[int, int] | None,
    wide: tuple[int, int] | None,
    answer: int | None,
) -> None:
    parts = {}
    if stands is not None:
        parts["there_stands"] = Parts(Decimal(stands), Decimal(1), 1, 1)
    for name, told in (("there_big", big), ("wide", wide)):
        if told is not None:
            parts[name] = Parts(Decimal(told[0]), Decimal(told[1]), 1, 1)

    assert put_together(library, "logic", **parts).value == answer


def test_logical_measure_counts_and_hears_as_many_as_its_best_told_part(library: Library) -> None:
    told = put_together(
        library,
        "logic",
        there_stands=Parts(Decimal(1), Decimal(1), 1, 0),
        wide=Parts(Decimal(3), Decimal(5), 3, 1),
    )

    assert (told.counted, told.heard, told.expected) == (3, 1, 4)


def test_share_of_units_is_of_all_expected(library: Library) -> None:
    told = assemble(
        library.measures["share"],
        {"share": Parts(Decimal(2), Decimal(3), 3, 3)},
        expected=8,
        unit="p",
        period=Period.of("202501"),
    )

    assert (told.numerator, told.denominator, told.value) == (2, 8, 25)
