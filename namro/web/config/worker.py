"""`namro worker`: background work, from the queue in the database."""

from __future__ import annotations

import argparse
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

AFTER_SILENCE = timedelta(minutes=31)
"""When what a killed worker had begun is done again for good: the rooms hold a check that says
nothing for half an hour for dead, and until then let nobody else begin it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", help="thư mục bản cài đặt (mặc định NAMRO_HOME)")


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    if args.dir:
        os.environ["NAMRO_HOME"] = os.path.abspath(args.dir)
    import django

    django.setup()
    from django.core.management import call_command

    from namro.web.frame import clock

    take_up_again(clock.now())
    own = worker_id(os.getpid())
    call_command("db_worker", "--interval", "0.5", "--worker-id", own, verbosity=0)
    return 0


def worker_id(pid: int) -> str:
    """A name that tells whether the process still lives: the machine, the process, its birth."""
    try:
        born = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        born = "0"
    return f"{_machine()}-{pid}-{born}"


def _machine() -> str:
    return socket.gethostname()[:30]


def take_up_again(at: datetime) -> int:
    """Put back into the queue what workers of this machine had begun when they were killed; give
    how many.

    Each job is harmless when done twice. It is due at once, and once more after the silence: what
    it had claimed for itself before it was killed is let go then.
    """
    from django_tasks_db.models import DBTaskResult

    again = 0
    for task in DBTaskResult.objects.running():
        if not task.worker_ids or _may_live(task.worker_ids[-1]):
            continue
        DBTaskResult.objects.create(
            args_kwargs=task.args_kwargs, priority=task.priority, task_path=task.task_path,
            queue_name=task.queue_name, backend_name=task.backend_name,
            run_after=at + AFTER_SILENCE,
        )  # fmt: skip
        again += DBTaskResult.objects.filter(pk=task.pk, status=task.status).update(
            status="READY", started_at=None
        )
    return again


def _may_live(name: str) -> bool:
    """Whether a worker lives, or works on another machine, of which nothing is known here."""
    machine, _, pid = name.rpartition("-")[0].rpartition("-")
    if machine != _machine() or not pid.isdigit():
        return True
    return worker_id(int(pid)) == name
