"""Duties in running text: bullets under a unit's heading, sentences that open with a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from namro.reading import deadlines, mentions
from namro.reading.blocks import Block
from namro.reading.letters import regex
from namro.reading.outline import Node, title_key
from namro.reading.plan import Mention, ReadTask
from namro.reading.targets import is_aims
from namro.reading.unit_lines import Lines

_HANDS_OUT = regex(
    r"to chuc thuc hien|phan cong|trach nhiem|che do (?:thong tin,? )?bao cao"
    r"|(?:thong tin|che do),? bao cao"
    r"|to chuc trien khai|phuong an trien khai|thuc hien ke hoach|to chuc chi dao"
    r"|^(?:nguon |bao dam )?kinh phi"
    r"|^bao cao|^kiem tra, giam sat"
)
_CONTENT = regex(
    r"^(?:cac )?(?:nhiem vu|giai phap|noi dung|muc dich|muc tieu|yeu cau|quan diem"
    r"|chi tieu|nguyen tac|doi tuong|pham vi)"
)
_CLOSING = regex(
    r"(?:Trong quá trình|Quá trình)\s.{0,50}?(?:thực hiện|triển "
    r"khai).{0,80}?(?:vướng mắc|khó khăn|phát sinh|vấn đề)"
    r"|Trên đây là|Nơi nhận|Vậy,|Trường hợp vượt thẩm quyền",
    re.S,
)
_EXECUTION = regex(
    r"chịu trách nhiệm thi hành|có hiệu lực (?:kể )?từ|^Ban hành kèm theo|^Quyết định này"
)
_GOES_ON = regex(
    r"(?:hoạt động|nhiệm vụ|nội dung|công việc|giải pháp)[^.;:]{0,40}\b(?:sau|sau đây)\s*:$"
)


def read(node: Node, year: int | None, *, letter: bool) -> Iterator[ReadTask]:
    """The tasks of one item where it hands out duties. `letter`: an official letter or directive,
    whose every paragraph may do so."""
    if node.block is None or node.block.cell is not None:
        return
    if is_aims(node) and not (_under_list_of_unit(node) or _mixed_with_work(node)):
        return
    in_section = _hands_out(node) or _says_who(node)
    if not in_section and not (letter and _opens_with_order(node)):
        return
    if _is_heading_only(node) or _EXECUTION.search(node.text) or _is_list_intro(node):
        return
    yield from _sentences(node, _above(node), year)


def _mixed_with_work(node: Node) -> bool:
    """An item with a lead of its own under "Mục tiêu, nhiệm vụ"."""
    work = (n.heading and "nhiem vu" in title_key(n) for n in node.upward() if n is not node)
    return _says_who(node) and any(work)


def _under_list_of_unit(node: Node) -> bool:
    """Below "… các cơ quan, đơn vị thực hiện các hoạt động sau:"."""
    above = (n for n in node.upward() if n is not node and n.block is not None)
    return any(
        (_GOES_ON.search(n.text) and _named_in(n))
        or (n.text.rstrip().endswith(":") and _says_who(n) and not is_aims(n))
        for n in above
    )


_LEADS = regex(
    r"[\s,]*(?:(?:có|chịu) trách nhiệm\s+)?(?:(?:là|làm) (?:cơ quan |đơn vị )?)?"
    r"(?:chủ trì|đầu mối)\b"
)


_GROUNDS = regex(
    r"(?:cac )?(?:muc dich|muc tieu|chi tieu|quan diem|yeu cau|(?:cac )?can cu|co so)\b"
    r"(?!.*(?:nhiem vu|giai phap))"
)


def _says_who(node: Node) -> bool:
    """Whether an item opens with who leads ("Sở … chủ trì …", "Giao Sở … …"): a task wherever it
    stands. A plain paragraph is none: it may speak of a lead in passing."""
    if node.kind == "text" or node.text.startswith("Căn cứ"):
        return False
    if any(n.heading and n is not node and _GROUNDS.match(title_key(n)) for n in node.upward()):
        return False
    given = re.match(r"Giao(?:\s+cho)?\s+", node.text)
    if given:
        return bool(mentions.leading_names(node.text[given.end() :]))
    named = _named_in(node)
    if named is None or not _LEADS.match(node.text[named[1] - node.body :]):
        return False
    assert node.block is not None
    after = _partners(node.block, named[1], len(node.block.text))[1]
    work = node.block.text[after:].strip(" .,;")  # a lead alone is said of the items above
    return node.text.rstrip().endswith(":") or len(work) > 8


def _hands_out(node: Node) -> bool:
    """Whether it stands in Tổ chức thực hiện, Phân công, Kinh phí, or under a unit's "… sau:"."""
    if _under_list_of_unit(node):
        return True
    for above in node.upward():
        if above is node or above.block is None or not above.heading:
            continue
        key = title_key(above)[:160]
        if _HANDS_OUT.search(key):
            return True
        if _CONTENT.match(key):
            return False
    return node.kind == "article" and bool(re.match(r"Giao\s", node.text))


