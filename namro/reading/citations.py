"""Documents named in the text: "Kế hoạch số 351-KH/TU ngày 03/6/2025" → Cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import Cited

# A number and a symbol as Decree 30/2020 and Party guidance write them: 57-NQ/TW, 03/NQ-CP,
# 80/2025/NĐ-CP, 197/2025/QH15, 30c/NQ-CP, 154/CTPH-LĐLĐ, 1018/2011/NQ/UBTVQH12. A scan or a
# careless hand puts blanks around the hyphen, or runs the next word on: "1896/QĐ-TTgngày".
_UPPER = "A-ZĐÀ-ỸƠƯ"
_SEGMENT = (
    rf"[{_UPPER}](?:[{_UPPER}\d&]|\.(?=[{_UPPER}])|[a-zđ]{{1,3}}(?=[{_UPPER}&]|[^\wà-ỹ]|$)"
    r"|[gri](?=[a-zà-ỹ]))*"
)
_NUMBER = regex(
    rf"(?:(?<![\w/.])|(?<=số))(?P<number>\d{{1,5}}[a-zđ]?\s?"
    rf"(?:/\s?\d{{4}}\s?/\s?{_SEGMENT}(?:/{_SEGMENT})?(?:\s?-\s?{_SEGMENT})*(?:,{_SEGMENT})*"
    rf"|/\s?{_SEGMENT}(?:/{_SEGMENT})?(?:\s?-\s?{_SEGMENT})+(?:,\s?[{_UPPER}]{{2,}}\b)*"
    r"|/\s?(?:QĐ|NQ|CT|KH|KL|TT|HD|TB|BC|CTr|TTr|CV|CĐ)\b"
    rf"|\s?-\s?{_SEGMENT}\s?/\s?{_SEGMENT}(?:-{_SEGMENT})*"
    rf"|/[{_UPPER}&]{{2,}}(?![\w/-])))"
)
_KIND = regex(
    r"(Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Kết luận|Thông báo|Nghị định|Thông tư"
    r"|Công văn|Tờ trình"
    r"|Chương trình(?: hành động| phối hợp)?|Quy định|Hướng dẫn|Báo cáo|Văn bản|Luật"
    r"|Thông tri|Đề án)"
    r"(?:\s+\w+)?\s*(?:số\s*)?:?\s*$",
    re.I,
)


def read(blocks: Sequence[Block], own: str | None) -> tuple[Cited, ...]:
    """Every other document named, once each, in order of first mention.

    A number in a title in capitals ("20/2016/QĐ-TTG") is the same as the one in the text.
    """
    seen: dict[str, Cited] = {}
    for block in blocks:
        for found in _NUMBER.finditer(block.text):
            number = re.sub(r"\s+", "", found["number"])
            key = number.upper()
            if key == (own or "").upper() or _is_no_number(number, block.text[: found.start()]):
                continue
            if key in seen:
                if number != key and seen[key].number == key:
                    seen[key] = replace(seen[key], number=number)
                continue
            kind = _KIND.search(block.text[: found.start()])
            place = block.place(found.start(), found.end())
            seen[key] = Cited(number, place, kind[1] if kind else None)
    return tuple(seen.values())


_TYPED = regex(r"/(?:QĐ|NQ|CT|KH|KL|TT|HD|TB|BC|CTr|TTr|CV|CĐ)$")


def _is_no_number(number: str, before: str) -> bool:
    """ "4/TP" and the like: no symbol of a document in them; "126/SKHĐT" is one after its kind."""
    if not re.search(r"[A-ZĐ]{2}", number):
        return True
    bare = re.fullmatch(r"\d+[a-zđ]?/[^\W\d_]+", number)
    if bare is None or _TYPED.search(number):
        return False
    return not (_KIND.search(before) or before.rstrip().endswith("số"))


def spans(text: str) -> list[tuple[int, int]]:
    """Where numbers of documents stand in a text."""
    return [
        m.span()
        for m in _NUMBER.finditer(text)
        if not _is_no_number(re.sub(r"\s+", "", m["number"]), text[: m.start()])
    ]
