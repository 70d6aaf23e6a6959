"""Tasks: items over "Cơ quan chủ trì:" lines, duties under a unit's heading, sentences that open
with a unit, and rows of task tables (`task_tables.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from namro.reading import deadlines, mentions, task_tables
from namro.reading.blocks import Block
from namro.reading.mentions import Directory, KnownUnit
from namro.reading.outline import Node, title_key
from namro.reading.plan import Mention, ReadDocument, ReadTask
from namro.reading.targets import is_aims

_DUTIES = re.compile(
    r"to chuc thuc hien|phan cong|trach nhiem|kinh phi|nguon (?:kinh phi|luc)|che do bao cao|thong tin,? bao cao|to chuc trien khai|phuong an trien khai|thuc hien ke hoach|to chuc chi dao"
)
_CONTENT = re.compile(
    r"^(?:cac )?(?:nhiem vu|giai phap|noi dung|muc dich|muc tieu|yeu cau|quan diem|chi tieu|nguyen tac|doi tuong|pham vi)"
)
_LINE = re.compile(
    r"^[-–+*•]?\s*(?P<what>(?:Cơ quan|Đơn vị|Các cơ quan|Các đơn vị|Đơn vị, cơ quan|Cơ quan, đơn vị|Bộ phận|Đầu mối|Chủ trì|Phối hợp|Thời gian|Thời hạn|Sản phẩm|Kết quả|Tiến độ|Lộ trình|Hoàn thành|Phân công)"
    r"[^:.;]{0,60}?)\s*(?::|(?<=thực hiện)\s(?=sau khi|trước|trong|từ))\s*",
)
_CLOSING = re.compile(
    r"^(?:Trong quá trình|Quá trình)\s.{0,40}?(?:thực hiện|triển khai).{0,60}?(?:vướng mắc|khó khăn|phát sinh|vấn đề)"
    r"|^Trên đây là|^Yêu cầu các .{0,60} nghiêm túc|^Nơi nhận|^Vậy,",
    re.S,
)
_EXECUTION = re.compile(
    r"chịu trách nhiệm thi hành|có hiệu lực (?:kể )?từ|^Ban hành kèm theo|^Quyết định này"
)


@dataclass
class Lines:
    """Lines of units and times that hold for the items above them."""

    lead: tuple[Mention, ...] = ()
    cooperate: tuple[Mention, ...] = ()
    deadline: str | None = None
    product: str | None = None


@dataclass
class _Reader:
    directory: Directory
    year: int | None
    found: list[ReadTask] = field(default_factory=list)


def read(root: Node, head: ReadDocument, known: Sequence[KnownUnit]) -> tuple[ReadTask, ...]:
    """All tasks of the outline, in order of the document."""
    year = _plan_year(head)
    tasks: list[ReadTask] = []
    for node in _sections(root):
        tasks += _of_children(node, year)
    for node in root.walk():
        if node.kind == "table":
            tasks += task_tables.read(node, year)
    directory = Directory(known)
    tasks.sort(key=lambda t: (t.place.block or 0, t.place.start or 0))
    return tuple(
        replace(
            t,
            lead=directory.resolved(t.lead),
            cooperate=directory.resolved(t.cooperate),
        )
        for t in tasks
    )


def _plan_year(head: ReadDocument) -> int | None:
    if head.date:
        return int(head.date[:4])
    named = re.search(r"\b(20\d{2})\b", head.title or "")
    return int(named[1]) if named else None


def _sections(root: Node) -> Iterator[Node]:
    """Every node that holds others, and the root."""
    yield from (node for node in root.walk() if node.children)


def _of_children(node: Node, year: int | None) -> Iterator[ReadTask]:
    """Tasks among the children of one node: first items over lines of units, then duties."""
    children = node.children
    at = 0
    while at < len(children):
        lines_from = next((i for i in range(at, len(children)) if _is_line(children[i])), None)
        if lines_from is None:
            break
        lines_to = lines_from
        while lines_to < len(children) and _is_line(children[lines_to]):
            lines_to += 1
        items = [c for c in children[at:lines_from] if _is_item(c)]
        lines = _lines(children[lines_from:lines_to], year)
        if lines.lead or lines.cooperate or lines.deadline:
            yield from _over_lines(node, items, lines, year)
        at = lines_to
    for child in children[at:]:
        if not any(_is_line(grand) for grand in child.children):
            yield from _duties(child, year)


def _is_line(node: Node) -> bool:
    return bool(node.block and node.block.cell is None and _LINE.match(node.block.text)) and not (
        node.kind in ("roman", "part", "capital", "appendix")
    )


def _is_item(node: Node) -> bool:
    return node.block is not None and not node.heading and len(node.text) > 15


def _over_lines(
    node: Node, items: Sequence[Node], lines: Lines, year: int | None
) -> Iterator[ReadTask]:
    """The items that stand over a block of lines; the node's own words where none does."""
    if not items and node.block is not None:
        items = [node]
    for item in items:
        assert item.block is not None
        yield _task(item, item.block, item.body, len(item.block.text), lines, year)


