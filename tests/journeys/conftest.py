"""A real browser against the real site, each person in a window of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.world import PASSWORD

PICTURES = ROOT / "tests" / "pictures"


class Desk:
    """One person's window: signs in through the form, walks the pages, keeps pictures."""

    def __init__(self, browser, address: str, username: str) -> None:
        self.context = browser.new_context(
            locale="vi-VN", viewport={"width": 1280, "height": 900}, accept_downloads=True
        )
        self.context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
        self.page = self.context.new_page()
        self.address, self.troubles = address, []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._listen)
        self.open("/dang-nhap/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button[type=submit], main form button")

    def _listen(self, message) -> None:
        # A refusal the journey asks for (a wrong cell, 422) is the site's answer, not a trouble.
        if message.type == "error" and "status of 422" not in message.text:
            self.troubles.append(message.text)

    def open(self, path: str):
        answer = self.page.goto(self.address + path)
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def picture(self, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture
def province(transactional_db):
    """Units and people only: the plan is what the journey makes."""
    from tests.world import make_people, make_units

    units = make_units()
    return units, make_people(units)


@pytest.fixture
def desk(browser, live_server, province):
    """desk("dieuphoi") → that person's window; at the end no page may have complained."""
    desks = []

    def sit(username: str) -> Desk:
        desks.append(Desk(browser, live_server.url, username))
        return desks[-1]

    yield sit
    troubles = [t for d in desks for t in d.troubles]
    for d in desks:
        d.context.close()
    assert not troubles, troubles


@pytest.fixture
def seed() -> Path:
    """The shipped copy of the seed plan."""
    return ROOT / "demo" / "plan.txt"
