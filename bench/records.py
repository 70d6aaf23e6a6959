"""Ten million raw records through the door: time and memory, keys checked for standing twice.

Each file is read in a process of its own, whose greatest memory is asked of the system. Alone:

    .venv/bin/python -m bench.records [--rows 10000000]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.line import Line
from namro.measuring import load
from namro.terms import Period

ROWS = 10_000_000
UNITS = 3_321
PERIOD = Period.of("202507")
HEAD = "dossier,unit,procedure,received_on,channel,digitised,officer,applicant_name\n"
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from bench.records import receive
began, cpu = time.perf_counter(), time.process_time()
read = receive(Path(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps({
    "rows": read.rows, "faults": len(read.faults), "seconds": time.perf_counter() - began,
    "cpu": time.process_time() - cpu,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def receive(file: Path, room: Path):
    from namro.measuring.records import KnownUnits
    from namro.measuring.records import receive as through

    return through(
        file,
        load().datasets["dossiers"],
        units=KnownUnits.of_codes(f"x{i:05d}" for i in range(UNITS)),
        period=PERIOD,
        batch="b",
        out=room / "slice.parquet",
        hash_key=b"k" * 32,
        room=room,
    )


def write(path: Path, rows: int, bad: int = 0) -> Path:
    """A made-up month of dossiers, in no order; every `bad`-th row has a day that is none."""
    dice = random.Random(7)
    first = PERIOD.first_day(load().datasets["dossiers"].calendar)
    days = [(first + timedelta(days=i)).isoformat() for i in range(30)]
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for start in range(0, rows, 100_000):
            out.writelines(
                f"H-{(i * 7919) % 10**9:09d}-{i},x{dice.randrange(UNITS):05d},T{i % 900},"
                f"{'hôm qua' if bad and i % bad == 0 else dice.choice(days)},"
                f"{('online', 'counter')[i & 1]},yes,cb{i % 5000},Tên {i}\n"
                for i in range(start, min(start + 100_000, rows))
            )
    return path


def measure(root: Path, rows: int = ROWS) -> Iterator[Line]:
    millions = f"{rows / 1e6:g} M records"
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder) / "records.csv", rows)
        told = _received(root, file, Path(folder) / "good")
        if (told["rows"], told["faults"]) != (rows, 0):
            raise SystemExit(f"the file was not taken whole: {told}")
        yield Line(f"{millions} taken, CSV, keys once", told["seconds"], "s", rows / 1e6 * 45)
        yield Line(f"{millions} taken, CPU", told["cpu"], "s", rows / 1e6 * 30)
        yield Line(f"{millions} taken, greatest memory", told["megabytes"], "MB", 1024)
        file = write(Path(folder) / "records.csv", rows, bad=100)
        told = _received(root, file, Path(folder) / "bad")
        if told["rows"] or told["faults"] != 101:
            raise SystemExit(f"the file with 1% bad rows was not refused as it should: {told}")
        yield Line(f"{millions}, 1% bad, refused, memory", told["megabytes"], "MB", 1024)


def _received(root: Path, file: Path, room: Path) -> dict:
    room.mkdir()
    command = [sys.executable, "-c", _CHILD, str(file), str(room)]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rows", type=int, default=ROWS)
    began = time.perf_counter()
    for line in measure(Path(__file__).resolve().parent.parent, ask.parse_args().rows):
        print(line, f"[{time.perf_counter() - began:.0f} s]", flush=True)
