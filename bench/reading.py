"""Reading: the seed plan, long documents, scans, and files made to be too much — each as a whole
process of its own, its CPU time and its highest memory taken from the system's account of it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TypeVar

from bench import samples
from bench.line import Line

SCANNED = 20  # pages, for the start of the workers to be shared as in use
MEGABYTES = 1_000


@dataclass(frozen=True)
class Run:
    """What reading one file took; `refused` where it was not read."""

    cpu: float
    wall: float
    megabytes: float
    refused: bool


def measure(root: Path) -> Iterator[Line]:
    yield _seed(root)
    with TemporaryDirectory(prefix="namro-bench-") as folder:
        here = Path(folder)
        yield from _long_documents(root, here)
        yield from _scans(root, here)
        yield from _too_much(root, here)
    yield from _made(_transcripts, root)


def _seed(root: Path) -> Line:
    spent = [read(root, root / "demo" / "plan.txt").wall for _ in range(5)]
    return Line("reading the seed plan, whole process", statistics.median(spent), "s", 1)


def _long_documents(root: Path, here: Path) -> Iterator[Line]:
    word = read(root, _made(samples.word_file, root, 100, here / "100.docx"))
    yield Line("100 pages of .docx, CPU", word.cpu, "s", 2)
    pdf = read(root, _made(samples.pdf_file, root, 100, here / "100.pdf"))
    yield Line("100 pages of PDF text, CPU", pdf.cpu, "s", 8)
    word = read(root, _made(samples.word_file, root, 1000, here / "1000.docx"))
    yield Line("1,000 pages of .docx, highest memory", word.megabytes, "MB", MEGABYTES)
    pdf = read(root, _made(samples.pdf_file, root, 600, here / "600.pdf"))
    yield Line("600 pages of PDF text, highest memory", pdf.megabytes, "MB", MEGABYTES)


def _scans(root: Path, here: Path) -> Iterator[Line]:
    scan = _made(samples.scan_file, here / "100.pdf", SCANNED, here / "scan.pdf")
    before = loop()
    run = read(root, scan)
    beside = f"a fixed loop beside it: {(before + loop()) / 2:.2f} s"
    yield Line(f"recognising a page at 200 dpi, CPU ({beside})", run.cpu / SCANNED, "s", 1.5)
    yield Line("recognising pages, highest memory of a process", run.megabytes, "MB", 500)


def loop() -> float:
    """The CPU seconds of three million multiplications: where other work shares the processor, a
    second of CPU does less, and this rises with it."""
    began = time.process_time()
    total = 0
    for number in range(3_000_000):
        total += number * number
    return time.process_time() - began


def _too_much(root: Path, here: Path) -> Iterator[Line]:
    for name, file in (
        ("a PDF of 10,000 pages refused", _made(samples.endless_pdf, 10_000, here / "endless.pdf")),
        (
            "a picture of 30,000 × 30,000 refused",
            _made(samples.huge_image, 30_000, here / "huge.png"),
        ),
    ):
        run = read(root, file, may_refuse=True)
        yield Line(f"{name}, wall", run.wall if run.refused else float("inf"), "s", 5)
        yield Line(f"{name}, highest memory", run.megabytes, "MB", 300)


def _transcripts(root: Path) -> list[Line]:
    from bench import reading_transcripts  # the reader itself, in a process of its own

    return list(reading_transcripts.measure(root))


_T = TypeVar("_T")


def _made(make: Callable[..., _T], *said: object) -> _T:
    """What is made in a process of its own: what this one holds would count as the reader's."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(make, *said).result()


def read(root: Path, file: Path, *, may_refuse: bool = False) -> Run:
    """Read one file with the command, and what the process and its children took."""
    command = [sys.executable, "-m", "namro", "read", str(file), "--json", "-"]
    with TemporaryFile() as said:
        began = time.perf_counter()
        child = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        why = said.read().decode(errors="replace")
    refused = child.returncode == 1 and why.startswith("Không đọc được")
    if child.returncode and not (refused and may_refuse):
        raise SystemExit(f"Reading {file.name} failed: {why.strip()[-500:]}")
    megabytes = used.ru_maxrss / 1000
    return Run(used.ru_utime + used.ru_stime, wall, megabytes, refused)
