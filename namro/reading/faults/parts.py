"""Parts that are missing or broken: an appendix that is named, deadlines, cut sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from namro.reading.blocks import Block
from namro.reading.faults.found import Found
from namro.reading.letters import regex
from namro.terms import Fault

_NAMED_APPENDIX = re.compile(
    r"(?:[Cc]ó\s+|tại\s+|theo\s+|\(|[Cc]hi tiết\s+(?:tại\s+)?)?(?:các\s+)?[Pp]hụ "
    r"lục\b[^.;:]{0,60}?(?:kèm theo|đính kèm)"
)
_NUMBERED = regex(r"[Pp]hụ lục\s+(?:số\s+)?(?P<label>[IVX]{1,5}|\d{1,2})\b(?P<rest>[^.;:]{0,40})")
_TITLE = regex(r"^\W*(?:\d+\.\s*)?(?:PHỤ LỤC|Phụ lục)\s*(?:SỐ\s+|số\s+)?(?P<label>[IVX]+|\d+)?\b")
_FEW_CUTS = 8  # more are the habit of the file, not slips of its author


def read(found: Found) -> Iterator[Fault]:
    """All faults of missing or broken parts."""
    yield from _appendix(found)
    yield from _deadlines(found)
    yield from _cuts(found)


def _appendix(found: Found) -> Iterator[Fault]:
    """An appendix that the text announces and the document does not hold."""
    held = {
        _label(m["label"]) for b in found.blocks if (m := _TITLE.match(b.text)) and _is_title(b)
    }
    held |= {_label(n.label) for n in found.root.walk() if n.kind == "appendix"}
    if not held:
        yield from _no_appendix(found)
        return
    if held == {""}:
        return
    for block in found.blocks:
        for named in _NUMBERED.finditer(block.text):
            own = not re.search(r"Nghị định|Quyết định|Thông tư|Nghị quyết|Luật", named["rest"])
            if own and "kèm theo" in named["rest"] and _label(named["label"]) not in held:
                yield _missing(block, named, f"Phụ lục {named['label']}")
                return


def _is_title(block: Block) -> bool:
    return block.text.isupper() or len(block.text) < 60 or block.bold


_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
}


def _label(label: str | None) -> str:
    return str(_ROMAN.get(label or "", label or "")).lstrip("0")


def _no_appendix(found: Found) -> Iterator[Fault]:
    for block in found.blocks:
        named = _NAMED_APPENDIX.search(block.text)
        after = block.text[named.end() : named.end() + 40] if named else ""
        if named and not re.match(r"\s*(?:Nghị định|Thông tư|Quyết định số \d|Luật)", after):
            yield _missing(block, named, "phụ lục")
            return


def _missing(block: Block, named: re.Match[str], what: str) -> Fault:
    return Fault(
        "APPENDIX_MISSING",
        f"Văn bản nêu {what} kèm theo nhưng tệp không có {what}.",
        "Bổ sung tệp phụ lục (thường chứa bảng phân công nhiệm vụ) rồi đọc lại cùng văn bản này.",
        block.place(*named.span()),
        named[0].strip(),
    )


def _deadlines(found: Found) -> Iterator[Fault]:
    own = [t for t in found.targets if t.deadline] + [t for t in found.tasks if t.deadline]
    if own or not (found.targets or found.tasks):
        return
    yield Fault(
        "NO_DEADLINE",
        "Cả văn bản không nêu thời hạn riêng cho chỉ tiêu, nhiệm vụ nào.",
        "Xác định thời hạn cho từng chỉ tiêu, nhiệm vụ khi rà soát (ví dụ theo văn bản cấp trên "
        "được viện dẫn).",
        found.head.places.get("title"),
        found.head.title,
    )


def _cuts(found: Found) -> Iterator[Fault]:
    """Sentences that a break cut in two; where text flows over pages by nature only a break in
    the middle of a page is the author's."""
    cuts = [
        (block, at)
        for block in found.blocks
        for at in block.joins
        if not (found.flowing and (block.confidence < 1 or _over_page(block, at)))
    ]
    many = len(cuts) > _FEW_CUTS
    for block, at in cuts[:1] if many else cuts:
        start, end = max(0, at - 30), min(len(block.text), at + 30)
        yield Fault(
            "SENTENCES_CUT" if many else "SENTENCE_CUT",
            f"{len(cuts)} câu trong tệp bị ngắt làm hai đoạn (do cách chuyển đổi tệp)."
            if many
            else "Câu bị ngắt làm hai đoạn (thường do ngắt trang).",
            "Nếu có, hãy dùng tệp gốc (.docx) thay cho tệp chuyển đổi."
            if many
            else "Nối hai đoạn thành một câu trong văn bản gốc.",
            block.place(at - 1, at + 1),
            block.text[start:end],
        )


def _over_page(block: Block, at: int) -> bool:
    before = [p.page for p in block.pieces if p.end <= at]
    after = [p.page for p in block.pieces if p.start >= at]
    return bool(before and after) and before[-1] != after[0]
