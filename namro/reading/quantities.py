"""Quantities in a sentence: comparator, value, unit of measure, and what is no quantity at all.

All functions work on a *view* of the text of the same length (LaTeX remnants, numbers of
documents, dates and names blanked), so that every position is a position in the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.resources import files

from namro.reading import citations
from namro.reading.letters import regex
from namro.terms import Comparator
from namro.vietnamese import fold, parse_number


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: `start`–`end` from the comparator's first word to the unit's last.

    `known_unit` is False where the unit is a noun that no list has; `ranking` is a place among
    the first N ("trong nhóm 10 nước dẫn đầu").
    """

    start: int
    end: int
    number_at: int
    comparator: Comparator
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    approx: bool = False
    bracketed: bool = False
    known_unit: bool = True
    ranking: bool = False

    @property
    def percent(self) -> bool:
        return bool(self.unit and self.unit.startswith("%"))


_LATEX = (
    *((code, "≥") for code in (r"\geqslant", r"\geq", r"\ge")),
    *((code, "≤") for code in (r"\leqslant", r"\leq", r"\le")),
    (r"\%", " %"),
    *((code, " ") for code in (r"\approx", r"\times", r"\sim", "$")),
)


def without_latex(text: str) -> str:
    """The text with LaTeX remnants read ("$\\geq 45\\%$" → " ≥    45 % "), length kept."""
    for code, sign in _LATEX:
        text = text.replace(code, sign.ljust(len(code)))
    return text.replace(">=", "≥ ").replace("<=", "≤ ")


def _counted() -> str:
    """The nouns that are counted, longest first, as alternatives of a pattern."""
    lines = files("namro.reading").joinpath("counted.txt").read_text(encoding="utf-8").splitlines()
    words = {w.strip() for line in lines if not line.startswith("#") for w in line.split(";")}
    return "|".join(re.escape(w) for w in sorted(words - {""}, key=lambda w: (-len(w), w)))


_COUNTS = _counted()
# "7/7 trường", "18/21 chỉ tiêu": so many of so many, unless a word of time stands before.
_SHARE = (
    r"(?=\d{1,2}/\d)(?<!trước )(?<!ngày )(?<!đến )(?<!từ )(?<!hết )(?<!và )"
    r"(?<!chậm nhất )(?<!muộn nhất )"
    rf"\d{{1,2}}/\d{{1,2}}\s+(?i:{_COUNTS})(?![a-zà-ỹ])"
)
_NO_QUANTITY = regex(
    rf"(?!{_SHARE})(?:"
    r"(?P<date>ngày\s+\d{1,2}(?:\s*[/.-]\s*\d{1,4}|\s*,\s*\d{1,2}(?=\s*[,/]))*(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?"
    r"|\d{1,2}/\d{1,2}(?:/\d{4})?(?=\D|$)(?!\s*(?:huyện|xã|phường|thôn|đơn vị|cơ quan|bản|tỉnh))"
    r"|tháng\s+\d{1,2}(?:\s*[/-]\s*\d{4})?|\d{1,2}/\d{4}"
    r"|(?:năm|giai đoạn|thời kỳ|nhiệm kỳ|khóa|từ năm|đến "
    r"năm)\s+\d{4}(?:\s*[-–]\s*(?:năm\s*)?\d{4})?|20\d{2}\s*[-–]\s*20\d{2}|\b(?:19"
    r"|20)\d{2}\b)"
    r"|(?P<ref>(?:Điều|khoản|Khoản|điểm|Điểm|mục|Mục|(?<!tổng )(?<!Tổng )(?<!trong )(?<!con )"
    r"(?<!nâng )(?<!dân )(?<!doanh )(?<!chỉ )(?<!tỷ )(?<!tỉ )(?<!hệ )(?<!thiểu )số|Số"
    r"|Phụ lục|Chương|Phần|Bảng"
    r"|Biểu|cấp độ|mức độ|loại|lần thứ|thứ|hạng|Nghị quyết|khóa|Khóa|Tổ|tổ|Khu vực"
    r"|Quốc lộ|QL)\s+\d[\d./,-]*(?!\s*%))"
    r"|(?P<code>\b(?![kd]?m[23]\b)[A-Za-zĐđ]+-?\d+\w*|\d+[A-Za-zĐ]\b(?![/a-zà-ỹ])|\d+p\b|\d+/7\b"
    r"|\b(?!\d{1,3}(?:\.\d{3})+\b)\d+\.\d+\.\d+\b))"
)
_QUOTED = regex(r"“[^”]*”|\"[^\"]*\"")


