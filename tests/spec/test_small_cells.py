"""Counts so small that they would tell of single persons are not published, at any unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load, measure, shown
from namro.terms import Period
from tests.properties.small_library import write_library
from tests.reference import Held, World
from tests.spec.test_definitions import GOOD, SHARE
from tests.spec.worlds import NOON, beneath, said, tables_of

SMALL = GOOD.replace('frequency = "month"', 'frequency = "month"\nsmall_below = 5')
TOLD = """
unit | period | a  | b
c1   | 202509 | 3  | 40
c2   | 202509 | 37 | 40
c3   | 202509 | 0  | 40
c4   | 202509 | 20 | 40
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(tmp_path)


def results(folder: Path) -> dict:
    (folder / "x-small.toml").write_text(SMALL, encoding="utf-8")
    library = load(folder)
    entries = said(TOLD)
    units = ["c1", "c2", "c3", "c4"]
    world = World(entries, [], beneath(units), [Held(u, "x.rate") for u in units])
    with tables_of(world, library) as tables:
        found = measure(
            [library.measures["x.rate"]], tables, period=Period.of("202509"), as_of=NOON
        )
    return {r.unit: r for r in found}


def test_few_persons_and_all_but_few_are_not_published(folder: Path) -> None:
    told = results(folder)

    hidden = {unit for unit, result in told.items() if result.hidden}
    assert hidden == {"c1", "c2"}
    for unit in hidden:
        assert told[unit].value is told[unit].numerator is told[unit].denominator is None
        assert shown(told[unit]) == "không công bố (số ít)"


def test_nobody_many_and_the_sum_are_published(folder: Path) -> None:
    told = results(folder)

    assert (told["c3"].value, told["c4"].value, told["p"].value) == (0, 50, 37.5)
    assert told["p"].counted == 4


def test_only_a_counted_share_may_ask_for_it(folder: Path) -> None:
    text = SHARE.replace("at_least = 50", "at_least = 50\nsmall_below = 5")
    (folder / "x-share.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FaultyDefinition, match="small_below"):
        load(folder)
