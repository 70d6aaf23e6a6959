"""Duties in running text: who is in charge, and what hands out nothing."""

from __future__ import annotations

import pytest

from namro.reading import read_plan
from namro.reading.pieces import short_title

_HEAD = (
    "ỦY BAN NHÂN DÂN\nTỈNH MẪU\n\nSố: {number}\n\nMẫu, ngày 10 tháng 3 năm 2026\n\n{kind}\n\n"
    "Về giữ gìn vệ sinh chợ\n\n"
)


def _read(tmp_path, body, kind="KẾ HOẠCH", number="9/KH-UBND"):
    path = tmp_path / "plan.md"
    text = _HEAD.format(kind=kind, number=number) + "\n\n".join(body) + "\n"
    path.write_text(text, encoding="utf-8")
    return [
        (t.quote, [m.text for m in t.lead], [m.text for m in t.cooperate], t.deadline_iso)
        for t in read_plan(path).tasks
    ]


def _who(tasks):
    return [(lead, cooperate) for _, lead, cooperate, _ in tasks]


_SECTION = "IV. TỔ CHỨC THỰC HIỆN"


@pytest.mark.parametrize(
    ("opening", "lead", "cooperate"),
    [
        ("**1. Sở Công Thương**", ["Sở Công Thương"], []),
        ("1. Sở Công Thương:", ["Sở Công Thương"], []),
        (
            "1. Giao Sở Công Thương là cơ quan đầu mối, thực hiện các việc sau:",
            ["Sở Công Thương"],
            [],
        ),
        ("1. Sở Công Thương có trách nhiệm:", ["Sở Công Thương"], []),
        ("1. Sở Công Thương chủ trì, phối hợp với Sở Y tế:", ["Sở Công Thương"], ["Sở Y tế"]),
        (
            "**1. Các sở, ngành chủ trì các dự án thành phần thuộc Chương trình**",
            ["Các sở, ngành chủ trì các dự án thành phần thuộc Chương trình"],
            [],
        ),
        ("**1. Trách nhiệm của UBND các xã, phường**", ["UBND các xã, phường"], []),
    ],
)
def test_items_below_a_unit_are_its_duties(tmp_path, opening, lead, cooperate):
    tasks = _read(
        tmp_path, [_SECTION, opening, "- Rà soát các điểm bán hàng tự phát.", "- Lập sổ theo dõi."]
    )

    assert _who(tasks) == [(lead, cooperate)] * 2


def test_paragraph_before_a_list_hands_its_unit_to_the_list(tmp_path):
    body = [
        "II. NHIỆM VỤ",
        "Ủy ban nhân dân tỉnh giao Sở Công Thương chủ trì, phối hợp với Sở Y tế:",
        "(1) Rà soát các điểm bán hàng tự phát trên địa bàn.",
        "(2) Lập phương án sắp xếp các hộ kinh doanh.",
        "(3) Trình phê duyệt phương án trước ngày 30/6/2026.",
    ]

    tasks = _read(tmp_path, body)

    assert _who(tasks) == [(["Sở Công Thương"], ["Sở Y tế"])] * 3
    assert [t[3] for t in tasks] == [None, None, "2026-06-30"]


def test_directive_turns_to_all_in_its_opening(tmp_path):
    body = [
        "Thời gian qua, vệ sinh chợ còn nhiều hạn chế. Để khắc phục, Chủ tịch Ủy ban nhân dân tỉnh "
        "yêu cầu Giám đốc các sở, Thủ trưởng các ban, ngành, Chủ tịch UBND các xã, phường "
        "tập trung thực hiện các nhiệm vụ sau:",
        "1. Tuyên truyền, vận động người dân giữ vệ sinh nơi mua bán.",
        "2. Kiểm tra, xử lý nghiêm các vi phạm.",
        "3. Sở Y tế hướng dẫn việc kiểm nghiệm thực phẩm.",
    ]

    leads = [lead for _, lead, _, _ in _read(tmp_path, body, "CHỈ THỊ", "3/CT-UBND")]

    everyone = ["Giám đốc các sở", "Thủ trưởng các ban, ngành", "Chủ tịch UBND các xã, phường"]
    assert leads == [everyone, everyone, ["Sở Y tế"]]


