"""Run every measurement; print a line each, write var/bench.json; exit 1 when one falls short."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import clone, course, doubts, explain, pages, reading, records, returns, review
from bench.line import Line
from bench.national import whole
from bench.reporting_day import form

ROOT = Path(__file__).resolve().parent.parent


def measurements(quick: bool) -> Iterator[Callable[[], Iterator[Line]]]:
    yield lambda: reading.measure(ROOT)
    yield lambda: pages.measure(ROOT)
    yield lambda: course.measure(ROOT)
    yield lambda: form.measure(ROOT)
    yield lambda: doubts.measure(ROOT)
    yield lambda: review.measure(ROOT)
    yield lambda: explain.measure(ROOT)
    yield lambda: returns.measure(ROOT)
    if not quick:
        yield lambda: records.measure(ROOT, rows=1_000_000)  # ten millions by itself
        yield lambda: clone.measure(ROOT)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--quick", action="store_true", help="leave out the fresh clone")
    ask.add_argument("--national", action="store_true", help="only the scale of the nation: hours")
    ask.add_argument("--scale", type=float, default=1.0, help="of the nation; 0.2 is a fifth of it")
    args = ask.parse_args()
    if args.national:
        return whole.measure(ROOT / "var" / "national", args.scale)
    lines = []
    for measure in measurements(args.quick):
        for line in measure():
            print(line, flush=True)
            lines.append(line)
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([line.as_json() for line in lines], indent=1), encoding="utf-8")
    return int(any(not line.ok for line in lines))


if __name__ == "__main__":
    sys.exit(main())
