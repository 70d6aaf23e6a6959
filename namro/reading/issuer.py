"""Who issues the document, in full words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from namro.reading import mentions
from namro.reading.blocks import Block
from namro.reading.head_lines import HeadLine, is_motto, mostly_upper
from namro.reading.letters import regex
from namro.terms import Place
from namro.vietnamese import fold

_NAMES = (
    r"ỦY BAN|UỶ BAN|Y BAN|UBND|UBMTTQ|SỞ|BỘ|ĐẢNG|TỈNH ỦY|TỈNH UỶ|THÀNH ỦY|THÀNH UỶ|HUYỆN ỦY"
    r"|HUYỆN UỶ|QUẬN ỦY|THỊ ỦY|BAN|BCĐ|BCH|BTV|VĂN PHÒNG|HỘI|HIỆP HỘI|LIÊN ĐOÀN|LIÊN MINH|LIÊN HIỆP"
    r"|CHÍNH PHỦ|THỦ TƯỚNG|CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|CÔNG AN|CÔNG ĐOÀN|TỔNG CỤC|CỤC|CHI CỤC"
    r"|PHÒNG|QUỐC HỘI|TRƯỜNG|ĐẠI HỌC|HỌC VIỆN|ĐOÀN|TỈNH ĐOÀN|THÀNH ĐOÀN|HUYỆN ĐOÀN|TỔNG LIÊN ĐOÀN"
    r"|TRUNG TÂM|VIỆN|BỆNH VIỆN|KHO BẠC|NGÂN HÀNG|BẢO HIỂM|THANH TRA|TÒA ÁN|TOÀ ÁN|MẶT TRẬN|HĐND"
    r"|QUÂN KHU|TỔNG CÔNG TY|CÔNG TY|TẬP ĐOÀN|CHI BỘ|TỔ CÔNG TÁC|BÁO|ĐÀI|THƯỜNG TRỰC|LIÊN NGÀNH"
    r"|BAN CHỈ ĐẠO|ĐẢNG BỘ|ĐẢNG ỦY|ĐẢNG UỶ|THUẾ|HẢI QUAN|THỐNG KÊ|BAN QUẢN LÝ"
)
BODY = regex(rf"(?:{_NAMES})(?:\s|$)")
_AREA = regex(
    r"(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s(?!ỦY|UỶ|ĐOÀN)"
)
NUMBER = regex(
    r"^(?:(?:Nghị quyết|Luật|Nghị định|Quyết định|Thông tư|Pháp lệnh) (?=số:))?"
    r"[Ss][ốóôồổ]\s*[:.]?\s*(?P<number>[^\s,;|]*(?:\s?[-/]\s?[^\s,;|]+)*(?:,[A-ZĐ]{2,}\b)*)"
)
_ISSUES = r"(?:(?:vừa mới|vừa|mới|đã)\s+)?(?:ký\s+)?(?:ban hành|xây dựng|lập|thống nhất ký kết)"
_KIND = (
    r"(?P<kind>[Kk]ế hoạch(?: hành động| phối hợp)?|[Cc]hương trình(?: hành động| phối hợp)?"
    r"|[Hh]ướng dẫn|[Đđ]ề án|[Pp]hương án|[Qq]uy chế|[Cc]hỉ thị|[Tt]hông tư(?: liên tịch)?)"
    r"(?!\s+số\b)"
)
OPENING = regex(
    r"(?:^|[;.,:]\s*)(?P<issuer>[A-ZĐÀ-Ỹ][\wÀ-ỹ\s,.&’'-]{2,120}?)(?:\s*\([^)]{3,80}\))?\s+"
    + _ISSUES
    + r"\s+"
    + _KIND
    + r"\s*"
    r"(?P<title>.*?)(?:,?\s*(?:như sau|với (?:các |những |một số )?nội dung|cụ thể)"
    r"|\.\s+(?=[A-ZĐ])|[;:]|\.?\s*$)"
)
_ORDERS = regex(
    r"^(?P<issuer>[A-ZĐ][\wÀ-ỹ\s,-]{2,100}?)\s+(?:quy định|hướng dẫn|thông báo|yêu cầu)\s"
    r"(?=.*(?:như sau|:\s*$))"
)

Named = tuple[str, Place, float]


def read(
    lines: Sequence[HeadLine], kind_at: int | None, blocks: Sequence[Block], place: str | None
) -> Named | None:
    """Who issues it, where that stands, how sure: from the head, else from "… ban hành Kế hoạch".

    `lines` are those of the head, `kind_at` the one that names the kind, `place` the place of the
    date line ("Lai Châu").
    """
    above = lines[:kind_at] if kind_at is not None else _before_address(lines)
    found = _bodies(above)
    if found:
        words = _whole(found, blocks, place)
        sure = min(line.sureness() for _, line in found)
        sure *= 0.95 if _is_whole(words) else 0.7
        return words, found[0][1].place(), sure * (1 if _suits_symbol(words, above) else 0.5)
    return _below_title(lines, kind_at, blocks) or _from_opening(blocks, place)


def _suits_symbol(issuer: str, lines: Sequence[HeadLine]) -> bool:
    """Whether the symbol of the number may be this issuer's: "/KH-SYT" is no committee's."""
    for line in lines:
        symbol = regex(r"^S.{1,2}\s*:?.*[/-]\s*(?P<code>[A-ZĐ]{2,8})\W*$").match(line.text)
        if symbol:
            council = fold(issuer).startswith("uy ban nhan dan")
            return not (council and regex(r"^S[A-ZĐ]{1,7}$").match(symbol["code"]))
    return True


def _before_address(lines: Sequence[HeadLine]) -> Sequence[HeadLine]:
    at = next(
        (i for i, x in enumerate(lines) if x.text.startswith("Kính gửi")), min(12, len(lines))
    )
    return lines[:at]


def is_body_name(text: str) -> bool:
    """Whether a head line is the name of an issuing body, in capitals."""
    return bool(BODY.match(text) or _AREA.match(text)) and mostly_upper(text) and len(text) < 200


def _bodies(lines: Sequence[HeadLine]) -> list[tuple[str, HeadLine]]:
    """The bodies named in the head, superior first, each name whole."""
    named: list[tuple[str, HeadLine]] = []
    open_name = False
    for line, text in ((x, t) for x in lines for t in _apart(_as_spelled(x.text))):
        if (
            is_motto(text)
            or _YOUTH.fullmatch(text)
            or not mostly_upper(text)
            or NUMBER.match(line.text)
            or len(text) > 160
        ):
            open_name = open_name and is_motto(text)
            continue
        starts = bool(BODY.match(text))
        goes_on = bool(named) and (open_name or _AREA.match(text)) and not starts
        second = starts and named and named[-1][0].endswith("-")
        if not second and (goes_on or (named and named[-1][0].endswith((" VÀ", ",", "-", " CỦA")))):
            named[-1] = (f"{named[-1][0]} {text}", named[-1][1])
        elif starts or _AREA.match(text):
            named.append((text, line))
        else:
            continue
        open_name = True
    return named[:4]


_MISREAD = regex(r"(?<!\S)T[ÍÌỊ]NH(?=\s+[A-ZĐÀ-Ỹ]{2})")  # a scan loses the hook of TỈNH
# What stands over the papers of the Youth Union as the motto over those of the State.
_YOUTH = regex(r"ĐOÀN (?:TNCS|THANH NIÊN CỘNG SẢN) HỒ CHÍ MINH")
_HEADLESS = regex(r"^Y (?=BAN\s)")  # a web page loses the big first letter of ỦY BAN


def _as_spelled(text: str) -> str:
    return _HEADLESS.sub("ỦY ", _MISREAD.sub("TỈNH", text))


_JOINT = regex(r"\s*[-–]\s*(?=(?:SỞ|BỘ|LIÊN ĐOÀN|HỘI|BAN|UBND|ỦY BAN|ĐOÀN|CÔNG AN|TÒA ÁN|VIỆN)\s)")
# "MÔI TRƯỜNG", "QUỐC PHÒNG", "HẢI PHÒNG" are words of one name, not a body below another.
_SECOND = regex(
    r"(?<=\S)(?<!MÔI)(?<!THỊ)(?<!QUỐC)(?<!HẢI)\s+"
    r"(?=(?:SỞ|PHÒNG|VĂN PHÒNG|ĐẢNG ỦY|ĐẢNG ĐOÀN|TRUNG TÂM|BAN|ỦY BAN KIỂM TRA|TRƯỜNG"
    r"|CHI CỤC|CỤC|BỆNH VIỆN|THANH TRA|CÔNG AN)\b(?! NHÂN DÂN| CHẤP HÀNH TRUNG))"
)
_SUPERIOR = regex(
    r"(?:(?:(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|ĐẢNG BỘ)\s)?"
    r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG)\s(?!ỦY|UỶ|ĐOÀN)\S+|(?:BỘ|SỞ)\s\S+"
    r"|BAN CHẤP HÀNH TRUNG ƯƠNG|(?:TỈNH|THÀNH|HUYỆN) ỦY\s\S+)"
)


def _apart(text: str) -> list[str]:
    """Superior and issuing body of one line: "UBND TỈNH NINH THUẬN SỞ GIÁO DỤC VÀ ĐÀO TẠO"."""
    text = text.strip(" -–*_.,:") if not re.search(r"[-–]\s*$", text) else text.strip(" *_")
    joint = _JOINT.search(text)
    if joint and mostly_upper(text) and BODY.match(text):
        return [f"{text[: joint.start()].strip()} -", *_apart(text[joint.end() :])]
    superior = _SUPERIOR.match(text)
    second = _SECOND.search(text, superior.end()) if superior and mostly_upper(text) else None
    return [text[: second.start()], text[second.end() :]] if second else [text]


_DROPPED = regex(r"^(?:ĐẢNG BỘ|ĐẢNG CỘNG SẢN VIỆT NAM)\b")
_POSTS = regex(
    r"^(?:CHỦ TỊCH(?! NƯỚC)|BỘ TRƯỞNG|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG|CHỦ NHIỆM)\s+"
)
_PEOPLES = regex(r"^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN)\b\s*")


def _whole(
    found: Sequence[tuple[str, HeadLine]], blocks: Sequence[Block], place: str | None
) -> str:
    names = [re.sub(r"\s+", " ", name) for name, _ in found]
    own = names[-1]
    superior = names[-2] if len(names) > 1 else None
    joint = [n for n in names[:-1] if n.endswith(("-", "–"))]
    if joint:
        area = regex(r"\s(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN)\s.+$").search(own)
        shared = area[0] if area else ""
        firsts = [n.strip(" -–") for n in joint]
        whole = [n if shared.strip() in n else n + shared for n in firsts]
        return "; ".join(full_name(n, blocks) for n in [*whole, own])
    if superior and _POSTS.match(own):
        own, superior = superior, None
    words = full_name(own, blocks)
    if superior:
        words = _under(words, own, superior, blocks)
    return _with_area(words, blocks, place)


def _under(words: str, own: str, superior: str, blocks: Sequence[Block]) -> str:
    """ "UBND TỈNH PHÚ THỌ" over "SỞ Y TẾ" → "Sở Y tế tỉnh Phú Thọ"; a Party body's committee."""
    if fold(superior).startswith("ban chap hanh trung uong"):
        if regex(r"^(?:ĐẢNG|BAN CHẤP)|TRUNG ƯƠNG$").search(own):
            return words
        return f"{words} Trung ương Đảng" if own == "VĂN PHÒNG" else f"{words} Trung ương"
    area = regex(r"\b(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG)\s+(?!ỦY|UỶ|ĐOÀN).+$").search(
        superior
    )
    if area and (_PEOPLES.match(superior) or _DROPPED.match(superior)):
        named = _area_name(area[0])
        if fold(named) in fold(words):
            return words
        level = named.split()[0] if not named.startswith(("thành", "thị")) else named[:9].strip()
        return re.sub(rf"\s+{level}$", "", words) + f" {named}" if _takes_area(own) else words
    if regex(r"^(?:TỈNH|THÀNH|HUYỆN|QUẬN) (?:ỦY|UỶ)").match(superior) and own.startswith(
        ("BAN", "VĂN", "ỦY", "UỶ")
    ):
        return f"{words} {full_name(superior, blocks)}"
    if own in ("VĂN PHÒNG", "THANH TRA", "BAN CHỈ ĐẠO"):
        return f"{words} {full_name(superior, blocks)}"
    return words


