"""`namro check`: a paper in the official form has no deviation; each deviation is told."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from namro.reading import read_plan
from namro.reading.faults import __main__ as page_of_faults
from namro.reading.form import RULES, check_form
from namro.reading.form.command import main
from namro.reading.form.forms import FORMS, form_for
from namro.writing import write_report
from namro.writing.style import PROFILES
from tests.writing import papers

MAKERS = [papers.party, papers.party_2026, papers.state, papers.draft]


def paper(folder: Path, make=papers.state, change=lambda document: None) -> Path:
    """A paper written by the product, then changed as a careless hand would."""
    path = folder / "văn bản.docx"
    write_report(make(), path)
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))
    return path


def deviations(path: Path) -> dict[str, str]:
    found = check_form(path, read_plan(path)).deviations
    return {fault.code: fault.message for fault in found}


def paragraphs(document):
    yield from document.paragraphs
    for table in document.tables:
        for cell in table._cells:
            yield from cell.paragraphs


def rewrite(old: str, new: str):
    def change(document) -> None:
        for paragraph in paragraphs(document):
            for run in paragraph.runs:
                run.text = run.text.replace(old, new)

    return change


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_paper_in_the_official_form_has_no_deviation(tmp_path, make):
    assert deviations(paper(tmp_path, make)) == {}


def margins(document) -> None:
    document.sections[0].left_margin = Mm(20)


def letter(document) -> None:
    document.sections[0].page_width = Mm(216)
    document.sections[0].page_height = Mm(279)


def font(document) -> None:
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.font.name = "Arial"


def small(document) -> None:
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if len(run.text) > 80:
                run.font.size = Pt(11)


def ragged(document) -> None:
    for paragraph in document.paragraphs:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def double(document) -> None:
    for paragraph in document.paragraphs:
        paragraph.paragraph_format.line_spacing = 2.0


def unnumbered(document) -> None:
    for section in document.sections:
        for paragraph in section.header.paragraphs:
            for child in list(paragraph._p):
                paragraph._p.remove(child)


def upright_bases(document) -> None:
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("Căn cứ"):
            paragraph.runs[0].font.italic = False


@pytest.mark.parametrize(
    ("make", "change", "code"),
    [
        (papers.state, margins, "FORM_MARGINS"),
        (papers.state, letter, "FORM_PAPER"),
        (papers.state, font, "FORM_FONT"),
        (papers.state, small, "FORM_BODY"),
        (papers.state, ragged, "FORM_ALIGNMENT"),
        (papers.state, double, "FORM_SPACING"),
        (papers.state, unnumbered, "FORM_PAGE_NUMBER"),
        (papers.state, upright_bases, "FORM_BASES"),
        (papers.state, rewrite("CHỦ NGHĨA", "CHỦ NGHIÃ"), "FORM_HEADING"),
        (papers.state, rewrite("Độc lập - Tự do", "Độc lập – Tự do"), "FORM_MOTTO"),
        (papers.state, rewrite("Số: 05/", "Số 05/"), "FORM_NUMBER"),
        (papers.state, rewrite("Số: 05/BC-UBND", "Số: 5/BC-UBND"), "FORM_NUMBER"),
        (papers.state, rewrite(", ngày 17 tháng 9", " ngày 17 tháng 9"), "FORM_PLACE_DATE"),
        (papers.state, rewrite("TM. ỦY BAN", "T/M ỦY BAN"), "FORM_AUTHORITY"),
        (papers.state, rewrite("- Lưu: VT", "- Văn thư"), "FORM_RECIPIENTS"),
        (papers.state, rewrite("./.", "."), "FORM_END"),
        (papers.state, rewrite("BÁO CÁO", "Báo cáo"), "FORM_KIND"),
        (papers.party, rewrite("Số 15-", "Số: 15-"), "FORM_NUMBER"),
        (papers.party, rewrite("Số 15-BC/ĐU", "Số 15/BC-ĐU"), "FORM_NUMBER"),
        (papers.party, rewrite("*", ""), "FORM_STAR"),
        (papers.party, rewrite("T/M BAN", "TM. BAN"), "FORM_AUTHORITY"),
        (papers.party, double, "FORM_SPACING"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_deviation_is_told(tmp_path, make, change, code):
    assert code in deviations(paper(tmp_path, make, change))


def test_form_follows_the_day_of_the_document(tmp_path):
    old, new = papers.party(), papers.party_2026()
    assert form_for("party", "2025-09-17").source != form_for("party", "2026-09-17").source
    assert form_for("state", "2019-01-01") is None

    commas = paper(tmp_path, papers.party_2026, rewrite(";", ","))

    assert old.issued_on < new.issued_on
    assert "FORM_RECIPIENTS" in deviations(commas)


def test_every_deviation_names_its_rule(tmp_path):
    path = paper(tmp_path, papers.state, margins)

    for fault in check_form(path, read_plan(path)).deviations:
        assert "Nghị định số 30/2020/NĐ-CP, Phụ lục I" in fault.suggestion


def test_rules_agree_with_what_the_product_itself_writes():
    for form in FORMS:
        profile = next(p for p in PROFILES if p.form == form.family and p.from_on == form.from_on)
        assert form.left[0] <= profile.margins.left <= form.left[1]
        assert form.parts["body"].least <= profile.body.size <= form.parts["body"].most
        assert form.parts["kind"].least <= profile.kind.size <= form.parts["kind"].most
        assert form.recipients_mark == profile.recipients_mark


def test_text_file_is_checked_for_what_its_words_show(tmp_path, capsys):
    path = tmp_path / "kế hoạch.txt"
    path.write_text(
        "ỦY BAN NHÂN DÂN TỈNH VÍ DỤ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\n"
        "Độc lập - Tự do - Hạnh phúc\n\nSố: 7/KH-UBND\n\nVí Dụ, ngày 9 tháng 01 năm 2026\n\n"
        "KẾ HOẠCH\n\nCấp nước sạch\n\nI. MỤC TIÊU\n\n1. Có 80% hộ có nước sạch vào năm 2027.\n\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n",
        encoding="utf-8",
    )

    assert main([str(path)]) == 1

    said = capsys.readouterr().out
    assert "không xem được khổ giấy" in said
    assert "07" in said and "ngày 09" in said and "./." in said


def test_command_says_nothing_is_wrong(tmp_path, capsys):
    path = paper(tmp_path, papers.state)

    assert main([str(path)]) == 0
    assert "0 điểm sai khác" in capsys.readouterr().out


def test_command_gives_json(tmp_path, capsys):
    path = paper(tmp_path, papers.state, margins)

    assert main([str(path), "--json"]) == 1

    said = json.loads(capsys.readouterr().out)
    assert [d["code"] for d in said["deviations"]] == ["FORM_MARGINS"]
    assert said["looks_seen"] is True


def test_unreadable_file_is_refused(tmp_path, capsys):
    path = tmp_path / "a.docx"
    path.write_bytes(b"")

    assert main([str(path)]) == 1
    assert "Không đọc được" in capsys.readouterr().err


def test_page_of_the_catalogue_is_what_the_catalogue_says():
    page = Path(__file__).parents[2] / "docs" / "faults.md"

    assert page.read_text(encoding="utf-8") == page_of_faults.page()
    assert all(f"`{rule.code}`" in page_of_faults.page() for rule in RULES)


def test_party_paper_without_its_heading_is_still_one_of_the_party(tmp_path):
    path = tmp_path / "kế hoạch.txt"
    path.write_text(
        "KẾ HOẠCH\n\nSố     -KH/ĐU\n\nI. MỤC TIÊU\n\n1. Có 80% hộ có nước sạch vào năm 2027.\n\n"
        "Nơi nhận:\n- Như trên;\n- Lưu Văn phòng.\n\nT/M BAN THƯỜNG VỤ\n",
        encoding="utf-8",
    )

    checked = check_form(path, read_plan(path))

    assert "Hướng dẫn" in checked.source
    assert {f.code for f in checked.deviations} == {"FORM_HEADING", "FORM_STAR"}
