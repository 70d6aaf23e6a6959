"""Who is in charge of an item: named in its own sentence, or by the headings and openings above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from namro.reading import mentions
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.outline import Node
from namro.reading.plan import Mention
from namro.reading.unit_lines import Lines

ADDRESS = regex(
    r"^(?:(?P<how>Đề nghị|Kính đề nghị|Khuyến khích|Kính mời|Mời)\s*:?\s*|Giao(?:\s+cho)?\s+"
    r"|Phân công\s+|Yêu cầu\s+|Đối với\s+|Trách nhiệm của\s+)"
)
# Verbs that no heading which only names a unit holds ("Trung tâm Xúc tiến đầu tư" does hold one).
_DOES = regex(
    r"chủ trì|chủ động|phối hợp|tham mưu|có trách nhiệm|thực hiện|triển khai"
    r"|(?<!các) tổ chức |chịu trách nhiệm|căn cứ|theo dõi|hướng dẫn|cần |phải "
)
OPENING = regex(
    r"(?:Để|Nhằm|Trên cơ sở|Trên cơ cở|Căn cứ|Theo(?! dõi)|Riêng|Đối với|Trong(?= phạm vi| khi"
    r"|\s\w+ năm| quá trình| thời gian)|Định kỳ(?=,)|H[àằ]ng (?:năm|quý|tháng)(?=,)"
    r"|Thường xuyên(?=,)|Sau khi|Khi|Trước ngày|Đồng thời(?=,)|Ngoài ra(?=,))\b"
    r"(?:(?!,\s(?:chủ trì|phối hợp|tham mưu|tổng hợp|chủ động|có trách nhiệm|xây dựng)\b)[^.;])"
    r"{0,260}?[,;]\s+(?:sẽ do\s+|do\s+|giao\s+|đề nghị\s+|yêu cầu\s+)?"
    rf"(?={mentions.HEAD.pattern})"
)
ISSUER_ASKS = regex(
    r"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Chủ tịch|Thủ "
    r"tướng|Ban Thường vụ)[^.;,]{0,50}?\s(?:yêu cầu|đề nghị|giao)\s+"
)
_LEADS_WITH = regex(r"\s*,?\s*(?:có trách nhiệm\s+)?chủ trì,?\s+phối hợp")


_EVERY = regex(
    r"(?:Định kỳ|[Hh][àằ]ng (?:năm|quý|tháng|tuần))"
    r"(?:\s+(?:h[àằ]ng|năm|quý|tháng|tuần|\d{1,2}|và|một|sáu|đột xuất|lần))*"
    rf",?\s+(?={mentions.HEAD.pattern}|hai (?:ngành|bên|cơ quan))"
)
_TITLED = regex(
    rf"[^.;:()]{{4,150}}:\s+(?:(?:[Gg]iao(?: cho)?|[Đđ]ề nghị|[Yy]êu cầu|[Pp]hân công)\s+)?"
    rf"(?={mentions.HEAD.pattern})"
)


def opening(text: str) -> int:
    """Where the sentence itself begins, after "Căn cứ …,", "Đề nghị", "UBND tỉnh giao"."""
    titled = _TITLED.match(text) if text.startswith("Đối với") else None
    if titled and mentions.leading_names(text[titled.end() :]):
        return titled.end()
    patterns = (OPENING, ISSUER_ASKS, ADDRESS, _EVERY)
    found = next((m for m in (p.match(text) for p in patterns) if m), None)
    if found:
        return found.end()
    titled = _TITLED.match(text)  # "Mở tài khoản: UBND xã phối hợp với …"
    if titled and not mentions.HEAD.match(text) and mentions.leading_names(text[titled.end() :]):
        return titled.end()
    return 0


def names_in(text: str) -> bool:
    """Whether a sentence opens with a unit that does something."""
    return mentions.leading_names(text[opening(text) :]) > 0


def named_in(node: Node) -> tuple[int, int] | None:
    """Where the unit that opens an item's sentence stands, in its block."""
    start = opening(node.text)
    size = mentions.leading_names(node.text[start:])
    return (node.body + start, node.body + start + size) if size else None


