"""Sentences of aims → targets: one for each pair of subject and value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from namro.reading import indicator_tables, quantities, target_fields
from namro.reading.outline import Node, title_key
from namro.reading.plan import ReadTarget
from namro.reading.quantities import Quantity
from namro.reading.target_fields import PAST, Sentence, section_of
from namro.terms import Comparator

_AIMS = re.compile(r"muc tieu|chi tieu")
_GENERAL = re.compile(r"muc tieu (?:chung|tong quat)|quan diem")
_OTHER = re.compile(
    r"^(?:doi tuong|pham vi|nhiem vu|giai phap|yeu cau|quan diem|noi dung|to chuc"
    r"|kinh phi|phan cong|muc dich|cac nhiem vu|nguon luc|thuc trang|ket qua)"
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
    """All targets, in order. `title` lends its period where nothing nearer says one."""
    found: list[ReadTarget] = []
    for node in root.walk():
        if node.kind == "table":
            listed = tuple(_indicators(node, title))
            found += listed or _elsewhere(node, title)
        if node.block is None or node.kind in ("root", "foot") or _is_title(node):
            continue
        if is_aims(node) and not _only_heading(node):
            found += _of_aim(node, title)
        elif not node.heading:
            found += _elsewhere(node, title)
    return tuple(found)


def _indicators(node: Node, title: str | None) -> Iterator[ReadTarget]:
    """The targets of an indicator table: quote the indicator's cell, value from its own cell."""
    for row in indicator_tables.read(node):
        whole = Sentence(node, row.indicator, 0, len(row.indicator.text.rstrip()))
        if row.value is None:
            found = quantities.find(whole.text)
            for quantity in (picked := _pick(whole.text, found)):
                target = _target(whole, quantity, found, picked, title, aims=True)
                yield replace(target, monitor=row.monitor)
            continue
        deadline, source = target_fields.deadline(whole, 0, len(whole.text), title)
        for quantity in row.quantities:
            base = _milestone(whole, title)
            at = row.value.place(min(quantity.start, len(row.value.text) - 1))
            yield replace(
                base,
                comparator=quantity.comparator,
                value=quantity.value,
                value_high=quantity.value_high,
                unit=quantity.unit or row.unit,
                deadline=row.year or deadline,
                deadline_from=row.year_from if row.year else source,
                scope=target_fields.scope(whole.text, 0, len(whole.text), quantity),
                monitor=row.monitor,
                inner=None,
                confidence=_confidence(whole, quantity, source),
                value_place=at,
            )


def _is_title(node: Node) -> bool:
    return node.kind == "appendix" or bool(node.block and node.block.text.isupper())


def _only_heading(node: Node) -> bool:
    return node.heading and not quantities.find(node.text)


def _of_aim(node: Node, title: str | None) -> Iterator[ReadTarget]:
    assert node.block is not None
    whole = Sentence(node, node.block, node.body, len(node.block.text.rstrip()))
    if PAST.search(whole.text[:40]):
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
        if _is_condition(text, quantity) or _describes(text, quantity, found):
            continue
        picked.append(quantity)
    return picked


def _is_condition(text: str, quantity: Quantity) -> bool:
    """Who is meant, not how much: "doanh nghiệp có từ 500 lao động trở lên phải …"."""
    before = text[: quantity.number_at]
    return bool(re.search(r"\bcó từ\s*$", before)) and quantity.comparator is Comparator.AT_LEAST


def _describes(text: str, quantity: Quantity, found: Sequence[Quantity]) -> bool:
    """A share is asked for, the speed says of what: "Tỷ lệ … tốc độ 1 Gb/s đạt 100%"."""
    if quantity.percent:
        return False
    clause = re.split(r"[;.]\s", text[: quantity.start])[-1]
    later = (q for q in found if q.percent and q.start > quantity.end)
    same = any(not re.search(r"[;.]\s", text[quantity.end : q.start]) for q in later)
    return same and bool(re.match(r"\W*(?:Tỷ|Tỉ|tỷ|tỉ) (?:lệ|trọng)", clause))


def _strong(quantity: Quantity) -> bool:
    return quantity.comparator in (Comparator.AT_LEAST, Comparator.AT_MOST)


_EXCEPT = re.compile(r"(?:trừ|ngoại trừ|đối với [^.;:]{0,150}tỷ lệ|nếu)[^.;]{0,80}$", re.I)


def _is_no_target(text: str, quantity: Quantity) -> bool:
    before = text[: quantity.start]
    clause = re.split(r"[;.]\s", before)[-1]
    if _EXCEPT.search(clause) or PAST.search(clause):
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
    if quantity.bracketed and re.match(r"\s*so với", tail):
        return True
    return bool(re.search(r"\bmột trong\b", text[quantity.start : quantity.end + 8]))


_MILESTONE = re.compile(
    r"^(?:(?:Phấn đấu|Cơ bản|Đến|Từ|Trong|Vào)\b[^,:]{0,40}[,:]?\s*)?"
    r"(?:Hoàn thành|Hoàn thiện|Triển khai hoàn thi|Ban hành|Có [^\W\d]|Ngừng|Dừng"
    r"|Chấm dứt|Tắt sóng|Thành lập|Đưa vào|Kết nối|"
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
    deadline, source = target_fields.deadline(whole, 0, len(whole.text), title)
    inner = next((q for q in quantities.find(whole.text)), None)
    sure = whole.block.sureness(whole.start, whole.end)
    return ReadTarget(
        whole.text,
        whole.block.place(whole.start, whole.end),
        section_of(whole.node),
        target_fields.subject(whole.text, None),
        Comparator.MILESTONE,
        deadline=deadline,
        deadline_from=source,
        inner=whole.text[inner.start : inner.end].strip() if inner else None,
        soft=target_fields.is_soft(whole.text, 0),
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
    begin, end = target_fields.clause(text, quantity, picked)
    deadline, source = target_fields.deadline(
        whole, begin, end, title, at=quantity.number_at, inherit=aims
    )
    inner = next((q for q in found if q not in picked and begin <= q.start < end), None)
    at = whole.start
    return ReadTarget(
        text,
        whole.block.place(whole.start, whole.end),
        section_of(whole.node),
        target_fields.subject(text[begin:end], (quantity.start - begin, quantity.end - begin)),
        quantity.comparator,
        quantity.value,
        quantity.value_high,
        quantity.unit,
        deadline,
        source,
        target_fields.scope(text, begin, end, quantity),
        target_fields.is_soft(text, quantity.start),
        target_fields.baseline(text, quantity),
        text[inner.start : inner.end].strip() if inner else None,
        confidence=_confidence(whole, quantity, source),
        value_place=whole.block.place(at + quantity.start, at + quantity.end),
    )


def _confidence(whole: Sentence, quantity: Quantity, source: str | None) -> dict[str, float]:
    """Lower where the sign is "khoảng" or a scanned ">", where the unit is a word, where the
    deadline is inherited."""
    at = whole.start
    base = whole.block.sureness(at + quantity.start, at + quantity.end)
    scanned = base < 1 and quantity.comparator in (Comparator.MORE_THAN, Comparator.LESS_THAN)
    return _sure(
        base,
        {
            "value": 1.0,
            "comparator": 0.6 if quantity.approx or scanned else 1.0,
            "unit": 1.0 if quantity.percent else 0.8,
            "deadline": 0.6 if source else 0.9,
        },
    )


def _sure(base: float, fields: dict[str, float]) -> dict[str, float]:
    return {name: round(sure * base, 2) for name, sure in fields.items()}


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
