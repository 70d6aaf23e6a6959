"""The official form of papers, as dated profiles (thể thức văn bản).

Party papers: Hướng dẫn 36-HD/VPTW of 3 April 2018, replaced by Hướng dẫn 05-HD/VPTW of
27 May 2026. State papers: Decree 30/2020/NĐ-CP, Appendix I, in force since 5 March 2020.
A paper follows the form in force on its own date; the two families are never mixed.
Sizes are in points, lengths in millimetres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from namro.vietnamese import format_date, format_long_date
from namro.writing.report import Form

BLANK = "\u00a0"  # does not collapse or break: a blank to be filled by hand keeps its room
FONT = "Times New Roman"


@dataclass(frozen=True)
class Look:
    """How a run of text looks."""

    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Margins:
    """Of a portrait page, in millimetres."""

    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15


@dataclass(frozen=True)
class Profile:
    """All measures of one official form, in force from `from_on`."""

    code: str
    form: Form
    from_on: date
    source: str
    head_lines: tuple[tuple[str, Look], ...]  # top right; the rule follows the last
    head_left: float  # width of the left column of the head
    superior: Look
    issuing: Look
    under_issuing: Literal["star", "rule"]
    number: Look
    number_pattern: str  # {number}, {symbol}
    number_blank: str
    place_date: Look
    kind: Look
    title: Look
    under_title: Literal["hyphens", "rule"]
    bases: Look
    bases_dash: str
    addressed: Look
    heading_mark: str  # between "I" and its title
    end_mark: str  # the very end of the body
    authority_marks: tuple[tuple[str, str], ...]
    authority: Look
    post: Look
    signer: Look
    blank_lines: int
    recipients_head: Look
    recipients: Look
    recipients_mark: str
    margins: Margins = Margins()
    body: Look = Look(14)
    line: float = 18  # exact distance of base lines
    gap: float = 6  # between paragraphs
    indent: float = 10  # first line
    table: Look = Look(12)
    small: Look = Look(11)
    cell_inset: float = 1.1  # left and right, in result tables
    page_number: Look = Look(14)
    page_number_from_top: float = 10
    appendix: Look = Look(14, bold=True)
    appendix_reference: Look = Look(14, italic=True)

    @property
    def text_width(self) -> float:
        return 210 - self.margins.left - self.margins.right

    def number_line(self, number: str | None, symbol: str) -> str:
        """ "Số 15-BC/ĐU" or "Số: 05/BC-UBND"; a draft keeps room for the number."""
        shown = number.strip().zfill(2) if number and number.strip() else self.number_blank
        return self.number_pattern.format(number=shown, symbol=symbol.strip())

    def authority_line(self, text: str) -> str:
        """ "TM. …" or "T/M …": whichever way it came, as this form writes it."""
        for pattern, written in self.authority_marks:
            text = re.sub(pattern, written, text)
        return text


_PARTY_2018 = Profile(
    code="party-2018",
    form="party",
    from_on=date(2018, 4, 3),
    source="Hướng dẫn số 36-HD/VPTW ngày 03/4/2018",
    head_lines=(("ĐẢNG CỘNG SẢN VIỆT NAM", Look(15, bold=True)),),
    head_left=78,
    superior=Look(14),
    issuing=Look(14, bold=True),
    under_issuing="star",
    number=Look(14),
    number_pattern="Số {number}-{symbol}",
    number_blank=BLANK * 4,
    place_date=Look(14, italic=True),
    kind=Look(16, bold=True),
    title=Look(14, bold=True),
    under_title="hyphens",
    bases=Look(14),
    bases_dash="- ",
    addressed=Look(14, italic=True),
    heading_mark="- ",
    end_mark=".",
    authority_marks=tuple(
        (rf"\b{a}{b}\.\s*", f"{a}/{b} ") for a, b in (("T", "M"), ("K", "T"), ("T", "L"))
    ),
    authority=Look(14, bold=True),
    post=Look(14),
    signer=Look(14, bold=True),
    blank_lines=4,
    recipients_head=Look(14, underline=True),
    recipients=Look(12),
    recipients_mark=",",
)
_PARTY_2026 = replace(
    _PARTY_2018,
    code="party-2026",
    from_on=date(2026, 5, 27),
    source="Hướng dẫn số 05-HD/VPTW ngày 27/5/2026",
    recipients_mark=";",
)
_STATE_2020 = Profile(
    code="state-2020",
    form="state",
    from_on=date(2020, 3, 5),
    source="Nghị định số 30/2020/NĐ-CP ngày 05/3/2020, Phụ lục I",
    head_lines=(
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Look(13, bold=True)),
        ("Độc lập - Tự do - Hạnh phúc", Look(14, bold=True)),
    ),
    head_left=66,
    superior=Look(13),
    issuing=Look(13, bold=True),
    under_issuing="rule",
    number=Look(13),
    number_pattern="Số: {number}/{symbol}",
    number_blank=BLANK * 6,
    place_date=Look(14, italic=True),
    kind=Look(14, bold=True),
    title=Look(14, bold=True),
    under_title="rule",
    bases=Look(14, italic=True),
    bases_dash="",
    addressed=Look(14),
    heading_mark=". ",
    end_mark="./.",
    authority_marks=tuple(
        (rf"\b{a}/{b}\s+", f"{a}{b}. ") for a, b in (("T", "M"), ("K", "T"), ("T", "L"))
    ),
    authority=Look(14, bold=True),
    post=Look(14, bold=True),
    signer=Look(14, bold=True),
    blank_lines=4,
    recipients_head=Look(12, bold=True, italic=True),
    recipients=Look(11),
    recipients_mark=";",
)
PROFILES = (_PARTY_2018, _PARTY_2026, _STATE_2020)


def profile_for(form: Form, on: date | None) -> Profile:
    """The form in force on the paper's date; the newest for an undated draft.

    ValueError for a date before the first form known here.
    """
    known = [p for p in PROFILES if p.form == form]
    in_force = [p for p in known if on is None or p.from_on <= on]
    if not in_force:
        first = min(known, key=lambda p: p.from_on)
        raise ValueError(
            f"Chưa có thể thức văn bản cho ngày trước {format_date(first.from_on)} ({first.source})"
        )
    return max(in_force, key=lambda p: p.from_on)


def place_date_line(place: str, issued_on: date | None, drafted_on: date | None) -> str:
    """ "Lai Châu, ngày 03 tháng 9 năm 2025"; in a draft the day (or all of it) stays blank."""
    if issued_on:
        return f"{place}, {format_long_date(issued_on)}"
    if not drafted_on:
        return f"{place}, ngày{BLANK * 4}tháng{BLANK * 4}năm{BLANK * 8}"
    _, _, rest = format_long_date(drafted_on).partition(" tháng ")
    return f"{place}, ngày{BLANK * 4}tháng {rest}"
