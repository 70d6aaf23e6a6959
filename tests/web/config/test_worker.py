"""What a killed worker had begun is begun again; a killed worker comes again."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

import namro
from namro.web.config import serve
from namro.web.config.worker import letting_go, take_up_again, worker_id
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FileState

AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
PATIENCE = 60


def begun(by: str, record_file: int = 7) -> DBTaskResult:
    """A job that a worker has claimed and not ended."""
    return DBTaskResult.objects.create(
        status="RUNNING", started_at=AT, args_kwargs={"args": [record_file], "kwargs": {}},
        task_path="namro.web.reporting.jobs.check_records", backend_name="default", run_after=AT,
        worker_ids=[by],
    )  # fmt: skip


def ended() -> str:
    """The name of a worker whose process is no more."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = worker_id(process.pid)
    process.kill()
    process.communicate()
    return name


@pytest.mark.django_db
def test_job_of_a_killed_worker_is_due_at_once_with_what_it_had_claimed():
    told = {"dataset": "dossiers", "period": "202509", "file_name": "a.csv", "size": 1}
    kept = RecordFile.objects.create(
        **told, sha256="0" * 64, sent_at=AT, state=FileState.CHECKING, started_at=AT, beat_at=AT
    )
    left = begun(ended(), kept.pk)
    assert take_up_again() == 1
    left.refresh_from_db()
    kept.refresh_from_db()
    assert left.status == "READY" and left in DBTaskResult.objects.ready()
    assert (kept.state, kept.beat_at) == (FileState.WAITING, None)
    assert take_up_again() == 0 and DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_job_that_this_version_does_not_know_keeps_nobody_from_starting():
    left = begun(ended())
    DBTaskResult.objects.filter(pk=left.pk).update(task_path="namro.web.gone.jobs.do")
    assert take_up_again() == 1
    left.refresh_from_db()
    assert left.status == "READY"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "may-khac-12-3456", "khong-ro"])
def test_job_of_a_worker_that_may_live_is_left_alone(name):
    kept = begun(name or worker_id(os.getpid()))
    assert take_up_again() == 0
    kept.refresh_from_db()
    assert kept.status == "RUNNING"


def jobs() -> set[str]:
    """All that the worker may be asked to do."""
    root = Path(namro.__file__).parent
    files = [path.relative_to(root.parent).with_suffix("") for path in root.rglob("jobs.py")]
    rooms = [import_module(".".join(path.parts)) for path in files]
    return {j.module_path for room in rooms for j in vars(room).values() if isinstance(j, Task)}


@pytest.mark.django_db
def test_every_job_can_be_let_go():
    assert len(jobs()) >= 5
    for path in jobs():
        letting_go(path)(0)


def test_process_that_took_over_a_number_is_not_the_worker_that_had_it():
    own = worker_id(os.getpid())
    before = own.rpartition("-")[0] + "-1"
    assert own != before and own.count("-") == before.count("-") and len(own) < 64


def test_killed_worker_comes_again_and_stays_away_once_stopped(monkeypatch):
    monkeypatch.setattr(serve, "_PAUSE", 0.05)
    background = serve.Background([sys.executable, "-c", "import time; time.sleep(600)"])
    seen = [background._process.pid]
    late = time.monotonic() + PATIENCE
    while len(seen) < 3:
        os.kill(seen[-1], signal.SIGKILL)
        while background._process.pid == seen[-1]:
            assert time.monotonic() < late, "the worker did not come again"
            time.sleep(0.02)
        seen.append(background._process.pid)
    background.stop()
    assert background._process.wait(PATIENCE) == -signal.SIGTERM
    assert background._process.pid == seen[-1]
