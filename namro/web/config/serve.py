"""`namro serve`: the site, with a worker beside it."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", help="thư mục bản cài đặt (mặc định NAMRO_HOME)")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe")
    parser.add_argument("--port", type=int, default=8000, help="cổng")
    parser.add_argument("--no-worker", action="store_true", help="không chạy tiến trình nền")


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date, collect static files, serve until stopped."""
    if args.dir:
        os.environ["NAMRO_HOME"] = os.path.abspath(args.dir)
    prepare()
    return serve(args.host, args.port, worker=not args.no_worker)


def prepare() -> None:
    """Migrations and static files; harmless when nothing is new."""
    os.environ["NAMRO_COLLECT"] = "1"  # static files with content hashes, compressed
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((host, port)) != 0


def serve(host: str, port: int, *, worker: bool) -> int:
    """Run the web server (two processes) and, beside it, the worker; both end together."""
    if not port_is_free(host, port):
        sys.stderr.write(f"Cổng {port} đang được dùng; hãy chọn cổng khác bằng --port.\n")
        return 1
    home = os.environ.get("NAMRO_HOME", "var")
    command = [sys.executable, "-m", "namro", "worker", "--dir", home]
    background = Background(command) if worker else None
    try:
        _granian(host, port)
    finally:
        if background:
            background.stop()
    return 0


class Background:
    """The worker beside the site: one that was killed comes again, until both are stopped."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopped, self._turn = threading.Event(), threading.Lock()
        self._process = subprocess.Popen(command)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self._process.wait()
            self._stopped.wait(_PAUSE)
            with self._turn:
                if self._stopped.is_set():
                    return
                self._process = subprocess.Popen(self._command)

    def stop(self) -> None:
        with self._turn:
            self._stopped.set()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()


_PAUSE = 2.0
"""Seconds before a worker that ended is begun anew: a broken one must not take the machine."""


def _granian(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "namro.web.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=2,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
