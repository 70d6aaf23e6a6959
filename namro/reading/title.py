"""What the document is about (trích yếu): below its kind, or under the number of a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from namro.reading import issuer, kinds
from namro.reading.head_lines import DATE_LINE, HeadLine, is_motto, mostly_upper
from namro.reading.letters import regex
from namro.terms import Place
from namro.vietnamese import fold

_BASIS = regex(
    r"^(?:-\s*)?(?:Căn cứ|Thực hiện|Triển khai thực hiện|Theo |Để |Nhằm |Ngày \d|Kính\s+gửi"
    r"|Thi hành|Trên cơ sở|Xét |Sau |Trước |\(|[-*]\s|Nơi nhận|Điều |[IVX]+\s*[.\-/]|\d+\s*[.)]"
    r"|Chương [IVX])"
)
ABOUT = regex(r"^\W*(?:V/v|Về việc|Vv)\b\s*:?\s*(?P<about>.+)", re.I)
_PLAN = regex(
    r"^(?:(?:V/v|Về việc|VỀ VIỆC)\s+)?(?:[Bb]an\s*hành|BAN\s*HÀNH|[Pp]hê\s*duyệt|PHÊ\s*DUYỆT)\s+"
    r"(?P<plan>KẾ HOẠCH|Kế hoạch)\s+(?!HÀNH ĐỘNG|hành động|TỔNG THỂ|PHỐI HỢP)"
)
_OPEN_END = regex(r"(?:\b(?:CỦA|VÀ|TẠI|CHO|VỚI|VỀ|THUỘC|THEO|TRONG|của|và|tại|cho|với|về)|,|-)$")

# "NGHỊ QUYẾT / CỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH / về …": whose it is, no part of the title.
_OF_BODY = regex(
    r"^(?:CỦA|Của|của)\s+(?i:BAN CHẤP HÀNH|BAN THƯỜNG VỤ|BAN BÍ THƯ|BỘ CHÍNH TRỊ"
    r"|(?:TỈNH|THÀNH|ĐẢNG) [ỦU][YỶ]|HỘI ĐỒNG NHÂN DÂN)\b[^,;:]*?(?:$|(?=\s(?:về|VỀ)\s))"
)

Said = tuple[str, Place, float]


def read(
    lines: Sequence[HeadLine], kind_at: int | None, kind: str | None, begins: bool
) -> Said | None:
    """The title, where it stands, how sure; None where the head has none."""
    if kind_at is None:
        return _of_letter(lines) or (_of_order(lines) if begins else _in_capitals(lines))
    own = lines[kind_at]
    rest = own.text[len(kind or "") :].strip(" :.*") if len(own.text) > len(kind or "") + 2 else ""
    rest = "" if not any(c.isalpha() for c in rest) else rest
    if not rest and kind_at + 1 < len(lines) and _OF_BODY.fullmatch(lines[kind_at + 1].text):
        kind_at += 1
    parts = _gathered(lines, _after_head(lines, kind_at + 1), rest)
    words = _tidy(" ".join([rest, *(line.text for line in parts)]).strip(), lines[:kind_at])
    if not words:
        return None
    first = parts[0] if parts else own
    sure = min([line.sureness() for line in parts], default=own.sureness())
    return words, first.place(), sure if len(words) < 400 else 0.6 * sure


def _after_head(lines: Sequence[HeadLine], start: int) -> int:
    """Where the title may begin: behind the right half of the head (Quốc hiệu, place and day),
    where a page laid side by side has put it below the kind."""
    near = range(start, min(len(lines), start + 6))
    opening = " ".join(lines[i].text for i in near[:2])
    if not is_motto(opening) or ABOUT.match(opening):
        return start
    return max(
        (i + 1 for i in near if is_motto(lines[i].text) or DATE_LINE.match(lines[i].text)),
        default=start,
    )


def _gathered(lines: Sequence[HeadLine], start: int, rest: str) -> list[HeadLine]:
    """The lines of a title from `start` on; `rest` stands before them on the line of the kind."""
    parts: list[HeadLine] = []
    for i in range(start, min(len(lines), start + 8)):
        if _ends(lines, i, parts[-1].text if parts else rest):
            break
        parts.append(lines[i])
    return parts


# "PHÊ DUYỆT KẾ HOẠCH …" below number and day, the word QUYẾT ĐỊNH itself lost.
_ORDERS = regex(r"^(?:VỀ VIỆC|V/V|PHÊ DUYỆT|BAN HÀNH|QUY ĐỊNH|SỬA ĐỔI|CÔNG BỐ|GIAO)\s")


def _of_order(lines: Sequence[HeadLine]) -> Said | None:
    """The title of a decision whose head has lost the line that names its kind."""
    for i, line in enumerate(lines):
        if _ORDERS.match(line.text) and mostly_upper(line.text) and not line.block.cell:
            parts = [line, *_gathered(lines, i + 1, line.text)]
            words = _tidy(" ".join(part.text for part in parts), lines[:i])
            return (words, line.place(), 0.7 * line.sureness()) if words else None
    return None


def _ends(lines: Sequence[HeadLine], i: int, before: str) -> bool:
    """Whether the title is over before line `i`."""
    line = lines[i]
    text = line.text
    if line.block.cell or text.startswith(("Kính gửi", "(Kèm theo", "(Ban hành")):
        return True
    if is_motto(text) or kinds.is_call(text) or DATE_LINE.match(text) or issuer.NUMBER.match(text):
        return True
    if not before:
        basis = _BASIS.match(text) and not line.block.bold
        return bool(basis) and (len(text) > 500 or text.rstrip().endswith((":", ".", ";")))
    if _is_authority(lines, i, before) or _tells(text, before):
        return True
    if mostly_upper(text):
        return bool(_CALLS.match(text) or re.match(r"[IVX]+\s*[.\-/]\s", text))
    if mostly_upper(before) and not line.block.bold and not text.startswith(("“", '"', "(")):
        return len(text) > 60 or bool(_BASIS.match(text)) or not _OPEN_END.search(before)
    return (
        bool(_BASIS.match(text)) or (not line.block.bold and len(text) > 160) or text[-1:] in ";:"
    )


_CALLS = regex(r"^(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|NGHỊ QUYẾT|CHỈ THỊ|KẾT LUẬN)\W*$")


def _tells(text: str, before: str) -> bool:
    """Whether a line is a sentence of the body: it ends with a full stop or a colon, as no title
    does."""
    if text.rstrip(" *").endswith(":"):
        return True
    return text.rstrip().endswith((".", "./.")) and len(text) > 60 and not _OPEN_END.search(before)


def _is_authority(lines: Sequence[HeadLine], i: int, before: str) -> bool:
    """The line of a decision that says who decides, between its title and its legal bases."""
    text = lines[i].text.strip(" :*")
    if not issuer.is_body_name(text) or _OPEN_END.search(before.strip()):
        return False
    after = lines[i + 1].text if i + 1 < len(lines) else "Căn cứ"
    return bool(
        regex(r"\W*(?:Căn cứ|Theo|Xét|Trên cơ sở|Thực hiện|QUYẾT|KH[ÓO][AÁ]|Kh[óo][aá])\b").match(
            after
        )
    ) or (fold(text) in {fold(line.text) for line in lines[:i]})


def _tidy(text: str, above: Sequence[HeadLine]) -> str:
    text = re.sub(r"\s+", " ", text).strip(" -*_|")
    text = _without_authority(_OF_BODY.sub("", text).strip(), above)
    text = regex(r"^(?:V/v|Về việc|VỀ VIỆC)\s+(?=BAN HÀNH\s|ban hành\s)").sub("", text)
    plan = _PLAN.match(text)
    return (text[plan.end() :] if plan else text).strip(" -*")


_POSTS = r"(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|THỐNG ĐỐC|CHÁNH ÁN|TỔNG GIÁM ĐỐC)\s+"


def _without_authority(text: str, above: Sequence[HeadLine]) -> str:
    """The title without the name of the body that decides, where both stand in one paragraph."""
    names = [line.text.strip(" -*_") for line in above if issuer.is_body_name(line.text)]
    for name in {" ".join(names), *names[-1:]} - {""}:
        spaced = r"\s+".join(map(re.escape, re.sub(r"\s+", " ", name).split()))
        tail = re.search(rf"\s(?:{_POSTS})?{spaced}(?:\s+KH[ÓO][AÁ]\s.*)?$", text)
        if tail and len(text[: tail.start()]) > 15 and not _OPEN_END.search(text[: tail.start()]):
            return text[: tail.start()].rstrip()
    return text


def _of_letter(lines: Sequence[HeadLine]) -> Said | None:
    """The subject of an official letter, under its number, over as many lines as it takes."""
    for i, line in enumerate(lines):
        about = ABOUT.match(line.text)
        if not about:
            continue
        words = [line.text]
        for after in lines[i + 1 : i + 5]:
            if words[-1].rstrip().endswith((".", ";")) or _is_other_part(after):
                break
            words.append(after.text)
        return " ".join(words).strip(" ."), line.place(), 0.95 * line.sureness()
    return None


def _is_other_part(line: HeadLine) -> bool:
    text = line.text
    return bool(
        is_motto(text)
        or issuer.is_body_name(text)
        or issuer.NUMBER.match(text)
        or DATE_LINE.match(text)
        or text.startswith("Kính gửi")
        or _BASIS.match(text)
        or len(text) > 120
        or line.block.cell
    )


def _in_capitals(lines: Sequence[HeadLine]) -> Said | None:
    """A headless excerpt: a line in capitals that opens it, no name and no motto."""
    for line in lines:
        text = line.text.strip(" -*")
        if text.isupper() and len(text) >= 20 and not line.block.cell:
            if not (issuer.is_body_name(text) or is_motto(text)):
                return text, line.place(), 0.5
    return None
