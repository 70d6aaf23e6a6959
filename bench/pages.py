"""The plan page, and the time from an approval to the new figure, on the filled demonstration."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line

LOADS = 21


def measure(root: Path) -> Iterator[Line]:
    opened(root)
    client, path = signed_in("lanhdao")
    yield from _plan_page(client, path)
    yield from _from_approval_to_page()


def opened(root: Path) -> None:
    """The filled demonstration, ready to be asked in this process."""
    home = root / "var" / "bench"
    command = [sys.executable, "-m", "namro", "demo", "--dir", str(home), "--no-serve"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    os.environ["NAMRO_HOME"] = str(home)
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/namro.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "namro.web.config.settings"
    import django

    django.setup()


def signed_in(username: str):
    from django.test import Client
    from django.urls import reverse

    from namro.web.org.models import User
    from namro.web.plans.models import Plan

    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(username=username), backend="namro.web.org.backends.PostsBackend"
    )
    return client, reverse("dashboard:plan", args=[Plan.objects.earliest("pk").pk])


def _plan_page(client, path: str) -> Iterator[Line]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)  # what a worker does once: templates, library, routes
    spent = []
    for _ in range(LOADS):
        began = time.process_time()
        assert client.get(path).status_code == 200
        spent.append((time.process_time() - began) * 1000)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(path)
    yield Line("plan page, server CPU (median of 21)", statistics.median(spent), "ms", 60)
    yield Line("plan page, queries of the whole request", len(seen), "", 12)


def _from_approval_to_page() -> Iterator[Line]:
    """Approve one waiting return; the very next page must hold the new figure."""
    from namro.web.frame import clock
    from namro.web.org.models import User
    from namro.web.reporting import actions
    from namro.web.reporting.models import Submission

    waiting = Submission.objects.filter(status="SUBMITTED").select_related("duty__round").first()
    if waiting is None:
        raise SystemExit("No return waits for approval: remove var/bench and run again.")
    client, path = signed_in("dieuphoi")
    path += f"?ky={waiting.duty.round.period}"
    before = client.get(path).content
    began = time.perf_counter()
    actions.approve(submission=waiting, by=User.objects.get(username="dieuphoi"), at=clock.now())
    after = client.get(path).content
    spent = (time.perf_counter() - began) * 1000
    changed = before.split(b"<table", 1)[-1] != after.split(b"<table", 1)[-1]
    yield Line(
        "approval and the next page with the new figure", spent if changed else 1e9, "ms", 1000
    )
