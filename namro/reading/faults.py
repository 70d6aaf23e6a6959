"""Everything a careful clerk would mark in red, each with its place and a suggestion.

Nothing is ever mended here: the words stay as they are, a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from namro.reading import deadlines, mentions, numbering, writing_faults
from namro.reading.blocks import Block
from namro.reading.mentions import KnownUnit
from namro.reading.outline import Node
from namro.reading.plan import ReadDocument, ReadTarget, ReadTask
from namro.reading.quantities import find as quantities_in
from namro.terms import Fault


@dataclass(frozen=True)
class Found:
    """All that was read, for judging it."""

    blocks: Sequence[Block]
    root: Node
    head: ReadDocument
    targets: Sequence[ReadTarget]
    tasks: Sequence[ReadTask]
    known: Sequence[KnownUnit]
    flowing: bool


def read(found: Found) -> tuple[Fault, ...]:
    """All faults, in order of their place; those of the whole document first."""
    faults = [
        *_head(found),
        *_appendix(found),
        *_deadlines(found),
        *_impossible(found.blocks),
        *numbering.read(found.root),
        *_targets(found),
        *_tasks(found),
        *_cuts(found),
        *writing_faults.read(found.blocks),
    ]
    faults.sort(key=lambda f: (f.place.block or 0, f.place.start or 0) if f.place else (-1, 0))
    return tuple(faults)


def _head(found: Found) -> Iterator[Fault]:
    head = found.head
    if head.number is None and "number" in head.places:
        place = head.places["number"]
        yield Fault(
            "NUMBER_BLANK",
            "Số văn bản còn để trống.",
            "Điền số khi ban hành; bản chưa có số không dùng để giao nhiệm vụ.",
            place,
            _quote(found, place.block),
        )
    if "date" in head.places and (head.date is None or head.date.count("-") < 2):
        place = head.places["date"]
        yield Fault(
            "DATE_BLANK",
            "Ngày ban hành còn để trống hoặc không đọc được.",
            "Điền đủ ngày, tháng, năm ban hành.",
            place,
            _quote(found, place.block),
        )


def _quote(found: Found, block: int | None) -> str | None:
    return found.blocks[block].text if block is not None else None


_NAMED_APPENDIX = re.compile(
    r"(?:[Cc]ó\s+|tại\s+|theo\s+|\(|[Cc]hi tiết\s+(?:tại\s+)?)?(?:các\s+)?[Pp]hụ "
    r"lục\b[^.;:]{0,60}?(?:kèm theo|đính kèm)"
)


def _appendix(found: Found) -> Iterator[Fault]:
    """An appendix that the text announces and the document does not hold."""
    has = any(n.kind == "appendix" for n in found.root.walk()) or any(
        re.match(r"(?:\d+\.\s*)?(?:PHỤ LỤC|Phụ lục (?:[IVX]+|\d+)\b)", b.text) for b in found.blocks
    )
    if has:
        return
    for block in found.blocks:
        named = _NAMED_APPENDIX.search(block.text)
        if named:
            yield Fault(
                "APPENDIX_MISSING",
                "Văn bản nêu phụ lục kèm theo nhưng tệp không có phụ lục.",
                "Bổ sung tệp phụ lục (thường chứa bảng phân công nhiệm vụ) rồi đọc lại cùng văn "
                "bản này.",
                block.place(*named.span()),
                named[0],
            )
            return


def _deadlines(found: Found) -> Iterator[Fault]:
    own = [t for t in found.targets if t.deadline] + [t for t in found.tasks if t.deadline]
    if own or not (found.targets or found.tasks):
        return
    place = found.head.places.get("title")
    yield Fault(
        "NO_DEADLINE",
        "Cả văn bản không nêu thời hạn riêng cho chỉ tiêu, nhiệm vụ nào.",
        "Xác định thời hạn cho từng chỉ tiêu, nhiệm vụ khi rà soát (ví dụ theo văn bản "
        "cấp trên được viện dẫn).",
        place,
        found.head.title,
    )


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


_WISH = re.compile(
    r"^\W*(?:Đẩy mạnh|Nâng cao|Tăng cường|Phát triển|Thúc đẩy|Mở rộng|Tiếp tục"
    r"|Khuyến khích|Chú trọng|Từng bước)\b"
)


def _targets(found: Found) -> Iterator[Fault]:
    for target in found.targets:
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


def _half_measured(target: ReadTarget, blocks: Sequence[Block]) -> Iterator[Fault]:
    """A target whose first half only wishes: "Đẩy mạnh …; quy mô … đạt 6,5%"."""
    first, sign, _ = target.quote.partition(";")
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


def _tasks(found: Found) -> Iterator[Fault]:
    for task in found.tasks:
        if not task.lead:
            yield Fault(
                "NO_LEAD",
                "Nhiệm vụ không nêu cơ quan chủ trì.",
                "Xác định cơ quan chủ trì khi rà soát.",
                task.place,
                task.quote[:200],
            )
        issued = found.head.date or ""
        due = task.deadline_iso or ""
        if len(issued) == 10 and re.match(r"\d{4}", due) and due < issued[: len(due)]:
            yield Fault(
                "DEADLINE_BEFORE_ISSUE",
                f"Thời hạn “{task.deadline}” sớm hơn ngày ban hành văn bản.",
                "Kiểm tra lại năm, tháng của thời hạn.",
                task.place,
                task.deadline,
            )
        if found.known:
            yield from _unknown(task)


def _unknown(task: ReadTask) -> Iterator[Fault]:
    for mention in (*task.lead, *task.cooperate):
        if mention.code is None and not mentions.is_collective(mention.text):
            yield Fault(
                "UNKNOWN_UNIT",
                f"“{mention.text}” không khớp đơn vị nào trong danh mục.",
                "Chọn đơn vị tương ứng khi rà soát, hoặc thêm tên gọi này vào danh mục đơn vị.",
                mention.place,
                mention.text,
            )


def _cuts(found: Found) -> Iterator[Fault]:
    """Sentences that a break cut in two; where text flows over pages by nature only a break in
    the middle of a page is the author's."""
    for block in found.blocks:
        for at in block.joins:
            if found.flowing and (block.confidence < 1 or _over_page(block, at)):
                continue
            start, end = max(0, at - 30), min(len(block.text), at + 30)
            yield Fault(
                "SENTENCE_CUT",
                "Câu bị ngắt làm hai đoạn (thường do ngắt trang).",
                "Nối hai đoạn thành một câu trong văn bản gốc.",
                block.place(at - 1, at + 1),
                block.text[start:end],
            )


def _over_page(block: Block, at: int) -> bool:
    before = [p.page for p in block.pieces if p.end <= at]
    after = [p.page for p in block.pieces if p.start >= at]
    return bool(before and after) and before[-1] != after[0]
