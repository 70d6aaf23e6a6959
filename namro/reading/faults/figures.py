"""Faults of targets: two values for one, a range with "at least", a half that is not measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from namro.reading.blocks import Block
from namro.reading.faults.found import Found
from namro.reading.plan import ReadTarget
from namro.reading.quantities import find as quantities_in
from namro.terms import Fault
from namro.vietnamese import fold, format_number

_WISH = re.compile(
    r"^\W*(?:Đẩy mạnh|Nâng cao|Tăng cường|Phát triển|Thúc đẩy|Mở rộng|Tiếp tục"
    r"|Khuyến khích|Chú trọng|Từng bước)\b"
)


def read(found: Found) -> Iterator[Fault]:
    """All faults of targets."""
    halves: set[tuple[int | None, int | None]] = set()
    for target in found.targets:
        here = (target.place.block, target.place.start)
        if here not in halves:
            halves.add(here)
            yield from _half_measured(target, found.blocks)
        if target.comparator.value == "range" and re.search(
            r"(?:ít nhất|tối thiểu)\s+\d+\s*[-–]", target.quote
        ):
            yield Fault(
                "RANGE_WITH_LEAST",
                "“Ít nhất” đi cùng một khoảng giá trị: không rõ mức nào là phải đạt.",
                "Chọn một: “ít nhất …” hoặc “từ … đến …”.",
                target.place,
                target.quote,
            )
    yield from _contradictions(found)


def _half_measured(target: ReadTarget, blocks: Sequence[Block]) -> Iterator[Fault]:
    """A target whose first half only wishes: "Đẩy mạnh …; quy mô … đạt 6,5%"."""
    first, sign, _ = target.quote.partition(";")
    if ":" in first or len(target.quote) > 500:
        return
    if sign and _WISH.match(first) and not quantities_in(first) and target.value is not None:
        start = target.place.start or 0
        block = blocks[target.place.block or 0]
        yield Fault(
            "TARGET_HALF_UNMEASURED",
            "Nửa đầu của chỉ tiêu không có con số nên không đo được; nửa sau không nêu là "
            "tối thiểu hay đúng bằng.",
            "Nêu mức phải đạt cho nửa đầu hoặc chuyển thành nhiệm vụ; ghi rõ “tối thiểu” hay "
            "“đạt”.",
            block.place(start, start + len(first)),
            first,
        )


_WHEN = re.compile(r"(?:^|\s)(?:vao|den|trong|den het|den cuoi) nam 20\d{2}\b,?")


def _contradictions(found: Found) -> Iterator[Fault]:
    """One target told twice with two values: in prose and again in a table or an appendix."""
    first: dict[tuple[str, str | None, str | None], ReadTarget] = {}
    for target in found.targets:
        subject = _WHEN.sub("", fold(target.subject)).strip(" .;,:-")
        if len(subject) < 25 or target.value is None or target.scope:
            continue
        key = (subject, target.deadline, target.unit)
        before = first.setdefault(key, target)
        if before is target or not _apart(before, target, found.blocks):
            continue
        if (before.value, before.value_high) != (target.value, target.value_high):
            yield Fault(
                "VALUES_DIFFER",
                f"Cùng một chỉ tiêu nhưng hai mức khác nhau: {_shown(target)} và {_shown(before)} "
                f"(trang {before.place.page}).",
                "Thống nhất một mức giữa phần lời và phụ lục.",
                target.place,
                target.quote[:200],
            )


def _apart(one: ReadTarget, other: ReadTarget, blocks: Sequence[Block]) -> bool:
    """Whether two targets stand in different parts: prose and table, or two top sections."""
    tables = [blocks[t.place.block or 0].cell is not None for t in (one, other)]
    tops = [(t.section or "").split(".")[0] for t in (one, other)]
    return tables[0] != tables[1] or (tops[0] != tops[1] and "PL" in "".join(tops))


def _shown(target: ReadTarget) -> str:
    assert target.value is not None
    unit = "" if not target.unit else target.unit if target.unit[0] == "%" else f" {target.unit}"
    if target.value_high is not None:
        return f"{format_number(target.value)}–{format_number(target.value_high)}{unit}"
    return f"{format_number(target.value)}{unit}"
