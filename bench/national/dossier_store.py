"""Dossiers from a seed: slices in a store laid out as the product does, and what they are asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.national.nation import MONTHS, Nation
from bench.national.site import KINDS, SINCE, code
from namro.measuring import dense, load
from namro.measuring.schema import records_table, slice_path
from namro.measuring.store import arrow_schema, write_parquet, write_table
from namro.terms import Calendar, Period

_ONLINE, _DONE = "channel = 'online'", "resolved_on IS NOT NULL"
_RESULT = f"{_DONE} AND result_electronic = 'yes'"
MONTHLY = {
    "bench.online": ('{ channel = "online" }', "{}"),
    "bench.paid": ('{ paid_online = "yes" }', '{ paid_online = { one_of = ["yes", "no"] } }'),
    "bench.content": (
        "{ satisfaction = { at_least = 4 } }",
        "{ satisfaction = { present = true } }",
    ),
}
"""Measures of the bench: the conditions of numerator and denominator, as a definition has them."""
YEARLY = ("nq57.online-dossiers", "nq57.dossiers-digitised")
COUNTS = {
    "bench.online": [("bench.online", _ONLINE, "true")],
    "bench.paid": [("bench.paid", "paid_online = 'yes'", "paid_online IN ('yes', 'no')")],
    "bench.content": [("bench.content", "satisfaction >= 4", "satisfaction IS NOT NULL")],
    "nq57.online-dossiers": [("nq57.online-dossiers", _ONLINE, "true")],
    "nq57.dossiers-digitised": [
        ("nq57.dossiers-digitised/dossiers", "digitised = 'yes'", "true"),
        ("nq57.dossiers-digitised/results", _RESULT, _DONE),
    ],
}
"""The same by hand: measure → (term, condition of the numerator, of the denominator)."""

_MEASURE = """measure = "{slug}"
title = "Tỷ lệ {slug}"
kind = "ratio"
over = "period"
scope = ["COMMUNE"]
frequency = "month"
numerator = {{ count = "dossiers", title = "Tử số", where = {above} }}
denominator = {{ count = "dossiers", title = "Mẫu số", where = {below} }}

[[example]]
says = "Một hồ sơ đạt."
period = "202507"
dossiers = \"\"\"
dossier | unit | received_on | channel | paid_online | satisfaction
h1      | c1   | 2025-07-02  | online  | yes         | 5
\"\"\"
expect = {{ c1 = "1/1" }}
"""


def fill(nation: Nation, millions: int, home: Path) -> None:
    """Measures and store; months that were written before are not written again."""
    folder = home / "measures"
    folder.mkdir(parents=True, exist_ok=True)
    for slug, (above, below) in MONTHLY.items():
        text = _MEASURE.format(slug=slug, above=above, below=below)
        (folder / f"{slug}.toml").write_text(text, encoding="utf-8")
    store = home / "store"
    _small_tables(nation, store)
    dataset = load().datasets["dossiers"]
    many = millions * 1_000_000 // MONTHS
    for month, period in enumerate(nation.periods):
        path = slice_path(store, dataset.slug, period.code, _batch(period))
        if path.exists():
            continue
        made = _dossiers(nation, month, many)
        schema = arrow_schema(records_table(dataset))
        arrays = [made[name] for name in schema.names]
        write_parquet(pa.Table.from_arrays(arrays, schema=schema), path)
        _say_sent(made["unit"], period, store)
    dense.bring(store)


def _batch(period: Period) -> str:
    return f"{period.code}15T020000000000-bench"


def _small_tables(nation: Nation, store: Path) -> None:
    if (store / "expected.parquet").exists():
        return
    units = [
        {"unit": code(u), "name": code(u), "tree": "GOVERNMENT", "level": level,
         "kind": KINDS[level]}
        for u in range(nation.size)
        for level in (nation.level(u),)
    ]  # fmt: skip
    write_table(store, "units", units)
    write_table(store, "unit_ancestors", _lineage(nation))
    slugs = (*MONTHLY, *YEARLY)
    owing = range(nation.first_commune, nation.size)
    expected = [{"measure": s, "unit": code(u), "from_on": SINCE} for s in slugs for u in owing]
    write_table(store, "expected", expected)


def _lineage(nation: Nation) -> list[dict[str, Any]]:
    found = []
    for unit in range(nation.size):
        line = [unit]
        while line[-1]:
            line.append(int(nation.above[line[-1]]))
        found += [
            {"unit": code(unit), "ancestor": code(a), "tree": "GOVERNMENT", "from_on": SINCE}
            for a in line
        ]
    return found


def _say_sent(units: Any, period: Period, store: Path) -> None:
    """The batch's slices, as the site tells them."""
    told = units.value_counts()
    at = _at(period)
    rows = [
        {"batch": _batch(period), "dataset": "dossiers", "unit": one["values"],
         "period": period.code, "rows": one["counts"], "recorded_at": at}
        for one in told.to_pylist()
    ]  # fmt: skip
    write_table(store, "batches", rows, segment=period.code)


def _at(period: Period) -> datetime:
    day = period.last_day(Calendar.ADMINISTRATIVE)
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def _dossiers(nation: Nation, month: int, many: int) -> dict[str, Any]:
    """A month's dossiers by column, by unit and row."""
    chance, period = np.random.default_rng([nation.seed, 7, month]), nation.periods[month]
    unit = np.sort(chance.integers(nation.first_commune, nation.size, many))
    first = (period.first_day(Calendar.ADMINISTRATIVE) - date(1970, 1, 1)).days
    received = first + chance.integers(0, 28, many)
    due, took = received + chance.integers(3, 25, many), chance.integers(0, 35, many)
    row = np.arange(1, many + 1)
    codes = pa.array([code(u) for u in range(nation.size)])
    officers = pa.array([f"{n * 2654435761 % 2**128:032x}" for n in range(nation.size * 5)])
    score = pa.array(chance.integers(1, 6, many), mask=chance.random(many) < 0.7)
    return {
        "batch": pa.repeat(_batch(period), many),
        "unit": codes.take(pa.array(unit)),
        "row": pa.array(row),
        "dossier": pc.binary_join_element_wise(period.code, pa.array(row).cast(pa.string()), "-"),
        "procedure": _one_of(chance, [f"2.{n:06d}" for n in range(200)], many),
        "field": _one_of(chance, [f"Lĩnh vực {n}" for n in range(20)], many),
        "received_on": _days(received),
        "channel": _one_of(chance, ["online", "counter", "post"], many, [0.6, 0.35, 0.05]),
        "digitised": _one_of(chance, ["yes", "no"], many, [0.8, 0.2]),
        "due_on": _days(due),
        "resolved_on": _days(received + took, mask=chance.random(many) < 0.1),
        "result_electronic": _one_of(chance, ["yes", "no"], many, [0.7, 0.3]),
        "paid_online": _one_of(chance, ["yes", "no", "none"], many, [0.4, 0.3, 0.3]),
        "officer": officers.take(pa.array(unit * 5 + chance.integers(0, 5, many))),
        "satisfaction": score.cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 4)),
    }


def _days(days: Any, mask: Any = None) -> Any:
    return pa.array(days.astype(np.int32), mask=mask).cast(pa.date32())


def _one_of(chance: Any, words: list[str], many: int, odds: list[float] | None = None) -> Any:
    return pa.array(words).take(pa.array(chance.choice(len(words), many, p=odds)))
