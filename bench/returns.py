"""A big Excel file with 3% of its cells wrong: every fault named by its cell, beside Frictionless.

100,000 rows × 12 columns go through the door that an official's file goes through, as .xlsx and as
.csv; the same files through Frictionless with the same rules. First the faults named are held
against those planted, then times are told. Each reader runs in a process of its own, warm (it has
read a short file before, as a worker has), whose greatest memory is asked of the system. Alone:

    .venv/bin/python -m bench.returns [--rows 100000]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import xlsxwriter

from bench.line import Line
from namro.measuring import load
from namro.measuring.records import KnownUnits, receive, told_faults
from namro.terms import Period

ROWS, SHARE, UNITS = 100_000, 0.03, 3_321
_SHORT = 500
PERIOD = Period.of("202507")
CHANNELS = ("trực tuyến", "trực tiếp", "bưu chính")
YES, PAID = ("có", "không"), ("có", "không", "không thu phí")
HEAD = (
    "dossier", "unit", "procedure", "field", "received_on", "channel", "digitised", "due_on",
    "resolved_on", "result_electronic", "paid_online", "satisfaction",
)  # fmt: skip
Cell = tuple[int, int]
"""Line of the file and column from 0."""

# What people get wrong, by column: each is one fault of its cell, for both readers.
WRONG: dict[str, tuple[str, ...]] = {
    "unit": ("x99999", ""),
    "procedure": ("",),
    "received_on": ("hôm qua", "2025-13-40", "2019-01-01", ""),
    "channel": ("qua điện thoại", ""),
    "digitised": ("đang làm", ""),
    "due_on": ("tuần sau",),
    "resolved_on": ("chưa rõ",),
    "result_electronic": ("một phần",),
    "paid_online": ("nợ",),
    "satisfaction": ("rất tốt", "4,5 điểm"),
}

_CHILD = """
import json, resource, sys, time
from pathlib import Path
from bench import {module} as reader
Path(sys.argv[2], "short").mkdir()
reader.{function}(Path(sys.argv[3]), Path(sys.argv[2], "short"))
began, cpu = time.perf_counter(), time.process_time()
found = reader.{function}(Path(sys.argv[1]), Path(sys.argv[2]))
told = {{"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}
Path(sys.argv[2], "told.json").write_text(json.dumps({{**told, "found": found}}))
"""


def days_of_period() -> tuple[date, date]:
    """The first and the last day that a record may bear."""
    calendar = load().datasets["dossiers"].calendar
    return PERIOD.first_day(calendar), PERIOD.last_day(calendar)


def rows_of(count: int) -> tuple[list[list[str]], set[Cell]]:
    """A made-up month of dossiers, and the cells in which something wrong was planted."""
    dice, first = random.Random(11), days_of_period()[0]
    days = [(first + timedelta(days=i)).isoformat() for i in range(30)]
    rows = [
        [
            f"H-{(i * 7919) % 10**9:09d}-{i}", f"x{dice.randrange(UNITS):05d}", f"T{i % 900}",
            f"Lĩnh vực {i % 40}", dice.choice(days), dice.choice(CHANNELS), dice.choice(YES),
            dice.choice(days), dice.choice(days), dice.choice(YES), dice.choice(PAID),
            str(dice.randrange(1, 6)),
        ]
        for i in range(count)
    ]  # fmt: skip
    planted: set[Cell] = set()
    for place in dice.sample(range(count * len(HEAD)), int(count * len(HEAD) * SHARE)):
        row, column = divmod(place, len(HEAD))
        if words := WRONG.get(HEAD[column]):
            rows[row][column] = dice.choice(words)
            planted.add((row + 2, column))
    return rows, planted


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(HEAD), *rows])
    return path


def write_workbook(path: Path, rows: list[list[str]]) -> Path:
    """The same rows as text cells, as most systems export them."""
    options = {"constant_memory": True, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        page = book.add_worksheet("Hồ sơ")
        for at, row in enumerate([list(HEAD), *rows]):
            for column, text in enumerate(row):
                if text:
                    page.write_string(at, column, text)
    return path


def through_the_door(file: Path, room: Path) -> list[Cell]:
    """The faults that the product names, as it does for an uploaded file."""
    read = receive(
        file,
        load().datasets["dossiers"],
        units=KnownUnits.of_codes(f"x{i:05d}" for i in range(UNITS)),
        period=PERIOD,
        batch="b",
        out=room / "slice.parquet",
        hash_key=b"k" * 32,
        room=room,
    )
    assert read.all_faults is not None and read.path is None
    return [(fault.line, fault.column) for fault in told_faults(read.all_faults)]


def measure(root: Path, rows: int = ROWS) -> Iterator[Line]:
    told, planted = rows_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        for write, suffix in ((write_workbook, ".xlsx"), (write_csv, ".csv")):
            file = write(Path(folder) / f"records{suffix}", told)
            write(Path(folder) / f"short{suffix}", told[:_SHORT])
            yield from _compared(root, file, planted, rows)


def _compared(root: Path, file: Path, planted: set[Cell], rows: int) -> Iterator[Line]:
    what = f"{rows:,} × {len(HEAD)} {file.suffix}".replace(",", " ")
    ours = _run(root, file, "returns", "through_the_door")
    found = [(line, column) for line, column in ours["found"]]
    yield Line(f"{what}: {len(planted)} faults, missed", len(planted - set(found)), "cells", 0)
    yield Line(f"{what}: faults invented", len(set(found) - planted), "cells", 0)
    yield Line(f"{what}: cells named twice", len(found) - len(set(found)), "cells", 0)
    yield Line(f"{what}: checked, CPU", ours["cpu"], "s", rows / 1e5 * 6)
    yield Line(f"{what}: greatest memory", ours["megabytes"], "MB", 512)
    if not find_spec("frictionless"):
        print(f"{what}: Frictionless is not installed (requirements-bench.txt), not compared")
        return
    peer = _run(root, file, "returns_frictionless", "through_frictionless")
    theirs = {(line, column) for line, column in peer["found"]}
    print(
        f"{what}: Frictionless named {len(theirs & planted)} of {len(planted)} and "
        f"{len(theirs - planted)} more; {peer['cpu']:.1f} s CPU, {peer['seconds']:.1f} s by the "
        f"clock, {peer['megabytes']:.0f} MB; here {ours['seconds']:.1f} s by the clock"
    )
    yield Line(f"{what}: CPU, Frictionless = 1", ours["cpu"] / peer["cpu"], "", 0.1)
    yield Line(f"{what}: by the clock, same run", ours["seconds"] / peer["seconds"], "", 0.1)


def _run(root: Path, file: Path, module: str, function: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=file.parent) as room:
        code = _CHILD.format(module=module, function=function)
        command = [sys.executable, "-c", code, str(file), room, str(file.with_stem("short"))]
        subprocess.run(command, cwd=root, check=True)
        return json.loads(Path(room, "told.json").read_text())


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rows", type=int, default=ROWS)
    for line in measure(Path(__file__).resolve().parent.parent, ask.parse_args().rows):
        print(line, flush=True)