def _lines(nodes: Sequence[Node], year: int | None) -> Lines:
    said = Lines()
    for node in nodes:
        assert node.block is not None
        text = node.block.text
        line = _LINE.match(text)
        if line is None:
            continue
        what = line["what"].lower()
        end = len(text.rstrip(" .;"))
        if re.search(r"thời gian|thời hạn|tiến độ|lộ trình|hoàn thành", what):
            said.deadline = said.deadline or text[line.end() : end]
        elif re.search(r"sản phẩm|kết quả", what):
            said.product = said.product or text[line.end() : end]
        elif "phối hợp" in what and "chủ trì" not in what:
            said.cooperate += mentions.mentions(node.block, line.end(), end)
        else:
            said.lead += _units_in(node.block, line.end(), end)
    return said


def _units_in(block: Block, start: int, end: int) -> tuple[Mention, ...]:
    """Units of a line; where the line is a whole sentence, only the names that open its clauses."""
    text = block.text[start:end]
    if len(text) < 260:
        return mentions.mentions(block, start, end)
    found: list[Mention] = []
    for clause in re.finditer(r"[^;.]+", text):
        words = clause[0]
        left = len(words) - len(words.lstrip())
        size = mentions.leading_names(words.lstrip())
        if size:
            at = start + clause.start() + left
            found += mentions.mentions(block, at, at + size)
    return tuple({m.text: m for m in found}.values())


def _task(
    node: Node, block: Block, start: int, end: int, lines: Lines, year: int | None
) -> ReadTask:
    quote = block.text[start:end].strip()
    start += len(block.text[start:end]) - len(block.text[start:end].lstrip())
    iso = deadlines.iso_of(lines.deadline, year) if lines.deadline else None
    section = node.section()
    return ReadTask(
        quote,
        block.place(start, start + len(quote)),
        section.id if section else None,
        _title(quote),
        lines.lead,
        lines.cooperate,
        lines.deadline,
        iso,
        None,
        lines.product,
        _manner(quote),
        _sure(block.sureness(start, end), lead=1.0 if lines.lead else 0.4),
    )


def _sure(base: float, **fields: float) -> dict[str, float]:
    every = {"lead": 1.0, "cooperate": 0.95, "deadline": 0.95} | fields
    return {name: round(sure * base, 2) for name, sure in every.items()}


def _title(quote: str) -> str:
    first = re.split(r"[.;]\s", quote)[0]
    return first if len(first) <= 160 else first[:157].rsplit(" ", 1)[0] + "…"


def _manner(text: str) -> str | None:
    found = re.match(r"\W*(?P<how>đề nghị|kính đề nghị|mời|khuyến khích|kính mời)\b", text, re.I)
    return found["how"].lower() if found else None


# Duties ------------------------------------------------------------------------------------


def _duties(node: Node, year: int | None) -> Iterator[ReadTask]:
    """One bullet, item or paragraph in a section that hands out duties."""
    if node.block is None or node.block.cell is not None or not _hands_out(node):
        return
    if _CLOSING.match(node.text) and not re.search(
        r"báo cáo.{0,80}(?:trước ngày|h[àằ]ng)|(?:trước|ngày).{0,40}báo cáo", node.text
    ):
        return
    if _EXECUTION.search(node.text) or (node.heading and _names_unit(node)):
        return
    if node.kind in ("roman", "part", "capital", "appendix", "article") and node.heading:
        return
    over = _lead_above(node)
    yield from _sentences(node, over, year)


def _hands_out(node: Node) -> bool:
    """Whether the item stands in Tổ chức thực hiện, Phân công, Kinh phí or the like."""
    if is_aims(node):
        return False
    for above in node.upward():
        if above is node or above.block is None or not above.heading:
            continue
        key = title_key(above)[:160]
        if _DUTIES.search(key):
            return True
        if _CONTENT.match(key):
            return False
    return node.kind == "article" and bool(re.match(r"Giao\s", node.text))


_ADDRESS = re.compile(
    r"^(?:(?P<how>Đề nghị|Kính đề nghị|Khuyến khích|Mời)\s*:?\s*|Giao(?:\s+cho)?\s+|Yêu cầu\s+|Đối với\s+)"
)


def _names_unit(node: Node) -> bool:
    """Whether a heading is the name of a unit ("2. Sở Tài chính", "6. Đề nghị: Hiệp hội …")."""
    text = node.text.strip()
    address = _ADDRESS.match(text)
    body = text[address.end() :] if address else text
    return bool(mentions.HEAD.match(body)) and not mentions.leading_names(body)


def _lead_above(node: Node) -> Lines:
    """The unit named by the nearest heading above, with how it is addressed."""
    for above in node.upward():
        if above is node or above.block is None:
            continue
        if _names_unit(above):
            text = above.text
            address = _ADDRESS.match(text)
            start = above.body + (address.end() if address else 0)
            end = len(above.block.text.rstrip(" :."))
            bracket = re.search(r"\s*\((?:Giao|giao)[^)]*\)\s*$", above.block.text[:end])
            end = bracket.start() if bracket else end
            return Lines(mentions.mentions(above.block, start, end))
        words = above.text.strip()
        named = mentions.leading_names(words)
        if named and words.endswith(":"):
            return Lines(
                mentions.mentions(above.block, above.body, above.body + named),
                _partners(above.block, above.body, len(above.block.text))[0],
            )
    return Lines()


