"""For which time the document holds (thời gian hiệu lực): valid_from, valid_to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.terms import Place

_SPAN = regex(
    r"(?:giai đoạn|thời kỳ|nhiệm kỳ|trong các năm|từ năm|năm học)\s*(?P<from>20\d{2})\s*"
    r"(?:-|–|đến(?:\s+(?:hết\s+)?năm)?)\s*(?P<to>20\d{2})",
    re.I,
)
_UNTIL = regex(r"(?:đến|tới)\s+(?:hết\s+)?(?:năm\s*)?(?P<to>20\d{2})", re.I)
_YEAR = regex(r"(?<!tháng )(?<!\d )\bnăm\s+(?P<year>20\d{2})\b", re.I)
_OUTLOOK = regex(
    r"(?:tầm nhìn|định hướng)\s*(?:đến\s*)?(?:năm\s*)?20\d{2}(?:\s*[-–]\s*20\d{2})?", re.I
)
_CITED = regex(
    r"(?:số\s+)?\d+[\w/.-]*[/-][\w-]+[,\s]*ngày\s+\S+(?:\s+tháng\s+\S+\s+năm\s+\d{4})?", re.I
)
_IN_FORCE = regex(
    r"có hiệu lực\s*(?:thi hành\s*)?(?:kể\s*)?(?:từ|sau)\s+(?P<when>ngày ký(?: ban hành)?"
    r"|(?P<wait>\d{1,2})\s+ngày[^.;]{0,20}ngày ký|ngày\s+(?P<day>\d{1,2})\s*(?:/|tháng)\s*"
    r"(?P<month>\d{1,2})\s*(?:/|năm)\s*(?P<year>\d{4}))",
    re.I,
)

_OWN = regex(
    r"(?:này|Quyết định|Nghị quyết|Quy định|Thông tư|Kế hoạch|Chỉ thị|Quy chế)\W*(?:này)?\s*$"
)

Said = tuple[str, Place | None, float]


def read(
    blocks: Sequence[Block], title: str | None, issued: str | None
) -> Iterator[tuple[str, Said]]:
    """("valid_from" | "valid_to", (ISO day or year, where, how sure)), what can be told.

    From the clause of effect ("có hiệu lực kể từ ngày ký"), else from the period in the title;
    an outlook ("tầm nhìn đến năm 2045") lies beyond the document's own time.
    """
    in_force = next(_effect(blocks, issued), None)
    if in_force:
        yield "valid_from", in_force
    period = _CITED.sub(" ", _OUTLOOK.sub(" ", title or ""))
    span = _SPAN.search(period)
    if span and span["from"] <= span["to"]:
        yield "valid_from", (span["from"], None, 0.9)
        yield "valid_to", (span["to"], None, 0.9)
        return
    until, year = _UNTIL.search(period), _YEAR.search(period)
    if until:
        yield "valid_to", (until["to"], None, 0.8)
    elif year:
        yield "valid_from", (year["year"], None, 0.7)
        yield "valid_to", (year["year"], None, 0.7)


def _effect(blocks: Sequence[Block], issued: str | None) -> Iterator[Said]:
    for block in blocks:
        found = _IN_FORCE.search(block.text)
        own = found and _OWN.search(block.text[: found.start()].rstrip())
        if not found or not own:
            continue
        place = block.place(*found.span())
        if found["year"]:
            yield f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}", place, 0.9
        elif issued and len(issued) == 10:
            wait = timedelta(days=int(found["wait"] or 0))
            yield (date.fromisoformat(issued) + wait).isoformat(), place, 0.9
