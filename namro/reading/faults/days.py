"""Faults of days: impossible ones, deadlines before the issue, steps and reports out of order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from namro.reading import deadlines
from namro.reading.blocks import Block
from namro.reading.faults.found import Found
from namro.reading.letters import regex
from namro.reading.plan import ReadTask
from namro.terms import ONGOING, Fault
from namro.vietnamese import fold

_MANY = 3  # more deadlines gone by in one list: it lists what is overdue, one fault says so


def read(found: Found) -> Iterator[Fault]:
    """All faults of days."""
    yield from _impossible(found.blocks)
    yield from _reversed(found.blocks)
    yield from _before_issue(found)
    yield from _steps(found.blocks)
    yield from _reports(found.blocks)
    yield from _told_twice(found.tasks)


def _impossible(blocks: Sequence[Block]) -> Iterator[Fault]:
    """Days that no calendar has ("31/6/2027"), wherever they are written."""
    for block in blocks:
        for start, end in deadlines.impossible_days(block.text):
            written = block.text[start:end]
            yield Fault(
                "DATE_IMPOSSIBLE",
                f"Ngày “{written}” không có trong lịch.",
                "Kiểm tra lại ngày, tháng; ghi một ngày có thật rồi đọc lại văn bản.",
                block.place(start, end),
                written,
            )


_SPAN = regex(
    r"(?<!kể )từ (?:ngày )?(?P<a>\d{1,2}/\d{1,2}/\d{4}) đến (?:hết )?(?:ngày )?"
    r"(?P<b>\d{1,2}/\d{1,2}/\d{4})",
    re.I,
)


def _reversed(blocks: Sequence[Block]) -> Iterator[Fault]:
    for block in blocks:
        for found in _SPAN.finditer(block.text):
            first, last = deadlines.iso_of(found["a"]), deadlines.iso_of(found["b"])
            if first and last and last < first:
                yield Fault(
                    "SPAN_REVERSED",
                    f"“{found[0]}”: ngày cuối sớm hơn ngày đầu.",
                    "Kiểm tra lại hai ngày.",
                    block.place(*found.span()),
                    found[0],
                )


def _before_issue(found: Found) -> Iterator[Fault]:
    issued = found.head.date or ""
    if len(issued) != 10:
        return
    past: dict[object, list[ReadTask]] = defaultdict(list)
    for task in found.tasks:
        due = task.deadline_iso or ""
        if re.match(r"\d{4}", due) and due < issued[: len(due)]:
            block = found.blocks[task.place.block or 0]
            past[(block.file, block.cell.table if block.cell else task.section)].append(task)
    for tasks in past.values():
        if len(tasks) > _MANY:
            yield Fault(
                "LIST_OF_OVERDUE",
                f"Danh mục có {len(tasks)} thời hạn sớm hơn ngày ban hành văn bản.",
                "Nếu đây là danh mục việc đã quá hạn, khi rà soát hãy ghi thời hạn mới cho từng "
                "việc.",
                tasks[0].place,
                tasks[0].quote[:200],
            )
            continue
        for task in tasks:
            yield Fault(
                "DEADLINE_BEFORE_ISSUE",
                f"Thời hạn “{task.deadline}” sớm hơn ngày ban hành văn bản.",
                "Kiểm tra lại năm, tháng của thời hạn.",
                task.place,
                task.deadline,
            )


_STEP = regex(
    r"^\W*(?:\d+[.)]\s*)?(?P<name>Bước|Đợt|Giai đoạn)\s+(?:thứ\s+)?(?P<n>\d{1,2}|[IVX]{1,4})\b"
)


def _steps(blocks: Sequence[Block]) -> Iterator[Fault]:
    """Steps that fall due before the step they follow."""
    steps: list[tuple[str, Block, list[str]]] = []
    for block in blocks:
        step = _STEP.match(block.text)
        if step:
            steps.append((f"{step['name']} {step['n']}", block, []))
        if steps and block.index - steps[-1][1].index <= 6:
            steps[-1][2].extend(d.iso for d in deadlines.dates(block.text) if len(d.iso) == 10)
    for (name, _, before), (after, block, days) in pairwise(steps):
        if name.split()[0] != after.split()[0] or not before or not days:
            continue
        if max(days) < min(before):
            yield Fault(
                "STEPS_OUT_OF_ORDER",
                f"{after} kết thúc ({_shown(max(days))}) trước khi {name} bắt đầu "
                f"({_shown(min(before))}).",
                "Kiểm tra lại ngày của các bước.",
                block.place(),
                block.text[:200],
            )


def _shown(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


_SENDS = regex(
    r"(?:gửi|báo cáo)[^.;]{0,160}?(?:về\s+)?(?:Sở|Ban|Văn phòng|Phòng|Bộ)\s[^.;]{0,90}?tổng hợp"
)
_TERM = regex(
    r"(?P<term>6 tháng|sáu tháng|năm|quý|tháng)\s*\(?\s*(?:đầu năm\s*)?\(?"
    r"trước (?:ngày\s*)?(?P<day>\d{1,2})/(?P<month>\d{1,2})"
)


def _reports(blocks: Sequence[Block]) -> Iterator[Fault]:
    """A summary that is due before the reports it sums up, term by term (6 tháng, năm)."""
    sent: dict[str, tuple[str, Block]] = {}
    for block in blocks:
        terms = {fold(m["term"]): m for m in _TERM.finditer(block.text)}
        if not terms:
            continue
        if _SENDS.search(block.text):
            for term, m in terms.items():
                sent[term] = (_month_day(m), block)
        elif "tổng hợp" in block.text or "báo cáo" in block.text:
            for term, m in terms.items():
                due = sent.get(term)
                if due and _month_day(m) < due[0]:
                    month, day = due[0].split("-")
                    own = f"{m['day']}/{m['month']}"
                    yield Fault(
                        "SUMMARY_BEFORE_REPORTS",
                        f"Báo cáo tổng hợp ({m['term']}) phải xong trước ngày {own}, sớm hơn "
                        f"hạn các đơn vị gửi báo cáo ({int(day)}/{int(month)}).",
                        "Kiểm tra lại hai thời hạn.",
                        block.place(*m.span()),
                        m[0],
                    )


def _month_day(found: re.Match[str]) -> str:
    return f"{int(found['month']):02d}-{int(found['day']):02d}"


def _told_twice(tasks: Sequence[ReadTask]) -> Iterator[Fault]:
    """The same task with two deadlines: in the body and again in an appendix."""
    first: dict[str, ReadTask] = {}
    for task in tasks:
        key = fold(task.quote).strip(" .;,-")
        due = task.deadline_iso
        if len(key) < 40 or due in (None, ONGOING):
            continue
        before = first.setdefault(key, task)
        short = min(len(due or ""), len(before.deadline_iso or ""))
        if before is not task and (due or "")[:short] != (before.deadline_iso or "")[:short]:
            yield Fault(
                "DEADLINES_DIFFER",
                f"Cùng một nhiệm vụ nhưng thời hạn khác nhau: “{task.deadline}” và "
                f"“{before.deadline}”.",
                "Thống nhất một thời hạn giữa phần lời và phụ lục.",
                task.place,
                task.quote[:200],
            )
