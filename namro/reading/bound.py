"""Documents bound together in one file or one scan, told apart (nhiều văn bản trong một tệp).

A second official head (Quốc hiệu or ĐẢNG CỘNG SẢN VIỆT NAM, with a number of its own) after the
signature or the recipients of the document before begins another document. The plan that a
decision issues, an appendix and a form to be filled in are no documents of their own: they say
"kèm theo", stand under "Phụ lục" or "Mẫu số", or leave their number blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading import foot, header, issuer
from namro.reading.blocks import Block, numbered
from namro.reading.head_lines import cut, is_heading
from namro.reading.letters import regex
from namro.reading.plan import BoundDocument

_NEAR = 14  # blocks a head takes
_ATTACHED = regex(r"(?:[Kk]èm theo|KÈM THEO|[Đđ]ính kèm)")
_FORM = regex(r"^\W*(?:PHỤ LỤC|Phụ lục|MẪU|Mẫu|BIỂU|Biểu mẫu)\b")
_DIGITS = regex(r"^[Ss][ốóôồổ]\s*[:.]?\s*\W{0,3}\s?\d[^,;]{0,12}[/-]\s?[A-ZĐ]{2}")


def starts(blocks: Sequence[Block]) -> tuple[int, ...]:
    """At which block each document begins; (0,) where the file holds one."""
    found = [0]
    for i, block in enumerate(blocks):
        if i - found[-1] < 6 or "NAM" not in block.text:  # every heading ends in VIỆT NAM
            continue
        if not any(is_heading(line.text) for line in cut(block)):
            continue
        first = _first_of_head(blocks, i, found[-1])
        if _has_own_number(blocks, first, i) and _is_signed(blocks, found[-1], first):
            if blocks[first].file == blocks[found[-1]].file:
                found.append(first)
    return tuple(found)


def _first_of_head(blocks: Sequence[Block], at: int, least: int) -> int:
    """The first block of the head whose motto stands in block `at`: names and number before it."""
    first = at
    for i in range(at - 1, max(least, at - 8), -1):
        text = blocks[i].text
        if len(text) > 200 or _SIGNS.match(text):
            break
        if issuer.is_body_name(text):
            first = i
    return first


# What ends the document before: recipients, on whose behalf it is signed, the signer's post.
_SIGNS = regex(
    r"^(?:[-+]\s|Nơi\s+nhận|(?:T/?M|K/?T|T/?L|TUQ)\b|(?:PHÓ )?(?:GIÁM ĐỐC|CHỦ TỊCH|BÍ THƯ|BỘ TRƯỞNG"
    r"|THỨ TRƯỞNG|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|HIỆU TRƯỞNG|CỤC TRƯỞNG)\s*$)"
)


def _has_own_number(blocks: Sequence[Block], first: int, motto: int) -> bool:
    """Whether a number that is filled in stands in the head, and nothing calls it attached."""
    near = blocks[first : motto + _NEAR]
    head = []
    for block in near:
        if regex(r"^(?:I|1)\s*[.\-]\s|^Điều\s+1\b").match(block.text):
            break
        head.append(block)
    lines = [line for block in head for line in cut(block)]
    if any(_ATTACHED.search(line.text) and len(line.text) < 250 for line in lines):
        return False
    before = blocks[max(0, first - 3) : first]
    if any(_FORM.match(block.text) for block in (*before, *head[:3])):
        return False
    return any(_DIGITS.match(line.text) for line in lines)


def _is_signed(blocks: Sequence[Block], start: int, end: int) -> bool:
    """Whether the document before has come to its end: recipients or a signature stand there."""
    own = blocks[start:end]
    if any(re.match(r"\W*Nơi\s+nhận", block.text) for block in own):
        return True
    return foot.signer(own[-12:]) is not None


def documents(blocks: Sequence[Block]) -> tuple[BoundDocument, ...]:
    """Every document of a file that holds several, in order: what it is, where it begins, on
    which pages; () for a file of one document."""
    begins = starts(blocks)
    return tuple(_documents(blocks, begins)) if len(begins) > 1 else ()


def _documents(blocks: Sequence[Block], begins: Sequence[int]) -> Iterator[BoundDocument]:
    for order, (start, end) in enumerate(zip(begins, (*begins[1:], len(blocks)), strict=True), 1):
        own = blocks[start:end]
        head = header.read(numbered(own))
        pages = [p.page for b in own for p in b.pieces] or [b.page for b in own]
        yield BoundDocument(
            order, head.kind, head.number, head.title, own[0].place(), min(pages), max(pages)
        )


def chosen(blocks: Sequence[Block], order: int) -> tuple[Block, ...]:
    """The blocks of one document of the file (from 1), counted anew; () where there is none."""
    begins = (*starts(blocks), len(blocks))
    if not 1 <= order < len(begins):
        return ()
    return numbered(blocks[begins[order - 1] : begins[order]])
