"""What the reader met in documents that others wrote without knowing it, as classes."""

from __future__ import annotations

import docx
import pytest

from namro.reading import read_plan
from tests.reading.test_other_wordings import _read, _tasks
from tests.reading.test_targets import values


def _table(tmp_path, rows, merged=()):
    """A plan of 2027 with one table; `merged`: pairs of (row, column) that become one cell."""
    document = docx.Document()
    for line in (
        "ỦY BAN NHÂN DÂN", "XÃ MẪU", "Số: 9/KH-UBND", "Mẫu, ngày 10 tháng 3 năm 2027", "KẾ HOẠCH",
        "Về trồng cây ven đường năm 2027", "II. NỘI DUNG",
    ):  # fmt: skip
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for first, last in merged:
        text = table.cell(*first).text
        table.cell(*first).merge(table.cell(*last)).text = text
    path = tmp_path / "plan.docx"
    document.save(path)
    return read_plan(path)


def _who(plan):
    return [([m.text for m in t.lead], [m.text for m in t.cooperate]) for t in plan.tasks]


# --- who leads, in one column with who helps -------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "lead", "helps"),
    [
        ("Phòng Kinh tế (chủ trì); Công an xã, Văn phòng (phối hợp)", ["Phòng Kinh tế"],
         ["Công an xã", "Văn phòng"]),
        ("Công an xã (đề nghị chủ trì), Hội Nông dân xã", ["Công an xã"], ["Hội Nông dân xã"]),
        ("Phòng Kinh tế (đầu mối); Công an xã, Văn phòng cùng tham gia", ["Phòng Kinh tế"],
         ["Công an xã", "Văn phòng"]),
        ("Sở Tư pháp, Sở Xây dựng (chủ trì theo lĩnh vực); UBND các xã (phối hơp)",
         ["Sở Tư pháp", "Sở Xây dựng"], ["UBND các xã"]),
        ("Mời Báo Mẫu; Văn phòng Sở phối hợp", ["Báo Mẫu"], ["Văn phòng Sở"]),
    ],
)  # fmt: skip
def test_brackets_in_a_cell_say_who_leads(tmp_path, cell, lead, helps):
    rows = [["STT", "Việc phải làm", "Đơn vị thực hiện", "Thời gian"]]
    plan = _table(tmp_path, [*rows, ["1", "Trồng 300 cây ven đường liên thôn", cell, "T9/2027"]])
    assert _who(plan) == [(lead, helps)]
    assert [t.deadline_iso for t in plan.tasks] == ["2027-09"]


def test_note_above_a_table_says_that_the_first_leads(tmp_path):
    body = (
        "II. NHIỆM VỤ",
        "(Trong cột Đơn vị thực hiện, đơn vị ghi đầu chịu trách nhiệm chính, sau là phối hợp)",
        "| STT | Việc phải làm | Đơn vị thực hiện | Thời gian |\n|---|---|---|---|\n"
        "| 1 | Trồng 300 cây ven đường liên thôn | Phòng Kinh tế; Công an xã | Quý II |",
    )
    assert _tasks(tmp_path, *body)[0][:2] == (["Phòng Kinh tế"], ["Công an xã"])


def test_mark_of_repetition_is_what_stands_above(tmp_path):
    rows = [
        ["STT", "Nội dung công việc", "Chủ trì", "Thời gian", "Sản phẩm"],
        ["1", "Trồng 300 cây ven đường", "Phòng Kinh tế", "15/8/2027", "Biên bản"],
        ["2", "Làm biển tên cho từng đường", "-nt-", "nt", "Tối thiểu 20 cây/thôn"],
    ]
    plan = _table(tmp_path, rows)
    assert _who(plan)[1] == (["Phòng Kinh tế"], [])
    assert plan.tasks[1].deadline_iso == "2027-08-15"
    assert [(t.value, t.deadline) for t in plan.targets] == [(20, "2027-08-15")]


def test_row_over_all_columns_is_a_heading(tmp_path):
    rows = [
        ["STT", "Nội dung công việc", "Chủ trì", "Thời gian"],
        ["A", "Hạng mục cây xanh và mặt đường", "", ""],
        ["1", "Trồng 300 cây ven đường", "Phòng Kinh tế", "Tháng 8"],
    ]
    plan = _table(tmp_path, rows, merged=[((1, 1), (1, 3))])
    assert [t.quote for t in plan.tasks] == ["Trồng 300 cây ven đường"]


