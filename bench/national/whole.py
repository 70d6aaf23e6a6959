"""Everything at the scale of the nation, one part after another, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.national.postgres import serve

SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "512MB"}
"""Of the PostgreSQL that serves the site; it waits for the disk at each commit."""
SMALL = 0.02
"""The scale at which 20,000 random events and merges are tried."""


def measure(home: Path, scale: float) -> int:
    """Tells lines and tables; 1 when something fell short. What was made before is used again.

    On SQLite and on PostgreSQL: pages, writes and checks, forms, reorganisations. Then what needs
    one store only: engines, rebuilding; random events in a small nation; dossiers; peers. About
    30 GB at scale 1.
    """
    home.mkdir(parents=True, exist_ok=True)
    nation = home / "sqlite"
    told = [_part(what, nation, scale) for what in ("fill", "measure", "forms", "reorganise")]
    with _filled(home / "postgresql", scale) as address:
        for what in ("measure", "forms", "reorganise"):
            told.append(_part(what, home / "postgresql", scale, "--database", address))
    told += [_part(what, nation, scale) for what in ("engines", "rebuild")]
    told += [_part(what, home / "events", min(scale, SMALL)) for what in ("fill", "events")]
    told += [_part(what, home / what, scale) for what in ("dossiers", "peers")]
    return max(told)


@contextmanager
def _filled(home: Path, scale: float) -> Iterator[str]:
    """A server with the nation in it. It is filled without waiting for the disk."""
    with serve(home, SETTINGS | {"synchronous_commit": "off"}) as server:
        _part("fill", home, scale, "--database", server.url)
    with serve(home, SETTINGS) as server:
        yield server.url


def _part(what: str, home: Path, scale: float, *more: str) -> int:
    print(f"\n== {what} in {home}", flush=True)
    command = [sys.executable, "-m", "bench.national", what, "--home", str(home)]
    return subprocess.run([*command, "--scale", str(scale), *more]).returncode
