"""Every figure row against the direct computation, and what is asked directly of the facts."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bench.line import Line
from bench.national.nation import MONTHS, Nation

ROUNDS = 5


def measure(nation: Nation, periods: int) -> Iterator[Line]:
    """The direct questions, then the check of `periods` months, told as for all of them."""
    yield from _direct(nation)
    yield from _verified(periods)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Line("direct and verified, peak memory", peak, "MB", 2048)


def _direct(nation: Nation) -> Iterator[Line]:
    from bench.national import definitions
    from bench.national.filling import code
    from bench.national.nation import MEASURES, PROVINCES
    from namro.measuring import measure as measured
    from namro.measuring import open_store
    from namro.web.facts import feed
    from namro.web.facts.library import library

    measures = [library().measures[definitions.measure(n)] for n in range(MEASURES)]
    top = [code(u) for u in range(PROVINCES + 1)]
    period = nation.periods[-1]
    past = datetime(period.year, 1, 15, tzinfo=UTC)
    with open_store(feed.ensure_fresh()) as tables:

        def board() -> None:
            assert len(measured(measures, tables, period=period, units=top)) == MEASURES * len(top)

        def as_of() -> None:
            measured(measures, tables, period=nation.periods[-12], as_of=past)

        def everyone() -> None:
            measured(measures, tables, period=period)

        wall, _ = _spent(board)
        yield Line("directly: dashboard, 100 measures × 35 units, wall", wall, "ms", 50)
        wall, cpu = _spent(as_of)
        yield Line("directly: as of a past date, all levels, CPU", cpu, "ms", 250)
        wall, _ = _spent(everyone)
        yield Line("directly: 100 measures × all units × one period, wall", wall, "ms", 300)


def _spent(does: Callable[[], Any]) -> tuple[float, float]:
    """Median wall and CPU milliseconds of five rounds, after one to warm."""
    does()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        does()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return statistics.median(walls), statistics.median(cpus)


def _verified(periods: int) -> Iterator[Line]:
    from namro.web.facts import queries as facts

    asked = facts.known_periods()[-periods:]
    began = time.perf_counter()
    found = facts.verify(asked)
    spent = time.perf_counter() - began
    for one in found[:5]:
        print(one)
    yield Line(f"verified: differences in {len(asked)} of {MONTHS} periods", len(found), "", 0)
    name = f"verified: all figure rows (from {len(asked)} periods)"
    yield Line(name, spent * MONTHS / len(asked), "s", 60)
