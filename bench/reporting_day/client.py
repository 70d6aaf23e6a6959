"""A browser's part of the work: one connection kept alive, cookies, the token that forms carry.

As little as is needed: the time of the one who asks is not the site's.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


@dataclass
class Tally:
    """What was asked: kind → milliseconds; what went wrong, with the first words of the answer."""

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Answer:
    """Status, where it leads, the page."""

    status: int
    location: str
    text: str

    @property
    def told(self) -> Any:
        return json.loads(self.text)


class Browser:
    """One person at one machine."""

    def __init__(self, port: int, session: str, tally: Tally) -> None:
        self.port, self.tally, self.token = port, tally, ""
        self.cookies = {"sessionid": session}
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, kind: str, path: str, expected: tuple[int, ...] = (200,)) -> Answer:
        return await self._ask(kind, "GET", path, b"", {}, expected)

    async def send(self, kind: str, path: str, told: Any) -> Answer:
        """JSON, as the form's own script sends it."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        return await self._ask(kind, "POST", path, json.dumps(told).encode(), headers, (200,))

    async def post(
        self, kind: str, path: str, fields: list[tuple[str, str]], expected: tuple[int, ...]
    ) -> Answer:
        """A form with parts, as a browser posts it."""
        mark = uuid4().hex
        rows = [("csrfmiddlewaretoken", self.token), *fields]
        body = "".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in rows
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        whole = (body + f"--{mark}--\r\n").encode()
        return await self._ask(kind, "POST", path, whole, headers, expected)

    def close(self) -> None:
        if self._line:
            self._line[1].close()
            self._line = None

    async def _ask(
        self, kind: str, verb: str, path: str, body: bytes, more: Mapping[str, str],
        expected: tuple[int, ...],
    ) -> Answer:  # fmt: skip
        began = time.perf_counter()
        try:
            answer = await self._exchange(kind, verb, path, body, more)
        except (OSError, EOFError, asyncio.IncompleteReadError) as why:
            self.close()
            self.tally.wrong.append(f"{kind} {path}: {why!r}")
            return Answer(0, "", "")
        self.tally.spent[kind].append((time.perf_counter() - began) * 1000)
        if answer.status not in expected:
            self.tally.wrong.append(f"{kind} {path}: {answer.status} {answer.text[:200]}")
        return answer

    async def _exchange(
        self, kind: str, verb: str, path: str, body: bytes, more: Mapping[str, str]
    ) -> Answer:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        reader, writer = self._line
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "Host": f"127.0.0.1:{self.port}", "Cookie": cookies, "Accept-Encoding": "gzip",
            "Referer": f"http://127.0.0.1:{self.port}{path}", "Content-Length": str(len(body)),
            **more,
        }  # fmt: skip
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"{verb} {path} HTTP/1.1\r\n{told}\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, found = int(head[0].split()[1]), self._headers(head[1:])
        content = await _body(reader, found)
        self.tally.bytes[kind] += len(content)
        if found.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return Answer(status, found.get("location", ""), content.decode("utf-8", "replace"))

    def _headers(self, lines: list[str]) -> dict[str, str]:
        found = {}
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                key, _, told = value.strip().partition(";")[0].partition("=")
                self.cookies[key] = told
            elif name:
                found[name.lower()] = value.strip()
        return found


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)
