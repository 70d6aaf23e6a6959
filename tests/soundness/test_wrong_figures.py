"""Every way to a wrong figure that was ever found or feared, with its story."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from namro.measuring import Library, StoreFault, load
from namro.terms import Period
from tests.reference import Held, Slice, World
from tests.spec.test_windows import ask
from tests.spec.worlds import NOON, WAYS, Way, beneath, direct, said

LIBRARY: Library = load()

each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)

CADRES = "nq57.commune-cadres-trained"


@each_way
def test_province_is_not_the_mean_of_its_communes(way: Way) -> None:
    """A big commune at 10% and a small one at 100% once made a province of 55%."""
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202509 | 90             | 9
    c2   | 202509 | 10             | 10
    """

    assert ask(way, CADRES, text, "202509").value == 19


@each_way
def test_leaf_is_counted_once_though_the_province_stands_above_it_in_two_trees(way: Way) -> None:
    """The province is above a commune as its government and as its Party; joined naively, twice."""
    entries = said(
        """
        unit | period | commune-cadres | commune-cadres-trained
        c1   | 202509 | 40             | 32
        """
    )
    above = [
        *beneath(["c1"]),
        Held("c1", "c1", "PARTY"),
        Held("c1", "p", "PARTY"),
        Held("p", "p", "PARTY"),
    ]
    world = World(entries, [], above, [Held("c1", CADRES)])

    told = way(LIBRARY.measures[CADRES], world, LIBRARY, Period.of("202509"), "p", NOON)

    assert told is not None
    assert (told.numerator, told.denominator, told.heard, told.expected) == (32, 40, 1, 1)


@each_way
def test_unit_that_owes_twice_over_is_expected_once(way: Way) -> None:
    """Two assignments of one target to one unit are still one unit."""
    entries = said(
        """
        unit | period | commune-cadres | commune-cadres-trained
        c1   | 202509 | 40             | 32
        """
    )
    owed = [Held("c1", CADRES), Held("c1", CADRES, since=date(2025, 7, 1))]
    world = World(entries, [], beneath(["c1"]), owed)

    told = way(LIBRARY.measures[CADRES], world, LIBRARY, Period.of("202509"), "p", NOON)

    assert told is not None and (told.heard, told.expected) == (1, 1)


@each_way
def test_denominator_without_its_numerator_does_not_drag_the_rate_down(way: Way) -> None:
    """c2 told how many cadres it has, not yet how many were trained: not 0 of 60, but not heard."""
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202509 | 40             | 32
    c2   | 202509 | 60             |
    """

    told = ask(way, CADRES, text, "202509")

    assert (told.value, told.denominator, told.heard, told.expected) == (80, 40, 1, 2)


@each_way
def test_value_carried_past_its_validity_is_not_used(way: Way) -> None:
    """A commune that reported in June still shone in December."""
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202506 | 40             | 40
    c2   | 202512 | 40             | 10
    """

    told = ask(way, CADRES, text, "202512")

    assert (told.value, told.counted) == (25, 1)


