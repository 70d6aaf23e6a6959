"""Any bytes into one of the readers: blocks that keep their promises come out, or a refusal.

The first byte says which reader; the rest is the file, or the part of a package that matters, so
that the fuzzer need not learn to write zip files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

from namro.reading import UnreadableDocument
from namro.reading.sources import Source, archive, kinds, plain, sheets, webpage, word
from tests.reading.packing import OPENING, level, lists, sheet, workbook, zipped
from tests.reading.packing import word as word_parts

PLAN = "".join(level(i, "decimal", f"%{i + 1}.") for i in range(3))
LISTS = lists({0: PLAN}, {1: (0, "")})


def _document(part: bytes) -> Source:
    parts = word_parts("", {"numbering": LISTS})
    return word.read(Path("a.docx"), zipped({**parts, "word/document.xml": part}))


def _numbering(part: bytes) -> Source:
    body = OPENING.replace("<w:p>", '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    return word.read(Path("a.docx"), zipped(word_parts(body, {"numbering": part})))


def _styles(part: bytes) -> Source:
    body = OPENING.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr>')
    return word.read(Path("a.docx"), zipped(word_parts(body, {"styles": part})))


def _sheet(part: bytes) -> Source:
    parts = workbook({"A": sheet("")})
    return sheets.read(Path("a.xlsx"), zipped({**parts, "xl/worksheets/sheet1.xml": part}))


def _book(part: bytes) -> Source:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.5</v></c></row>'
    parts = workbook({"A": sheet(rows)})
    cut = len(part) // 2
    parts |= {"xl/styles.xml": part[:cut], "xl/workbook.xml": part[cut:]}
    return sheets.read(Path("a.xlsx"), zipped(parts))


def _whole(raw: bytes) -> Source:
    kind = kinds.kind_of(raw, "a")
    path = Path("a")
    if kind == "docx":
        return word.read(path, raw)
    if kind == "xlsx":
        return sheets.read(path, raw)
    if kind == "zip":
        return archive.read(path, raw, None, None)
    return webpage.read(path, raw) if kind == "html" else plain.source(path, raw)


READERS: dict[str, Callable[[bytes], Source]] = {
    "document": _document,
    "numbering": _numbering,
    "styles": _styles,
    "sheet": _sheet,
    "book": _book,
    "page": lambda raw: webpage.read(Path("a.html"), raw),
    "text": lambda raw: plain.source(Path("a.txt"), raw),
    "whole": _whole,
}


def feed(data: bytes) -> Source | None:
    """Read; None for a refusal. Any other exception, or a broken promise, is a find."""
    names = list(READERS)
    name = names[data[0] % len(names)] if data else "text"
    try:
        source = READERS[name](data[1:])
    except UnreadableDocument as why:
        assert why.code.isupper() and why.why and why.mend
        return None
    check(source)
    return source


def check(source: Source) -> None:
    """What every reader promises of its blocks."""
    assert source.pages >= 1
    for block in source.blocks:
        text = block.text
        assert text and text == " ".join(text.split()), repr(text)
        assert unicodedata.is_normalized("NFC", text), repr(text)
        assert block.page >= 1
        before = 0
        for piece in block.pieces:
            assert before <= piece.start < piece.end <= len(text), (piece, text)
            before = piece.end
        if block.cell:
            assert block.cell.row >= 0 and block.cell.column >= 0 and block.cell.span >= 1
        block.place(0, 1)