# "A. CÔNG AN TỈNH": of names in capitals only those that are no heading of another matter.
_IN_CAPITALS = regex(
    r"(?:SỞ|UBND|HĐND|[ỦU][YỶ] BAN|CÔNG AN|BỘ (?:CHỈ HUY|CÔNG|Y TẾ|QUỐC|NỘI|TÀI|XÂY|TƯ PHÁP|KHOA"
    r"|GIÁO|VĂN|NGOẠI|NÔNG)|LIÊN ĐOÀN|VĂN PHÒNG|BAN (?!HÀNH)|TIỂU BAN|TRẠM Y TẾ|TRUNG TÂM"
    r"|HỘI (?:ĐỒNG|NÔNG|LIÊN|CỰU|CHỮ|DOANH)|(?:TỈNH |THÀNH )?ĐOÀN(?! KẾT)|NGÂN HÀNG|KHO BẠC"
    r"|BẢO HIỂM XÃ HỘI|ĐẢNG [ỦU][YỶ]|MẶT TRẬN|THANH TRA|CHI CỤC|BỆNH VIỆN"
    r"|CÁC (?:SỞ|CƠ QUAN|ĐƠN VỊ|BAN|BỘ|XÃ|PHƯỜNG|ĐẢNG|ĐOÀN THỂ|ĐỊA PHƯƠNG))(?![A-ZĐÀ-Ỹ])"
)


def names_unit(node: Node) -> bool:
    """Whether a heading is the name of a unit ("2. Sở Tài chính", "6. Đề nghị: Hiệp hội …")."""
    text = node.text.strip()
    address = ADDRESS.match(text)
    body = text[address.end() :] if address else text
    if _IN_CAPITALS.match(body) and body.isupper():
        return True
    if not mentions.HEAD.match(body) or len(body) > 400:
        return False
    if not mentions.leading_names(body):
        return True
    title = node.heading or (bool(node.children) and body[-1:] not in ".;,")
    return title and len(body) < 150 and (not _DOES.search(body) or _is_whole_name(body))


def _is_whole_name(body: str) -> bool:
    """ "Các sở, ngành chủ trì dự án thành phần": a heading whose verb says which units."""
    collective = re.match(r"[Cc]ác\s", body) and not body.rstrip().endswith((":", ".", ";"))
    return bool(collective) and not _LEADS_WITH.search(body) and "trách nhiệm" not in body


def above(node: Node) -> Lines:
    """Who leads and takes part by the headings, list openings and paragraphs above."""
    partners_above: tuple[Mention, ...] = ()
    for over in _openers(node):
        assert over.block is not None
        if not partners_above and _PARTNERS_FIRST.match(over.text):
            partners_above = partners(over.block, over.body, len(over.block.text))[0]
        if names_unit(over):
            return Lines(heading_units(over), partners_above)
        named = (named_in(over) or _asked_in(over)) if _opens_list(over) else None
        if named:
            own = partners(over.block, named[1], len(over.block.text))[0]
            return Lines(mentions.mentions(over.block, *named), partners_above or own)
    return Lines((), partners_above)


def ordered_above(node: Node) -> bool:
    """Whether the paragraph that opens the list orders a unit: "… giao Sở Y tế thực hiện:"."""
    for here in node.upward():
        if here.parent is not None and here.kind in _ITEMS:
            intro = _paragraph_before(here)
            if intro is not None and intro is not node and _asked_in(intro):
                return True
    return False


_PARTNERS_FIRST = regex(r"(?:Chủ trì|Phối hợp|Có trách nhiệm chủ trì)")


_ITEMS = ("arabic", "arabic2", "paren", "letter", "dash", "plus", "dot")


def _openers(node: Node) -> Iterator[Node]:
    """What may say who is in charge, nearest first: the items above, and before each of them the
    paragraph that opens its list ("Giao Sở … thực hiện các nhiệm vụ sau:")."""
    for here in node.upward():
        if here is not node and here.block is not None:
            yield here
        if here.parent is None or here.kind not in _ITEMS:
            continue
        intro = _paragraph_before(here)
        if intro is not None and intro is not node:
            yield intro


def _paragraph_before(node: Node) -> Node | None:
    """The paragraph with a colon from which a list of items runs on to `node`."""
    assert node.parent is not None
    found: Node | None = None
    for child in node.parent.children:
        if child is node:
            return found
        if child.kind == "text":
            found = child if child.text.rstrip().endswith(":") else None
        elif child.kind == "table":
            found = None
    return None


