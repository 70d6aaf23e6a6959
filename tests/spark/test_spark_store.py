"""A store read by Spark, the spelling of its statements, and what is said when it is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

import namro.measuring
from namro.measuring import StoreFault, in_memory, measure, open_store, read_records, sources
from namro.measuring.spark import spelt
from namro.terms import Period
from tests.spec.test_store import CADRES, JULY, LIBRARY, ONLINE, SEPTEMBER, run, store

__all__ = ["store"]  # the fixture


@pytest.mark.parametrize(("slug", "period"), [(CADRES, SEPTEMBER), (ONLINE, JULY)])
def test_store_tells_spark_what_it_tells_duckdb(store: Path, slug: str, period: Period) -> None:
    one = LIBRARY.measures[slug]
    told = []
    for engine in ("duckdb", "spark"):
        with open_store(store, engine) as tables:
            figures = measure([one], tables, period=period)
            told.append((figures, sources(one, tables, units=["p"], period=period)))

    assert told[1] == told[0] and any(f.value is not None for f in told[0][0])


def test_records_are_the_same_on_spark(store: Path) -> None:
    dossiers = LIBRARY.datasets["dossiers"]
    told = []
    for engine in ("duckdb", "spark"):
        with open_store(store, engine) as tables:
            told.append(read_records(dossiers, tables, unit="p", period=JULY, limit=2, offset=1))

    assert told[1] == told[0] and told[0][1] == 3 and len(told[0][0]) == 2


def test_command_answers_alike_when_the_setting_names_spark(
    store: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("nq57", "--period", "202509", "--as-of", "2025-09-20T18:30", "--json", "-")
    assert run(store, *asked) == 0
    wanted = capsys.readouterr().out

    monkeypatch.setenv("NAMRO_ENGINE", "spark")
    assert run(store, *asked) == 0

    assert capsys.readouterr().out == wanted


def test_store_without_a_table_is_refused_by_spark(store: Path) -> None:
    (store / "expected.parquet").unlink()

    with pytest.raises(StoreFault, match="chưa có bảng expected"):
        open_store(store, "spark")


def test_store_with_another_column_is_refused_by_spark(store: Path) -> None:
    for file in store.glob("observations/*.parquet"):
        pq.write_table(pq.read_table(file).drop_columns(["dn"]), file)

    with pytest.raises(StoreFault, match="thiếu cột dn"):
        open_store(store, "spark")


def test_store_with_a_broken_file_is_refused_by_spark(store: Path) -> None:
    (store / "units.parquet").write_bytes(b"not parquet")

    with pytest.raises(StoreFault, match="Không đọc được bảng units"):
        open_store(store, "spark")


def test_slice_that_is_gone_is_refused_by_spark(store: Path) -> None:
    next(store.glob("records/*/*/*.parquet")).unlink()

    with open_store(store, "spark") as tables, pytest.raises(StoreFault, match="thiếu lô bản ghi"):
        measure([LIBRARY.measures[ONLINE]], tables, period=JULY)


def test_object_store_needs_a_cluster() -> None:
    with pytest.raises(StoreFault, match="cần một cụm Spark: đặt NAMRO_SPARK=sc://"):
        open_store("s3a://kho/store", "spark")


@pytest.mark.parametrize("cluster", ["sc://127.0.0.1:1", "spark://127.0.0.1:7077", "sc://[:x"])
def test_cluster_that_does_not_answer_is_told(store: Path, cluster: str) -> None:
    with pytest.raises(StoreFault, match="Không kết nối được cụm Spark"):
        open_store(store, "spark", cluster=cluster)


@pytest.mark.parametrize("text", ["it's", "a\\n", '"x"', "$as_of", "`", "''", "%_\\'", "Xã Một"])
def test_texts_and_names_are_spelt_so_that_they_stay_what_they_are(text: str) -> None:
    quoted = text.replace("'", "''")
    statement = f"SELECT '{quoted}' AS \"row\", $text AS told"

    with in_memory(engine="spark") as tables, tables.session() as session:
        (told,) = session.rows(statement, text=text)

    assert told == (text, text) == duckdb.sql(f"SELECT '{quoted}', '{quoted}'").fetchall()[0]
    assert "`row`" in spelt(statement, {"text": text})


def test_engine_that_is_not_installed_is_told_with_the_command(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pysail", None)
    monkeypatch.delitem(sys.modules, "pysail.spark")
    monkeypatch.delitem(sys.modules, "namro.measuring.spark")
    monkeypatch.delattr(namro.measuring, "spark")

    with pytest.raises(StoreFault, match=r"Chưa cài bộ máy tính Spark.*namro\[spark\]"):
        open_store(store, "spark")


def test_nothing_of_spark_is_loaded_unless_it_is_asked_for() -> None:
    said = (
        "import sys, namro.measuring as m; m.in_memory().close(); "
        "print([n for n in ('pyspark', 'pysail', 'grpc') if n in sys.modules])"
    )

    told = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    ).stdout

    assert told.strip() == "[]"
