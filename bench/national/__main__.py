"""Make the nation, or measure on it; measure records, engines, peers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line
from bench.national.nation import Nation

PARTS = (
    *("fill", "measure", "forms", "reorganise", "events"),
    *("peers", "dossiers", "engines", "rebuild"),
)


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    ask.add_argument("what", choices=PARTS)
    ask.add_argument("--home", type=Path, required=True, help="a folder of its own")
    ask.add_argument("--database", help="address of a PostgreSQL database; else SQLite in --home")
    ask.add_argument("--scale", type=float, default=0.02)
    ask.add_argument("--seconds", type=float, default=10, help="how long each page is asked for")
    ask.add_argument("--verify", type=int, default=60, help="periods whose figures are all checked")
    ask.add_argument("--rounds", type=int, default=5, help="of which the median is told")
    ask.add_argument("--millions", type=int, nargs="*", default=[1, 10, 50], help="of dossiers")
    ask.add_argument("--forms", type=int, default=200, help="how many are approved, of 3,321")
    ask.add_argument("--events", type=int, default=20_000, help="how many happen at random")
    ask.add_argument("--reorganised", type=int, default=6, help="of these, units merged, split")
    ask.add_argument("--seed", type=int, default=1, help="of the random events")
    args = ask.parse_args()
    settle(args.home.resolve(), args.database)
    short = 0
    for line in _lines(args):
        print(line, flush=True)
        short += not line.ok
    return int(bool(short))


def settle(home: Path, database: str | None) -> None:
    """Point the site at this nation's own folder and database."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "NAMRO_HOME": str(home),
        "DATABASE_URL": database or f"sqlite:///{home}/namro.sqlite3",
        "DJANGO_SETTINGS_MODULE": "namro.web.config.settings",
    }
    import django

    django.setup()


def _lines(args: argparse.Namespace) -> Iterator[Line]:
    """Each part with what it needs; imported late, as Django must be set up before."""
    home = args.home.resolve()
    if args.what == "fill":
        from bench.national import filling

        filling.fill(Nation(args.scale))
    elif args.what == "measure":
        from bench.national import checking, serving

        yield from serving.measure(Nation(args.scale), args.seconds)
        yield from checking.measure(Nation(args.scale), args.verify)
    elif args.what == "rebuild":
        from bench.national import checking

        yield from checking.rebuilt()
    elif args.what == "forms":
        from bench.national import forms

        yield from forms.measure(Nation(args.scale), args.forms)
    elif args.what == "reorganise":
        from bench.national import reorganising

        yield from reorganising.measure(args.rounds)
    elif args.what == "events":
        from bench.national import events

        yield from events.measure(Nation(args.scale), args.events, args.reorganised, args.seed)
    elif args.what == "peers":
        from bench.national.peers import country, running

        yield from running.measure(country.Country(), home, args.rounds)
    elif args.what == "dossiers":
        from bench.national import dossiers

        yield from dossiers.measure(home, args.millions, args.rounds)
    else:
        from bench.national import engines

        yield from engines.measure(home, args.rounds)


if __name__ == "__main__":
    sys.exit(main())
