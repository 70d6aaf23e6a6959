"""Where one item falls into several pieces of work: sentences with a unit or date of their own,
counts inside a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from namro.reading import charge, deadlines, mentions, unit_lines
from namro.reading.letters import regex
from namro.reading.outline import Node
from namro.reading.unit_lines import Lines

CLOSING = regex(
    r"(?:Trong quá trình|Quá trình)\s.{0,50}?(?:thực hiện|triển "
    r"khai).{0,80}?(?:vướng mắc|khó khăn|phát sinh|vấn đề)"
    r"|Trên đây là|Nơi nhận|Vậy,|Trường hợp vượt thẩm quyền"
    r"|[^.;]{0,60}(?:trân trọng|xin) thông báo|[^.;]{0,80}thông báo để [^.;]{0,60}biết",
    re.S,
)

_COUNT = regex(r"(?<=[:;.,])\s*(?:và\s*)?\((?P<n>\d{1,2}|[a-zđ]|i{1,3})\)\s*")


def enumerated(text: str, start: int) -> list[tuple[int, int]]:
    """The pieces of work counted inside one paragraph: "Bộ A: (1) trình …; (2) chủ trì …".

    Only where the count opens after a colon, runs up, and every piece begins with a unit or a
    verb; [] otherwise.
    """
    found = list(_COUNT.finditer(text, start))
    if len(found) < 2 or not text[: found[0].start()].rstrip().endswith(":"):
        return []
    if [f["n"] for f in found] not in (
        [str(i + 1) for i in range(len(found))],
        list("abcdđeghiklm"[: len(found)]),
        ["i", "ii", "iii"][: len(found)],
    ):
        return []
    ends = [f.start() for f in found[1:]] + [len(text)]
    pieces = [(f.end(), end) for f, end in zip(found, ends, strict=True)]
    opens = (charge.names_in(text[a:b]) or mentions.begins_with_verb(text[a:b]) for a, b in pieces)
    return pieces if all(opens) else []


def before_the_count(node: Node, first: int) -> Lines:
    """Who is in charge of all pieces: named before the first of them."""
    assert node.block is not None
    head = node.block.text[node.body : first].rstrip("( 1ai)").rstrip(" :")
    start = node.body + charge.opening(head)
    size = mentions.leading_names(node.block.text[start:first]) or (
        len(node.body * " " + head) - start if mentions.HEAD.match(node.block.text[start:]) else 0
    )
    if not size:
        return Lines()
    partners, _ = charge.partners(node.block, start + size, first)
    return Lines(mentions.mentions(node.block, start, start + size), partners)


_BREAK = regex(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ]|định kỳ\s+trước|h[àằ]ng năm hai)")


def parts(node: Node) -> Iterator[tuple[int, int]]:
    """Where the parts of an item begin and end: a sentence without unit or date joins the one
    before, the closing formula ends it."""
    assert node.block is not None
    text = node.block.text
    start = node.body
    named = charge.named_in(node)
    for stop in regex(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ]|định kỳ\s+trước|h[àằ]ng năm hai)").finditer(
        text[node.body :]
    ):
        at = node.body + stop.end()
        sentence = regex(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])").split(text[at:])[0]
        before = text[start : node.body + stop.start()]
        if unit_lines.LINE.match(sentence):
            continue  # "… Đơn vị thực hiện: Sở Y tế": says who has the sentence before
        if hands_over(node, at, at + len(sentence)):
            continue
        if named and at <= named[1]:
            continue  # "Sở Y tế; Công an tỉnh; Hội Nông dân: …" opens with several names
        if charge.in_list_of_partners(before) or before.count("(") > before.count(")"):
            continue
        closing = CLOSING.match(sentence) and not reports(sentence)
        own = charge.names_in(sentence) or deadlines.in_sentence(sentence)
        if closing or (own and len(sentence) > 40):
            yield start, node.body + stop.start()
            start = at
        if closing:
            return
    yield start, len(text)


_GIVES = regex(r"(?:Giao|Do|Phân công)(?: cho)?\s+")
_CHARGE = regex(r"\s+(?:(?:là|làm) (?:(?:cơ quan|đơn vị) )?)?(?:chủ trì|đầu mối)\b")
_CARRIES_OUT = regex(
    r"[\s,;.]*(?:(?:để |và )?(?:tổ chức|triển khai|thực hiện|hoàn thành|xong|việc này|nội dung này"
    r"|nhiệm vụ này)[\s,;.]*)*"
)


def hands_over(node: Node, start: int, end: int) -> bool:
    """Whether a sentence only says who has the work of the one before, and by when: "Giao Phòng
    Kinh tế chủ trì, phối hợp với Văn phòng thực hiện xong trước ngày 30/6."."""
    assert node.block is not None
    text = node.block.text
    gives = _GIVES.match(text, start)
    size = mentions.leading_names(text[gives.end() : end]) if gives else 0
    role = _CHARGE.match(text, gives.end() + size) if gives and size else None
    if role is None:
        return False
    _, after = charge.partners(node.block, role.end(), end)
    left = text[max(after, role.end()) : end]
    due = deadlines.in_sentence(left)
    return not _CARRIES_OUT.sub("", left.replace(due[0], "") if due else left, count=1)


_POINTS_TO = regex(
    r"\W*(?:(?:Các |Những )?(?:nhiệm vụ|nội dung|công việc|phân công|hoạt động|danh mục)|Chi tiết)"
    r"\b"
    r"[^.;:]{0,60}\b(?:tại|theo|trong|ở|như)\s(?:các )?(?:Phụ lục|Biểu)\b[^.;]{0,80}[.;)]?\W*$",
    re.I,
)
# "Trưởng ban là Chủ tịch Ủy ban nhân dân tỉnh": says who somebody is, hands out nothing.
_IS_SOMEBODY = regex(
    r"là\s+(?:đồng chí|ông|bà|Phó|Chủ tịch|Giám đốc|Lãnh đạo|lãnh đạo|Trưởng|Bí thư|Sở"
    r"|Công an|Văn phòng"
    r"|Ủy viên|ủy viên|thành viên|đại diện|các đồng chí)\b"
)


def is_no_work(said: str, *, named: bool) -> bool:
    """Whether the words of a duty hand out nothing: they point to an appendix, open a list, or,
    where a unit is `named` before them, say who it is."""
    opens_list = said.endswith(":") and len(said) < 14
    return opens_list or bool(_POINTS_TO.match(said) or (named and _IS_SOMEBODY.match(said)))


def reports(text: str) -> bool:
    """Whether a closing sentence asks for a report by a day or every year: a task after all."""
    return bool(
        re.search(r"báo cáo.{0,80}(?:trước ngày|h[àằ]ng)|(?:trước|ngày).{0,40}báo cáo", text)
    )


def short_title(quote: str) -> str:
    """The first sentence; one longer than 250 characters ends with a clause, and "…" says so."""
    first = re.split(r"[.;]\s", quote)[0]
    if len(first) <= 250:
        return first
    clause = first[:249].rpartition(",")[0]
    return (clause if len(clause) >= 80 else first[:249].rpartition(" ")[0]) + "…"
