"""Blocks: the document as paragraphs and cells, and the joining of what a break cut in two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from namro.reading.letters import regex
from namro.terms import Place

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a stretch of a block's text stands: page, box in PDF points (origin at the top left),
    line of a text file, cell of a workbook ("Biểu 1!D7")."""

    start: int
    end: int
    page: int
    box: Box | None = None
    line: int | None = None
    confidence: float = 1.0
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a block stands in a table: the table's number, row and column, all from 0; how many
    columns it spans, and how many rows it reaches `down` where the source says so."""

    table: int
    row: int
    column: int
    span: int = 1
    down: int = 1


@dataclass(frozen=True)
class Block:
    """A paragraph, or one cell of a table (khối văn bản). `text` is NFC with single blanks.

    `pieces` say which characters stand on which page (and where on it), in order.
    `joins` are the places in the text where two paragraphs of the source were made one.
    """

    index: int
    text: str
    page: int
    file: str = ""
    pieces: tuple[Piece, ...] = ()
    cell: Cell | None = None
    bold: bool = False
    joins: tuple[int, ...] = ()
    flows: bool = False
    confidence: float = 1.0

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """The place of characters `start`–`end`; page and box are those of where it begins."""
        end = len(self.text) if end is None else end
        here = [p for p in self.pieces if p.start < end and p.end > start]
        first = here[0] if here else None
        page = first.page if first else self.page
        boxes = [p.box for p in here if p.box and p.page == page]
        line, cell = (first.line, first.cell) if first else (None, None)
        return Place(self.file, page, self.index, start, end, _around(boxes), cell, line)

    def sureness(self, start: int = 0, end: int | None = None) -> float:
        """How sure the characters themselves are: 1 for typed text, the lowest piece for OCR."""
        end = len(self.text) if end is None else end
        return min(
            (p.confidence for p in self.pieces if p.start < end and p.end > start),
            default=self.confidence,
        )


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, counted from 0."""
    return tuple(replace(block, index=i) for i, block in enumerate(blocks))


def joined(first: Block, second: Block, *, between: str = " ") -> Block:
    """One block of two, each stretch keeping its own place."""
    shift = len(first.text) + len(between)
    own = first.pieces or (Piece(0, len(first.text), first.page),)
    more = second.pieces or (Piece(0, len(second.text), second.page),)
    moved = tuple(replace(p, start=p.start + shift, end=p.end + shift) for p in more)
    joins = (*first.joins, shift, *(j + shift for j in second.joins))
    return replace(
        first,
        text=first.text + between + second.text,
        pieces=own + moved,
        joins=joins,
        confidence=min(first.confidence, second.confidence),
    )


_ENDS = regex(r"[.;:!?…/”\"»)\]]\s*$")
_LOWER_START = regex(r"[a-zà-ỹđ]")
_HAS_MARKER = regex(r"(?:[a-zđ]|\d{1,3}(?:\.\d+)*|[ivx]+)\s*[.)]\s")


_RANGE_BEGUN = regex(r"(?:\btừ|\bđạt|tăng|giảm|khoảng|bình quân|trên|dưới|nhất|thiểu)\s+\d[\d.,]*$")
_RANGE_ENDED = regex(r"[-–•]\s*\d[\d.,]*\s*(?:%|/|[a-zà-ỹ]{2})")


# Words that no paragraph ends with: what follows goes on, with a capital too ("… của / Sở Y tế").
_OPEN = regex(
    r"(?:\s(?:của|và|với|các|cho|tại|do|từ|thuộc|những|hoặc|bởi|cùng|giữa|Việt|gồm|theo"
    r"|[ỦU][yỷ] ban [Nn]hân|Mặt trận Tổ|Thể thao và Du|Hồ Chí))$"
)
_ARTICLE_BEGUN = regex(r"Điều \d+\.\s+[A-ZĐÀ-Ỹ][a-zà-ỹ]*")  # "Điều 1. Ban" / "hành kèm theo …"
_WORD_START = regex(
    r"(?!Điều \d|Chương |Phụ lục|Nơi nhận|Phần )(?:[A-ZĐÀ-Ỹ][a-zà-ỹ]|[A-ZĐ]{2,5}\s)"
)


def is_cut(first: Block, second: Block) -> bool:
    """Whether `second` goes on with the sentence that `first` leaves open.

    No full stop before, a small letter after (or a word before that ends no paragraph), no item
    sign: a page or paragraph break fell into the sentence. A short line in capitals is a heading
    or a name, never half a sentence. The second half of a range ("… tăng 05" / "- 06%/năm") looks
    like a bullet and is none.
    """
    if first.cell or second.cell or first.file != second.file:
        return False
    left, right = first.text.rstrip(), second.text.lstrip()
    if len(left) >= 25 and _RANGE_BEGUN.search(left) and _RANGE_ENDED.match(right):
        return True
    short = len(left) < 25 and not _ARTICLE_BEGUN.fullmatch(left)
    if short or left.isupper() or _ENDS.search(left) or right.isupper():
        return False
    if _OPEN.search(left) and _WORD_START.match(right):
        return True
    if not _LOWER_START.match(right):
        return False
    return not _HAS_MARKER.match(right)


def join_cut_paragraphs(
    blocks: Sequence[Block], cut: Callable[[Block, Block], bool] = is_cut
) -> tuple[Block, ...]:
    """All blocks, halves of one sentence made one; nothing is lost or moved."""
    out: list[Block] = []
    for block in blocks:
        if out and cut(out[-1], block):
            out[-1] = joined(out[-1], block)
        else:
            out.append(block)
    return numbered(out)