def test_pieces_counted_in_a_paragraph_are_tasks_of_their_own(tmp_path):
    item = (
        "a) Sở Y tế: (1) xây dựng quy trình kiểm tra, hoàn thành trong tháng 5 năm 2026; (2) "
        "chủ trì, phối hợp với Công an tỉnh kiểm tra các chợ đầu mối; (3) tổng hợp kết quả."
    )

    tasks = _read(tmp_path, [_SECTION, item])

    assert _who(tasks) == [(["Sở Y tế"], []), (["Sở Y tế"], ["Công an tỉnh"]), (["Sở Y tế"], [])]
    assert [t[3] for t in tasks] == ["2026-05", None, None]


@pytest.mark.parametrize(
    "item",
    [
        "- Xây dựng đề án chợ an toàn, giao Sở Công Thương chủ trì, phối hợp với Sở Y tế.",
        "- Xây dựng đề án chợ an toàn (chủ trì: Sở Công Thương; phối hợp: Sở Y tế).",
        "- Xây dựng đề án chợ an toàn, do Sở Công Thương chủ trì, phối hợp với Sở Y tế.",
    ],
)
def test_lead_said_at_the_end_of_an_item(tmp_path, item):
    tasks = _read(tmp_path, ["II. NỘI DUNG", item])

    assert _who(tasks) == [(["Sở Công Thương"], ["Sở Y tế"])]


def test_units_as_headings_below_tasks_hand_out_their_items(tmp_path):
    body = [
        "II. NHIỆM VỤ",
        "**1. Sở Y tế**",
        "- Lấy mẫu kiểm nghiệm.",
        "**2. Công an tỉnh**",
        "- Tuần tra ban đêm.",
    ]

    assert _who(_read(tmp_path, body)) == [(["Sở Y tế"], []), (["Công an tỉnh"], [])]


def test_units_as_bullets_among_tasks_hand_out_what_hangs_on_them(tmp_path):
    body = [
        "II. NHIỆM VỤ, GIẢI PHÁP",
        "**1. Quản lý chợ**",
        "- Sở Công Thương",
        "+ Ban hành quy định về an toàn chợ.",
        "- Sở Y tế hướng dẫn kiểm nghiệm thực phẩm.",
        "- UBND các xã, phường",
        "+ Bố trí điểm thu gom rác.",
    ]

    assert [t[1] for t in _read(tmp_path, body)] == [
        ["Sở Công Thương"],
        ["Sở Y tế"],
        ["UBND các xã, phường"],
    ]


def test_time_beside_the_work_holds_for_its_items(tmp_path):
    body = [
        "II. NỘI DUNG",
        "**1. Tháng cao điểm**",
        "a) Thời gian: Từ ngày 15/4/2026 đến ngày 15/5/2026.",
        "b) Các hoạt động",
        "Các cơ quan, đơn vị thực hiện các hoạt động sau:",
        "- Tổng vệ sinh các chợ.",
    ]

    assert [(t[1], t[3]) for t in _read(tmp_path, body)] == [
        (["Các cơ quan, đơn vị"], "2026-05-15")
    ]


def test_sentence_with_its_own_date_is_a_task_of_its_own(tmp_path):
    item = (
        "- Triển khai kế hoạch tại địa phương. Báo cáo kết quả thực hiện về Sở Công Thương "
        "trước ngày 20/11/2026 để tổng hợp."
    )

    tasks = _read(tmp_path, [_SECTION, "**1. UBND các xã, phường**", item])

    assert [t[3] for t in tasks] == [None, "2026-11-20"]
    assert _who(tasks) == [(["UBND các xã, phường"], [])] * 2


@pytest.mark.parametrize(
    "body",
    [
        ["II. GIẢI PHÁP", "- Tăng cường kiểm tra các chợ đầu mối."],
        ["II. ĐÁNH GIÁ TÌNH HÌNH", "- Sở Y tế chủ trì kiểm tra 12 chợ trong năm qua."],
        ["III. TIÊU CHÍ THI ĐUA", "**1. Đối với UBND các xã, phường**", "- Thu vượt kế hoạch."],
        [_SECTION, "Trên đây là Kế hoạch. Trong quá trình thực hiện, nếu có khó khăn, vướng "
         "mắc, các cơ quan, đơn vị phản ánh về Sở Công Thương để tổng hợp./."],
        ["Điều 3. Giám đốc các sở chịu trách nhiệm thi hành Quyết định này."],
        ["IV. KINH PHÍ", "- Nguồn kinh phí từ ngân sách địa phương và xã hội hóa."],
        ["II. QUY CHẾ", "- Đối với các xã: Nếu có từ hai chợ trở lên thì lấy chợ lớn nhất."],
    ],
)  # fmt: skip
def test_what_hands_out_nothing(tmp_path, body):
    assert _read(tmp_path, body) == []