def view(text: str) -> str:
    """The text with everything blanked that holds digits but is no quantity; same length."""
    text = without_latex(text)
    for start, end in citations.spans(text):
        text = text[:start] + "_" * (end - start) + text[end:]
    text = _QUOTED.sub(lambda m: m[0] if "%" in m[0][:6] else re.sub(r"\d", "_", m[0]), text)
    return _NO_QUANTITY.sub(lambda m: re.sub(r"\d", "_", m[0]), text)


_NUM = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_MONEY = (
    r"(?:triệu|tỷ|tỉ|nghìn|ngàn|trăm)(?:\s*(?:tỷ|triệu))?(?:\s*(?:đồng|USD|đô la|VNĐ"
    r"|VND|người|lượt(?: khách| người)?|tấn|m3|m2|ha))?|đồng|USD|VNĐ"
)
_MEASURES = (
    r"Gbps/s|[μµ]g/m3|[μµ]g/m³|mg/l|km/h|°C|[GMK]bps|[GMK]bit/s|[GMK]b/s|TB|GB|MW|GW|kWh|MWh|km2|km²|km|cm|mm"
    r"|m2 sàn|m2|m²|m3|m³"
    r"|ha|Ha|tấn|tạ|kg|lít|hécta|héc ta|lần|bậc|điểm %|điểm phần trăm|‰"
    r"|điểm(?! (?:du lịch|đến|trường|cầu|đổ|tiêm|bán|dân cư|nóng))"
)


