"""The store: written as schema.py asks, refused in plain words when it is not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from namro.measuring import (
    StoreFault,
    command,
    load,
    measure,
    open_store,
    read_records,
    sources,
)
from namro.measuring.records import KnownUnits, receive
from namro.measuring.store import write_table
from namro.terms import Period

LIBRARY = load()
CADRES, ONLINE = "nq57.commune-cadres-trained", "nq57.online-dossiers"
SEPTEMBER, JULY = Period.of("202509"), Period.of("202507")
SINCE = date(2025, 7, 1)
AT = datetime(2025, 9, 20, 16, tzinfo=timezone(timedelta(hours=7)))


def said(number: int, element: str, unit: str, value: int, before: int | None = None) -> dict:
    """One ledger row of September, recorded `number` hours after the first."""
    return {
        "id": number,
        "element": element,
        "unit": unit,
        "period": "202509",
        "value": Decimal(value),
        "delta": Decimal(value - (before or 0)),
        "dn": 1 if before is None else 0,
        "recorded_at": AT + timedelta(hours=number),
    }


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two communes under a province in both trees; one correction; one file of dossiers."""
    folder = tmp_path / "store"
    _units(folder)
    write_table(
        folder,
        "expected",
        [
            {"measure": m, "unit": u, "from_on": date(2020, 1, 1)}
            for u in ("c1", "c2")
            for m in (CADRES, ONLINE)
        ],
    )
    rows = [
        said(1, "commune-cadres", "c1", 40),
        said(2, "commune-cadres-trained", "c1", 30),
        said(3, "commune-cadres-trained", "c1", 32, before=30),
    ]
    write_table(folder, "observations", rows[:2], segment="00000001-00000002")
    write_table(folder, "observations", rows[2:], segment="00000003-00000003")
    _dossiers(tmp_path, folder)
    return folder


def _units(folder: Path) -> None:
    write_table(
        folder,
        "units",
        [
            {"unit": u, "name": n, "kind": k, "tree": "GOVERNMENT", "level": i}
            for u, n, k, i in (
                ("p", "Tỉnh", "PROVINCE", 1),
                ("c1", "Xã Một", "COMMUNE", 2),
                ("c2", "Xã Hai", "COMMUNE", 2),
            )
        ],
    )
    pairs = [("p", "p"), ("c1", "c1"), ("c1", "p"), ("c2", "c2"), ("c2", "p")]
    write_table(
        folder,
        "unit_ancestors",
        [
            {"unit": u, "ancestor": a, "tree": t, "from_on": date(2020, 1, 1)}
            for u, a in pairs
            for t in ("GOVERNMENT", "PARTY")
        ],
    )


def _dossiers(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "hoso.csv"
    file.write_text(
        "dossier,unit,procedure,received_on,channel,digitised\n"
        "h1,c1,t1,2025-06-16,online,yes\nh2,c1,t1,2025-06-17,post,no\nh3,c2,t1,2025-06-17,online,yes\n",
        encoding="utf-8",
    )
    read = receive(
        file,
        LIBRARY.datasets["dossiers"],
        units=KnownUnits.of_codes(["c1", "c2"]),
        period=JULY,
        batch="b1",
        out=folder,
        hash_key=b"k",
    )
    write_table(
        folder,
        "batches",
        [
            {
                "batch": "b1",
                "dataset": "dossiers",
                "unit": unit,
                "period": "202507",
                "rows": rows,
                "recorded_at": AT,
            }
            for unit, rows in read.slices.items()
        ],
        segment="1",
    )


def test_figures_come_out_of_a_store(store: Path) -> None:
    wanted = [LIBRARY.measures[CADRES]]
    with open_store(store) as tables:
        (now,) = measure(wanted, tables, period=SEPTEMBER, units=["p"])
        (then,) = measure(
            wanted, tables, period=SEPTEMBER, units=["p"], as_of=AT + timedelta(hours=2)
        )

    assert (now.value, now.heard, now.expected) == (80, 1, 2)
    assert then.value == 75


def test_moments_may_be_asked_and_kept_in_any_zone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine took the process' zone (Django sets TZ) for moments kept without one."""
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    file = next(store.glob("observations/*2.parquet"))
    table = pq.read_table(file)
    zoned = table["recorded_at"].cast(pa.timestamp("us", tz="UTC"))
    pq.write_table(table.set_column(7, "recorded_at", zoned), file)

    with open_store(store) as tables:
        told = [
            measure([LIBRARY.measures[CADRES]], tables, period=SEPTEMBER, as_of=moment, units=["p"])
            for moment in (
                AT + timedelta(hours=2),
                (AT + timedelta(hours=2)).astimezone(UTC),
                (AT + timedelta(hours=2)).astimezone(UTC).replace(tzinfo=None),
            )
        ]

    assert told[0] == told[1] == told[2] and told[0][0].value == 75


def test_sources_are_the_ledger_rows_behind_a_figure(store: Path) -> None:
    with open_store(store) as tables:
        told = sources(LIBRARY.measures[CADRES], tables, units=["p"], period=SEPTEMBER)

    assert [(r.unit, r.value, r.observations) for r in told["numerator"]] == [("c1", 32, (2, 3))]
    assert [(r.source, r.observations) for r in told["denominator"]] == [("commune-cadres", (1,))]


def test_sources_of_counts_are_slices_and_their_records(store: Path) -> None:
    online = LIBRARY.measures[ONLINE]
    assert online.numerator is not None
    (count,) = online.numerator.items
    with open_store(store) as tables:
        told = sources(online, tables, units=["p"], period=JULY)
        rows, total = read_records(
            LIBRARY.datasets["dossiers"],
            tables,
            unit="p",
            period=Period.of("2025Q3"),
            where=count.where,  # type: ignore[union-attr]
            limit=1,
        )

    assert [(r.unit, r.value, r.batch) for r in told["numerator"]] == [
        ("c1", 1, "b1"),
        ("c2", 1, "b1"),
    ]
    assert total == 2 and len(rows) == 1
    assert (rows[0]["dossier"], rows[0]["row"], rows[0]["unit"]) == ("h1", 2, "c1")


def test_sources_add_up_to_the_figure(store: Path) -> None:
    for slug, period in ((CADRES, SEPTEMBER), (ONLINE, Period.of("2025"))):
        with open_store(store) as tables:
            told = sources(LIBRARY.measures[slug], tables, units=["p"], period=period)
            (figure,) = measure([LIBRARY.measures[slug]], tables, period=period, units=["p"])

        assert sum(r.value for r in told["numerator"]) == figure.numerator
        assert sum(r.value for r in told["denominator"]) == figure.denominator


def test_several_may_ask_at_once(store: Path) -> None:
    """Pages are served by threads: one store, each caller's feeding rows its own."""
    wanted = [LIBRARY.measures[CADRES]]

    with open_store(store) as tables, ThreadPoolExecutor(4) as pool:
        asked = [("p", SEPTEMBER), ("c1", SEPTEMBER), ("c2", SEPTEMBER), ("p", JULY)] * 5
        told = pool.map(
            lambda q: measure(wanted, tables, period=q[1], units=[q[0]])[0].numerator, asked
        )

        assert list(told) == [32, 32, None, None] * 5


def test_store_without_a_table_is_refused(store: Path) -> None:
    (store / "expected.parquet").unlink()

    with pytest.raises(StoreFault, match="chưa có bảng expected"):
        open_store(store)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop_columns(["dn"]), "thiếu cột dn"),
        (lambda t: t.set_column(5, "delta", t["delta"].cast(pa.float64())), "kiểu DOUBLE"),
    ],
)
def test_store_with_another_column_is_refused(store: Path, change: Any, said: str) -> None:
    for file in store.glob("observations/*.parquet"):
        pq.write_table(change(pq.read_table(file)), file)

    with pytest.raises(StoreFault, match=said):
        open_store(store)


