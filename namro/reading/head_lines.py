"""The head of a document line by line, however the file has run its lines together.

A head is two columns, and every converter flattens it in its own way: one cell a part, both
columns on one line, a whole head in one paragraph, bars between the parts, the notices of the
website it was taken from before it. Here the paragraphs are cut where a part of a head begins
(issuer, motto, number, place and day, V/v, Kính gửi, kind), so that the fields can be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.terms import Place

FRONT_BLOCKS = 80  # a head, with the notices of a website before it, never goes further


@dataclass(frozen=True)
class HeadLine:
    """One line of a head: its text and where it stands in its block."""

    text: str
    block: Block
    start: int

    def place(self, start: int = 0, end: int | None = None) -> Place:
        end = len(self.text) if end is None else end
        last = len(self.block.text)
        return self.block.place(min(self.start + start, last), min(self.start + end, last))

    def sureness(self, start: int = 0, end: int | None = None) -> float:
        end = len(self.text) if end is None else end
        return self.block.sureness(self.start + start, self.start + end)

    @property
    def upper(self) -> bool:
        return mostly_upper(self.text)


def mostly_upper(text: str) -> bool:
    """Whether a line stands in capitals (a misread letter or two does not count)."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def bare(text: str) -> str:
    """The text without marks and in small letters, every letter in its place (same length)."""
    return text.translate(_BARE)


class _Bare(dict[int, str]):
    """A letter's number → the letter without marks, small; found once, then remembered."""

    def __missing__(self, code: int) -> str:
        letter = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = "d" if letter in "đĐ" else letter.lower()[:1]
        return self[code]


_BARE = _Bare()


_STATE = re.compile(r"cong\W+h[oa]+\W+xa\W+h[oa]i\W+chu\W+ngh[il]a\W+viet\W+nam")
_PARTY = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
_CREED = re.compile(r"d[oa]c\s+l[ao]p\W{1,5}t[uy]\s+d[oa]\W{1,5}h[ao]nh\s+ph[uc]+c")
_WORD = r"(?:[A-ZĐÀ-Ỹ][a-zà-ỹ]*[’'][a-zà-ỹ]+|[A-ZĐÀ-Ỹ][a-zà-ỹ]+|TP\.?|Tp\.?)"
_PLACE = rf"{_WORD}(?:\s*-\s*{_WORD}|\s+{_WORD}|\s+phố(?=\s)){{0,6}}"
# Between a day and a year stands a month, however its vowel came out ("ngày 01 thúng 12").
_MONTH = "[Tt]h[aáàảãạăắằẳẵặâấầẩẫậuúùủũụ]ng"
DATE_LINE = regex(
    rf"(?:(?P<place>{_PLACE})\s*[,.]?\s*)?(?P<date>[Nn]gày\s*(?P<day>[^,;:]{{0,7}}?)\s*{_MONTH}\s*"
    r"(?P<month>[^,;:]{0,5}?)\s*[Nn]ăm(?:\s*(?P<year>[\d…._\]lI]{1,6}))?)"
)
_NUMBER_AT = regex(
    r"(?<![\wÀ-ỹ])(?:Số|Só|Sô|Sồ|Sổ|số(?=\s*:))\s*[:.]?\s*(?=[^\sA-Za-zÀ-ỹ]{0,9}\S{0,3}\s?[/-]\s?[A-ZĐ])"
)
_NUMBER_END = regex(r"[Ss]ố\s*[:.]?\s*[^\s,;|]*(?:\s?[-/]\s?[^\s,;|]+)*(?:,[A-ZĐ]{2,}\b)*")
_OPENS = regex(
    r"\s(?=(?:-\s*)?(?:Căn cứ|Xét|Theo đề nghị|Thực hiện|Thi hành|Triển khai thực hiện|Trên cơ sở"
    r"|Ngày \d{1,2}|Để|Nhằm|Trước|Trong|Theo)\s)"
)
_MARKS = regex(r"^\W*(?:THƯỢNG KHẨN|KHẨN|TUYỆT MẬT|TỐI MẬT|MẬT)\W*(?=\s\S)")
_STAMP = regex(r"(?<![\wÀ-ỹ])H[ỎOÓÕ][AẢ]\s+T[ỐÓÔ]C(?![\wÀ-ỹ])")
_META = regex(r"^\W*date:?\s+\d{4}(?:-\d{2}){0,2}(?!\d)")