_PER = r"\s*/\s*(?:(?:\d[\d.]*|một|mỗi)\s*)?(?:vạn|nghìn|ngàn|triệu|trăm)?\s*"
_STOP_PER = r"(?=\s*(?:vào|xuống|lên|đến|trong|năm|so với|và|trở (?:lên|xuống)|,|;|\.|\)|$))"
_UNIT = regex(
    rf"\s*(?P<pct>%)(?P<of>\s*/\s*năm|\s*(?:GRDP|GDP|doanh thu))?"
    rf"|\s*(?P<per>/\s*\d[\d.]*\s*[^\W\d][\w\s]*?){_STOP_PER}"
    rf"|\s+(?P<many>(?:triệu|tỷ|tỉ|nghìn|ngàn|vạn)\s(?:{_COUNTS})(?![a-zà-ỹ])(?:\s*/\s*[a-zà-ỹ]+)*)"
    rf"|\s*(?P<meas>(?:{_MONEY}|{_MEASURES})(?![a-zà-ỹ])"
    rf"(?:\s*/\s*[a-zà-ỹ]+(?:\s*/\s*[a-zà-ỹ]+)*)?)"
    rf"|\s+(?P<count>(?i:{_COUNTS})(?![a-zà-ỹA-Z])(?:,\s(?:{_COUNTS})(?![a-zà-ỹA-Z])){{0,3}}"
    rf"(?:{_PER}[^\W\d][\w\s]*?{_STOP_PER}|(?:\s*/\s*[a-zà-ỹ]+)+)?)"
)
# A noun no list has, where the words before the number say that things are counted.
_OPEN = regex(r"\s+(?P<noun>[a-zà-ỹ]{2,}(?:\s+[a-zà-ỹ]{2,})?)(?![\w/])")
_NO_NOUN = frozenset(
    "được đạt có của cho về tại trong ngoài trên dưới để phục mới và hoặc từ đến vào ở do bằng "
    "theo với như thuộc là bị phải cần đã đang sẽ mỗi một nhằm gồm này đó trở so tổng tới khi "
    "tháng ngày giờ phút tuổi tuần năm quý tiếng dân lĩnh nội điều bên cấp bước hình trụ lần "
    "hàng tham nhất giai thời mức vạn nghìn triệu tỷ".split()
)
_COUNTING = regex(
    r"(?:\bcó|hình thành|xây dựng|thành lập|phát triển|thu hút|đào tạo|bồi dưỡng|công nhận|cấp"
    r"|hỗ trợ|triển khai|tuyển dụng|tuyển|trồng|lắp đặt|duy trì|thêm|mới|đạt|tổng số|đưa|sản xuất)"
    r"\s*$",
    re.I,
)
_RANGE = regex(rf"(?P<a>{_NUM})\s*(?:%\s*)?(?:[-–•]|đến)\s*(?P<b>{_NUM})")
# "08/08 huyện": so many of so many; "4/100.000 trẻ" is a rate, not a part.
_FRACTION = regex(r"(?P<a>\d{1,4})\s*/\s*(?P<b>(?!10+\b)\d{1,4})(?=\s+[^\W\d])")
_ONE = regex(rf"(?<![\w_.,/%])(?P<a>{_NUM})(?![\d_]|[.,]\d)")
_WORDS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_WORD_ONE = regex(
    rf"(?:(?<=ít nhất )|(?<=tối thiểu ))(?:{'|'.join(_WORDS)})(?= (?!trong|phần|mươi))"
)
_FILL = (
    r"(?:\s*(?:đạt|là|vào|năm|mức|có|cũng|bình quân|cả|được|từ|số|thêm|tỷ lệ|khoảng|cho|ở "
    r"mức|phải đạt|phải|:|_+))*\s*"
)
_AT_LEAST = (
    r"không (?:còn|có|để)[^.;,]{0,40}\bdưới|tối thiểu|ít nhất|không thấp hơn|không dưới"
    r"|thấp nhất(?= cũng| phải| là)|(?:đạt|là) thấp nhất"
    r"|không ít hơn|≥|từ(?=\s*$)|lớn hơn hoặc bằng"
)
_AT_MOST = (
    r"tối đa|không quá|không vượt quá|không[^.;,]{0,25}\bquá|không cao hơn|≤|nhiều nhất"
    r"|không (?:còn|có|để)[^.;,]{0,40}\b(?:trên|vượt)"
)
_LEFT: tuple[tuple[Comparator, re.Pattern[str]], ...] = tuple(
    (comparator, regex(rf"(?:{words}){_FILL}$", re.I))
    for comparator, words in (
        (Comparator.AT_LEAST, _AT_LEAST),
        (Comparator.AT_MOST, _AT_MOST),
        (Comparator.MORE_THAN, r"(?:\b|(?<=đạt))trên|(?<!thấp )(?<!nhiều )\bhơn|vượt|>|lớn hơn"),
        (Comparator.LESS_THAN, r"\bdưới|thấp hơn|nhỏ hơn|<"),
    )
)
_PLAIN = regex(r"(?:(?:đạt|khoảng|chiếm|xuống còn|còn|xuống|bằng|là|:)\s*)+$", re.I)
_APPROX = regex(r"(?:khoảng|gần|xấp xỉ|~)\s*$", re.I)
_TIME = regex(
    r"\s*(?:tháng|ngày|giờ|phút|tuổi|tuần|năm|quý|h\d*|tiếng|dân tộc|lĩnh vực|nội "
    r"dung|điều kiện|bên|cấp|bước|hình thức|trụ cột)(?![a-zà-ỹ])"
)


def find(text: str) -> list[Quantity]:
    """All quantities of a text, in order."""
    seen = view(text)
    found: list[Quantity] = []
    at = 0
    while True:
        number = _next_number(seen, at)
        if number is None:
            return found
        start, end, low, high = number
        goes_on = bool(found) and bool(_LISTED.search(seen[found[-1].end : start]))
        quantity = _quantity(seen, start, end, low, high, goes_on=goes_on)
        if quantity:
            found.append(_as_before(seen, found[-1], quantity) if found else quantity)
        at = max(quantity.end if quantity else end, start + 1)


def _as_before(seen: str, before: Quantity, quantity: Quantity) -> Quantity:
    """With the bound of the one it is listed with: "tối thiểu 260 doanh nghiệp, 45 HTX", "ít nhất
    600 bè sắt, 20 bè gỗ", "ít nhất 30% thời gian, 30% chi phí"."""
    if quantity.comparator is not Comparator.EQUAL or quantity.start != quantity.number_at:
        return quantity
    said = seen[before.start : before.number_at].strip()
    bound = before.comparator is Comparator.AT_LEAST and _BOUND.match(said)
    if not bound or before.percent != quantity.percent or before.bracketed:
        return quantity
    between = seen[before.end : quantity.start]
    same = quantity.value == before.value if quantity.percent else quantity.unit == before.unit
    near = _NEXT.fullmatch(between) and not quantity.percent
    if near or (same and quantity.value != 100 and _LISTED_ON.fullmatch(between)):
        return replace(quantity, comparator=Comparator.AT_LEAST)
    return quantity


