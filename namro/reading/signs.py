"""The signs with which items begin (I, 1., a), "-"), and headings that have none."""

from __future__ import annotations

import re

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.vietnamese import fold

_UPPER = r"A-ZĐÀ-ỸƠƯĂÂÊÔ"
# What follows a numeral inside a line cut in two: "QUÝ / III VÀ PHƯƠNG HƯỚNG …", "I VÀ II".
_GOES_ON = (
    "VÀ|CỦA|TRÊN|VỀ|TẠI|CHO|NĂM|Ở|TRONG|ĐẾN|TỚI|VỚI|ĐỐI VỚI|THEO|TỪ|THUỘC|HOẶC|LÀ|DO|ĐÃ|CÓ|ĐƯỢC"
    "|CÙNG|NHIỆM KỲ|KHÓA|KHOÁ|TỈNH|THÀNH PHỐ|XÃ(?! HỘI)|PHƯỜNG|HUYỆN|ĐẢNG BỘ"
)
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "appendix",
        regex(r"(?:PHỤ LỤC|Phụ lục)\b\s*(?:số\s+)?(?P<label>[IVXLC]+\b|\d+\b)?[.:]?\s*"),
    ),
    ("article", regex(r"Điều\s+(?P<label>\d+)\s*[.:]\s*")),
    (
        "part",
        regex(
            r"(?:Phần|PHẦN|Nhóm)\s+(?P<label>(?:thứ|THỨ) \w+|[IVXLC]+|\d+|[A-H](?=\s*[.:–-]|\s*$))"
            r"(?![\wà-ỹ])[.:]?\s*(?:[–-]\s+)?"
        ),
    ),
    ("chapter", regex(r"(?:Chương|CHƯƠNG)\s+(?P<label>(?:thứ|THỨ) \w+|[IVXLC]+|\d+)\b[.:]?\s*")),
    (
        "group",
        regex(
            r"(?:Mục|MỤC|Hợp phần|HỢP PHẦN|Tiểu dự án|TIỂU DỰ ÁN)\s+(?P<label>[IVXLC]+|\d+)\b"
            r"(?=\s*[.:]|\s*$|\s+[A-ZĐÀ-Ỹ]{2})[.:]?\s*"
        ),
    ),
    ("arabic2", regex(rf"[IVX]{{1,5}}\.(?P<label>\d{{1,2}}\.\d{{1,2}})[.)]?\s*(?=[{_UPPER}])")),
    ("arabic", regex(rf"[IVX]{{1,5}}\.(?P<label>\d{{1,2}})[.)]?\s*(?=[{_UPPER}])")),
    ("roman", regex(rf"(?P<label>[IVX]{{1,5}})\s*[.\-)–/:]\s*(?=[{_UPPER}“\"])")),
    # Its stop left out, or lost in a scan; "VI" and "XI" begin words (VI PHẠM, XI MĂNG).
    (
        "roman",
        regex(
            rf"(?P<label>I{{1,3}}|IV|IX|VII{{1,2}})\s+(?!(?:{_GOES_ON})(?!\w))"
            rf"(?=[{_UPPER}]{{2,}}[{_UPPER} ,]+$)"
        ),
    ),
    ("capital", regex(rf"(?P<label>[A-H])\s*[.\-]\s+(?=[{_UPPER}])")),
    ("arabic3", regex(r"(?P<label>\d{1,2}(?:\.\d{1,2}){2,4})\s*[.)]?\s*(?=[^\d\s%,.])")),
    ("arabic2", regex(rf"(?P<label>\d{{1,2}}\.\d{{1,2}})\s*(?:[.)]\s*|\s)(?=[{_UPPER}“\"])")),
    ("arabic", regex(r"(?P<label>\d{1,3})\s*[.)]\s*(?=[^\d\s,)]|\d+(?:[.,]\d+)?\s*%|[<≥>≤])")),
    # Party papers count "1- Mục tiêu"; "3 - 5 mô hình" is a range.
    ("arabic", regex(rf"(?P<label>\d{{1,2}})-\s+(?=[{_UPPER}“\"]|\d+(?:[.,]\d+)?\s*%|[<≥>≤])")),
    ("paren", regex(r"\((?P<label>\d{1,3})\)\s*\.?\s*(?=\S)")),
    ("letter", regex(r"(?P<label>[a-zđ])\s?[).]\s*(?=\S)")),
    ("dash", regex(r"(?P<label>[-–—])\s*(?=[^\s\d\-–—]|\d+\s*(?:%|\w))")),
    ("plus", regex(r"(?P<label>\+)\s*(?=\S)")),
    ("dot", regex(r"(?P<label>[•▪●*])\s*(?=\S)")),
)


