"""Duties in running text: bullets under a unit's heading, sentences that open with a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading import charge, deadlines, mentions, orders, pieces, unit_lines
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
    r"|^(?:nguon |bao dam )?kinh phi|^nguon luc"
    r"|^bao cao|^kiem tra, giam sat"
)
_CONTENT = regex(
    r"^(?:cac )?(?:nhiem vu|giai phap|noi dung|muc dich|muc tieu|yeu cau|quan diem"
    r"|chi tieu|nguyen tac|doi tuong|pham vi)"
)
_EXECUTION = regex(
    r"(?:chịu|có) trách nhiệm (?:tổ chức )?thi hành|có hiệu lực (?:kể )?từ"
    r"|^Ban hành kèm theo|^Quyết định này"
)
# What tells of the past or of persons, prizes and money hands out nothing.
_TELLS = regex(
    r"(?:ve |tom tat |khai quat |so luoc )?(?:ket qua (?:dat|thuc hien|trien khai)|ton tai"
    r"|han che|nguyen nhan|tinh hinh"
    r"|danh gia (?:tinh hinh|ket qua|chung|nguy co|thuc trang)|thuc trang|uu diem|bai hoc"
    r"|tieu chi|tieu chuan|khen thuong|hinh thuc khen|doi tuong|pham vi|thanh phan|quan diem"
    r"|danh sach)\b"
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
    if any(n.heading and n is not node and _TELLS.match(title_key(n)) for n in node.upward()):
        return
    if node.text.startswith("Đối với") and not _orders_them(node):
        return
    if _is_heading_only(node) or _EXECUTION.search(node.text) or _is_list_intro(node):
        return
    if node.text.isupper():
        return
    in_section = _hands_out(node) or _says_who(node)
    over = charge.above(node)
    if in_section or (letter and (_opens_with_order(node) or _asked_above(node, over))):
        if not over.lead and not charge.names_in(node.text):
            over = charge.named_at_end(node) or over
        yield from _sentences(node, over, year)
    elif not _in_grounds(node):
        yield from _in_passing(node, year)


def _in_passing(node: Node, year: int | None) -> Iterator[ReadTask]:
    """The tasks of an item outside the sections that hand out duties: its end, or a sentence of
    its own, says who has the work."""
    over = charge.named_at_end(node, bracketed=node.kind == "text")
    if over.lead:
        yield from _sentences(node, over, year)
    elif node.kind == "text" and not node.text.rstrip().endswith(":") and _in_work(node):
        yield from _orders_in(node, year)


def _in_work(node: Node) -> bool:
    """Whether a paragraph stands in a section of work: Nhiệm vụ, giải pháp."""
    above = [n for n in node.upward() if n.heading and n is not node]
    return any(_WORK.search(title_key(n)[:90]) for n in above)


def _orders_in(node: Node, year: int | None) -> Iterator[ReadTask]:
    """The tasks that sentences of a paragraph hand out (`orders.py`)."""
    for start, end in orders.spans(node):
        task = _duty(node, start, end, Lines(), (), year)
        if task:
            yield task


def _orders_them(node: Node) -> bool:
    """ "Đối với các xã: tổ chức …" orders; "Đối với các xã: nếu có …" only speaks of them."""
    named = charge.named_in(node)
    return named is None or mentions.begins_with_verb(node.text[named[1] - node.body :])


def _asked_above(node: Node, over: Lines) -> bool:
    """A numbered item of a directive below the sentence that turns to who is to do it."""
    return bool(over.lead) and node.kind not in ("text", "roman", "root", "foot")


def _mixed_with_work(node: Node) -> bool:
    """An item with a lead of its own under "Mục tiêu, nhiệm vụ"."""
    work = (n.heading and "nhiem vu" in title_key(n) for n in node.upward() if n is not node)
    return _says_who(node) and any(work)


def _under_list_of_unit(node: Node) -> bool:
    """Below "… các cơ quan, đơn vị thực hiện các hoạt động sau:"."""
    above = (n for n in node.upward() if n is not node and n.block is not None)
    return any(
        (_GOES_ON.search(n.text) and charge.named_in(n))
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


def _in_grounds(node: Node) -> bool:
    return any(n.heading and n is not node and _GROUNDS.match(title_key(n)) for n in node.upward())


def _says_who(node: Node) -> bool:
    """Whether an item opens with who leads ("Sở … chủ trì …", "Giao Sở … …"): a task wherever it
    stands. A plain paragraph is none: it may speak of a lead in passing."""
    given = re.match(r"Giao(?:\s+cho)?\s+", node.text)
    if (node.kind == "text" and not given) or node.text.startswith("Căn cứ") or _in_grounds(node):
        return False
    if given:
        return bool(mentions.leading_names(node.text[given.end() :]))
    named = charge.named_in(node)
    if named is None or not _LEADS.match(node.text[named[1] - node.body :]):
        return False
    assert node.block is not None
    after = charge.partners(node.block, named[1], len(node.block.text))[1]
    work = node.block.text[after:].strip(" .,;")  # a lead alone is said of the items above
    return node.text.rstrip().endswith(":") or len(work) > 8


def says_who_or_when(node: Node) -> bool:
    """Whether an item itself names who has its work, or by when."""
    named = charge.names_in(node.text) or bool(charge.named_at_end(node).lead)
    return named or deadlines.in_sentence(node.text) is not None


def _hands_out(node: Node) -> bool:
    """Whether it stands in Tổ chức thực hiện, Phân công, Kinh phí, or under a unit's "… sau:"."""
    if (
        _one_of_units(node)
        or _is_work_of_unit(node)
        or _under_list_of_unit(node)
        or (node.kind != "text" and charge.ordered_above(node))
    ):
        return True
    for above in node.upward():
        if above is node or above.block is None:
            continue
        bullet = above.kind in ("dash", "plus", "dot", "text")
        if not above.heading and not (bullet and charge.names_unit(above)):
            continue
        key = title_key(above)[:160]
        if _HANDS_OUT.search(key) or (_is_unit_heading(above) and not _in_grounds(node)):
            return True
        if _CONTENT.match(key):
            return False
    if node.kind != "article":
        return False
    named = charge.named_in(node)
    duty = named is not None and _HAS_DUTY.match(node.text[named[1] - node.body :])
    return bool(re.match(r"Giao\s", node.text) or duty)