def _opens_with_order(node: Node) -> bool:
    text = node.text
    address = ADDRESS.match(text)
    opens = address.end() if address else 0
    named = bool(mentions.leading_names(text[opens:]))
    sent_by = re.search(r"của (?P<by>các [^.;]{3,80}?) gửi (?:về|báo cáo)", text)
    return (
        node.kind not in ("root",) and (named or bool(sent_by)) and not text.startswith("Kính gửi")
    )


def _is_heading_only(node: Node) -> bool:
    if not node.heading:
        return False
    return names_unit(node) or node.kind in ("roman", "part", "capital", "appendix", "article")


def _is_list_intro(node: Node) -> bool:
    """ "Chủ trì, phối hợp với …:" over its bullets: says with whom, not what."""
    if not node.children:
        return False
    text = node.text.rstrip()
    return text.endswith(":") or bool(re.match(r"(?:Chủ trì|Phối hợp)", text) and node.heading)


ADDRESS = regex(
    r"^(?:(?P<how>Đề nghị|Kính đề nghị|Khuyến khích|Mời)\s*:?\s*|Giao(?:\s+cho)?\s+"
    r"|Yêu cầu\s+|Đối với\s+)"
)


# Verbs that no heading which only names a unit holds ("Trung tâm Xúc tiến đầu tư" does hold one).
_DOES = regex(
    r"chủ trì|chủ động|phối hợp|tham mưu|có trách nhiệm|thực hiện|triển khai| tổ "
    r"chức |chịu trách nhiệm|căn cứ|theo dõi|hướng dẫn"
)


def names_unit(node: Node) -> bool:
    """Whether a heading is the name of a unit ("2. Sở Tài chính", "6. Đề nghị: Hiệp hội …")."""
    text = node.text.strip()
    address = ADDRESS.match(text)
    body = text[address.end() :] if address else text
    if not mentions.HEAD.match(body) or len(body) > 400:
        return False
    if not mentions.leading_names(body):
        return True
    return node.heading and len(body) < 150 and not _DOES.search(body)


_OPENING = regex(
    r"(?:Để|Nhằm|Trên cơ sở|Căn cứ|Theo(?! dõi)|Riêng|Đối với|Trong(?= phạm vi| khi"
    r"|\s\w+ năm)|Định kỳ(?=,)|H[àằ]ng (?:năm|quý|tháng)(?=,)"
    rf"|Thường xuyên(?=,)|Sau khi|Khi)\b[^.;]{{0,260}}?,\s+(?:sẽ do\s+|do\s+|giao\s+"
    rf"|đề nghị\s+)?(?={mentions.HEAD.pattern})"
)


def _named_in(node: Node) -> tuple[int, int] | None:
    """Where the unit that opens an item's sentence stands, in its block."""
    assert node.block is not None
    text = node.text
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    size = mentions.leading_names(text[start:])
    return (node.body + start, node.body + start + size) if size else None


