"""What lets the returns' pages work without a line: the service worker, its files, who is there.

None of it holds a figure; pages are kept on the device only where their answer says whose they are.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from namro.vietnamese import format_date
from namro.web.frame import clock
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import queries
from namro.web.reporting.rules import Status
from namro.web.reporting.views.cells import MOST_CELLS, MOST_SIGNS

MOST_PAGES = 40
SHELL_FILES = (
    "frame/bootstrap.min.css", "frame/site.css", "frame/site.js", "frame/mark.svg",
    "frame/fonts/noto-sans-latin-wght-normal.woff2",
    "frame/fonts/noto-sans-vietnamese-wght-normal.woff2",
    "django_htmx/htmx-2.min.js",
)  # fmt: skip
OWN_FILES = (
    "reporting/reporting.css", "reporting/pick.js", "reporting/checks.js", "reporting/grid.js",
    "reporting/store.js", "reporting/sender.js", "reporting/form.js", "reporting/device.js",
)  # fmt: skip
_WORKER = ("reporting/store.js", "reporting/sender.js", "reporting/worker.js")


def _bytes(path: str) -> bytes:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    with open(found, "rb") as opened:
        return opened.read()


@lru_cache(maxsize=1)
def app_version() -> str:
    """A name for the present content of all files a page needs without a line."""
    digest = hashlib.sha256()
    for path in (*SHELL_FILES, *OWN_FILES, *_WORKER):
        digest.update(_bytes(path))
    return digest.hexdigest()[:16]


@require_GET
def worker(request):
    """The service worker, whole in one script; its place is its scope: /bao-cao/."""
    allow(request.user, Verb.REPORT, on=clock.today())
    told = {
        "VERSION": app_version(),
        "FILES": [staticfiles_storage.url(path) for path in (*SHELL_FILES, *OWN_FILES)],
        "SHELL": reverse("reporting:on_device"),
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    body = b"\n".join(_bytes(path) for path in _WORKER).decode()
    answer = HttpResponse(head + body, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_GET
def manifest(request):
    """What makes the returns' pages an application one can install."""
    allow(request.user, Verb.REPORT, on=clock.today())
    icon = {
        "src": staticfiles_storage.url("frame/mark.svg"), "sizes": "any", "type": "image/svg+xml",
    }  # fmt: skip
    told = {
        "name": f"{settings.NAMRO_NAME} – Báo cáo của đơn vị", "short_name": settings.NAMRO_NAME,
        "lang": "vi", "start_url": reverse("reporting:duties"), "display": "standalone",
        "scope": reverse("reporting:duties"), "background_color": "#ffffff",
        "theme_color": "#8f1414", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@require_GET
def on_device(request):
    """The list of what this device keeps. The page holds nothing of a person: a script fills it."""
    allow(request.user, Verb.REPORT, on=clock.today())
    return render(request, "reporting/device.html", {"site_name": settings.NAMRO_NAME})


@require_GET
def line(request):
    """Who is signed in, the token to send with, and the forms worth keeping on the device."""
    user, on = request.user, clock.today()
    allow(user, Verb.REPORT, on=on)
    now = timezone.localtime(clock.now())
    return JsonResponse(
        {
            "who": str(user.pk), "name": user.full_name, "token": get_token(request),
            "most": {"cells": MOST_CELLS, "signs": MOST_SIGNS},
            "version": app_version(), "now": f"{now:%H:%M} ngày {format_date(now.date())}",
            "duties": [_told(x) for x in queries.duties_for(user, on) if _worth(x)][:MOST_PAGES],
        }
    )  # fmt: skip


def _worth(duty_line: queries.DutyLine) -> bool:
    """Whether a form is still to be worked on."""
    return duty_line.is_open or duty_line.status in (Status.DRAFT, Status.SENT_BACK)


def _told(duty_line: queries.DutyLine) -> dict[str, object]:
    duty, last = duty_line.duty, duty_line.last
    return {
        "duty": duty.pk, "address": reverse("reporting:duty", args=[duty.pk]),
        "label": f"Biểu số liệu {duty.round.label}", "unit": duty.unit.name,
        "receiver": duty.receiver.name, "due": format_date(clock.day_of(duty_line.due_at)),
        "status": duty_line.status_label, "stamp": f"{last.version}.{last.lock}" if last else "0",
    }  # fmt: skip
