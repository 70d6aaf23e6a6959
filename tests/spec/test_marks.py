"""A published figure says how final it is; later marks are new facts, and as-of knows which."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, Library, load, measure, shown, steps
from namro.measuring.definitions import elements_of
from namro.measuring.explain import mark_note
from namro.measuring.marks import Mark, mark_of
from namro.terms import Period
from tests.properties.small_library import write_library
from tests.reference import Held, World, figure
from tests.spec.worlds import NOON, WAYS, Way, beneath, said, tables_of

SERIES = "nq57.digital-economy"
LIBRARY = load()
TOLD = """
unit | period | at         | digital-economy-share | digital-economy-share-mark
tk   | 2024   | 2025-01-10 | 6.1                   | 1
tk   | 2024   | 2025-04-02 | 6.2                   | 2
tk   | 2024   | 2025-10-20 |                       | 3
tk   | 2025   | 2026-01-12 | 6.7                   | 1
"""
"""An estimate, a provisional figure, the same made official, then next year's estimate."""


def world_of(text: str = TOLD) -> World:
    units = ["tk", "c1"]
    return World(said(text), [], beneath(units), [Held("tk", SERIES)])


def asked(way: Way, period: str, as_of: str, text: str = TOLD) -> tuple[float | None, str | None]:
    one, when = LIBRARY.measures[SERIES], datetime.fromisoformat(as_of)
    told = way(one, world_of(text), LIBRARY, Period.of(period), "p", when)
    assert told is not None
    return (None if told.value is None else float(told.value)), told.mark


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("period", "as_of", "value", "mark"),
    [
        ("2024", "2025-01-09", None, None),
        ("2024", "2025-01-10", 6.1, "estimate"),
        ("2024", "2025-04-02", 6.2, "provisional"),
        ("2024", "2025-12-31", 6.2, "official"),
        ("2025", "2025-12-31", 6.2, "official"),  # last year's, still valid
        ("2025", "2026-02-01", 6.7, "estimate"),  # a new year does not bear the old year's mark
        ("2024", "2026-02-01", 6.2, "official"),
    ],
)
def test_mark_is_that_of_the_figure_as_it_was_known(
    way: Way, period: str, as_of: str, value: float | None, mark: str | None
) -> None:
    assert asked(way, period, as_of) == (value, mark)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_figure_without_a_mark_says_that_none_was_told(way: Way) -> None:
    text = "unit | period | digital-economy-share\ntk | 2024 | 6.1"
    assert asked(way, "2024", NOON.isoformat(), text) == (6.1, "unsaid")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_mark_alone_is_no_figure(way: Way) -> None:
    text = "unit | period | digital-economy-share-mark\ntk | 2024 | 3"
    assert asked(way, "2024", NOON.isoformat(), text) == (None, None)


def test_above_two_suppliers_there_is_neither_figure_nor_mark() -> None:
    world = world_of()
    both = World(
        [*world.said, *said("unit | period | digital-economy-share\nc1 | 2024 | 5")],
        [], world.above, [Held("tk", SERIES), Held("c1", SERIES)],
    )  # fmt: skip
    with tables_of(both, LIBRARY) as tables:
        [told] = measure([LIBRARY.measures[SERIES]], tables, period=Period.of("2024"), units=["p"])
    assert (told.value, told.mark) == (None, None)
    referee = figure(
        LIBRARY.measures[SERIES], both, unit="p", period=Period.of("2024"), as_of=datetime.max
    )
    assert (referee.value, referee.mark) == (None, None)


def test_pages_and_papers_say_the_mark_beside_the_figure() -> None:
    with tables_of(world_of(), LIBRARY) as tables:
        [told] = measure(
            [LIBRARY.measures[SERIES]], tables, period=Period.of("2024"), units=["tk"],
            as_of=datetime(2025, 5, 1),
        )  # fmt: skip
    assert shown(told) == "6,20% GRDP (số sơ bộ)"
    assert mark_note(told) == "số sơ bộ"
    assert steps(told)[0] == "6,20% GRDP (số sơ bộ)"


def test_marks_are_a_closed_set_in_the_order_of_finality() -> None:
    codes = [mark.code for mark in Mark]
    assert codes == [0, 1, 2, 3] and [mark_of(c) for c in codes] == list(Mark)
    assert mark_of(Mark.OFFICIAL.code + 1) is None
    assert Mark.ESTIMATE.code < Mark.PROVISIONAL.code < Mark.OFFICIAL.code


def test_reporter_is_asked_for_the_figure_first_and_its_mark_next() -> None:
    asked_for = [e.slug for e in elements_of(LIBRARY.measures[SERIES])]
    assert asked_for == ["digital-economy-share", "digital-economy-share-mark"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(tmp_path)


def refused(folder: Path, body: str) -> str:
    head = 'measure = "x.y"\ntitle = "x"\nscope = ["COMMUNE"]\nfrequency = "month"\n'
    example = '\n[[example]]\nsays = "x."\nperiod = "202501"\nexpect = { p = "-" }\n'
    (folder / "x.toml").write_text(head + body + example, encoding="utf-8")
    with pytest.raises(FaultyDefinition) as caught:
        load(folder)
    return str(caught.value)


def test_marked_figure_is_refused_where_it_would_be_pooled(folder: Path) -> None:
    pooled = 'kind = "ratio"\nover = "latest"\nnumerator = "final"\ndenominator = "a"'
    with (folder / "elements.toml").open("a", encoding="utf-8") as file:
        file.write('\n[final]\ntitle = "F"\nunit_of_measure = "người"\ntime = "stock"\n')
        file.write("marked = true\n")
    assert "không có một mức độ chung" in refused(folder, pooled)


def test_mark_is_no_number_to_count_with(folder: Path) -> None:
    for_itself = 'kind = "level"\nover = "latest"\nunit_of_measure = "mức độ"\nvalue = "index-mark"'
    assert "không phải là con số để tính" in refused(folder, for_itself)


@pytest.mark.parametrize(
    "told", ['unit_of_measure = "cái"\ntime = "flow"', 'kind = "date"'], ids=["flow", "date"]
)
def test_only_a_number_at_a_moment_may_be_marked(folder: Path, told: str) -> None:
    with (folder / "elements.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[z]\ntitle = "Z"\nmarked = true\n{told}\n')
    with pytest.raises(FaultyDefinition, match=r"z\.marked"):
        load(folder)


def test_name_of_the_mark_must_be_free(folder: Path) -> None:
    with (folder / "elements.toml").open("a", encoding="utf-8") as file:
        file.write('\n[index-mark]\ntitle = "Z"\nunit_of_measure = "cái"\ntime = "stock"\n')
    with pytest.raises(FaultyDefinition, match="index-mark"):
        load(folder)


def test_library_of_the_package_marks_the_published_series() -> None:
    library: Library = LIBRARY
    assert {e.slug for e in library.elements.values() if e.marked_by} == {"digital-economy-share"}
