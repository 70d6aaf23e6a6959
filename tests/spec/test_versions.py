"""A catalogue as denominator: the figure rests on one decision, and says which."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from namro.measuring import FaultyDefinition, load, sources
from namro.measuring.records import KnownUnits, RecordsRead, receive
from namro.measuring.versions import versions_used
from namro.terms import Period
from tests.properties.small_library import write_library
from tests.reference import Held, Slice, World
from tests.spec.test_windows import each_way
from tests.spec.worlds import Way, beneath, slices, tables_of

LIBRARY = load()
SLUG = "catalogue.online-procedures"
ONE = LIBRARY.measures[SLUG]
LISTED = LIBRARY.datasets["procedures"]
HEAD = "procedure | unit | eligible | fully_online | decision | decided_on | in_force_from"
FIRST = f"""{HEAD}
t1 | vp | yes | yes | 05/QĐ-UBND | 2025-01-03 | 2025-01-10
t2 | vp | yes | no  | 05/QĐ-UBND | 2025-01-03 | 2025-01-10
t3 | vp | yes | no  | 05/QĐ-UBND | 2025-01-03 | 2025-01-10
"""
SECOND = f"""{HEAD}
t1 | vp | yes | yes | 61/QĐ-UBND | 2025-05-20 | 2025-06-01
t2 | vp | yes | yes | 61/QĐ-UBND | 2025-05-20 | 2025-06-01
"""
CORRECTED = SECOND + "t4 | vp | yes | no | 61/QĐ-UBND | 2025-05-20 | 2025-06-01\n"
EARLY = "05/QĐ-UBND ngày 03/01/2025, có hiệu lực từ 10/01/2025"
LATE = "61/QĐ-UBND ngày 20/5/2025, có hiệu lực từ 01/6/2025"
JANUARY, JUNE, OCTOBER = (datetime(2025, m, 20) for m in (1, 6, 10))


def world_of(*told: tuple[str, datetime]) -> World:
    parted: list[Slice] = []
    for number, (text, at) in enumerate(told, start=1):
        parted += slices(LISTED, text, batch=f"b{number}", at=at)
    return World([], parted, beneath(["vp"]), [Held("vp", SLUG)])


TWO = world_of((FIRST, JANUARY), (SECOND, JUNE), (CORRECTED, OCTOBER))


@each_way
@pytest.mark.parametrize(
    ("period", "as_of", "above", "below"),
    [
        ("2025Q1", datetime(2025, 1, 19), None, None),
        ("2025Q1", datetime(2025, 12, 31), 1, 3),
        ("202505", datetime(2025, 12, 31), 1, 3),
        ("202506", datetime(2025, 6, 19), 1, 3),  # the second was not known yet
        ("202506", datetime(2025, 6, 20), 2, 2),
        ("2025Q3", datetime(2025, 10, 19), 2, 2),
        ("2025Q3", datetime(2025, 10, 20), 2, 3),  # the list of the same decision, mended
        ("2025", datetime(2025, 12, 31), 2, 3),
        ("2027Q2", datetime(2028, 1, 1), 2, 3),  # carried for 24 months
        ("2027Q3", datetime(2028, 1, 1), None, None),
    ],
)
def test_figure_rests_on_the_version_in_force_and_known(
    way: Way, period: str, as_of: datetime, above: int | None, below: int | None
) -> None:
    told = way(ONE, TWO, LIBRARY, Period.of(period), "p", as_of)
    assert told is not None
    assert (told.numerator, told.denominator) == (above, below)


@pytest.mark.parametrize(
    ("period", "as_of", "said"),
    [
        ("2025Q1", datetime(2025, 12, 31), [EARLY]),
        ("2025Q3", datetime(2025, 12, 31), [LATE]),
        ("2025Q3", datetime(2025, 6, 1), [EARLY]),
        ("2025Q3", datetime(2025, 1, 1), []),
    ],
)  # fmt: skip
def test_figure_states_the_decision_it_counts_by(
    period: str, as_of: datetime, said: list[str]
) -> None:
    with tables_of(TWO, LIBRARY) as tables:
        rows = sources(ONE, tables, units=["p"], period=Period.of(period), as_of=as_of)
        used = versions_used(ONE, rows, LIBRARY.datasets, tables)
    assert [v.told for v in used] == said
    assert all((v.dataset, v.unit) == ("procedures", "vp") for v in used)


def test_numerator_and_denominator_are_of_one_version() -> None:
    with tables_of(TWO, LIBRARY) as tables:
        rows = sources(ONE, tables, units=["p"], period=Period.of("2025Q3"), as_of=OCTOBER)
    batches = {row.batch for side in rows.values() for row in side}
    assert len(batches) == 1


def test_figure_without_a_catalogue_states_none() -> None:
    plain = LIBRARY.measures["nq57.online-dossiers"]
    with tables_of(TWO, LIBRARY) as tables:
        rows = sources(plain, tables, units=["p"], period=Period.of("2025"))
        assert versions_used(plain, rows, LIBRARY.datasets, tables) == []


# --- at the door -----------------------------------------------------------------------------


def received(tmp_path: Path, *rows: str) -> RecordsRead:
    file = tmp_path / "danh-muc.csv"
    head = "procedure,unit,eligible,fully_online,decision,decided_on,in_force_from"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return receive(
        file, LISTED, units=KnownUnits.of_codes(["vp", "ub"]), period=Period.of("202506"),
        batch="b1", out=tmp_path / "store", hash_key=b"k" * 32,
    )  # fmt: skip


def test_list_of_one_decision_is_taken_and_two_units_may_have_their_own(tmp_path: Path) -> None:
    read = received(
        tmp_path,
        "t1,vp,yes,yes,61/QĐ-UBND,2025-05-20,2025-06-01",
        "t2,vp,yes,no,61/QĐ-UBND,2025-05-20,2025-06-01",
        "t3,ub,yes,no,62/QĐ-UBND,2025-05-21,2025-06-02",
    )
    assert read.faults == () and read.slices == {"ub": 1, "vp": 2}


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ("t2,vp,yes,no,05/QĐ-UBND,2025-05-20,2025-06-01", "E3", "khác dòng đầu của đơn vị vp"),
        ("t2,vp,yes,no,61/QĐ-UBND,2025-05-19,2025-06-01", "F3", "(“20/5/2025”)"),
        ("t2,vp,yes,no,61/QĐ-UBND,2025-05-20,2025-06-02", "G3", "(“01/6/2025”)"),
        ("t2,ub,yes,no,62/QĐ-UBND,2025-06-03,2025-06-02", "F3", "sau ngày có hiệu lực"),
        ("t2,vp,yes,no,,2025-05-20,2025-06-01", "E3", ""),
    ],
)
def test_rows_of_two_decisions_are_refused_by_cell(
    tmp_path: Path, row: str, cell: str, said: str
) -> None:
    read = received(tmp_path, "t1,vp,yes,yes,61/QĐ-UBND,2025-05-20,2025-06-01", row)
    assert read.path is None and read.faults
    [fault] = read.faults
    assert fault.place.cell.endswith(cell) and said in fault.message and fault.suggestion


# --- when it is loaded -----------------------------------------------------------------------

VISITS = 'calendar = "calendar"\n'
COLUMNS = """
[visits.columns.by]
title = "Quyết định"
type = "text"
required = true

