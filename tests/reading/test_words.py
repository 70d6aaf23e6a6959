"""The small readers: quantities, deadlines, names, citations, slips, tables."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from namro.reading import citations, deadlines, mentions, quantities, slips
from namro.reading.blocks import Block, is_cut
from namro.reading.sources import tables


@pytest.mark.parametrize(
    ("text", "comparator", "value", "high", "unit"),
    [
        ("Tỷ lệ hộ dùng nước sạch tối thiểu 92,5%", ">=", "92.5", None, "%"),
        ("Có $\\geq 45\\%$ hộ dân", ">=", "45", None, "%"),
        ("giảm tỷ lệ hộ nghèo xuống dưới 3%", "<", "3", None, "%"),
        ("thời gian xử lý không quá 5 lần", "<=", "5", None, "lần"),
        ("trồng trên 1.250 ha rừng", ">", "1250", None, "ha"),
        ("đạt 6,5% GRDP", "=", "6.5", None, "% GRDP"),
        ("tăng bình quân 10 - 13%/năm", "range", "10", "13", "%/năm"),
        ("từ 5 đến 7 mô hình", "range", "5", "7", "mô hình"),
        ("Chỉ số hài lòng ≥ 0.85", ">=", "0.85", None, None),
        ("đô thị hóa 16% trở lên", ">=", "16", None, "%"),
        ("thu 5.000 tỷ đồng", "=", "5000", None, "tỷ đồng"),
        ("có ít nhất một trung tâm", ">=", "1", None, "trung tâm"),
        ("dưới 4/100.000 trẻ sinh ra sống", "<", "4", None, "/100.000 trẻ sinh ra sống"),
        ("tối thiểu 300 mẫu đo/xã/tháng", ">=", "300", None, "mẫu đo/xã/tháng"),
        ("thuộc top 10 địa phương dẫn đầu", "<=", "10", None, "địa phương"),
    ],
)
def test_quantity_is_read(text, comparator, value, high, unit):
    found = quantities.find(text)

    assert len(found) == 1
    assert found[0].comparator.value == comparator
    assert found[0].value == Decimal(value)
    assert found[0].value_high == (Decimal(high) if high else None)
    assert found[0].unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 351-KH/TU ngày 03/6/2025",
        "phủ sóng 5G và dịch vụ 4K",
        "giai đoạn 2026 - 2030",
        "Điều 5 khoản 2 Nghị định số 80/2025/NĐ-CP",
        "trong 06 tháng cuối năm 2025",
        "trẻ em từ 06 tháng đến 36 tháng tuổi",
        "trực tuyến 24/7",
        "Nghị quyết “ít nhất 01 triệu căn hộ”",
    ],
)
def test_what_is_no_quantity_is_left_alone(text):
    assert quantities.find(text) == []


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Quý IV/2025- Quý II/2026", "2026-06"),
        ("Quí IV-2025", "2025-12"),
        ("Quý III Năm 2026", "2026-09"),
        ("6/2025", "2025-06"),
        ("Tháng 12/2025", "2025-12"),
        ("2024-2025", "2025"),
        ("Ngày 26, 27/12/2011", "2011-12-27"),
        ("Chiều ngày 28/12 và cả ngày 29/12/2011", "2011-12-29"),
        ("trước ngày 15 tháng 11 năm 2026", "2026-11-15"),
        ("trước ngày 15/11", "2025-11-15"),
        ("06 tháng cuối năm 2025", "2025-12"),
        ("Thường xuyên", "ongoing"),
        ("Hằng năm", "ongoing"),
        ("Từ 01/7/2025", "ongoing"),
        ("Năm 2026 và các năm tiếp theo", "ongoing"),
        ("Sau khi Nghị định được ban hành", None),
        ("Theo tiến độ của cơ quan soạn thảo", None),
    ],
)
def test_deadline_becomes_iso(written, iso):
    assert deadlines.iso_of(written, 2025) == iso


@pytest.mark.parametrize(
    ("sentence", "written", "iso"),
    [
        (
            "Gửi kết quả về Sở Nội vụ trước ngày 20/10/2026 để tổng hợp.",
            "trước ngày 20/10/2026",
            "2026-10-20",
        ),
        ("Xây dựng đề án, hoàn thành trong tháng 9/2026.", "trong tháng 9/2026", "2026-09"),
        ("Định kỳ hằng quý báo cáo kết quả.", "Định kỳ hằng quý", "ongoing"),
        ("Thường xuyên kiểm tra, đôn đốc.", "Thường xuyên", "ongoing"),
    ],
)
def test_deadline_is_found_in_a_sentence(sentence, written, iso):
    assert deadlines.in_sentence(sentence, 2026) == (written, iso)


def test_date_of_a_cited_document_is_no_deadline():
    assert deadlines.in_sentence("Thực hiện Quyết định số 12/QĐ-TTg ngày 01/2/2024.", 2026) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Y tế; Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("Các sở, ban, ngành; UBND các xã, phường", ["Các sở, ban, ngành", "UBND các xã, phường"]),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh",
            ["Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh"],
        ),
        (
            "Sở Tư pháp và các cơ quan, đơn vị liên quan",
            ["Sở Tư pháp", "các cơ quan, đơn vị liên quan"],
        ),
        (
            "các Sở: Xây dựng, Công Thương; Điện lực tỉnh",
            ["Sở Xây dựng", "Sở Công Thương", "Điện lực tỉnh"],
        ),
        ("Sở Xây dựng Sở Công Thương", ["Sở Xây dựng", "Sở Công Thương"]),
        ("Bộ, ngành, địa phương", ["Bộ, ngành, địa phương"]),
        (
            "Ban Tổ chức, Ủy ban kiểm tra, Văn phòng Đảng ủy",
            ["Ban Tổ chức", "Ủy ban kiểm tra", "Văn phòng Đảng ủy"],
        ),
    ],
)
def test_list_of_units_is_taken_apart(text, names):
    assert [name for name, _, _ in mentions.split_names(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở Tài chính chủ trì, phối hợp với các sở", "Sở Tài chính"),
        ("Ủy ban kiểm tra Đảng ủy tham mưu việc giám sát", "Ủy ban kiểm tra Đảng ủy"),
        ("Các đảng ủy trực thuộc tổ chức phổ biến", "Các đảng ủy trực thuộc"),
        ("Tổ chức triển khai kế hoạch", ""),
        ("Ban hành kế hoạch thực hiện", ""),
        ("Báo cáo kết quả thực hiện", ""),
    ],
)
def test_name_that_opens_a_sentence_ends_before_its_verb(text, name):
    assert text[: mentions.leading_names(text)] == name


def test_citations_are_read_once_with_blanks_taken_out():
    block = Block(0, "Nghị quyết số 57 - NQ/TW; Nghị quyết số 57-NQ/TW; Công văn 12/SNV-VP.", 1)

    cited = citations.read([block], own=None)

    assert [(c.number, c.kind) for c in cited] == [
        ("57-NQ/TW", "Nghị quyết"),
        ("12/SNV-VP", "Công văn"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("triễn khai thực hiện", ["triển khai thực hiện"]),
        ("chuyển đối số", ["chuyển đổi số"]),
        ("Uỷ ban nhân dân hoà giải", []),
        ("phổ biến pháp luật", []),
        ("khẩn trương thành lập tổ", []),
        ("góp phần đầu tư hạ tầng", []),
    ],
)
def test_slip_is_one_mark_away_from_a_known_phrase(text, meant):
    assert [phrase for _, _, phrase in slips.find(text)] == meant


@pytest.mark.parametrize(
    ("first", "second", "cut"),
    [
        ("Sở Nội vụ chủ trì, phối hợp với các sở trong việc", "hướng dẫn các xã.", True),
        ("Sở Nội vụ hướng dẫn các xã, phường thực hiện.", "hướng dẫn các xã.", False),
        ("Sở Nội vụ chủ trì, phối hợp với các sở trong việc", "Hướng dẫn các xã.", False),
        ("Sở Nội vụ chủ trì, phối hợp với các sở trong việc", "a) hướng dẫn.", False),
    ],
)
def test_sentence_cut_in_two_is_known(first, second, cut):
    assert is_cut(Block(0, first, 1), Block(1, second, 1)) is cut


def rows_of(text: str) -> list[list[str]]:
    lines = [SimpleNamespace(number=i, page=1, text=t) for i, t in enumerate(text.split("\n"))]
    return [[cell.text.strip() for cell in row.cells] for row in tables.parse(lines)]


def test_flattened_table_keeps_empty_cells_and_section_rows():
    head = "|\nTT\n|\nViệc\n|\nChủ trì\n|\n|\nI. PHẦN MỘT\n|"
    text = head + "\n|\n1\n|\nLàm\n|\n|\n|\n2\n|\nSửa\n|\nSở A\n|"

    assert rows_of(text) == [
        ["TT", "Việc", "Chủ trì"],
        ["I. PHẦN MỘT"],
        ["1", "Làm", ""],
        ["2", "Sửa", "Sở A"],
    ]


def test_html_table_gives_a_spanning_cell_to_its_first_row():
    text = (
        "<table><tr><td rowspan='2'>I</td><td>a</td></tr>"
        "<tr><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    )

    assert rows_of(text) == [["I", "a"], ["", "b"], ["c", "d"]]
