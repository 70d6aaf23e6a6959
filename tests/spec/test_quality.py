"""Doubts about a value: each check finds what it is for, and leaves the ordinary alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.measuring.kinds import Element
from namro.measuring.quality import CHECK_LABELS, CHECK_MEANINGS, Check, doubts

FLOW = Element("f", "Số lượt", "lượt", "flow", minimum=Decimal(0), maximum=Decimal(100_000))
STOCK = replace(FLOW, slug="s", time="stock")


def of(numbers: str) -> list[Decimal]:
    return [Decimal(n) for n in numbers.split()]


def checks(element: Element, value: str, **told) -> set[str]:
    return {d.check for d in doubts(element, Decimal(value), **told)}


@pytest.mark.parametrize(
    ("element", "value", "told", "found"),
    [
        (FLOW, "-1", {}, {"LIMIT"}),
        (FLOW, "100001", {}, {"LIMIT"}),
        (FLOW, "41", {"whole": Decimal(40)}, {"PART"}),
        (FLOW, "40", {"whole": Decimal(40)}, set()),
        (FLOW, "913", {"before": of("91 88 94 90 93 87")}, {"JUMP"}),
        (FLOW, "97", {"before": of("91 88 94 90 93 87")}, set()),
        (FLOW, "913", {"before": of("91 88 94")}, set()),
        (FLOW, "3", {"before": of("1 1 2 1 1 1")}, set()),
        (FLOW, "104", {"before": of("91 91 92 91 90 91")}, set()),
        (STOCK, "57", {"before": of("57 57 57 57 57")}, set()),
        (STOCK, "58", {"before": of("57 57 57 57 57")}, set()),
        (STOCK, "570", {"before": of("57 57 57 57 57")}, {"JUMP"}),
        (FLOW, "57", {"before": of("41 57 57")}, {"COPY"}),
        (STOCK, "57", {"before": of("41 57 57")}, set()),
        (FLOW, "0", {"before": of("41 0 0")}, set()),
        (FLOW, "140", {"before": of("120 150 110 130 100 160")}, {"ROUND"}),
        (FLOW, "143", {"before": of("121 150 117 132 108 164")}, set()),
        (FLOW, "100", {"recorded": Decimal(80)}, {"RECORDS"}),
        (FLOW, "100", {"recorded": Decimal(97)}, set()),
    ],
)
def test_doubt_is_found_where_it_is_due(element, value, told, found) -> None:
    assert checks(element, value, **told) == found


SHARES = [(Decimal(n), Decimal(100)) for n in (40, 42, 44, 41, 43, 45, 39, 46, 42)]


@pytest.mark.parametrize(
    ("value", "peers", "found"),
    [
        ("97", SHARES, {"PEERS"}),
        ("4", SHARES, {"PEERS"}),
        ("49", SHARES, set()),  # the farthest, but not worth a question
        ("97", SHARES[:7], set()),  # too few to compare with
        ("97", [*SHARES, (Decimal(93), Decimal(100))], set()),  # not alone
        ("97", [(a, Decimal(0)) for a, _ in SHARES], set()),  # nothing to divide by
        ("101", SHARES, {"PART"}),  # asked about as what it is
    ],
)
def test_unit_far_from_and_apart_of_its_peers_is_asked(value, peers, found) -> None:
    assert checks(FLOW, value, whole=Decimal(100), peers=peers) == found


def test_units_of_two_sorts_are_not_asked_about_each_other() -> None:
    """Wards at some 80%, mountain communes at some 30%: a plain rule asks about every ward."""
    sorts = [(Decimal(n), Decimal(100)) for n in (28, 30, 31, 29, 33, 32, 27, 34, 30, 78, 82, 80)]
    for part, whole in sorts:
        others = [pair for pair in sorts if pair != (part, whole)]
        assert checks(FLOW, str(part), whole=whole, peers=others) == set()


def test_share_of_a_handful_is_forgiven_its_chance() -> None:
    peers = [(Decimal(n), Decimal(4)) for n in (1, 1, 2, 1, 2, 1, 1, 2, 1)]
    assert checks(FLOW, "3", whole=Decimal(4), peers=peers) == set()
    many = [(part * 250, whole * 250) for part, whole in peers]
    assert checks(FLOW, "750", whole=Decimal(1000), peers=many) == {"PEERS"}


def test_question_names_the_usual_share_and_how_many_were_looked_at() -> None:
    [doubt] = doubts(FLOW, Decimal(97), whole=Decimal(100), peers=SHARES)
    assert doubt.why.startswith("Bằng 97% của tổng, trong khi 9 đơn vị cùng loại thường khoảng 42")


@pytest.mark.parametrize("check", get_args(Check))
def test_each_check_has_a_name_and_is_explained_in_plain_words(check) -> None:
    told = CHECK_MEANINGS[check]
    assert told.endswith(".") and len(told) > 40
    assert CHECK_LABELS[check][0].isupper() and CHECK_LABELS[check] not in told
    assert "MAD" not in told and "z-score" not in told


@given(st.lists(st.integers(0, 5000).map(Decimal), max_size=20), st.integers(0, 5000).map(Decimal))
def test_no_series_breaks_a_check(before: list[Decimal], value: Decimal) -> None:
    for doubt in doubts(FLOW, value, before=before, whole=value + 1, recorded=value):
        assert doubt.why.endswith(".") and "None" not in doubt.why


def _jumps_by_the_book(element: Element, value: Decimal, before: list[Decimal]) -> bool:
    """The rule as the module's head says it, in fractions."""
    past = [Fraction(v) for v in before[-12:]]
    if len(past) < 5:
        return False
    usual = median(past)
    step = abs(Fraction(value) - usual)
    if step < 3 * Fraction(10) ** -element.digits or step < abs(usual) / 5:
        return False
    away = [abs(v - usual) for v in past]
    if median(away):
        return Fraction("0.6745") * step / median(away) > Fraction("3.5")
    if any(away):
        return step / (Fraction("1.253314") * sum(away) / len(away)) > Fraction("3.5")
    return 2 * step > abs(usual)


@given(
    st.lists(st.integers(-300, 9000), max_size=16),
    st.integers(-300, 40_000),
    st.sampled_from([0, 1, 2, 4]),
)
def test_jump_in_whole_numbers_is_the_jump_of_the_book(past, value, digits) -> None:
    element = replace(STOCK, digits=digits, minimum=None, maximum=None)
    unit = Decimal(1).scaleb(-digits)
    before, told = [v * unit for v in past], value * unit

    found = {d.check for d in doubts(element, told, before=before)} & {"JUMP"}

    assert bool(found) == _jumps_by_the_book(element, told, before)
