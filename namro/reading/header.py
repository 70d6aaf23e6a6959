"""The head and foot of the document: kind, number, date, issuer, title, signer, recipients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from namro.reading import citations, foot, issuer
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import ReadDocument
from namro.terms import Place
from namro.vietnamese import fold

KINDS = (
    "Chương trình phối hợp", "Chương trình hành động", "Thông báo kết luận", "Kế hoạch hành động",
    "Kế hoạch phối hợp", "Kế hoạch", "Quyết định", "Nghị quyết", "Chỉ thị", "Kết luận", "Thông báo",
    "Hướng dẫn", "Chương trình", "Đề án", "Phương án", "Báo cáo", "Tờ trình", "Quy định", "Quy chế",
    "Công điện", "Giấy mời", "Biên bản", "Thông tư", "Nghị định", "Quy chế phối hợp",
)  # fmt: skip
_BY_FOLD = {fold(kind): kind for kind in KINDS}
_DATE = regex(
    r"ngày\s*(?P<day>\d{1,2}|[.…_\s]*)\s*tháng\s*(?P<month>\d{1,2}"
    r"|[.…_\s]*)\s*năm\s*(?P<year>\d{4})",
    re.I,
)
_PLACE_DATE = regex(rf"(?P<place>[A-ZĐÀ-Ỹ][\wÀ-ỹ.\s’'-]{{1,40}}?)\s*,\s*(?={_DATE.pattern})", re.I)
_SHORT_DATE = regex(r"ngày\s*(?P<day>\d{1,2}|)\s*/\s*(?P<month>\d{1,2}|)\s*/\s*(?P<year>\d{4})")
_SECRET = regex(r"(?<![\wÀ-ỹ])(TUYỆT MẬT|TỐI MẬT|MẬT)(?![\wÀ-ỹ])")
_URGENT = regex(r"(?<![\wÀ-ỹ])(HỎA TỐC|HOẢ TỐC|THƯỢNG KHẨN|KHẨN)(?![\wÀ-ỹ])")


@dataclass
class _Head:
    """What has been found so far."""

    said: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)

    def put(self, name: str, value: str | None, place: Place | None, sure: float = 1.0) -> None:
        if value and name not in self.said:
            self.said[name], self.sure[name] = value, sure
        if place is not None and name not in self.places:
            self.places[name] = place


def read(blocks: Sequence[Block]) -> ReadDocument:
    """The head, from the blocks before the first section; the foot, from "Nơi nhận" on."""
    found = _Head()
    front = _front(blocks)
    kind_at = _kind(front, found)
    for block in front:
        _number_and_date(block, found)
    _title(front, kind_at, found)
    for name, said in (
        ("issuer", issuer.read(front, kind_at, blocks, found.said.get("_place"))),
        ("signer_role", foot.signer(blocks)),
    ):
        if said:
            found.put(name, *said)
    _fallbacks(blocks, found)
    _marks(front, found)
    cites = citations.read(blocks, found.said.get("number"))
    names = ("kind", "number", "date", "issuer", "title", "signer_role", "secrecy", "urgency")
    values = {name: found.said.get(name) for name in names}
    return ReadDocument(
        **values,
        cites=cites,
        recipients=foot.recipients(blocks),
        places=found.places,
        confidence=found.sure,
    )


_STATE = regex(r"CỘNG H[ÒO][ÀA] XÃ HỘI")
_FIRST_SECTION = regex(r"^(?:(?:I|A|1)\s*[.\-)–/]|Điều\s+1\b|Phần\s)\s*\S")


def _front(blocks: Sequence[Block]) -> list[Block]:
    """Everything before the first section (at most the first 40 blocks)."""
    front: list[Block] = []
    mottos = 0
    for block in blocks[:40]:
        mottos += bool(_STATE.search(block.text))
        if mottos > 1 or (front and not block.cell and _FIRST_SECTION.match(block.text)):
            break  # a second motto is the head of another paper bound in with this one
        front.append(block)
    return front


def _kind(front: Sequence[Block], found: _Head) -> int | None:
    """Which block names the kind; None where none does."""
    for i, block in enumerate(front):
        if block.text.startswith("PHỤ LỤC") and i < 3:
            found.put("kind", block.text.strip().capitalize().replace("ii", "II"), block.place())
            found.said["kind"] = _appendix_kind(block.text)
            return i
        key = fold(block.text).strip(" :.*")
        if key in _BY_FOLD and (block.text.isupper() or block.bold):
            found.put("kind", _BY_FOLD[key], block.place(), block.sureness())
            return i
        starts = next((k for k in KINDS if block.text.startswith(k.upper() + " ")), None)
        if starts and not block.cell and (block.text.isupper() or block.bold):
            found.put("kind", starts, block.place(), 0.9 * block.sureness())
            return i
    if any(re.match(r"\s*(?:V/v|Về việc)\b", b.text, re.I) for b in front) and any(
        "Kính gửi" in b.text for b in front
    ):
        found.put("kind", "Công văn", None, 0.9)
    return None


def _appendix_kind(text: str) -> str:
    words = re.match(r"PHỤ LỤC(?:\s+(?:SỐ\s+)?([IVXLC]+|\d+)\b)?", text)
    return f"Phụ lục {words[1]}" if words and words[1] else "Phụ lục"


def _number_and_date(block: Block, found: _Head) -> None:
    head = (
        not re.match(r"(?:Căn cứ|Thực hiện|Theo|Triển khai)\b|\(", block.text)
        and len(block.text) < 400
    )
    number = issuer.NUMBER.search(block.text) if head and block.text.find("Số") < 160 else None
    if number and "number" not in found.places:
        value = re.sub(r"\s+", "", number["number"]).rstrip(".:")
        place = block.place(number.start("number"), number.end("number"))
        good = bool(re.match(r"\d", value)) and re.search(r"[A-ZĐ]{2}", value)
        found.put("number", value if good else None, place, block.sureness())
    date = _DATE.search(block.text)
    if head and date and "date" not in found.places and _is_place_line(block.text, date.start()):
        found.put("date", iso_date(date), block.place(*date.span()), block.sureness())
        place_name = _PLACE_DATE.search(block.text)
        if place_name:
            found.said["_place"] = place_name["place"].strip().split("  ")[-1]


def _is_place_line(text: str, at: int) -> bool:
    return bool(re.search(r"[^\W\d]\s*,\s*$", text[:at])) or at < 3


def iso_date(found: re.Match[str]) -> str | None:
    """A date, or the part of it that is filled in: "2025-06" where the day is blank."""
    day, month = (found[k].strip(" .…_") for k in ("day", "month"))
    if not month:
        return found["year"]
    if not 1 <= int(month) <= 12:
        return found["year"]
    if not day or not 1 <= int(day) <= 31:
        return f"{found['year']}-{int(month):02d}"
    return f"{found['year']}-{int(month):02d}-{int(day):02d}"


_INTRO = regex(
    r"^(?:Căn cứ|Thực hiện|Triển khai thực hiện|Theo |Để |Nhằm |Ngày \d|Kính gửi"
    r"|Trên cơ sở|Xét |Sau |\(|[-*]\s"
    r"|Nơi nhận|Điều |[IVX]+\s*[.\-/]|\d+\s*[.)])"
)


def _title(front: Sequence[Block], kind_at: int | None, found: _Head) -> None:
    if kind_at is None:
        _subject_line(front, found)
        return
    parts: list[Block] = []
    own = front[kind_at]
    rest = _after_kind(own, found)
    for block in front[kind_at + 1 :]:
        first = not parts and not rest
        if block.cell or (not first and _is_body(block)) or block.text.startswith("Kính gửi"):
            break
        if first and _INTRO.match(block.text) and _is_body(block) and not block.bold:
            if len(block.text) > 500 or block.text.rstrip().endswith((":", ".", ";")):
                break
        if re.fullmatch(r"\W*", block.text) or block.text.startswith("(Kèm theo"):
            break
        parts.append(block)
        if len(parts) >= 4:
            break
    words = " ".join([rest, *(b.text for b in parts)]).strip()
    if words:
        first_block = parts[0] if parts else own
        found.put("title", _tidy_title(words), first_block.place(), first_block.sureness())


def _after_kind(block: Block, found: _Head) -> str:
    """The title where it stands in the same paragraph as the kind."""
    kind = found.said.get("kind", "")
    text = block.text
    if len(text) > len(kind) + 3 and fold(text).startswith(fold(kind)):
        return text[len(kind) :].strip(" :")
    return ""


def _is_body(block: Block) -> bool:
    text = block.text
    if text.isupper():
        return bool(re.match(r"[IVX]+\s*[.\-/]\s", text))
    return bool(_INTRO.match(text)) or (not block.bold and len(text) > 160) or text.endswith(";")


def _tidy_title(text: str) -> str:
    text = re.sub(r"^(?:V/v|Về việc|VỀ VIỆC)\s+(?=BAN HÀNH\s|ban hành\s)", "", text)
    ban = re.match(r"(?:Ban hành|BAN HÀNH|Phê duyệt|PHÊ DUYỆT)\s+(?:KẾ HOẠCH|Kế hoạch)\s+", text)
    return (text[ban.end() :] if ban else text).strip(" -*")


_ABOUT = regex(r"(?:V/v|Về việc|Vv)\s*:?\s*(?P<about>.+)", re.I)


def _subject_line(front: Sequence[Block], found: _Head) -> None:
    """The subject of an official letter, under its number; else the plan named in the opening."""
    for block in front:
        about = _ABOUT.match(block.text)
        if about:
            found.put("title", block.text.strip(" ."), block.place(), 0.9 * block.sureness())
            return
    named = next((b for b in front if b.text.isupper() and len(b.text) >= 20 and not b.cell), None)
    if named and not (issuer.is_body_name(named.text) or issuer.MOTTO.search(named.text)):
        found.put("title", named.text.strip(" -*"), named.place(), 0.5)
        return
    for block in front:
        opens = issuer.OPENING.search(block.text)
        if opens and opens["title"]:
            found.put("kind", opens["kind"], block.place(*opens.span("kind")), 0.6)
            found.put("title", opens["title"].strip(), block.place(*opens.span("title")), 0.6)
            return


def _fallbacks(blocks: Sequence[Block], found: _Head) -> None:
    """Number, date and issuer from the line "(Kèm theo Kế hoạch số … ngày …)" of an appendix."""
    for block in blocks:
        if "èm theo" not in block.text or len(block.text) > 400:
            continue
        date = _DATE.search(block.text) or _SHORT_DATE.search(block.text)
        if date and "date" not in found.said:
            found.put("date", iso_date(date), block.place(*date.span()), 0.6)
        by = re.search(r"\bcủa\s+(?P<by>[A-ZĐ][^()]+?)\s*\)?\s*$", block.text)
        if by and "issuer" not in found.said:
            found.put("issuer", by["by"].strip(), block.place(*by.span("by")), 0.6)
        return


def _marks(front: Sequence[Block], found: _Head) -> None:
    for block in front:
        if len(block.text) > 200:
            continue
        secret, urgent = secrecy_mark(block), _URGENT.search(block.text)
        if secret:
            found.put("secrecy", secret, block.place())
        if urgent and (block.text.strip() == urgent[1] or block.cell):
            found.put("urgency", urgent[1].capitalize(), block.place(*urgent.span()))


def secrecy_mark(block: Block) -> str | None:
    """MẬT, TỐI MẬT or TUYỆT MẬT where it stands as a stamp: alone, or in a short head line."""
    text = block.text.strip(" .:*[]()")
    found = _SECRET.search(text)
    if not found or len(text) > 60:
        return None
    rest = (text[: found.start()] + text[found.end() :]).strip(" .:-–*[]()")
    alone = not rest or bool(re.fullmatch(r"(?:Độ|ĐỘ|Mức độ|Dấu|DẤU CHỈ ĐỘ)(?: mật| MẬT)?", rest))
    return found[1].capitalize() if alone else None
