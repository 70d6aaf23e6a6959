"""SIGKILL for the web server, the worker, the database while officers send, prove, hand in and
receivers approve: at the end all that was acknowledged stands, once."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection

from tests.killed.device import Device, Officer
from tests.killed.standing import PATIENCE, Postgres, Site

pytestmark = pytest.mark.slow

OFFICERS = {"c1": "baocao", "c2": "xakhac"}
SEED = 20261123
ON_POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def site(tmp_path):
    database = f"sqlite:///{tmp_path}/namro.sqlite3"
    tmp_path.chmod(0o755)
    for above in tmp_path.parents[:3]:
        above.chmod(0o755)
    home = tmp_path / "installation"
    home.mkdir()
    server = Postgres(tmp_path) if ON_POSTGRES else None
    standing = Site(home, server.url if server else database)
    standing.database = server
    yield standing
    standing.kill()
    if server:
        server.stop()


def _work(officer: Officer, receiver: Device, over: threading.Event) -> None:
    """One version after another: typed in three goes, proven, handed in, approved."""
    while not (over.is_set() and len(officer.official) > 1):
        for _ in range(3):
            officer.send_cells()
        officer.send_proof()
        officer.hand_in()
        officer.have_approved(receiver)


def _run(site: Site, laid, kills) -> list[Officer]:
    """Officers at work, each with a receiver, while `kills` come at moments of the seed."""
    officers, failures, threads, over = [], [], [], threading.Event()
    for n, (unit, name) in enumerate(OFFICERS.items()):
        device = Device(site.port, laid["sessions"][name])
        receiver = Device(site.port, laid["sessions"]["duyet"])
        officer = Officer(device, laid["duties"][unit], laid["elements"], (n + 1) * 10_000)
        officers.append(officer)

        def work(officer=officer, device=device, receiver=receiver) -> None:
            try:
                device.connect()
                receiver.ask("GET", "/bao-cao/tren-may/")
                receiver.connect()
                _work(officer, receiver, over)
            except BaseException as why:
                failures.append(why)

        threads.append(threading.Thread(target=work))
    for thread in threads:
        thread.start()
    chance = random.Random(SEED)
    for kill in kills:
        time.sleep(chance.uniform(0.2, 2.5))
        if failures:
            break
        kill()
    over.set()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return officers


RECORDS = 300_000
"""Some seconds of checking."""


def _send_records(person: Device) -> str:
    """A file of raw records, handed over; the address of its page."""
    _, page = person.ask("GET", "/du-lieu/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:2000]
    person.token = found[1]
    head = "dossier,unit,procedure,received_on,channel,digitised,applicant_name\n"
    rows = "".join(
        f"h{n},c{1 + n % 2},1.001,20/8/2025,trực tuyến,có,Người {n}\n" for n in range(RECORDS)
    )
    mark = "ranh-gioi"
    fields = {"dataset": "dossiers", "period": "202509", "csrfmiddlewaretoken": person.token}
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(f'name="file"; filename="ho-so.csv"\r\n\r\n{head}{rows}')
    body = "".join(f"--{mark}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    status, page = person.ask(
        "POST",
        "/du-lieu/",
        f"{body}--{mark}--\r\n".encode(),
        f"multipart/form-data; boundary={mark}",
    )
    assert status == 302, page[:2000]
    status, page = person.ask("GET", "/du-lieu/")
    found = re.search(r"/du-lieu/tep/\d+/", page)
    assert status == 200 and found, page[:2000]
    return found[0]


def _await_check(site: Site, since: int) -> None:
    """Until a check is at work that was begun since a moment (ns): in a room of its own."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for room in (site.home / "incoming").glob("*.room"):
            with suppress(FileNotFoundError):
                if room.stat().st_ctime_ns > since:
                    return
        time.sleep(0.02)
    raise AssertionError("no check was begun (anew)")


def _await_taken(person: Device, address: str) -> None:
    """Until the page of the file leads to what was taken."""
    until, status = time.monotonic() + PATIENCE, 0
    while status != 302:
        status, page = person.ask("GET", address)
        assert "Tệp bị từ chối" not in page and time.monotonic() < until, page[:3000]
        time.sleep(0.1)


def test_file_of_records_is_taken_once_though_whoever_checks_it_is_killed(site):
    laid = site.ask("lay")
    site.start()
    person, chance = Device(site.port, laid["sessions"]["dieuphoi"]), random.Random(SEED)
    address = _send_records(person)

    kills = [site.kill_worker, site.restart, site.kill_worker]
    kills += [site.database.restart] if site.database else []
    killed = 0
    for kill in kills:
        _await_check(site, killed)
        time.sleep(chance.uniform(0, 0.4))
        kill()
        time.sleep(0.05)  # nobody of before writes any more
        killed = time.time_ns()
    _await_taken(person, address)
    site.kill()
    told = site.ask("look")
    assert told["batches"] == [[RECORDS, RECORDS]]
    assert told["record_files"] == [["TAKEN", RECORDS]]
    verbs = Counter(told["verbs"])
    assert verbs["facts.take_batch"] == verbs["reporting.check_records"] == 1
    assert told["break"] is None and told["differences"] == []
    incoming = site.home / "incoming"
    assert not [f for f in incoming.rglob("*") if f.is_file()], "personal columns were left behind"


def _hold(told, laid, officers: list[Officer]) -> None:
    """What stands against what was acknowledged."""
    entries = {pk: (duty, element, content) for pk, duty, element, _, content in told["entries"]}
    words = Counter(
        (duty, element, content["value"])
        for _, duty, element, part, content in told["entries"]
        if part == "value"
    )
    assert told["asides"] == 0
    for officer, unit in zip(officers, OFFICERS, strict=True):
        for pk, (element, number) in officer.acknowledged.items():
            duty, kept, content = entries[pk]
            assert (duty, kept, content["value"]) == (officer.duty, element, str(number))
        mine = {place[1:]: count for place, count in words.items() if place[0] == officer.duty}
        assert mine == {(element, str(number)): 1 for element, number in officer.typed}
        versions = [(v, status) for code, v, status in told["returns"] if code == unit]
        assert sorted(versions) == [(n + 1, "APPROVED") for n in range(len(officer.official))]
        for place, more in zip(laid["elements"], (500_000, 0), strict=True):
            said = [
                v for code, element, v in told["observations"] if (code, element) == (unit, place)
            ]
            assert said == [number + more for number in officer.official]
        proofs = Counter((p[2], p[3]) for p in told["proofs"] if p[0] == unit)
        # Each goes on into the versions that follow: as often as there are versions since.
        count = len(officer.official)
        assert proofs == {proof: count - n for n, proof in enumerate(officer.proofs)}
    verbs = Counter(told["verbs"])
    done = sum(len(officer.official) for officer in officers)
    for verb in ("reporting.begin", "reporting.submit", "reporting.approve", "facts.record"):
        assert verbs[verb] == done, verb
    assert verbs["reporting.attach"] == done
    assert told["break"] is None
    assert told["differences"] == []


def test_what_was_acknowledged_stands_once_when_processes_are_killed(site):
    laid = site.ask("lay")
    site.start()

    kills = [site.restart] * 3
    if site.database:
        kills = [site.database.restart] * 4 + [site.restart]
    officers = _run(site, laid, kills)
    assert sum(officer.device.repeats for officer in officers), "no sending was ever cut off"
    site.kill()
    _hold(site.ask("look"), laid, officers)
