"""The same statements on DuckDB, on Sail and on a real Apache Spark cluster: DuckDB : Sail : Spark.

The cluster is a master, two workers and a Connect server on the loopback, from the pyspark package
(tests/spark/cluster.py); without Java it is left out. The arrays beside the store are shown too:
they are what the product asks first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.line import Line
from bench.national import definitions
from bench.national.nation import LAST, MEASURES, PROVINCES
from bench.national.peers.asking import Spent, spent
from bench.national.site import code

_TICKS = os.sysconf("SC_CLK_TCK")


class Cluster:
    """Processor time of everything that lives in a folder: who is started there stays there."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def cpu(self) -> float:
        return sum(self._spent(p) for p in Path("/proc").iterdir() if p.name.isdigit()) / _TICKS

    def _spent(self, process: Path) -> int:
        try:
            if not os.readlink(process / "cwd").startswith(self._folder):
                return 0
            words = (process / "stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return 0  # it has just ended
        return sum(int(word) for word in words[11:13])


def measure(home: Path, rounds: int) -> Iterator[Line]:
    """Over the store that `fill` made in `home`. Tells a table; the lines are told, not asked.

    Raises AssertionError where an engine says another figure.
    """
    from tests.spark.cluster import cluster, java

    print("| question | engine | CPU s | wall s | ÷ DuckDB (CPU) |\n|---|---|---|---|---|")
    with TemporaryDirectory(dir=home) as folder:
        running: AbstractContextManager[str | None] = cluster(Path(folder), 600)
        if java() is None:
            running = nullcontext()
        with running as address:
            for name, asks in _questions().items():
                yield _line(name, _told(home, asks, address, Cluster(Path(folder)), rounds))


Asks = Callable[[Any], dict[Any, Any]]


def _questions() -> dict[str, Asks]:
    every = [definitions.measure(n) for n in range(MEASURES)]
    top = [code(u) for u in range(PROVINCES + 1)]
    return {
        "100 measures × all units, one month": lambda tables: _ask(tables, every, None),
        "1 measure × 35 units, one month": lambda tables: _ask(tables, every[:1], top),
    }


def _ask(tables: Any, slugs: list[str], units: list[str] | None) -> dict[Any, Any]:
    from namro.measuring import columns
    from namro.web.facts.library import library

    known = library().measures
    found = columns([known[s] for s in slugs], tables, period=LAST, units=units)
    return {
        (term.slug, unit): parts
        for row, term in enumerate(found.terms)
        for unit, *parts in zip(
            found.units,
            *(a[row].tolist() for a in (found.numerator, found.denominator, found.counted)),
            strict=True,
        )
    }


def _told(
    home: Path, asks: Asks, address: str | None, cluster: Cluster, rounds: int
) -> dict[str, Spent]:
    from namro.measuring import open_store

    ways: dict[str, tuple[str, str | None]] = {
        "arrays": ("dense", None), "DuckDB": ("duckdb", None), "Sail": ("spark", None),
    }  # fmt: skip
    if address:
        ways["Apache Spark, 1 + 2"] = ("spark", address)
    found, right = {}, None
    for name, (engine, where) in ways.items():
        with open_store(home / "store", engine, cluster=where) as tables:
            answer, found[name] = spent(
                lambda: asks(tables),
                1 if where else rounds,
                cluster if where else None,
            )
        right = right or answer
        assert answer == right, f"{name} says other figures"
    return found


def _line(question: str, told: dict[str, Spent]) -> Line:
    base = told["DuckDB"].cpu
    for engine, cost in told.items():
        row = f"{cost.cpu:.3f} | {cost.wall:.3f} | {cost.cpu / base:.2f}"
        print(f"| {question} | {engine} | {row} |", flush=True)
    return Line(f"{question}: Sail ÷ DuckDB, CPU", told["Sail"].cpu / base, "×", float("inf"))