_HAS_DUTY = regex(r"[\s,]*(?:có trách nhiệm|chủ trì)\b")


def _is_unit_heading(node: Node) -> bool:
    """ "2. Sở Tài chính" wherever it stands, one of several such; "Đối với các xã" speaks of them,
    and "Doanh nghiệp số" among other subjects is one itself."""
    if node.text.startswith("Đối với") or not charge.names_unit(node):
        return False
    return _among_units(node) or bool(
        orders.GIVES.match(node.text) and node.text.rstrip().endswith(":")
    )


def _among_units(node: Node) -> bool:
    """Whether most items of the list it stands in open with a unit."""
    others = [n for n in (node.parent.children if node.parent else ()) if n.kind == node.kind]
    opens = sum(charge.names_unit(n) or charge.names_in(n.text) for n in others)
    return opens * 2 > len(others)


_SIGNED = ("letter", "paren", "dash", "plus", "dot", "arabic", "arabic2", "arabic3")


def _one_of_units(node: Node) -> bool:
    """ "b) Bộ Nội vụ rà soát …" between "a) Ủy ban nhân dân các tỉnh" and "c) Bộ Y tế"."""
    if node.kind not in _SIGNED or not charge.names_in(node.text) or _in_grounds(node):
        return False
    others = [n for n in (node.parent.children if node.parent else ()) if n.kind == node.kind]
    return _among_units(node) and any(n.children and charge.names_unit(n) for n in others)


_WORK = regex(r"nhiem vu|giai phap|noi dung (?!mau)|hoat dong|cong viec|bien phap")


def _is_work_of_unit(node: Node) -> bool:
    """ "2. Sở Y tế tổ chức …" under Nhiệm vụ, giải pháp: a unit that opens an item has the
    work, said to lead it or not. A collective has it only where its neighbours open so too."""
    named = charge.named_in(node) if node.kind in _SIGNED and not _in_grounds(node) else None
    if named is None or node.block is None or node.text.startswith(("Đối với", "Căn cứ")):
        return False
    work = node.block.text[charge.partners(node.block, named[1], len(node.block.text))[1] :]
    if orders.DONE.search(node.block.text[named[0] : named[1] + 6]) or len(work.strip(" .,;")) <= 8:
        return False
    if any(unit_lines.is_line(n) for n in node.upward()):
        return False
    heading = next((n for n in node.upward() if n is not node and n.heading), None)
    if heading is None or not any(_WORK.search(title_key(n)[:90]) for n in heading.upward()):
        return False
    name = node.block.text[named[0] : named[1]]
    return _among_units(node) or not mentions.is_collective(name)


def _opens_with_order(node: Node) -> bool:
    text = node.text
    named = charge.named_in(node) is not None or any(
        charge.names_in(text[a:b]) for a, b in pieces.enumerated(text, 0)
    )
    sent_by = re.search(r"của (?P<by>các [^.;]{3,80}?) gửi (?:về|báo cáo)", text)
    return (
        node.kind not in ("root",) and (named or bool(sent_by)) and not text.startswith("Kính gửi")
    )


def _is_heading_only(node: Node) -> bool:
    if not node.heading:
        return False
    kinds = ("roman", "part", "chapter", "group", "title", "capital", "appendix", "article")
    titles = bool(node.children) and not charge.names_in(node.text) and len(node.text) < 160
    return charge.names_unit(node) or node.kind in kinds or titles


def _is_list_intro(node: Node) -> bool:
    """ "Chủ trì, phối hợp với …:" over its bullets: says with whom, not what."""
    if not node.children:
        return False
    text = node.text.rstrip()
    return text.endswith(":") or bool(re.match(r"(?:Chủ trì|Phối hợp)", text) and node.heading)


