"""Every address × every person, by GET and by POST, against the table in permissions.csv.

A new address must be given its line: NAMRO_WRITE_EXPECTED=1 writes the table anew, for review.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.architecture.addresses import Things, all_addresses

TABLE = Path(__file__).with_name("permissions.csv")
PEOPLE = ("", "quantri", "dieuphoi", "lanhdao", "duyet", "baocao", "xakhac", "kiemtra")
HEAD = ("address", "method", *(p or "nobody" for p in PEOPLE))
OPEN_TO_ALL = {"org:login", "org:logout"}


class _Undo(Exception):
    """What a visit did is taken back: each starts from the same province."""


def sign_in(user) -> dict[str, str]:
    """The cookies of a person signed in; nobody has none."""
    client = Client()
    if user:
        client.force_login(user, backend="namro.web.org.backends.PostsBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def visit(client: Client, cookies: dict[str, str], method: str, path: str) -> int:
    client.cookies.clear()
    client.cookies.load(cookies)
    try:
        with transaction.atomic():
            answer = client.get(path) if method == "GET" else client.post(path, {})
            if answer.streaming:  # a file sent: read to its end, so that it is closed
                list(answer.streaming_content)
            raise _Undo
    except _Undo:
        return answer.status_code


@pytest.fixture
def seen(world) -> dict[tuple[str, str], list[str]]:
    """(address, method) → the status each person gets."""
    things, found = Things(world), {}
    client = Client(raise_request_exception=False)
    for person in PEOPLE:
        cookies = sign_in(world.people.get(person))
        for address in all_addresses():
            path = reverse(address.name, kwargs=things.fill(address))
            for method in ("GET", "POST"):
                if address.name in ("org:logout", "org:login") and person:
                    status = "–"
                else:
                    status = str(visit(client, cookies, method, path))
                found.setdefault((address.name, method), []).append(status)
    return found


def test_every_address_answers_each_person_as_the_table_says(seen):
    rows = [(name, method, *statuses) for (name, method), statuses in sorted(seen.items())]
    if os.environ.get("NAMRO_WRITE_EXPECTED"):
        with TABLE.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([HEAD, *rows])
    with TABLE.open(encoding="utf-8", newline="") as kept:
        expected = [tuple(row) for row in csv.reader(kept)]
    assert expected[0] == HEAD
    wrong = sorted(set(rows) ^ set(expected[1:]))
    assert not wrong, "\n".join(",".join(row) for row in wrong)


def test_no_address_breaks_and_none_is_open_to_nobody(seen):
    broken = {k: v for k, v in seen.items() if any(s.startswith("5") for s in v)}
    assert not broken, broken
    entered = {
        name: statuses[0]
        for (name, _), statuses in seen.items()
        if name not in OPEN_TO_ALL and statuses[0] != "302"
    }
    assert not entered, entered


# Who stands in for whom is said by the person or by an administrator; no figure is on that page.
OF_ACCOUNTS = {"reporting:delegations", "reporting:end_delegation"}


def test_who_runs_the_system_sees_no_figures(seen):
    rooms = ("results:", "reporting:", "papers:", "oversight:", "plans:")
    column = PEOPLE.index("quantri")
    let_in = {
        (name, method): statuses[column]
        for (name, method), statuses in seen.items()
        if name.startswith(rooms)
        and name not in OF_ACCOUNTS
        and statuses[column] not in ("403", "404", "405")
    }
    assert not let_in, let_in
