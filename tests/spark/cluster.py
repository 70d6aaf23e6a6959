"""A real Apache Spark standalone cluster on the loopback: a master, two workers, a Connect server.

Everything comes from the pyspark package; Java must be there. A ministry starts the same four
programs on its machines (docs/outgrown.md).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

CORES_AND_MEMORY = ("--cores", "1", "--memory", "1g")
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
CONF = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "768m",
    "spark.sql.shuffle.partitions": "2",  # two cores, small tables
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.connect.grpc.binding.address": "127.0.0.1",
}

QUICK = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""Programs that live for a minute: half the time goes into starting Java."""


def java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")


@contextmanager
def cluster(folder: Path, seconds: float = 180) -> Iterator[str]:
    """The address of its Connect server, sc://…, once two workers serve it."""
    master, web, connect = _free_ports(3)
    with ExitStack() as running:
        deploy = "org.apache.spark.deploy"
        place = ("--host", "127.0.0.1", "--webui-port")
        start = lambda name, *words: running.enter_context(_running(folder, name, words))  # noqa: E731
        start("master", f"{deploy}.master.Master", *place, str(web), "--port", str(master))
        _wait(master, folder / "master.log", seconds)
        url = f"spark://127.0.0.1:{master}"
        for name in ("worker-1", "worker-2"):
            work = ("-d", str(folder / name))
            start(name, f"{deploy}.worker.Worker", *place, "0", *CORES_AND_MEMORY, *work, url)
        settings = CONF | {"spark.connect.grpc.binding.port": str(connect)}
        conf = [word for name, told in settings.items() for word in ("--conf", f"{name}={told}")]
        submit = (f"{deploy}.SparkSubmit", "--master", url, *conf, "--class", CONNECT)
        start("connect", *submit, "spark-internal")
        _wait(connect, folder / "connect.log", seconds)
        yield f"sc://127.0.0.1:{connect}"


def executors(folder: Path) -> set[str]:
    """The workers on which executors of the application were started."""
    return {place.parent.parent.name for place in folder.glob("worker-*/app-*/*/")}


@contextmanager
def _running(folder: Path, name: str, words: tuple[str, ...]) -> Iterator[None]:
    """One program of Spark, ended with all it started."""
    spec = find_spec("pyspark")
    assert spec is not None and spec.origin is not None
    home = Path(spec.origin).parent
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    env["JAVA_TOOL_OPTIONS"] = QUICK
    with (folder / f"{name}.log").open("wb") as log:
        told = subprocess.Popen(
            [home / "bin" / "spark-class", *words],
            env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=folder,
        )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(told.pid, signal.SIGTERM)
        try:
            told.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(told.pid, signal.SIGKILL)
            told.wait(10)


def _free_ports(number: int) -> list[int]:
    with ExitStack() as open_:
        sockets = [open_.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait(port: int, log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    told = log.read_text(errors="replace")[-2000:]
    raise AssertionError(f"Spark did not start in {seconds} s:\n{told}")
