"""Report → .docx, by python-docx: what an office opens, edits and signs.

The font is named "Times New Roman"; it is not shipped. Lengths come from the profile. The bytes
depend on the report only: fixed times in the package, properties from the stamp.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from namro.writing.composition import compose
from namro.writing.paper import Drawn, Grid, Line, Paper
from namro.writing.report import Report
from namro.writing.style import FONT, Look, Profile

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_PACKED_ON = (1980, 1, 1, 0, 0, 0)
_END_LEFT = 72.0  # millimetres for the recipients, beside the signature


def write(report: Report, out: Path) -> None:
    """Writes the report as a .docx in the official form in force on its date."""
    out.write_bytes(draw(compose(report)))


def draw(paper: Paper) -> bytes:
    """The .docx of a composed paper."""
    document = docx.Document()
    profile = paper.profile
    _set_defaults(document, profile)
    _set_properties(document, paper)
    first = document.sections[0]
    _set_page(first, profile, landscape=False)
    first.different_first_page_header_footer = True
    _add_page_number(first, profile)
    _draw_head(document, paper)
    for line in paper.heading:
        _add_line(document, line, profile, gap=0, room=profile.text_width)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)
    _draw_body(document, paper.body, profile)
    _draw_end(document, paper)
    for attachment in paper.attachments:
        _new_section(document, profile, landscape=attachment.landscape, restart=True)
        _draw_body(document, attachment.lines, profile, inside_landscape=attachment.landscape)
    return _pack(document)


# --- document ---------------------------------------------------------------------------------


def _set_defaults(document: Any, profile: Profile) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(profile.body.size)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in (normal.element.rPr.rFonts, *defaults.iter(qn("w:rFonts"))):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{name}"), FONT)
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_properties(document: Any, paper: Paper) -> None:
    made = paper.made_at
    if made.tzinfo:
        made = made.astimezone(UTC).replace(tzinfo=None)
    about = document.core_properties
    about.title, about.author, about.last_modified_by = paper.name[:255], paper.author[:255], ""
    about.created = about.modified = made
    about.language, about.comments, about.revision = "vi-VN", "", 1


def _set_page(section: Any, profile: Profile, *, landscape: bool) -> None:
    """A sideways page is the upright one turned: its binding margin comes to lie on top."""
    m = profile.margins
    top, bottom, left, right = m.top, m.bottom, m.left, m.right
    width, height = 210, 297
    if landscape:
        width, height = height, width
        top, right, bottom, left = left, top, right, bottom
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = section.footer_distance = Mm(profile.page_number_from_top)


def _new_section(document: Any, profile: Profile, *, landscape: bool, restart: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, profile, landscape=landscape)
    section.different_first_page_header_footer = restart
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is not None:
        section._sectPr.remove(numbering)
    if restart:
        numbering = _element("w:pgNumType", start="1")
        section._sectPr.find(qn("w:cols")).addprevious(numbering)  # where the schema wants it


def _add_page_number(section: Any, profile: Profile) -> None:
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    _set_look(run, profile.page_number)
    code = OxmlElement("w:instrText")
    code.text = "PAGE"
    shown = OxmlElement("w:t")
    shown.text = "2"
    marks = [_element("w:fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")]
    for part in (marks[0], code, marks[1], shown, marks[2]):
        run._r.append(part)


def _pack(document: Any) -> bytes:
    """python-docx stamps the package with the present time; these bytes must repeat."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _PACKED_ON)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return packed.getvalue()


# --- parts ------------------------------------------------------------------------------------


def _draw_head(document: Any, paper: Paper) -> None:
    profile = paper.profile
    widths = (profile.head_left, profile.text_width - profile.head_left)
    table = _bare_table(document, 2, widths)
    parts = ((paper.left, paper.right), (paper.number, (paper.place_date,)))
    for row, lines in zip(table.rows, parts, strict=True):
        for cell, part, width in zip(row.cells, lines, widths, strict=True):
            _fill_cell(cell, part, profile, width)
    for cell in table.rows[1].cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(4)
    spacer = document.add_paragraph()
    _set_spacing(spacer, line=12, gap=0)


def _draw_end(document: Any, paper: Paper) -> None:
    profile = paper.profile
    widths = (_END_LEFT, profile.text_width - _END_LEFT)
    spacer = document.add_paragraph()
    _set_spacing(spacer, line=8, gap=0)
    spacer.paragraph_format.keep_with_next = True
    table = _bare_table(document, 1, widths)
    _forbid_split(table.rows[0])
    for cell, part, width in zip(
        table.rows[0].cells, (paper.recipients, paper.signature), widths, strict=True
    ):
        _fill_cell(cell, part, profile, width)


