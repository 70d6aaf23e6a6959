"""How work is ordered: sentences within a paragraph that give one body its work ("… . Giao Sở Y tế
chủ trì …"), and whom the issuer can only ask."""

from __future__ import annotations

import re
from enum import Enum

from namro.reading import charge, deadlines, mentions, pieces
from namro.reading.letters import regex
from namro.reading.outline import Node

DONE = regex(r"\s(?:đã|vừa|đang|vẫn|chưa)(?![\wà-ỹ])")
GIVES = regex(r"(?:Giao|Yêu cầu|Đề nghị|Phân công)\s")


class Order(Enum):
    """How a sentence hands out work: it gives it to somebody, or says what somebody does."""

    GIVEN = 1
    DOES = 2


def spans(node: Node) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph that hand out work begin and end. One that only says what
    a body does is an order where it sets a day or names partners, or stands beside an order."""
    assert node.block is not None
    text = node.block.text
    parts = list(pieces.parts(node))
    gives = [order_of(text[start:end].lstrip()) for start, end in parts]
    beside = Order.GIVEN in gives
    return [
        (start, end)
        for (start, end), order in zip(parts, gives, strict=True)
        if order is Order.GIVEN or (order is Order.DOES and (beside or _is_bound(text[start:end])))
    ]


_WITH = regex(r"(?:phối hợp|cùng)(?: chặt chẽ)? với\s")


def _is_bound(sentence: str) -> bool:
    """Whether it sets a day or names partners."""
    return deadlines.in_sentence(sentence, 2000) is not None or bool(_WITH.search(sentence))


_IS_GIVEN = regex(
    r"[\s,(]*(?:(?:có|chịu) trách nhiệm|(?:(?:là|làm) (?:cơ quan |đơn vị )?)?(?:chủ trì|đầu mối)"
    r"|là (?:cơ quan|đơn vị) thường trực)(?![\wà-ỹ])"
)
# What is told, not asked for.
_TOLD = regex(
    r"(?:năm|tháng|thời gian|vừa) qua(?![\wà-ỹ])|\sđã\s"
    r"|\s(?:xác định|thông qua|quy định|có nhiệm vụ)\s"
    r"|\s(?:tại|theo|ban hành) (?:Thông tư|Quyết định|Nghị định|Nghị quyết|Luật)"
    r"(?: liên tịch)? số\s"
)
# Of these a plan of others tells; it gives them no work.
_ABOVE_ALL = regex(
    r"(?:Chính phủ|Thủ tướng|Quốc hội|Bộ Chính trị|Ban Bí thư|Ban Chấp hành|Ban Thường vụ"
    r"|Trung ương|Tỉnh ủy|Thành ủy|Đảng bộ|HĐND|Hội đồng nhân dân|Ngân hàng Thế giới)"
)


def order_of(sentence: str) -> Order | None:
    """How a sentence hands out work, if it opens with whom it gives it to: one that is asked, or
    said to lead; a single body that is to do something. Of a collective it may only speak."""
    opens = charge.opening(sentence)
    size = mentions.leading_names(sentence[opens:])
    name, after = sentence[opens : opens + size], sentence[opens + size :]
    told = DONE.match(after) or _TOLD.search(sentence)
    if not size or told or name.count("(") != name.count(")"):
        return None
    asked = bool(GIVES.match(sentence)) or "giao " in sentence[max(0, opens - 6) : opens].lower()
    if asked or _IS_GIVEN.match(after):
        return Order.GIVEN
    single = not mentions.is_collective(name) and not _ABOVE_ALL.match(name)
    return Order.DOES if single and mentions.begins_with_verb(after) else None


def manner(text: str) -> str | None:
    """ "đề nghị", "mời", "khuyến khích": the issuer cannot order that unit."""
    found = re.match(r"\W*(?P<how>đề nghị|kính đề nghị|mời|khuyến khích|kính mời)\b", text, re.I)
    return found["how"].lower() if found else None


def manner_above(node: Node) -> str | None:
    """The same, as a heading or an item above says it."""
    said = (manner(n.text) for n in node.upward() if n is not node and n.block and n.kind != "text")
    return next((how for how in said if how), None)
