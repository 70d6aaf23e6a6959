"""Verbs of work: where the units that open a sentence end, and what they do begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import islice

from namro.reading.letters import regex
from namro.reading.unit_names import FIELDS, HEAD

_VERBS = " ".join(
    line
    for line in files("namro.reading")
    .joinpath("verbs.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
).split("; ")
_VERB = regex(rf"[ ,]\s?(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))})(?![\wÀ-ỹ])")
# Names that hold a verb: "Ủy ban kiểm tra", "Ban tổ chức", "Trung tâm hỗ trợ doanh nghiệp".
_DOING = (
    r"(?:phát triển|đầu tư|xây dựng|quản lý|ứng dụng|nghiên cứu|đào tạo|bồi dưỡng|hỗ trợ|kiểm tra"
    r"|giám sát|chuyển đổi|khai thác|vận hành|điều hành|tư vấn|cung cấp|sản xuất|phục vụ|tiếp nhận"
    r"|kiểm soát|điều tra|kiểm định|thẩm định|đăng kiểm|thông tin|truyền thông|phòng|xúc tiến"
    r"|bảo tồn|bảo trợ|lưu trữ|quan trắc|dịch vụ|chăm sóc|cải cách|đổi mới|chế biến|chỉ đạo"
    r"|tuyên truyền|vận động|phát hành|phát thanh|giáo dục|chuyển giao|huấn luyện|thực hành"
    r"|hợp tác|liên kết|bảo vệ|sử dụng|kinh doanh|tổ chức sự kiện|thống kê|thanh tra|chi trả)"
)
_NAMED = regex(
    r"(?:(?:Ủy|Uỷ|ủy|uỷ) [Bb]an (?:kiểm tra|thanh tra)|[Bb]an (?:tổ chức|chỉ đạo|quản lý"
    r"|điều hành|vận động|soạn thảo|giám sát|tuyên truyền|thanh tra|liên lạc|công tác|giải phóng)"
    r"|[Bb]an [Cc]hỉ đạo (?:phát triển|chuyển đổi|phòng|xây dựng nông thôn|ứng dụng|cải cách"
    r"|đổi mới|thực hiện các|tổng kết|thi hành)"
    rf"|(?:[Cc]ơ quan|[Đđ]ơn vị|[Dd]oanh nghiệp|[Cc]ơ sở|[Cc]ông ty|[Cc]hủ thể"
    rf"|(?:[Cc]ác|[Nn]hững|[Mm]ỗi) tổ chức) {_DOING}"
    r"(?=(?:, [^\s,]+ [^\s,]+)? (?:và |\S+ (?!.{0,3}$)))"
    r"|[Đđ]ơn vị (?:chủ trì|tham gia|có liên quan)"
    r"|[Cc]ơ quan (?:(?:chuyên trách )?tham mưu(?:,| và) giúp việc|chủ trì|tham mưu|báo chí)"
    r"|[Tt]rung tâm [Dd]ịch vụ (?:tổng hợp|việc làm|công ích)"
    r"|[Cc]ông chức [^\W\d]+(?: [^\W\d]+)?(?:\s[-–]\s[a-zà-ỹ]+(?: [a-zà-ỹ]+)?)+"
    r"|[Cc]án bộ quản lý"
    rf"|(?:[Tt]rung tâm|(?<!Quốc )(?<!Hải )[Pp]hòng|(?<!Bệnh )(?<!bệnh )[Vv]iện"
    r"|(?<!Môi )(?<!môi )(?<!Thị )(?<!thị )[Tt]rường|[Qq]uỹ|Bộ phận|[Hh]ội đồng|[Cc]hi cục|Cục|Vụ"
    rf"|Tổ công tác|Tổ|Khu|Vườn|[Hh]iệp hội|[Dd]ự án|Ban) {_DOING}(?: {_DOING})*"
    rf"|{_DOING}(?=,? (?:chủ trì|có trách nhiệm|chịu trách nhiệm)(?![\wà-ỹ]))"
    r"|[Hh]ậu cần|doanh nghiệp (?:tham gia)|cơ sở thực hành|khu vực phòng"
    r"|nhà cung cấp|nhà đầu tư|chủ đầu tư|được phân công chủ trì "
    r"thực hiện nhiệm vụ|phòng ban tham gia đào tạo|các cấp|cùng cấp|[Tt]ổ chức "
    r"(?:chính trị|đảng|thành viên|xã hội|đoàn|cá nhân|kinh tế|y tế|tín dụng|liên quan|quốc tế"
    r"|hội|khoa học|hành nghề|công đoàn|cơ sở|phi chính phủ)"
    r"|[,;] tổ chức(?=[,;]| cá nhân| đoàn| chính| có| liên| thành)|cấp (?:ủy|uỷ|xã"
    r"|tỉnh|huyện|trên|dưới|cơ sở|mình|bộ)|(?:cấp|địa phương) quản lý|sự nghiệp|thông "
    r"tin (?:và|điện|cơ)|cung ứng|khoa học|Thông tin|công lập|phát thanh"
    r"|(?:đào tạo|kiểm tra|nghiên cứu) và (?:phát triển|chuyển giao|ứng dụng))"
)


_FIRST_VERB = regex(
    rf"[\s,:]*(?:{'|'.join(sorted(_VERBS, key=len, reverse=True))})(?![\wÀ-ỹ])", re.I
)


def begins_with_verb(text: str) -> bool:
    """Whether a stretch begins with one of the verbs of work ("Rà soát …", ": tổ chức …")."""
    return bool(_FIRST_VERB.match(text))


_SENTENCE = regex(r"(?<!TP)(?<!Tp)(?<!\bP)(?<!\bT)[.!?]\s+(?=[A-ZĐÀ-Ỹ])")
# A colon after a name opens its work; after "các thành phố" it opens the names themselves.
_COLON = regex(rf"\s?:(?=\s)(?!\s(?!mỗi|từng){HEAD.pattern})")
_LISTS_NAMES = regex(
    r"(?:[Cc]ác|gồm|[Nn]hững)\s(?:[Ss]ở|[Bb]ộ|tỉnh|thành phố|xã|phường|xã, phường|phòng|ban|huyện"
    r"|[Tt]rường|đơn vị|cơ quan|ngành|bệnh viện|hội|công ty|đảng ủy)$|^(?:Sở|Bộ)$"
)


def _colon(text: str) -> int | None:
    """Where a colon ends the name: "Công an tỉnh: Chủ trì …", but not "các Sở: Y tế, Nội vụ"."""
    for found in _COLON.finditer(text):
        if begins_with_verb(text[found.end() :]) or not _LISTS_NAMES.search(text[: found.start()]):
            return found.start()
    return None


# Full names: what follows them in small letters, or as a verb with a capital, is no part of them.
_FULL = (
    r"\b(?:[Ss]ở|[Bb]ộ|(?:[Pp]hòng|[Bb]an|Vụ|Cục|Chi cục|Trạm|Khoa|Trung tâm)(?! Xây dựng)) "
    rf"{FIELDS}"
    r"|\b(?:xã, phường|phường, xã)(?:,? (?:đặc khu|thị trấn))?"
)
_GOES_ON = (
    r"(?:và|với|cùng|hoặc|hay|tỉnh|thành phố|huyện|các|có|liên quan|khác|trực thuộc|thuộc|của|tại|ở"
    r"|nơi|trên|trong|ngoài|khu vực|biên giới|miền núi|vùng|ven|khó khăn|trọng điểm|lân cận|mới"
    r"|chưa|đã|đang|được|bị|không|đến|tới|cấp|thị trấn|đặc khu|theo|về|để|do|từ|trước|sau|nhằm|cho"
    r"|và/hoặc|nêu|nói|còn|đạt|đủ|thí điểm|miền|hải đảo|an toàn)(?![\wà-ỹ])"
)
# Words that end a name of one body: its area, its sort of members. What follows in small letters,
# unless it goes on with a word like these, is what the body does, in whatever verb.
_ENDS_ONE = (
    r"(?<=[\wà-ỹ] )(?:tỉnh|huyện|thành phố|phường|xã|đặc khu|cấp tỉnh|cấp xã|Thanh niên|Nông dân"
    r"|Phụ nữ|Cựu chiến binh|Chữ thập đỏ|Người cao tuổi|Khuyến học|Tổ quốc|Việt Nam|Tỉnh ủy|Tỉnh uỷ"
    r"|Đảng ủy|Đảng uỷ|Thành ủy|Kinh tế|Pháp chế|[Vv]ăn phòng)"
    r"|(?<=Văn phòng )(?:Bộ|Sở)|(?<=Thanh tra )(?:Bộ|Sở)"
    r"|\b(?:UBND|HĐND|MTTQ|UBMTTQ|BHXH|LĐLĐ)"
)
_AREA = r"(?:xã|phường|quận|thị xã|thôn|tuyến|đa khoa|dự phòng|lưu động)"
_GOES_WITH = (
    r"(?:cứu|hội|lộ|ủy|uỷ|viên|đoàn|trưởng|đóng|bạn|giáp|xã|phường|quận|thị|thôn|bản|ấp|xung|số"
    r"|tình nguyện|cộng sản|điện tử|khóa|hai cấp|ven|hải|nông thôn|vùng|nghèo|điểm|đảng|công|bộ"
    r"|cơ sở|phụ trách|kiêm|nhiệm kỳ|lâm thời|thường trực|đăng ký|văn phòng|luật sư|phụ|là|với)"
)
_CAPITAL = "|".join(v[:1].upper() + v[1:] for v in _VERBS if " " in v and "(" not in v)
_CLOSED = regex(
    rf"(?:{_FULL})(?= (?!{_GOES_ON}|{_AREA}(?![\wà-ỹ]))[a-zà-ỹđ])"
    r"|(?<=[\wà-ỹ] )(?:trực thuộc|liên quan)"
    rf"(?= (?!(?:{_GOES_ON}|{_AREA}|trực tiếp|sở|bộ|ngành|mật thiết|nhiều)(?![\wà-ỹ]))[a-zà-ỹđ])"
    rf"|(?:{_FULL}|(?<=[\wà-ỹ] )(?:xã|phường|tỉnh|thành phố|đoàn thể|liên quan|trực thuộc)"
    rf"|Việt Nam)(?= (?:{_CAPITAL})(?![\wà-ỹ]))"
)


_ONE = regex(rf"(?:{_ENDS_ONE})(?= (?!(?:{_GOES_ON}|{_GOES_WITH}(?![\wà-ỹ])))[a-zà-ỹđ])")
_MANY_BEFORE = regex(r"(?:[Cc]ác|[Nn]hững|[Tt]oàn thể|[Mm]ỗi|[Tt]ừng|[Hh]ai|cán bộ|người)\s")


def _is_of_one(text: str, end: re.Match[str]) -> bool:
    """Whether the name that ends here is of one body: "Công an xã", not "các tổ chức của xã"."""
    item = regex(r"[;,]\s|\svà\s").split(text[: end.start()])[-1]
    return not _MANY_BEFORE.search(item)


class _Unmarked(dict[int, str]):
    """A letter's number → the letter without marks; found once, then remembered."""

    def __missing__(self, code: int) -> str:
        letter = unicodedata.normalize("NFD", chr(code))[:1]
        self[code] = "d" if letter == "đ" else letter
        return self[code]


