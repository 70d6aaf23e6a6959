"""Records counted for the arrays: file by file, by the slices that count, the engine only asked
where records are read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from namro.measuring import StoreFault, dense, engines, load, measure, open_store
from namro.measuring.schema import records_table, slice_path
from namro.measuring.store import arrow_schema, write_parquet, write_table
from namro.terms import Period

LIBRARY = load()
DOSSIERS = LIBRARY.datasets["dossiers"]
ONLINE = LIBRARY.measures["nq57.online-dossiers"]
JULY = Period.of("202507")
AT = datetime(2025, 7, 20)
SINCE = date(2020, 1, 1)


def write_slice(store, batch, period, rows, *, hours=0, columns=None):
    """rows: (unit, channel); one line of the table of batches for each unit."""
    told = [
        {"batch": batch, "unit": unit, "row": n, "dossier": f"{batch}{n}", "channel": channel,
         "received_on": date(2025, 7, 2)}
        for n, (unit, channel) in enumerate(rows, start=2)
    ]  # fmt: skip
    table = pa.Table.from_pylist(told, schema=arrow_schema(records_table(DOSSIERS)))
    write_parquet(table.select(columns or table.column_names), slice_path_of(store, batch, period))
    write_table(
        store,
        "batches",
        [
            {"batch": batch, "dataset": "dossiers", "unit": unit, "period": period,
             "rows": len(rows), "recorded_at": AT + timedelta(hours=hours)}
            for unit in sorted({unit for unit, _ in rows})
        ],
        segment=batch,
    )  # fmt: skip


def slice_path_of(store, batch, period):
    return slice_path(store, "dossiers", period, batch)


@pytest.fixture
def store(tmp_path):
    """c1, c2 under p. June; July by two batches; c1's July again, an hour later."""
    for name in ("units", "successions"):
        write_table(tmp_path, name, ())
    pairs = (("p", "p"), ("c1", "c1"), ("c2", "c2"), ("c1", "p"), ("c2", "p"))
    lineage = [{"unit": u, "ancestor": a, "tree": "G", "from_on": SINCE} for u, a in pairs]
    write_table(tmp_path, "unit_ancestors", lineage)
    owing = [{"measure": ONLINE.slug, "unit": u, "from_on": SINCE} for u in ("c1", "c2")]
    write_table(tmp_path, "expected", owing)
    write_slice(tmp_path, "b0", "202506", [("c1", "online"), ("c2", "counter")])
    write_slice(tmp_path, "b1", "202507", [("c1", "online"), ("c1", "post"), ("c2", "online")])
    write_slice(tmp_path, "b2", "202507", [("c1", "counter")], hours=1)
    dense.bring(tmp_path)
    return tmp_path


def sums(store, engine="dense", **asked):
    with open_store(store, engine) as tables:
        assert (tables.book is not None) == (engine == "dense")
        found = measure([ONLINE], tables, period=JULY, **asked)
    return {r.unit: (r.numerator, r.denominator, r.heard) for r in found}


@pytest.mark.parametrize("large", [0, 10**9])
def test_files_counted_alone_or_together_say_the_same(store, monkeypatch, large):
    monkeypatch.setattr(engines, "LARGE", large)

    assert (
        sums(store) == sums(store, "duckdb") == {"c1": (1, 2, 1), "c2": (1, 2, 1), "p": (2, 4, 2)}
    )
    before = AT + timedelta(minutes=1)
    assert sums(store, as_of=before) == sums(store, "duckdb", as_of=before)
    assert sums(store, as_of=before)["c1"] == (2, 3, 1)


@pytest.mark.parametrize("large", [0, 10**9])
def test_column_that_an_older_slice_lacks_is_empty(store, monkeypatch, large):
    monkeypatch.setattr(engines, "LARGE", large)
    columns = ["batch", "unit", "row", "dossier"]
    write_slice(store, "b3", "202507", [("c2", "online"), ("c2", "post")], hours=2, columns=columns)

    assert sums(store) == sums(store, "duckdb")
    assert sums(store)["c2"] == (0, 3, 1)


def test_slice_written_later_is_seen_when_the_store_is_opened_again(store):
    sums(store)
    write_slice(store, "b4", "202507", [("c1", "online")], hours=3)

    assert sums(store)["c1"] == (2, 2, 1)


@pytest.mark.parametrize("engine", ["dense", "duckdb"])
def test_slice_without_its_file_is_told(store, engine):
    slice_path_of(store, "b2", "202507").unlink()

    with pytest.raises(StoreFault, match="thiếu lô bản ghi b2"):
        sums(store, engine)


@pytest.mark.parametrize("engine", ["dense", "duckdb"])
def test_batch_in_two_periods_is_refused(store, engine):
    write_slice(store, "b1", "202506", [("c2", "online")], hours=2)
    rows = [
        {"batch": "b1", "dataset": "dossiers", "unit": u, "period": p, "rows": 1, "recorded_at": AT}
        for u, p in (("c1", "202507"), ("c2", "202506"))
    ]
    write_table(store, "batches", rows, segment="b1")

    with pytest.raises(StoreFault, match="b1 nằm ở hai kỳ"):
        sums(store, engine)


def test_engine_is_started_only_where_records_are_read(store, monkeypatch):
    sums(store)
    started = []
    connect = engines._connect
    monkeypatch.setattr(engines, "_connect", lambda: started.append(1) or connect())

    with open_store(store) as tables:
        assert measure([LIBRARY.measures["nq57.5g-coverage"]], tables, period=JULY) == []
        assert started == []
        measure([ONLINE], tables, period=JULY)
        assert started == [1]