def _takes_area(own: str) -> bool:
    """Whether a body bears its superior's area; one of a commune or district has its own."""
    return not regex(
        r"^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN) (?:XÃ|PHƯỜNG|HUYỆN|THỊ|QUẬN|ĐẶC KHU)"
        r"|\s(?:XÃ|PHƯỜNG|HUYỆN|QUẬN|THỊ TRẤN|ĐẶC KHU)\s\S"
    ).search(own)


_FULL = (
    (r"^BCH\b", "BAN CHẤP HÀNH"),
    (r"^BTV\b", "BAN THƯỜNG VỤ"),
    (r"^UBND\b", "ỦY BAN NHÂN DÂN"),
    (r"^HĐND\b", "HỘI ĐỒNG NHÂN DÂN"),
    (r"\bUỶ\b", "ỦY"),
)


def full_name(text: str, blocks: Sequence[Block]) -> str:
    """A name in capitals as the text writes it, else by the rules of official spelling."""
    for short, words in _FULL:
        text = re.sub(short, words, text)
    committee = regex(r"^(TỈNH|THÀNH|HUYỆN|QUẬN|THỊ) (ỦY|ĐOÀN)\s+(.+)$").match(text)
    if committee:
        named = " ".join(word.capitalize() for word in committee[3].split())
        return f"{committee[1].capitalize()} {committee[2].lower()} {named}"
    area = regex(
        r"(?<=\S )(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN)\s(?!ỦY).+$"
    ).search(text)
    own = text[: area.start()].strip() if area else text.strip()
    own = _POSTS.sub("", own) if _POSTS.match(own) and len(own.split()) > 3 else own
    written = _written(own, blocks) or _spelled(own)
    return f"{written} {_area_name(area[0])}" if area else written