def _opens_list(node: Node) -> bool:
    return node.text.rstrip().endswith(":") or bool(
        node.heading and _LEADS_WITH.search(node.text[:300])
    )


_ASKS = regex(rf"(?:yêu cầu|đề nghị|giao|phân công)(?: cho)?\s*:?\s+(?={mentions.HEAD.pattern})")


def _asked_in(node: Node) -> tuple[int, int] | None:
    """The units that the last "yêu cầu", "giao" of an opening paragraph turns to."""
    asks = list(_ASKS.finditer(node.text))
    if not asks:
        return None
    last = asks[-1]
    size = mentions.names_until_verb(node.text[last.end() :])
    return (node.body + last.end(), node.body + last.end() + size) if size else None


# "Đảng ủy UBND tỉnh lãnh đạo, chỉ đạo:" over its duties.
_LEADS_ON = regex(
    r"\s+(?:lãnh đạo, chỉ đạo|lãnh đạo|chỉ đạo|tập trung|có nhiệm vụ)(?: thực hiện)?$"
)


def heading_units(node: Node) -> tuple[Mention, ...]:
    """The units a heading names, without what stands in brackets after them."""
    assert node.block is not None
    address = ADDRESS.match(node.text)
    start = node.body + (address.end() if address else 0)
    end = len(node.block.text.rstrip(" :."))
    does = _LEADS_ON.search(node.block.text, start, end)
    end = does.start() if does else end
    bracket = re.search(r"\s*\([^()]*\)\s*$", node.block.text[:end])
    if _is_whole_name(node.block.text[start:]) and mentions.leading_names(node.block.text[start:]):
        return (Mention(node.block.text[start:end].strip(), node.block.place(start, end)),)
    return mentions.mentions(node.block, start, bracket.start() if bracket else end)


_PARTNERS = regex(
    r"(?P<cue>[Pp]h[ốôồổo]i h[ợơọo]p(?: chặt chẽ| đồng bộ| hiệu quả)?"
    r"(?P<with> với| cùng với| cùng)?"
    r"|[Cc]ùng với|(?<=[Cc]hủ trì, )cùng|(?<=[Cc]hủ trì )cùng)\s+(?=\S)"
)
_PARTNERS_END = regex(
    r"\s(?=(?:trong việc|trong công tác|trong quá trình|để|nhằm|căn cứ|tiến hành)\b)|\s*:\s*$"
    r"|;\s*(?=(?:[Tt]hời (?:gian|hạn)|[Hh]oàn thành|[Ss]ản phẩm|[Kk]ết quả)\b)"
)
_PARTNER = regex(r"(?:các|sở|phòng|đơn vị|cơ quan|cán bộ|ngành|địa phương)[ ,]")
_PARTNER_WITH = regex(
    r"(?:các|những|sở|phòng|đơn vị|cơ quan|cán bộ|ngành|địa phương|doanh nghiệp|cấp trên|cấp ủy"
    r"|chính quyền|bộ|ban|tổ chức|hiệp hội|viện|trường|nhà trường|lực lượng|bên|trưởng|phụ huynh"
    r"|gia đình|già làng|người có uy tín)[ ,]"
)


# "chủ trì (Văn phòng UBND tỉnh, Công an tỉnh phối hợp) đưa …"
_IN_BRACKETS = regex(
    rf"[\s,]*(?:chủ trì\s*)?\(\s*(?P<who>(?={mentions.HEAD.pattern})[^()]{{4,200}}?)"
    r"\s+(?:cùng\s+)?(?:phối hợp|tham gia)\s*\)[\s,]*"
)


def partners(block: Block, start: int, end: int) -> tuple[tuple[Mention, ...], int]:
    """The units after "phối hợp với", and where the work begins after them."""
    text = block.text[start:end]
    aside = _IN_BRACKETS.match(text)
    if aside:
        who = mentions.mentions(block, start + aside.start("who"), start + aside.end("who"))
        return who, start + aside.end()
    cue = _PARTNERS.search(text[:260])
    if not cue:
        return (), start
    rest = text[cue.end() :]
    small = _PARTNER_WITH if cue["with"] else _PARTNER
    if not mentions.HEAD.match(rest) and not small.match(rest):
        return (), start
    size = mentions.leading_names(rest) or mentions.names_until_verb(rest)
    stop = _PARTNERS_END.search(rest)
    if stop and (not size or stop.start() < size):
        size = stop.start()
    if not size and len(rest) < 200:
        size = len(rest.rstrip(" .;:"))
    at = start + cue.end()
    return (mentions.mentions(block, at, at + size), at + size) if size else ((), start)


