"""Units named in the text: lists taken apart, names found in a sentence, names resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.plan import Mention
from namro.reading.unit_names import COLLECTIVE, FIELDS, HEAD, SINGLE
from namro.reading.verbs import begins_with_verb, names_until_verb

__all__ = [
    "HEAD",
    "KnownUnit",
    "begins_with_verb",
    "is_collective",
    "leading_names",
    "mentions",
    "names_until_verb",
    "split_names",
    "sureness",
]


@dataclass(frozen=True)
class KnownUnit:
    """A unit of the installation (đơn vị): its code, its official name, other names it goes by."""

    code: str
    name: str
    aliases: tuple[str, ...] = field(default_factory=tuple)


# What may follow a comma or "và" as a name of its own. Inside "các cơ quan, đơn vị liên quan" a
# small word goes on with the collective; elsewhere it begins a new one.
_NEW = regex(
    rf"(?:đại biểu (?:HĐND|Hội đồng|Quốc hội)|{SINGLE}(?=[\s;,.)]|$)|{COLLECTIVE}"
    r"|[A-ZĐ]{2,6}(?![a-zà-ỹ&])|một số )"
)
_NEW_SMALL = regex(
    r"(?:cơ quan|đơn vị|địa phương|doanh nghiệp|sở|sở, ban|bộ, ngành|phòng CNTT|báo, đài|hội"
    r"|cán bộ|cấp ủy|đảng ủy|đảng uỷ|chính quyền|hiệp hội|trạm y tế|bệnh viện|công an|quân sự"
    r"|trung tâm|ngân hàng|chi cục|hợp tác xã|trưởng (?:thôn|bản|ấp|khu)|bưu điện|kho bạc"
    r"|tổ chức|cá nhân|nhà cung cấp|nhà đầu tư|chủ đầu tư|[Xx]úc tiến đầu tư|nhà đầu "
    r"tư|lãnh đạo|bộ|ngành)(?=[\s,;.]|$)"
)
_IN_COLLECTIVE = regex(
    r"(?:(?:Ban|Sở|Bộ|Phòng|Hội|Đoàn|Ngành|Trường|Đơn vị|Cơ quan|Vụ|Cục|Viện)(?=,|\s[a-zà-ỹ])"
    r"|(?:Ban|Phòng|Vụ|Cục|Viện)(?=;|$))"
)


# "Doanh nghiệp, Sở, ban, ngành": the list of sorts begins after a word that is a name alone.
_LONE = regex(r"\s*(?:Doanh nghiệp|Viện|Trường|Hiệp hội|Hội|Tập đoàn|Ngân hàng)\s*")
_BARE = regex(r"(?:Ban|Sở|Bộ|Ngành|Hội|Đoàn|Phòng)(?=,)")
_IS_COLLECTIVE = regex(
    r"\s*(?:(?:Thủ trưởng |Lãnh đạo |lãnh đạo |Giám đốc |Trưởng |Chủ tịch |Bí thư "
    r"|[Nn]gười đứng đầu )?(?:các|những|Các|Những|toàn thể)\s"
    r"|(?:[Bb]ộ|[Ss]ở|[Bb]an|[Nn]gành|[Cc]ơ quan|[Đđ]ơn vị)\s*(?:,|$)|Y tế (?:các )?bộ)"
)


# "các đảng ủy trực thuộc Tỉnh ủy, đảng ủy xã, phường": which units is said, others follow.
_UNDER = regex(r"\s(?:trực thuộc|thuộc|liên quan|của)\b[^,;]*$")
_PARTY = regex(r"(?:đảng (?:ủy|uỷ|bộ)|chi bộ|cấp (?:ủy|uỷ)|chính quyền|ủy ban|hội)\b")


def _begins(text: str, at: int, item: str) -> bool:
    """Whether a new name begins at `at`, after the words `item` of the one before."""
    collective = bool(_IS_COLLECTIVE.match(item))
    if _BARE.match(text, at) or (collective and _IN_COLLECTIVE.match(text, at)):
        return bool(not collective and _LONE.fullmatch(item))
    if _NEW.match(text, at):
        return True
    after_and = text[:at].endswith(" và ")
    sorts = re.match(r"\s*(?:các|Các) (?:sở|Sở|bộ|Bộ|ngành)\b", item) and re.match(
        r"(?:cơ quan, đơn vị|(?:cơ quan|đơn vị) có|doanh nghiệp) ?", text[at:]
    )
    apart = (after_and and bool(sorts)) or (
        bool(_UNDER.search(item)) and bool(_PARTY.match(text, at))
    )
    return bool(_NEW_SMALL.match(text, at)) and (not collective or apart)


def _cuts(text: str) -> list[int]:
    """Where names begin and end, in turn."""
    cuts = [0]
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (width := _separator(text, at, cuts[-1])) is not None:
            cuts += [at, at + width]
    return [*cuts, len(text)]


def _separator(text: str, at: int, start: int) -> int | None:
    """How wide what parts two names at `at` is, the first of which begins at `start`; None where
    nothing does."""
    char = text[at]
    if char in ";•":
        return 1
    if char == ",":
        return 1 if _begins(text, _skip(text, at + 1), text[start:at]) else None
    if char != " ":
        return None
    for word in (" và ", " cùng "):
        if text.startswith(word, at):
            begins = _begins(text, at + len(word), text[start:at])
            if begins and not _inside_name(text, at):
                return len(word)
    if text.startswith((" - ", " – "), at) and _is_dash_between(text, start, at):
        return 3
    return 1 if _runs_into(text, at) else None


def split_names(text: str) -> list[tuple[str, int, int]]:
    """A list of units taken apart: each name with where it stands in `text`.

    Split at ";", and at "," or "và" only where a new name begins, so that "Các sở, ban, ngành" and
    "Sở Văn hóa, Thể thao và Du lịch" stay one.

    >>> [n for n, _, _ in split_names("Sở Y tế; các sở, ban, ngành và UBND các xã, phường")]
    ['Sở Y tế', 'các sở, ban, ngành', 'UBND các xã, phường']
    """
    cuts = _cuts(text)
    names: list[tuple[str, int, int]] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        asked = _ASKED.match(text, start, end)
        start = asked.end() if asked else start
        name = text[start:end]
        left = len(name) - len(name.lstrip(" ,.:-–+"))
        name = _trim(name)
        if len(name) > 1:
            names.append((name, start + left, start + left + len(name)))
    return [part for whole in names for part in _expanded(*whole)]


# "…; đề nghị Bảo hiểm xã hội Việt Nam": how a unit is asked is no part of its name.
_ASKED = regex(rf"\s*(?:kính )?(?:đề nghị|mời|Đề nghị|Mời)\s+(?={HEAD.pattern})")
_MANY = regex(COLLECTIVE)
_OF_A_SORT = regex(r"(?:Sở|Bộ|Hội|Ban|Phòng|Cục|Vụ|Đảng ủy|Công ty)(?= [A-ZĐÀ-Ỹ])")


def _is_dash_between(text: str, start: int, at: int) -> bool:
    """Whether a dash parts two names: "CDC tỉnh - các TTYT khu vực", "Sở Y tế - Sở Nội vụ". It does
    not within one ("Văn phòng HĐND - UBND") nor between a body and the one above it."""
    before = text[start:at].strip(" ,;")
    if _MANY.match(text, at + 3):
        return bool(HEAD.match(before) or before.isupper() or before[:3].isupper())
    first, second = _OF_A_SORT.match(before), _OF_A_SORT.match(text, at + 3)
    return bool(first and second and first[0] == second[0])


_LOOSE = regex(r"(?:[\s,]+(?:trong|về|để|tại|cho|với|và|của|nhằm|khi|từ|do|cùng))+$")


# "Bộ Xây dựng - Cơ quan thường trực Ban Chỉ đạo": what a unit is besides is no part of its name.
_BESIDES = regex(
    r"\s+[-–]\s+(?:là )?(?:[Cc]ơ ?quan|[Đđ]ơn vị|[Tt]hường trực|(?:Phó )?Trưởng ban|[Tt]hành viên)"
    r"(?: [Tt]hường trực| đầu mối| chủ trì| giúp việc| Ban [Cc]hỉ đạo)\b.*$"
    r"|\s*\((?:là )?(?:[Cc]ơ quan|[Đđ]ơn vị)\s(?:[Tt]hường trực|đầu mối|chủ trì|chủ quản)[^()]*\)$"
    r"|\s+là (?:[Cc]ơ quan|[Đđ]ơn vị) (?:thường trực|đầu mối|chủ trì|điều phối)\b.*$"
)


def _trim(name: str) -> str:
    name = _HOW_ASKED.sub("", name)
    name = _LOOSE.sub("", _BESIDES.sub("", name.strip(" ,.:-–+")))
    return name[:-1] if name.endswith(")") and "(" not in name else name


_HOW_ASKED = regex(r"\s*\((?:mời|đề nghị|nếu có)\)\s*$")


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


_FIELD_LIST = regex(
    rf"^(?P<by>(?:các|Các|hai|Hai) (?P<head>Sở|sở|Bộ|bộ)|(?P<head2>Sở|Bộ))\s*:?\s+"
    rf"(?P<rest>{FIELDS}(?:\s*(?:,|;|và)\s*{FIELDS})+)$"
)


def _of_one_sort(name: str, start: int) -> list[tuple[str, int, int]]:
    """ "các Sở Y tế, Nội vụ và Tài chính" → one name for each; [] for anything else."""
    listed = _FIELD_LIST.match(name)
    if not listed:
        return []
    head = (listed["head"] or listed["head2"]).capitalize()
    at = start + listed.start("rest")
    fields = regex(FIELDS).finditer(listed["rest"])
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


_SORT = (
    r"(?:cơ quan|đơn vị|sở|ban|bộ|ngành|địa phương|phòng|xã|phường|thị trấn|đặc khu|huyện"
    r"|doanh nghiệp|tổ chức|hội|đoàn thể|cá nhân|cấp ủy|cấp uỷ|chính quyền)"
)
_MANY_SORTS = re.compile(
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
    return bool(_MANY_SORTS.match(name.strip()))