@each_way
def test_silent_units_are_not_shown_as_heard_because_their_last_value_was_carried(way: Way) -> None:
    """Two silent communes shown as heard because their last value was carried: 4/4 at 2 of 4."""
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202508 | 40             | 20
    c2   | 202508 | 40             | 20
    c3   | 202509 | 10             | 10
    c4   | 202509 | 10             | 10
    """

    told = ask(way, CADRES, text, "202509")

    assert (told.value, told.counted, told.heard, told.expected) == (60, 4, 2, 4)


@each_way
def test_unit_that_told_one_side_anew_and_not_the_other_is_not_heard(way: Way) -> None:
    """c1 sent how many were trained and left out of how many: its old denominator carried on."""
    text = """
    unit | period | commune-cadres | commune-cadres-trained
    c1   | 202508 | 40             | 20
    c1   | 202509 |                | 30
    """

    told = ask(way, CADRES, text, "202509")

    assert (told.value, told.counted, told.heard) == (75, 1, 0)


@each_way
def test_contract_that_ended_makes_the_milestone_unmet_again(way: Way) -> None:
    text = """
    unit | period | security-service-since | security-service-until | security-centre-since
    ca   | 202507 | 20240901               | 20250831               | 0
    """

    before = ask(way, "nq57.security-centre", text, "202508").parts[0]
    after = ask(way, "nq57.security-centre", text, "202509").parts[0]

    assert (before.value, after.value) == (1, 0)


@each_way
def test_silent_units_weigh_in_a_share_of_units(way: Way) -> None:
    """Three silent departments of four: the one that reached 25% is 1 of 4, not 1 of 1."""
    slug = "nq57.technical-leaders"
    entries = said(
        """
        unit | period | leaders | leaders-technical
        s1   | 2025S2 | 4       | 1
        """
    )
    units = ["s1", "s2", "s3", "s4"]
    world = World(entries, [], beneath(units), [Held(u, slug) for u in units])

    told = way(LIBRARY.measures[slug], world, LIBRARY, Period.of("2025S2"), "p", NOON)

    assert told is not None
    assert (told.numerator, told.denominator, told.value) == (1, 4, 25)


@each_way
def test_share_of_units_nobody_spoke_of_is_no_data_and_not_zero(way: Way) -> None:
    slug = "nq57.technical-leaders"
    world = World([], [], beneath(["s1"]), [Held("s1", slug)])

    told = way(LIBRARY.measures[slug], world, LIBRARY, Period.of("2025S2"), "p", NOON)

    assert told is not None and told.value is None and told.expected == 1


@each_way
def test_nought_of_nought_does_not_reach_a_least_share(way: Way) -> None:
    """0 × 100 ≥ 25 × 0 holds; a unit without any leader does not have a quarter of them."""
    text = """
    unit | period | leaders | leaders-technical
    s1   | 2025S2 | 0       | 0
    """

    told = ask(way, "nq57.technical-leaders", text, "2025S2")

    assert (told.numerator, told.heard) == (0, 1)


@each_way
def test_what_a_unit_says_that_does_not_owe_the_measure_is_left_out(way: Way) -> None:
    """A department reported the communes' element by mistake and changed the province's rate."""
    entries = said(
        """
        unit | period | commune-cadres | commune-cadres-trained
        c1   | 202509 | 40             | 32
        s1   | 202509 | 500            | 0
        """
    )
    world = World(entries, [], beneath(["c1", "s1"]), [Held("c1", CADRES)])

    told = way(LIBRARY.measures[CADRES], world, LIBRARY, Period.of("202509"), "p", NOON)

    assert told is not None and (told.value, told.expected) == (80, 1)


@each_way
def test_unit_that_moved_counts_where_it_stood_on_the_periods_last_day(way: Way) -> None:
    """A commune moved from a to b on 14 October, the very last day of October: October is b's."""
    entries = said(
        """
        unit | period | commune-cadres | commune-cadres-trained
        c1   | 202509 | 40             | 32
        """
    )
    moved = date(2025, 10, 14)
    above = [
        Held("c1", "c1"),
        Held("c1", "a", until=moved),
        Held("c1", "b", since=moved),
        Held("a", "a"),
        Held("b", "b"),
    ]
    world = World(entries, [], above, [Held("c1", CADRES)])
    measure = LIBRARY.measures[CADRES]

    told = {
        (unit, period): way(measure, world, LIBRARY, Period.of(period), unit, NOON)
        for unit in ("a", "b")
        for period in ("202509", "202510")
    }

    assert [told[k].value for k in (("a", "202509"), ("b", "202510"))] == [80, 80]  # type: ignore[union-attr]
    assert told["b", "202509"] is told["a", "202510"] is None


@each_way
def test_least_of_rates_is_taken_of_the_provinces_rates(way: Way) -> None:
    """The least of each commune, then pooled, gave 440 of 1,000; the least rate is 500 of 1,000."""
    text = """
    unit | period | adults | adults-using-health | adults-using-education | \
adults-using-insurance | adults-using-transport
    c1   | 2025S2 | 600    | 540                 | 300                    | 360 | 420
    c2   | 2025S2 | 400    | 320                 | 280                    | 140 | 200
    """

    told = ask(way, "nq57.digital-services", text, "2025S2")

    assert (told.numerator, told.denominator, told.value) == (500, 1000, Fraction(50))


def test_batch_named_twice_for_two_periods_is_refused() -> None:
    """Its rows were counted in both periods: 2 of 4 where 1 of 2 was right."""
    slug = "nq57.online-dossiers"
    one = {"dossier": "h1", "received_on": date(2025, 7, 2), "channel": "online"}
    two = {"dossier": "h2", "received_on": date(2025, 7, 20), "channel": "post"}
    parted = [
        Slice("b", "dossiers", "c1", "202507", NOON, (one,)),
        Slice("b", "dossiers", "c1", "202508", NOON, (two,)),
    ]
    world = World([], parted, beneath(["c1"]), [Held("c1", slug)])

    with pytest.raises(StoreFault, match="hai kỳ"):
        direct(LIBRARY.measures[slug], world, LIBRARY, Period.of("202508"), "p", NOON)