_BOUND = re.compile(r"tối thiểu|ít nhất", re.I)
_NEXT = re.compile(r"\s*(?:,|và)\s*")
_LISTED_ON = re.compile(r"[^.;:()\d]{0,60}?(?:,|\bvà|\bhoặc)\s*")


def find_bare(text: str, unit: str | None) -> list[Quantity]:
    """The one number of a table cell whose unit stands in another column; length kept."""
    seen = view(text)
    part = re.fullmatch(r"\W*(?P<a>\d{1,4})\s*/\s*\d{1,4}\W*", text)
    if part:
        begin, end = part.span("a")
        return [Quantity(begin, end, begin, Comparator.EQUAL, Decimal(part["a"]), None, unit)]
    number = _next_number(seen, 0)
    if number is None:
        return []
    start, end, low, high = number
    comparator, begins = _comparator(seen[max(0, start - 60) : start])
    right = re.match(r"\s*(?:trở lên|trở xuống)", seen[end:])
    if right:
        comparator = Comparator.AT_LEAST if "lên" in right[0] else Comparator.AT_MOST
    if high is not None:
        comparator = Comparator.RANGE
    comparator = comparator or Comparator.EQUAL
    return [Quantity(start - begins, end, start, comparator, low, high, unit)]


_COUNTED_HERE = regex(rf"(?i:{_COUNTS})(?![a-zà-ỹA-Z])")


def counted_at(text: str, at: int) -> str | None:
    """The counted noun that begins at a place of the text; None where none does."""
    found = _COUNTED_HERE.match(text, at)
    return found[0] if found else None


def _next_number(seen: str, at: int) -> tuple[int, int, Decimal, Decimal | None] | None:
    one = _ONE.search(seen, at)
    word = _WORD_ONE.search(seen, at)
    if word and (one is None or word.start() < one.start()):
        return word.start(), word.end(), Decimal(_WORDS[word[0]]), None
    if one is None:
        return None
    part = _FRACTION.match(seen, one.start())
    if part and int(part["a"]) <= int(part["b"]):
        return part.start(), part.end(), parse_number(part["a"]), None
    pair = _RANGE.match(seen, one.start())
    if pair and not re.match(r"[\d.,]*\d", seen[pair.end() :]):
        low, high = parse_number(pair["a"]), parse_number(pair["b"])
        if low < high:
            return pair.start(), pair.end(), low, high
    return one.start(), one.end(), parse_number(one["a"]), None


def _quantity(
    seen: str, start: int, end: int, low: Decimal, high: Decimal | None, *, goes_on: bool
) -> Quantity | None:
    """The quantity of a number; `goes_on`: it stands in a list behind another quantity."""
    left = seen[max(0, start - 60) : start]
    span = _TIME.match(seen, end)
    if span and not _LIFE.search(left):
        return None
    ranking = _ranking(seen, start, end, goes_on=goes_on)
    if ranking:
        begins, stop, words = ranking
        return Quantity(
            start - begins, stop, start, Comparator.AT_MOST, low, high, words, ranking=True
        )
    comparator, begins = _comparator(left)
    unit = _UNIT.match(seen, end)
    words = _unit_words(unit) if unit else None
    stop = unit.end() if unit else end
    if span:
        words, stop = span[0].strip(), span.end()
    elif not unit:
        noun = _noun(seen, end, left, comparator, goes_on=goes_on)
        if noun:
            words, stop = noun[0], noun[1]
        elif comparator is None or not _INDEX.search(fold(left)):
            return None
    right = re.match(r"\s*(?:trở lên|trở xuống)", seen[stop:])
    if right:
        comparator = Comparator.AT_LEAST if "lên" in right[0] else Comparator.AT_MOST
        stop += right.end()
    elif unit and unit["pct"] and comparator is None and low < 100:
        far = _FAR_RIGHT.match(seen, stop)  # "95% đảng viên trở lên"
        comparator = Comparator.AT_LEAST if far else None
    comparator = Comparator.RANGE if high is not None else comparator or Comparator.EQUAL
    depth = seen.count("(", 0, start) - seen.count(")", 0, start)
    approx = bool(_APPROX.search(left))
    return Quantity(
        start - begins, stop, start, comparator, low, high, words, approx, depth > 0, bool(unit)
    )


