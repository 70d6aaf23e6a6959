""".docx: paragraphs, tables and automatic numbering, in the order they are read."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources import damaged
from namro.reading.unreadable import UnreadableDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = {f"{_W}del", f"{_W}instrText", f"{_MC}Fallback", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"}


def read(path: Path, raw: bytes) -> tuple[tuple[Block, ...], int]:
    """The blocks of a .docx and the number of pages it was last laid out on (1 where unsaid)."""
    document = _opened(path.name, raw)
    reader = _Reader(path.name, _Numbering(document))
    for section in document.sections[:1]:
        reader.margin(section.header._element)
    reader.body(document.element.body)
    return tuple(reader.blocks), reader.page


def _opened(file: str, raw: bytes) -> Any:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in packed.read(name)[:2000]:
                    raise UnreadableDocument(
                        "UNSAFE",
                        file,
                        "tệp chứa khai báo XML bị cấm (DOCTYPE).",
                        "Hãy mở bằng phần mềm soạn thảo, lưu lại thành .docx rồi gửi.",
                    )
        return docx.Document(io.BytesIO(raw))
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
        AttributeError,
        EOFError,
        zipfile.LargeZipFile,
    ) as why:
        raise damaged(file) from why
    except Exception as why:  # zlib.error and the like: whatever the unpacker says, it is damaged
        if isinstance(why, UnreadableDocument):
            raise
        raise damaged(file) from why


class _Reader:
    """Walks the body; keeps the page, the table and the blocks found."""

    def __init__(self, file: str, numbering: _Numbering) -> None:
        self.file = file
        self.numbering = numbering
        self.page = 1
        self.table = 0
        self.blocks: list[Block] = []

    def margin(self, element: Any) -> None:
        """The first page's header, where a secrecy mark may stand; a page number is left out."""
        for paragraph in element.iter(f"{_W}p"):
            text = _text(paragraph)
            if re.search(r"[^\W\d]", text):
                self._add(text, bold=False)

    def body(self, element: Any) -> None:
        for child in element:
            if child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.rows(child)
            elif child.tag == f"{_W}sdt":
                for content in child.iter(f"{_W}sdtContent"):
                    self.body(content)
                    break
            elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml", f"{_W}smartTag"):
                self.body(child)

    def paragraph(self, element: Any) -> None:
        self.page += _breaks_before(element)
        for box in _boxes(element):
            self.body(box)
        number = self.numbering.label(element)
        for i, line in enumerate(_text(element).split("\n")):
            words = f"{number} {line}".strip() if i == 0 and number else line
            self._add(words, bold=_bold(element))
        self.page += _breaks_inside(element)

    def _add(self, text: str, *, bold: bool, cell: Cell | None = None) -> None:
        text = _tidy(text)
        if re.search(r"[^\W_]", text) or text == "*":
            pieces = (Piece(0, len(text), self.page),)
            self.blocks.append(Block(0, text, self.page, self.file, pieces, cell, bold))

    def rows(self, element: Any) -> None:
        table = self.table
        self.table += 1
        for i, row in enumerate(element.iter(f"{_W}tr")):
            if next(row.iterancestors(f"{_W}tbl")) is not element:
                continue
            column = 0
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is not row:
                    continue
                span = _whole(cell.find(f"{_W}tcPr/{_W}gridSpan"))
                if not _goes_on_above(cell):
                    self._cell(cell, Cell(table, i, column, span))
                column += span

    def _cell(self, cell: Any, where: Cell) -> None:
        lines = []
        bold = False
        for paragraph in cell.iter(f"{_W}p"):
            label = self.numbering.label(paragraph)
            lines.append(f"{label} {_text(paragraph)}" if label else _text(paragraph))
            bold = bold or _bold(paragraph)
            self.page += _breaks_inside(paragraph)
        self._add(" ".join(lines), bold=bold, cell=where)


