"""The foot of the document: who signs, who receives it; and the legal bases it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading import issuer
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.signs import sign_of
from namro.terms import Place

_POST = (
    r"(?:PHÓ\s+|QUYỀN\s+)?(?:TỔNG BÍ THƯ|BÍ THƯ|CHỦ TỊCH NƯỚC|CHỦ TỊCH|TỔNG GIÁM ĐỐC|GIÁM ĐỐC|CHÁNH"
    r" VĂN PHÒNG|VĂN PHÒNG TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|TRƯỞNG BAN|CHỦ NHIỆM|TỔNG CỤC"
    r" TRƯỞNG|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|VỤ TRƯỞNG|CHÁNH THANH TRA|HIỆU TRƯỞNG|TRƯỞNG PHÒNG|VIỆN"
    r" TRƯỞNG|CHÁNH ÁN|THỐNG ĐỐC|TỔNG KIỂM TOÁN|TRƯỞNG ĐOÀN|TỔ TRƯỞNG|ĐỘI TRƯỞNG|TƯ LỆNH|CHỈ HUY"
    r" TRƯỞNG|ỦY VIÊN THƯỜNG TRỰC|THƯỜNG TRỰC)"
)
_FOR = r"(?:K/?T|T/?L|TUQ|T/?UQ|Q)\s*[./]?\s*"
_BEHALF = regex(
    r"(?P<behalf>T\s?/?\s?M\s*[./]?\s*[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ,\s-]+?)"
    rf"(?=\s+(?:K/?T\b|T/?L\b|TUQ|Q\.|{_POST})|\s*$)"
)
_ROLE = regex(rf"(?<![\wÀ-ỹ/.])(?P<role>(?:{_FOR})?{_POST}(?:\s+THƯỜNG TRỰC)?)(?![a-zà-ỹ])")


def signer(blocks: Sequence[Block]) -> tuple[str, Place, float] | None:
    """Role of the signer ("KT. CHỦ TỊCH, PHÓ CHỦ TỊCH"), never the name; where; how sure.

    A Party paper keeps on whose behalf it is signed ("T/M BAN THƯỜNG VỤ, PHÓ BÍ THƯ").
    """
    behalf: str | None = None
    parts: list[str] = []
    first: tuple[Block, tuple[int, int]] | None = None
    for block in _signing(blocks):
        on = _BEHALF.search(block.text)
        if on and not parts:
            behalf = (
                re.sub(r"\s+", " ", on["behalf"]).strip(" ,") if "/" in on["behalf"][:3] else None
            )
            first = first or (block, on.span("behalf"))
        for role in _ROLE.finditer(block.text, on.end() if on else 0):
            if parts and not _stands_for(parts[-1]):
                break
            first = first or (block, role.span())
            parts.append(_tidy(role["role"]))
        if parts and not _stands_for(parts[-1]):
            break
    if first is None or not parts:
        return None
    block, span = first
    said = _together(blocks) or ", ".join(dict.fromkeys(part for part in (behalf, *parts) if part))
    return said, block.place(*span), block.sureness()


def _together(blocks: Sequence[Block]) -> str | None:
    """The roles of two who sign together, each with the body named over it; None where one signs.

    "CÔNG AN TỈNH / KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC" beside "SỞ Y TẾ / GIÁM ĐỐC"."""
    signed: list[tuple[str, list[str]]] = []
    for block in _signing(blocks):
        if sign_of(block)[0] != "text" or not block.text.isupper():
            continue
        role = _ROLE.search(block.text)
        body = block.text[: role.start()] if role else block.text
        if issuer.is_body_name(body.strip()):
            signed.append((issuer.full_name(body.strip(), blocks), []))
        for found in _ROLE.finditer(block.text):
            if not signed or (signed[-1][1] and not _stands_for(signed[-1][1][-1])):
                signed.append(("", []))
            signed[-1][1].append(_tidy(found["role"]))
    whole = [(body, ", ".join(roles)) for body, roles in signed if roles]
    if len(whole) != 2 or not any(body for body, _ in whole):
        return None
    return "; ".join(f"{roles} ({body})" if body else roles for body, roles in whole)


def _stands_for(role: str) -> bool:
    """Whether the post of the one who really signs has still to come: "KT. CHỦ TỊCH"."""
    return bool(re.match(r"(?:K/?T|T/?L|T/?UQ)\b", role))


def _tidy(role: str) -> str:
    role = re.sub(r"\s+", " ", role).strip()
    return re.sub(r"^(KT|TL|TUQ|Q)\s*\.?\s*(?=[A-ZĐ])", r"\1. ", role)


def _signing(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks of the foot that hold a line in capitals; a list of recipients is none."""
    for block in _foot(blocks):
        if regex(r"[A-ZĐÀ-Ỹ]{2}").search(block.text) and not regex(
            r"[-–+]\s+[A-ZĐÀ-Ỹ]?[a-zà-ỹ]"
        ).match(block.text):
            yield block


