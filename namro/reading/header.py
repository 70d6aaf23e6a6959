"""The head and foot of the document: kind, number, date, issuer, title, signer, recipients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from namro.reading import citations, foot, issuer, kinds, marks, title, validity
from namro.reading.blocks import Block
from namro.reading.head_lines import DATE_LINE, Front, HeadLine, front, is_motto
from namro.reading.letters import regex
from namro.reading.plan import ReadDocument
from namro.terms import Place

_NUMERIC_DATE = regex(
    r"ngày\s*(?P<day>\d{1,2}|)\s*[/.-]\s*(?P<month>\d{1,2}|)\s*[/.-]\s*(?P<year>\d{4})"
)
_FIELDS = ("kind", "number", "date", "issuer", "title", "signer_role", "valid_from", "valid_to")


@dataclass
class _Head:
    """What has been found so far."""

    said: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)

    def put(self, name: str, value: str | None, place: Place | None, sure: float = 1.0) -> None:
        if value and name not in self.said:
            self.said[name], self.sure[name] = value, round(sure, 3)
        if place is not None and name not in self.places:
            self.places[name] = place


def read(blocks: Sequence[Block]) -> ReadDocument:
    """The head, from the blocks before the first section; the foot, from "Nơi nhận" on."""
    found = _Head()
    head = front(blocks, issuer.BODY)
    kind_at = _kind(head.lines, found)
    _numbers(head.lines, kind_at, found)
    _dates(head.lines, found)
    _letter(head.lines, found)
    for name, said in (
        ("title", title.read(head.lines, kind_at, found.said.get("kind"), head.begins)),
        ("issuer", issuer.read(head.lines, kind_at, blocks, found.said.get("_place"))),
        ("signer_role", foot.signer(blocks)),
    ):
        if said:
            found.put(name, *said)
    _fallbacks(blocks, head, found)
    _span(blocks, found)
    secrecy, urgency = marks.read(head.lines)
    return ReadDocument(
        **{name: found.said.get(name) for name in _FIELDS},
        secrecy=secrecy,
        urgency=urgency,
        cites=citations.read(_cited_in(blocks, head), found.said.get("number")),
        recipients=foot.recipients(blocks),
        bases=foot.bases(blocks),
        places=found.places,
        confidence=found.sure,
    )


def _kind(lines: Sequence[HeadLine], found: _Head) -> int | None:
    """Which line names the kind; None where none does."""
    for i, line in enumerate(lines):
        if line.text.startswith("PHỤ LỤC") and i < 3 and not kinds.is_call(line.text):
            words = re.match(r"PHỤ LỤC(?:\s+(?:SỐ\s+)?([IVXLC]+|\d+)\b)?", line.text)
            label = f" {words[1]}" if words and words[1] else ""
            found.put("kind", f"Phụ lục{label}", line.place(), line.sureness())
            return i
        if kinds.is_call(line.text) and any(x.text.startswith("Căn cứ") for x in lines[:i]):
            return None  # it calls the articles; the kind's own line is lost
        named = kinds.kind_of_line(line)
        if named and not is_motto(line.text):
            kind, end, sure = named
            # From here on the head's own words are read; a capital or two misread is no matter.
            found.put("kind", kind, line.place(0, end), sure * max(line.sureness(), 0.8))
            return i
    return None


def _numbers(lines: Sequence[HeadLine], kind_at: int | None, found: _Head) -> None:
    """The number, from the line "Số: …" before the kind (after it in a letter)."""
    above = lines if kind_at is None else lines[: kind_at + 2]
    for line in above:
        number = issuer.NUMBER.match(line.text)
        if not number or len(line.text) > 120 or line.text.startswith("Số hiệu"):
            continue
        value = re.sub(r"\s+", "", number["number"]).rstrip(".:,;|")
        place = line.place(number.start("number"), number.end("number"))
        good = re.match(r"\d+[a-zđ]?[-/]", value) and re.search(r"[A-ZĐ]{2}", value)
        found.put("number", value if good else None, place, _by_hand(line, number.span("number")))
        return


def _by_hand(line: HeadLine, span: tuple[int, int]) -> float:
    """How sure a number or a day is: on a scan both are mostly written by hand."""
    sure = line.sureness(*span)
    return sure if sure == 1 else 0.7 * sure


def _dates(lines: Sequence[HeadLine], found: _Head) -> None:
    """The day, from the line of place and day."""
    for line in lines:
        date = DATE_LINE.match(line.text) or _NUMERIC_DATE.match(line.text)
        if not date or date.end() < len(line.text.rstrip(" .*)|")) - 3:
            continue
        iso = iso_date(date)
        sure = _by_hand(line, date.span()) * (0.8 if iso and iso.count("-") < 2 else 1)
        found.put("date", iso, line.place(*date.span()), sure)
        if date.re is DATE_LINE and date["place"]:
            found.said.setdefault("_place", date["place"].strip())
        return


def iso_date(found: re.Match[str]) -> str | None:
    """A date, or the part of it that is filled in: "2025-06" where the day is blank."""
    day, month, year = ((found[k] or "").strip(" .…_") for k in ("day", "month", "year"))
    if not re.fullmatch(r"\d{4}", year):
        return None
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return year
    if not day.isdigit() or not 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _letter(lines: Sequence[HeadLine], found: _Head) -> None:
    """An official letter (công văn) names no kind: V/v under its number, "Kính gửi", or neither."""
    about = any(title.ABOUT.match(line.text) for line in lines)
    addressed = any(line.text.startswith("Kính gửi") for line in lines)
    of_number = kinds.kind_of_number(found.said.get("number"))
    if about and addressed:
        found.put("kind", "Công văn", None, 0.95 if not of_number else 0.8)
    elif addressed and "number" in found.said and not of_number:
        found.put("kind", "Công văn", None, 0.8)


def _fallbacks(blocks: Sequence[Block], head: Front, found: _Head) -> None:
    """What the head does not say: from the opening, a press notice, "(Kèm theo …)"."""
    if "title" not in found.said or "kind" not in found.said:
        _from_opening(blocks, found)
    if not head.begins and "number" not in found.places:
        _from_press(blocks, found)
    found.put("kind", kinds.kind_of_number(found.said.get("number")), None, 0.85)
    for block in blocks if not head.begins else ():
        if "èm theo" in block.text and len(block.text) <= 400:
            date = DATE_LINE.search(block.text) or _NUMERIC_DATE.search(block.text)
            if date and "date" not in found.said:
                found.put("date", iso_date(date), block.place(*date.span()), 0.6)
            by = re.search(r"\bcủa\s+(?P<by>[A-ZĐ][^()]+?)\s*\)?\s*$", block.text)
            if by and "issuer" not in found.said:
                found.put("issuer", by["by"].strip(), block.place(*by.span("by")), 0.6)
            break
    for line in head.lines[:3]:
        meta = re.fullmatch(r"\W*date:?\s+(\d{4}(?:-\d{2}){0,2})", line.text)
        if meta and "date" not in found.places:
            found.put("date", meta[1], line.place(*meta.span(1)), 0.6)


def _from_opening(blocks: Sequence[Block], found: _Head) -> None:
    for block in blocks[:40]:
        opens = issuer.OPENING.search(block.text)
        if opens and opens["title"].strip():
            kind = kinds.names_kind(opens["kind"]) or opens["kind"].capitalize()
            found.put("kind", kind, block.place(*opens.span("kind")), 0.7)
            words = re.sub(r"\s*\(sau đây[^)]*\)", "", opens["title"]).strip(" ,")
            found.put("title", words, block.place(*opens.span("title")), 0.6)
            return


_PRESS = regex(
    r"ban hành\s+(?P<kind>Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Kết luận|Chương trình hành động"
    r"|Thông báo|Quy định|Hướng dẫn|Đề án)\s+số\s+(?P<number>\d[\w/-]+)(?P<rest>[^.]*)"
)


def _from_press(blocks: Sequence[Block], found: _Head) -> None:
    """A press copy without a head: "… đã ký ban hành Nghị quyết số … (ngày …) của … về …"."""
    for block in blocks[:8]:
        press = _PRESS.search(block.text)
        if not press:
            continue
        rest = press["rest"]
        found.put("kind", press["kind"], block.place(*press.span("kind")), 0.6)
        found.put("number", press["number"], block.place(*press.span("number")), 0.6)
        date = _NUMERIC_DATE.search(rest[:40]) or re.match(
            r"\W*[Nn]" + _NUMERIC_DATE.pattern[1:], block.text
        )
        found.put("date", iso_date(date) if date else None, None, 0.6)
        date = date or _SAID_ON.search(block.text[: press.start()])
        found.put("date", iso_date(date) if date else None, None, 0.6)
        by = _PRESS_BY.search(rest) or _PRESS_ABOUT.search(rest)
        if by:
            before = _PRESS_WHO.search(block.text[: press.start()])
            who = by["by"] if "by" in by.groupdict() else before and before["by"]
            found.put("issuer", who or None, block.place(), 0.6)
            found.put("title", f"về {by['about'].strip()}", block.place(), 0.6)
        return


_SAID_ON = regex(
    r"[Nn]gày\s*(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>\d{4})\s*,"
)
_PRESS_BY = regex(r"của\s+(?P<by>[A-ZĐ][\wÀ-ỹ\s]+?)\s+về\s+(?P<about>.+)")
_PRESS_ABOUT = regex(r"^\W*(?:\([^)]*\)\s*)?về\s+(?P<about>.+)")
_PRESS_WHO = regex(
    r",\s*(?P<by>(?:Ban|Bộ|Ủy ban|UBND|Hội đồng|HĐND|Tỉnh ủy|Chính phủ|Thành ủy)[^,]*?)"
    r"\s+(?:vừa|đã|mới)\s+(?:ký\s+)?$"
)


def _span(blocks: Sequence[Block], found: _Head) -> None:
    """The period of validity: from when the document holds, till when."""
    for name, said in validity.read(blocks, found.said.get("title"), found.said.get("date")):
        value, place, sure = said
        found.put(name, value, place or found.places.get("title"), sure)


def _cited_in(blocks: Sequence[Block], head: Front) -> Sequence[Block]:
    """The blocks that are the document's own: not the notices a website put before its head."""
    own = {line.block.index for line in head.lines}
    notices = {line.block.index for line in head.notices} - own
    return [block for block in blocks if block.index not in notices]
