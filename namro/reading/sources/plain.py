"""Plain text and Markdown: lines → paragraphs and table cells.

Text comes in three habits: paragraphs parted by blank lines (their lines wrapped at will), one
paragraph a line, and the dump of a page where only a line's length shows that a paragraph goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from namro.reading.blocks import Block, Piece
from namro.reading.letters import regex
from namro.reading.sources import notices, tables
from namro.reading.sources.encodings import text_of
from namro.reading.sources.sourced import Source

PAGE_MARK = regex(r"^-{2,}\s*(?:page|trang)\s+(\d+)\b.*$", re.I)
RULE = regex(r"^[\s\-_=*~.·—–]{2,}$|^[-_=~—–]$")
_NOTE = regex(r"^\[Extracted .*\]$")
MARKER = regex(
    r"^\\?(?:[-–—+•▪●]\s+\S|\*\s{1,4}\S|[-–+]\s*[A-ZĐÀ-Ỹ]"
    r"|\(?\d{1,3}\)?\s*[.)]\s*[^\d\s]|\d{1,2}(?:\.\d{1,2})+\.?\s+[^\d\s]|\(\d{1,3}\)"
    r"|[a-zđ]\s?[).]\s+\S|[IVXLC]{1,5}\s?[.\-)–/]\s*\S|Điều\s+\d|Chương\s+[IVX\d]"
    r"|PHỤ LỤC\b|Nơi nhận)"
)
_HEAD_LINE = regex(r"^(?:Số\b|V/v\b|Về việc\b|Kính gửi\b|T/M\b|TM\.|KT\.|K/T\b|TL\.)")
_CLOSES = regex(r"[.;:!?…,]\W*$")


@dataclass
class Line:
    """One line of the file: its number from 1, its page, its text without line end."""

    number: int
    page: int
    text: str


@dataclass
class Drafts:
    """The blocks found so far; `table` counts the tables."""

    file: str
    blocks: list[Block] = field(default_factory=list)
    table: int = 0

    def paragraph(self, lines: Sequence[Line], *, flows: bool) -> None:
        text, pieces = _together(lines)
        if text:
            bold = all(_is_bold(line.text) for line in lines) or _whole_bold(lines)
            block = Block(0, text, lines[0].page, self.file, pieces, bold=bold, flows=flows)
            self.blocks.append(block)

    def rows(self, rows: Sequence[tables.Row]) -> None:
        for block in tables.as_blocks(rows, self.table, self.file):
            self.blocks.append(block)
        self.table += 1


def decode(raw: bytes, file: str) -> str:
    """Bytes of a text file as NFC text. Raises UnreadableDocument when they are no text."""
    return text_of(raw, file)[0]


def source(path: Path, raw: bytes) -> Source:
    """A text file as a Source; an old encoding is told in a notice."""
    text, encoding = text_of(raw, path.name)
    blocks, count = _blocks(path.name, text)
    flowing = sum(b.flows for b in blocks) * 2 > len(blocks)
    told = (notices.old_encoding(path.name, encoding),) if encoding else ()
    return Source(tuple(blocks), count, 0, "text", flowing, told)


def _blocks(file: str, text: str) -> tuple[list[Block], int]:
    """The blocks of a text and the number of its pages (1 where it marks none)."""
    lines = _lines(_itemised(text))
    drafts = Drafts(file)
    wrapped = _blank_lines_part(lines)
    width = _even_width(lines) if wrapped else 0
    for kind, part in _regions(lines):
        if kind == "table":
            drafts.rows(tables.parse(part))
        elif wrapped:
            for group in _groups(part):
                for paragraph in _split_group(group, width):
                    drafts.paragraph(paragraph, flows=False)
        else:
            for paragraph in _by_width(part):
                drafts.paragraph(paragraph, flows=True)
    return drafts.blocks, max((line.page for line in lines), default=1)


_INLINE = regex(r"(?<=[.;:)\d])\s+(?=(?:(?P<n>\d{1,2})|(?P<r>[IVX]{1,4}))\.\s+[A-ZĐÀ-Ỹ])")


def _itemised(text: str) -> str:
    """Items run together on one long line, each on a line of its own: "… 1. A. 2. B. 3. C"."""
    out = []
    for line in text.split("\n"):
        numbers = [int(m["n"]) for m in _INLINE.finditer(line) if m["n"]] if len(line) > 600 else []
        counts = len(numbers) >= 4 and numbers == sorted(set(numbers))
        out.append(_INLINE.sub("\n", line) if counts else line)
    return "\n".join(out)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    page = 1
    for number, raw in enumerate(text.split("\n"), start=1):
        for i, part in enumerate(raw.rstrip("\r").split("\f")):
            page += 1 if i else 0
            mark = PAGE_MARK.match(part.strip())
            if mark:
                page = int(mark[1])
                _drop_page_number(lines)
                continue
            if _NOTE.match(part.strip()):
                continue
            lines.append(Line(number, page, part.rstrip()))
    _drop_page_number(lines)
    return lines


def _drop_page_number(lines: list[Line]) -> None:
    """A lone number at the foot of a page is no word of the document."""
    while lines and not lines[-1].text.strip():
        lines.pop()
    if lines and re.fullmatch(r"\d{1,3}", lines[-1].text.strip()):
        if int(lines[-1].text.strip()) == lines[-1].page:
            lines.pop()
    lines.append(Line(lines[-1].number if lines else 1, lines[-1].page if lines else 1, ""))


def _blank_lines_part(lines: Sequence[Line]) -> bool:
    """Whether blank lines part the paragraphs: many lines stand right after one."""
    text = [line for kind, part in _regions(lines) if kind == "text" for line in part]
    filled = [i for i, line in enumerate(text) if line.text.strip()]
    if not filled:
        return True
    starts = sum(1 for i in filled if i == 0 or not text[i - 1].text.strip())
    share = starts / len(filled)
    return share > 0.6 or (share > 0.12 and not _unwrapped(text))


# Lines that were broken to fit a page or a screen are hardly ever longer than this.
_WIDEST = 110


def _unwrapped(lines: Sequence[Line]) -> bool:
    """Whether each line is a whole paragraph: too many are longer than a line is ever broken at."""
    lengths = sorted(len(line.text) for line in lines if line.text.strip())
    return bool(lengths) and lengths[int(len(lengths) * 0.95)] > _WIDEST


def _regions(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Stretches of the file that are tables, and those that are text, in order."""
    i = start = 0
    while i < len(lines):
        end = tables.ends(lines, i)
        if end == i:
            i += 1
            continue
        if start < i:
            yield "text", list(lines[start:i])
        yield "table", list(lines[i:end])
        i = start = end
    if start < len(lines):
        yield "text", list(lines[start:])


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if line.text.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


