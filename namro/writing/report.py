"""A report as plain data: what is said, not how it looks (nội dung báo cáo).

Numbers arrive as text, written by `sentences` and `namro.vietnamese`; blanks are None, and stay
blank on paper the official way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Form = Literal["party", "state"]
Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body."""

    text: str
    bold: bool = False
    italic: bool = False
    align: Align = "justify"


@dataclass(frozen=True)
class BulletList:
    """Items written "- …", each a paragraph; the text brings its own closing mark."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class ResultTable:
    """A table of results. Each row has one text per column.

    `widths` are shares of the page's width (any unit; equal when empty). `aligns` per column;
    when empty, columns of figures stand right and the TT column in the middle. `landscape` puts
    the table on a page of its own turned sideways.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    caption: str = ""
    landscape: bool = False
    aligns: tuple[Align, ...] = ()

    def __post_init__(self) -> None:
        wrong = [n for n, row in enumerate(self.rows, 1) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"Dòng {wrong[0]} của bảng không đủ {len(self.columns)} cột")
        for given in (self.widths, self.aligns):
            if given and len(given) != len(self.columns):
                raise ValueError(f"Bảng có {len(self.columns)} cột nhưng cho {len(given)} giá trị")


Block = Paragraph | BulletList | ResultTable


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it. `number` decides the rank: "I" (upper case, bold), "1"
    and "1.1" (bold), "a" (plain); "" has a bold title without number."""

    number: str
    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Who signs: `authority` "T/M BAN THƯỜNG VỤ" (or "KT. CHỦ TỊCH"), `post` "PHÓ BÍ THƯ"; `name`
    None while it is not known. The sign after TM, KT, TL follows the form."""

    authority: str
    post: str
    name: str | None = None


@dataclass(frozen=True)
class Appendix:
    """An appendix (phụ lục): starts on a new page, counts its pages from 1."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Definition:
    """How one figure was measured: its title, the definition as a sentence, and its hash."""

    title: str
    says: str
    hash: str


@dataclass(frozen=True)
class Stamp:
    """What makes an issued report checkable: figures as of when, issued when (both in local time),
    the code to verify it with, and the definitions used. Printed as the last, small appendix."""

    as_of: datetime
    issued_at: datetime
    verification_code: str
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True)
class Report:
    """A report (báo cáo), ready to be written.

    `superior_body` and `issuing_body` may hold several lines (by line breaks). `number` None and
    `issued_on` None mean a draft: both stay blank; `drafted_on` then gives month and year.
    `bases` are the legal bases (căn cứ), `addressed_to` the bodies after "Kính gửi".
    `recipients` come without dash and closing mark.
    """

    form: Form
    superior_body: str
    issuing_body: str
    symbol: str
    place: str
    title: str
    signature: Signature
    kind: str = "BÁO CÁO"
    number: str | None = None
    issued_on: date | None = None
    drafted_on: date | None = None
    draft: int | None = None
    addressed_to: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    opening: tuple[Paragraph | str, ...] = ()
    sections: tuple[Section, ...] = ()
    recipients: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    stamp: Stamp | None = None

    @property
    def dated_on(self) -> date | None:
        """The day that decides which form is in force: issued, else drafted, else stamped."""
        return (
            self.issued_on
            or self.drafted_on
            or (self.stamp.issued_at.date() if self.stamp else None)
        )
