"""Sentences of aims → targets: one for each pair of subject and value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from namro.reading import (
    conditions,
    deadlines,
    indicator_tables,
    quantities,
    target_fields,
    target_sureness,
    unit_lines,
)
from namro.reading.blocks import Block
from namro.reading.indicator_tables import IndicatorRow
from namro.reading.outline import Node, title_key
from namro.reading.plan import ReadTarget
from namro.reading.quantities import Quantity
from namro.reading.target_fields import PAST, Due, OwnTitle, Sentence, section_of
from namro.reading.task_tables import TableRow, columns_of, is_ditto, rows_of
from namro.terms import ONGOING, Comparator
from namro.vietnamese import fold

_AIMS = re.compile(r"muc tieu|chi tieu|^(?:cac |nhung )?(?:ket qua|muc) (?:can|phai) dat\b")
_GENERAL = re.compile(r"muc tieu (?:chung|tong quat)|quan diem")
_OTHER = re.compile(
    r"^(?:doi tuong|pham vi|nhiem vu|giai phap|yeu cau|quan diem|noi dung|to chuc"
    r"|kinh phi|phan cong|muc dich|cac nhiem vu|nguon luc|thuc trang|ket qua)"
)
_WORK = re.compile(
    r"^(?:cac )?(?:nhiem vu|giai phap|noi dung|to chuc thuc hien)|nhiem vu, giai phap"
)


# "…; phấn đấu đến năm 2030:" opens a list of aims wherever it stands.
_OPENS_AIMS = re.compile(
    r"(?:^|[;,.]\s|\s)(?:phấn đấu|(?:với|đạt) (?:các |một số )?(?:mục tiêu|chỉ tiêu))"
    r"(?![^;.]*\b(?:phối hợp|tham mưu|chỉ đạo)\b)[^;.:]{0,80}:\s*$",
    re.I,
)


def is_aims(node: Node) -> bool:
    """Whether the item stands in a section of aims (Mục tiêu, Chỉ tiêu)."""
    for above in node.upward():
        if above is not node and above.block is not None and _OPENS_AIMS.search(above.text):
            return True
        if above.block is None or above.kind in ("text", "plus"):
            continue
        key = title_key(above)[:120]
        if _AIMS.search(key) and not _WORK.search(key) and (above.heading or above is not node):
            return "muc dich" not in key and not key.startswith("to chuc")
        if above.heading and _OTHER.match(key):
            return False
    return False


def read(root: Node, title: OwnTitle) -> tuple[ReadTarget, ...]:
    """All targets, in order. `title` lends its period where nothing nearer says one; what was due
    before the year of the document's day tells how things were, and is none."""
    found: list[ReadTarget] = []
    for node in root.walk():
        if node.kind == "table":
            listed = tuple(_indicators(node, title))
            found += listed or _in_cells(node, title)
        if node.block is None or node.kind in ("root", "foot") or _is_title(node):
            continue
        if is_aims(node) and not _only_heading(node):
            found += _of_aim(node, title)
        elif not node.heading and not _tells(node) and not node.text.startswith("Căn cứ "):
            found += _elsewhere(node, title)
    return tuple(target for target in found if not _is_past(target, title.dated))


def _is_past(target: ReadTarget, year: int | None) -> bool:
    """Whether the year that a figure itself bears lies before that of the document's day."""
    own = target.deadline if target.deadline_from is None else None
    return bool(own and year and own[:4].isdigit() and int(own[:4]) < year)


def _indicators(node: Node, title: OwnTitle) -> Iterator[ReadTarget]:
    """The targets of an indicator table: quote the indicator's cell, value from its own cell."""
    for row in indicator_tables.read(node):
        whole = Sentence(node, row.indicator, 0, len(row.indicator.text.rstrip()))
        for target in _of_row(whole, row, title):
            due = target.deadline is None or target.deadline_from is not None
            if row.year and row.value is None and due:
                target = replace(target, deadline=row.year, deadline_from=row.year_from)
            yield replace(target, monitor=row.monitor)


