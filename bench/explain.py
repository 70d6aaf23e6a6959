"""From any figure to what lies behind it: two clicks, each timed, on the filled demonstration.

A target's page shows its figure, its parts and the units; one click on a unit shows the values with
the returns, files and cells they are from; the second the return itself, or the very records.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from bench.line import Line
from bench.pages import opened, signed_in

CLICK_MS = 200
_LINK = re.compile(r'href="([^"#]+)"')


def measure(root: Path) -> Iterator[Line]:
    opened(root)
    client, _ = signed_in("dieuphoi")
    walk(client, most=1)  # what a worker does once: templates, library, store
    first, second, ends = walk(client)
    if not (ends["submission"] and ends["records"]):
        raise SystemExit(f"The walk ended nowhere: {ends}")
    for name, took in (("figure to its values", first), ("values to return or records", second)):
        yield Line(f"{name}, CPU (median of {len(took)})", statistics.median(took), "ms", CLICK_MS)
        yield Line(f"{name}, CPU (slowest)", max(took), "ms", 2 * CLICK_MS)


def walk(client, most: int = 3) -> tuple[list[float], list[float], dict[str, int]]:
    """CPU milliseconds of each first and second click from the page of every target with units,
    and how many second clicks ended at a return and at records."""
    from django.urls import reverse

    from namro.web.plans.models import Target

    first, second, ends = [], [], {"submission": 0, "records": 0}
    for target in Target.objects.exclude(measure="").order_by("pk"):
        page = client.get(reverse("results:target", args=[target.pk]))
        origin = reverse("results:origin", args=[target.pk])
        records = reverse("results:records", args=[target.pk])
        for link in _links(page, origin)[:most]:
            took, values = _click(client, link)
            first.append(took)
            for kind, path in (("submission", "/ban-nop/"), ("records", records)):
                for onward in _links(values, path)[:1]:
                    second.append(_click(client, onward)[0])
                    ends[kind] += 1
    return first, second, ends


def _links(page, path: str) -> list[str]:
    found = (unescape(link) for link in _LINK.findall(page.content.decode()))
    return list(dict.fromkeys(link for link in found if link.startswith(path)))


def _click(client, link: str):
    began = time.process_time()
    page = client.get(link)
    took = (time.process_time() - began) * 1000
    if page.status_code != 200:
        raise SystemExit(f"{link}: {page.status_code}")
    return took, page
