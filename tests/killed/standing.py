"""The processes of an installation, ended as a power switch ends them, and begun anew."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATIENCE = 240
"""Seconds within which a process must come up, on however busy a machine."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Postgres:
    """A server that waits for the disk at each commit, as in production."""

    def __init__(self, folder: Path) -> None:
        from tests.installation import _server_folder

        self.binaries, self.data, self.port = _server_folder(), folder / "pg", free_port()
        self.as_whom: dict[str, Any] = {}
        self.data.mkdir()
        if os.getuid() == 0:  # initdb refuses to run as root
            user = pwd.getpwnam("postgres")
            shutil.chown(self.data, user.pw_uid, user.pw_gid)
            self.as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        initdb = ["initdb", "-D", self.data, "-U", "namro", "-A", "trust", "-E", "UTF8"]
        self._run([*initdb, "--no-sync", "--locale=C.UTF-8"])
        self.url = f"postgres://namro@127.0.0.1:{self.port}/postgres"
        self.start()

    def _run(self, command: list[Any], check: bool = True) -> int:
        whole = [self.binaries / command[0], *command[1:]]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        return subprocess.run(whole, check=check, **quiet, **self.as_whom).returncode

    def start(self) -> None:
        """Start, going through the log; until the last of the killed is gone it may refuse."""
        told = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories="
        control = ["pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.data / "log"]
        until = time.monotonic() + PATIENCE
        while self._run([*control, "-o", told, "start"], check=False):
            assert time.monotonic() < until, (self.data / "log").read_text()[-2000:]
            time.sleep(0.2)

    def kill(self) -> None:
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def restart(self) -> None:
        """Killed, and begun anew."""
        self.kill()
        self.start()

    def stop(self) -> None:
        self._run(["pg_ctl", "-D", self.data, "-m", "immediate", "stop"], check=False)


class Site:
    """`namro serve` with its worker, over a folder and a database."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.port = home, free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("NAMRO_TEST")},
            "NAMRO_HOME": str(home), "DATABASE_URL": database, "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "namro.web.config.settings",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, what: str) -> Mapping[str, Any]:
        """See `installed`."""
        command = [sys.executable, "-m", "tests.killed.installed", what]
        told = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE)
        return dict(json.loads(told.stdout))

    def start(self) -> None:
        """The same command each time; whoever it takes care of comes with it."""
        command = [sys.executable, "-m", "namro", "serve", "--dir", str(self.home)]
        log = (self.home / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], env=self.environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        until = time.monotonic() + PATIENCE
        while not answers(self.port):
            assert self.process.poll() is None, (self.home / "serve.log").read_text()[-2000:]
            assert time.monotonic() < until, "the site did not come up"
            time.sleep(0.1)

    def worker(self) -> int | None:
        """The process of the worker beside the server; None while there is none."""
        pid = self.process.pid if self.process else 0
        below = Path(f"/proc/{pid}/task/{pid}/children")
        for child in below.read_text().split() if below.exists() else ():
            words = Path(f"/proc/{child}/cmdline")
            if words.exists() and b"\0worker\0" in words.read_bytes():
                return int(child)
        return None

    def kill_worker(self) -> None:
        """The worker alone, as soon as there is one; the server stays."""
        until = time.monotonic() + PATIENCE
        while (worker := self.worker()) is None:
            assert time.monotonic() < until, "the worker did not come again"
            time.sleep(0.05)
        os.kill(worker, signal.SIGKILL)

    def kill(self) -> None:
        """Server, its processes and the worker, all at the same moment."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """Killed with all its processes, and begun anew."""
        self.kill()
        self.start()
