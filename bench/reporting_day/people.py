"""What officers, receivers and readers do on the day, each as the pages let them."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from uuid import uuid4

from bench.national import definitions
from bench.reporting_day.client import Browser
from bench.reporting_day.day import ELEMENTS, Said

SLUGS = [definitions.element(e) for e in ELEMENTS]
_SEEN = re.compile(r'name="seen" value="(\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CHOSEN = re.compile(r'name="chosen" value="(\d+)"')
_FINDINGS = re.compile(r'name="seen" value="(\d+)"')
MOST_TOGETHER = 20
"""How many returns a receiver takes at once."""


class Officer:
    """Fills one form in, cell by cell, and hands it in."""

    def __init__(self, browser: Browser, duty: int, said: Said, pace: float) -> None:
        self.browser, self.duty, self.said, self.pace = browser, duty, said, pace
        self.seen, self.mine = 0, dict[str, int]()
        self.chance = random.Random(duty)

    async def work(self) -> None:
        """Open, type in several goes with pauses, hand in; the connection closes at the end."""
        page = await self.browser.get("form opened", f"/bao-cao/{self.duty}/")
        if not (found := _SEEN.search(page.text)):
            self.browser.tally.wrong.append(f"form {self.duty} is not open: {page.text[:200]}")
            return
        self.seen = int(found[1])
        line = await self.browser.get("who is signed in", "/bao-cao/ket-noi/")  # asked each 5 min
        self.browser.token = line.told["token"]
        for cells, again in zip(self.said.sendings, self.said.repeated, strict=True):
            await asyncio.sleep(self.pace * self.chance.uniform(0.5, 1.5))
            await self._send(cells, again)
        await asyncio.sleep(self.pace * self.chance.uniform(0.5, 1.5))
        await self._hand_in()
        self.browser.close()

    async def _send(self, cells: Mapping[int, str], again: bool) -> None:
        """One sending as the page makes it; perhaps the same once more, as when the answer was
        lost."""
        rows = [
            {"name": name, "text": text, "base": self.mine.get(name, 0) or None, "age": 1.5}
            for name, text in ((f"v-{SLUGS[e]}", text) for e, text in cells.items())
        ]
        told = {
            "id": str(uuid4()), "origin": "WEB", "seen": self.seen, "correcting": False,
            "cells": rows,
        }  # fmt: skip
        answer = await self.browser.send("cells sent", f"/bao-cao/{self.duty}/o/", told)
        if again:
            first = answer.told["mine"] if answer.status == 200 else None
            answer = await self.browser.send("cells sent again", f"/bao-cao/{self.duty}/o/", told)
            if answer.status == 200 and answer.told["mine"] != first:
                self.browser.tally.wrong.append(f"repeat of {self.duty} answered otherwise")
        if answer.status == 200:
            self.seen = answer.told["seen"]
            self.mine |= answer.told["mine"]

    async def _hand_in(self) -> None:
        client_id = str(uuid4())
        fields = [("seen", str(self.seen)), ("client_id", client_id), ("note", "")]
        for place, slug in enumerate(SLUGS):
            fields += [(f"v-{slug}", self.said.final.get(place, "")), (f"n-{slug}", "")]
        path, done = f"/bao-cao/{self.duty}/nop/", (302, 422)
        answer = await self.browser.post("handed in", path, fields, done)
        if answer.status == 422:
            if found := _SEEN.search(answer.text):
                fields[0] = ("seen", found[1])
            fields += [("insisted", "1"), ("confirmed", "1")]
            answer = await self.browser.post("handed in, confirmed", path, fields, (302,))
        if self.said.twice:
            await self.browser.post("handed in again", path, fields, (302, 409))
        await self.browser.get("form read after", f"/bao-cao/{self.duty}/")


class Receiver:
    """Approves what comes in, most in bulk, some one by one, until all of the province is in."""

    def __init__(self, browser: Browser, number: int, awaited: int, pause: float) -> None:
        self.browser, self.awaited, self.pause = browser, awaited, pause
        self.approved, self.chance = 0, random.Random(number)

    async def work(self) -> None:
        await asyncio.sleep(self.pause * self.chance.random())
        while self.approved < self.awaited:
            page = await self.browser.get("queue", "/duyet/")
            waiting = _CHOSEN.findall(page.text)
            if waiting and self.chance.random() < 0.25:
                await self._one(waiting[0])
            elif waiting:
                await self._many(waiting[:MOST_TOGETHER])
            await asyncio.sleep(self.pause * self.chance.uniform(0.5, 1.5))

    async def _one(self, pk: str) -> None:
        page = await self.browser.get("return looked at", f"/ban-nop/{pk}/")
        self._take_token(page.text)
        step = re.search(r'name="step" value="([^"]*)"', page.text)
        fields = [("step", step[1] if step else "")]
        path = f"/ban-nop/{pk}/duyet/"
        answer = await self.browser.post("approved", path, fields, (302,))
        self.approved += answer.status == 302

    async def _many(self, chosen: list[str]) -> None:
        asked = "&".join(f"chosen={pk}" for pk in chosen)
        page = await self.browser.get("many looked at", f"/duyet/xem-truoc/?{asked}")
        self._take_token(page.text)
        fields = [("chosen", pk) for pk in chosen]
        fields += [("seen", pk) for pk in _FINDINGS.findall(page.text)]
        answer = await self.browser.post("many approved", "/duyet/nhieu/", fields, (302,))
        self.approved += len(chosen) * (answer.status == 302)

    def _take_token(self, page: str) -> None:
        if found := _TOKEN.search(page):
            self.browser.token = found[1]


async def read(
    browser: Browser, pages: Mapping[str, list[str]], pause: float, until: asyncio.Event
) -> None:
    """Refresh one page after another until the day is over."""
    chance = random.Random(str(sorted(pages.items())))
    await asyncio.sleep(pause * chance.random())
    kinds = list(pages)
    while not until.is_set():
        for kind in kinds:
            await browser.get(kind, chance.choice(pages[kind]))
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
            if until.is_set():
                break
