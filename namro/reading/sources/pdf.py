"""PDF: pages with a text layer are read from it, the others are given to OCR."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from namro.reading.sources import MAX_PAGES, Progress, Source, damaged, encrypted
from namro.reading.sources.layout import Line, Page, Table, Word, blocks_of, lines_of
from namro.reading.unreadable import UnreadableDocument

_MARKS = set("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


def read(
    path: Path, raw: bytes, pages: tuple[int, int] | None, progress: Progress | None
) -> Source:
    """All pages (or those of `pages`). Raises UnreadableDocument for what is no readable PDF."""
    document = _opened(path.name, raw)
    try:
        wanted = _wanted(path.name, len(document), pages)
        read_pages: list[Page] = []
        scanned: list[int] = []
        plumber = _Plumber(raw)
        for done, number in enumerate(wanted, start=1):
            loaded = _loaded(path.name, document, number)
            page = _text_page(loaded, number)
            if page is None:
                scanned.append(number)
                page = _scanned_page(loaded, number)
            elif _has_rules(loaded):
                plumber.put_tables(page)
            read_pages.append(page)
            if progress:
                progress("Đọc văn bản", done, len(wanted))
        plumber.close()
    finally:
        document.close()
    blocks = blocks_of(read_pages, path.name)
    engine = "pypdfium2 + tesseract" if scanned else "pypdfium2"
    return Source(tuple(blocks), len(wanted), len(scanned), engine, True)


def _opened(file: str, raw: bytes) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as why:
        # PDFium says "password" of a file without pages too; the dictionary is never packed.
        if b"/Encrypt" in raw and "password" in str(why).lower():
            raise encrypted(file) from why
        if re.search(rb"/Count\s+0\b", raw):
            raise _no_pages(file) from why
        raise damaged(file) from why
    return document


def _loaded(file: str, document: Any, number: int) -> Any:
    """One page, counted from 1. A file that opens may still hold a page that is broken."""
    import pypdfium2

    try:
        return document[number - 1]
    except pypdfium2.PdfiumError as why:
        raise UnreadableDocument(
            "DAMAGED",
            file,
            f"trang {number} bị hỏng.",
            "Hãy xin lại tệp gốc, hoặc chọn khoảng trang không có trang này.",
        ) from why


def _no_pages(file: str) -> UnreadableDocument:
    return UnreadableDocument(
        "EMPTY", file, "tệp PDF không có trang nào.", "Hãy kiểm tra lại tệp đã lưu."
    )


def _wanted(file: str, count: int, pages: tuple[int, int] | None) -> list[int]:
    if count == 0:
        raise _no_pages(file)
    first, last = pages or (1, count)
    if first > count:
        raise UnreadableDocument(
            "NO_PAGES", file, f"tệp chỉ có {count} trang.", "Hãy chọn lại khoảng trang."
        )
    last = min(last, count)
    if last - first + 1 > MAX_PAGES:
        raise UnreadableDocument(
            "TOO_LARGE",
            file,
            f"tệp có {count} trang, quá mức {MAX_PAGES} trang mỗi lần đọc.",
            "Hãy chọn khoảng trang cần đọc.",
        )
    return list(range(first, last + 1))


def _text_page(page: Any, number: int) -> Page | None:
    """The words of the text layer; None where there is none worth trusting."""
    words = list(_words(page))
    letters = "".join(w.text for w in words).lower()
    count = sum(c.isalpha() for c in letters)
    marked = sum(c in _MARKS for c in letters)
    if count < 20 and _has_image(page):
        return None
    if count >= 100 and marked < 0.05 * count and _has_image(page):
        return None
    width, height = page.get_size()
    return Page(number, width, height, words)


def _has_image(page: Any) -> bool:
    import pypdfium2.raw as c

    return any(True for _ in page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _has_rules(page: Any) -> bool:
    """Whether so many lines are drawn that there may be a table."""
    import pypdfium2.raw as c

    count = 0
    for _ in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH], max_depth=3):
        count += 1
        if count >= 6:
            return True
    return False


def _words(page: Any) -> Iterator[Word]:
    """Words with boxes, in the order of the file: runs of signs between blanks."""
    import ctypes

    import pypdfium2.raw as c

    text = page.get_textpage()
    height = page.get_height()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    letters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    bold = False
    for i in range(c.FPDFText_CountChars(text)):
        code = c.FPDFText_GetUnicode(text, i)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        c.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        box = (left.value, height - top.value, right.value, height - bottom.value)
        apart = bool(boxes) and _is_apart(boxes[-1], box)
        if char.isspace() or char in "\u00a0\u200b\ufffe\x00\x02" or apart:
            if letters:
                yield _word(letters, boxes, bold)
            letters, boxes = [], []
            if char.isspace() or char in "\u00a0\u200b\ufffe\x00":
                continue
            if char == "\x02":  # a hyphen at the end of a line, as PDFium marks it
                char = "-"
        if not letters:
            bold = c.FPDFText_GetFontWeight(text, i) >= 600
        letters.append(char)
        boxes.append(box)
    if letters:
        yield _word(letters, boxes, bold)
    text.close()


def _is_apart(
    before: tuple[float, float, float, float], box: tuple[float, float, float, float]
) -> bool:
    """A jump to another line or far along this one: no blank was stored, but the word is over."""
    height = max(4.0, before[3] - before[1], box[3] - box[1])
    down = abs((box[1] + box[3]) / 2 - (before[1] + before[3]) / 2)
    return (
        down > 1.2 * height or box[0] - before[2] > 1.5 * height or box[0] < before[0] - 2 * height
    )


def _word(letters: list[str], boxes: list[tuple[float, float, float, float]], bold: bool) -> Word:
    box = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    return Word(unicodedata.normalize("NFC", "".join(letters)), box, bold)


def _scanned_page(page: Any, number: int) -> Page:
    from namro.reading.sources import scan

    return scan.read_page(page, number)


class _Plumber:
    """Finds tables by their ruling lines; opened only when a page needs it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.document: Any = None

    def put_tables(self, page: Page) -> None:
        """Move the words of each table from the page's flow into its cells."""
        import pdfplumber

        if self.document is None:
            self.document = pdfplumber.open(io.BytesIO(self.raw))
        plumbed = self.document.pages[page.number - 1]
        for found in plumbed.find_tables():
            rows = [row for row in found.rows if any(row.cells)]
            columns = max((len(row.cells) for row in rows), default=0)
            if columns < 2 or len(rows) < 1:
                continue
            self._fill(page, rows, columns, found.bbox[1])
        plumbed.close()

    def _fill(self, page: Page, rows: list[Any], columns: int, top: float) -> None:
        cells: list[tuple[int, int, int, list[Line]]] = []
        taken: set[int] = set()
        for r, row in enumerate(rows):
            for column, box in enumerate(row.cells):
                if box is None:
                    continue
                inside = [w for w in page.words if id(w) not in taken and _is_in(w, box)]
                if inside:
                    taken |= {id(w) for w in inside}
                    cells.append((r, column, 1, lines_of(inside, page.number)))
        if len(cells) >= 2:
            page.words = [w for w in page.words if id(w) not in taken]
            page.tables.append(Table(top, cells, columns))

    def close(self) -> None:
        if self.document is not None:
            self.document.close()


def _is_in(word: Word, box: tuple[float, float, float, float]) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