def sign_of(block: Block) -> tuple[str, str, int]:
    """Kind of the item sign at the start of a block, its label, and where the words begin."""
    for kind, pattern in _SIGNS:
        found = pattern.match(block.text)
        if found and (kind != "appendix" or _is_appendix_head(block)):
            return kind, found["label"] or "", found.end()
    return "text", "", 0


def _is_appendix_head(block: Block) -> bool:
    text = block.text
    return text.split("(")[0].isupper() or (
        len(text) < 40 and not text.rstrip().endswith((".", ";", ","))
    )


SIGNED = regex(r"(?:T/M|TM\.|KT\.|K/T|TL\.|T/L|TUQ\.)\s*[A-ZĐÀ-Ỹ]{2}[A-ZĐÀ-Ỹ\s.,]*$")


_MAJOR = re.compile(
    r"^(?:cac )?(?:muc dich|muc tieu|chi tieu|quan diem|yeu cau|nhiem vu|giai phap"
    r"|noi dung thuc hien|to chuc thuc hien|phan cong|kinh phi|che do (?:thong tin,? )?bao cao"
    r"|trach nhiem|pham vi|doi tuong|tien do|lo trinh|nguon luc|thoi gian)\b"
)
_MAJOR_IN_SMALL = re.compile(
    r"^(?:to chuc thuc hien|phan cong (?:thuc hien|nhiem vu|trach nhiem)|kinh phi thuc hien"
    r"|nhiem vu(?:,| va) giai phap|cac nhiem vu(?:,| va) giai phap|muc dich,? (?:va )?yeu cau"
    r"|che do (?:thong tin,? )?bao cao)\b"
)


def is_usual_heading(text: str) -> bool:
    """Whether a line begins as the headings of plans do: Mục tiêu, Nhiệm vụ, Tổ chức thực hiện."""
    return bool(_MAJOR.match(fold(text)))


_HEAD_OR_FOOT = regex(
    r"(?:CỘNG HÒA|CỘNG HOÀ|ĐẢNG CỘNG SẢN|ĐẢNG BỘ|ĐẢNG ỦY|(?:ỦY|UỶ) BAN|HỘI ĐỒNG|BAN |BỘ |SỞ |TỈNH "
    r"|CHỦ |PHÓ |GIÁM ĐỐC|BÍ THƯ|THỦ TƯỚNG|CHÁNH |TRƯỞNG |QUYẾT ĐỊNH|NGHỊ QUYẾT|KẾ HOẠCH"
    r"|CHƯƠNG TRÌNH|ĐỀ ÁN|BÁO CÁO|CHỈ THỊ|THÔNG BÁO|HƯỚNG DẪN)"
)


def is_unnumbered_heading(block: Block, *, begun: bool) -> bool:
    """A heading without a number: a section's usual name in capitals, or alone in bold.

    Any short line in capitals is one once sections have `begun`: before, it is a title.
    """
    text = block.text.strip()
    if not 6 <= len(text) <= 160 or text.endswith((";", ",")) or text.count(".") > 1:
        return False
    key = fold(text)
    if text.isupper():
        usual = len(text.split()) > 2 and not SIGNED.match(text) and not _HEAD_OR_FOOT.match(text)
        return bool(_MAJOR.match(key)) or (begun and usual)
    return block.bold and bool(_MAJOR_IN_SMALL.match(key)) and len(text) <= 100