def _above(node: Node) -> Lines:
    """Who leads and takes part by the headings and list openings above."""
    partners: tuple[Mention, ...] = ()
    for above in node.upward():
        if above is node or above.block is None:
            continue
        if re.match(r"(?:Chủ trì|Phối hợp|Có trách nhiệm chủ trì)", above.text) and not partners:
            partners = _partners(above.block, above.body, len(above.block.text))[0]
        if names_unit(above):
            return Lines(_heading_units(above), partners)
        named = _named_in(above)
        if named and above.text.rstrip().endswith(":"):
            own = _partners(above.block, named[1], len(above.block.text))[0]
            return Lines(mentions.mentions(above.block, *named), partners or own)
    return Lines((), partners)


def _heading_units(node: Node) -> tuple[Mention, ...]:
    """The units a heading names, without what stands in brackets after them."""
    assert node.block is not None
    address = ADDRESS.match(node.text)
    start = node.body + (address.end() if address else 0)
    end = len(node.block.text.rstrip(" :."))
    bracket = re.search(r"\s*\([^()]*\)\s*$", node.block.text[:end])
    return mentions.mentions(node.block, start, bracket.start() if bracket else end)


_PARTNERS = regex(
    r"(?P<cue>[Pp]hối hợp(?: chặt chẽ)?(?: với| cùng với| cùng)?|[Cc]ùng với)\s+(?=\S)"
)
_PARTNERS_END = regex(
    r"\s(?=(?:trong việc|trong công tác|trong quá trình|để|nhằm|căn cứ|tiến hành)\b)|\s*:\s*$"
)
_PARTNER = regex(r"(?:các|sở|phòng|đơn vị|cơ quan|cán bộ|ngành|địa phương)[ ,]")


def _partners(block: Block, start: int, end: int) -> tuple[tuple[Mention, ...], int]:
    """The units after "phối hợp với", and where the work begins after them."""
    text = block.text[start:end]
    cue = _PARTNERS.search(text[:260])
    if not cue:
        return (), start
    rest = text[cue.end() :]
    if not mentions.HEAD.match(rest) and not _PARTNER.match(rest):
        return (), start
    size = mentions.leading_names(rest) or mentions.names_until_verb(rest)
    stop = _PARTNERS_END.search(rest)
    if stop and (not size or stop.start() < size):
        size = stop.start()
    if not size and len(rest) < 200:
        size = len(rest.rstrip(" .;:"))
    at = start + cue.end()
    return (mentions.mentions(block, at, at + size), at + size) if size else ((), start)


def _sentences(node: Node, over: Lines, year: int | None) -> Iterator[ReadTask]:
    """The item as a whole, and each further sentence with a date or a unit of its own."""
    last: tuple[Mention, ...] = ()
    for start, end in _parts(node):
        task = _duty(node, start, end, over, last, year)
        if task:
            last = task.lead
            yield task


def _parts(node: Node) -> Iterator[tuple[int, int]]:
    """Where the parts of an item begin and end: a sentence without unit or date joins the one
    before, the closing formula ends it."""
    assert node.block is not None
    text = node.block.text
    start = node.body
    for stop in regex(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ]|định kỳ\s+trước)").finditer(text[node.body :]):
        at = node.body + stop.end()
        sentence = regex(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])").split(text[at:])[0]
        if _in_list(text[start : node.body + stop.start()]):
            continue
        closing = _CLOSING.match(sentence) and not _reports(sentence)
        own = mentions.leading_names(sentence) or deadlines.in_sentence(sentence)
        if closing or (own and len(sentence) > 40):
            yield start, node.body + stop.start()
            start = at
        if closing:
            return
    yield start, len(text)


def _in_list(text: str) -> bool:
    """Whether a part ends within its list of partners: "phối hợp với A; B" and no verb yet."""
    cue = _PARTNERS.search(text)
    if cue is None or not text.endswith(";"):
        return False
    return not mentions.names_until_verb(text[cue.end() :] + " ")


