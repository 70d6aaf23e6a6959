"""Pages of the nation asked by many at once while somebody writes: the data layer, no HTML.

Sixteen readers in four processes, each in a thread with its own connection, and one process that
approves values. Everything goes through the functions that the pages themselves call.
"""

from __future__ import annotations

import importlib
import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from queue import Queue
from typing import Any

from bench.line import Line
from bench.national.nation import ELEMENTS, MEASURES, PROVINCES, Nation

PROCESSES, THREADS = 4, 4
Page = Callable[[], Any]
PAGES = {
    "dashboard, 100 measures × 35 units": (8, 40),
    "trend of 60 months": (20, None),
    "map of all communes": (15, None),
    "a province's page, 100 measures × its units": (20, None),
    "a province's targets with their trends": (20, None),
}
"""Page → its budgets in milliseconds: the median, and the slowest of a hundred."""


def pages(nation: Nation) -> dict[str, Page]:
    """What each page asks of the data layer; each call is another place or measure."""
    from bench.national.site import TODAY
    from namro.web.facts.queries import cards_under
    from namro.web.org.models import Unit, User
    from namro.web.results import board as boards
    from namro.web.results import leaves, reckoning
    from namro.web.results import queries as results

    chance, viewer = random.Random(threading.get_ident()), User.objects.get(username="bench")
    tops = list(Unit.objects.filter(pk__lte=PROVINCES + 1).order_by("pk"))
    targets, measures = _asked()
    period, codes = nation.periods[-1], [p.code for p in nation.periods]

    look = partial(results.look, viewer, period=period, as_of=None, on=TODAY)

    def board() -> None:
        rows = boards.board_of(targets, tops, look(unit=tops[0]))
        assert sum(len(row.cells) for row in rows) == MEASURES * len(tops)

    def trend() -> None:
        view, measure = look(unit=chance.choice(tops)), chance.choice(measures)
        found = reckoning.live([measure], [view.unit], nation.periods)
        assert len(found.trend(measure, view.unit.code, codes)) == len(codes)

    def map_of_all() -> None:
        told = leaves.leaves_of(chance.choice(targets), look(unit=tops[0]))
        assert len(told) == nation.communes

    def province() -> None:
        view = look(unit=chance.choice(tops[1:]))
        beneath = cards_under([view.unit.pk], TODAY, view.state)  # as the page itself asks
        assert all(row.cells for row in boards.board_of(targets, beneath, view))

    def trends() -> None:
        view = look(unit=chance.choice(tops[1:]))
        assert len(results.results_of(targets, view)) == MEASURES

    return dict(zip(PAGES, (board, trend, map_of_all, province, trends), strict=True))


def _asked() -> tuple[list[Any], list[Any]]:
    """All targets and measures, in order."""
    from bench.national import definitions
    from namro.web.facts.library import library
    from namro.web.plans.models import Target

    targets = list(Target.objects.select_related("plan").order_by("position"))
    return targets, [library().measures[definitions.measure(n)] for n in range(MEASURES)]


def measure(nation: Nation, seconds: float) -> Iterator[Line]:
    """Each page alone, then all readers at once beside a writer. What a write costs: forms.py."""
    from django.db import connection

    kind = connection.vendor
    for name, page in pages(nation).items():
        page()
        wall, cpu = _median(page)
        yield Line(f"{kind}, alone: {name}, p50", wall, "ms", PAGES[name][0])
        yield Line(f"{kind}, alone: {name}, CPU here", cpu, "ms", PAGES[name][0])
    connection.close()
    for name, told in _under_load(nation, seconds).items():
        middle, slowest = PAGES[name]
        yield Line(f"{kind}, 16 readers: {name}, p50", statistics.median(told), "ms", middle)
        if slowest:
            last = sorted(told)[int(len(told) * 0.99)]
            yield Line(f"{kind}, 16 readers: {name}, p99", last, "ms", slowest)


def _median(page: Page, rounds: int = 21) -> tuple[float, float]:
    """Wall and CPU milliseconds, the latter of this process alone (PostgreSQL's is another)."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        page()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return statistics.median(walls), statistics.median(cpus)


def _approved(nation: Nation, many: int) -> None:
    """Correct values of one commune in the last month, through the site's own action."""
    from bench.national.forms import corrected
    from namro.web.facts import actions
    from namro.web.frame import clock

    chance = random.Random(time.perf_counter_ns())
    unit = 1 + nation.first_commune + chance.randrange(nation.communes)
    said = [corrected(nation, chance, unit, e) for e in chance.sample(range(ELEMENTS), many)]
    actions.record(said=said, source="bench", by=None, at=clock.now())


def _under_load(nation: Nation, seconds: float) -> dict[str, list[float]]:
    spawn = multiprocessing.get_context("spawn")
    told, stop = spawn.Queue(), spawn.Event()
    readers = [spawn.Process(target=_read, args=(nation, seconds, told)) for _ in range(PROCESSES)]
    writer = spawn.Process(target=_write, args=(nation, stop))
    for process in (*readers, writer):
        process.start()
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in readers:
        for name, spent in told.get():
            found[name].append(spent)
    stop.set()
    for process in (*readers, writer):
        process.join()
    return found


def _read(nation: Nation, seconds: float, out: Any) -> None:
    importlib.import_module("namro.web.config.wsgi")  # as each process of the server begins
    spent: Queue[tuple[str, float]] = Queue()
    threads = [threading.Thread(target=_ask, args=(nation, seconds, spent)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(list(spent.queue))


def _ask(nation: Nation, seconds: float, spent: Queue[tuple[str, float]]) -> None:
    from django.db import connection

    for name, page in pages(nation).items():
        page()
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            page()
            spent.put((name, (time.perf_counter() - began) * 1000))
            time.sleep(0.2)
    connection.close()


def _write(nation: Nation, stop: Any) -> None:
    """One approved form every half second, until the readers have done."""
    import django

    django.setup()
    while not stop.wait(0.5):
        _approved(nation, ELEMENTS)