@pytest.mark.parametrize(
    ("item", "lead"),
    [
        ("- UBND cấp xã chú trọng công bố giá cả.", "UBND cấp xã"),
        ("- Hội đồng phối hợp phổ biến pháp luật họp mỗi quý.", None),
        ("- Công an tỉnh: Tăng cường tuần tra các chợ.", "Công an tỉnh"),
        ("- Ban Quản lý dự án đầu tư xây dựng tỉnh thi công chợ mới; lập hồ sơ.", None),
        ("- Các cơ sở đào tạo tổ chức lớp học cho tiểu thương.", "Các cơ sở đào tạo"),
        ("- Sở Giáo dục và Đào tạo tạo điều kiện cho học sinh tham gia.", "Sở Giáo dục và Đào tạo"),
        ("- Trung tâm Kiểm soát bệnh tật tỉnh lấy mẫu nước; phân tích.", None),
    ],
)
def test_name_ends_before_the_verb(tmp_path, item, lead):
    leads = [t[1] for t in _read(tmp_path, [_SECTION, item])]

    assert lead is None or leads == [[lead]]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "1. Xây dựng kho sách chung.",
            "- Cơ quan chủ trì: Sở Nội vụ; cơ quan phối hợp: Sở Y tế; thời gian: Quý II/2026.",
        ],
        [
            "1. Xây dựng kho sách chung.",
            "- Đơn vị chủ trì: Sở Nội vụ.",
            "- Đơn vị phối hợp: Sở Y tế.",
            "- Thời gian hoàn thành: Tháng 6/2026.",
        ],
        [
            "1. Xây dựng kho sách chung. Chủ trì: Sở Nội vụ. Phối hợp: Sở Y tế. "
            "Thời gian: Tháng 6 năm 2026.",
        ],
        [
            "1. Xây dựng kho sách chung (Sở Nội vụ chủ trì, phối hợp với Sở Y tế; hoàn thành trong "
            "tháng 6 năm 2026).",
        ],
    ],
)
def test_roles_and_time_said_in_lines_or_in_one(tmp_path, lines):
    tasks = _read(tmp_path, ["II. NHIỆM VỤ", *lines])

    assert [t[1:] for t in tasks] == [(["Sở Nội vụ"], ["Sở Y tế"], "2026-06")]


def test_title_of_a_long_duty_ends_with_a_clause():
    clause = (
        "Rà soát, lập danh mục các công trình cấp nước tập trung đã hư hỏng cần sửa chữa "
        "trên địa bàn từng xã"
    )
    assert short_title(f"{clause}. Câu sau.") == clause
    assert (
        short_title(f"{clause}, " + "rồi báo cáo kết quả về cơ quan thường trực " * 5)
        == clause + "…"
    )
    assert len(short_title("chữ " * 100)) <= 250  # no comma: between two words


@pytest.mark.parametrize(
    ("item", "lead", "cooperate"),
    [
        (
            "1. Vớt bèo trên kênh chính (Đ/c Phạm Văn Mẫu - Phó Chủ tịch UBND xã phụ trách; xong "
            "trong tháng 4/2026).",
            ["Đ/c Phạm Văn Mẫu - Phó Chủ tịch UBND xã"],
            [],
        ),
        (
            "1. Dạy cách ủ phân cho trưởng thôn, người phụ trách: bà Lê Thị Mẫu; phối hợp: Trạm Y "
            "tế xã.",
            ["bà Lê Thị Mẫu"],
            ["Trạm Y tế xã"],
        ),
        ("1. Sửa cống đầu chợ (phụ trách: Phòng Kinh tế).", ["Phòng Kinh tế"], []),
    ],
)
def test_who_is_in_charge_is_said_in_the_item_itself(tmp_path, item, lead, cooperate):
    found = _read(tmp_path, ["II. NỘI DUNG CÔNG VIỆC", item])

    assert _who(found) == [(lead, cooperate)]


def test_a_paragraph_that_gives_work_to_units_is_a_task_among_solutions(tmp_path):
    body = [
        "II. NHIỆM VỤ, GIẢI PHÁP",
        "1. Nước sạch",
        "Giao Sở Xây dựng, Sở Y tế theo chức năng, nhiệm vụ quy định cách lấy mẫu nước.",
        "Nước sạch là nhu cầu của mọi người dân.",
    ]

    assert _who(_read(tmp_path, body)) == [(["Sở Xây dựng", "Sở Y tế"], [])]
