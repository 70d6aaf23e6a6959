"""Doubts about a value: each check finds what it is for, and leaves the ordinary alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.measuring.kinds import Element
from namro.measuring.quality import doubts, z_score

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


def test_unit_unlike_its_peers_is_asked() -> None:
    peers = [(Decimal(n), Decimal(100)) for n in (40, 42, 44, 41, 43, 45)]
    assert checks(FLOW, "97", whole=Decimal(100), peers=peers) == {"PEERS"}
    assert checks(FLOW, "46", whole=Decimal(100), peers=peers) == set()


def test_z_score_is_that_of_the_textbook() -> None:
    """Iglewicz and Hoaglin: 0.6745 × (x − median) ÷ MAD."""
    assert z_score(Decimal(10), of("1 2 3 4 5")) == pytest.approx(0.6745 * 7)


@given(st.lists(st.integers(0, 5000).map(Decimal), max_size=20), st.integers(0, 5000).map(Decimal))
def test_no_series_breaks_a_check(before: list[Decimal], value: Decimal) -> None:
    for doubt in doubts(FLOW, value, before=before, whole=value + 1, recorded=value):
        assert doubt.why.endswith(".") and "None" not in doubt.why
