"""Units named in the text: lists taken apart, names found in a sentence, names resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import Mention


@dataclass(frozen=True)
class KnownUnit:
    """A unit of the installation (đơn vị): its code, its official name, other names it goes by."""

    code: str
    name: str
    aliases: tuple[str, ...] = field(default_factory=tuple)


# How names of organisations begin, in Party and State papers.
_COLLECTIVE = (
    r"(?:(?:Thủ trưởng|Giám đốc|Chủ tịch|Lãnh đạo|lãnh đạo|Người đứng đầu|người đứng "
    r"đầu|Bí thư|Trưởng|đồng chí|Đồng chí) )?(?:[Cc]ác|[Nn]hững|[Tt]oàn thể|[Hh]ai"
    r"|[Mm]ỗi|[Tt]ừng)\s+(?:sở|Sở|ban|Ban|bộ|Bộ|ngành|Ngành|cơ quan|Cơ quan|đơn vị"
    r"|Đơn vị|địa phương|Địa phương"
    r"|tỉnh|thành phố|huyện|xã|phường|thôn|tổ chức|đoàn thể|cấp|cấp ủy|cấp uỷ|đảng ủy"
    r"|đảng uỷ|Đảng ủy|chi bộ|chi, đảng bộ|đảng bộ|hội(?! viên| nghị| thảo)"
    r"|hiệp hội|Hiệp hội|Hội|doanh nghiệp|Doanh nghiệp|DNVT|DN"
    r"|trường|Trường|phòng|Phòng|trung tâm|Trung tâm|bệnh viện|báo|đồng chí|thành "
    r"viên|Ủy ban|Uỷ ban|ủy ban|UBND|Đoàn thể|Đoàn|đoàn(?! viên)|đại biểu"
    r"|viện|ngân hàng|nhà mạng|nhà đầu tư|chủ đầu tư"
    r"|tập đoàn|tổng công ty|công ty|cơ sở|hợp tác xã|hộ|chủ thể|khoa|phòng ban|lực "
    r"lượng|Sở|tổ|Tổ|quận|Cục|cục|nhà trường|chủ|cá nhân|xã, phường|văn phòng|Văn "
    r"phòng)(?![a-zà-ỹ])"
)
_SINGLE = (
    r"(?:Thường trực |Lãnh đạo |lãnh đạo |Thủ trưởng |thủ trưởng |Giám đốc |giám đốc "
    r"|Chủ tịch |Trưởng |Chánh |Chủ nhiệm |Người đứng đầu |người đứng đầu |Tổ trưởng "
    r")?"
    r"(?:Sở|UBND|Trung ương (?:Mặt trận|Hội|Đoàn)|Ủy ban|Uỷ ban|Ủy Ban|Uỷ Ban|Ban(?! hành)"
    r"|Bộ(?! tiêu chí| chỉ số| luật| thủ tục| câu hỏi| tài liệu)|Văn phòng|VP|HĐND|Hội đồng"
    r"|Đảng ủy|Đảng uỷ|Đảng đoàn|Đảng bộ|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Huyện ủy|Công an"
    r"|Phòng(?!, chống| ngừa| chống)"
    r"|Trung tâm|Mặt trận|MTTQ|UBMTTQ|Hội(?! nghị| thảo| thi| chợ| đàm)|Hiệp hội"
    r"|Liên đoàn|Liên minh|Liên hiệp|Đoàn(?! kết)|Tỉnh đoàn|Thành đoàn|Thanh tra(?!,)"
    r"|Cục|Chi cục|Kho bạc|Kiểm toán|Cổng [Tt]hông tin"
    r"|Bảo hiểm xã hội|BHXH|Ngân hàng|Đài|Báo(?! cáo)|Thống kê"
    r"|Thuế"
    r"|Trường(?! hợp)|Viện|Tòa án|Viện kiểm sát|Công ty|Tổng công ty|Tổng Công ty"
    r"|Tổng cục|Tổng Liên đoàn|Tập đoàn|Quỹ|Bệnh viện|Doanh nghiệp|Nhà đầu tư|Tổ(?! "
    r"chức)|Khối|Chi nhánh|Điện lực|Bưu điện|Thông tấn xã|Vụ(?! việc)|Bộ Chỉ huy|Các "
    r"DNVT|DNVT|Chính phủ|Quốc hội"
    r"|Cơ quan|Đơn vị(?! tính)|Cấp ủy|Cấp uỷ|TTXVN|VTV|VOV|LĐLĐ|Ngành|Lực lượng|Nhà "
    r"trường|Học viện|Đại học|Hải quan|Toà án|Ủy viên|Chính quyền(?! điện tử| số)|Bí "
    r"thư)(?![a-zà-ỹ])"
)
HEAD = regex(rf"(?:{_COLLECTIVE}|{_SINGLE})")
# What may follow a comma or "và" as a name of its own. Inside "các cơ quan, đơn vị liên quan" a
# small word goes on with the collective; elsewhere it begins a new one.
_NEW = regex(rf"(?:{_SINGLE}(?=[\s;,.)]|$)|{_COLLECTIVE}|[A-ZĐ]{{2,6}}(?![a-zà-ỹ&])|một số )")
_NEW_SMALL = regex(
    r"(?:cơ quan|đơn vị|địa phương|doanh nghiệp|sở|sở, ban|bộ, ngành|phòng CNTT|báo, đài|hội"
    r"|cán bộ|cấp ủy|chính quyền|hiệp hội"
    r"|tổ chức|cá nhân|nhà cung cấp|nhà đầu tư|chủ đầu tư|[Xx]úc tiến đầu tư|nhà đầu "
    r"tư|lãnh đạo|bộ|ngành)(?=[\s,;.]|$)"
)
_IN_COLLECTIVE = regex(r"(?:Ban|Sở|Bộ|Phòng|Hội|Đoàn|Ngành|Trường|Đơn vị|Cơ quan)(?=,|\s[a-zà-ỹ])")


_BARE = regex(r"(?:Ban|Sở|Bộ|Ngành|Hội|Đoàn|Phòng)(?=,)")
_IS_COLLECTIVE = regex(
    r"\s*(?:(?:Thủ trưởng |Lãnh đạo |lãnh đạo |Giám đốc |[Nn]gười đứng đầu )?(?:các"
    r"|những|Các|Những|toàn thể)\s|(?:[Bb]ộ|[Ss]ở|[Bb]an|[Nn]gành|[Cc]ơ quan|[Đđ]ơn "
    r"vị)\s*(?:,|$))"
)


def _begins(text: str, at: int, item: str) -> bool:
    """Whether a new name begins at `at`, after the words `item` of the one before."""
    collective = bool(_IS_COLLECTIVE.match(item))
    if _BARE.match(text, at) or (collective and _IN_COLLECTIVE.match(text, at)):
        return False
    if _NEW.match(text, at):
        return True
    after_and = text[:at].endswith(" và ")
    sorts = re.match(r"\s*(?:các|Các) (?:sở|Sở|bộ|Bộ|ngành)\b", item) and re.match(
        r"(?:cơ quan, đơn vị|(?:cơ quan|đơn vị) có|doanh nghiệp) ?", text[at:]
    )
    apart = after_and and bool(sorts)
    return bool(_NEW_SMALL.match(text, at)) and (not collective or apart)


def split_names(text: str) -> list[tuple[str, int, int]]:
    """A list of units taken apart: each name with where it stands in `text`.

    Split at ";", and at "," or "và" only where a new name begins, so that "Các sở, ban, ngành" and
    "Sở Văn hóa, Thể thao và Du lịch" stay one.

    >>> [n for n, _, _ in split_names("Sở Y tế; các sở, ban, ngành và UBND các xã, phường")]
    ['Sở Y tế', 'các sở, ban, ngành', 'UBND các xã, phường']
    """
    cuts = [0]
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth > 0:
            continue
        if char == ";" or (char == "•"):
            cuts += [at, at + 1]
        elif char == "," and _begins(text, _skip(text, at + 1), text[cuts[-1] : at]):
            cuts += [at, at + 1]
        elif text.startswith((" và ", " cùng "), at):
            word = 4 if text.startswith(" và ", at) else 6
            if _begins(text, at + word, text[cuts[-1] : at]) and not _inside_name(text, at):
                cuts += [at, at + word]
        elif char == " " and _runs_into(text, at):
            cuts += [at, at + 1]
    cuts.append(len(text))
    names: list[tuple[str, int, int]] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        name = text[start:end]
        left = len(name) - len(name.lstrip(" ,.:-–+"))
        name = _trim(name)
        if len(name) > 1:
            names.append((name, start + left, start + left + len(name)))
    return [part for whole in names for part in _expanded(*whole)]


_LOOSE = regex(r"(?:[\s,]+(?:trong|về|để|tại|cho|với|và|của|nhằm|khi|từ|do|cùng))+$")


def _trim(name: str) -> str:
    name = _LOOSE.sub("", name.strip(" ,.:-–+"))
    return name[:-1] if name.endswith(")") and "(" not in name else name


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _inside_name(text: str, at: int) -> bool:
    """Whether the name before "và" is unfinished: "Báo và Phát thanh", "Đài …"."""
    before = text[:at].rstrip()
    return bool(re.search(r"(?:^|[;,]\s*)(?:Báo|Đài)$", before)) or (
        bool(re.search(r"(?:Văn phòng|VP) (?:Đoàn [^,;]{3,30}|HĐND)$", before))
        and bool(re.match(r" và (?:HĐND|Hội đồng|UBND|Ủy ban nhân dân)", text[at:]))
    )


_HEADED = regex(r"(?:Sở|Bộ) [A-ZĐÀ-Ỹ]")


def _runs_into(text: str, at: int) -> bool:
    """ "Sở Y tế Sở Công Thương": the separator is missing between two names of the same sort."""
    if not _HEADED.match(text, at + 1):
        return False
    head = text[at + 1 : at + 3]
    last = max(text.rfind(sign, 0, at) for sign in (";", ","))
    before = text[last + 1 : at].strip()
    if before.endswith(
        ("và", "với", "của", "Đảng ủy", "Giám đốc", "thuộc", "Văn phòng", "Thanh tra")
    ):
        return False
    return before.startswith(head) and len(before.split()) >= 3


_SHARED = regex(
    r"^(?P<by>(?:các|Các) (?P<head>sở|Sở|bộ|Bộ|phòng|Phòng)|(?P<head2>Sở"
    r"|Bộ))\s*:\s*(?P<rest>[A-ZĐÀ-Ỹ].+)$"
)


# What departments and ministries are of, today and before 2025, longest first.
_FIELDS = (
    r"(?:Văn h(?:óa|oá), Thể thao và Du lịch|Lao động\s*[-–,]\s*Thương binh và Xã hội"
    r"|Nông nghiệp và Phát triển nông thôn|Nông nghiệp và Môi trường|Thông tin và Truyền thông"
    r"|Tài nguyên và Môi trường|Khoa học và Công nghệ|Giáo dục và Đào tạo|Kế hoạch và Đầu tư"
    r"|Văn h(?:óa|oá) và Thể thao|Quy hoạch\s*[-–]\s*Kiến trúc|Giao thông [Vv]ận tải"
    r"|Dân tộc và Tôn giáo|An toàn thực phẩm|Công [Tt]hương|Tài chính|Xây dựng|Nội vụ|Tư pháp|Y tế"
    r"|Ngoại vụ|Ngoại giao|Quốc phòng|Công an|Du lịch|NN&MT|KH&CN|GD&ĐT|VHTT&DL|TN&MT|TT&TT|KH&ĐT"
    r"|GTVT)(?![\wà-ỹ])"
)
_FIELD_LIST = regex(
    rf"^(?P<by>(?:các|Các|hai|Hai) (?P<head>Sở|sở|Bộ|bộ)|(?P<head2>Sở|Bộ))\s*:?\s+"
    rf"(?P<rest>{_FIELDS}(?:\s*(?:,|;|và)\s*{_FIELDS})+)$"
)


def _of_one_sort(name: str, start: int) -> list[tuple[str, int, int]]:
    """ "các Sở Y tế, Nội vụ và Tài chính" → one name for each; [] for anything else."""
    listed = _FIELD_LIST.match(name)
    if not listed:
        return []
    head = (listed["head"] or listed["head2"]).capitalize()
    at = start + listed.start("rest")
    fields = regex(_FIELDS).finditer(listed["rest"])
    return [(f"{head} {f[0]}", at + f.start(), at + f.end()) for f in fields]


def _expanded(name: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """ "các Sở: Xây dựng, Công Thương" → "Sở Xây dựng", "Sở Công Thương"."""
    listed = _of_one_sort(name, start)
    if listed:
        return listed
    shared = _SHARED.match(name)
    if not shared:
        return [(name, start, end)]
    head = (shared["head"] or shared["head2"]).capitalize()
    found: list[tuple[str, int, int]] = []
    at = start + shared.start("rest")
    for part in regex(r"(,\s*(?=[A-ZĐÀ-Ỹ])|;\s*)").split(shared["rest"]):
        words = part.strip(" ,;")
        if words:
            found.append((words if HEAD.match(words) else f"{head} {words}", at, at + len(words)))
        at += len(part)
    return found


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
    r"|[Đđ]ơn vị (?:chủ trì|tham gia|có liên quan)|[Cc]ơ quan (?:chủ trì|tham mưu|báo chí)"
    rf"|(?:[Tt]rung tâm|[Pp]hòng|[Vv]iện|[Tt]rường|[Qq]uỹ|Bộ phận|[Hh]ội đồng|[Cc]hi cục|Cục|Vụ"
    rf"|Tổ công tác|Tổ|Khu|Vườn|[Hh]iệp hội|[Dd]ự án|Ban) {_DOING}(?: {_DOING})*"
    r"|doanh nghiệp (?:tham gia)|cơ sở thực hành|khu vực phòng"
    r"|nhà cung cấp|nhà đầu tư|chủ đầu tư|được phân công chủ trì "
    r"thực hiện nhiệm vụ|phòng ban tham gia đào tạo|các cấp|cùng cấp|[Tt]ổ chức "
    r"(?:chính trị|đảng|thành viên|xã hội|đoàn|cá nhân|kinh tế|tín dụng|liên quan|quốc tế"
    r"|hội|khoa học|hành nghề|công đoàn|cơ sở|phi chính phủ)"
    r"|[,;] tổ chức(?=[,;]| cá nhân| đoàn| chính| có| liên| thành)|cấp (?:ủy|uỷ|xã"
    r"|tỉnh|huyện|trên|dưới|cơ sở|mình|bộ)|(?:cấp|địa phương) quản lý|sự nghiệp|thông "
    r"tin (?:và|điện|cơ)|cung ứng|khoa học|Thông tin|công lập|phát thanh"
    r"|(?:đào tạo|kiểm tra|nghiên cứu) và (?:phát triển|chuyển giao|ứng dụng))"
)


_SMALL_HEAD = re.compile(
    r"(?:sở|cơ quan|đơn vị|cấp ủy|các cấp|hai (?:ngành|bên|cơ quan)|phòng(?!,| chống| ngừa)|khoa"
    r"|trung tâm|ban (?:chỉ đạo|quản lý|giám hiệu|giám đốc)|bộ phận)\b"
)


def leading_names(text: str, *, limit: int = 420) -> int:
    """Where the name (or list of names) that opens a sentence ends; 0 when none opens it.

    The name ends before the first verb that is no part of a name.
    """
    if not HEAD.match(text) and not _SMALL_HEAD.match(text):
        return 0
    return names_until_verb(text, limit=limit)


def mentions(block: Block, start: int, end: int) -> tuple[Mention, ...]:
    """The units named in characters `start`–`end` of a block, each with its place."""
    names = split_names(block.text[start:end])
    if (
        len(names) > 1
    ):  # "…, UBND các xã được phân công chủ trì": said of all, no part of the last name
        name, a, b = names[-1]
        said = re.search(r"\s+được (?:phân công|giao)\b.*$", name)
        if said:
            names[-1] = (name[: said.start()], a, b - len(said[0]))
    return tuple(Mention(name, block.place(start + a, start + b)) for name, a, b in names)


_FIRST_VERB = regex(
    rf"[\s,:]*(?:{'|'.join(sorted(_VERBS, key=len, reverse=True))})(?![\wÀ-ỹ])", re.I
)


def begins_with_verb(text: str) -> bool:
    """Whether a stretch begins with one of the verbs of work ("Rà soát …", ": tổ chức …")."""
    return bool(_FIRST_VERB.match(text))


_SENTENCE = regex(r"(?<!TP)(?<!Tp)(?<!\bP)(?<!\bT)[.!?]\s+(?=[A-ZĐÀ-Ỹ])")
# A colon after a name opens its work; after "các thành phố" it opens the names themselves.
_COLON = regex(rf"\s?:(?=\s)(?!\s{HEAD.pattern})")
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


def sureness(names: Sequence[Mention], least: float) -> float:
    """How sure a list of units is: `least` for names as units bear them, less for an overlong one
    or one that begins like no unit, which may hold words of the sentence."""
    if not names:
        return least
    odd = any(len(m.text) > 110 or not _LIKE_A_UNIT.match(m.text) for m in names)
    return min(least, 0.6) if odd else least


_LIKE_A_UNIT = regex(
    rf"(?:{HEAD.pattern}|[A-ZĐ]|(?:các|sở|phòng|đơn vị|cơ quan|ngành|địa phương|hai)\b)"
)


def names_until_verb(text: str, *, limit: int = 420) -> int:
    """Where a list of names ends, before the first verb (small first letter too); 0 for none."""
    stop = _SENTENCE.search(text[:limit])
    within = text[: stop.start() if stop else limit]
    kept = [m.span() for m in _NAMED.finditer(within)]
    colon = _colon(within)
    for found in _VERB.finditer(within):
        at = found.start("verb")
        if not any(start <= at < end for start, end in kept):
            return found.start() if colon is None else min(found.start(), colon)
    return colon if colon and colon < 200 else 0


_SORT = (
    r"(?:cơ quan|đơn vị|sở|ban|bộ|ngành|địa phương|phòng|xã|phường|thị trấn|đặc khu|huyện"
    r"|doanh nghiệp|tổ chức|hội|đoàn thể|cá nhân|cấp ủy|cấp uỷ|chính quyền)"
)
_MANY = re.compile(
    r"(?:(?:thủ trưởng|giám đốc|chủ tịch|lãnh đạo|người đứng đầu|bí thư|trưởng)\s+)?"
    r"(?:(?:các|những|toàn thể|mỗi|từng)\b"
    r"|(?:ubnd|hđnd|(?:ủy|uỷ) ban nhân dân|hội đồng nhân dân|đảng (?:ủy|uỷ)|công an|mttq"
    r"|(?:(?:ủy|uỷ) ban )?(?:mttq|mặt trận tổ quốc)(?: việt nam)?|trạm y tế|chính quyền)\s+"
    r"(?:(?:các|những|mỗi|từng)\b|cấp (?:xã|huyện|tỉnh|cơ sở)\b"
    r"|(?:xã|phường|thị trấn|đặc khu|huyện)(?=\s*(?:,|và\b)\s*(?:xã|phường|thị trấn|đặc khu)))"
    rf"|{_SORT}(?:\s*(?:,|và)\s*{_SORT})*(?:\s+(?:(?:có )?liên quan|khác)\b.*|\s+các cấp.*)?$)",
    re.I,
)


def is_collective(name: str) -> bool:
    """Whether a name speaks of many units at once, so that no list of units can hold it.

    >>> is_collective("UBND các xã, phường"), is_collective("Ban Quản lý các khu công nghiệp")
    (True, False)
    """
    return bool(_MANY.match(name.strip()))