# --- labels counted within a line, lines that refer ------------------------------------------


@pytest.mark.parametrize("between", ["; b) ", ". b) ", "; ", ". "])
def test_labels_of_one_line_are_told_apart_counted_or_not(tmp_path, between):
    line = f"a) Đơn vị chủ trì: Phòng Kinh tế{between}Đơn vị phối hợp: Công an xã, trạm y tế xã"
    body = ("II. NHIỆM VỤ", "1. Trồng 300 cây xanh ven đường liên thôn", line)
    assert _tasks(tmp_path, *body)[0][:2] == (["Phòng Kinh tế"], ["Công an xã", "trạm y tế xã"])


def test_line_that_names_items_by_number_speaks_of_them(tmp_path):
    tasks = _tasks(
        tmp_path,
        "II. NHIỆM VỤ",
        "1. Cây xanh",
        "1.1. Rà soát cây cũ hai bên đường.",
        "a) Chủ trì: Văn phòng; b) Thời gian: Tháng 5/2027",
        "1.2. Trồng 300 cây ven đường liên thôn.",
        "1.3. Chăm sóc cây sau khi trồng một năm.",
        "Các nhiệm vụ tại điểm 1.2 và 1.3 nêu trên: a) Chủ trì: Phòng Kinh tế; b) Thời gian: 2027",
    )
    assert [t[0] for t in tasks] == [["Văn phòng"], ["Phòng Kinh tế"], ["Phòng Kinh tế"]]


def test_items_after_the_lines_of_those_before_have_their_own(tmp_path):
    tasks = _tasks(
        tmp_path,
        "II. NHIỆM VỤ",
        "- Trồng 300 cây xanh ven đường.",
        "a) Chủ trì: Phòng Kinh tế; b) Phối hợp: Công an xã",
        "- Truyền thông về trồng cây trên loa xã.",
        "a) Đầu mối: Văn phòng; b) Tham gia: Đoàn Thanh niên xã",
    )
    assert [t[:2] for t in tasks] == [
        (["Phòng Kinh tế"], ["Công an xã"]),
        (["Văn phòng"], ["Đoàn Thanh niên xã"]),
    ]


# --- paragraphs that give bodies their work --------------------------------------------------


def test_sentences_of_a_paragraph_hand_out_work_in_a_section_of_work(tmp_path):
    tasks = _tasks(
        tmp_path,
        "II. NHIỆM VỤ TRỌNG TÂM",
        "1. Về cây xanh",
        "Xác định trồng cây là việc của mọi nhà. Phòng Kinh tế làm đầu mối, cùng với các chủ đầu "
        "tư rà soát từng tuyến, xong trước ngày 30/9/2027. Công an xã mở các đợt tuần tra "
        "bảo vệ cây ban đêm.",
        "Các thôn tăng cường chăm sóc. Đối với cây cổ thụ: giao Văn phòng (chủ trì), Công an xã "
        "(phối hợp) hoàn thành gắn biển, thời hạn 30/11/2027.",
        "Giao Phòng Văn hóa chủ trì (Công an xã, VNPT Mẫu phối hợp) đưa bản đồ cây vào sử dụng.",
    )
    assert tasks == [
        (["Phòng Kinh tế"], ["các chủ đầu tư"], "2027-09-30", None),
        (["Công an xã"], [], None, None),
        (["Văn phòng"], ["Công an xã"], "2027-11-30", None),
        (["Phòng Văn hóa"], ["Công an xã", "VNPT Mẫu"], None, None),
    ]


def test_paragraph_that_tells_hands_out_nothing(tmp_path):
    told = "Phòng Kinh tế đã trồng 300 cây. Công an xã mở 02 đợt tuần tra trong năm qua."
    assert _tasks(tmp_path, "I. TÓM TẮT TÌNH HÌNH", told, "II. NHIỆM VỤ", told) == []


# --- aims ------------------------------------------------------------------------------------


def _aims(tmp_path, *aims):
    body = [f"- {aim}" for aim in aims]
    plan = _read(tmp_path, "PHẦN B. MỤC TIÊU", *body)
    return [(v, t.deadline) for v, t in zip(values(plan.targets), plan.targets, strict=True)]


