"""What a form of 40 figures costs: the server's CPU to open it, bytes on first load and after.

In a process of its own, as the installation it lays is another than the demonstration's.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line

OPENED = 21
UNITS = 20
_NAMED = re.compile(r'(?:src|href)="/tinh/([^"]+)"')
_FONTS = [f"frame/fonts/noto-sans-{s}-wght-normal.woff2" for s in ("latin", "vietnamese")]


def measure(root: Path) -> Iterator[Line]:
    """Lines for `script/bench`."""
    home = root / "var" / "bench_form"
    command = [sys.executable, "-m", "bench.reporting_day.form", str(home)]
    told = json.loads(subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)
    yield Line("form of 40 figures opened, server CPU (median of 21)", told["cpu"], "ms", 100)
    yield Line("form of 40 figures, first load", told["first"] / 1024, "KB", 150)
    yield Line("form of 40 figures, after", told["after"] / 1024, "KB", 15)


def _measured(home: Path) -> dict[str, float]:
    from django.contrib.staticfiles import finders
    from django.test import Client

    from bench.reporting_day import laying
    from bench.reporting_day.day import ELEMENTS, Day
    from namro.terms import Calendar, Period
    from namro.web.frame import clock
    from namro.web.reporting.models import Duty

    day = Day(UNITS, Period.month_of(clock.today(), Calendar.ADMINISTRATIVE).shifted(-1))
    laying.lay(day, home)
    keys = json.loads((home / laying.SESSIONS).read_text())
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.cookies["sessionid"] = keys["xa0"][1]
    duty = Duty.objects.get(unit_id=day.first_commune + 1)
    address, spent = f"/bao-cao/{duty.pk}/", []
    sent = client.get(address).content
    for _ in range(OPENED):
        began = time.process_time()
        sent = client.get(address).content
        spent.append((time.process_time() - began) * 1000)
    page = gzip.decompress(sent).decode()
    assert page.count("data-element=") == len(ELEMENTS)
    files = 0
    for name in {*_NAMED.findall(page), *_FONTS}:
        content = Path(str(finders.find(name))).read_bytes()
        files += len(content if name.endswith(".woff2") else gzip.compress(content, 9))
    return {"cpu": statistics.median(spent), "first": len(sent) + files, "after": len(sent)}


if __name__ == "__main__":
    from bench.national.__main__ import settle

    place = Path(sys.argv[1])
    shutil.rmtree(place, ignore_errors=True)
    settle(place, None)
    print(json.dumps(_measured(place)))