[visits.columns.signed]
title = "Ngày ký"
type = "date"
required = true
"""


@pytest.mark.parametrize(
    ("version", "kept", "key"),
    [
        ('{ number = "by", decided_on = "signed" }', 'time = "flow"', "visits.version"),
        ('{ number = "by", decided_on = "signed" }', 'time = "stock"', "visits.version"),
        ('{ number = "nothing", decided_on = "signed" }', "", "visits.version.number"),
        ('{ number = "signed", decided_on = "signed" }', "", "visits.version.number"),
        ('{ number = "by", decided_on = "day", until = "x" }', "", "visits.version.until"),
        ('{ number = "by" }', "", "visits.version.decided_on"),
    ],
)
def test_version_that_could_not_be_told_is_refused(
    tmp_path: Path, version: str, kept: str, key: str
) -> None:
    file = write_library(tmp_path) / "datasets.toml"
    text = file.read_text(encoding="utf-8")
    kept = kept or 'time = "stock"\ncarry = 12'
    told = text.replace(VISITS, f"{VISITS}{kept}\nversion = {version}\n", 1) + COLUMNS
    file.write_text(told, encoding="utf-8")

    with pytest.raises(FaultyDefinition) as caught:
        load(tmp_path)

    assert caught.value.key == key and caught.value.line


def test_dates_of_the_version_are_read_as_dates() -> None:
    assert LISTED.version is not None
    assert LISTED.columns[LISTED.date].type == LISTED.columns[LISTED.version.decided_on].type
    assert date(2025, 6, 1) == slices(LISTED, SECOND)[0].rows[0][LISTED.date]
