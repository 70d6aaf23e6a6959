"""`namro worker`: background work, from the queue in the database."""

from __future__ import annotations

import argparse
import logging
import os
import socket
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", help="thư mục bản cài đặt (mặc định NAMRO_HOME)")


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    if args.dir:
        os.environ["NAMRO_HOME"] = os.path.abspath(args.dir)
    import django

    django.setup()
    from django.core.management import call_command

    take_up_again()
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


def take_up_again() -> int:
    """Put back into the queue what workers of this machine had begun when they were killed; give
    how many.

    Each job is harmless when done twice. What it had claimed for itself is let go, so that it is
    begun anew at once: the `let_go_…` beside the job in its room does that.
    """
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    again = 0
    for task in DBTaskResult.objects.running():
        if not task.worker_ids or _may_live(task.worker_ids[-1]):
            continue
        with transaction.atomic():
            # Another worker that starts now may have begun it again: then it is not as it was.
            left = DBTaskResult.objects.filter(
                pk=task.pk, status=task.status, started_at=task.started_at
            )
            if left.update(status="READY", started_at=None):
                _let_go(task)
                again += 1
    return again


def _let_go(task: Any) -> None:
    """A job that this version does not know is put back all the same: it fails by itself, and keeps
    nobody from starting."""
    try:
        let_go = letting_go(task.task_path)
    except (ImportError, AttributeError):
        log.exception("Job %s: nothing lets it go", task.task_path)
        return
    let_go(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])


def letting_go(task_path: str) -> Callable[..., None]:
    """What lets go of a job's claim: of "room.jobs.check", `let_go_check`. Raises AttributeError
    for a job that has none."""
    room, _, name = task_path.rpartition(".")
    found: Callable[..., None] = getattr(import_module(room), f"let_go_{name}")
    return found


def _may_live(name: str) -> bool:
    """Whether a worker lives, or works on another machine, of which nothing is known here."""
    machine, _, pid = name.rpartition("-")[0].rpartition("-")
    if machine != _machine() or not pid.isdigit():
        return True
    return worker_id(int(pid)) == name
