"""A PostgreSQL server of the bench's own on the loopback, and the processor time it has used."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server: its address as a DATABASE_URL, and the process that started all others."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Processor seconds of the server so far: what lives, and what has lived and ended.

        A parallel worker's time goes to the first process when it ends; every session's is added.
        To be read before and after a job, while nobody else uses the server.
        """
        spent = sum(_times(self.pid))
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _parent(folder) == self.pid:
                spent += sum(_times(int(folder.name))[:2])
        return spent / _TICKS


def _parent(folder: Path) -> int:
    return int(_stat(folder)[1]) if (folder / "stat").exists() else 0


def _times(pid: int) -> list[int]:
    """Ticks in user and system mode, of the process and of its children that have ended."""
    return [int(word) for word in _stat(Path("/proc") / str(pid))[11:15]] or [0]


def _stat(folder: Path) -> list[str]:
    """The words after the name in brackets; a process that has just ended has none."""
    try:
        return (folder / "stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 15


@contextmanager
def serve(folder: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """A server over `folder`/pg, made if need be, until the `with` ends. Root becomes postgres."""
    binaries, data = _binaries(), folder / "pg"
    as_whom: dict = {}
    if os.getuid() == 0:  # initdb refuses to run as root
        user = pwd.getpwnam("postgres")
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/", "check": True, **as_whom}
    if not data.exists():
        data.mkdir(parents=True)
        if as_whom:
            shutil.chown(data, as_whom["user"], as_whom["group"])
        initdb = [binaries / "initdb", "-D", data, "-U", "namro", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*initdb, "--no-sync", "--locale=C.UTF-8"], **quiet)
    port = _free_port()
    told = {"listen_addresses": "127.0.0.1", "port": str(port), **settings}
    options = " ".join(f"-c {name}={value}" for name, value in told.items())
    control = [binaries / "pg_ctl", "-D", data, "-w"]
    options += " -c unix_socket_directories="
    if subprocess.run([*control, "status"], **quiet | {"check": False}).returncode == 0:
        subprocess.run([*control, "-m", "fast", "stop"], **quiet)  # a run before was cut off
    subprocess.run([*control, "-l", data / "log", "-o", options, "start"], **quiet)
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        yield Server(f"postgres://namro@127.0.0.1:{port}/postgres", pid)
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], **quiet)


def _binaries() -> Path:
    """Where initdb and pg_ctl lie: Debian keeps them off the PATH. The oldest: 15 where it is."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin")):
        return folder
    raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
