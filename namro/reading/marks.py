"""Marks of secrecy (dấu chỉ độ mật) and of urgency (dấu chỉ mức độ khẩn) in the head."""

from __future__ import annotations

from collections.abc import Sequence

from namro.reading import kinds
from namro.reading.blocks import Block
from namro.reading.head_lines import HeadLine, bare, mostly_upper
from namro.reading.letters import regex

# Stamps are read by OCR with a mark wrong or gone: "TÔI MẬT", "HÓA TỐC". The base letters are
# compared, in capitals only. "MẶT", "MẤT" in capitals stand in titles, so a lone MAT needs its
# mark to be right or the line to be nothing but the stamp.
_SECRET = regex(r"(?<!\w)(?:(?P<top>tuyet\s+mat)|(?P<high>toi\s+mat)|(?P<low>mat))(?!\w)")
_SECRET_NAMES = {"top": "Tuyệt mật", "high": "Tối mật", "low": "Mật"}
_RIGHT = regex(r"(?<![\wÀ-ỹ])(?:TUYỆT MẬT|TỐI MẬT|MẬT)(?![\wÀ-ỹ])")
_AROUND = regex(r"(?:do|muc do|dau|dau chi do|do mat|muc do mat|chi do)?(?: mat)?")
_URGENT = regex(
    r"(?<!\w)(?:(?P<most>hoa\s+toc(?:\s+hen\s+gio)?)|(?P<more>thuong\s+khan)|(?P<low>khan))(?!\w)"
)
_URGENT_NAMES = {"most": "Hỏa tốc", "more": "Thượng khẩn", "low": "Khẩn"}


def read(lines: Sequence[HeadLine]) -> tuple[str | None, str | None]:
    """(secrecy, urgency) of a head: "Mật", "Tối mật", "Tuyệt mật"; "Khẩn", "Thượng khẩn",
    "Hỏa tốc"; None where no mark stands."""
    secrecy = next((m for m in (_secrecy_in(line.text) for line in lines) if m), None)
    return secrecy, next((m for m in (_urgency_in(line.text) for line in lines) if m), None)


def _urgency_in(text: str) -> str | None:
    plain = bare(text)
    found = _URGENT.search(plain)
    if not found or not text[found.start() : found.end()].isupper() or len(text) > 60:
        return None
    rest = (plain[: found.start()] + plain[found.end() :]).strip(" .:-–*[]()=_'|~")
    alone = len(regex(r"\W+").sub("", rest)) <= 2 or rest in ("do khan", "muc do khan")
    kind = found.lastgroup or "low"
    return _URGENT_NAMES[kind] if alone and (kind != "low" or "Ẩ" in text or "Â" in text) else None


def secrecy_mark(block: Block) -> str | None:
    """MẬT, TỐI MẬT or TUYỆT MẬT where it stands as a stamp: alone, or in a short head line."""
    scanned = block.confidence < 1
    for part in regex(r"\s\|\s|\s{2,}").split(block.text):
        mark = _secrecy_in(part, scanned=scanned)
        if mark:
            return mark
    return None


def stamped_over_head(lines: Sequence[HeadLine]) -> HeadLine | None:
    """A stamp that a scan ran together with the names and mottos above the kind of the document."""
    for line in lines[:10]:
        if kinds.kind_of_line(line):
            return None
        if mostly_upper(line.text) and len(line.text) < 160 and _STAMP.search(line.text):
            return line
    return None


# "BÍ MẬT" is a word of names ("Ban Chỉ đạo bảo vệ bí mật nhà nước"), no stamp.
_STAMP = regex(r"(?<![\wÀ-ỹ])(?:TUYỆT MẬT|TỐI MẬT|(?<!BÍ )(?<!CƠ )(?<!BẢO )MẬT(?! MÃ))(?![\wÀ-ỹ])")


def _secrecy_in(text: str, *, scanned: bool = False) -> str | None:
    text = text.strip(" .:*[]()|")
    plain = bare(text)
    for found in _SECRET.finditer(plain) if len(text) <= 60 else ():
        stamp = text[found.start() : found.end()]
        rest = (plain[: found.start()] + plain[found.end() :]).strip(" .:-–*[]()_'|")
        right = bool(_RIGHT.search(stamp)) or found.lastgroup != "low" or (scanned and not rest)
        if right and mostly_upper(stamp) and (not rest or _AROUND.fullmatch(rest)):
            return _SECRET_NAMES[found.lastgroup or "low"]
    return None
