"""Fresh clone → served page, caches cold: what a new user waits for."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line

BUDGET = 120


def measure(root: Path) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        environment = {
            **os.environ,
            "UV_CACHE_DIR": f"{folder}/uv",
            "PIP_NO_CACHE_DIR": "1",
            "HOME": folder,
        }
        environment.pop("VIRTUAL_ENV", None)
        environment.pop("NAMRO_HOME", None)
        began = time.perf_counter()
        subprocess.run(["git", "clone", "-q", root, clone], check=True)
        port = _free_port()
        demo = subprocess.Popen(
            ["script/demo", "--port", str(port)],
            cwd=clone,
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            spent = _until_served(port, began)
        finally:
            os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(30)
    yield Line("fresh clone to served page, cold caches", spent, "s", BUDGET)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until_served(port: int, began: float) -> float:
    while time.perf_counter() - began < 4 * BUDGET:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/dang-nhap/", timeout=2) as page:
                if page.status == 200 and "Năm Rõ" in page.read().decode():
                    return time.perf_counter() - began
        except OSError:
            time.sleep(0.2)
    return float("inf")