@pytest.mark.parametrize(
    ("aim", "read"),
    [
        ("Hộ nghèo giảm còn 24,1% (năm 2026: 25%).", [("= 24.1 %", "2027")]),
        ("Kim ngạch 1,35 tỷ USD (năm 2026 ước 1,18 tỷ USD).", [("= 1.35 tỷ USD", "2027")]),
        ("Giá trị thu được trên 01 ha đạt 58 triệu đồng.", [("= 58 triệu đồng", "2027")]),
        ("Trồng tối thiểu 260 cây, 45 mô hình.",
         [(">= 260 cây", "2027"), (">= 45 mô hình", "2027")]),
        ("Giải ngân phấn đấu 100%, thấp nhất cũng phải đạt 95%.",
         [("= 100 %", "2027"), (">= 95 %", "2027")]),
        ("Từ Quý II/2027, 100% hồ sơ được xử lý qua mạng.", [("= 100 %", "2027-06")]),
        ("Trên 90% trạm thực hiện được từ 80% danh mục kỹ thuật.", [("> 90 %", "2027")]),
        ("100% bệnh viện liên thông (chậm nhất 30/9/2027 đối với tuyến tỉnh).",
         [("= 100 %", "2027")]),
        ("Toàn xã có từ 38 hộ trở lên trồng cây.", [(">= 38 hộ", "2027")]),
        ("Mỗi thôn có 01 nhóm (từ 5 hộ trở lên) chăm sóc cây.", [("= 1 nhóm", "2027")]),
        ("Trồng 300 cây; đưa vườn ươm vào vận hành trong quý IV.",
         [("= 300 cây", "2027"), ("milestone", "2027-12")]),
    ],
)  # fmt: skip
def test_aims_told_beside_the_past_conditions_and_parts(tmp_path, aim, read):
    assert _aims(tmp_path, aim) == read


def test_results_told_before_the_aims_are_none(tmp_path):
    told = "Năm 2026, GRDP tăng 8,12% (kế hoạch 8,5%); giải ngân đạt 61,3% kế hoạch."
    assert _read(tmp_path, "PHẦN A. TÓM TẮT TÌNH HÌNH THỰC HIỆN NĂM 2026", told).targets == ()


def test_table_of_indicators_on_a_road_gives_a_target_a_year(tmp_path):
    rows = [
        ["TT", "Tên chỉ tiêu", "Năm gốc 2026", "ĐVT", "Lộ trình thực hiện", "", "", "Theo dõi"],
        ["", "", "", "", "2027", "2028", "2029", ""],
        ["1", "Tỷ lệ đường có cây xanh", "40", "%", "45", "50", "từ 60 trở lên", "Văn phòng"],
    ]
    tall = [((0, c), (1, c)) for c in (0, 1, 2, 3, 7)]
    plan = _table(tmp_path, rows, merged=[*tall, ((0, 4), (0, 6))])
    assert [(v, t.deadline) for v, t in zip(values(plan.targets), plan.targets, strict=True)] == [
        ("= 45 %", "2027"), ("= 50 %", "2028"), (">= 60 %", "2029"),
    ]  # fmt: skip
    assert plan.tasks == ()


def test_year_before_the_one_given_is_where_it_starts(tmp_path):
    rows = [
        ["STT", "Chỉ số", "Đơn vị tính", "Năm 2026", "Mức giao năm 2027"],
        ["1", "Tỷ lệ đường có cây xanh", "%", "40", "≥ 60"],
    ]
    plan = _table(tmp_path, rows)
    assert [(v, t.deadline) for v, t in zip(values(plan.targets), plan.targets, strict=True)] == [
        (">= 60 %", "2027")
    ]