MIN_WRAPPED = 6
MAX_SHORT = 0.15


def _even_width(lines: Sequence[Line]) -> int:
    """The width at which a text is wrapped where its lines are full to it; 0 where a paragraph's
    lines end at will, as in pages taken from the web."""
    lengths = sorted(len(line.text) for line in lines if line.text.strip())
    width = lengths[int(len(lengths) * 0.85)] if lengths else 0
    goes_on = [
        _is_short(a.text, b.text, width)
        for a, b in pairwise(lines)
        if a.text.strip() and b.text.strip()[:1].islower()
    ]
    even = len(goes_on) >= MIN_WRAPPED and sum(goes_on) <= MAX_SHORT * len(goes_on)
    return width if even else 0


def _is_short(before: str, line: str, width: int) -> bool:
    """Whether the next line's first words would have fitted on the line before."""
    return len(before) + 1 + len(" ".join(line.split()[:2])) < 0.9 * width


def _split_group(group: Sequence[Line], width: int) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for line in group:
        if RULE.match(line.text) and line.text.strip() != "*":
            if paragraph:
                yield paragraph
            paragraph = []
            continue
        if paragraph and (
            _starts_anew(paragraph[-1].text, line.text)
            or _after_bold_heading(paragraph, line.text)
            or _after_short_line(paragraph[-1].text, line.text, width)
        ):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _after_bold_heading(paragraph: Sequence[Line], line: str) -> bool:
    """A bold heading ends where its emphasis ends, and the line after it starts afresh."""
    ended = paragraph[-1].text.rstrip().endswith("**") and _whole_bold(paragraph)
    return ended and bool(regex(r"\s*[A-ZĐÀ-Ỹ(]").match(line)) and len(plain(paragraph[0].text)) > 4