_ROLE = r"(?:(?:đơn vị|cơ quan|địa phương)\s+)?"
_SAID_LEADS = re.compile(
    rf"(?:{_ROLE}chủ trì(?: thực hiện)?|(?:đơn vị|cơ quan) (?:thực hiện|đầu mối)"
    r"|(?:(?:đơn vị|cơ quan|người|cán bộ|đồng chí)\s)?phụ trách)\s*:\s*",
    re.I,
)
_SAID_HELPS = re.compile(rf"[-–+;,.]?\s*{_ROLE}phối hợp(?: thực hiện)?\s*:\s*", re.I)
_HELPED = re.compile(r"\s*,?\s(?:chủ trì,?\s)?phối hợp(?: với| cùng)?\s(?=[^\W\d])")
_LEADS_AND = re.compile(r"\s*,?\s+chủ trì\s*[,;]?\s*(?:và\s+)?phối hợp(?: với| cùng)?\s+")
_HELP_AFTER = re.compile(r"\s+chủ trì\s*[;,]\s*(?P<who>[^;]{4,200}?)\s+phối hợp\s*$")
_LEADING = re.compile(r"\s*\(?\b(?:chủ trì|phụ trách(?=\s*$))\b\)?[\s,;.]*")


# "A (chủ trì); B, C (phối hợp)", "A (đề nghị chủ trì), B", "A (đầu mối); B cùng tham gia"
_BRACKETED = regex(
    r"\s*\((?=[^()]*(?:chủ trì|đầu mối|ph[ốôồổo]i h[ợơọo]p|tham gia))(?P<role>[^()]{4,60})\)[\s,;]*"
)
_IN_CHARGE = regex(r"chủ trì|đầu mối")
_HELPS_LAST = regex(r"\s+(?:cùng\s+)?(?:ph[ốôồổo]i h[ợơọo]p|tham gia)(?:\s+thực hiện)?[\s.;]*$")


def _in_brackets(block: Block, start: int, end: int) -> _Both | None:
    """Who leads and who helps where brackets behind the names say so; None where none does. Whoever
    is named after the last bracket helps."""
    text = block.text[start:end]
    lead: tuple[Mention, ...] = ()
    others: tuple[Mention, ...] = ()
    at = 0
    for said in _BRACKETED.finditer(text):
        who = mentions.mentions(block, start + at, start + said.start())
        if _IN_CHARGE.search(said["role"]):
            lead += who
        else:
            others += who
        at = said.end()
    if not lead:
        return None
    last = _HELPS_LAST.search(text)
    stop = last.start() if last and last.start() > at else len(text)
    return lead, others + (mentions.mentions(block, start + at, start + stop) if stop > at else ())


