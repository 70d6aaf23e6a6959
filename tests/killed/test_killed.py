"""SIGKILL for the web server, the worker, the database while officers send, prove, hand in and
receivers approve: at the end all that was acknowledged stands, once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest
from django.db import connection

from tests.killed.device import Device, Officer
from tests.killed.standing import Postgres, Site

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

    def kill_site() -> None:
        site.kill()
        site.start()

    def kill_database() -> None:
        site.database.kill()
        site.database.start()

    kills = [kill_database] * 4 + [kill_site] if ON_POSTGRES else [kill_site] * 3
    officers = _run(site, laid, kills)
    assert sum(officer.device.repeats for officer in officers), "no sending was ever cut off"
    site.kill()
    _hold(site.ask("look"), laid, officers)
