"""Lines under an item that say who and when: "Cơ quan chủ trì: …", "Thời gian: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from namro.reading import mentions
from namro.reading.blocks import Block
from namro.reading.outline import Node
from namro.reading.plan import Mention

_WHAT = (
    r"(?:các )?(?:cơ quan|đơn vị|bộ phận|địa phương|phòng(?: ban)?)(?:\s*[,/]\s*(?:cơ quan|đơn "
    r"vị))?\s*,?\s*(?:được giao )?"
    r"(?:chủ trì|phối hợp|(?:cùng )?thực hiện|tham mưu|đầu mối|phụ trách|chịu trách nhiệm"
    r"|(?:cùng )?tham gia|hỗ trợ|hướng dẫn)[^:.;]{0,30}"
    r"|(?:chủ trì|phối hợp)(?: và phối hợp)?(?: thực hiện)?|phân công(?: thực hiện| "
    r"nhiệm vụ)?|đầu mối|phụ trách|cùng (?:thực hiện|tham gia)"
    rf"|(?:tham gia|hỗ trợ)(?=\s*:\s*{mentions.HEAD.pattern})"
    r"|th[ờơ]i (?:gian|hạn|điểm)[^:.;]{0,30}|tiến độ[^:.;]{0,25}|lộ trình[^:.;]{0,25}|hoàn thành"
    r"|(?:hạn|mốc) (?:thời gian|hoàn thành|chót|cuối|nộp)[^:.;]{0,20}"
    r"|(?:yêu cầu (?:về )?)?(?:sản phẩm|kết quả|đầu ra)(?:\s*(?:[,/]|và)\s*(?:sản phẩm|kết quả))?"
    r"(?: (?:đầu ra|dự kiến|hoàn thành|thực hiện|cần đạt(?: được)?|đạt "
    r"được|phải đạt|chủ yếu|chính|giao nộp)){0,2}"
    r"|thành phần[^:.;]{0,25}|địa điểm|đối tượng tham (?:gia|dự)|số lượng[^:.;]{0,15}"
)
LINE = re.compile(
    rf"^[-–+*•]?\s*(?P<what>{_WHAT})\s*(?::|(?<=thực hiện)\s(?=sau khi|trước|trong|từ))\s*", re.I
)
CONTENT = re.compile(r"^[-–+*•]?\s*Nội dung(?: thực hiện| công việc| hoạt động)?\s*:\s*")


@dataclass(frozen=True)
class Lines:
    """What a block of such lines says; it holds for the items above it."""

    lead: tuple[Mention, ...] = ()
    cooperate: tuple[Mention, ...] = ()
    deadline: str | None = None
    product: str | None = None
    rest: tuple[Node, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lead or self.cooperate or self.deadline)


def is_line(node: Node) -> bool:
    """Whether an item is such a line."""
    if node.block is None or node.kind in ("roman", "part", "capital", "appendix"):
        return False
    found = LINE.match(node.block.text) or LINE.match(node.text) or _referring(node)
    return found is not None and not re.search(r"\bsau(?: đây)?$", found["what"].strip())


# "Các nhiệm vụ tại điểm 2.2, 2.3 và 2.4 nêu trên: a) Đơn vị chủ trì: …"
_REFERS = re.compile(
    r"(?:Các |Những )?(?:nhiệm vụ|nội dung|công việc|hoạt động)(?: nêu)? (?:tại|ở|thuộc)(?: các)? "
    r"(?:điểm|mục|khoản|tiểu mục) (?P<which>\d[\d., và;]*?)\s*(?:nêu trên|ở trên|trên)?\s*:\s*"
    rf"(?:[a-zđ]\)\s*)?(?P<what>{_WHAT})\s*:\s*",
    re.I,
)


def _referring(node: Node) -> re.Match[str] | None:
    return _REFERS.match(node.text)


def refers_to(node: Node) -> list[str]:
    """The numbers of the items that a line speaks of; [] where it names none."""
    found = _referring(node)
    return re.findall(r"\d+(?:\.\d+)*", found["which"]) if found else []


def is_whole(node: Node) -> bool:
    """Whether a line itself says who or when, so that what stands below it is something else."""
    if not is_line(node):
        return False
    _, _, start, end = _parts(node)
    return end > start


def read(nodes: Sequence[Node]) -> Lines:
    """Several lines read together. `rest` are duties of single units listed below a line."""
    lead: tuple[Mention, ...] = ()
    cooperate: tuple[Mention, ...] = ()
    deadline = product = None
    rest: list[Node] = []
    said = (label for line in nodes for label in _labelled(line))
    for node, what, block, start, end in said:
        if _WHEN.search(what):
            deadline = deadline or _said(node, block, start, end)
        elif re.search(r"sản phẩm|kết quả|đầu ra", what):
            product = product or block.text[start:end].strip() or None
        elif _HELPS.search(what) and not re.search(r"chủ trì|đối tượng", what):
            cooperate += _units(block, start, end)
        elif not re.search(r"thành phần|địa điểm|đối tượng|số lượng", what):
            for where, a, b in _unit_texts(node, block, start, end, rest):
                own, partners = _lead_and_partners(where, a, b)
                lead, cooperate = lead + own, cooperate + partners
    return Lines(_once(lead), _once(cooperate), deadline, product, tuple(rest))


_WHEN = re.compile(r"th[ờơ]i (?:gian|hạn|điểm)|tiến độ|lộ trình|hoàn thành|^(?:hạn|mốc) ")
_HELPS = re.compile(r"phối hợp|tham gia|cùng thực hiện|hỗ trợ|hướng dẫn")
# "…; b) Đơn vị phối hợp: …": counted within the line or not.
_NEXT_LABEL = re.compile(rf"[;.]\s*(?:(?:[a-zđ]|\d)[).]\s*)?(?P<what>{_WHAT})\s*:\s*", re.I)


def _labelled(node: Node) -> Iterator[tuple[Node, str, Block, int, int]]:
    """What a line says, label by label: "Cơ quan chủ trì: A; cơ quan phối hợp: B"."""
    what, block, start, end = _parts(node)
    for found in _NEXT_LABEL.finditer(block.text, start, end):
        yield node, what, block, start, found.start()
        what, start = found["what"].lower(), found.end()
    yield node, what, block, start, end


def time_over(node: Node) -> str | None:
    """The time that an item beside the ones above says for all of them: "b) Thời gian: từ ngày
    15/3 đến ngày 20/3" before "d) Các hoạt động". A time of the whole plan is nobody's deadline.
    """
    for here in node.upward():
        beside = here.parent
        if beside is None or beside.kind in ("root", "roman", "part", "appendix", "article"):
            return None
        for other in beside.children:
            if other is not here and is_line(other):
                what, block, start, end = _parts(other)
                if re.match(r"th[ờơ]i (?:gian|hạn)", what) and re.search(r"\d", block.text[start:]):
                    return _said(other, block, start, end)
    return None


def _parts(node: Node) -> tuple[str, Block, int, int]:
    block = node.block
    assert block is not None
    shift = 0
    found = LINE.match(block.text)
    if found is None:
        found, shift = LINE.match(node.text) or _referring(node), node.body
    assert found is not None
    return found["what"].lower(), block, shift + found.end(), len(block.text.rstrip(" .;"))


def _said(node: Node, block: Block, start: int, end: int) -> str | None:
    """The deadline on the line, or the last date in the table below it."""
    said = block.text[start:end].strip()
    if said:
        return said
    below = node.parent.children[node.parent.children.index(node) + 1 :] if node.parent else []
    for other in [*node.children, *below[:1]]:
        if other.kind == "table":
            dated = [b.text for b in other.blocks if re.search(r"\d{1,2}/\d{1,2}/\d{4}", b.text)]
            return dated[-1] if dated else None
    return None


def _unit_texts(
    node: Node, block: Block, start: int, end: int, rest: list[Node]
) -> Iterator[tuple[Block, int, int]]:
    """The stretches that name units: the line itself, or the items listed under it."""
    if end > start:
        yield block, start, end
        return
    for i, child in enumerate(node.children):
        if child.block is None:
            continue
        named = mentions.leading_names(child.text)
        if i and named and "chủ trì" not in child.text[:200]:
            rest.append(child)
        else:
            yield child.block, child.body, len(child.block.text.rstrip(" .;"))


_LEADS = re.compile(r"\s+(?:là cơ quan )?chủ trì,?(?:\s+(?=phối hợp)|\s*$|,)")
_WITH = re.compile(r"phối hợp(?: chặt chẽ)?(?: với| cùng| cùng với)?\s+")


def _lead_and_partners(
    block: Block, start: int, end: int
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """ "Sở Y tế chủ trì, phối hợp với các sở …" on one line: who leads, who takes part."""
    text = block.text[start:end]
    leads = _LEADS.search(text)
    if leads is None:
        return _units(block, start, end), ()
    partners = _WITH.match(text, leads.end())
    own = _units(block, start, start + leads.start())
    if partners is None:
        return own, ()
    return own, _units(block, start + partners.end(), end)


_TAIL = re.compile(
    r"(?<![,;])\s+(?:theo chức năng|theo nhiệm vụ|theo lĩnh vực|tiến hành|tham mưu"
    r"|tổ chức(?! (?:y tế|chính trị|đảng|xã hội|hội|công đoàn|kinh tế))|thực hiện|triển khai"
    r"|rà soát|căn cứ)\b.*$"
)


def _units(block: Block, start: int, end: int) -> tuple[Mention, ...]:
    """Units of a stretch; of a whole sentence only the names that open its clauses."""
    text = block.text[start:end]
    if len(text) > 260:
        found: list[Mention] = []
        for clause in re.finditer(r"[^;.]+", text):
            left = len(clause[0]) - len(clause[0].lstrip())
            size = mentions.leading_names(clause[0].lstrip())
            at = start + clause.start() + left
            if size:
                found += mentions.mentions(block, at, at + size)
        return _once(tuple(found))
    tail = _TAIL.search(text)
    return mentions.mentions(
        block, start, start + tail.start() if tail and tail.start() > 3 else end
    )


def _once(names: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple({m.text: m for m in names}.values())
