"""A device that repeats, word for word, what was not acknowledged."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.killed.standing import PATIENCE

PART = 2048


class Device:
    """One person signed in at one machine; each sending goes out until the site has answered."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.cookies, self.token = port, {"sessionid": session}, ""
        self.repeats = 0

    def ask(
        self, verb: str, path: str, body: bytes = b"", kind: str = "text/plain"
    ) -> tuple[int, str]:
        """(status, page). What was cut off, or broke within the site, is sent again as it was."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                status, page = self._exchange(verb, path, body, kind)
                if status < 500:
                    return status, page
                why: object = page[:300]
            except (OSError, http.client.HTTPException) as broken:
                why = broken
            self.repeats += 1
            assert time.monotonic() < until, f"{verb} {path} was never answered: {why}"
            time.sleep(0.1)

    def _exchange(self, verb: str, path: str, body: bytes, kind: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookies, "Content-Type": kind, "X-CSRFToken": self.token}
            line.request(verb, path, body, headers)
            answer = line.getresponse()
            page = answer.read().decode()
            for told in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = told.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, page
        finally:
            line.close()

    def connect(self) -> None:
        """The token that lets forms be sent."""
        status, page = self.ask("GET", "/bao-cao/ket-noi/")
        assert status == 200, page[:300]
        self.token = json.loads(page)["token"]


class Officer:
    """Fills one duty's form in again and again; remembers what the site acknowledged."""

    def __init__(self, device: Device, duty: int, elements: list[str], first: int) -> None:
        self.device, self.duty, self.elements = device, duty, elements
        self.number = first
        self.typed: list[tuple[str, int]] = []
        self.acknowledged: dict[int, tuple[str, int]] = {}
        self.proofs: list[tuple[str, int]] = []
        self.official: list[int] = []
        self.mine: dict[str, int] = {}
        self.seen = 0

    def send_cells(self) -> None:
        """The next number in each cell: no two words are ever alike."""
        self.number += 1
        words = dict(zip(self.elements, (self.number + 500_000, self.number), strict=True))
        cells = [
            {"name": f"v-{e}", "text": str(n), "base": self.mine.get(f"v-{e}"), "age": 1}
            for e, n in words.items()
        ]
        told = {"id": str(uuid4()), "seen": self.seen, "correcting": True, "cells": cells}
        status, page = self.device.ask(
            "POST", f"/bao-cao/{self.duty}/o/", json.dumps(told).encode(), "application/json"
        )
        assert status == 200, page[:500]
        answer: dict[str, Any] = json.loads(page)
        self.seen, self.typed = answer["seen"], [*self.typed, *words.items()]
        for element, number in words.items():
            version = self.mine[f"v-{element}"] = answer["mine"][f"v-{element}"]
            self.acknowledged[version] = (element, number)

    def send_proof(self) -> None:
        """A file piece by piece, then the word that it is whole."""
        content = b"%PDF-1.4 minh chung " + str(self.number).encode() * PART
        sha256, address = hashlib.sha256(content).hexdigest(), f"/bao-cao/{self.duty}/tep/"
        pieces = [content[at : at + PART] for at in range(0, len(content), PART)]
        for number, piece in enumerate(pieces):
            check = hashlib.sha256(piece).hexdigest()
            asked = urlencode({"sha256": sha256, "phan": number, "kiem": check})
            status, page = self.device.ask("POST", f"{address}?{asked}", piece)
            assert status == 200, page[:500]
        asked = urlencode({"sha256": sha256, "xong": len(pieces)})
        told = json.dumps({"name": f"to-{self.number}.pdf", "element": self.elements[1]}).encode()
        status, page = self.device.ask("POST", f"{address}?{asked}", told, "application/json")
        if status == 422:  # kept before the answer was lost, its pieces are gone: asked anew
            have = json.loads(self.device.ask("GET", f"{address}?sha256={sha256}")[1])["have"]
            raise AssertionError(f"a whole file was refused ({have} of {len(pieces)}): {page}")
        assert status == 200, page[:500]
        self.proofs.append((sha256, len(content)))

    def hand_in(self) -> None:
        fields = {
            "csrfmiddlewaretoken": self.device.token, "seen": self.seen, "confirmed": "1",
            "client_id": str(uuid4()), "note": f"Số {self.number} theo danh sách",
            f"v-{self.elements[0]}": self.number + 500_000, f"v-{self.elements[1]}": self.number,
        }  # fmt: skip
        status, page = self._post(self.device, f"/bao-cao/{self.duty}/nop/", fields)
        assert status == 302, re.findall(r'role="alert">.{0,400}', page, re.DOTALL)
        self.seen = 0

    def have_approved(self, receiver: Device) -> None:
        """Until the site says that it is official; whoever else approves it does as well."""
        while "Đã duyệt lúc" not in self.device.ask("GET", f"/bao-cao/{self.duty}/")[1]:
            for pk in re.findall(r'name="chosen" value="(\d+)"', receiver.ask("GET", "/duyet/")[1]):
                fields = {"csrfmiddlewaretoken": receiver.token, "step": "RECEIVER"}
                status, page = self._post(receiver, f"/ban-nop/{pk}/duyet/", fields)
                assert status in (302, 409), page[:500]
        self.official.append(self.number)

    def _post(self, device: Device, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        kind = "application/x-www-form-urlencoded"
        return device.ask("POST", path, urlencode(fields).encode(), kind)