def _tidy(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", unicodedata.normalize("NFC", text)).strip()


def _text(paragraph: Any) -> str:
    """The words of a paragraph, inserted ones too, deleted ones not; text boxes are read apart."""
    return "".join(_parts(paragraph))


def _parts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag == f"{_W}txbxContent":
            continue
        if child.tag in (f"{_W}t", f"{_MATH}t"):
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        else:
            yield from _parts(child)


def _boxes(paragraph: Any) -> list[Any]:
    return [
        box
        for box in paragraph.iter(f"{_W}txbxContent")
        if not any(a.tag == f"{_MC}Fallback" for a in box.iterancestors())
    ]


def _bold(paragraph: Any) -> bool:
    """Whether every run that shows letters is set in bold."""
    runs = [
        r for r in paragraph.iter(f"{_W}r") if any((t.text or "").strip() for t in r.iter(f"{_W}t"))
    ]
    return bool(runs) and all(_is_on(r.find(f"{_W}rPr/{_W}b")) for r in runs)


def _is_on(flag: Any) -> bool:
    return flag is not None and flag.get(f"{_W}val") not in ("0", "false")


def _whole(element: Any) -> int:
    value = element.get(f"{_W}val") if element is not None else None
    return min(int(value), 100) if value and value.isdigit() and int(value) > 0 else 1


def _goes_on_above(cell: Any) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val") != "restart"


def _breaks_before(paragraph: Any) -> int:
    return 1 if _is_on(paragraph.find(f"{_W}pPr/{_W}pageBreakBefore")) else 0


def _breaks_inside(paragraph: Any) -> int:
    laid_out = len(list(paragraph.iter(f"{_W}lastRenderedPageBreak")))
    typed = sum(1 for b in paragraph.iter(f"{_W}br") if b.get(f"{_W}type") == "page")
    return max(laid_out, typed)


_LETTERS = "abcdđeghiklmnopqrstuvxy"


def _in_format(value: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman"):
        signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
        out, left = "", value
        for worth, sign in signs:
            while left >= worth:
                out, left = out + sign, left - worth
        return out if kind == "upperRoman" else out.lower()
    if kind in ("lowerLetter", "upperLetter"):
        plain = "abcdefghijklmnopqrstuvwxyz"
        letter = plain[(value - 1) % 26]
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{value:02d}"
    return str(value)


class _Numbering:
    """Automatic numbers, counted as Word counts them: they stand in no paragraph's text."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[str, list[int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        self.same: dict[str, str] = {}
        part = next(
            (
                r.target_part
                for r in document.part.rels.values()
                if r.reltype.endswith("/numbering")
            ),
            None,
        )
        if part is None or not hasattr(part, "element"):
            return
        self._read(part.element)
        for style in document.styles.element.iter(f"{_W}style"):
            said = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
            level = style.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
            if said is not None:
                at = int(level.get(f"{_W}val")) if level is not None else 0
                self.styles[style.get(f"{_W}styleId")] = (said.get(f"{_W}val"), at)

    def _read(self, element: Any) -> None:
        plans: dict[str, Any] = {
            a.get(f"{_W}abstractNumId"): a for a in element.iter(f"{_W}abstractNum")
        }
        for number in element.iter(f"{_W}num"):
            of = number.find(f"{_W}abstractNumId")
            plan = plans.get(of.get(f"{_W}val")) if of is not None else None
            if plan is None:
                continue
            key = number.get(f"{_W}numId")
            override = number.find(f"{_W}lvlOverride/{_W}startOverride")
            self.same[key] = key if override is not None else of.get(f"{_W}val")
            for level in plan.iter(f"{_W}lvl"):
                at = int(level.get(f"{_W}ilvl"))
                form = level.find(f"{_W}numFmt")
                text = level.find(f"{_W}lvlText")
                first = level.find(f"{_W}start")
                self.levels[key, at] = (
                    form.get(f"{_W}val") if form is not None else "decimal",
                    text.get(f"{_W}val") or "" if text is not None else "",
                    int(first.get(f"{_W}val")) if first is not None else 1,
                )

    def label(self, paragraph: Any) -> str:
        """The number or bullet Word shows before a paragraph; "" where it has none."""
        said = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        level = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        key, at = (
            self.styles.get(style.get(f"{_W}val"), ("0", 0)) if style is not None else ("0", 0)
        )
        key = said.get(f"{_W}val") if said is not None else key
        at = int(level.get(f"{_W}val")) if level is not None else at
        if (key, at) not in self.levels or not _text(paragraph).strip():
            return ""
        form, text, first = self.levels[key, at]
        if form == "bullet":
            return "-"
        counts = self.counts.setdefault(self.same[key], [0] * 9)
        counts[at] = counts[at] + 1 if counts[at] else first
        counts[at + 1 :] = [0] * (8 - at)
        return re.sub(r"%(\d)", lambda m: self._shown(key, int(m[1]) - 1, counts), text)

    def _shown(self, key: str, at: int, counts: list[int]) -> str:
        form, _, first = self.levels.get((key, at), ("decimal", "", 1))
        return _in_format(counts[at] or first, form) if form != "none" else ""
