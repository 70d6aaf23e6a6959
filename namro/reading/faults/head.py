"""Faults of the head: blanks, a second document in the file, documents cited against the days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from namro.reading import citations
from namro.reading.blocks import Block
from namro.reading.faults.found import Found
from namro.reading.letters import regex
from namro.terms import Fault


def read(found: Found) -> Iterator[Fault]:
    """All faults of the head and of what it cites."""
    yield from _blanks(found)
    yield from _others(found)
    yield from _periods(found.blocks)
    yield from _cited(found)


def _blanks(found: Found) -> Iterator[Fault]:
    head = found.head
    if head.number is None and "number" in head.places:
        place = head.places["number"]
        text = found.blocks[place.block or 0].text[place.start : place.end]
        unread = bool(re.search(r"\w", re.split(r"[-/]?\s*[A-ZĐ]{2}", text)[0]))
        yield Fault(
            "NUMBER_UNREADABLE" if unread else "NUMBER_BLANK",
            "Không đọc được số văn bản." if unread else "Số văn bản còn để trống.",
            "Ghi lại số theo bản giấy khi rà soát."
            if unread
            else "Điền số khi ban hành; bản chưa có số không dùng để giao nhiệm vụ.",
            place,
            found.quote(place.block),
        )
    said = head.confidence.get("date", 0) > 0.6 or head.date is None or "/" in _date_text(found)
    if "date" in head.places and said and (head.date is None or head.date.count("-") < 2):
        place = head.places["date"]
        yield Fault(
            "DATE_BLANK",
            "Ngày ban hành còn để trống hoặc không đọc được.",
            "Điền đủ ngày, tháng, năm ban hành.",
            place,
            found.quote(place.block),
        )


def _date_text(found: Found) -> str:
    place = found.head.places.get("date")
    return found.blocks[place.block or 0].text[place.start : place.end] if place else ""


def _others(found: Found) -> Iterator[Fault]:
    for other in found.documents:
        if other.order == found.order:
            continue
        name = " ".join(
            part for part in (other.kind, other.number and f"số {other.number}") if part
        )
        same = other.first_page == other.last_page
        span = f"{other.first_page}" if same else f"{other.first_page}–{other.last_page}"
        pages = f"trang {span}"
        yield Fault(
            "SECOND_DOCUMENT",
            f"Tệp còn chứa văn bản khác: {name or 'văn bản không rõ loại'} ({pages}); các chỉ "
            "tiêu, nhiệm vụ của văn bản đó không nằm trong kết quả này.",
            f"Tách riêng {pages} thành một tệp rồi gửi lại, hoặc chọn đọc văn bản thứ "
            f"{other.order} của tệp này.",
            other.place if other.order > found.order and found.order == 1 else None,
            other.title,
        )


_PERIOD = regex(
    r"(?:giai đoạn|thời kỳ|nhiệm kỳ)\s*(?P<from>20\d{2})\s*(?:-|–|đến(?: năm)?)\s*(?P<to>20\d{2})",
    re.I,
)
_OUTLOOK = regex(
    r"(?:(?:giai đoạn|thời kỳ)\s*20\d{2}\s*(?:-|–|đến(?: năm)?)\s*|đến (?:hết )?(?:năm )?)"
    r"(?P<to>20\d{2})[\s,;)]{1,3}(?:và\s+)?"
    r"(?P<look>(?:tầm nhìn|định hướng)\s*(?:đến\s*)?(?:năm\s*)?(?P<far>20\d{2}))",
    re.I,
)


def _periods(blocks: Sequence[Block]) -> Iterator[Fault]:
    """Periods that end before they begin, outlooks that lie before the period's end."""
    for block in blocks:
        for found in _PERIOD.finditer(block.text):
            if found["from"] > found["to"]:
                yield Fault(
                    "PERIOD_REVERSED",
                    f"“{found[0]}”: năm cuối sớm hơn năm đầu.",
                    "Kiểm tra lại hai năm của giai đoạn.",
                    block.place(*found.span()),
                    found[0],
                )
        for found in _OUTLOOK.finditer(block.text):
            if found["far"] <= found["to"]:
                yield Fault(
                    "OUTLOOK_BEFORE_END",
                    f"“{found['look']}” không muộn hơn năm cuối của giai đoạn ({found['to']}).",
                    "Kiểm tra lại năm của tầm nhìn, định hướng.",
                    block.place(*found.span("look")),
                    found[0],
                )


