"""The .docx and the PDF read back: every part, size, style and margin the forms ask for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from namro.writing import Paragraph, Report, ResultTable, Section, UnprintableText, write_report
from tests.writing.papers import SECTIONS, TABLE, WIDE, draft, party, party_2026, state

ALL = [party, party_2026, state, draft]


def write_docx(report: Report, folder: Path):
    write_report(report, folder / "bao-cao.docx")
    return docx.Document(str(folder / "bao-cao.docx"))


def pdf_pages(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def docx_text(document) -> str:
    """All text in reading order, each table row by row, cell by cell."""
    body = document.element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def paragraph_with(document, text: str):
    places = [*document.paragraphs]
    for table in document.tables:
        places += [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return next(p for p in places if p.text.replace("\u00a0", " ").startswith(text))


def look_of(paragraph) -> tuple[float, bool, bool, bool]:
    font = paragraph.runs[0].font
    return font.size.pt, bool(font.bold), bool(font.italic), bool(font.underline)


PARTY_PARTS = [
    ("ĐẢNG BỘ TỈNH NAM SƠN", (14, False, False, False)),
    ("ĐẢNG ỦY UBND TỈNH", (14, True, False, False)),
    ("*", (14, False, False, False)),
    ("ĐẢNG CỘNG SẢN VIỆT NAM", (15, True, False, False)),
    ("Số 15-BC/ĐU", (14, False, False, False)),
    ("Nam Sơn, ngày 17 tháng 9 năm 2025", (14, False, True, False)),
    ("BÁO CÁO", (16, True, False, False)),
    ("kết quả thực hiện kế hoạch", (14, True, False, False)),
    ("-----", (14, True, False, False)),
    ("Thực hiện Kế hoạch số", (14, False, False, False)),
    ("I- TÌNH HÌNH TRIỂN KHAI", (14, True, False, False)),
    ("1. Các chỉ tiêu", (14, True, False, False)),
    ("a) Nguyên nhân khách quan", (14, False, False, False)),
    ("- Hạ tầng mạng", (14, False, False, False)),
    ("Nơi nhận:", (14, False, False, True)),
    ("- Ban Thường vụ Tỉnh ủy (báo cáo),", (12, False, False, False)),
    ("- Lưu Văn phòng Đảng ủy.", (12, False, False, False)),
    ("T/M BAN THƯỜNG VỤ", (14, True, False, False)),
    ("PHÓ BÍ THƯ", (14, False, False, False)),
    ("Trần Văn Mẫu", (14, True, False, False)),
    ("Phụ lục I", (14, True, False, False)),
    ("(Kèm theo Báo cáo số 15-BC/ĐU ngày 17 tháng 9 năm 2025", (14, False, True, False)),
    ("Mã kiểm tra: NR-7K2P-94QX.", (11, False, False, False)),
]
STATE_PARTS = [
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (13, True, False, False)),
    ("Độc lập - Tự do - Hạnh phúc", (14, True, False, False)),
    ("TỈNH NAM SƠN", (13, True, False, False)),
    ("Số: 05/BC-UBND", (13, False, False, False)),
    ("Nam Sơn, ngày 17 tháng 9 năm 2025", (14, False, True, False)),
    ("BÁO CÁO", (14, True, False, False)),
    ("Kính gửi: Chính phủ", (14, False, False, False)),
    ("Căn cứ Luật Tổ chức chính quyền địa phương;", (14, False, True, False)),
    ("Theo đề nghị của Sở Nội vụ.", (14, False, True, False)),
    ("I. TÌNH HÌNH TRIỂN KHAI", (14, True, False, False)),
    ("Nơi nhận:", (12, True, True, False)),
    ("- Như trên;", (11, False, False, False)),
    ("- Lưu: VT, KGVX.", (11, False, False, False)),
    ("TM. ỦY BAN NHÂN DÂN", (14, True, False, False)),
    ("PHÓ CHỦ TỊCH", (14, True, False, False)),
]


@pytest.mark.parametrize(
    ("make", "parts"), [(party, PARTY_PARTS), (state, STATE_PARTS)], ids=["party", "state"]
)
def test_every_part_has_its_size_and_style(tmp_path: Path, make: Callable, parts) -> None:
    document = write_docx(make(), tmp_path)
    assert {text: look_of(paragraph_with(document, text)) for text, _ in parts} == dict(parts)


def test_families_are_never_mixed(tmp_path: Path) -> None:
    of_party, of_state = (docx_text(write_docx(make(), tmp_path)) for make in (party, state))
    assert "CỘNG HÒA" not in of_party and "TM." not in of_party and "./." not in of_party
    assert "ĐẢNG CỘNG SẢN" not in of_state and "T/M" not in of_state and "-----" not in of_state
    assert "của năm./." in of_state


def test_recipients_are_parted_by_the_form_of_the_day(tmp_path: Path) -> None:
    old, new = (docx_text(write_docx(make(), tmp_path)) for make in (party, party_2026))
    assert "- Các đồng chí ủy viên Ban Chấp hành,\n" in old
    assert "- Các đồng chí ủy viên Ban Chấp hành;\n" in new
    assert "Số 03-BC/ĐU" in new


def test_page_is_a4_with_official_margins_and_line_spacing(tmp_path: Path) -> None:
    document = write_docx(party(), tmp_path)
    page = document.sections[0]
    sizes = (page.page_width, page.page_height, page.top_margin, page.bottom_margin,
             page.left_margin, page.right_margin, page.header_distance)  # fmt: skip
    assert [round(s / Mm(1)) for s in sizes] == [210, 297, 20, 20, 30, 15, 10]
    body = paragraph_with(document, "Thực hiện Kế hoạch")
    style = body.paragraph_format
    assert (style.line_spacing_rule, style.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(18))
    assert style.space_after == Pt(6)
    assert style.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert round(style.first_line_indent / Mm(1)) == 10
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_page_number_is_a_field_in_the_top_margin_not_on_page_one(tmp_path: Path) -> None:
    section = write_docx(party(), tmp_path).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    header = section.header.paragraphs[0]
    assert header.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [e.text for e in header._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert header.runs[0].font.size == Pt(14)


def test_head_is_a_table_without_borders_and_its_rule_as_long_as_the_text(tmp_path: Path) -> None:
    head = write_docx(party(), tmp_path).tables[0]
    assert head._tbl.find(qn("w:tblPr")).find(qn("w:tblBorders")) is None
    assert head.style is None or head.style.name == "Normal Table"
    right = head.rows[0].cells[1]
    rule = next(p for p in right.paragraphs if p._p.find(f".//{qn('w:pBdr')}") is not None)
    length = right.width - rule.paragraph_format.left_indent - rule.paragraph_format.right_indent
    assert length / Mm(1) == pytest.approx(72.7, abs=0.5)  # ĐẢNG CỘNG SẢN VIỆT NAM, 15 bold


def test_result_table_repeats_its_head_and_sets_figures_right(tmp_path: Path) -> None:
    document = write_docx(party(), tmp_path)
    table = next(t for t in document.tables if t.rows[0].cells[1].text == "Chỉ tiêu")
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    cells = table.rows[1].cells
    assert [c.paragraphs[0].alignment for c in cells] == [
        WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.LEFT,
        WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT,
    ]  # fmt: skip
    widths = [c.width for c in cells]
    assert widths == [column.width for column in table.columns]
    assert round(sum(widths) / Mm(1)) == 165


def test_wide_appendix_lies_sideways_and_counts_from_one(tmp_path: Path) -> None:
    document = write_docx(party(), tmp_path)
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    starts = [s._sectPr.find(qn("w:pgNumType")) for s in document.sections]
    assert [s is None or s.get(qn("w:start")) for s in starts] == [True, "1", "1"]
    write_report(party(), tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as opened:
        turned = [width > height for width, height in (page.get_size() for page in opened)]
    assert turned == [False, False, True, True, False]
    first_lines = [text.split("\r\n")[0] for text in pdf_pages(tmp_path / "a.pdf")]
    assert first_lines[1] == "2" and first_lines[3] == "2"
    assert not any(first_lines[n].strip().isdigit() for n in (0, 2, 4))


def test_sideways_table_in_the_body_goes_on_counting(tmp_path: Path) -> None:
    wide = replace(WIDE, landscape=True, caption="Biểu 2. Tình hình báo cáo")
    sections = (*SECTIONS[:1], Section("II", "Biểu", (wide, Paragraph("Hết biểu."))))
    report = party(sections=sections, appendices=(), stamp=None)
    document = write_docx(report, tmp_path)
    assert [s.different_first_page_header_footer for s in document.sections] == [True, False, False]
    write_report(report, tmp_path / "a.pdf")
    numbers = [text.split("\r\n")[0] for text in pdf_pages(tmp_path / "a.pdf")]
    assert numbers[1:] == ["2", "3", "4"]
    assert "Biểu 2." in pdf_pages(tmp_path / "a.pdf")[1]


def test_draft_keeps_room_for_number_and_day(tmp_path: Path) -> None:
    text = docx_text(write_docx(draft(), tmp_path)).replace("\u00a0", " ")
    assert "Số     -BC/ĐU" in text
    assert "Nam Sơn, ngày    tháng 9 năm 2025" in text
    assert "Dự thảo lần 2" in text
    assert "Mã kiểm tra" not in text


def test_stamp_is_the_last_appendix_and_says_how_figures_were_measured(tmp_path: Path) -> None:
    text = docx_text(write_docx(party(), tmp_path))
    last = text[text.rindex("Phụ lục II") :]
    assert "CÁCH ĐO VÀ NGUỒN SỐ LIỆU" in last
    assert "Số liệu chốt đến 17 giờ 00 phút ngày 14/9/2025." in last
    assert "Báo cáo lập lúc 08 giờ 05 phút ngày 17/9/2025." in last
    assert "3f6a9c0d1e2b4a58" in last


# --- both formats say the same ----------------------------------------------------------------


def words(text: str) -> list[str]:
    return re.sub(r"[\ufffe\u00a0\u0002]", " ", text).split()


@pytest.mark.parametrize("make", ALL)
def test_docx_and_pdf_say_the_same_in_the_same_order(tmp_path: Path, make: Callable) -> None:
    report = replace(make(), appendices=())  # a repeated table head would count twice
    document = write_docx(report, tmp_path)
    write_report(report, tmp_path / "a.pdf")
    pages = [re.sub(r"\A\d+\r\n", "", text) for text in pdf_pages(tmp_path / "a.pdf")]
    assert words("\n".join(pages)) == words(docx_text(document))


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
@pytest.mark.parametrize("make", ALL)
def test_same_report_gives_the_same_bytes(tmp_path: Path, make: Callable, suffix: str) -> None:
    for name in ("a", "b"):
        write_report(make(), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_files_carry_the_stamp_s_time_and_nothing_else(tmp_path: Path) -> None:
    about = write_docx(party(), tmp_path).core_properties
    assert about.created == about.modified
    assert about.created.replace(tzinfo=None) == datetime(2025, 9, 17, 8, 5)
    assert about.author == "Đảng ủy UBND tỉnh"
    with zipfile.ZipFile(tmp_path / "bao-cao.docx") as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    write_report(party(), tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as opened:
        assert opened.get_metadata_dict()["CreationDate"].startswith("D:20250917080500")
    assert b"pdfaid:part" in (tmp_path / "a.pdf").read_bytes()


def test_pdf_uses_the_shipped_fonts_only(tmp_path: Path) -> None:
    write_report(state(), tmp_path / "a.pdf")
    fonts = set(re.findall(rb"/BaseFont/[A-Z]+\+([A-Za-z-]+)", (tmp_path / "a.pdf").read_bytes()))
    assert fonts
    assert all(name.startswith(b"LiberationSerif") for name in fonts)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "text"), [(".pdf", "vui 😀"), (".pdf", "\x07"), (".docx", "\x07")]
)
def test_character_no_paper_can_show_is_named(tmp_path: Path, suffix: str, text: str) -> None:
    report = party(sections=(Section("I", "Chung", (Paragraph(text),)),))
    with pytest.raises(UnprintableText, match="ký tự không in được"):
        write_report(report, tmp_path / f"a{suffix}")
    assert not (tmp_path / f"a{suffix}").exists()


def test_markup_in_the_text_is_only_text(tmp_path: Path) -> None:
    trick = '#read("/etc/passwd") $x$ *đậm* <w:p/> \\u{41} @nhan'
    write_report(party(sections=(Section("I", "Chung", (Paragraph(trick),)),)), tmp_path / "a.pdf")
    assert '#read("/etc/passwd") $x$ *đậm* <w:p/> \\u{41} @nhan' in "".join(
        pdf_pages(tmp_path / "a.pdf")
    ).replace("\r\n", " ")


def test_other_formats_and_older_dates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.docx hoặc \.pdf"):
        write_report(party(), tmp_path / "a.odt")
    with pytest.raises(ValueError, match="thể thức"):
        write_report(party(issued_on=date(2017, 1, 1)), tmp_path / "a.pdf")


def test_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="Dòng 1 của bảng không đủ 2 cột"):
        ResultTable(("TT", "Chỉ tiêu"), (("1",),))
    with pytest.raises(ValueError):
        replace(TABLE, widths=(1.0,))


def test_empty_report_is_still_a_paper(tmp_path: Path) -> None:
    report = party(sections=(), opening=(), recipients=(), appendices=(), stamp=None)
    for suffix in (".docx", ".pdf"):
        write_report(report, tmp_path / f"a{suffix}")
    assert "BÁO CÁO" in pdf_pages(tmp_path / "a.pdf")[0]


def test_docx_body_follows_the_schema_s_order(tmp_path: Path) -> None:
    """Word refuses a paragraph or table whose properties stand in the wrong order."""
    write_docx(party(), tmp_path)
    order = ["pStyle", "keepNext", "widowControl", "pBdr", "spacing", "ind", "jc", "rPr", "sectPr"]
    with zipfile.ZipFile(tmp_path / "bao-cao.docx") as packed:
        document = docx.Document(io.BytesIO(Path(packed.filename or "").read_bytes()))
    for properties in document.element.body.iter(qn("w:pPr")):
        names = [child.tag.rpartition("}")[2] for child in properties]
        assert [order.index(name) for name in names] == sorted(order.index(n) for n in names)
    page = ["headerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"]
    for properties in document.element.body.iter(qn("w:sectPr")):
        names = [child.tag.rpartition("}")[2] for child in properties]
        assert [page.index(name) for name in names] == sorted(page.index(n) for n in names)
    layout = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook"]
    for properties in document.element.body.iter(qn("w:tblPr")):
        names = [child.tag.rpartition("}")[2] for child in properties]
        assert [layout.index(name) for name in names] == sorted(layout.index(n) for n in names)