def roles_named(
    block: Block, start: int, end: int
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Who leads and who helps among the names that open a sentence: all lead, unless brackets say
    otherwise ("Sở A (chủ trì), Sở B (phối hợp) hoàn thành …")."""
    return _in_brackets(block, start, end) or (mentions.mentions(block, start, end), ())


_Both = tuple[tuple[Mention, ...], tuple[Mention, ...]]
# "Mời Báo …; Văn phòng Sở phối hợp": only of the last it is said that they help.
_LAST_HELPS = regex(
    r"(?P<lead>[^;]{4,200});\s*(?P<who>[^;]{4,200}?)\s+(?:cùng\s+)?"
    r"(?:ph[ốôồổo]i h[ợơọo]p|tham gia)(?:\s+thực hiện)?[\s.;]*$"
)


def roles(block: Block, start: int, end: int) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Who leads and who helps where one stretch says both: "Chủ trì: A; phối hợp: B",
    "A chủ trì, phối hợp với B", "A (chủ trì), B"; all lead where it does not."""
    text = block.text[start:end]
    if bracketed := _in_brackets(block, start, end):
        return bracketed
    helps, leads = _SAID_HELPS.search(text), _SAID_LEADS.search(text)
    if leads and not helps:
        with_ = _HELPED.search(text, leads.end())
        if with_:
            others = mentions.mentions(block, start + with_.end(), end)
            return mentions.mentions(block, start + leads.end(), start + with_.start()), others
    if helps or leads:
        begin = leads.end() if leads and (not helps or leads.start() < helps.start()) else 0
        stop = helps.start() if helps else len(text)
        others = mentions.mentions(block, start + helps.end(), end) if helps else ()
        return mentions.mentions(block, start + begin, start + stop), others
    after = _HELP_AFTER.search(text)
    if after:
        others = mentions.mentions(block, start + after.start("who"), start + after.end("who"))
        return mentions.mentions(block, start, start + after.start()), others
    last = _LAST_HELPS.fullmatch(text)
    if last and not _IN_CHARGE.search(text):
        others = mentions.mentions(block, start + last.start("who"), start + last.end("who"))
        return mentions.mentions(block, start, start + last.end("lead")), others
    both = _LEADS_AND.search(text) or _LEADING.search(text)
    if both and both.start() > 4:
        others = mentions.mentions(block, start + both.end(), end) if both.end() < len(text) else ()
        return mentions.mentions(block, start, start + both.start()), others
    return mentions.mentions(block, start, end), ()


_GIVEN_AT_END = regex(
    r"(?:[,;.]\s+|\(\s*|\s[-–]\s)(?:(?:[Gg]iao|[Dd]o)(?: cho)?\s+)"
    rf"(?P<who>(?={mentions.HEAD.pattern})[^.;()]{{4,200}}?)"
    r"\s+(?:(?:là|làm) (?:(?:cơ quan|đơn vị) )?)?"
    r"(?P<role>chủ trì|thực hiện|đầu mối|phụ trách|tham mưu)\b"
)
_ROLES_AT_END = regex(
    r"(?:\(\s*|[.;]\s+|,\s+(?=người phụ trách))"
    r"(?P<roles>(?:(?:(?:[Cc]ơ quan|[Đđ]ơn vị)\s+)?[Cc]hủ trì(?: thực hiện)?"
    r"|(?:[Cc]ơ quan|[Đđ]ơn vị)\s+(?:thực hiện|đầu mối)"
    r"|(?:(?:[Cc]ơ quan|[Đđ]ơn vị|[Nn]gười|[Cc]án bộ)\s+)?[Pp]hụ trách)\s*:"
    r"[^()]{4,300})(?:\)|$)"
    rf"|\(\s*(?P<who>(?={mentions.HEAD.pattern})[^();.]{{4,200}}?\s+chủ trì\b[^();.]*"
    r"(?:;[^();.]{4,200}?\s+phối hợp(?= *[;)]))?)"
    rf"|\(\s*(?P<charged>(?={mentions.HEAD.pattern}|(?:[Đđ]/c|[Đđ]ồng chí|[Ôô]ng|[Bb]à)\s)"
    r"[^();.]{4,160}?\s+phụ trách(?=\s*[;)]))"
)


def named_at_end(node: Node, *, bracketed: bool = False) -> Lines:
    """Who leads where an item says so at its end: "…, giao Sở Y tế chủ trì, phối hợp với …",
    "… (chủ trì: Sở Y tế; phối hợp: …)". `bracketed`: only where brackets say it."""
    assert node.block is not None
    block, text = node.block, node.block.text
    said = _ROLES_AT_END.search(text, node.body)
    if said and (not bracketed or said[0].startswith("(") or said["roles"]):
        group = next(name for name in ("roles", "who", "charged") if said[name])
        until = re.search(r"[;.]\s*(?:[Tt]hời|[Hh]oàn thành|[Ss]ản phẩm)|[\s.]+$", said[group])
        end = said.start(group) + (until.start() if until else len(said[group]))
        return Lines(*roles(block, said.start(group), end))
    if bracketed:
        return Lines()
    every = list(_GIVEN_AT_END.finditer(text, node.body + 15))
    if not every or len(text) - every[-1].end() > 260:
        return Lines()
    given = every[-1]
    others, _ = partners(block, given.end("role"), len(text))
    return Lines(mentions.mentions(block, *given.span("who")), others)


def in_list_of_partners(text: str) -> bool:
    """Whether a part ends within its list of partners: "phối hợp với A; B" and no verb yet."""
    cue = _PARTNERS.search(text)
    if cue is None or not text.endswith(";"):
        return False
    return not mentions.names_until_verb(text[cue.end() :] + " ")
