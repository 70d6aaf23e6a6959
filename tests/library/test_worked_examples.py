"""Every worked example of every measure in the library, by every way to a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from namro.measuring import Library, Measure, explain, load
from namro.measuring.definitions import Example, elements_of, terms_of
from namro.measuring.kinds import Element, Source
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


# --- examples are no decoration: whatever is tampered with, the example no longer holds ---------


def holds(measure: Measure, example: Example) -> bool:
    """Whether the example is what the measure gives, by the way that needs no store."""
    try:
        world = world_of(example, LIBRARY, measure.slug)
        period = Period.of(example.period)
        told = {
            unit: as_expected(WAYS["live"](measure, world, LIBRARY, period, unit, NOON), measure)
            for unit in example.expect
        }
    except (ArithmeticError, ValueError):
        return False
    return told == {unit: normal(expected) for unit, expected in example.expect.items()}


def other_than(expected: str) -> list[str]:
    """Expectations that are near but wrong."""
    if expected == "-":
        return ["1/1", "đạt", "0"]
    if expected in ("đạt", "chưa đạt"):
        return ["chưa đạt" if expected == "đạt" else "đạt", "-"]
    if "/" in expected:
        above, below = expected.split("/")
        return [f"{int(above) + 1}/{below}", f"{above}/{int(below) + 1}", f"{below}/{above}x", "-"]
    number, _, mark = expected.partition(" ")
    wrong = [f"{float(number) + 0.01:g}{f' {mark}' if mark else ''}", "-"]
    return [*wrong, f"{number} ước tính" if mark != "ước tính" else number] if mark else wrong


@pytest.mark.parametrize(("measure", "example"), EXAMPLES)
def test_example_with_another_expectation_does_not_hold(measure: Measure, example: Example) -> None:
    assert holds(measure, example)
    for unit, expected in example.expect.items():
        for wrong in other_than(expected):
            tampered = replace(example, expect={**example.expect, unit: wrong})
            assert not holds(measure, tampered), (unit, expected, wrong)


def tampered_tables(text: str) -> Iterator[str]:
    """The table with one of its cells changed, each in turn: a number raised, a word swapped."""
    head, *rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if head[place] in ("unit", "period") or not cell:
                continue
            among = {r[place] for r in rows} | {"yes", "no"} - {cell}
            swaps = [str(float(cell) + 7)] if cell.replace(".", "").isdigit() else sorted(among)
            for new in swaps:
                changed = [list(r) for r in rows]
                changed[row][place] = new
                yield "\n".join(" | ".join(line) for line in [head, *changed])


@pytest.mark.parametrize(("measure", "example"), EXAMPLES)
def test_example_rests_on_the_figures_it_shows(measure: Measure, example: Example) -> None:
    """Changing a single cell changes the answer, and telling nothing changes it always."""
    if set(example.expect.values()) == {"-"}:  # it shows what is not enough
        others = [v for one in measure.examples for v in one.expect.values()]
        assert set(others) != {"-"}, "some example must have an answer"
        return
    told = {"": example.reported, **example.records}
    tampered = [
        replace(example, records={**example.records, name: text})
        if name
        else replace(example, reported=text)
        for name, table in told.items()
        for text in (tampered_tables(table) if table else ())
    ]
    assert any(not holds(measure, one) for one in tampered)
    assert not holds(measure, replace(example, reported=None, records={}))


@pytest.mark.parametrize("measure", LIBRARY.measures.values(), ids=lambda m: m.slug)
def test_examples_of_a_measure_tell_it_from_its_likely_slips(measure: Measure) -> None:
    """Numerator and denominator swapped, another rule of combining: some example notices."""
    slips = list(slipped(measure))
    assert slips
    for name, wrong in slips:
        assert not all(holds(wrong, one) for one in measure.examples), name


def slipped(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """The measure with one slip a careless editor makes."""
    if measure.kind == "ratio" or measure.kind == "milestone":
        if measure.numerator and measure.denominator:
            yield (
                "sides swapped",
                replace(measure, numerator=measure.denominator, denominator=measure.numerator),
            )
        if measure.kind == "milestone":
            yield "kind", replace(measure, kind="level", denominator=None)
    if measure.kind == "share_of_units":
        assert measure.of is not None
        yield "the rule's limit", replace(measure, at_least=Decimal("1000"))
    if measure.kind == "combined":
        others = {"min": "mean", "mean": "min", "all": "any", "any": "all", "weighted": "min"}
        yield "how", replace(measure, how=others[measure.how or "min"])
    if measure.kind == "level":
        yield "another series", replace(measure, numerator=Source((OTHER,)))


OTHER = Element("other", "Khác", "điểm", "stock", carry=18)
