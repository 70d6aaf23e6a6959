"""One question to one peer: what it cost, and the answer as a matrix."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from bench.national.peers.country import Question, Whole

LONG = 5
"""Seconds of the processor."""


class Counted(Protocol):
    """Somebody else whose processor time is the peer's as well: a server, a cluster."""

    def cpu(self) -> float: ...


class Peer(Protocol):
    """Whoever answers: `ask` is timed, `cells` turns its answer into a matrix and is not."""

    name: str

    def ask(self, question: Question) -> Any: ...

    def cells(self, question: Question, answer: Any) -> Whole: ...


@dataclass(frozen=True)
class Spent:
    """Seconds: medians, and by the clock those of the first round, nothing of it warm yet."""

    cpu: float
    wall: float
    first: float


def spent(does: Callable[[], Any], rounds: int, server: Counted | None = None) -> tuple[Any, Spent]:
    """The last answer, and what a round cost: the processor's time is the server's as well.

    Whoever takes more than five seconds of it is not asked again.
    """
    cpus, walls, answer = [], [], None
    for _ in range(rounds):
        cpu, wall = _cpu(server), time.perf_counter()
        answer = does()
        walls.append(time.perf_counter() - wall)
        cpus.append(_cpu(server) - cpu)
        if cpus[-1] > LONG:
            break
    return answer, Spent(statistics.median(cpus), statistics.median(walls), walls[0])


def _cpu(server: Counted | None) -> float:
    return time.process_time() + (server.cpu() if server else 0)


def matrix(question: Question, rows: Any) -> Whole:
    """Rows (element, month, province, value) by number → elements × months × provinces.

    A cell that nobody speaks of is 0: not all peers tell the one from the other.
    """
    found = np.zeros((len(question.elements), len(question.months), len(question.provinces)), int)
    at = [
        {number: place for place, number in enumerate(told)}
        for told in (question.elements, question.months, question.provinces)
    ]
    for element, month, province, value in rows:
        found[at[0][element], at[1][month], at[2][province]] = value
    return found