def _reports(text: str) -> bool:
    return bool(
        re.search(r"báo cáo.{0,80}(?:trước ngày|h[àằ]ng)|(?:trước|ngày).{0,40}báo cáo", text)
    )


_SENDER = regex(r"của (?P<by>các [^.;]{3,80}?) gửi (?:về|báo cáo)")
_ISSUER_ASKS = regex(
    r"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Chủ tịch|Thủ "
    r"tướng)[^.;,]{0,50}?\s(?:yêu cầu|đề nghị|giao)\s+"
)
_SOURCE_OF_MONEY = regex(r"^(?:Nguồn kinh phí|Kinh phí|Ngân sách|Từ nguồn)\b")


def _duty(
    node: Node, start: int, end: int, over: Lines, last: tuple[Mention, ...], year: int | None
) -> ReadTask | None:
    assert node.block is not None
    block, text = node.block, node.block.text[start:end]
    if _CLOSING.match(text) and not _reports(text):
        return None
    opening = _OPENING.match(text) or _ISSUER_ASKS.match(text) or ADDRESS.match(text)
    opens = start + (opening.end() if opening else 0)
    size = mentions.leading_names(block.text[opens:end])
    lead = mentions.mentions(block, opens, opens + size) if size else ()
    sender = _SENDER.search(text) if not lead else None
    if sender:
        lead = mentions.mentions(block, start + sender.start("by"), start + sender.end("by"))
    if not lead and (not (over.lead or last) or _SOURCE_OF_MONEY.match(text)):
        return None
    partners, after = _partners(block, opens + size, end)
    work = _work(block, (start, end), opens + size if size else start, after, bool(partners))
    return _task(
        node,
        work,
        end,
        lead or over.lead or last,
        partners or over.cooperate,
        text,
        year,
        bool(lead),
    )


def _work(
    block: Block, span: tuple[int, int], after_lead: int, after_partners: int, partners: bool
) -> int:
    """Where the words of the work begin: after "trong việc", after the unit, or at once."""
    cue = re.match(r"\s*trong việc\s+", block.text[after_partners : span[1]]) if partners else None
    if cue and after_lead > span[0]:
        return after_partners + cue.end()
    return after_lead


def _task(
    node: Node,
    start: int,
    end: int,
    lead: tuple[Mention, ...],
    partners: tuple[Mention, ...],
    whole: str,
    year: int | None,
    own: bool,
) -> ReadTask:
    assert node.block is not None
    block = node.block
    raw = block.text[start:end]
    start += len(raw) - len(raw.lstrip(" ,"))
    quote = raw.strip(" ,")
    due = deadlines.in_sentence(whole, year)
    section = node.section()
    base = block.sureness(start, end)
    return ReadTask(
        quote,
        block.place(start, start + len(quote)),
        section.id if section else None,
        short_title(quote),
        lead,
        partners,
        due[0] if due else None,
        due[1] if due else None,
        None,
        None,
        manner(whole) or _manner_above(node),
        {
            "lead": round((0.95 if own else 0.85) * base, 2),
            "cooperate": round(0.9 * base, 2),
            "deadline": round((0.8 if due else 0.9) * base, 2),
        },
    )


def short_title(quote: str) -> str:
    """The first clause, at most 160 characters."""
    first = re.split(r"[.;]\s", quote)[0]
    return first if len(first) <= 160 else first[:157].rsplit(" ", 1)[0] + "…"


def manner(text: str) -> str | None:
    """ "đề nghị", "mời", "khuyến khích": the issuer cannot order that unit."""
    found = re.match(r"\W*(?P<how>đề nghị|kính đề nghị|mời|khuyến khích|kính mời)\b", text, re.I)
    return found["how"].lower() if found else None


def _manner_above(node: Node) -> str | None:
    said = (manner(n.text) for n in node.upward() if n is not node and n.block and n.kind != "text")
    return next((how for how in said if how), None)


def of_item(node: Node, year: int | None) -> Iterator[ReadTask]:
    """The tasks of an item that is known to hand out duties."""
    yield from _sentences(node, Lines(), year)