def test_store_with_a_broken_file_is_refused(store: Path) -> None:
    (store / "units.parquet").write_bytes(b"not parquet")

    with pytest.raises(StoreFault, match="Không đọc được bảng units"):
        open_store(store)


def test_slice_that_is_gone_is_refused_and_not_counted_as_nothing(store: Path) -> None:
    next(store.glob("records/*/*/*.parquet")).unlink()

    with open_store(store) as tables, pytest.raises(StoreFault, match="thiếu lô bản ghi b1"):
        measure([LIBRARY.measures[ONLINE]], tables, period=JULY)


def test_store_that_was_never_fed_gives_no_data(store: Path) -> None:
    for file in store.glob("observations/*.parquet"):
        file.unlink()

    with open_store(store) as tables:
        told = measure([LIBRARY.measures[CADRES]], tables, period=SEPTEMBER)

    assert [(r.unit, r.value, r.expected) for r in told] == [
        ("c1", None, 1),
        ("c2", None, 1),
        ("p", None, 2),
    ]


def test_unknown_engine_is_refused(store: Path) -> None:
    with pytest.raises(StoreFault, match="Chưa hỗ trợ bộ máy tính"):
        open_store(store, "abacus")


def test_growing_table_needs_the_name_of_its_segment(store: Path) -> None:
    with pytest.raises(ValueError, match="thiếu tên đoạn"):
        write_table(store, "observations", [])


def run(store: Path, *arguments: str) -> int:
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([*arguments, "--dir", str(store.parent)]))


def test_command_prints_figures_for_people(store: Path, capsys: pytest.CaptureFixture) -> None:
    code = run(store, CADRES, "--period", "202509")

    told = capsys.readouterr().out
    assert code == 0
    assert "Tỉnh, tháng 9/2025: 80,0%" in told and "32 / 40 người = 80,0%" in told


def test_command_prints_json_as_of_a_moment(store: Path, capsys: pytest.CaptureFixture) -> None:
    code = run(
        store, "nq57", "--period", "202509", "--unit", "c1", "--as-of", "2025-09-20T18:30",
        "--json", "-",
    )  # fmt: skip

    told = json.loads(capsys.readouterr().out)
    (cadres,) = [r for r in told["results"] if r["measure"] == CADRES]
    assert code == 0 and told["format"] == "namro-results/1"
    assert (cadres["numerator"], cadres["exact"], cadres["shown"]) == ("30.0000", "75", "75,0%")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nq58", "--period", "202509"), "Không có cách đo “nq58”"),
        ((CADRES, "--period", "202509", "--unit", "x"), "Không có đơn vị nào mang mã “x”"),
    ],
)
def test_command_says_what_it_cannot_find(
    store: Path, capsys: pytest.CaptureFixture, arguments: tuple[str, ...], said: str
) -> None:
    assert run(store, *arguments) == 1
    assert said in capsys.readouterr().err