def _written(name: str, blocks: Sequence[Block]) -> str | None:
    """The way the text itself writes the name most often."""
    if len(name.split()) < 2:
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)", re.I)
    ways: Counter[str] = Counter()
    for block in blocks[:400]:
        for found in pattern.finditer(block.text):
            if not mostly_upper(found[0]) and found[0][0].isupper():
                ways[found[0]] += 1
    return ways.most_common(1)[0][0] if ways else None


_UNITS = regex(r"^(?:Sở|Bộ|Ban|Phòng|Cục|Vụ|Hội|Viện|Trường|Tổng cục|Chi cục|Báo|Đài)$", re.I)
_PROPER = (
    "Việt Nam", "Trung ương", "Quốc hội", "Chính phủ", "Hồ Chí Minh", "Đảng", "Mặt trận",
    "Tổ quốc", "Nhà nước", "nhân dân", "Hội đồng", "Hội nghị", "Lao động",
    "Liên đoàn", "Công đoàn", "Thể thao và Du lịch",
)  # fmt: skip


_SHORT = ("UBND", "UBMTTQ", "UBKT", "TNCS", "CNTT", "VHTTDL", "KH&CN")


def _spelled(name: str) -> str:
    """Capitals → small letters: first word, the word after Sở, Bộ, Ban …, and each field's name."""
    out: list[str] = []
    fields = bool(regex(r"^(?:SỞ|BỘ|PHÒNG)\b").match(name))
    for i, word in enumerate(name.split()):
        before = out[-1] if out else ""
        small = word.lower()
        begins = (
            i == 0 or _UNITS.match(before) or (fields and (before == "và" or before[-1:] in ",-"))
        )
        keep = word in _SHORT or (
            re.fullmatch(r"[A-ZĐ&]{2,5}", word) and not regex("[AĂÂEÊIOÔƠUƯY]").search(word)
        )
        out.append(word if keep else small if small == "và" or not begins else word.capitalize())
    text = regex(r"\s*[^\w\s,.&’'()\-–].*$").sub("", " ".join(out))
    for proper in _PROPER:
        text = re.sub(rf"(?<!\w){proper}(?!\w)", proper, text, flags=re.I)
    return text[:1].upper() + text[1:]


