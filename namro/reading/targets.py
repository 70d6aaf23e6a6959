"""Sentences of aims → targets: one for each pair of subject and value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from namro.reading import deadlines, quantities
from namro.reading.blocks import Block
from namro.reading.outline import Node, title_key
from namro.reading.plan import ReadTarget
from namro.reading.quantities import Quantity
from namro.terms import Comparator

_AIMS = re.compile(r"muc tieu|chi tieu")
_GENERAL = re.compile(r"muc tieu (?:chung|tong quat)|quan diem")
_OTHER = re.compile(
    r"^(?:doi tuong|pham vi|nhiem vu|giai phap|yeu cau|quan diem|noi dung|to chuc|kinh phi|phan cong|muc dich|cac nhiem vu|nguon luc|thuc trang|ket qua)"
)
_WORK = re.compile(
    r"^(?:cac )?(?:nhiem vu|giai phap|noi dung|to chuc thuc hien)|nhiem vu, giai phap"
)


def is_aims(node: Node) -> bool:
    """Whether the item stands in a section of aims (Mục tiêu, Chỉ tiêu)."""
    for above in node.upward():
        if above.block is None or above.kind in ("text", "plus"):
            continue
        key = title_key(above)[:120]
        if _AIMS.search(key) and not _WORK.search(key) and (above.heading or above is not node):
            return "muc dich" not in key and not key.startswith("to chuc")
        if above.heading and _OTHER.match(key):
            return False
    return False


def read(root: Node, title: str | None) -> tuple[ReadTarget, ...]:
    """All targets of the outline, in order. `title` lends its period where nothing nearer says one."""
    found: list[ReadTarget] = []
    for node in root.walk():
        if node.kind == "table":
            found += _elsewhere(node, title)
        if node.block is None or node.kind in ("root", "foot") or _is_title(node):
            continue
        if is_aims(node) and not _only_heading(node):
            found += _of_aim(node, title)
        elif not node.heading:
            found += _elsewhere(node, title)
    return tuple(found)


def _is_title(node: Node) -> bool:
    return node.kind == "appendix" or bool(node.block and node.block.text.isupper())


def _only_heading(node: Node) -> bool:
    return node.heading and not quantities.find(node.text)


@dataclass(frozen=True)
class Sentence:
    """The words of one item: its block, where they begin and end, and the node for its section."""

    node: Node
    block: Block
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.block.text[self.start : self.end]


_PAST = re.compile(
    r"hiện nay|đến nay|hiện có|tính đến|đã đạt|đã có|hiện tại|thời gian qua|năm qua|kết quả đạt được",
    re.I,
)


def _of_aim(node: Node, title: str | None) -> Iterator[ReadTarget]:
    assert node.block is not None
    whole = Sentence(node, node.block, node.body, len(node.block.text.rstrip()))
    if _PAST.search(whole.text[:40]):
        return
    found = quantities.find(whole.text)
    picked = _pick(whole.text, found)
    if picked:
        for quantity in picked:
            yield _target(whole, quantity, found, picked, title, aims=True)
    elif not any(not q.bracketed for q in found) and _is_milestone(node):
        yield _milestone(whole, title)


def _pick(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """The quantities that are targets of their own; the others are conditions or restatements."""
    picked: list[Quantity] = []
    for quantity in found:
        before = [q for q in picked if not re.search(r"[;.]\s", text[q.end : quantity.start])]
        if _is_no_target(text, quantity):
            continue
        if not quantity.percent and any(q.percent for q in before):
            between = text[before[-1].end : quantity.start]
            if (
                quantity.bracketed
                or not re.search(r"(?:,|và)\s*(?:\w+\s+){0,6}$", between)
                or len(between) > 0
            ):
                if not re.search(r"\btrong đó\b", between):
                    continue
        if quantity.bracketed and not quantity.percent and not _strong(quantity):
            continue
        if _is_condition(text, quantity):
            continue
        picked.append(quantity)
    return picked


def _is_condition(text: str, quantity: Quantity) -> bool:
    """ "doanh nghiệp có từ 500 lao động trở lên phải …": who is meant, not how much is to be reached."""
    before = text[: quantity.number_at]
    return bool(re.search(r"\bcó từ\s*$", before)) and quantity.comparator is Comparator.AT_LEAST


def _strong(quantity: Quantity) -> bool:
    return quantity.comparator in (Comparator.AT_LEAST, Comparator.AT_MOST)


_EXCEPT = re.compile(r"(?:trừ|ngoại trừ|đối với [^.;:]{0,150}tỷ lệ|nếu)[^.;]{0,80}$", re.I)


def _is_no_target(text: str, quantity: Quantity) -> bool:
    before = text[: quantity.start]
    clause = re.split(r"[;.]\s", before)[-1]
    if _EXCEPT.search(clause) or _PAST.search(clause):
        return True
    tail = text[quantity.end : quantity.end + 30]
    if re.search(r"(?:giảm|tăng) từ\s*$", before) or re.match(
        r"[^.;]{0,40}?\b(?:xuống|lên)\s+(?:còn\s+)?\d", tail
    ):
        return bool(
            re.search(r"\btừ\s*$|≥?\s*từ\b", text[max(0, quantity.start - 8) : quantity.number_at])
        )
    if re.search(r"\bso với\b[^.;,]{0,40}$", clause):
        return True
    return bool(re.search(r"\bmột trong\b", text[quantity.start : quantity.end + 8]))


_MILESTONE = re.compile(
    r"^(?:(?:Phấn đấu|Cơ bản|Đến|Từ|Trong|Vào)\b[^,:]{0,40}[,:]?\s*)?"
    r"(?:Hoàn thành|Hoàn thiện|Triển khai hoàn thi|Ban hành|Có [^\W\d]|Ngừng|Dừng|Chấm dứt|Tắt sóng|Thành lập|Đưa vào|Kết nối|"
    r"Xây dựng (?:xong|hoàn|được|thành công|một|01)|hoàn thành|thành lập|ban hành|xóa bỏ)"
)
_DONE = re.compile(
    r"được đưa vào|hoàn thành (?:trong|trước|năm|vào)|trở đi|đi vào (?:hoạt động|vận hành)"
)


def _is_milestone(node: Node) -> bool:
    """Whether an aim without a number can be checked yes or no (cột mốc)."""
    above = next((n for n in node.upward() if n.heading and _GENERAL.search(title_key(n))), None)
    if above is not None or node.kind == "text" or node.heading:
        return False
    return bool(_MILESTONE.match(node.text) or _DONE.search(node.text))


def _milestone(whole: Sentence, title: str | None) -> ReadTarget:
    deadline, source = _deadline(whole, 0, len(whole.text), title)
    inner = next((q for q in quantities.find(whole.text)), None)
    sure = whole.block.sureness(whole.start, whole.end)
    return ReadTarget(
        whole.text,
        whole.block.place(whole.start, whole.end),
        _section(whole.node),
        _subject(whole.text, None),
        Comparator.MILESTONE,
        deadline=deadline,
        deadline_from=source,
        inner=whole.text[inner.start : inner.end].strip() if inner else None,
        soft=_is_soft(whole.text, 0),
        confidence=_sure(sure, {"comparator": 0.7, "deadline": 0.6 if source else 0.9}),
    )


def _target(
    whole: Sentence,
    quantity: Quantity,
    found: Sequence[Quantity],
    picked: Sequence[Quantity],
    title: str | None,
    *,
    aims: bool,
) -> ReadTarget:
    text = whole.text
    begin, end = _clause(text, quantity, picked)
    deadline, source = (
        _deadline(whole, begin, end, title, at=quantity.number_at) if aims else (None, None)
    )
    inner = next((q for q in found if q not in picked and begin <= q.start < end), None)
    base = whole.block.sureness(whole.start + quantity.start, whole.start + quantity.end)
    at = whole.start
    sign = 0.95 if base < 1 and quantity.comparator is Comparator.MORE_THAN else 1.0
    return ReadTarget(
        text,
        whole.block.place(whole.start, whole.end),
        _section(whole.node),
        _subject(text[begin:end], (quantity.start - begin, quantity.end - begin)),
        quantity.comparator,
        quantity.value,
        quantity.value_high,
        quantity.unit,
        deadline,
        source,
        _scope(text, begin, end, quantity),
        _is_soft(text, quantity.start),
        _baseline(text, quantity),
        text[inner.start : inner.end].strip() if inner else None,
        confidence=_sure(
            base,
            {
                "value": 1.0,
                "comparator": 0.6 if quantity.approx else sign,
                "unit": 1.0 if quantity.percent else 0.8,
                "deadline": 0.6 if source else 0.9,
            },
        ),
        value_place=whole.block.place(at + quantity.start, at + quantity.end),
    )


def _sure(base: float, fields: dict[str, float]) -> dict[str, float]:
    return {name: round(sure * base, 2) for name, sure in fields.items()}


def _clause(text: str, quantity: Quantity, picked: Sequence[Quantity]) -> tuple[int, int]:
    """The stretch of the sentence that speaks of this quantity."""
    begin = 0
    for cut in re.finditer(r"[;.:]\s|\btrong đó\b:?", text[: quantity.start]):
        begin = cut.end()
    after = re.search(r"[;.](?:\s|$)|,?\s*trong đó\b", text[quantity.end :])
    end = quantity.end + after.start() if after else len(text)
    for other in picked:
        if other is quantity:
            continue
        if begin <= other.start < quantity.start:
            begin = (
                other.end
                if other.percent and not quantity.percent
                else _between(text, other, quantity)
            )
        elif quantity.end <= other.start < end:
            end = _between(text, quantity, other)
    return begin, end


def _between(text: str, left: Quantity, right: Quantity) -> int:
    """Where the words of `left` end and those of `right` begin."""
    middle = text[left.end : right.start]
    cut = None
    for cut in re.finditer(r",\s|\svà\s|\(", middle):
        pass
    return left.end + (cut.start() if cut else len(middle) if middle.strip() == "" else 0)


def _deadline(
    whole: Sentence, begin: int, end: int, title: str | None, at: int = 0, *, inherit: bool = True
) -> tuple[str | None, str | None]:
    """The year by which: from the clause, the sentence, the headings above, or the title."""
    years = deadlines.target_years(whole.text[begin:end])
    if years:
        near = min(years, key=lambda d: abs(d.start + begin - at))
        return near.iso, None
    earlier = [d for d in deadlines.target_years(whole.text) if d.start < begin]
    if earlier:
        return earlier[-1].iso, None
    if not inherit:
        return None, None
    for above in whole.node.upward():
        if above is not whole.node and above.block is not None and above.kind != "text":
            years = deadlines.target_years(above.text)
            if years:
                return years[-1].iso, above.text.strip()
        said = _said_before(above)
        if said:
            return said
    period = deadlines.target_years(_own_title(title)) if title else []
    return (period[0].iso, "title period") if period else (None, None)


def _said_before(node: Node) -> tuple[str, str] | None:
    """A year in a paragraph that opens the list: "Từ nay đến năm 2021, phấn đấu …:"."""
    if node.parent is None or node.parent.kind == "root":
        return None
    siblings = node.parent.children
    for other in siblings:
        if other is node:
            return None
        if other.kind == "text" and other.block and not _PAST.search(other.text[:60]):
            years = deadlines.target_years(other.text)
            if years and len(other.text) < 200:
                return years[-1].iso, other.text.strip()
    return None


def _own_title(title: str | None) -> str:
    """The title without the name of another plan that is carried out: its period is not ours."""
    return re.split(r"(?i)\b(?:kế hoạch|nghị quyết|quyết định|chỉ thị|kết luận) số\b", title or "")[
        0
    ]


_SCOPES = (
    ("each year", re.compile(r"(?:h[àằ]ng|mỗi|từng) năm|/\s*năm|năm nào", re.I)),
    ("each quarter", re.compile(r"(?:h[àằ]ng|mỗi|từng) quý", re.I)),
    ("each month", re.compile(r"(?:h[àằ]ng|mỗi|từng) tháng", re.I)),
    ("each unit", re.compile(r"\b(?:mỗi|từng)\s+[^\W\d]", re.I)),
)  # fmt: skip


_EACH_UNIT = re.compile(r"/(?:xã|phường|đơn vị|huyện|thôn|bản|cơ quan|trường|khu)\b")
_NO_SCOPE = re.compile(r"đầu người/năm|từng bước|từng phần|từng giai đoạn")


def _scope(text: str, begin: int, end: int, quantity: Quantity) -> str | None:
    """ "each year", "each unit" … where the value holds for each one; parts take it from the total."""
    if quantity.unit and _EACH_UNIT.search(quantity.unit):
        return "each unit"
    clause = _NO_SCOPE.sub("", text[begin:end])
    found = next((name for name, pattern in _SCOPES if pattern.search(clause)), None)
    total = re.match(r"[^.;]*?trong đó", text)
    if found is None and total and total.end() <= quantity.start:
        head = _NO_SCOPE.sub("", total[0])
        found = next((name for name, pattern in _SCOPES if pattern.search(head)), None)
    return found


def _is_soft(text: str, at: int) -> bool:
    return bool(
        re.search(r"phấn đấu|hướng tới|dự kiến|phấn đầu|phân đấu|phân đầu", text[: at or 60], re.I)
    )


def _baseline(text: str, quantity: Quantity) -> None:
    return None


_LEAD_IN = re.compile(
    r"^(?:[-+•]\s*|(?:phấn đấu|phân đầu|dự kiến|đến (?:hết |cuối )?năm \d{4}|năm \d{4}|có|đạt|hướng tới|đảm bảo|bảo đảm)\b[\s,:]*)+",
    re.I,
)


def _subject(clause: str, span: tuple[int, int] | None) -> str:
    """What the number is of: the clause without comparator, value and unit."""
    text = clause if span is None else f"{clause[: span[0]]} {clause[span[1] :]}"
    text = re.sub(r"\s+", " ", quantities.without_latex(text)).strip(" .;,:()")
    text = _LEAD_IN.sub("", text).strip(" .;,:()")
    text = re.sub(r"\s+(?:đạt|là|tối thiểu|ít nhất|trên|dưới|hướng tới)$", "", text).strip(
        " .;,:()"
    )
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _section(node: Node) -> str | None:
    section = node.section()
    return section.id if section else None


_MUST = re.compile(r"phải|đảm bảo|bảo đảm|phấn đấu|tối thiểu|ít nhất|đạt|được|có ", re.I)
_MONEY_TALK = re.compile(
    r"\bchi\b|kinh phí|vốn|ngân sách|mỗi bên|đóng góp|phụ cấp|lương|bồi thường|định mức", re.I
)


def _elsewhere(node: Node, title: str | None) -> Iterator[ReadTarget]:
    """Outside the aims only a level or ratio to be reached by a population is a target."""
    for block in node.blocks:
        start = node.body if block is node.block else 0
        whole = Sentence(node, block, start, len(block.text.rstrip()))
        found = quantities.find(whole.text)
        picked = [q for q in found if _is_level(whole.text, q)]
        for quantity in picked:
            yield _target(whole, quantity, found, picked, title, aims=False)


def _is_level(text: str, quantity: Quantity) -> bool:
    clause = re.split(r"[;.]\s", text[: quantity.start])[-1]
    rest = re.split(r"[;.]\s", text[quantity.end :])[0]
    if _is_no_target(text, quantity) or not _MUST.search(
        clause[-40:] + text[quantity.start :][:200]
    ):
        return False
    if quantity.percent:
        return not _MONEY_TALK.search(clause[-60:]) and not re.match(
            r"\s*(?:vốn|kinh phí|chi phí|giá trị|mức)", rest
        )
    whole_cell = quantity.start < 3 and len(text) < 120
    return _strong(quantity) and bool(quantity.unit and ("/" in quantity.unit or whole_cell))