def _draw_body(
    document: Any, parts: Iterable[Drawn], profile: Profile, *, inside_landscape: bool = False
) -> None:
    after_grid = False
    for part in parts:
        if isinstance(part, Line):
            paragraph = _add_line(document, part, profile, gap=profile.gap, room=profile.text_width)
            if after_grid:
                paragraph.paragraph_format.space_before = Pt(profile.gap)
            after_grid = False
            continue
        aside = part.landscape and not inside_landscape
        if aside:
            _new_section(document, profile, landscape=True, restart=False)
        _add_grid(document, part, profile)
        if aside:
            _new_section(document, profile, landscape=False, restart=False)
        after_grid = not aside


def _add_grid(document: Any, grid: Grid, profile: Profile) -> None:
    if grid.caption:
        _add_line(document, grid.caption, profile, gap=3, room=0)
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns))
    table.style = document.styles["Table Grid"]
    _set_widths(table, grid.widths)
    _set_insets(table, profile.cell_inset)
    head, *rows = table.rows
    head._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for row in table.rows:
        _forbid_split(row)
    bold = Look(grid.look.size, bold=True)
    for cell, text in zip(head.cells, grid.columns, strict=True):
        _fill_grid_cell(cell, text, bold, "center")
    for row, texts in zip(rows, grid.rows, strict=True):
        for cell, text, align in zip(row.cells, texts, grid.aligns, strict=True):
            _fill_grid_cell(cell, text, grid.look, align)


def _fill_grid_cell(cell: Any, text: str, look: Look, align: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    _set_mark(paragraph, look)
    _set_look(paragraph.add_run(text), look)


# --- lines, tables, looks ---------------------------------------------------------------------


def _add_line(holder: Any, line: Line, profile: Profile, *, gap: float, room: float) -> Any:
    paragraph = holder.add_paragraph()
    _draw_line(paragraph, line, profile, gap)
    if line.rule:
        _draw_rule(holder.add_paragraph(), line.rule, room)
    return paragraph


def _draw_line(paragraph: Any, line: Line, profile: Profile, gap: float) -> None:
    paragraph.alignment = _ALIGN[line.align]
    _set_spacing(paragraph, line=profile.line, gap=gap)
    paragraph.paragraph_format.keep_with_next = line.keep or None
    if line.above:
        paragraph.paragraph_format.space_before = Pt(line.above)
    if line.indent:
        paragraph.paragraph_format.first_line_indent = Mm(profile.indent)
    _set_mark(paragraph, line.look)
    _set_look(paragraph.add_run(line.text), line.look)


def _draw_rule(paragraph: Any, length: float, room: float) -> None:
    """A line of a given length, in the middle: the top edge of an indented, nearly flat line."""
    _set_spacing(paragraph, line=4, gap=0)
    paragraph.paragraph_format.space_before = Pt(2)
    side = Mm(max(0.0, (room - length) / 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    edges = OxmlElement("w:pBdr")
    edges.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(
        edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _fill_cell(cell: Any, lines: Iterable[Line], profile: Profile, room: float) -> None:
    blank = cell.paragraphs[0]
    for line in lines:
        _add_line(cell, line, profile, gap=0, room=room)
    if len(cell.paragraphs) > 1:
        blank._p.getparent().remove(blank._p)


def _bare_table(document: Any, rows: int, widths: tuple[float, ...]) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    _set_widths(table, widths)
    _set_insets(table, 0)
    return table


def _set_insets(table: Any, inset: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(round(inset * 1440 / 25.4)), type="dxa"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # the schema wants the margins before it
    look.addprevious(margins)


def _set_widths(table: Any, widths: tuple[float, ...]) -> None:
    """On the grid and on each cell: LibreOffice reads the one, Word the other."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _forbid_split(row: Any) -> None:
    row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit", val="true"))


def _set_spacing(paragraph: Any, *, line: float, gap: float) -> None:
    style = paragraph.paragraph_format
    style.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.line_spacing = Pt(line)
    style.space_before, style.space_after = Pt(0), Pt(gap)
    style.widow_control = True


def _set_look(run: Any, look: Look) -> None:
    run.font.name, run.font.size = FONT, Pt(look.size)
    run.font.bold, run.font.italic = look.bold, look.italic
    run.font.underline = look.underline or None


def _set_mark(paragraph: Any, look: Look) -> None:
    """The size of the paragraph's own mark: an empty paragraph is as high as its mark."""
    properties = OxmlElement("w:rPr")
    properties.append(_element("w:sz", val=str(round(look.size * 2))))
    paragraph._p.get_or_add_pPr().insert_element_before(properties, "w:sectPr", "w:pPrChange")


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
