"""Sentences of aims → targets: one for each pair of subject and value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from namro.reading import conditions, deadlines, indicator_tables, quantities, target_fields
from namro.reading.blocks import Block
from namro.reading.outline import Node, title_key
from namro.reading.plan import ReadTarget
from namro.reading.quantities import Quantity
from namro.reading.target_fields import PAST, Sentence, section_of
from namro.reading.task_tables import columns_of, rows_of
from namro.terms import ONGOING, Comparator
from namro.vietnamese import fold

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
            found += listed or _in_cells(node, title)
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
            for quantity in (picked := conditions.targets_among(whole.text, found)):
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
    picked = conditions.targets_among(whole.text, found)
    if picked:
        for quantity in picked:
            yield _target(whole, quantity, found, picked, title, aims=True)
    elif not any(not q.bracketed for q in found) and _is_milestone(node):
        yield _milestone(whole, title)


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


def _elsewhere(node: Node, title: str | None) -> Iterator[ReadTarget]:
    """Outside the aims only a level or ratio to be reached by a population is a target."""
    assert node.block is not None
    whole = Sentence(node, node.block, node.body, len(node.block.text.rstrip()))
    found = quantities.find(whole.text)
    picked = [q for q in found if conditions.is_level(whole.text, q)]
    for quantity in picked:
        yield _target(whole, quantity, found, picked, title, aims=False)


_ASKED = re.compile(r"^(?:cac )?(?:chi tieu|muc tieu)")


def _in_cells(node: Node, title: str | None) -> Iterator[ReadTarget]:
    """The levels that the cells of a task table ask for, due when their row is due."""
    rows = rows_of(node)
    columns, depth = columns_of(rows)
    asked = {
        column
        for row in rows[:depth]
        for column, block in row.cells.items()
        if _ASKED.match(fold(block.text))
    }
    for row in rows:
        due = row.cells.get(columns.get("deadline", -1))
        for column, block in sorted(row.cells.items()):
            whole = Sentence(node, block, 0, len(block.text.rstrip()))
            found = quantities.find(whole.text)
            among = conditions.targets_among(whole.text, found) if column in asked else found
            picked = [q for q in among if column in asked or conditions.is_level(whole.text, q)]
            for quantity in picked:
                target = _target(whole, quantity, found, picked, title, aims=False)
                yield _due_with_row(target, due)


def _due_with_row(target: ReadTarget, due: Block | None) -> ReadTarget:
    """The target with the deadline (or the cadence) of its row where it says none itself."""
    if due is None or target.deadline is not None:
        return target
    iso = deadlines.iso_of(due.text)
    if iso == ONGOING:
        yearly = re.search(r"h[àằ]ng năm|mỗi năm", due.text, re.I)
        return replace(target, scope=target.scope or ("each year" if yearly else None))
    source = due.text.strip() if iso else None
    return replace(target, deadline=iso, deadline_from=source)
