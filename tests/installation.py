"""Loaded before Django: a folder of its own for each test process, a real PostgreSQL if asked.

NAMRO_TEST_DB=postgres starts a server on loopback, in a temporary folder, as an ordinary user.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="namro-test-"))
_home.chmod(0o755)
atexit.register(shutil.rmtree, _home, ignore_errors=True)
(_home / "home" / "static").mkdir(parents=True)  # where collected files would lie
os.environ["NAMRO_HOME"] = str(_home / "home")
os.environ["NAMRO_SECRET_KEY"] = "only-for-tests"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "1"  # the browser tests' own event loop lives in this thread
)
os.environ.pop("NAMRO_DEBUG", None)


def _server_folder() -> Path:
    """Where initdb and postgres lie (Debian keeps them off the PATH)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")


def start_postgres(folder: Path) -> str:
    """Start a server for this test run; give its address as a DATABASE_URL."""
    binaries, data = _server_folder(), folder / "pg"
    as_whom: dict = {}
    data.mkdir()
    if os.getuid() == 0:  # initdb refuses to run as root
        user = next(u for u in pwd.getpwall() if u.pw_name == "postgres" or (u.pw_name == "nobody"))
        shutil.chown(data, user.pw_uid, user.pw_gid)
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, "check": True, **as_whom}
    initdb = [binaries / "initdb", "-D", data, "-U", "namro", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--no-sync", "--locale=C.UTF-8"], **quiet)
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -c unix_socket_directories="
    )
    control = [binaries / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", data / "log", "-o", options, "start"], **quiet)
    atexit.register(subprocess.run, [*control, "-m", "immediate", "stop"], **quiet)
    return f"postgres://namro@127.0.0.1:{port}/postgres"


if os.environ.get("NAMRO_TEST_DB") == "postgres" and not os.environ.get("NAMRO_TEST_SERVER"):
    os.environ["NAMRO_TEST_SERVER"] = start_postgres(_home)
os.environ["DATABASE_URL"] = os.environ.get("NAMRO_TEST_SERVER", f"sqlite:///{_home}/test.sqlite3")
