"""The paper as drawn: lines and tables with their looks (trang văn bản).

Both drawers (.docx and .pdf) draw this one `Paper`, so that they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PIL import ImageFont

from namro.writing.report import Align
from namro.writing.style import Look, Profile

FONTS = Path(__file__).with_name("fonts")
_MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """One paragraph as drawn. `keep` holds it on the page of what follows; `rule` is the length in
    millimetres of the line drawn under it (0: none), `above` extra points before it."""

    text: str
    look: Look
    align: Align = "justify"
    indent: bool = False
    keep: bool = False
    rule: float = 0
    above: float = 0
    what: str = "line"


@dataclass(frozen=True)
class Grid:
    """A table as drawn; `widths` in millimetres."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    look: Look
    caption: Line | None = None
    landscape: bool = False
    what: str = "grid"


Drawn = Line | Grid


@dataclass(frozen=True)
class Attachment:
    """An appendix as drawn: on new pages, counted from 1."""

    lines: tuple[Drawn, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """Everything on the paper, part by part, in the order of the official form."""

    profile: Profile
    name: str
    author: str
    made_at: datetime
    left: tuple[Line, ...]  # superior body, issuing body, star or rule
    right: tuple[Line, ...]  # ĐẢNG CỘNG SẢN VIỆT NAM, or Quốc hiệu and Tiêu ngữ
    number: tuple[Line, ...]
    place_date: Line
    heading: tuple[Line, ...]  # kind, title, addressees
    body: tuple[Drawn, ...]
    recipients: tuple[Line, ...]
    signature: tuple[Line, ...]
    attachments: tuple[Attachment, ...] = field(default=())


def text_width(text: str, look: Look) -> float:
    """Millimetres the text takes in Times New Roman (measured in its metric twin)."""
    face = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic"}
    style = face.get((look.bold, look.italic), "BoldItalic")
    font = ImageFont.truetype(FONTS / f"LiberationSerif-{style}.ttf", 1000)
    return float(font.getlength(text)) * look.size / 1000 * _MM
