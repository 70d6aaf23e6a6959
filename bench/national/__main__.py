"""Make the nation, or measure on it."""

from __future__ import annotations

import argparse
import os
import sys
from itertools import chain
from pathlib import Path

from bench.national.nation import Nation


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    ask.add_argument("what", choices=("fill", "measure"))
    ask.add_argument("--home", type=Path, required=True, help="a folder of its own")
    ask.add_argument("--database", help="address of a PostgreSQL database; else SQLite in --home")
    ask.add_argument("--scale", type=float, default=0.02)
    ask.add_argument("--seconds", type=float, default=10, help="how long each page is asked for")
    ask.add_argument("--verify", type=int, default=3, help="periods whose figures are all checked")
    args = ask.parse_args()
    settle(args.home.resolve(), args.database)
    nation = Nation(args.scale)
    if args.what == "fill":
        from bench.national import filling

        filling.fill(nation)
        return 0
    return _measure(nation, args.seconds, args.verify)


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


def _measure(nation: Nation, seconds: float, periods: int) -> int:
    from bench.national import checking, serving

    short = 0
    for line in chain(serving.measure(nation, seconds), checking.measure(nation, periods)):
        print(line, flush=True)
        short += not line.ok
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
