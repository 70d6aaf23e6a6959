"""Kinds of documents (loại văn bản) and how they are known: by name, by the symbol of a number."""

from __future__ import annotations

from namro.reading.head_lines import HeadLine, bare, mostly_upper
from namro.reading.letters import regex
from namro.vietnamese import fold, tidy

# Decree 30/2020/NĐ-CP, article 7; Party documents by Quy định 66-QĐ/TW; joint and legal ones.
KINDS = (
    "Nghị quyết liên tịch", "Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế phối hợp", "Quy chế",
    "Quy định", "Thông cáo", "Thông báo kết luận", "Thông báo", "Hướng dẫn liên ngành",
    "Hướng dẫn liên tịch", "Hướng dẫn", "Chương trình phối hợp", "Chương trình hành động",
    "Chương trình công tác", "Chương trình", "Kế hoạch hành động", "Kế hoạch phối hợp",
    "Kế hoạch liên tịch", "Kế hoạch liên ngành", "Kế hoạch công tác", "Kế hoạch", "Phương án",
    "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng", "Công điện", "Bản ghi nhớ",
    "Bản thỏa thuận", "Giấy mời", "Kết luận", "Thông tri", "Chiến lược", "Thông tư liên tịch",
    "Thông tư", "Nghị định", "Luật", "Pháp lệnh", "Lệnh", "Điều lệ", "Quy trình", "Thể lệ",
)  # fmt: skip
_BY_FOLD = {fold(kind): kind for kind in KINDS}
_LONGEST_FIRST = sorted(KINDS, key=len, reverse=True)
_BY_CODE = {
    "KH": "Kế hoạch", "QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị", "KL": "Kết luận",
    "TB": "Thông báo", "HD": "Hướng dẫn", "CTR": "Chương trình", "CTHĐ": "Chương trình hành động",
    "CTPH": "Chương trình phối hợp", "CTRPH": "Chương trình phối hợp", "ĐA": "Đề án",
    "PA": "Phương án", "BC": "Báo cáo", "TTR": "Tờ trình", "TT": "Thông tư", "NĐ": "Nghị định",
    "TTLT": "Thông tư liên tịch", "CĐ": "Công điện", "QC": "Quy chế", "CV": "Công văn",
    "BB": "Biên bản", "GM": "Giấy mời", "KHPH": "Kế hoạch phối hợp", "QĐI": "Quy định",
}  # fmt: skip
# "QUYẾT ĐỊNH:" and "QUYẾT NGHỊ:" after the legal bases call the articles, they name no document.
_CALL = regex(r"^(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|YÊU CẦU)\s*:\s*$")


def kind_of_line(line: HeadLine) -> tuple[str, int, float] | None:
    """Kind a line names, how many of its characters that takes, and how sure; None otherwise."""
    text = line.text
    stands_out = mostly_upper(text) or line.block.bold
    key = fold(text).strip(" :.*-")
    if stands_out and key in _BY_FOLD:
        return _BY_FOLD[key], len(text), 1.0
    for kind in _LONGEST_FIRST:
        if text.startswith(kind.upper() + " ") or text.startswith(kind.upper() + ":"):
            again = regex(r"\s+VÀ\s+(?P<more>[^\W\d]+ [^\W\d]+)\b").match(text, len(kind))
            if again and fold(again["more"]) in _BY_FOLD:
                more = _BY_FOLD[fold(again["more"])]
                return f"{kind} và {more[0].lower()}{more[1:]}", again.end(), 0.9
            return kind, len(kind), 0.9
    if stands_out and mostly_upper(text) and len(key) >= 7:
        near = next((k for k in _BY_FOLD if _one_letter_apart(k, key)), None)
        if near:
            return _BY_FOLD[near], len(text), 0.7
    return None


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a misread or doubled letter is all that parts two words."""
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    short, long = sorted((one, other), key=len)
    at = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def kind_of_number(number: str | None) -> str | None:
    """What the symbol says: "45/KH-UBND" and "15-KH/ĐU" are plans; None for a letter's symbol."""
    found = regex(r"^\d+[a-zđ]?(?:/\d{4})?[-/](?P<code>[A-ZĐa-z]+)(?=[-/]|$)").match(number or "")
    return _BY_CODE.get(found["code"].upper()) if found else None


def is_call(text: str) -> bool:
    """ "QUYẾT ĐỊNH:" before Điều 1."""
    return bool(_CALL.match(tidy(text)))


def names_kind(words: str) -> str | None:
    """The kind that words in any letters name: "kế hoạch" → "Kế hoạch"."""
    return _BY_FOLD.get(bare(tidy(words)))
