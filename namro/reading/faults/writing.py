"""Faults of writing: LaTeX remnants, decimal marks, thousands, units, slips, varying spelling."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from namro.reading import slips
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.quantities import without_latex
from namro.terms import Fault

_LATEX = regex(r"\$[^$]{0,80}\\[A-Za-z%]+[^$]{0,80}\$|\\(?:geq?|leq?|%|approx|times)\b")
_POINT = regex(r"(?<![\d.,/\w])(?P<number>\d{1,3}\.\d{1,2})(?!\d|\.\d|\w|/\d|\s*[A-ZĐÀ-Ỹ])")
_COMMA = regex(r"(?<![\d.,])\d+,\d+(?!\d)")
_VERSION = regex(
    r"(?:mục|điểm|khoản|phiên bản|nghiệp|phủ|web|số|version|biểu|bảng|tiết|tại)\s*$", re.I
)
_RATE = regex(r"(?<!\w)(?:(?P<zero>0\d)\s*)?(?P<unit>[GMK]bps/s|[GMK]bit/s/s|[Kk]m/giờ/h)(?!\w)")


def read(blocks: Sequence[Block]) -> Iterator[Fault]:
    """All faults of writing."""
    commas = any(_COMMA.search(block.text) for block in blocks)
    for block in blocks:
        yield from _latex(block)
        yield from _decimal_point(block, commas)
        yield from _thousands_comma(block)
        yield from _rates(block)
        if block.confidence == 1:  # on a scan a slip is the machine's, not the author's
            yield from _slips(block)
    yield from _varying([block for block in blocks if block.confidence == 1])


def _latex(block: Block) -> Iterator[Fault]:
    for found in _LATEX.finditer(block.text):
        meant = re.sub(r"\s+", " ", without_latex(found[0])).replace(" %", "%").strip()
        yield Fault(
            "LATEX_REMNANT",
            f"Còn sót mã công thức “{found[0]}”.",
            f"Viết “{meant}”.",
            block.place(*found.span()),
            found[0],
        )


def _decimal_point(block: Block, commas: bool) -> Iterator[Fault]:
    for found in _POINT.finditer(block.text):
        number = found["number"]
        if (
            found.start() == 0
            or number.endswith(".0")
            or _VERSION.search(block.text[: found.start()])
        ):
            continue
        if not number.startswith("0.") and not re.match(
            r"\s*(?:%|triệu|tỷ|tấn)", block.text[found.end() :]
        ):
            continue
        beside = " trong khi các số khác của văn bản dùng dấu phẩy" if commas else ""
        yield Fault(
            "DECIMAL_MARK",
            f"Số thập phân “{number}” dùng dấu chấm{beside}.",
            f"Viết “{number.replace('.', ',')}”.",
            block.place(*found.span("number")),
            number,
        )


_COUNTED = (
    r"(?:hộ|người|học sinh|sinh viên|trường|xã|phường|thôn|doanh nghiệp|đại biểu|lượt|máy|trạm"
    r"|cơ sở|hồ sơ|cán bộ|công chức|lớp|hợp tác xã|giường|văn bản|thuê bao|đảng viên|lao động|đồng)"
)
_THOUSANDS = regex(rf"(?<![\d.,])(?P<number>\d{{1,3}}(?:,\d{{3}})+)(?=\s+{_COUNTED}(?!\w))")


def _thousands_comma(block: Block) -> Iterator[Fault]:
    """ "1,500 hộ": a comma is the decimal mark, and households are counted in wholes."""
    for found in _THOUSANDS.finditer(block.text):
        number = found["number"]
        yield Fault(
            "THOUSANDS_COMMA",
            f"“{number}” dùng dấu phẩy để tách hàng nghìn; dấu phẩy là dấu thập phân.",
            f"Viết “{number.replace(',', '.')}”.",
            block.place(*found.span("number")),
            block.text[found.start() : found.end() + 12].strip(),
        )


def _rates(block: Block) -> Iterator[Fault]:
    for found in _RATE.finditer(block.text):
        unit = found["unit"]
        meant = unit[: -len("/s")]
        yield Fault(
            "UNIT_MISWRITTEN",
            f"Đơn vị đo “{unit}” viết sai (chữ “ps” đã nghĩa là mỗi giây).",
            f"Viết “{meant}”.",
            block.place(*found.span("unit")),
            unit,
        )
        if found["zero"]:
            yield Fault(
                "LEADING_ZERO",
                f"Số đo “{found['zero']}” có chữ số 0 thừa ở đầu.",
                f"Viết “{int(found['zero'])}”.",
                block.place(*found.span("zero")),
                found[0],
            )


def _slips(block: Block) -> Iterator[Fault]:
    for start, end, meant in slips.find(block.text):
        quote = block.text[start:end]
        meant = meant[:1].upper() + meant[1:] if quote[:1].isupper() else meant
        yield Fault(
            "TYPING_SLIP",
            f"“{quote}” có thể là lỗi gõ.",
            f"Có phải “{meant}”?",
            block.place(start, end),
            quote,
        )


# Names of organisations whose second word is written with a capital here and a small letter there.
_CASE = regex(
    r"(?<!\w)(?P<one>Ủy|Uỷ|Sở|Ban|Hội|Đảng|Văn|Tỉnh|Thành|Bộ|Trung|Liên|Hợp)\s(?P<two>[^\W\d_]+)"
)
_SAME_SOUND = {"tỉ lệ": "tỷ lệ", "tỷ lệ": "tỷ lệ", "kĩ năng": "kỹ năng", "kỹ năng": "kỹ năng"}
_SOUND = regex(r"(?<!\w)(?:tỉ|tỷ) lệ|(?<!\w)k[ĩỹ] năng", re.I)


def _varying(blocks: Sequence[Block]) -> Iterator[Fault]:
    """The same word written in two ways: the rarer way is marked where it first stands."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, tuple[Block, int, int]] = {}
    for block in blocks:
        if block.text.isupper():
            continue
        for key, written, start, end in _writings(block.text):
            ways[key][written] += 1
            first.setdefault(written, (block, start, end))
    for found in ways.values():
        usual = max(found, key=lambda way: (found[way], way.split()[-1].islower(), way))
        for odd in found:
            if odd != usual:
                block, start, end = first[odd]
                yield Fault(
                    "SPELLING_VARIES",
                    f"Viết không thống nhất: “{odd}” và “{usual}”.",
                    f"Viết thống nhất “{usual}”.",
                    block.place(start, end),
                    odd,
                )


def _writings(text: str) -> Iterator[tuple[str, str, int, int]]:
    for found in _CASE.finditer(text):
        if found["one"] in ("Ủy", "Uỷ") and found["two"].lower() in ("ban", "viên"):
            yield f"ủy {found['two'].lower()}", found[0], *found.span()
    for found in _SOUND.finditer(text):
        word = found[0].lower()
        yield _SAME_SOUND[word], word, *found.span()