_FAR_RIGHT = regex(r"\s(?!cấp|bậc|hạng|loại|từ|trình)[^\W\d]+\s(?:[^\W\d]+\s)?trở lên(?![\wà-ỹ])")
_INDEX = re.compile(r"chi so|xep hang|thu hang|diem so|ty so|he so|muc do|ty suat|/van dan")
# Years and ages are levels only of life: "tuổi thọ trung bình đạt 75 tuổi".
_LIFE = regex(r"tuổi thọ[^;.]{0,40}$|(?:năm|thời gian) sống[^;.]{0,30}$", re.I)
_GROUP = regex(
    r"(?:(?:nằm\s+|đứng\s+|xếp\s+)?(?:trong|thuộc|vào|ở)\s+)?"
    r"(?P<group>(?:trong\s+(?:số\s+)?)?[Nn]hóm|[Tt]rong(?:\s+số)?|\b[Tt][oố]p|TOP)(?:\s+đầu)?\s*$"
)
_PEERS = regex(
    r"\s*(?P<peers>(?:tỉnh, thành phố|tỉnh, thành|địa phương|quốc gia|nước|tỉnh|thành phố|đơn vị"
    r"|trường|bộ, ngành|xã, phường)(?![a-zà-ỹ]))?"
    r"(?P<first>[^.;,]{0,40}?(?:dẫn đầu|đứng đầu|hàng đầu"
    r"|tốp đầu|cao nhất|tốt nhất|phát triển nhất))?"
)


def _ranking(
    seen: str, start: int, end: int, *, goes_on: bool
) -> tuple[int, int, str | None] | None:
    """ "trong nhóm 10 nước dẫn đầu", "top 3": how far left it begins, where it ends, of whom."""
    group = _GROUP.search(seen[max(0, start - 40) : start])
    peers = _PEERS.match(seen, end)
    if peers is None or not (group or (goes_on and peers["peers"])):
        return None
    words = group[0].lower() if group else ""
    if not (peers["first"] or "top" in words or "tốp" in words):
        return None
    stop = peers.end("peers") if peers["peers"] else end
    return min(start, 40) - group.start() if group else 0, stop, peers["peers"]


_LISTED = re.compile(r"(?:,|;|\bvà)\s*(?:nhóm\s*)?$")


def _noun(
    seen: str, end: int, left: str, comparator: Comparator | None, *, goes_on: bool
) -> tuple[str, int] | None:
    """A counted noun that no list has, and where it ends: "20 kịch bản mẫu" → "kịch bản"."""
    strong = comparator not in (None, Comparator.EQUAL)
    found = _OPEN.match(seen, end)
    if not found or not (strong or goes_on or _COUNTING.search(left)):
        return None
    words = found["noun"].split()
    kept = words if len(words) < 2 or words[1] not in _NO_NOUN else words[:1]
    if words[0] in _NO_NOUN:
        return None
    stop = found.start("noun") + (len(found["noun"]) if len(kept) == len(words) else len(words[0]))
    return " ".join(kept), stop


def _comparator(left: str) -> tuple[Comparator | None, int]:
    """The comparator that ends just before the number, and how many characters it takes."""
    for comparator, pattern in _LEFT:
        found = pattern.search(left)
        if found:
            return comparator, len(left) - found.start()
    plain = _PLAIN.search(left)
    return (Comparator.EQUAL, len(left) - plain.start()) if plain else (None, 0)


def _unit_words(unit: re.Match[str]) -> str:
    if unit["pct"]:
        of = (unit["of"] or "").strip()
        return "%" + ("/năm" if of.startswith("/") else f" {of}" if of else "")
    words = unit["per"] or unit["many"] or unit["meas"] or unit["count"]
    return re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", words)).strip()
