"""The head and foot of the document: kind, number, date, issuer, title, signer, recipients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from namro.reading import citations, mentions
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
_NUMBER = regex(r"(?:^|\s)Số\s*[:.]?\s*(?P<number>[^\s,;]*(?:\s?[-/]\s?[^\s,;]+)*(?:,[A-ZĐ]{2,})*)")
_DATE = regex(
    r"ngày\s*(?P<day>\d{1,2}|[.…_\s]*)\s*tháng\s*(?P<month>\d{1,2}|[.…_\s]*)\s*năm\s*(?P<year>\d{4})",
    re.I,
)
_PLACE_DATE = regex(rf"(?P<place>[A-ZĐÀ-Ỹ][\wÀ-ỹ.\s’'-]{{1,40}}?)\s*,\s*(?={_DATE.pattern})", re.I)
_SHORT_DATE = regex(r"ngày\s*(?P<day>\d{1,2}|)\s*/\s*(?P<month>\d{1,2}|)\s*/\s*(?P<year>\d{4})")
_MOTTO = regex(r"CỘNG H[ÒO][ÀA] XÃ HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*-\s*Tự do", re.I)
_POSTS = (
    r"(?:PHÓ\s+)?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG"
    r"|TRƯỞNG BAN|CHỦ NHIỆM|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|CHÁNH THANH TRA|HIỆU TRƯỞNG|TỔNG BÍ THƯ|TRƯỞNG PHÒNG)"
)
_SIGNER = regex(
    rf"(?P<behalf>(?:T/?M|TM)\s*\.?\s*[A-ZĐÀ-Ỹ ]+?(?=\s+(?:K/?T|Q\.|{_POSTS})|\s*$))?\s*"
    rf"(?P<role>(?:(?:K/?T|T/?L|TUQ|Q)\s*\.?\s*)?{_POSTS}(?:\s+TRỰC)?)(?P<post>\s+{_POSTS})?"
)
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
    """The head, from the blocks before the first section, and the foot, from those after "Nơi nhận"."""
    found = _Head()
    front = _front(blocks)
    kind_at = _kind(front, found)
    for block in front:
        _number_and_date(block, found)
    _title(front, kind_at, found)
    _issuer(front, kind_at, blocks, found)
    _fallbacks(blocks, found)
    _signer(blocks, found)
    _marks(front, found)
    cites = citations.read(blocks, found.said.get("number"))
    names = ("kind", "number", "date", "issuer", "title", "signer_role", "secrecy", "urgency")
    values = {name: found.said.get(name) for name in names}
    return ReadDocument(
        **values,
        cites=cites,
        recipients=recipients(blocks),
        places=found.places,
        confidence=found.sure,
    )


_FIRST_SECTION = regex(r"^(?:(?:I|A|1)\s*[.\-)–/]|Điều\s+1\b|Phần\s)\s*\S")


def _front(blocks: Sequence[Block]) -> list[Block]:
    """Everything before the first section (at most the first 40 blocks)."""
    front: list[Block] = []
    for block in blocks[:40]:
        if front and not block.cell and _FIRST_SECTION.match(block.text):
            break
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
    number = _NUMBER.search(block.text) if head and block.text.find("Số") < 160 else None
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
    r"^(?:Căn cứ|Thực hiện|Triển khai thực hiện|Theo |Để |Nhằm |Ngày \d|Kính gửi|Trên cơ sở|Xét |Sau |\(|[-*]\s"
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
    if named is not None and not _is_body_name(named.text) and not _MOTTO.search(named.text):
        found.put("title", named.text.strip(" -*"), named.place(), 0.5)
        return
    for block in front:
        opens = _OPENING.search(block.text)
        if opens and opens["title"]:
            found.put("kind", opens["kind"], block.place(*opens.span("kind")), 0.6)
            found.put("title", opens["title"].strip(), block.place(*opens.span("title")), 0.6)
            return


_ISSUES = r"(?:ban hành|xây dựng|thống nhất ký kết)"
_OPENING = regex(
    r"(?:^|[;.,:]\s*)(?P<issuer>[A-ZĐÀ-Ỹ][\wÀ-ỹ\s,.&-]{3,120}?)\s+" + _ISSUES + r"\s+"
    r"(?P<kind>Kế hoạch|Chương trình hành động|Chương trình phối hợp|Chương trình|Hướng dẫn|Đề án)\s*"
    r"(?P<title>[^;]*?)(?:,?\s*(?:như sau|với (?:các |những )?nội dung|cụ thể)|$)"
)


def _issuer(
    front: Sequence[Block], kind_at: int | None, blocks: Sequence[Block], found: _Head
) -> None:
    above = [b for b in front[: kind_at if kind_at is not None else 8]]
    names = [b for b in above if _is_body_name(b.text)]
    if names:
        text = " ".join(_NUMBER.split(b.text)[0] for b in names[:4])
        words = _full_words(_cut_motto(text))
        if len(words) > 6:
            found.put("issuer", words, names[0].place(), 0.9 * names[0].sureness())
            return
    for block in front:
        opens = _OPENING.search(block.text)
        if opens and mentions.HEAD.match(opens["issuer"]):
            name = _with_place(opens["issuer"].strip(" ,"), found.said.get("_place"))
            longer = _named_longer(name, blocks)
            found.put("issuer", longer or name, block.place(*opens.span("issuer")), 0.7)
            return


_BODY = regex(
    r"(?:ỦY BAN|UỶ BAN|UBND|SỞ |BỘ |ĐẢNG|TỈNH ỦY|TỈNH UỶ|THÀNH ỦY|HUYỆN ỦY|BAN |VĂN PHÒNG|HỘI |LIÊN ĐOÀN"
    r"|CHÍNH PHỦ|THỦ TƯỚNG|TỈNH |THÀNH PHỐ|HUYỆN |CÔNG AN|CỤC |PHÒNG |QUỐC HỘI|TRƯỜNG |ĐOÀN |XÃ |PHƯỜNG |TÍNH )"
)


def _is_body_name(text: str) -> bool:
    text = _NUMBER.split(_cut_motto(text))[0].strip()
    return bool(_BODY.match(text)) and _mostly_upper(text) and len(text) < 200


def _mostly_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _cut_motto(text: str) -> str:
    return _MOTTO.split(text)[0].strip(" -*_")


_PARENTS = regex(
    r"^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN) (?P<area>(?:TỈNH|THÀNH PHỐ|HUYỆN) .+?) (?P<own>(?:SỞ|BAN|PHÒNG|VĂN PHÒNG) .+)$"
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
    "UBND": "Ủy ban nhân dân", "ỦY BAN NHÂN DÂN": "Ủy ban nhân dân", "UỶ BAN NHÂN DÂN": "Ủy ban nhân dân",
    "TỈNH ỦY": "Tỉnh ủy", "THÀNH ỦY": "Thành ủy", "ĐẢNG ỦY": "Đảng ủy",
}  # fmt: skip
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


def _signer(blocks: Sequence[Block], found: _Head) -> None:
    for block in _foot(blocks):
        if not regex(r"[A-ZĐÀ-Ỹ]{3}").search(block.text):
            continue
        sign = _SIGNER.search(block.text)
        if sign and block.text[max(0, sign.start() - 1) : sign.start()].strip() == "":
            party = (sign["behalf"] or "").startswith("T/M")
            parts = [sign["behalf"] if party else None, sign["role"], sign["post"]]
            role = ", ".join(re.sub(r"\s+", " ", p).strip() for p in parts if p and p.strip())
            found.put("signer_role", role, block.place(*sign.span()), block.sureness())
            return


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