def _area_name(text: str) -> str:
    level = regex(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN)").match(text)
    assert level is not None
    rest = " ".join(w.capitalize() if w.isupper() else w for w in text[level.end() :].split())
    return f"{level[0].lower()} {rest}".strip()


_GENERIC = regex(r"\b(?:tỉnh|thành phố|huyện|xã|phường|quận)$", re.I)


def _is_whole(name: str) -> bool:
    return not _GENERIC.search(name) and fold(name) != "uy ban nhan dan"


def _with_area(name: str, blocks: Sequence[Block], place: str | None) -> str:
    """The area a name lacks, from the place of the date line: "Đảng ủy UBND tỉnh" + "Lai Châu"."""
    if not place or _is_whole(name):
        return name
    if _GENERIC.search(name):
        return f"{name} {place}"
    levels: Counter[str] = Counter()
    area = re.compile(rf"(tỉnh|thành phố|huyện|quận|thị xã|xã|phường)\s+{re.escape(place)}", re.I)
    alone = re.compile(
        r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+(tỉnh|thành phố|huyện|xã|phường)", re.I
    )
    for block in blocks[:60]:
        levels.update(m[1].lower() for m in area.finditer(block.text))
    if not levels:
        for block in blocks[:30]:
            levels.update(m[1].lower() for m in alone.finditer(block.text))
    return f"{name} {levels.most_common(1)[0][0]} {place}" if levels else name


