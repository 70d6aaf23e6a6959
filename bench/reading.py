"""Reading the seed plan, as a whole process: median of five."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line


def measure(root: Path) -> Iterator[Line]:
    command = [sys.executable, "-m", "namro", "read", "demo/plan.txt", "--json", "-"]
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - began)
    yield Line("reading the seed plan, whole process", statistics.median(spent), "s", 1)