def _after_short_line(before: str, line: str, width: int) -> bool:
    """A line that is not full, in a text that is wrapped evenly, ends its paragraph."""
    capital = plain(line).strip()[:1].isupper() or MARKER.match(line.strip())
    return bool(width and capital) and _is_short(before, line, width)


def _starts_anew(before: str, line: str) -> bool:
    left, right = plain(before).strip(), plain(line).strip()
    if left == "*" or before.strip() == "*" or _HEAD_LINE.match(right):
        return True
    if left.isupper() and MARKER.match(left) and not right.isupper() and len(left) > 6:
        return right[:1].isupper() or bool(MARKER.match(right))  # "III. KINH PHÍ", its text below
    if not MARKER.match(line.strip()) and not MARKER.match(right):
        return left.endswith(":") and right[:1].isupper() and len(left) < 60
    return bool(_CLOSES.search(left)) or (len(left) < 60 and right.startswith(("-", "+")))


def _by_width(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Paragraphs of a page dump: a line that is not full ends its paragraph."""
    lengths = sorted(len(line.text) for line in lines if line.text.strip())
    width = lengths[int(len(lengths) * 0.85)] if lengths else 0
    one_a_line = _unwrapped(lines)
    paragraph: list[Line] = []
    for line in lines:
        if not line.text.strip() or RULE.match(line.text):
            if paragraph and (one_a_line or _is_over(paragraph[-1].text)):
                yield paragraph
                paragraph = []
            continue
        if paragraph and (one_a_line or _ends_here(paragraph[-1].text, line.text, width)):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _is_over(text: str) -> bool:
    return bool(re.search(r"[.;:!?/]\s*$", text)) or len(text) < 50


def _ends_here(before: str, line: str, width: int) -> bool:
    word = line.split()[0]
    full = len(before) + 1 + len(word) >= width - 4
    if MARKER.match(plain(line).strip()) and not re.search(r"[\d–-]\s*$", before):
        return not full or bool(_CLOSES.search(before)) or not line.lstrip()[:1].islower()
    return not full


def plain(text: str) -> str:
    """A line without the marks of Markdown: emphasis, heading signs, escapes."""
    text = re.sub(r"^\s*#{1,6}\s+", "", text)
    text = re.sub(r"^(\s*)\*(\s{1,4})(?=\S)", r"\1•\2", text) if text.count("*") % 2 else text
    text = re.sub(r"\\([-*+.#_\[\]()])", r"\1", text)
    return text if text.strip() == "*" else text.replace("*", "")


def _is_bold(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith(("**", "#")) and (stripped.endswith("**") or stripped[0] == "#")


def _whole_bold(lines: Sequence[Line]) -> bool:
    text = " ".join(line.text.strip() for line in lines)
    return bool(re.fullmatch(r"\*\*[^*]+\*\*(?:\s*\*\*[^*]+\*\*)*\s*", text))


def _together(lines: Sequence[Line]) -> tuple[str, tuple[Piece, ...]]:
    """Lines as one text with single blanks, and where each line of it stands."""
    text = ""
    pieces: list[Piece] = []
    for line in lines:
        words = re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", plain(line.text)).strip()
        if not words:
            continue
        if text and not re.search(r"\w-$", text):
            text += " "
        pieces.append(Piece(len(text), len(text) + len(words), line.page, line=line.number))
        text += words
    return text, tuple(pieces)