def _below_title(
    lines: Sequence[HeadLine], kind_at: int | None, blocks: Sequence[Block]
) -> Named | None:
    """The authority named in capitals between title and legal bases: "CHÍNH PHỦ"."""
    if kind_at is None:
        return None
    for line, after in zip(lines[kind_at + 1 :], lines[kind_at + 2 :], strict=False):
        if is_body_name(line.text) and regex(r"\W*(?:Căn cứ|Theo|Xét|Trên cơ sở)\b").match(
            after.text
        ):
            return (
                full_name(_POSTS.sub("", line.text.strip(" :")), blocks),
                line.place(),
                0.8 * line.sureness(),
            )
    return None


def _from_opening(blocks: Sequence[Block], place: str | None) -> Named | None:
    for block in blocks[:40]:
        for pattern, sure in ((OPENING, 0.75), (_ORDERS, 0.6)):
            opens = pattern.search(block.text)
            if opens and mentions.HEAD.match(opens["issuer"]):
                name = regex(r"^(?:Bộ trưởng|Chủ tịch|Giám đốc)\s+(?=[A-ZĐÀ-Ỹ])").sub(
                    "", opens["issuer"]
                )
                name = _with_area(name.strip(" ,"), blocks, place)
                longer = _named_longer(name, blocks)
                whole = longer or name
                span = opens.span("issuer")
                return whole, block.place(*span), sure if _is_whole(whole) else 0.6
    return None


def _named_longer(name: str, blocks: Sequence[Block]) -> str | None:
    """The same issuer in fuller words, in the line "(Kèm theo … của …)" of an appendix."""
    for block in blocks:
        if "èm theo" not in block.text:
            continue
        tail = re.search(r"\bcủa\s+(?P<by>[^()]+?)\s*\)?\s*$", block.text)
        if tail and tail["by"].startswith(name) and len(tail["by"]) < len(name) + 40:
            return tail["by"].strip()
    return None