_PARTNERS = re.compile(
    r"(?P<cue>[Pp]hối hợp(?: chặt chẽ| với| cùng| cùng với)*|[Cc]ùng với)\s+(?=\S)"
)
_PARTNERS_END = re.compile(r"\s(?=(?:trong việc|để|nhằm|căn cứ|tiến hành)\b)")


def _partners(block: Block, start: int, end: int) -> tuple[tuple[Mention, ...], int]:
    """The units after "phối hợp với", and where the work begins after them."""
    text = block.text[start:end]
    cue = _PARTNERS.search(text[:260])
    if not cue:
        return (), start
    rest = text[cue.end() :]
    if not mentions.HEAD.match(rest) and not re.match(
        r"(?:các|sở|phòng|đơn vị|cơ quan|cán bộ)\s", rest
    ):
        return (), start
    size = mentions.leading_names(rest)
    stop = _PARTNERS_END.search(rest)
    if stop and (not size or stop.start() < size):
        size = stop.start()
    if not size:
        return (), start
    at = start + cue.end()
    return mentions.mentions(block, at, at + size), at + size


_WORK_CUE = re.compile(r"[\s,]*(?:trong việc|tham mưu(?= việc))?\s*")


def _sentences(node: Node, over: Lines, year: int | None) -> Iterator[ReadTask]:
    """The tasks of one item: the item as a whole, and each sentence with a date or unit of its own."""
    assert node.block is not None
    last = over
    for start, end in _parts(node):
        task = _duty(node, start, end, last, over, year)
        if task:
            last = replace_lead(over, task)
            yield task


def replace_lead(over: Lines, task: ReadTask) -> Lines:
    return Lines(task.lead or over.lead)


def _parts(node: Node) -> Iterator[tuple[int, int]]:
    """Where the sentences of an item begin and end, those without a unit or date joined on."""
    assert node.block is not None
    text = node.block.text
    start = node.body
    for stop in re.finditer(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ]|định kỳ\s+trước)", text[node.body :]):
        at = node.body + stop.end()
        rest = text[at:]
        sentence = re.split(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])", rest)[0]
        own = mentions.leading_names(sentence) > 0 or deadlines.in_sentence(sentence) is not None
        if own and len(sentence) > 40:
            yield start, node.body + stop.start()
            start = at
    yield start, len(text)


def _duty(
    node: Node, start: int, end: int, last: Lines, over: Lines, year: int | None
) -> ReadTask | None:
    assert node.block is not None
    block = node.block
    text = block.text[start:end]
    address = _ADDRESS.match(text) or re.match(
        r"(?:Ủy ban nhân dân|UBND)[^.;,]{0,40}?\s(?:yêu cầu|đề nghị|giao)\s+", text
    )
    opens = start + (address.end() if address else 0)
    intro = re.match(
        r"(?:Trên cơ sở|Căn cứ|Theo|Riêng)\s[^.;]{0,200}?,\s+(?=(?:các|Các|Ủy ban|UBND|Sở|sẽ))",
        block.text[opens:end],
    )
    if intro:
        opens += intro.end()
    size = mentions.leading_names(block.text[opens:end])
    lead = mentions.mentions(block, opens, opens + size) if size else ()
    partners, after = _partners(block, opens + size, end)
    if not lead and not over.lead and not last.lead:
        return None
    if not lead and _CONTENT_ONLY.match(text):
        return None
    work = _work_start(block, start, opens + size, after, lead, partners)
    due = deadlines.in_sentence(text, year)
    sure = 0.95 if lead else 0.85
    quote = block.text[work:end].strip()
    work += len(block.text[work:end]) - len(block.text[work:end].lstrip())
    section = node.section()
    how = _manner(block.text[start:end]) or _manner_above(node)
    return ReadTask(
        quote,
        block.place(work, work + len(quote)),
        section.id if section else None,
        _title(quote),
        lead or last.lead or over.lead,
        partners or over.cooperate,
        due[0] if due else None,
        due[1] if due else None,
        None,
        None,
        how,
        _sure(block.sureness(start, end), lead=sure, deadline=0.8 if due else 0.9),
    )


_CONTENT_ONLY = re.compile(r"^(?:Nguồn kinh phí|Kinh phí|Ngân sách|Từ nguồn)\b")


def _manner_above(node: Node) -> str | None:
    for above in node.upward():
        if above is not node and above.block is not None and above.kind not in ("text",):
            how = _manner(above.text)
            if how:
                return how
    return None


def _work_start(
    block: Block,
    start: int,
    after_lead: int,
    after_partners: int,
    lead: tuple[Mention, ...],
    partners: tuple[Mention, ...],
) -> int:
    """Where the words of the work begin: after "… trong việc", after the unit that opens, or at once."""
    if lead and partners:
        cue = re.match(r"\s*trong việc\s+", block.text[after_partners:])
        if cue:
            return after_partners + cue.end()
    if lead and after_lead > start:
        return after_lead
    return start
