"""Who issues the document, in full words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from namro.reading import mentions
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.terms import Place
from namro.vietnamese import fold

NUMBER = regex(
    r"(?:^|\s)Số\s*[:.]?\s*(?![a-zà-ỹ])(?P<number>[^\s,;]*(?:\s?[-/]\s?[^\s,;]+)*(?:,[A-ZĐ]{2,})*)"
)
MOTTO = regex(r"CỘNG H[ÒO][ÀA] XÃ HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*-\s*Tự do", re.I)
_ISSUES = r"(?:ban hành|xây dựng|thống nhất ký kết)"
OPENING = regex(
    r"(?:^|[;.,:]\s*)(?P<issuer>[A-ZĐÀ-Ỹ][\wÀ-ỹ\s,.&-]{3,120}?)\s+" + _ISSUES + r"\s+"
    r"(?P<kind>Kế hoạch|Chương trình hành động|Chương trình phối hợp|Chương trình"
    r"|Hướng dẫn|Đề án)\s*"
    r"(?P<title>[^;]*?)(?:,?\s*(?:như sau|với (?:các |những )?nội dung|cụ thể)|$)"
)


def read(
    front: Sequence[Block], kind_at: int | None, blocks: Sequence[Block], place_name: str | None
) -> tuple[str, Place, float] | None:
    """Who issues it, where that stands, how sure: from the head, else from "… ban hành Kế hoạch".

    `front` is what stands before the first section, `kind_at` the block in it that names the
    kind, `place_name` the place of the date line ("Lai Châu").
    """
    above = front[: kind_at if kind_at is not None else 8]
    names = [b for b in above if is_body_name(b.text)]
    if names:
        words = _full_words(cut_motto(" ".join(NUMBER.split(b.text)[0] for b in names[:4])))
        if len(words) > 6:
            return words, names[0].place(), 0.9 * names[0].sureness()
    for block in front:
        opens = OPENING.search(block.text)
        if opens and mentions.HEAD.match(opens["issuer"]):
            name = _with_place(opens["issuer"].strip(" ,"), place_name)
            longer = _named_longer(name, blocks)
            return longer or name, block.place(*opens.span("issuer")), 0.7
    return None


_BODY = regex(
    r"(?:ỦY BAN|UỶ BAN|UBND|SỞ |BỘ |ĐẢNG|TỈNH ỦY|TỈNH UỶ|THÀNH ỦY|HUYỆN ỦY|BAN |VĂN "
    r"PHÒNG|HỘI |LIÊN ĐOÀN"
    r"|CHÍNH PHỦ|THỦ TƯỚNG|TỈNH |THÀNH PHỐ|HUYỆN |CÔNG AN|CỤC |PHÒNG |QUỐC HỘI"
    r"|TRƯỜNG |ĐOÀN |XÃ |PHƯỜNG |TÍNH )"
)


def is_body_name(text: str) -> bool:
    """Whether a head line is the name of an issuing body, in capitals."""
    text = NUMBER.split(cut_motto(text))[0].strip()
    return bool(_BODY.match(text)) and _mostly_upper(text) and len(text) < 200


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def cut_motto(text: str) -> str:
    """A head line without the national or Party motto that follows it."""
    return MOTTO.split(text)[0].strip(" -*_")


_PARENTS = regex(
    r"^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN) (?P<area>(?:TỈNH|THÀNH PHỐ|HUYỆN) "
    r".+?) (?P<own>(?:SỞ|BAN|PHÒNG|VĂN PHÒNG) .+)$"
)


def _full_words(text: str) -> str:
    """ "UBND TỈNH PHÚ THỌ SỞ Y TẾ" → "Sở Y tế tỉnh Phú Thọ"; capitals become a name's letters."""
    text = re.sub(r"\s+", " ", text).strip(" -*")
    text = re.sub(r"^ĐẢNG CỘNG SẢN VIỆT NAM\s*", "", text)
    under = _PARENTS.match(text)
    if under:
        area = under["area"]
        own = under["own"]
        text = own if fold(area) in fold(own) else f"{own} {area}"
    text = regex(r"^(?:BAN CHẤP HÀNH TRUNG ƯƠNG|ĐẢNG BỘ [A-ZĐÀ-Ỹ ]+?) (?=(?:ĐẢNG|BAN|VĂN))").sub(
        "", text
    )
    return _name_case(text)


_WORDS = {
    "UBND": "Ủy ban nhân dân",
    "ỦY BAN NHÂN DÂN": "Ủy ban nhân dân",
    "UỶ BAN NHÂN DÂN": "Ủy ban nhân dân",
    "TỈNH ỦY": "Tỉnh ủy",
    "THÀNH ỦY": "Thành ủy",
    "ĐẢNG ỦY": "Đảng ủy",
}
_SMALL = regex(r"\b(Tỉnh|Thành Phố|Huyện|Và|Các|Của|Nhân Dân)\b(?! Ủy)")


def _name_case(text: str) -> str:
    for upper, words in _WORDS.items():
        text = re.sub(rf"\b{upper}\b", words, text)
    cased = " ".join(w if not w.isupper() else w.capitalize() for w in text.split())
    cased = _SMALL.sub(lambda m: m[0].lower(), cased)
    return cased[:1].upper() + cased[1:]


_GENERIC = regex(r"\b(tỉnh|Tỉnh|thành phố|Thành phố|huyện|xã|phường)$")


def _with_place(name: str, place: str | None) -> str:
    """ "Đảng ủy UBND tỉnh" and the place line "Lai Châu" → "Đảng ủy UBND tỉnh Lai Châu"."""
    return f"{name} {place}" if place and _GENERIC.search(name) else name


def _named_longer(name: str, blocks: Sequence[Block]) -> str | None:
    """The same issuer in fuller words, in the line "(Kèm theo … của …)" of an appendix."""
    for block in blocks:
        if "èm theo" not in block.text:
            continue
        tail = re.search(r"\bcủa\s+(?P<by>[^()]+?)\s*\)?\s*$", block.text)
        if tail and tail["by"].startswith(name) and len(tail["by"]) < len(name) + 40:
            return tail["by"].strip()
    return None