_DAY = regex(
    r"^[\s,(]{0,3}(?:của [\wÀ-ỹ\s]{3,60}\s)?ngày\s+(?P<day>\d{1,2})\s*(?:/|-|\.|\s*tháng\s*)\s*"
    r"(?P<month>\d{1,2})\s*(?:/|-|\.|\s*năm\s*)\s*(?P<year>\d{4})"
)


@dataclass(frozen=True)
class _Dated:
    """A document cited with its day."""

    number: str
    iso: str
    block: Block
    start: int
    end: int

    @property
    def shown(self) -> str:
        year, month, day = self.iso.split("-")
        return f"{day}/{month}/{year}"


def _dated(block: Block) -> list[_Dated]:
    found = []
    for start, end in citations.spans(block.text):
        day = _DAY.match(block.text[end : end + 110])
        if day and 1 <= int(day["month"]) <= 12 and 1 <= int(day["day"]) <= 31:
            iso = f"{day['year']}-{int(day['month']):02d}-{int(day['day']):02d}"
            number = re.sub(r"\s+", "", block.text[start:end])
            found.append(_Dated(number, iso, block, start, end + day.end()))
    return found


def _cited(found: Found) -> Iterator[Fault]:
    days: dict[str, _Dated] = {}
    issued = found.head.date if found.head.date and len(found.head.date) == 10 else None
    for block in found.blocks:
        cited = _dated(block)
        yield from _carried_out(cited)
        for one in cited:
            if issued and one.iso > issued and one.number != found.head.number:
                yield _after_issue(one, found)
            first = days.setdefault(one.number.upper(), one)
            if first.iso != one.iso and f"{one.number.upper()} {one.iso}" not in days:
                days[f"{one.number.upper()} {one.iso}"] = one
                yield Fault(
                    "CITED_DAYS_DIFFER",
                    f"Văn bản số {one.number} ghi ngày {one.shown}, nơi khác trong văn bản ghi "
                    f"ngày {first.shown}.",
                    "Kiểm tra ngày ban hành của văn bản được viện dẫn và ghi thống nhất.",
                    block.place(one.start, one.end),
                    block.text[one.start : one.end],
                )


def _after_issue(one: _Dated, found: Found) -> Fault:
    basis = bool(regex(r"^\W*Căn cứ\b").match(one.block.text))
    code = "BASIS_AFTER_ISSUE" if basis else "CITED_AFTER_ISSUE"
    issued = found.head.date or ""
    shown = "/".join(reversed(issued.split("-")))
    what = "Văn bản làm căn cứ" if basis else "Văn bản được viện dẫn"
    return Fault(
        code,
        f"{what} (số {one.number}) đề ngày {one.shown}, sau ngày ban hành văn bản này ({shown}).",
        "Kiểm tra lại ngày của văn bản được viện dẫn hoặc ngày ban hành.",
        one.block.place(one.start, one.end),
        one.block.text[one.start : one.end],
    )


_CARRIES = regex(r"\b(?:triển khai thực hiện|thực hiện|cụ thể hóa|thi hành)\b[^.;]*$")


def _carried_out(cited: list[_Dated]) -> Iterator[Fault]:
    """ "Quyết định số A ngày … triển khai thực hiện Nghị quyết số B ngày …": B cannot be later."""
    for one, base in pairwise(cited):
        between = one.block.text[one.end : base.start]
        if base.iso > one.iso and len(between) < 250 and _CARRIES.search(between):
            if not re.search(r"[.;]", between):
                yield Fault(
                    "BASE_AFTER_DECISION",
                    f"Văn bản số {one.number} (ngày {one.shown}) được nói là thực hiện văn bản số "
                    f"{base.number}, nhưng văn bản này ban hành sau (ngày {base.shown}).",
                    "Kiểm tra lại ngày của hai văn bản.",
                    one.block.place(one.start, base.end),
                    one.block.text[one.start : base.end],
                )
