"""Small documents written for these tests, and Word files with automatic numbering."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from namro.reading import read_plan
from tests.reading.test_seed import check_expected

PROVINCE = Path(__file__).parent / "documents" / "province.md"


@pytest.fixture(scope="module")
def plan():
    return read_plan(PROVINCE)


def test_provincial_plan_reads_as_expected(plan):
    check_expected("province", plan)


def test_head_of_a_state_paper(plan):
    head = plan.document

    assert (head.kind, head.number, head.date) == ("Kế hoạch", "45/KH-UBND", "2026-01-09")
    assert head.issuer == "Ủy ban nhân dân tỉnh Ví Dụ"
    assert head.title.startswith("NÂNG CAO CHẤT LƯỢNG NƯỚC SẠCH")
    assert head.signer_role == "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH"
    assert [c.number for c in head.cites] == ["12-NQ/TU"]
    assert head.recipients == ("Tỉnh ủy (b/c)", "Các sở, ngành", "Lưu: VT")


def test_targets_are_split_and_dated(plan):
    read = [
        (t.comparator.value, t.value and float(t.value), t.unit, t.deadline)
        for t in plan.targets[:6]
    ]

    assert read == [
        (">=", 85, "%", "2027"),
        ("=", 100, "%", "2027"),
        ("=", 18, "%", "2028"),
        ("range", 10, "công trình", "2028"),
        (">=", 1, "tổ", "2028"),
        ("milestone", None, None, "2028"),
    ]
    assert plan.targets[2].baseline == 28
    assert plan.targets[3].value_high == 12
    assert plan.targets[4].scope == "each unit"
    assert plan.targets[2].deadline_from == "title period"


def test_tasks_of_lines_duties_and_tables(plan):
    read = [
        ([m.text for m in t.lead], [m.text for m in t.cooperate], t.deadline_iso, t.product)
        for t in plan.tasks
    ]

    assert read == [
        (
            ["Sở Nông nghiệp và Môi trường"],
            ["Sở Xây dựng", "UBND các xã, phường"],
            "2026-09",
            "Danh mục đầu tư được duyệt",
        ),
        (["Trung tâm Nước sạch"], ["Sở Y tế", "các đơn vị liên quan"], "ongoing", None),
        (["Sở Tài chính"], ["Sở Nông nghiệp và Môi trường"], None, None),
        (["Sở Tài chính"], [], None, None),
        (["Hội Nông dân tỉnh"], [], None, None),
        (["UBND các xã, phường"], [], "2026-11-15", None),
        (["UBND các xã"], ["Sở Xây dựng", "Sở Tài chính"], "2026-10", "Công trình vận hành"),
        (["Công ty Cấp nước"], [], "ongoing", "100% hộ có đồng hồ"),
    ]
    assert plan.tasks[4].manner == "đề nghị"


def test_sections_are_the_headings(plan):
    assert [s.id for s in plan.sections] == ["I", "I.1", "I.2", "II", "III", "III.1", "III.2", "PL"]


def numbered_paragraph(document, text: str, style: str) -> None:
    document.add_paragraph(text, style=style)


def test_automatic_numbers_of_word_are_read(tmp_path):
    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH").runs[0].bold = True
    document.add_paragraph("I. MỤC TIÊU").runs[0].bold = True
    numbered_paragraph(document, "Tối thiểu 80% hộ dân có nước sạch.", "List Number")
    numbered_paragraph(document, "Tối thiểu 90% trường học có nước sạch.", "List Number")
    numbered_paragraph(document, "100% trạm y tế có nước sạch.", "List Bullet")
    path = tmp_path / "kh.docx"
    document.save(str(path))

    plan = read_plan(path)

    texts = [block.text for block in plan.blocks[2:]]
    assert texts[0].startswith("1.") and texts[1].startswith("2.") and texts[2].startswith("-")
    assert [int(t.value) for t in plan.targets] == [80, 90, 100]


def test_inserted_words_are_read_and_deleted_ones_are_not(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("Kế hoạch ")
    for tag, text_tag, words in (("w:ins", "w:t", "thêm vào"), ("w:del", "w:delText", "bỏ đi")):
        change, run, text = (OxmlElement(t) for t in (tag, "w:r", text_tag))
        text.text = words
        text.set(qn("xml:space"), "preserve")
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    path = tmp_path / "kh.docx"
    document.save(str(path))

    assert [b.text for b in read_plan(path).blocks] == ["Kế hoạch thêm vào"]


def test_word_table_with_merged_cells_keeps_each_cell_once(tmp_path):
    document = docx.Document()
    document.add_paragraph("Bảng phân công nhiệm vụ")
    table = document.add_table(3, 3)
    for i, words in enumerate(["TT", "Nhiệm vụ", "Cơ quan chủ trì"]):
        table.cell(0, i).text = words
    table.cell(1, 0).merge(table.cell(1, 2)).text = "I. Hạ tầng số"
    for i, words in enumerate(["1", "Xây dựng cổng dữ liệu mở", "Sở Nội vụ"]):
        table.cell(2, i).text = words
    path = tmp_path / "kh.docx"
    document.save(str(path))

    plan = read_plan(path)

    assert [b.text for b in plan.blocks].count("I. Hạ tầng số") == 1
    assert [(t.quote, t.lead[0].text) for t in plan.tasks] == [
        ("Xây dựng cổng dữ liệu mở", "Sở Nội vụ")
    ]


def test_several_files_are_one_document(tmp_path):
    head, body = PROVINCE.read_text(encoding="utf-8").split("**II. NHIỆM VỤ**")
    first, second = tmp_path / "1.md", tmp_path / "2.md"
    first.write_text(head, encoding="utf-8")
    second.write_text("**II. NHIỆM VỤ**" + body, encoding="utf-8")

    plan = read_plan([first, second])

    assert len(plan.targets) >= 6 and len(plan.tasks) == 8
    assert {t.place.file for t in plan.tasks} == {"2.md"}


def test_indicator_table_gives_value_unit_and_monitor(tmp_path):
    path = tmp_path / "kh.md"
    path.write_text(
        "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n"
        "| TT | Chỉ tiêu | Đơn vị tính | Đến năm 2027 | Cơ quan chủ trì theo dõi, đánh giá |\n"
        "|---|---|---|---|---|\n"
        "| 1 | Tỷ lệ hộ dùng nước sạch | % | ≥ 85 | Sở Xây dựng |\n"
        "| 2 | Số công trình cấp nước mới | Công trình | 12 | Sở Tài chính |\n"
        "| 3 | Tỷ lệ trường có nước sạch |  | 90% - 95% | Sở Giáo dục và Đào tạo |\n",
        encoding="utf-8",
    )

    plan = read_plan(path)

    read = [
        (t.quote, t.comparator.value, float(t.value), t.unit, t.deadline, t.monitor)
        for t in plan.targets
    ]
    assert read == [
        ("Tỷ lệ hộ dùng nước sạch", ">=", 85, "%", "2027", "Sở Xây dựng"),
        ("Số công trình cấp nước mới", "=", 12, "Công trình", "2027", "Sở Tài chính"),
        ("Tỷ lệ trường có nước sạch", "range", 90, "%", "2027", "Sở Giáo dục và Đào tạo"),
    ]
    assert plan.tasks == ()
