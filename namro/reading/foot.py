"""The foot of the document: who signs, who receives it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.terms import Place

_POSTS = (
    r"(?:PHÓ\s+)?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG"
    r"|TRƯỞNG BAN|CHỦ NHIỆM|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|CHÁNH THANH TRA|HIỆU TRƯỞNG"
    r"|TỔNG BÍ THƯ|TRƯỞNG PHÒNG)"
)
_SIGNER = regex(
    rf"(?P<behalf>(?:T/?M|TM)\s*\.?\s*[A-ZĐÀ-Ỹ ]+?(?=\s+(?:K/?T|Q\.|{_POSTS})|\s*$))?\s*"
    rf"(?P<role>(?:(?:K/?T|T/?L|TUQ|Q)\s*\.?\s*)?{_POSTS}(?:\s+TRỰC)?)(?P<post>\s+{_POSTS})?"
)


def signer(blocks: Sequence[Block]) -> tuple[str, Place, float] | None:
    """Role of the signer ("KT. CHỦ TỊCH, PHÓ CHỦ TỊCH"), never the name; where; how sure."""
    for block in _foot(blocks):
        if not regex(r"[A-ZĐÀ-Ỹ]{3}").search(block.text):
            continue
        sign = _SIGNER.search(block.text)
        if sign and block.text[max(0, sign.start() - 1) : sign.start()].strip() == "":
            party = (sign["behalf"] or "").startswith("T/M")
            parts = [sign["behalf"] if party else None, sign["role"], sign["post"]]
            role = ", ".join(re.sub(r"\s+", " ", p).strip() for p in parts if p and p.strip())
            return role, block.place(*sign.span()), block.sureness()
    return None


def _foot(blocks: Sequence[Block]) -> list[Block]:
    """Blocks from "Nơi nhận" on, as far as the next appendix; the last ones where it is missing."""
    at = next((i for i, b in enumerate(blocks) if b.text.startswith("Nơi nhận")), None)
    if at is None:
        return list(blocks[-12:])
    foot: list[Block] = []
    for block in blocks[at : at + 40]:
        if block.text.startswith("PHỤ LỤC"):
            break
        foot.append(block)
    return foot


def recipients(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The lines under "Nơi nhận", without dash and closing sign."""
    names: list[str] = []
    for block in _foot(blocks):
        text = block.text
        if text.startswith("Nơi nhận"):
            names += _listed(text.partition(":")[2])
        elif re.match(r"[-–+]\s*\S", text):
            names += _listed(text)
        elif names:
            break
    return tuple(names)


def _listed(text: str) -> list[str]:
    parts = re.split(r"(?:^|[;,.]\s*)[-–+]\s*", text)
    return [part.strip(" ;.,-") for part in parts if part.strip(" ;.,-")]