def test_table_after_the_signature_is_read(tmp_path):
    plan = _read(
        tmp_path,
        "II. NHIỆM VỤ",
        "Nơi nhận:",
        "- Lưu: VT.",
        "BIỂU GIAO MỘT SỐ CHỈ TIÊU NĂM 2027",
        "| TT | Tên chỉ tiêu | ĐVT | Ước TH 2026 | KH 2027 |\n|---|---|---|---|---|\n"
        "| 1 | Tỷ lệ đường có cây xanh | % | 40 | 60,5 trở lên |",
    )
    assert values(plan.targets) == [">= 60.5 %"]


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "due"),
    [
        ("tổ chức khám ít nhất 01 lần/năm cho mọi người, hoàn thành trong quý III/2027", "2027-09"),
        ("công bố giá cây giống sát giá thị trường, thực hiện hằng tháng", "ongoing"),
        ("tổ chức lễ hội cây vào tuần đầu tháng 10/2027", "2027-10"),
        ("cử người phụ trách; hằng tháng (trước ngày 25) cập nhật số liệu cây", "ongoing"),
        ("làm sạch dữ liệu cây của các thôn, thời hạn 30/11/2027", "2027-11-30"),
    ],
)
def test_deadlines_in_other_words(tmp_path, work, due):
    tasks = _tasks(tmp_path, "III. TỔ CHỨC THỰC HIỆN", f"1. Phòng Kinh tế chủ trì {work}.")
    assert [t[2] for t in tasks] == [due]


# --- what looks alike and is none ------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Văn phòng HĐND - UBND xã", "Chi cục Kiểm lâm - Sở Nông nghiệp và Môi trường",
     "Phòng Cảnh sát giao thông - Công an tỉnh"],
)  # fmt: skip
def test_dash_within_a_name_parts_nothing(tmp_path, name):
    body = ("II. NHIỆM VỤ", "1. Trồng 300 cây xanh ven đường liên thôn", f"- Chủ trì: {name}.")
    assert _tasks(tmp_path, *body)[0][0] == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "Chính phủ ban hành Nghị quyết số 57-NQ/TW về phát triển cây xanh đô thị.",
        "Ban Thường vụ Tỉnh ủy xác định đây là nhiệm vụ trọng tâm của cả nhiệm kỳ.",
        "Bộ Y tế hướng dẫn quy trình khám tại Thông tư số 34/2018/TT-BYT cho các trạm.",
        "Trạm Y tế xã có nhiệm vụ khám chữa bệnh ban đầu cho người dân trong xã.",
        "Sở Công Thương quản lý 05 chợ trên địa bàn các xã, phường của tỉnh.",
    ],
)
def test_sentence_that_tells_what_a_body_does_is_no_task(tmp_path, sentence):
    assert _tasks(tmp_path, "II. NHIỆM VỤ, GIẢI PHÁP", sentence) == []


@pytest.mark.parametrize("line", ["Hỗ trợ: 500 triệu đồng cho các hộ.", "Tham gia: 50 đại biểu."])
def test_label_without_a_unit_names_no_partner(tmp_path, line):
    tasks = _tasks(tmp_path, "II. NHIỆM VỤ", "1. Trồng 300 cây xanh ven đường", f"- {line}")
    assert not any(helps for _, helps, _, _ in tasks)


def test_line_that_names_some_items_leaves_the_others_theirs(tmp_path):
    tasks = _tasks(
        tmp_path,
        "III. TỔ CHỨC THỰC HIỆN",
        "2.1. Trồng cây ven đường liên thôn.",
        "2.2. Phòng Nội vụ rà soát danh sách hộ nghèo trước ngày 30/6/2027.",
        "2.3. Các nhiệm vụ tại điểm 2.1 nêu trên: Đơn vị chủ trì: Phòng Kinh tế",
    )
    assert (["Phòng Nội vụ"], [], "2027-06-30", None) in tasks
    assert ["Phòng Kinh tế"] in [lead for lead, *_ in tasks]


@pytest.mark.parametrize(
    ("aim", "read"),
    [
        ("Xây dựng trường đạt chuẩn quốc gia (ít nhất 05 trường).", [">= 5 trường"]),
        ("Ít nhất 70% hộ dân tham gia bảo hiểm, 100% cơ sở kê khai điện tử.",
         [">= 70 %", "= 100 %"]),
        ("Tối thiểu 20 doanh nghiệp tham gia hội chợ, 02 hợp tác xã.",
         [">= 20 doanh nghiệp", "= 2 hợp tác xã"]),
    ],
)  # fmt: skip
def test_bounds_speak_of_their_own_numbers(tmp_path, aim, read):
    assert [value for value, _ in _aims(tmp_path, aim)] == read