def is_motto(text: str) -> bool:
    """Quốc hiệu, Tiêu ngữ or the heading of a Party paper."""
    plain = bare(text)
    return bool(_STATE.search(plain) or _CREED.search(plain)) or (
        bool(_PARTY.search(plain)) and mostly_upper(text)
    )


def is_heading(text: str) -> bool:
    """Quốc hiệu or ĐẢNG CỘNG SẢN VIỆT NAM: what only a head begins with."""
    plain = bare(text)
    found = _STATE.search(plain) or _PARTY.search(plain)
    return bool(found) and mostly_upper(text) and len(text) < 60


def cut(block: Block, names: re.Pattern[str] | None = None) -> list[HeadLine]:
    """The lines of a head that were run together in one block; `names` as for `front`."""
    at = {0, len(block.text)}
    for start, end in (*_mottos(block.text), *_own_parts(block.text), *_stamps(block.text)):
        at |= {start, end}
    at |= set(_turns(block.text, names))
    return list(_between(block, sorted(at)))


Span = tuple[int, int]


def _mottos(text: str) -> Iterator[Span]:
    plain = bare(text)
    for pattern in (_STATE, _PARTY, _CREED):
        for found in pattern.finditer(plain):
            if pattern is not _PARTY or mostly_upper(text[slice(*found.span())]):
                yield found.span()


def _own_parts(text: str) -> Iterator[Span]:
    """Where the document's own number and its line of place and day stand."""
    for found in DATE_LINE.finditer(text) if len(text) < 1500 else ():
        if _parts_the_head(text, found.start()):
            yield found.span()
    for found in _NUMBER_AT.finditer(text):
        if _parts_the_head(text, found.start()):
            number = _NUMBER_END.match(text, found.start())
            yield found.start(), number.end() if number else found.end()


def _stamps(text: str) -> Iterator[Span]:
    for found in (*_STAMP.finditer(text), *_BAR.finditer(text)):
        yield found.span()
    for pattern in (_MARKS, _META):
        mark = pattern.match(text)
        if mark:
            yield 0, mark.end()


def _turns(text: str, names: re.Pattern[str] | None) -> Iterator[int]:
    """Where a new part begins: V/v, Kính gửi, the bases after a title, a name after small print."""
    yield from (found.start() for found in _ADDRESS.finditer(text))
    opens = next((m for m in _OPENS.finditer(text) if mostly_upper(text[: m.start()])), None)
    if opens and opens.start() > 8:
        yield opens.start()
    decides = _DECIDES.search(text)
    if decides and decides.start() > 8:
        yield decides.start()
        yield decides.end()
    for found in _AFTER_SMALL.finditer(text) if names else ():
        if names and names.match(text, found.end()) and mostly_upper(text[found.end() :]):
            yield found.end()
            return


# "… năm 2026 BỘ TRƯỞNG BỘ Y TẾ Căn cứ …": who decides, run on with title and bases.
_DECIDES = regex(
    r"\s(?=(?:BỘ TRƯỞNG|CHỦ TỊCH|[ỦU][YỶ] BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN|THỦ TƯỚNG"
    r"|CHÍNH PHỦ|GIÁM ĐỐC)(?:\s[A-ZĐÀ-Ỹ,]+)*\s(?:Căn cứ|Xét)\s)(?:[A-ZĐÀ-Ỹ,]+\s)+"
)
_ADDRESS = regex(r"(?<![\w/])(?:V/v\b|Kính\s+gửi)")
_BAR = regex(r"\s\|\s?|^\|")
_AFTER_SMALL = regex(r"(?<=[a-zà-ỹ\d.:])\s+(?=[A-ZĐÀ-Ỹ]{2,}\s[A-ZĐÀ-Ỹ])")