def _of_row(whole: Sentence, row: IndicatorRow, title: OwnTitle) -> Iterator[ReadTarget]:
    if row.value is None:
        found = quantities.find(whole.text)
        for quantity in (picked := conditions.targets_among(whole.text, found)):
            yield _target(whole, quantity, found, picked, title, aims=True)
        if not picked and _MILESTONE.match(whole.text):
            yield _milestone(whole, title)
        return
    base = _milestone(whole, title)
    cell = Sentence(whole.node, row.value, 0, len(row.value.text.rstrip()))
    for quantity in row.quantities:
        yield _valued(base, whole, cell, row, quantity)
    if not row.quantities:
        due = target_fields.deadline(cell, 0, len(cell.text), None, inherit=False)
        if due.iso is None:
            due = (
                Due(row.year, row.year_from) if row.year else Due(base.deadline, base.deadline_from)
            )
        yield replace(base, deadline=due.iso, deadline_from=due.source)


def _valued(
    base: ReadTarget, whole: Sentence, cell: Sentence, row: IndicatorRow, quantity: Quantity
) -> ReadTarget:
    """The target of an indicator with one value of its cell, due as the cell, the column, the
    indicator or what stands above it says."""
    begin, end = target_fields.clause(cell.text, quantity, row.quantities)
    due = target_fields.deadline(cell, begin, end, None, quantity.number_at, inherit=False)
    if due.iso is None and row.year:
        due = Due(row.year, row.year_from, 0.95)
    elif due.iso is None:
        due = Due(base.deadline, base.deadline_from, base.confidence["deadline"])
    first = min(quantity.start, len(cell.text) - 1)
    return replace(
        base,
        comparator=quantity.comparator,
        value=quantity.value,
        value_high=quantity.value_high,
        unit=quantity.unit or row.unit,
        deadline=due.iso,
        deadline_from=due.source,
        scope=target_fields.scope(whole.text, 0, len(whole.text), quantity),
        inner=None,
        confidence=target_sureness.confidence(
            cell, quantity, due.sure, from_column=quantity.unit == row.unit
        ),
        value_place=cell.block.place(first, quantity.end),
    )


def _is_title(node: Node) -> bool:
    return node.kind == "appendix" or bool(node.block and node.block.text.isupper())


def _only_heading(node: Node) -> bool:
    return node.heading and not quantities.find(node.text)


def _of_aim(node: Node, title: OwnTitle) -> Iterator[ReadTarget]:
    assert node.block is not None
    whole = Sentence(node, node.block, node.body, len(node.block.text.rstrip()))
    if _is_told(whole.text) and not re.search(r"phấn đấu|mục tiêu", whole.text[8:], re.I):
        return
    found = quantities.find(whole.text)
    picked = _of_now(whole.text, conditions.targets_among(whole.text, found), title)
    if picked:
        for quantity in picked:
            yield _target(whole, quantity, found, picked, title, aims=True)
        for begin, end in _done_beside(whole.text, found):
            yield _milestone(whole, title, begin, end)
    elif not any(not q.bracketed for q in found) and _is_milestone(node):
        yield _milestone(whole, title)


def _of_now(text: str, found: Sequence[Quantity], title: OwnTitle) -> list[Quantity]:
    """Those that no note tells to be of the past: "giảm còn 24,1% (năm 2026: 25%)"."""
    notes = target_fields.past_notes(text, title.year)
    return [q for q in found if not any(a <= q.number_at < b for a, b in notes)]


_BESIDE = re.compile(
    r"(?:(?:trong|đến|trước|vào|hết)\s[^,;]{2,40}?[, ]\s?)?"
    r"(?:đưa\s[^;]{4,120}?\svào (?:vận hành|khai thác|sử dụng|hoạt động)"
    r"|(?:hoàn thành|hoàn thiện|khánh thành|khởi công|ban hành|vận hành)\s(?!\d))",
    re.I,
)


