"""What a file shows, line by line: the words, and in a Word file how they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from namro.reading.blocks import Block
from namro.vietnamese import tidy


@dataclass(frozen=True)
class Look:
    """How most of a line's letters look. `spacing`: points where exact, else lines."""

    font: str | None
    size: float | None
    bold: bool
    italic: bool
    align: str | None
    exact: bool
    spacing: float | None


@dataclass(frozen=True)
class Line:
    """One paragraph; `look` is None where the file does not say. `number` counts from 1."""

    number: int
    text: str
    in_table: bool
    look: Look | None = None


@dataclass(frozen=True)
class Page:
    """A section of a Word file, in millimetres; whether a page number is shown and how."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    numbered: bool
    number_size: float | None
    number_centred: bool
    first_shown: bool


def of_blocks(blocks: tuple[Block, ...]) -> list[Line]:
    """Lines of a document that shows no looks (PDF, text, scan)."""
    return [Line(b.index + 1, b.text, b.cell is not None) for b in blocks]


def of_word(path: Path) -> tuple[list[Line], list[Page]]:
    """Lines and sections of a .docx."""
    document = Document(str(path))
    lines = [
        Line(i, tidy(paragraph.text), in_table, _look(paragraph, document))
        for i, (paragraph, in_table) in enumerate(_paragraphs(document.element.body, document), 1)
        if tidy(paragraph.text)
    ]
    return lines, [_page(section, document) for section in document.sections]


def _paragraphs(body: Any, holder: Any, in_table: bool = False) -> Iterator[tuple[Paragraph, bool]]:
    for child in body.iterchildren():
        if child.tag == qn("w:p"):
            yield Paragraph(child, holder), in_table
        elif child.tag == qn("w:tbl"):
            for cell in Table(child, holder)._cells:
                yield from _paragraphs(cell._tc, cell, in_table=True)


def _look(paragraph: Paragraph, document: Any) -> Look:
    fonts: Counter[str | None] = Counter()
    sizes: Counter[float | None] = Counter()
    bold = italic = letters = 0
    for run in paragraph.runs:
        count = sum(c.isalnum() for c in run.text)
        letters += count
        fonts[_of(run, paragraph, document, "name")] += count
        size = _of(run, paragraph, document, "size")
        sizes[size.pt if size is not None else None] += count
        bold += count * bool(_of(run, paragraph, document, "bold"))
        italic += count * bool(_of(run, paragraph, document, "italic"))
    exact, spacing = _spacing(paragraph)
    return Look(
        fonts.most_common(1)[0][0] if fonts else None,
        sizes.most_common(1)[0][0] if sizes else None,
        bold > 0.6 * letters,
        italic > 0.6 * letters,
        _align(paragraph),
        exact,
        spacing,
    )


def _of(run: Any, paragraph: Paragraph, document: Any, name: str) -> Any:
    """A property of the letters: the run's own, its style's, the paragraph style's, the default."""
    for holder in (run, run.style, *_styles(paragraph.style)):
        value = getattr(holder.font, name, None) if holder is not None else None
        if value is not None:
            return value
    return _default(document, name)


def _styles(style: Any) -> Iterator[Any]:
    while style is not None:
        yield style
        style = style.base_style


def _default(document: Any, name: str) -> Any:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is None:
        return None
    if name == "name":
        fonts = next(defaults.iter(qn("w:rFonts")), None)
        return fonts.get(qn("w:ascii")) if fonts is not None else None
    if name == "size":
        from docx.shared import Pt

        size = next(defaults.iter(qn("w:sz")), None)
        return Pt(int(size.get(qn("w:val"))) / 2) if size is not None else Pt(10)
    return None


_ALIGN = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.LEFT: "left",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
}


def _align(paragraph: Paragraph) -> str | None:
    for holder in (paragraph, *_styles(paragraph.style)):
        value = holder.paragraph_format.alignment
        if value is not None:
            return _ALIGN.get(value)
    return "left"


def _spacing(paragraph: Paragraph) -> tuple[bool, float | None]:
    for holder in (paragraph, *_styles(paragraph.style)):
        style = holder.paragraph_format
        if style.line_spacing is not None:
            exact = style.line_spacing_rule in (WD_LINE_SPACING.EXACTLY, WD_LINE_SPACING.AT_LEAST)
            value = style.line_spacing
            return exact, float(value.pt if exact else value)
    return False, None


def _page(section: Any, document: Any) -> Page:
    shown = _page_number(section.header, document) or _page_number(section.footer, document)
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin)
    width, height, top, bottom, left, right = (
        x.mm if x is not None else 0 for x in (*sizes, *sides)
    )
    first = section.first_page_header if section.different_first_page_header_footer else None
    return Page(
        width, height, top, bottom, left, right,
        numbered=shown is not None,
        number_size=shown[0] if shown else None,
        number_centred=bool(shown and shown[1]),
        first_shown=first is None or _page_number(first, document) is not None,
    )  # fmt: skip


def _page_number(part: Any, document: Any) -> tuple[float | None, bool] | None:
    """Size and whether centred of the page number field in a header or footer."""
    for paragraph in part.paragraphs:
        codes = " ".join(e.text or "" for e in paragraph._p.iter(qn("w:instrText")))
        fields = [e.get(qn("w:instr")) or "" for e in paragraph._p.iter(qn("w:fldSimple"))]
        if "PAGE" not in codes and not any("PAGE" in field for field in fields):
            continue
        run = next(iter(paragraph.runs), None)
        size = _of(run, paragraph, document, "size") if run is not None else None
        return (size.pt if size is not None else None), _align(paragraph) == "center"
    return None