def _parts_the_head(text: str, start: int) -> bool:
    """Whether a number or a day here is a line of the head, not one that a sentence cites."""
    before = text[:start].rstrip(" |")
    if not before or before[-1] in "-_*/.:":
        return True
    if is_motto(before[-60:]) and re.search(r"(?:nam|ph[uc]+c)\W*(?:\w{1,2}\W*)?$", bare(before)):
        return True
    if _OWN_NUMBER.search(before):
        return True
    return mostly_upper(before.split()[-1]) and mostly_upper(before[-40:])


_OWN_NUMBER = regex(r"(?:^|\s)(?:Số|Só|Sô|Sổ)\s*[:.]?[^,;]{0,30}[/-]\s*[A-ZĐÀ-Ỹ][\wÀ-ỹ,&-]*$")


def _between(block: Block, at: Sequence[int]) -> Iterator[HeadLine]:
    for start, end in pairwise(at):
        raw = block.text[start:end]
        text = raw.strip(" |")
        if any(c.isalnum() for c in text) or text.strip(" ()") == "*":
            yield HeadLine(text, block, start + raw.find(text[:1]))


_SITE = regex(
    r"^(?:Số hiệu|Số, ký hiệu|Số/Ký hiệu|Loại văn bản|Nơi ban hành|Cơ quan ban hành|Người ký"
    r"|Ngày ban hành|Ngày hiệu lực|Ngày có hiệu lực|Ngày công báo|Số công báo|Tình trạng|Lĩnh vực"
    r"|Hiệu lực|Đang tải|Đang cập nhật|Đã biết|Ngày hết hiệu lực|Trích yếu|• Hiệu lực)\b"
)
_FIRST_SECTION = regex(
    r"^(?:(?:I|A|1)\s*[.\-)–/]\s*\S|Điều\s+1\b|Phần\s+(?:thứ|I|1)|Chương\s+(?:I|1)\b|I\.$)"
)


@dataclass(frozen=True)
class Front:
    """Everything before the first section: `lines` of the head itself, `notices` before it."""

    lines: tuple[HeadLine, ...]
    notices: tuple[HeadLine, ...]
    begins: bool  # whether a motto shows where the head begins


def front(blocks: Sequence[Block], names: re.Pattern[str]) -> Front:
    """The head of the document. `names` tells the name of an issuing body at a line's start."""
    lines: list[HeadLine] = []
    headings = 0
    for block in blocks[:FRONT_BLOCKS]:
        parts = _after_word(lines, cut(block, names), names)
        states = sum(is_heading(part.text) for part in parts)
        if headings and states:
            break  # a second motto is the head of another paper bound in with this one
        if lines and not block.cell and _FIRST_SECTION.match(block.text):
            if headings or len(lines) > 12 or not _more_head(blocks, block.index):
                break
        headings += states
        lines += parts
    at = next((i for i, line in enumerate(lines) if is_heading(line.text)), None)
    if at is None:
        return Front(tuple(lines), (), False)
    start = at
    for i in range(at - 1, max(-1, at - 12), -1):
        text = lines[i].text
        if len(text) > 200 or _SITE.match(text):
            break
        if _NUMBER_AT.match(text) or (names.match(text) and mostly_upper(text)):
            start = i
    return Front(tuple(lines[start:]), tuple(lines[:start]), True)


_LONE = regex(r"^[A-ZĐÀ-Ỹ]{2,7}$")


def _after_word(
    lines: list[HeadLine], parts: list[HeadLine], names: re.Pattern[str]
) -> list[HeadLine]:
    """A lone word in capitals begins the line after it: "CỘNG", then "HÒA XÃ HỘI …"."""
    if not lines or not parts or not _LONE.match(lines[-1].text) or not parts[0].upper:
        return parts
    whole = f"{lines[-1].text} {parts[0].text}"
    if not (is_heading(whole) or (names.match(whole) and not names.match(parts[0].text))):
        return parts
    lines.pop()
    return [replace(parts[0], text=whole), *parts[1:]]


def _more_head(blocks: Sequence[Block], at: int) -> bool:
    """Whether the true head comes only after some list of a website's notices."""
    return any(is_heading(line.text) for b in blocks[at : at + 25] for line in cut(b))