def _foot(blocks: Sequence[Block]) -> list[Block]:
    """Blocks from "Nơi nhận" on, as far as the next appendix; the last ones where it is missing.

    A signature that stands before the recipients (left column after right) belongs to it too.
    """
    at = next(
        (i for i, b in enumerate(blocks) if regex(r"[-+•*\s]*Nơi\s+nhận").match(b.text)), None
    )
    if at is None:
        signed = [i for i, b in enumerate(blocks) if _BEHALF.match(b.text) and len(b.text) < 200]
        return list(blocks[signed[0] :][:12] if signed else blocks[-12:])
    start = at
    for i in range(at - 1, max(-1, at - 6), -1):
        text = blocks[i].text
        if text.isupper() and len(text) < 120 and (_BEHALF.match(text) or _ROLE.match(text)):
            start = i
    foot: list[Block] = []
    for block in blocks[start : at + 40]:
        if block.text.startswith("PHỤ LỤC") or (len(foot) > 3 and len(block.text) > 900):
            break
        foot.append(block)
    return foot


def recipients(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The lines under "Nơi nhận", without dash and closing sign."""
    names: list[str] = []
    heard = False
    for block in _foot(blocks):
        text = block.text
        if regex(r"[-+•*\s]*Nơi\s+nhận").match(text):
            heard = True
            names += _listed(text.partition(":")[2])
        elif heard and re.match(r"[-–+•]\s*\S", text):
            names += _listed(text)
        elif names:
            break
    return tuple(names)


_SIGNS = regex(rf"\s*(?:(?:T/M|TM\s*\.)\s*[A-ZĐÀ-Ỹ]{{2,}}|{_FOR}{_POST}|{_POST}(?:\s|$)).*$")


def _listed(text: str) -> list[str]:
    parts = re.split(r"(?:^|[;,.:]\s*)[-–+•]\s*", _SIGNS.sub("", text))
    return [part.strip(" ;.,-|") for part in parts if part.strip(" ;.,-|")]


_BASIS = regex(r"^[-+*•\s]*Căn cứ\s+(?P<basis>.+)$")
_FIRST = regex(r"^(?:I|1|A)\s*[.\-/]\s*[A-ZĐ]|^Điều\s+1\b")


def bases(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The legal bases ("Căn cứ …") before the first section, one each, without its closing sign."""
    found: list[str] = []
    for block in blocks[:80]:
        if found and _FIRST.match(block.text) and not block.cell:
            break
        basis = _BASIS.match(block.text)
        if basis and len(block.text) < 2000:
            parts = re.split(r";\s*[-+]?\s*(?=Căn cứ\s)", basis["basis"])
            found += [re.sub(r"^Căn cứ\s+", "", part).strip(" ;,.") for part in parts]
    return tuple(part for part in found if part)
