"""One reporting day from nothing: lay the installation, let people work, count everything."""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line
from bench.national.__main__ import settle
from bench.national.postgres import serve
from bench.reporting_day.day import Day
from namro.terms import Calendar, Period

SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "2GB"}
"""PostgreSQL waits for the disk at each commit, as it does by default."""
MOST_MS = 300
MANY = ("many looked at", "many approved")
"""What treats up to twenty returns at once is told for itself."""


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m bench.reporting_day", description=__doc__)
    ask.add_argument("--home", type=Path, default=Path("var/reporting_day"))
    ask.add_argument("--units", type=int, default=3321)
    ask.add_argument("--minutes", type=float, default=10)
    ask.add_argument("--pause", type=float, default=5, help="seconds between a reader's pages")
    ask.add_argument("--sqlite", action="store_true", help="38 units in one minute is its budget")
    args = ask.parse_args()
    home = args.home.resolve()
    if home.exists() and not (home / "measures").exists() and any(home.iterdir()):
        raise SystemExit(f"{home} holds something else: give a folder of its own.")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "measures").mkdir()
    if args.sqlite:
        return _told(_day(home, f"sqlite:///{home}/namro.sqlite3", args, lambda: 0.0))
    with serve(home, SETTINGS) as server:
        return _told(_day(home, server.url, args, server.cpu))


def _told(lines: Iterator[Line]) -> int:
    short = 0
    for line in lines:
        print(line, flush=True)
        short += not line.ok
    return int(bool(short))


def _day(home: Path, database: str, args: argparse.Namespace, cpu) -> Iterator[Line]:
    settle(home, database)
    from bench.reporting_day import counting, laying, running
    from namro.web.frame import clock

    period = Period.month_of(clock.today(), Calendar.ADMINISTRATIVE).shifted(-1)
    day = Day(args.units, period)
    laying.lay(day, home)
    told = running.run(day, home, database, args.minutes, args.pause, cpu)
    yield from _spent(told, args)
    yield from counting.measure(day)


def _spent(told, args: argparse.Namespace) -> Iterator[Line]:
    everything = sorted(ms for k, v in told.tally.spent.items() if k not in MANY for ms in v)
    for kind, spent in sorted(told.tally.spent.items()):
        spent.sort()
        middle, last = _at(spent, 0.5), _at(spent, 0.99)
        size = told.tally.bytes[kind] / len(spent) / 1024
        name = f"{kind}: {len(spent):,} ×, p50 {middle:.0f}, p99 {last:.0f}, {size:.1f} KB; p95"
        yield Line(name, _at(spent, 0.95), "ms", math.inf if kind in MANY else MOST_MS)
    yield Line(f"all but bulk, {len(everything):,} requests, p95", _at(everything, 0.95), "ms", 300)
    count = sum(len(v) for v in told.tally.spent.values())
    yield Line("requests a second", count / told.seconds, "", math.inf)
    yield Line(f"{args.units:,} units, by the clock", told.seconds, "s", args.minutes * 60)
    both = told.site + told.database
    yield Line("CPU of site", told.site, "s", math.inf)
    yield Line("CPU of database", told.database, "s", math.inf)
    yield Line("CPU of who asks", told.load, "s", math.inf)
    budget = 2 * args.minutes * 60 - told.load
    yield Line("CPU of site and database, all two processors give", both, "s", budget)
    yield Line("CPU of site and database for a unit", both * 1000 / args.units, "ms", math.inf)
    yield Line("errors", len(told.tally.wrong), "", 0)
    for one in told.tally.wrong[:10]:
        print("  ", one, file=sys.stderr)


def _at(spent: list[float], part: float) -> float:
    return spent[min(int(len(spent) * part), len(spent) - 1)]


if __name__ == "__main__":
    sys.exit(main())
