"""Every worked example of every measure in the library, by every way to a figure."""

from __future__ import annotations

from fractions import Fraction

import pytest

from namro.measuring import Library, Measure, explain, load
from namro.measuring.definitions import Example, elements_of, terms_of
from namro.measuring.marks import MARK_LABELS, Mark
from namro.terms import Period
from tests.reference import Figure
from tests.spec.worlds import NOON, WAYS, Way, world_of

LIBRARY = load()
EXAMPLES = [
    pytest.param(measure, example, id=f"{measure.slug}-{i}")
    for measure in LIBRARY.measures.values()
    for i, example in enumerate(measure.examples, start=1)
]


def as_expected(told: Figure | None, measure: Measure) -> str:
    """A figure in the words of an example's `expect`."""
    if told is None or told.value is None:
        return "-"
    if measure.is_logical:
        return "đạt" if told.value >= 1 else "chưa đạt"
    if told.denominator is None:
        mark = f" {MARK_LABELS[Mark(told.mark)]}" if told.mark else ""
        return f"{float(told.value)}{mark}"
    return f"{Fraction(told.numerator)}/{Fraction(told.denominator)}"


def normal(expected: str) -> str:
    """1.50 and 1.5 are the same level."""
    number, blank, mark = expected.partition(" ")
    plain = number.replace(".", "", 1).isdigit()
    return f"{float(number)}{blank}{mark}" if plain else expected


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("measure", "example"), EXAMPLES)
def test_worked_example_holds(measure: Measure, example: Example, way: Way) -> None:
    world, period = world_of(example, LIBRARY, measure.slug), Period.of(example.period)

    told = {
        unit: as_expected(way(measure, world, LIBRARY, period, unit, NOON), measure)
        for unit in example.expect
    }

    assert told == {unit: normal(expected) for unit, expected in example.expect.items()}


@pytest.mark.parametrize(("measure", "example"), EXAMPLES)
def test_worked_example_tells_the_province(measure: Measure, example: Example) -> None:
    assert "p" in example.expect, "an example must say what the province's figure is"
    assert example.says.endswith(".")


def test_library_measures_all_twenty_targets() -> None:
    library: Library = LIBRARY
    assert len([m for m in library.measures if m.startswith("nq57.")]) == 20


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=lambda m: m.slug)
def test_measure_is_explained_in_one_vietnamese_sentence(measure: Measure) -> None:
    told = explain(measure)

    assert told.endswith(".") and "\n" not in told and "None" not in told
    assert not any(slug in told for slug in LIBRARY.elements if "-" in slug), told


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=lambda m: m.slug)
def test_measure_says_its_choices_and_its_wording(measure: Measure) -> None:
    assert measure.choices and measure.wording and len(measure.hash) == 64


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=lambda m: m.slug)
def test_suggestion_finds_the_measure_for_its_own_sentence(measure: Measure) -> None:
    for sentence in measure.wording:
        assert LIBRARY.suggest(sentence)[0][0] == measure.slug


def test_each_element_is_used_and_each_term_is_named_once() -> None:
    used = {e.slug for m in LIBRARY.measures.values() for e in elements_of(m)}
    slugs = [t.slug for m in LIBRARY.measures.values() for t in terms_of(m)]

    assert used == set(LIBRARY.elements)
    assert len(slugs) == len(set(slugs))
