"""Which quantities of a sentence are targets of their own, and which are conditions, baselines or
restatements."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from namro.reading.quantities import Quantity, without_latex
from namro.reading.target_fields import PAST
from namro.terms import Comparator


def targets_among(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """The quantities that are targets of their own, in order."""
    text = without_latex(text)
    picked: list[Quantity] = []
    for quantity in found:
        if is_no_target(text, quantity) or _is_restated(text, quantity, picked):
            continue
        if _is_condition(text, quantity, found) or _describes(text, quantity, found):
            continue
        if not _is_nested(text, quantity, picked):
            picked.append(quantity)
    return picked


def _clause(text: str) -> str:
    """The last sentence or part of one: what stands after the last full stop or semicolon."""
    return re.split(r"[;.]\s", text)[-1]


def _same_clause(text: str, first: Quantity, second: Quantity) -> bool:
    stops = _stops(text)
    after = bisect_left(stops, first.end)
    return after == len(stops) or stops[after] + 2 > second.start


@lru_cache(maxsize=16)
def _stops(text: str) -> list[int]:
    """Where the parts of a sentence end; asked for every two of its quantities."""
    return [found.start() for found in re.finditer(r"[;.]\s", text)]


_SHARE_OF = re.compile(
    r"^[^();.]{0,40}\(\s*(?:chiếm|đạt|bằng|tương đương|tương ứng)(?:\s+(?:tỷ lệ|tỉ lệ|trên|khoảng"
    r"|với|gần|hơn|ít nhất|tối thiểu))*\s*$"
)


def _is_restated(text: str, quantity: Quantity, picked: Sequence[Quantity]) -> bool:
    """The same once more in brackets: "50% (8 xã)", "76 xã (chiếm 75%)"."""
    if not quantity.bracketed:
        return False
    if quantity.percent:
        counted = [q for q in picked if not q.percent and q.end <= quantity.start]
        return bool(counted and _SHARE_OF.search(text[counted[-1].end : quantity.number_at]))
    before = any(q.percent and _same_clause(text, q, quantity) for q in picked)
    return before or not is_strong(quantity)


_OWN_SUBJECT = re.compile(
    r"\btrong đó\b|(?:[,;]|,?\s+và|:)\s*(?:đồng thời\s+)?"
    r"(?:mỗi (?!quý|tháng|năm|tuần|ngày)|hình thành|thành lập|thu hút|phấn đấu|tổng"
    r"|số (?!hóa|hoá)|diện tích|sản lượng|giá trị|thu nhập|tuyển dụng|tỷ lệ|tỉ lệ|nâng)"
)
_POPULATION = re.compile(
    r"\s*(?!vào|trong|năm|so với|trở|tổng|GDP|GRDP|kế hoạch|và|đến|của|đối với"
    r"|theo|mỗi|hàng|hằng)[^\W\d]"
)


# "trên 90% trạm y tế thực hiện được từ 80% danh mục kỹ thuật": how much each of them does.
_EACH_DOES = re.compile(
    r"^\s[^,;.]{3,80}\s(?:thực hiện|đáp ứng|hoàn thành|cung cấp|triển khai)(?: được)?"
    r"(?:\s+(?:từ|trên|ít nhất|tối thiểu|đạt))*\s*$"
)


def _is_nested(text: str, quantity: Quantity, picked: Sequence[Quantity]) -> bool:
    """What each of a population is to have: "100% khu công nghiệp có tối thiểu 1 trạm"."""
    shares = [q for q in picked if q.percent and _same_clause(text, q, quantity)]
    if quantity.percent and shares and _EACH_DOES.search(text[shares[-1].end : quantity.number_at]):
        return True
    if quantity.percent or not shares:
        return False
    last = shares[-1]
    counts = _POPULATION.match(re.sub(r"^\)|\(", "", text[last.end :]))
    own = _OWN_SUBJECT.search(text[last.end : quantity.start])
    return bool(counts) and not own


# "12 bác sĩ trên 1 vạn dân": of how many, not how many.
_PER_HEAD = re.compile(r"[^\W\d]\s+trên\s*$")
_TEN = re.compile(r"10*")
# "dân tộc thiểu số có dưới 10 nghìn người": a population told by its size.
_OF_WHOM = re.compile(
    r"(?:dân tộc(?: thiểu số)?|doanh nghiệp|hợp tác xã|cơ sở|khu dân cư)\s+"
    r"(?:có\s+|quy mô\s+)*(?:từ|trên|dưới)\s*$"
)
_WHO = re.compile(r"\b(?:có|quy mô|diện tích|công suất|dân số|thu nhập)\s+(?:từ|trên|dưới)\s*$")
# "cơ sở có công suất từ 300 kg/ngày trở lên": which of them, told by a measure of its own.
_SIZED = re.compile(
    r"[^\W\d]\s(?:quy mô|công suất|diện tích|vốn|doanh thu)(?:\s[^\W\d]+){0,2}"
    r"\s+(?:từ|trên|dưới)\s*$"
)
_WHICH = re.compile(
    r"\b(?:có|đạt|với)\s+(?:tổng\s+)?(?:quy mô|diện tích|công suất|dân số|thu nhập|vốn|doanh thu|"
    r"sản lượng|mức đầu tư|tổng mức đầu tư|vốn đầu tư|vốn điều lệ|năng suất|khối lượng)"
    r"(?:\s+[^\W\d]+){0,3}\s+(?:từ|trên|dưới)\s*$"
)


# "mỗi bản có 01 nhóm hộ (từ 5 hộ trở lên)": what counts as one.
_ASIDE_SIZE = re.compile(r"\(\s*(?:có |gồm |quy mô )?(?:từ|trên|ít nhất|tối thiểu)\s*$")
# "Toàn tỉnh có từ 3.800 doanh nghiệp trở lên", "phấn đấu có trên 7.000 doanh nghiệp": how many.
_ALL_HAVE = re.compile(
    r"(?:\b(?:toàn|cả|trong) (?:tỉnh|xã|huyện|phường|quốc|nước|ngành|thành phố)|\bphấn đấu"
    r"|^\W*(?:tỉnh|xã|phường))\s+(?:phấn đấu\s+)?có\s+(?:từ|trên)\s*$",
    re.I,
)


def _is_condition(text: str, quantity: Quantity, found: Sequence[Quantity]) -> bool:
    """Who is meant, not how much: "doanh nghiệp có từ 500 lao động trở lên phải …"."""
    before = text[: quantity.number_at]
    if _ASIDE_SIZE.search(before) and quantity.bracketed and not quantity.percent:
        return any(q.end <= quantity.start and not q.bracketed for q in found)
    if _ALL_HAVE.search(_clause(before)):
        return False
    if re.search(r"\bcó từ\s*$", before) and quantity.comparator is Comparator.AT_LEAST:
        return True
    if _PER_HEAD.search(before) and _is_base(text, quantity, found):
        return True
    others = [q for q in found if q is not quantity and _beside(text, q, quantity)]
    if _PER_HEAD.search(before) and any(_counts_for(text, q, quantity) for q in others):
        return _TEN.fullmatch(str(quantity.value)) is not None
    if _is_rank_of_counted(text, quantity, others):
        return True
    if _SIZED.search(before) and any(q.end <= quantity.start for q in others):
        return True
    if quantity.ranking and not _STRIVES.search(before):
        return any(is_strong(q) and not q.ranking and q.end <= quantity.start for q in others)
    if not quantity.percent and (_OF_WHOM.search(before) or _WHICH.search(before)):
        return True
    return bool(others and not quantity.percent and _WHO.search(before))


_STRIVES = re.compile(r",\s*phấn đấu\s[^;.,\d]*$", re.I)
_HEADS = re.compile(
    r"\s*(?:vạn|nghìn|ngàn|triệu|trăm)?\s*(?:dân|người|trẻ|ca|phụ nữ|lao động|ha|hécta|héc ta|m2"
    r"|m²|km2|km²|đơn vị diện tích|hộ)\b"
)
_SAYS_LEVEL = re.compile(
    r"\b(?:đạt|có|còn|là|lên|tăng|giảm|(?<!thu )được|từ|mức|trồng|khoảng)\s+trên\s*$"
)


def _is_base(text: str, quantity: Quantity, found: Sequence[Quantity]) -> bool:
    """ "Số bác sĩ trên 1 vạn dân đạt 12", "Giá trị trên 1 ha": a base, its count behind."""
    before = text[: quantity.number_at]
    round_one = _TEN.fullmatch(str(quantity.value).split(".")[0]) is not None
    heads = _HEADS.match(text[_number_end(text, quantity) :])
    later = any(q.start >= quantity.end and _same_clause(text, quantity, q) for q in found)
    return bool(round_one and heads and later and not _SAYS_LEVEL.search(before))


def _number_end(text: str, quantity: Quantity) -> int:
    number = re.compile(r"[\d.,]*\d").match(text, quantity.number_at)
    return number.end() if number else quantity.number_at


def _is_rank_of_counted(text: str, quantity: Quantity, others: Sequence[Quantity]) -> bool:
    """ "02 sản phẩm từ 3 sao trở lên": which of those counted, in the same breath."""
    from_up = re.search(r"\btừ\s*$", text[: quantity.number_at])
    counted = [q for q in others if q.end <= quantity.start and not q.percent]
    if not from_up or not counted or quantity.percent:
        return False
    between = text[counted[-1].end : quantity.start]
    return len(between) < 40 and not re.search(r"[,;:(]|\b(?:đạt|tăng|giảm|còn|lên|là)\b", between)


def _counts_for(text: str, count: Quantity, heads: Quantity) -> bool:
    """Whether "trên" joins a count to the heads it is reckoned on: "33 giường trên 1 vạn dân"."""
    between = text[count.end : heads.number_at]
    return count.end <= heads.start and not re.search(r"[,;:]", between) and len(between) < 30


def _beside(text: str, one: Quantity, other: Quantity) -> bool:
    first, second = sorted((one, other), key=lambda q: q.start)
    return _same_clause(text, first, second)


_MEASURED = re.compile(
    r"(?:tốc độ|độ phân giải|công suất|dung lượng|bán kính|băng thông)[^,;.]{0,25}$"
)


def _describes(text: str, quantity: Quantity, found: Sequence[Quantity]) -> bool:
    """A share is asked for, the speed says of what: "Tỷ lệ … tốc độ 1 Gb/s đạt 100%"."""
    if quantity.percent:
        return False
    clause = _clause(text[: quantity.start])
    later = [q for q in found if q.percent and q.start > quantity.end]
    if not any(_same_clause(text, quantity, q) for q in later):
        return False
    ratio = re.match(r"\W*(?:Tỷ|Tỉ|tỷ|tỉ) (?:lệ|trọng)", clause)
    return bool(ratio or (_MEASURED.search(clause) and not is_strong(quantity)))


def is_strong(quantity: Quantity) -> bool:
    """Whether a lowest or highest value is asked for."""
    return quantity.comparator in (Comparator.AT_LEAST, Comparator.AT_MOST)


_ASIDE = re.compile(r"\([^()]*\)")
_EXCEPT = re.compile(
    r"(?:trừ(?! trợ cấp)|ngoại trừ|đối với [^.;:]{0,150}tỷ lệ|nếu)[^.;]{0,80}$", re.I
)
_THEN = re.compile(
    r"[^.;]{0,40}?\b(?:xuống|lên)\s+(?:(?:còn|dưới|trên|khoảng|tối thiểu|ít nhất|đạt|mức)\s+)*\d"
)


def is_no_target(text: str, quantity: Quantity) -> bool:
    """A baseline, a result already reached, an exception, a comparison."""
    before = text[: quantity.start]
    clause = _ASIDE.sub(" ", _clause(before))
    if _EXCEPT.search(clause) or PAST.search(re.split(r"[Pp]hấn đấu", clause)[-1]):
        return True
    tail = text[quantity.end : quantity.end + 60]
    if re.search(r"(?:giảm|tăng) từ\s*$", before) or _THEN.match(tail):
        if re.search(r"\btừ\s*$", text[max(0, quantity.start - 8) : quantity.number_at]):
            return True
    if re.search(r"\bso với\b[^.;,]{0,40}$", clause):
        return True
    if quantity.bracketed and re.match(r"\s*so với", tail):
        return True
    return bool(re.search(r"\bmột trong\b", text[quantity.start : quantity.end + 8]))


_MUST = re.compile(r"phải|đảm bảo|bảo đảm|phấn đấu|tối thiểu|ít nhất|đạt|được|có ", re.I)
_AIMED = re.compile(r"phấn đấu|mục tiêu|chỉ tiêu", re.I)
# A sentence that tells how things are, not how they are to be.
_TELLS = re.compile(
    r"\W*(?:(?:Trong )?(?:những|các|mấy) năm (?:qua|gần đây)|Thời gian qua|Kết quả|Tuy nhiên"
    r"|Bên cạnh những kết quả|Qua (?:rà soát|đánh giá|kiểm tra)|Đã |Đánh giá (?:chung|kết quả)"
    r"|Sau (?:hơn |gần )?\d+ (?:năm|tháng)\b|(?:Đến|Tính đến) (?:hết|cuối|nay)"
    r"|[^.;:]{0,90}\b(?:[Tt]án thành|[Tt]hông qua|[Nn]hất trí)\b[^.;:]{0,20} đánh giá )"
)
# "Đánh giá chung: … đạt 22,5%": the title of an item says that it tells.
_TOLD_ABOVE = re.compile(
    r"\W*(?:Đánh giá (?:chung|kết quả|tình hình)|Kết quả|Thực trạng)[^.;:]{0,60}:"
)
# A scale of marks says what a result is worth: "từ 90 - 95% cộng 03 điểm".
_POINTS = re.compile(r"[^;.]{0,120}?(?:cộng|trừ|được|chấm|tối đa)[^;.,]{0,25}\d+\s+điểm", re.I)
_LEVEL_OF = re.compile(
    r"(?:sản lượng|diện tích|giá trị|\bđàn|tổng|quy mô|doanh thu|kim ngạch|năng suất|thu nhập"
    r"|công suất)[^;,.]{0,40}$",
    re.I,
)
_BY_YEAR = re.compile(r"\b(?:đến|tới)\s+(?:hết\s+|cuối\s+)?năm\s+20\d\d\b", re.I)
# "khám sức khỏe ít nhất 01 lần/năm": how often a work is done, no level.
_HOW_OFTEN = re.compile(r"(?:lần|đợt|lượt|kỳ|phiên|buổi)\s*/\s*(?:năm|quý|tháng|tuần)\b")
_MONEY_TALK = re.compile(
    r"\bchi\b(?! cục| bộ| nhánh| hội| đoàn| tiết)|kinh phí|vốn|ngân sách"
    r"|mỗi bên|đóng góp|phụ cấp|lương|bồi thường|định mức"
    r"|lãi suất|học phí|chi phí|(?<!nợ )(?<!nợ đọng )thuế|mức hưởng|cộng",
    re.I,
)
_OF_MONEY = re.compile(r"\s*(?:vốn|kinh phí|chi phí|giá trị|mức|lãi suất|học phí|lương|thuế|tiền)")


def is_level(text: str, quantity: Quantity) -> bool:
    """Whether a quantity outside the aims is a level or ratio to be reached by a population."""
    clause = _clause(text[: quantity.start])
    if is_no_target(text, quantity):
        return False
    sentence = re.split(r"\.\s", text[: quantity.start])[-1]
    if _TELLS.match(sentence) or _TOLD_ABOVE.match(text) or _POINTS.match(text, quantity.end):
        return False
    if quantity.unit and _HOW_OFTEN.match(quantity.unit):
        return False
    opens = text[: quantity.start].rstrip().endswith("(") and quantity.start > 3
    if opens and quantity.percent and is_strong(quantity):
        return False  # "thôn trọng điểm (≥ 35% trẻ thấp còi)": which ones are meant
    said = text[quantity.start : quantity.number_at].strip()
    level = said or _LEVEL_OF.search(clause)
    aimed = bool(_AIMED.search(sentence) or (level and _BY_YEAR.search(sentence)))
    if quantity.percent:
        return _is_share(text, quantity, clause, aimed=aimed)
    if not _MUST.search(clause[-40:] + text[quantity.start :][:200]):
        return False
    if aimed and not quantity.bracketed and not _MONEY_TALK.search(clause):
        return quantity.known_unit or is_strong(quantity)
    whole_cell = quantity.start < 3 and len(text) < 120
    return is_strong(quantity) and bool(quantity.unit and ("/" in quantity.unit or whole_cell))


# How much of the money given is to be paid out is a level of work, not a share of it.
_PAID_OUT = re.compile(r"giải ngân[^;.]{0,50}$", re.I)


def _is_share(text: str, quantity: Quantity, clause: str, *, aimed: bool) -> bool:
    if _PAID_OUT.search(clause):
        return aimed or quantity.comparator is not Comparator.EQUAL
    if _MONEY_TALK.search(clause[-60:]) or _OF_MONEY.match(text, quantity.end):
        return False
    if re.match(r"\s*riêng\s", clause) and not text[quantity.end :].strip(" ."):
        return True  # "80% kết quả được số hóa; riêng hộ tịch 100%"
    whole = quantity.value == 100 and _POPULATION.match(text, quantity.end)
    bound = quantity.comparator not in (Comparator.EQUAL, Comparator.RANGE)
    return bool(
        whole or aimed or bound or _MUST.search(clause[-40:] + text[quantity.start :][:200])
    )
