"""The day itself: the server as `namro serve` runs it, the people, the time that all took."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.reporting_day.client import Browser, Tally
from bench.reporting_day.day import Day
from bench.reporting_day.laying import READERS, SESSIONS
from bench.reporting_day.people import Officer, Receiver, read

PACE = 2.0
"""Seconds between two goes of one officer, on average: a machine's hand, not a person's."""


@dataclass
class Told:
    """What a day gave: the requests, seconds by the clock, CPU seconds of each part."""

    tally: Tally
    seconds: float
    site: float
    database: float
    load: float


class Served:
    """`namro serve` over an installation, until it is stopped."""

    def __init__(self, home: Path, database: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        told = {"NAMRO_HOME": str(home), "DATABASE_URL": database, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "namro", "serve", "--dir", str(home)]
        self.log = (home / "serve.log").open("w")
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], env=os.environ | told, stdout=self.log,
            stderr=self.log, start_new_session=True,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    time.sleep(1)  # both processes
                    return
            if self.process.poll() is not None:
                raise SystemExit(f"the site did not start: see {self.log.name}")
            time.sleep(0.2)
        raise SystemExit("the site did not start within two minutes")

    def cpu(self) -> float:
        """CPU seconds of the server, its processes and the worker so far."""
        return sum(_spent(pid) for pid in _family(self.process.pid))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = children.read_text().split() if children.exists() else []
    return [pid, *(p for child in below for p in _family(int(child)))]


def _spent(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def pages_of(day: Day, reader: int, targets: dict[int, list[int]]) -> dict[str, list[str]]:
    """What a reader refreshes: kind → addresses."""
    whole = reader % 10 == 0
    n = reader % day.provinces
    unit = "u00000" if whole else f"u{1 + n:05d}"
    own = [t for found in targets.values() for t in found] if whole else targets[n]
    return {
        "home": ["/"],
        "board": ["/chi-tieu/theo-don-vi/"] if not whole else ["/chi-tieu/"],
        "trend and map": [f"/chi-tieu/{pk}/" for pk in own],
        "plan": [f"/ke-hoach/{1 + n}/"],
        "own unit": [f"/don-vi/{unit}/"],
    }


def run(
    day: Day, home: Path, database: str, minutes: float, pause: float, cpu: Callable[[], float]
) -> Told:
    """One day. `cpu()`: CPU seconds of the database so far."""
    from django.db import connection

    from namro.web.plans.models import Target
    from namro.web.reporting.models import Duty

    duties = dict(Duty.objects.values_list("unit_id", "pk"))
    targets: dict[int, list[int]] = {}
    for pk, root in Target.objects.values_list("pk", "plan__root_id"):
        targets.setdefault(root - 2, []).append(pk)
    connection.close()
    site = Served(home, database)
    try:
        asyncio.run(_warm(home, site.port))
        before = (time.perf_counter(), site.cpu(), cpu(), time.process_time())
        tally = Tally()
        asyncio.run(_day(day, home, site.port, minutes, pause, duties, targets, tally))
        now = (time.perf_counter(), site.cpu(), cpu(), time.process_time())
    finally:
        site.stop()
    return Told(tally, *(b - a for a, b in zip(before, now, strict=True)))


async def _warm(home: Path, port: int) -> None:
    """What each process does once: its libraries, templates, routes; many asked at once, so that
    both get their share."""
    key = json.loads((home / SESSIONS).read_text())["doc0"][1]
    for _ in range(6):
        browsers = [Browser(port, key, Tally()) for _ in range(6)]
        await asyncio.gather(*(b.get("first", "/") for b in browsers))
        for browser in browsers:
            browser.close()


async def _day(
    day: Day, home: Path, port: int, minutes: float, pause: float, duties: dict[int, int],
    targets: dict[int, list[int]], tally: Tally,
) -> None:  # fmt: skip
    sessions: dict[str, Any] = json.loads((home / SESSIONS).read_text())
    over = asyncio.Event()

    def browser(name: str) -> Browser:
        return Browser(port, sessions[name][1], tally)

    readers = [
        asyncio.create_task(read(browser(f"doc{n}"), pages_of(day, n, targets), pause, over))
        for n in range(READERS)
    ]
    awaited = [int((day.province_of == n).sum()) for n in range(day.provinces)]
    wait = minutes * 2  # a shorter day has fewer receivers, each of whom then looks more often
    receivers = [
        Receiver(browser(f"so{n}"), n, awaited[n], wait).work() for n in range(day.provinces)
    ]
    # Those who begin last still need time to be approved.
    span = minutes * 60 * 0.85 - 4 * PACE
    chance = random.Random(day.seed)
    starts = sorted(chance.uniform(0, span) for _ in range(day.communes))
    order = list(range(day.communes))
    chance.shuffle(order)

    async def officer(n: int, start: float) -> None:
        await asyncio.sleep(start)
        duty = duties[day.first_commune + 1 + n]
        await Officer(browser(f"xa{n}"), duty, day.said(n), PACE).work()

    officers = [officer(n, start) for n, start in zip(order, starts, strict=True)]
    await asyncio.gather(*officers, *receivers)
    over.set()
    await asyncio.gather(*readers)
