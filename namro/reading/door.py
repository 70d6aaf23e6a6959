"""The stages, in order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import namro
from namro.reading import bound, faults, header, issuer, marks, outline, sources, targets, tasks
from namro.reading.blocks import Block, join_cut_paragraphs, numbered
from namro.reading.head_lines import front
from namro.reading.mentions import KnownUnit
from namro.reading.plan import BoundDocument, ReadPlan, ReadWith
from namro.reading.plan_year import plan_year
from namro.reading.sources import Progress
from namro.reading.target_fields import OwnTitle
from namro.reading.unreadable import UnreadableDocument


def read_plan(
    file: Path | Sequence[Path],
    known_units: Sequence[KnownUnit] = (),
    *,
    pages: tuple[int, int] | None = None,
    progress: Progress | None = None,
    document: int = 1,
) -> ReadPlan:
    """Read one document (several files are one document, in the order given).

    `known_units` are the units names are resolved to; `pages` limits a PDF to pages a–b (from 1);
    `progress(stage, done, of)` is called while pages are read. Of a file that holds several
    documents the first is read, or the one that `document` counts out (from 1); the plan says
    which others there are. Raises UnreadableDocument.
    """
    files = [file] if isinstance(file, Path) else list(file)
    started = time.perf_counter()
    source = sources.together([sources.open_document(f, pages, progress) for f in files])
    name = files[0].name
    raw = numbered(source.blocks)
    _refuse(raw, name)
    together = join_cut_paragraphs(raw)
    documents = bound.documents(together)
    blocks = bound.chosen(together, document)
    if not blocks:
        raise _no_such_document(name, document, len(documents) or 1)
    plan = _judged(blocks, known_units, source, documents, document)
    seconds = round(time.perf_counter() - started, 3)
    engine, count, scanned = source.engine, source.pages, source.ocr_pages
    read_with = ReadWith(namro.__version__, engine, seconds, count, scanned)
    return replace(plan, file=name, read_with=read_with)


def _judged(
    blocks: tuple[Block, ...],
    known_units: Sequence[KnownUnit],
    source: sources.Source,
    documents: tuple[BoundDocument, ...],
    order: int,
) -> ReadPlan:
    """The stages after the file is open, on the blocks of one document."""
    root = outline.build(blocks)
    head = header.read(blocks)
    dated = int(head.date[:4]) if head.date else None
    own = OwnTitle(head.title or blocks[0].text[:200], plan_year(head) if dated else None, dated)
    found_targets = targets.read(root, own)
    found_tasks = tasks.read(root, head, known_units)
    found = faults.Found(
        blocks,
        root,
        head,
        found_targets,
        found_tasks,
        known_units,
        source.flowing,
        documents,
        order,
    )
    return ReadPlan(
        "",
        head,
        outline.sections(root),
        found_targets,
        found_tasks,
        (*source.notices, *faults.read(found)),
        blocks,
        ReadWith(namro.__version__, source.engine, 0, source.pages, source.ocr_pages),
        documents,
        order,
    )


def _no_such_document(file: str, asked: int, held: int) -> UnreadableDocument:
    return UnreadableDocument(
        "NO_SUCH_DOCUMENT",
        file,
        f"tệp chỉ có {held} văn bản, không có văn bản thứ {asked}.",
        f"Hãy chọn một số từ 1 đến {held}.",
    )


_VIETNAMESE = set("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


def _refuse(blocks: Sequence[Block], file: str) -> None:
    """What must not, or cannot, go on: nothing to read, another language, a state secret."""
    text = " ".join(block.text for block in blocks).lower()
    if not any(c.isalnum() for c in text):
        raise UnreadableDocument(
            "EMPTY",
            file,
            "trong tệp không có chữ nào.",
            "Hãy kiểm tra lại tệp; nếu là bản quét, hãy quét lại rõ hơn.",
        )
    _refuse_secret(blocks, file)
    letters = sum(c.isalpha() for c in text)
    if sum(c in _VIETNAMESE for c in text) < 0.03 * letters or letters < 5:
        raise UnreadableDocument(
            "NOT_VIETNAMESE",
            file,
            "không thấy chữ tiếng Việt có dấu.",
            "Hãy gửi văn bản tiếng Việt có dấu; nếu văn bản dùng phông chữ cũ, hãy gửi tệp .doc "
            "hoặc .docx gốc để máy tự chuyển mã.",
        )


def _refuse_secret(blocks: Sequence[Block], file: str) -> None:
    head = front(blocks, issuer.BODY).lines
    over = marks.stamped_over_head(head)
    for block in blocks:
        mark = marks.secrecy_mark(block) or (over and over.block is block and "Mật")
        if mark:
            raise UnreadableDocument(
                "STATE_SECRET",
                file,
                f"văn bản có dấu chỉ độ mật “{mark.upper()}” (trang {block.page}).",
                "Văn bản chứa bí mật nhà nước không được đưa vào hệ thống này; hãy xóa tệp khỏi "
                "máy nối mạng và xử lý theo quy định về bảo vệ bí mật nhà nước.",
            )
