"""J1 and J2: the same cells asked of every peer; the answers compared, then the times told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.line import Line
from bench.national.peers import hand, ours
from bench.national.peers.asking import Peer, Spent, spent
from bench.national.peers.country import Country, Question, Whole
from bench.national.peers.published_plan import PublishedPlan
from bench.national.peers.views import KeptViews
from bench.national.postgres import Server

PLAN, FLOOR = "DHIS2's published query plan on PostgreSQL 15, full", hand.Floor.name


@dataclass
class Told:
    """What a peer said to a question, and what it cost."""

    peer: str
    question: Question
    spent: Spent
    cells: Whole

    def __str__(self) -> str:
        cost = f"{self.spent.cpu:9.4f} | {self.spent.wall:9.4f} | {self.spent.first:9.4f}"
        return f"| {self.question.name} | {self.peer:<52} | {cost} |"


HEAD = "|    | who | CPU s (median) | wall s (median) | wall s (first) |\n|---|---|---|---|---|"


def peers(country: Country, home: Path, connection: Any, server: Server) -> list[tuple[Peer, Any]]:
    """Everybody, and the server (or none) whose processor time is theirs as well."""
    file = home / "values.parquet"
    hand.write_values(country, file)
    in_server: list[Peer] = [
        PublishedPlan(connection, country, cut=False),
        PublishedPlan(connection, country, cut=True),
        KeptViews(connection),
    ]
    alone: list[Peer] = [
        ours.Live(country),
        ours.Direct(country),
        *(hand.ByHand(name, file, text) for name, text in hand.STOCKS.items()),
        hand.InPolars(file),
        hand.Floor(country),
    ]
    return [*((peer, None) for peer in alone), *((peer, server) for peer in in_server)]


def measure(
    country: Country, home: Path, connection: Any, server: Server, rounds: int
) -> Iterator[Line]:
    """Tells every cost as a row of a table; then the lines that have budgets.

    Raises AssertionError where a peer says another figure; only "cut" may, its cells are counted.
    """
    direct = ours.Direct(country)
    _, asked = spent(direct.fresh, rounds)
    print(f"whether the store holds all that the database does: {asked.cpu:.4f} CPU s")
    print(HEAD)
    for question in country.questions().values():
        told: dict[str, Told] = {}
        for peer, of in peers(country, home, connection, server):
            answer, cost = spent(lambda: peer.ask(question), rounds, of)  # noqa: B023
            told[peer.name] = Told(peer.name, question, cost, peer.cells(question, answer))
            print(told[peer.name], flush=True)
        _compare(told)
        yield from _lines(question, told)


def _compare(told: dict[str, Told]) -> None:
    right = told[FLOOR].cells
    for name, one in told.items():
        other = int(np.count_nonzero(one.cells != right))
        if name.endswith(", cut"):
            share = one.cells.sum() / right.sum() * 100
            print(f"  cut: {other} of {right.size} cells differ; {share:.1f}% of the sum")
            continue
        assert not other, f"{name}: {other} of {right.size} cells of {one.question.name} differ"
    print(f"  all others equal in {right.size} cells, sum {right.sum()}")


def _lines(question: Question, told: dict[str, Told]) -> Iterator[Line]:
    cpu = {name: one.spent.cpu for name, one in told.items()}
    by_hand = min(cpu[name] for name in hand.STOCKS)
    kept = cpu[ours.Live.name]
    if question.kind == "stock":
        share = kept / cpu[PLAN] * 100
        yield Line(f"{question.name}: kept, CPU as a share of the plan's (full)", share, "%", 1)
    yield Line(f"{question.name}: kept, CPU ÷ DuckDB by hand", kept / by_hand, "×", 1.3)
    direct = cpu[ours.Direct.name] / by_hand
    yield Line(f"{question.name}: directly from facts, CPU ÷ DuckDB by hand", direct, "×", 1.3)
    print(f"  kept figures: {kept / cpu[FLOOR]:.1f} × the floor of numpy")
