"""Documents named in the text: "Kế hoạch số 351-KH/TU ngày 03/6/2025" → Cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import Cited

# A number and a symbol as Decree 30/2020 and Party guidance write them: 57-NQ/TW, 03/NQ-CP,
# 80/2025/NĐ-CP, 197/2025/QH15, 30c/NQ-CP, 154/CTPH-LĐLĐ. A scan or a careless hand puts blanks
# around the hyphen.
_LETTERS = "A-ZĐÀ-ỸƠƯ"
_NUMBER = regex(
    rf"(?<![\w/.])(?P<number>\d{{1,5}}[a-zđ]?\s?"
    rf"(?:/\s?\d{{4}}\s?/\s?(?:[{_LETTERS}][{_LETTERS}\d]+)(?:\s?-\s?[{_LETTERS}&]+(?:[-,&][{_LETTERS}&]+)*)?"
    rf"|/\s?(?:[{_LETTERS}][\wĐ&]*)(?:\s?-\s?[{_LETTERS}][\w&]*)+(?:,\s?[{_LETTERS}]{{2,}}\b)*"
    rf"|/\s?(?:QĐ|NQ|CT|KH|KL|TT|HD|TB|BC|CTr|TTr|CV|CĐ)\b"
    rf"|\s?-\s?(?:[{_LETTERS}][\wĐ]*)\s?/\s?(?:[{_LETTERS}][\w&]*)(?:-[{_LETTERS}][\w&]*)*))"
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
    """Every other document named, once each, in order of first mention."""
    seen: dict[str, Cited] = {}
    for block in blocks:
        for found in _NUMBER.finditer(block.text):
            number = re.sub(r"\s+", "", found["number"])
            if number == own or number in seen or _is_no_number(number):
                continue
            kind = _KIND.search(block.text[: found.start()])
            place = block.place(found.start(), found.end())
            seen[number] = Cited(number, place, kind[1] if kind else None)
    return tuple(seen.values())


def _is_no_number(number: str) -> bool:
    """ "4/TP" and the like: no symbol of a document in them."""
    return not re.search(r"[A-ZĐ]{2}", number)


def spans(text: str) -> list[tuple[int, int]]:
    """Where numbers of documents stand in a text."""
    return [m.span() for m in _NUMBER.finditer(text)]