def _done_beside(text: str, found: Sequence[Quantity]) -> Iterator[tuple[int, int]]:
    """Parts of an aim after the first that can be checked yes or no and are dated: "…; đưa cửa khẩu
    vào vận hành trong quý IV"."""
    for part in re.finditer(r"(?<=; )[^;]+", text):
        begin, end = part.span()
        counted = any(begin <= q.start < end for q in found)
        dated = bool(list(deadlines.dates(part[0], 2000)))
        if not counted and dated and _BESIDE.match(part[0]):
            yield begin, end


def _is_told(text: str) -> bool:
    """Whether an aim opens with what is so already; "rừng hiện có" only says which forest."""
    if _JUDGES.match(text):
        return True
    past = PAST.search(re.sub(r"\([^()]*\)?", lambda m: " " * len(m[0]), text)[:40])
    return past is not None and not (past[0].lower() == "hiện có" and past.start() > 3)


# "Thông qua đánh giá kết quả nhiệm kỳ 2020 - 2025: …" speaks of what was.
_JUDGES = re.compile(
    r"\W*(?:[^.;:]{0,60}\b(?:thông qua|tán thành|nhất trí|thống nhất)\b[^.;:]{0,20})?"
    r"đánh giá (?:chung|kết quả|tình hình|việc thực hiện)\b[^.;:]{0,90}:",
    re.I,
)