_UNMARKED = _Unmarked()


def _plain(text: str) -> str:
    """The text with the marks of its letters taken off, letter for letter."""
    return text.translate(_UNMARKED)


# Verbs whose marks a scan has misread ("tô chức", "phôi hợp"): told by their plain letters.
_MISREAD = re.compile(
    rf"[ ,]\s?(?P<verb>{'|'.join(_plain(v) for v in _VERBS if ' ' in v and '(' not in v)})(?!\w)"
)


_WORDS_AFTER = 30  # what a look ahead of a name's end may need to see


def names_until_verb(text: str, *, limit: int = 420) -> int:
    """Where a list of names ends, before the first verb (small first letter too); 0 for none."""
    return _names_until_verb(text[:limit])


@lru_cache(maxsize=8192)
def _names_until_verb(text: str) -> int:
    stop = _SENTENCE.search(text)
    within = text[: stop.start()] if stop else text
    kept = [m.span() for m in _NAMED.finditer(within)]

    def first(found: Iterable[tuple[int, int]]) -> list[int]:
        free = (end for end, at in found if not any(a <= at < b for a, b in kept))
        return list(islice(free, 1))

    ends = first((m.start(), m.start("verb")) for m in _VERB.finditer(within))
    near = within[: ends[0] + _WORDS_AFTER] if ends else within  # a later end is no matter
    ends += first((m.start(), m.start("verb")) for m in _MISREAD.finditer(_plain(near)))
    ends += first((m.end(), m.end() + 1) for m in _CLOSED.finditer(near))
    ends += first((m.end(), m.end() + 1) for m in _ONE.finditer(near) if _is_of_one(near, m))
    colon = _colon(near)
    if colon is not None and (ends or colon < 200):
        ends.append(colon)
    return min(ends, default=0)
