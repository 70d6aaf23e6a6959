"""Every figure row against the direct computation, what is asked directly of the facts, and how
long it takes to build the store and the figure rows from nothing."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from bench.line import Line
from bench.national.nation import MONTHS, Nation

ROUNDS = 5
ANY = float("inf")


def measure(nation: Nation, periods: int) -> Iterator[Line]:
    """The direct questions, the check of `periods` months, told as for all of them, and everything
    at once, which alone may take more memory."""
    yield from _direct(nation)
    yield from _verified(periods)
    yield Line("direct and verified, peak memory", _peak(), "MB", 2048)
    yield from _everything(nation)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measures() -> list[Any]:
    from bench.national import definitions
    from bench.national.nation import MEASURES
    from namro.web.facts.library import library

    known = library().measures
    return [known[definitions.measure(n)] for n in range(MEASURES)]


def _direct(nation: Nation) -> Iterator[Line]:
    from bench.national.filling import code
    from bench.national.nation import MEASURES, PROVINCES
    from namro.measuring import columns, open_store
    from namro.measuring import measure as measured
    from namro.web.facts import feed

    measures, top = _measures(), [code(u) for u in range(PROVINCES + 1)]
    period = nation.periods[-1]
    past = datetime(period.year, 1, 15, tzinfo=UTC)
    with open_store(feed.ensure_fresh()) as tables:
        assert tables.book is not None

        def board() -> None:
            assert len(measured(measures, tables, period=period, units=top)) == MEASURES * len(top)

        def as_of() -> None:
            found = columns(measures, tables, period=nation.periods[-12], as_of=past)
            assert found.counted.any()

        def everyone() -> None:
            assert columns(measures, tables, period=period).counted.shape[1] == nation.size

        wall, cpu = _spent(board)
        yield Line("directly: dashboard, 100 measures × 35 units, wall", wall, "ms", 50)
        yield Line("directly: the same, CPU", cpu, "ms", ANY)
        wall, cpu = _spent(as_of)
        yield Line("directly: as of a past date, all levels, CPU", cpu, "ms", 250)
        wall, cpu = _spent(everyone)
        yield Line("directly: 100 measures × all units × one period, wall", wall, "ms", 300)
        yield Line("directly: the same, CPU", cpu, "ms", ANY)


def _everything(nation: Nation) -> Iterator[Line]:
    from namro.measuring import columns, open_store
    from namro.web.facts import feed

    measures = _measures()
    with open_store(feed.ensure_fresh()) as tables:
        wall, cpu = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:  # numpy lets go of the interpreter while it sums
            sizes = pool.map(
                lambda period: columns(measures, tables, period=period).counted.size, nation.periods
            )
            figures = sum(sizes)
        spent = time.perf_counter() - wall, time.process_time() - cpu
    yield Line(f"everything at once, {figures} figures, wall", spent[0], "s", 5)
    yield Line("everything at once, CPU", spent[1], "s", ANY)
    yield Line("everything at once, peak memory", _peak(), "MB", ANY)


def rebuilt() -> Iterator[Line]:
    """The store and its arrays deleted and built from the database; then all figure rows."""
    from namro.web.facts import actions, feed
    from namro.web.frame import clock

    for name, does in (
        ("store and arrays built from the database", feed.rebuild),
        ("all figure rows built from the store", lambda: actions.rebuild_figures(at=clock.now())),
    ):
        (wall, cpu), _ = _once(does)
        yield Line(f"{name}, wall", wall, "s", ANY)
        yield Line(f"{name}, CPU", cpu, "s", ANY)
    yield Line("built from nothing, peak memory", _peak(), "MB", 2048)


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
    """Some periods, told as for all; what is looked at once for all of them is counted once."""
    from namro.web.facts import queries as facts

    asked = facts.known_periods()[-periods:]
    facts.verify([])
    (wall, cpu), _ = _once(lambda: facts.verify([]))
    (more_wall, more_cpu), found = _once(lambda: facts.verify(asked))
    for one in found[:5]:
        print(one)
    yield Line(f"verified: differences in {len(asked)} of {MONTHS} periods", len(found), "", 0)
    name = f"verified: all figure rows (from {len(asked)} periods)"
    times = MONTHS / len(asked)
    yield Line(f"{name}, wall", wall + (more_wall - wall) * times, "s", 60)
    yield Line(f"{name}, CPU", cpu + (more_cpu - cpu) * times, "s", ANY)


def _once(does: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Wall and CPU seconds, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = does()
    return (time.perf_counter() - wall, time.process_time() - cpu), found