def _sentences(node: Node, over: Lines, year: int | None) -> Iterator[ReadTask]:
    """The item as a whole, and each further sentence with a date or a unit of its own."""
    last: tuple[Mention, ...] = ()
    counted = pieces.enumerated(node.block.text, node.body) if node.block else []
    if counted:
        over = pieces.before_the_count(node, counted[0][0]) or over
    for start, end in counted or pieces.parts(node):
        task = _duty(node, start, end, over, () if counted else last, year)
        if task:
            last = task.lead
            yield task


_REQUESTS = regex(r"(?:Yêu cầu|Đề nghị|Khuyến khích|Mời|Vận động)\s")


def _under_unit_heading(node: Node) -> bool:
    above = (n for n in node.upward() if n is not node and n.block is not None)
    return any(charge.names_unit(n) for n in above)


_SENDER = regex(r"của (?P<by>các [^.;]{3,80}?) gửi (?:về|báo cáo)")
_SOURCE_OF_MONEY = regex(r"^(?:Nguồn kinh phí|Kinh phí|Ngân sách|Từ nguồn)\b")


def _duty(
    node: Node, start: int, end: int, over: Lines, last: tuple[Mention, ...], year: int | None
) -> ReadTask | None:
    assert node.block is not None
    block, text = node.block, node.block.text[start:end]
    if (pieces.CLOSING.match(text) or node.text.startswith("Trên đây là")) and not pieces.reports(
        text
    ):
        return None
    opens = start + charge.opening(text)
    size = mentions.leading_names(block.text[opens:end])
    if _REQUESTS.match(text) and _under_unit_heading(node):
        size, opens = 0, start  # a duty of the unit of the heading: to ask others
    elif text.startswith("Đối với") and not mentions.begins_with_verb(
        block.text[opens + size : end]
    ):
        return None
    lead, helped = charge.roles_named(block, opens, opens + size) if size else ((), ())
    sender = _SENDER.search(text) if not lead else None
    if sender:
        lead = mentions.mentions(block, start + sender.start("by"), start + sender.end("by"))
    if not lead and (not (over.lead or last) or _SOURCE_OF_MONEY.match(text)):
        return None
    partners, after = charge.partners(block, opens + size, end)
    partners = helped + partners
    work = _work(block, (start, end), opens + size if size else start, after, bool(partners))
    if pieces.is_no_work(block.text[work:end].strip(), named=bool(lead)):
        return None
    return _task(
        node,
        work,
        end,
        lead or over.lead or last,
        partners or over.cooperate,
        text,
        year,
        _how_told(node, text, over, lead, sent=sender is not None),
    )


def _how_told(node: Node, text: str, over: Lines, lead: Sequence[Mention], *, sent: bool) -> str:
    """Which key of _HOW_SURE tells how the lead of a task was found."""
    if not lead:
        return "above" if over.lead else "before"
    if sent or ("chủ trì" not in text.lower() and _is_work_of_unit(node)):
        return "meant"
    return "own"


def _work(
    block: Block, span: tuple[int, int], after_lead: int, after_partners: int, partners: bool
) -> int:
    """Where the words of the work begin: after "trong việc", after the unit, or at once."""
    cue = re.match(r"\s*trong việc\s+", block.text[after_partners : span[1]]) if partners else None
    if cue and after_lead > span[0]:
        return after_partners + cue.end()
    return after_lead


# How sure a lead is: said in the sentence to have the work; opening an item of work, or sending it,
# without being said to lead; named by the heading above, by the sentence before.
_HOW_SURE = {"own": 0.95, "meant": 0.85, "above": 0.92, "before": 0.75}


def _task(
    node: Node,
    start: int,
    end: int,
    lead: tuple[Mention, ...],
    partners: tuple[Mention, ...],
    whole: str,
    year: int | None,
    own: str,
) -> ReadTask:
    assert node.block is not None
    block = node.block
    raw = block.text[start:end]
    start += len(raw) - len(raw.lstrip(" ,:"))
    quote = raw.strip(" ,:")
    due = deadlines.in_sentence(whole, year)
    over = None if due else unit_lines.time_over(node)
    if over:
        due = over, deadlines.iso_of(over, year)
    section = node.section()
    base = block.sureness(start, end)
    return ReadTask(
        quote,
        block.place(start, start + len(quote)),
        section.id if section else None,
        pieces.short_title(quote),
        lead,
        partners,
        due[0] if due else None,
        due[1] if due else None,
        "heading" if over else None,
        None,
        orders.manner(whole) or orders.manner_above(node),
        {
            "lead": round(mentions.sureness(lead, _HOW_SURE[own]) * base, 2),
            "cooperate": round(mentions.sureness(partners, 0.92) * base, 2),
            "deadline": round((0.8 if due else 0.9) * base, 2),
        },
    )


def of_item(node: Node, year: int | None) -> Iterator[ReadTask]:
    """The tasks of an item that is known to hand out duties."""
    yield from _sentences(node, Lines(), year)
