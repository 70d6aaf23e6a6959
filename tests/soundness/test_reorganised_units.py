"""Wrong figures that a reorganisation of units gave, or would have given, each with its story."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from namro.measuring import Library, load, measure
from namro.measuring import sources as sources_of
from namro.terms import Period
from tests.reference import Figure, Gave, Held, World, figure
from tests.spec.worlds import NOON, beneath, said, seen, tables_of

LIBRARY: Library = load()
BUDGET, CADRES = "nq57.budget-share", "nq57.commune-cadres-trained"
JULY = date(2025, 7, 1)


def lived(unit: str, slug: str, since: date = date(2000, 1, 1), until: date | None = None):
    """A unit under the province that owes a measure, for as long as it lives."""
    above = [Held(unit, what, since=since, until=until) for what in (unit, "p")]
    return above, [Held(unit, slug, since=since, until=until)]


def merged(slug: str, told: str, *, known: datetime = datetime(2000, 1, 1)) -> World:
    """a and b gave way to c on 1 July 2025."""
    world = World(said(told), [], beneath([]), [], [Gave(u, ("c",), JULY, known) for u in "ab"])
    for unit, since, until in (("a", None, JULY), ("b", None, JULY), ("c", JULY, None)):
        above, owed = lived(unit, slug, since or date(2000, 1, 1), until)
        world.above += above
        world.owed += owed
    return world


def ask(
    slug: str, world: World, period: str, unit: str = "p", tree_on: date | None = None
) -> Figure | None:
    """The direct answer; the referee must say the same."""
    one, when = LIBRARY.measures[slug], Period.of(period)
    with tables_of(world, LIBRARY) as tables:
        told = measure([one], tables, period=when, as_of=NOON, units=[unit], tree_on=tree_on)
    found = seen(told[0]) if told else None
    right = figure(one, world, unit=unit, period=when, as_of=NOON, tree_on=tree_on)
    assert found == (right if right.expected else None)
    return found


SPENT = """
unit | period | budget-spent | budget-spent-on-science
a    | 202503 | 1000         | 10
b    | 202504 | 3000         | 90
c    | 202508 | 1000         | 50
"""


def test_year_to_date_keeps_what_merged_units_spent_before() -> None:
    """After 1 July the province's year began in July: 5,000 spent had become 1,000."""
    world = merged(BUDGET, SPENT)

    told = ask(BUDGET, world, "202508")
    alone = ask(BUDGET, world, "202508", "c")

    assert told is not None and alone is not None
    assert (told.numerator, told.denominator, told.expected) == (150, 5000, 1)
    assert (alone.numerator, alone.denominator) == (150, 5000)


def test_past_stays_under_the_tree_of_the_time_and_is_asked_under_the_new() -> None:
    world = merged(BUDGET, SPENT)

    then = {u: ask(BUDGET, world, "202504", u) for u in ("a", "b", "c", "p")}
    anew = {u: ask(BUDGET, world, "202504", u, date(2025, 12, 31)) for u in ("a", "c", "p")}

    assert then["a"].value == 1 and then["b"].value == 3 and then["c"] is None  # type: ignore[union-attr]
    assert then["p"].denominator == anew["p"].denominator == anew["c"].denominator == 4000  # type: ignore[union-attr]
    assert anew["a"] is None


def test_stock_of_merged_unit_is_no_data_while_one_of_its_units_was_silent() -> None:
    """c looked as if it had 40 cadres: those of a alone."""
    told = """
    unit | period | commune-cadres | commune-cadres-trained
    a    | 202506 | 40             | 20
    """
    both = told + "    b    | 202506 | 60             | 40\n"

    assert ask(CADRES, merged(CADRES, told), "202507", "c").value is None  # type: ignore[union-attr]
    whole = ask(CADRES, merged(CADRES, both), "202507", "c")
    assert whole is not None
    assert (whole.numerator, whole.denominator, whole.counted, whole.heard) == (60, 100, 1, 0)


def test_what_a_split_unit_spent_stays_with_the_province_and_is_not_guessed() -> None:
    """The half year of a unit that was split vanished from the province's year."""
    text = """
    unit | period | budget-spent | budget-spent-on-science
    a    | 202503 | 1000         | 10
    b    | 202508 | 500          | 40
    """
    world = World(said(text), [], beneath([]), [], [Gave("a", ("b", "c"), JULY)])
    for unit, since, until in (("a", None, JULY), ("b", JULY, None), ("c", JULY, None)):
        above, owed = lived(unit, BUDGET, since or date(2000, 1, 1), until)
        world.above += above
        world.owed += owed

    told = {u: ask(BUDGET, world, "202508", u) for u in ("p", "b", "c")}

    assert (told["p"].numerator, told["p"].denominator) == (50, 1500)  # type: ignore[union-attr]
    assert told["b"].denominator == 500 and told["c"].value is None  # type: ignore[union-attr]


def test_merger_recorded_in_september_does_not_change_what_was_known_in_august() -> None:
    """A paper of August, computed again, had one commune in place of two."""
    september = datetime(2025, 9, 5)
    world = merged(BUDGET, SPENT, known=september)
    world.above = [_known(h, september) for h in world.above] + [
        Held(u, what, forgotten=september) for u in "ab" for what in (u, "p")
    ]
    world.owed = [_known(h, september) for h in world.owed] + [
        Held(u, BUDGET, forgotten=september) for u in "ab"
    ]
    world.said = [
        type(s)(s.id, s.element, s.unit, s.period, s.value, datetime(2025, 8, 1))
        for s in world.said
        if s.unit != "c"
    ]
    one, july = LIBRARY.measures[BUDGET], Period.of("202507")

    with tables_of(world, LIBRARY) as tables:
        then, now = (
            measure([one], tables, period=july, as_of=as_of, units=["p"])[0]
            for as_of in (datetime(2025, 8, 20), NOON)
        )

    assert (then.expected, now.expected) == (2, 1)
    assert then.value == now.value == Fraction(100, 40)


def _known(held: Held, at: datetime) -> Held:
    return Held(held.unit, held.what, since=held.since, until=held.until, known=at)


def test_sources_of_a_merged_unit_are_the_values_of_those_it_took_over() -> None:
    world = merged(BUDGET, SPENT)

    with tables_of(world, LIBRARY) as tables:
        found = sources_of(
            LIBRARY.measures[BUDGET], tables, units=["p"], period=Period.of("202508"), as_of=NOON
        )

    rows = [(r.unit, r.period, r.value, r.leaf) for r in found["denominator"]]
    assert rows == [
        ("a", "202503", 1000, "c"),
        ("b", "202504", 3000, "c"),
        ("c", "202508", 1000, "c"),
    ]


def test_tree_older_than_the_period_is_refused() -> None:
    with (
        tables_of(merged(BUDGET, SPENT), LIBRARY) as tables,
        pytest.raises(ValueError, match="cây"),
    ):
        measure(
            [LIBRARY.measures[BUDGET]], tables, period=Period.of("202508"), tree_on=date(2025, 6, 1)
        )