_MILESTONE = re.compile(
    r"^(?:(?:Phấn đấu|Cơ bản|Đến|Từ|Trong|Vào)\b[^,:]{0,40}[,:]?\s*)?"
    r"(?:Hoàn thành|Hoàn thiện|Triển khai hoàn thi|Ban hành|Có [^\W\d]|Ngừng|Dừng"
    r"|Chấm dứt|Tắt sóng|Vận hành chính thức|Khánh thành|Khởi công"
    r"|[Kk]hông còn (?!phù hợp)"
    r"|Thành lập|Đưa vào|Kết nối|có (?=[A-ZĐ]|trung tâm|nhà máy|bệnh viện|đề án)|"
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
    day = None if unit_lines.is_line(node) else deadlines.in_sentence(node.text)
    dated = bool(day and day[1] and re.fullmatch(r"\d{4}-\d{2}.*", day[1]))
    return bool(_MILESTONE.match(node.text) or _DONE.search(node.text) or dated)


def _milestone(
    whole: Sentence, title: OwnTitle, begin: int = 0, end: int | None = None
) -> ReadTarget:
    """An aim that is met or not; of one that says more, the part from `begin` to `end`."""
    own = whole.text[begin:end]
    due = target_fields.deadline(whole, begin, begin + len(own), title)
    inner = next((q for q in quantities.find(own)), None)
    sure = whole.block.sureness(whole.start, whole.end)
    return ReadTarget(
        whole.text,
        whole.block.place(whole.start, whole.end),
        section_of(whole.node),
        target_fields.subject(own, None),
        Comparator.MILESTONE,
        deadline=due.iso,
        deadline_from=due.source,
        inner=own[inner.start : inner.end].strip() if inner else None,
        soft=target_fields.is_soft(own, 0),
        confidence=target_sureness.scaled(
            sure, {"comparator": 0.7, "deadline": min(due.sure, 0.85)}
        ),
    )


def _target(
    whole: Sentence,
    quantity: Quantity,
    found: Sequence[Quantity],
    picked: Sequence[Quantity],
    title: OwnTitle,
    *,
    aims: bool,
) -> ReadTarget:
    text = whole.text
    begin, end = target_fields.clause(text, quantity, picked)
    due = target_fields.deadline(whole, begin, end, title, at=quantity.number_at, inherit=aims)
    baseline = target_fields.baseline(text, quantity)
    others = (q for q in found if q not in picked and begin <= q.start < end)
    inner = next((q for q in others if q.value != baseline), None)
    at = whole.start
    return ReadTarget(
        text,
        whole.block.place(whole.start, whole.end),
        section_of(whole.node),
        target_fields.subject(text[begin:end], (quantity.start - begin, quantity.end - begin))
        or target_fields.subject(text, None),
        quantity.comparator,
        quantity.value,
        quantity.value_high,
        quantity.unit,
        due.iso,
        due.source,
        target_fields.scope(text, begin, end, quantity),
        target_fields.is_soft(text, quantity.start),
        baseline,
        text[inner.start : inner.end].strip() if inner else None,
        confidence=target_sureness.confidence(whole, quantity, due.sure),
        value_place=whole.block.place(at + quantity.start, at + quantity.end),
    )


_TELLING = re.compile(
    r"(?:khai quat |tom tat |so luoc |dac diem,? )?(?:thuc trang|hien trang|tinh hinh)"
    r"|han che|ton tai|nguyen nhan"
    r"|ket qua (?:dat duoc|thuc hien|(?:trong )?(?:nam|giai doan|nhiem ky))|su can thiet|dac diem"
    r"|danh gia (?:chung|ket qua)|(?:cac )?(?:tieu chi|tieu chuan|hinh thuc)"
    r"\b.*(?:khen thuong|thi dua|binh xet)"
)


def _tells(node: Node) -> bool:
    """Whether it stands in a section on how things are: Thực trạng, Kết quả đạt được."""
    above = (n for n in node.upward() if n.heading and n is not node)
    return any(_TELLING.match(title_key(n)) for n in above)


def _elsewhere(node: Node, title: OwnTitle) -> Iterator[ReadTarget]:
    """Outside the aims only a level or ratio to be reached by a population is a target."""
    assert node.block is not None
    whole = Sentence(node, node.block, node.body, len(node.block.text.rstrip()))
    found = quantities.find(whole.text)
    among = _of_now(whole.text, conditions.targets_among(whole.text, found), title)
    picked = [q for q in among if conditions.is_level(whole.text, q)]
    for quantity in picked:
        yield _target(whole, quantity, found, picked, title, aims=False)


_ASKED = re.compile(r"^(?:cac )?(?:chi tieu|muc tieu)")


# What has been done so far is told, not asked for.
_TOLD = re.compile(r"tinh hinh|hien trang|ket qua (?:thuc hien|trien khai|da)|tien do thuc hien")


def _columns_titled(head: Sequence[TableRow], words: re.Pattern[str]) -> set[int]:
    return {
        column
        for row in head
        for column, block in row.cells.items()
        if words.match(fold(block.text))
    }


def _in_cells(node: Node, title: OwnTitle) -> Iterator[ReadTarget]:
    """The levels that the cells of a task table ask for, due when their row is due."""
    rows = rows_of(node)
    columns, depth = columns_of(rows)
    asked = _columns_titled(rows[:depth], _ASKED)
    told = _columns_titled(rows[:depth], _TOLD)
    due: Block | None = None
    for row in rows:
        due = _due_cell(row, columns, due)
        for column, block in sorted(row.cells.items()):
            if column in told:
                continue
            whole = Sentence(node, block, 0, len(block.text.rstrip()))
            found = quantities.find(whole.text)
            among = conditions.targets_among(whole.text, found)
            picked = [q for q in among if column in asked or conditions.is_level(whole.text, q)]
            for quantity in picked:
                target = _target(whole, quantity, found, picked, title, aims=False)
                yield _due_with_row(target, due, title.year)


def _due_cell(row: TableRow, columns: dict[str, int], above: Block | None) -> Block | None:
    """The cell that says when a row is due; that above where it says "nt"."""
    due = row.cells.get(columns.get("deadline", -1))
    return above if due is not None and is_ditto(due.text) else due


def _due_with_row(target: ReadTarget, due: Block | None, year: int | None) -> ReadTarget:
    """The target with the deadline (or the cadence) of its row where it says none itself."""
    of_title = target.deadline_from == "title period"
    if due is None or not (target.deadline is None or of_title):
        return target
    target = replace(target, deadline=None, deadline_from=None)
    iso = deadlines.iso_of(due.text, year)
    if iso == ONGOING:
        yearly = re.search(r"h[àằ]ng năm|mỗi năm", due.text, re.I)
        return replace(target, scope=target.scope or ("each year" if yearly else None))
    source = due.text.strip() if iso else None
    return replace(target, deadline=iso, deadline_from=source)
