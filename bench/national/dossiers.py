"""Measures over dossiers, one to a hundred million of them, beside SQL written for the question.

A store as the product lays it out: a batch a month, with the slices of all communes. Asked:
one month, the year to date, and every month, at every unit; ours from TOML definitions through the
direct path, each in a process of its own, the peer a statement by hand over the same files.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bench.line import Line
from bench.national.dossier_store import COUNTS, MONTHLY, YEARLY, fill
from bench.national.nation import Nation
from bench.national.peers.asking import LONG
from namro.terms import Period

Answer = dict[tuple[str, str, str], tuple[int, int]]
"""(measure, unit, period) → numerator and denominator; of a combined measure, a term's."""


@dataclass(frozen=True)
class Question:
    """Measures for periods, and the months of dossiers that each period reads."""

    name: str
    measures: tuple[str, ...]
    periods: tuple[Period, ...]
    reads: int


@dataclass(frozen=True)
class Told:
    """Medians of seconds, and the most memory in MB; `answer` is the last round's."""

    cpu: float
    wall: float
    peak: float
    answer: Answer


def questions(nation: Nation) -> list[Question]:
    last = nation.periods[-1]
    ytd = last.first % 12 + 1
    return [
        Question("one month", tuple(MONTHLY), (last,), 1),
        Question("the year to date", tuple(YEARLY), (last,), ytd),
        Question("each of 60 months", tuple(MONTHLY), tuple(nation.periods), 1),
    ]


def measure(home: Path, millions: Sequence[int], rounds: int) -> Iterator[Line]:
    """Tells a table; the lines: ratio to the SQL by hand, memory, growth per million."""
    nation, growth = Nation(1.0), {}
    print("| millions | question | who | CPU s | wall s | peak MB |\n|---|---|---|---|---|---|")
    for many in millions:
        store = home / f"dossiers-{many}"
        fill(nation, many, store)
        for question in questions(nation):
            found = {}
            for who, asks in (("Năm Rõ", ours), ("SQL by hand", by_hand)):
                told = found[who] = _apart(partial(asks, store, question), rounds)
                cost = f"{told.cpu:.3f} | {told.wall:.3f} | {told.peak:.0f}"
                print(f"| {many} | {question.name} | {who} | {cost} |", flush=True)
            yield from _lines(many, question, found["Năm Rõ"], found["SQL by hand"])
            growth.setdefault(question.name, {})[many] = found["Năm Rõ"].cpu / many
    for name, by_size in growth.items():
        worst = max(by_size[max(by_size)] / by_size[many] for many in by_size)
        yield Line(f"{name}: CPU a million, largest ÷ smaller", worst, "×", 1.2)


def _lines(many: int, question: Question, told: Told, hand: Told) -> Iterator[Line]:
    assert told.answer == hand.answer, f"{many} M, {question.name}: not the same figures"
    name = f"{many} M dossiers, {question.name}"
    yield Line(f"{name}: CPU ÷ SQL by hand", told.cpu / hand.cpu, "×", 1.3)
    yield Line(f"{name}: peak memory", told.peak, "MB", 2048)


def _apart(asks: Callable[[], tuple[Any, Callable[[Any], Answer]]], rounds: int) -> Told:
    """In a fresh process, so that its memory is its own."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(_rounds, asks, rounds).result()


def _rounds(asks: Callable[[], tuple[Any, Callable[[Any], Answer]]], rounds: int) -> Told:
    cpus, walls = [], []
    for _ in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        found, as_answer = asks()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        if cpus[-1] > LONG:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Told(statistics.median(cpus), statistics.median(walls), peak, as_answer(found))


def ours(store: Path, question: Question) -> tuple[Any, Callable[[Any], Answer]]:
    """The direct path, from the definitions."""
    from namro.measuring import columns, open_store

    library = _library(store / "measures")
    measures = [library.measures[slug] for slug in question.measures]
    with open_store(store / "store") as tables:
        return [columns(measures, tables, period=p) for p in question.periods], _from_columns


@cache
def _library(folder: Path) -> Any:
    """Loaded once in a process, as the site does."""
    from namro.measuring import load

    return load(None, folder)


def _from_columns(found: list[Any]) -> Answer:
    return {
        (term.slug, unit, told.period.code): (above // 10_000, below // 10_000)
        for told in found
        for row, term in enumerate(told.terms)
        for unit, above, below, counted in zip(
            told.units,
            *(a[row].tolist() for a in (told.numerator, told.denominator, told.counted)),
            strict=True,
        )
        if counted
    }


def by_hand(store: Path, question: Question) -> tuple[Any, Callable[[Any], Answer]]:
    """One statement: each period's files counted by commune, then all units above.

    The best that was found. It takes every slice for the newest, as it is here, and the folder for
    the month; with the table of batches it took a third more, with COUNT(*) FILTER another third.
    """
    import duckdb

    terms = [term for slug in question.measures for term in COUNTS[slug]]
    tests = {test for _, above, below in terms for test in (above, below)}
    place = {test: f"c{n}" for n, test in enumerate(sorted(tests))}
    counts = ", ".join(f"COUNT(CASE WHEN {test} THEN 1 END) AS {c}" for test, c in place.items())
    text = _TEXT.format(
        told=" UNION ALL ".join(
            f"SELECT '{period.code}' AS asked, unit, {counts} "
            f"FROM read_parquet([{_files(store, period, question.reads)}]) GROUP BY unit"
            for period in question.periods
        ),
        sums=", ".join(f"SUM({c}) AS {c}" for c in place.values()),
        lineage=store / "store" / "unit_ancestors.parquet",
    )
    with duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false")
        rows = engine.sql(text).fetchnumpy()
    sides = [(slug, place[above], place[below]) for slug, above, below in terms]
    return rows, partial(_from_rows, sides)


_TEXT = """
WITH told AS ({told})
SELECT t.asked, l.ancestor, {sums}
FROM told t JOIN read_parquet('{lineage}') l USING (unit)
GROUP BY t.asked, l.ancestor
"""


def _files(store: Path, period: Period, many: int) -> str:
    """All files of some months up to a period."""
    months = (period.shifted(-back).code for back in range(many))
    return ", ".join(f"'{store}/store/records/dossiers/{code}/*.parquet'" for code in months)


def _from_rows(sides: list[tuple[str, str, str]], rows: dict[str, Any]) -> Answer:
    told = list(zip(rows["ancestor"].tolist(), rows["asked"].tolist(), strict=True))
    found: Answer = {}
    for slug, above, below in sides:
        counts = zip(_whole(rows[above]), _whole(rows[below]), strict=True)
        found |= {(slug, *place): pair for place, pair in zip(told, counts, strict=True)}
    return found


def _whole(column: Any) -> list[int]:
    return [int(n) for n in np.asarray(column).tolist()]
