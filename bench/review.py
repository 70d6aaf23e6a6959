"""The review of three hundred tasks: what the machine takes of each four seconds a person has."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line

_MEASURE = "tests/web/plans/test_review_speed.py"
_BUDGETS = (
    ("open", "review of 300 tasks, opened, CPU", "ms", 300),
    ("step", "review, one step, CPU", "ms", 50),
    ("accept", "review, one item accepted, CPU", "ms", 50),
    ("bytes", "review, one item accepted, over the wire", "KB", 15),
)


def measure(root: Path) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "figures"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", _MEASURE],
            cwd=root, env={**os.environ, "NAMRO_REVIEW_FIGURES": str(told)},
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        found = dict(line.split("=") for line in told.read_text(encoding="utf-8").splitlines())
    for name, label, unit, budget in _BUDGETS:
        yield Line(label, float(found[name]), unit, budget)
