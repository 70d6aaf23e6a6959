"""Pages as pictures, drawn in a process of its own: a page made to break the drawing, or to take a
minute and a gigabyte, must not take a worker of the site along. What `pictures.py` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from namro.reading.bounded import Limits, Progress, Said, answer_of

# A page of A3 at 600 dpi is drawn in five seconds of a slow processor and half a gigabyte.
LIMITS = Limits(memory=1_500_000_000, cpu_seconds=20, seconds=40, silent_seconds=40)
# Measuring opens every page of a file, of ten thousand too.
MEASURING = Limits(memory=1_500_000_000, cpu_seconds=60, seconds=180, silent_seconds=180)
_SEE_WORDS = "Hãy xem phần chữ đã đọc, hoặc quét lại trang này ở độ phân giải 200–300 dpi."


@dataclass(frozen=True)
class Sheets:
    """The pages of a file: `members` as `pictures.member_pages`, `sizes` as `page_sizes`."""

    members: dict[str, tuple[int, int]]
    sizes: list[tuple[float, float]]


def page_picture_apart(
    file: Path, page: int, *, width_px: int, limits: Limits | None = None
) -> bytes:
    """As `pictures.page_picture`, under `limits` (LIMITS where none are told).

    Raises UnreadableDocument, also where the drawing had to be ended (TOO_HEAVY, TOO_SLOW) or died
    (READER_STOPPED).
    """
    said = Said(f"vẽ ảnh trang {page}", _SEE_WORDS, _SEE_WORDS)
    asked = {"page": page, "width_px": width_px}
    drawn = answer_of("pages", file, asked, limits=limits or LIMITS, said=said)
    if not isinstance(drawn, bytes):
        raise TypeError(f"the drawing answered with {type(drawn).__name__}")
    return drawn


def sheets_apart(file: Path, *, limits: Limits = MEASURING) -> Sheets:
    """The pages of a file and their sizes, under `limits`. Raises UnreadableDocument."""
    said = Said("đo các trang của tệp này", _SEE_WORDS, _SEE_WORDS)
    found = answer_of("pages", file, {"page": None}, limits=limits, said=said)
    if not isinstance(found, tuple):
        raise TypeError(f"the measuring answered with {type(found).__name__}")
    return Sheets(*found)


def answer(asked: Mapping[str, Any], progress: Progress) -> object:
    """In the child: the picture of the page asked for, or, without one, what Sheets holds."""
    from namro.reading import pictures

    file = Path(asked["file"])
    if asked["page"] is None:
        return pictures.member_pages(file), pictures.page_sizes(file)
    return pictures.page_picture(file, int(asked["page"]), width_px=int(asked["width_px"]))
