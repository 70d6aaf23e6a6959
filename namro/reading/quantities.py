"""Quantities in a sentence: comparator, value, unit of measure, and what is no quantity at all.

All functions work on a *view* of the text of the same length (LaTeX remnants, numbers of
documents, dates and names blanked), so that every position is a position in the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from namro.reading import citations
from namro.reading.letters import regex
from namro.terms import Comparator
from namro.vietnamese import fold, parse_number


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: `start`–`end` from the comparator's first word to the unit's last."""

    start: int
    end: int
    number_at: int
    comparator: Comparator
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    approx: bool = False
    bracketed: bool = False

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


_NO_QUANTITY = regex(
    r"(?P<date>ngày\s+\d{1,2}(?:\s*[,/.-]\s*\d{1,4})*(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?"
    r"|\d{1,2}/\d{1,2}(?:/\d{4})?(?=\D|$)(?!\s*(?:huyện|xã|phường|thôn|đơn vị|cơ quan|bản|tỉnh))"
    r"|tháng\s+\d{1,2}(?:\s*[/-]\s*\d{4})?|\d{1,2}/\d{4}"
    r"|(?:năm|giai đoạn|thời kỳ|nhiệm kỳ|khóa|từ năm|đến "
    r"năm)\s+\d{4}(?:\s*[-–]\s*(?:năm\s*)?\d{4})?|20\d{2}\s*[-–]\s*20\d{2}|\b(?:19"
    r"|20)\d{2}\b)"
    r"|(?P<ref>(?:Điều|khoản|Khoản|điểm|Điểm|mục|Mục|số|Số|Phụ lục|Chương|Phần|Bảng"
    r"|Biểu|cấp độ|mức độ|loại|lần thứ|thứ|hạng|Nghị quyết|khóa|Khóa|Tổ|tổ|Khu vực"
    r"|Quốc lộ|QL)\s+\d[\d./,-]*(?!\s*%))"
    r"|(?P<code>\b[A-Za-zĐđ]+-?\d+\w*|\d+[A-Za-zĐ]\b(?![/a-zà-ỹ])|\d+p\b|\d+/7\b|\b\d+\.\d+\.\d+\b)"
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
    r"|VND|người|lượt|tấn))?|đồng|USD|VNĐ"
)
_MEASURES = (
    r"Gbps/s|[μµ]g/m3|[μµ]g/m³|mg/l|km/h|°C|[GMK]bps|[GMK]bit/s|[GMK]b/s|TB|GB|MW|GW|kWh|MWh|km2|km²|km|m2|m²|m3|m³"
    r"|ha|Ha|tấn|tạ|kg|lít|hécta|héc ta|lần|bậc|điểm %|điểm phần trăm|điểm|‰"
)
_COUNTS = (
    "cơ sở dữ liệu|cơ sở y tế|cơ sở|doanh nghiệp, hợp tác xã|doanh nghiệp|hợp tác xã"
    "|dự án|mô hình|trạm|sản phẩm|xã|phường|thôn|bản|huyện|tỉnh"
    "|hộ gia đình|hộ|người|lao động|cán bộ|công chức|viên chức|học viên|học sinh"
    "|sinh viên|lượt người|lượt|lớp|hội nghị|hội thảo|cuộc|buổi|đợt"
    "|tin, bài|tin bài|tin|bài viết|bài|chuyên mục|chuyên đề|phóng sự|video|nền tảng"
    "|ứng dụng|hệ thống|trung tâm|khu|cụm|trường|thư viện"
    "|nhà văn hóa|nhà văn hoá|thiết chế|đề tài|nhiệm vụ|sáng chế|giải pháp|sáng kiến"
    "|chỉ tiêu|mẫu đo|bệnh viện|giường bệnh|bác sĩ|bác sỹ|căn hộ|căn"
    "|phòng|thiết bị|máy|camera|cây|con|văn bản|hồ sơ|thủ tục|dịch vụ|chương trình"
    "|kế hoạch|đề án|công trình|tuyến|đơn vị|cơ quan|địa phương"
    "|tổ chức|tổ|câu lạc bộ|sàn|gian hàng|thương hiệu|nhãn hiệu|vùng|chuỗi|làng|điểm "
    "đến|khách|đại biểu|ca sinh|ca|trẻ sơ sinh trai|trẻ|bộ"
    "|tiêu chí|tài khoản|kỹ sư|chuyên gia|tiến sĩ|thạc sĩ|nhóm|nhà máy|startup|quỹ"
    "|viện|phòng thí nghiệm|hợp đồng|giấy|suất|nhà|chợ|cầu"
)
_UNIT = regex(
    rf"\s*(?P<pct>%)(?P<of>\s*/\s*năm|\s*(?:GRDP|GDP|doanh thu))?"
    rf"|\s*(?P<per>/\s*\d[\d.]*\s*[^\W\d][\w\s]*?)(?=\s*(?:vào|đến|trong|năm|,|;|\.|\)|$))"
    rf"|\s*(?P<meas>(?:{_MONEY}|{_MEASURES})(?![a-zà-ỹ])(?:\s*/\s*[a-zà-ỹ]+(?:/[a-zà-ỹ]+)*)?)"
    rf"|\s+(?P<count>(?:{_COUNTS})(?![a-zà-ỹ])(?:\s*/\s*\d[\d.]*\s*[^\W\d][\w\s]*?(?=\s*(?:vào"
    rf"|xuống|đến|trong|năm|,|;|\.|\)|$))|(?:\s*/\s*[a-zà-ỹ]+)+)?)"
)
_RANGE = regex(rf"(?P<a>{_NUM})\s*(?:%\s*)?(?:-|–|đến)\s*(?P<b>{_NUM})")
_ONE = regex(rf"(?<![\w_.,/%])(?P<a>{_NUM})(?![\d_]|[.,]\d)")
_WORD_ONE = regex(r"(?<=ít nhất )một(?= (?!trong))|(?<=tối thiểu )một(?= (?!trong))")
_FILL = (
    r"(?:\s*(?:đạt|là|vào|năm|mức|có|bình quân|cả|được|từ|số|thêm|tỷ lệ|khoảng|cho|ở "
    r"mức|phải đạt|phải|:|_+))*\s*"
)
_AT_LEAST = (
    r"tối thiểu|ít nhất|không thấp hơn|không dưới|không ít hơn|≥|từ(?=\s*$)|lớn hơn hoặc bằng"
)
_AT_MOST = (
    r"tối đa|không quá|không vượt quá|không[^.;,]{0,25}\bquá|không cao hơn|≤|nhiều nhất"
    r"|\b[Tt][oố]p|trong nhóm"
)
_LEFT: tuple[tuple[Comparator, re.Pattern[str]], ...] = tuple(
    (comparator, regex(rf"(?:{words}){_FILL}$", re.I))
    for comparator, words in (
        (Comparator.AT_LEAST, _AT_LEAST),
        (Comparator.AT_MOST, _AT_MOST),
        (Comparator.MORE_THAN, r"\btrên|(?<!thấp )(?<!nhiều )\bhơn|vượt|>|lớn hơn"),
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
        quantity = _quantity(seen, start, end, low, high)
        if quantity:
            found.append(quantity)
        at = max(quantity.end if quantity else end, start + 1)


def find_bare(text: str, unit: str) -> list[Quantity]:
    """The one number of a table cell whose unit stands in another column; length kept."""
    seen = view(text)
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


def _next_number(seen: str, at: int) -> tuple[int, int, Decimal, Decimal | None] | None:
    one = _ONE.search(seen, at)
    word = _WORD_ONE.search(seen, at)
    if word and (one is None or word.start() < one.start()):
        return word.start(), word.end(), Decimal(1), None
    if one is None:
        return None
    pair = _RANGE.match(seen, one.start())
    if pair and not re.match(r"[\d.,]*\d", seen[pair.end() :]):
        low, high = parse_number(pair["a"]), parse_number(pair["b"])
        if low < high:
            return pair.start(), pair.end(), low, high
    return one.start(), one.end(), parse_number(one["a"]), None


def _quantity(
    seen: str, start: int, end: int, low: Decimal, high: Decimal | None
) -> Quantity | None:
    if _TIME.match(seen, end):
        return None
    unit = _UNIT.match(seen, end)
    left = seen[max(0, start - 60) : start]
    comparator, begins = _comparator(left)
    first = start - begins
    if not unit:
        index = re.search(r"chi so|xep hang|thu hang|diem so|ty so|he so|muc do", fold(left))
        if comparator is None or not index:
            return None
    stop = unit.end() if unit else end
    right = re.match(r"\s*(?:trở lên|trở xuống)", seen[stop:])
    if right:
        comparator = Comparator.AT_LEAST if "lên" in right[0] else Comparator.AT_MOST
        stop += right.end()
    if high is not None:
        comparator = Comparator.RANGE
    depth = seen.count("(", 0, start) - seen.count(")", 0, start)
    return Quantity(
        first,
        stop,
        start,
        comparator or Comparator.EQUAL,
        low,
        high,
        _unit_words(unit) if unit else None,
        bool(_APPROX.search(left)),
        depth > 0,
    )


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
    words = unit["per"] or unit["meas"] or unit["count"]
    return re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", words)).strip()
