"""Work that a unit has without the words "chủ trì", and names that end before verbs of any sort."""

from __future__ import annotations

import pytest

from namro.reading import read_plan

_HEAD = (
    "ỦY BAN NHÂN DÂN\nTỈNH MẪU\n\nSố: 9/KH-UBND\n\nMẫu, ngày 10 tháng 3 năm 2027\n\nKẾ HOẠCH\n\n"
    "Về trồng cây ven đường\n\n"
)


def _read(tmp_path, *body):
    path = tmp_path / "plan.md"
    path.write_text(_HEAD + "\n\n".join(body) + "\n", encoding="utf-8")
    return read_plan(path)


def _tasks(tmp_path, *body):
    return [
        (t.quote, [m.text for m in t.lead], t.deadline_iso) for t in _read(tmp_path, *body).tasks
    ]


def _leads(tmp_path, *body):
    return [lead for _, lead, _ in _tasks(tmp_path, *body)]


_WORK = "II. NHIỆM VỤ, GIẢI PHÁP"
_DUTIES = "III. TỔ CHỨC THỰC HIỆN"


def test_item_that_opens_with_a_unit_is_its_work_under_solutions(tmp_path):
    tasks = _tasks(
        tmp_path,
        _WORK,
        "1. Đẩy mạnh tuyên truyền về cây xanh.",
        "2. Sở Xây dựng tổ chức đánh số từng cây trên các quốc lộ trước ngày 30/6/2027.",
        "3. Huy động nguồn lực xã hội hóa.",
    )

    assert tasks == [
        (
            "tổ chức đánh số từng cây trên các quốc lộ trước ngày 30/6/2027.",
            ["Sở Xây dựng"],
            "2027-06-30",
        )
    ]


@pytest.mark.parametrize(
    "item",
    [
        "1. Các cấp ủy, chính quyền nâng cao nhận thức về cây xanh.",
        "1. Đối với các xã có đường mới: ưu tiên cây bản địa.",
    ],
)
def test_collective_in_passing_under_solutions_has_no_work(tmp_path, item):
    assert _tasks(tmp_path, _WORK, item, "2. Huy động nguồn lực.", "3. Ươm cây giống.") == []


def test_demand_on_units_among_the_requirements_is_no_work(tmp_path):
    body = ("I. MỤC ĐÍCH, YÊU CẦU", "1. Sở Xây dựng tổ chức thực hiện nghiêm túc, tiết kiệm.")

    assert _tasks(tmp_path, *body) == []


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("1. Đoàn Thanh niên đảm đương công trình vườn ươm.", "Đoàn Thanh niên"),
        ("1. Hội Nông dân xã ươm thử ba giống cây.", "Hội Nông dân xã"),
        ("1. Thanh tra tỉnh bất ngờ đi các tuyến đường.", "Thanh tra tỉnh"),
        ("1. Phòng Kinh tế chấm từng hố trồng.", "Phòng Kinh tế"),
        ("1. Công an xã gác tại các ngã ba.", "Công an xã"),
        ("1. Trạm Y tế xã trực tại điểm trồng cây.", "Trạm Y tế xã"),
        ("1. Tiểu ban Hậu cần: mượn đủ xẻng, cuốc.", "Tiểu ban Hậu cần"),
        ("1. Các thôn: mỗi thôn cử năm người.", "Các thôn"),
    ],
)
def test_name_of_one_body_ends_before_a_verb_no_list_has(tmp_path, sentence, lead):
    assert _leads(tmp_path, _DUTIES, sentence) == [[lead]]


@pytest.mark.parametrize(
    "name",
    [
        "Bảo hiểm xã hội tỉnh",
        "Hội Liên hiệp Phụ nữ xã",
        "Ủy ban Mặt trận Tổ quốc Việt Nam phường",
        "Ban Quản lý dự án đầu tư xây dựng tỉnh",
        "Phòng Xây dựng nếp sống văn minh",
        "Vụ Vật liệu xây dựng",
        "Liên minh Hợp tác xã tỉnh",
        "Trung tâm Y tế khu vực Suối Cạn",
    ],
)
def test_name_with_an_area_or_a_verb_inside_stays_whole(tmp_path, name):
    sentence = f"1. {name} chủ trì, phối hợp với Sở Xây dựng tổ chức trồng cây."

    assert _leads(tmp_path, _DUTIES, sentence) == [[name]]


def test_list_of_units_in_bold_leads_together(tmp_path):
    item = "**1. Ủy ban nhân dân xã; Ban Xây dựng Đảng; Công an xã:** lập tổ trồng cây, chăm sóc."

    assert _leads(tmp_path, _DUTIES, item) == [
        ["Ủy ban nhân dân xã", "Ban Xây dựng Đảng", "Công an xã"]
    ]


def test_headings_of_units_in_capitals_below_a_roman_one_lead_their_items(tmp_path):
    leads = _leads(
        tmp_path,
        "III. PHÂN CÔNG TRÁCH NHIỆM",
        "A. CÔNG AN TỈNH",
        "1. Phân luồng giao thông trong ngày ra quân.",
        "B. SỞ XÂY DỰNG",
        "1. Cấp đủ cây giống cho các xã.",
    )

    assert leads == [["CÔNG AN TỈNH"], ["SỞ XÂY DỰNG"]]


def test_pointing_to_the_appendix_is_no_task(tmp_path):
    body = (
        _DUTIES,
        "1. Sở Xây dựng",
        "- Các nhiệm vụ cụ thể tại Phụ lục kèm theo.",
        "- Nội dung chi tiết theo Phụ lục II đính kèm Kế hoạch này.",
        "- Cấp cây giống.",
        "2. Sở Y tế: Nhiệm vụ cụ thể được giao tại Phụ lục kèm theo.",
    )

    assert [quote for quote, _, _ in _tasks(tmp_path, *body)] == ["Cấp cây giống."]


def test_partner_after_leading_together_with_is_a_partner(tmp_path):
    plan = _read(
        tmp_path, _DUTIES, "1. Sở Xây dựng chủ trì, cùng Sở Tài chính lập dự toán trồng cây."
    )

    assert [m.text for m in plan.tasks[0].cooperate] == ["Sở Tài chính"]


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("báo cáo kết quả trước ngày 15/12 hằng năm.", "trước ngày 15/12 hằng năm"),
        ("hằng quý, trước ngày 20 của tháng cuối quý gửi báo cáo.", None),
        ("công bố số cây sống vào ngày 25 hằng tháng.", "vào ngày 25 hằng tháng"),
        (
            "tổng hợp, báo cáo trước ngày 10/6 và trước ngày 10/12 hằng năm.",
            "trước ngày 10/6 và trước ngày 10/12 hằng năm",
        ),
    ],
)
def test_cadence_is_said_with_its_day(tmp_path, sentence, written):
    task = _read(
        tmp_path, _DUTIES, "1. Sở Xây dựng", f"- {sentence[0].upper()}{sentence[1:]}"
    ).tasks[0]

    assert task.deadline_iso == "ongoing"
    assert task.deadline == (written or "Hằng quý, trước ngày 20 của tháng cuối quý")


def test_two_who_sign_are_both_named(tmp_path):
    plan = _read(
        tmp_path,
        _DUTIES,
        "1. Sở Y tế tổ chức khám.",
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH\n\nKT. CHỦ TỊCH\n\nPHÓ CHỦ TỊCH",
        "SỞ Y TẾ\n\nGIÁM ĐỐC",
    )

    assert plan.document.signer_role == (
        "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH (Liên đoàn Lao động tỉnh); GIÁM ĐỐC (Sở Y tế)"
    )


def test_unit_said_after_the_sentence_has_it(tmp_path):
    plan = _read(
        tmp_path,
        _WORK,
        "1. Chọn giống",
        "Lập vườn giống gốc tại ba vùng. Đơn vị thực hiện: Sở Nông nghiệp và Môi trường phối hợp "
        "Viện Cây rừng; thời gian: 2027 - 2028.",
    )

    (task,) = plan.tasks
    assert [m.text for m in task.lead] == ["Sở Nông nghiệp và Môi trường"]
    assert [m.text for m in task.cooperate] == ["Viện Cây rừng"]
    assert task.deadline_iso == "2028"


def test_one_block_of_lines_below_the_last_item_holds_for_its_list(tmp_path):
    tasks = _tasks(
        tmp_path,
        _WORK,
        "1. Tuyên truyền",
        "a) Phát 900 tờ gấp đến các hộ ven đường.",
        "b) Tổ chức 12 buổi nói chuyện tại các thôn.",
        "- Chủ trì: Hội Nông dân xã",
        "- Thời gian: Quý IV/2027",
    )

    assert [(lead, due) for _, lead, due in tasks] == [(["Hội Nông dân xã"], "2027-12")] * 2


@pytest.mark.parametrize(
    "item",
    [
        "- Trưởng Ban Chỉ đạo là Chủ tịch Ủy ban nhân dân tỉnh, chỉ đạo chung;",
        "- Thống kê số cây chết, tổ chức trồng dặm;",
        "- Phòng cháy ở vườn ươm, tổ chức trực đêm;",
    ],
)
def test_who_somebody_is_and_verbs_like_names_are_no_work_of_units(tmp_path, item):
    assert _tasks(tmp_path, _WORK, "1. Chăm sóc", item) == []


@pytest.mark.parametrize(
    ("names", "partners"),
    [
        (
            "Doanh nghiệp, Sở, ban, ngành có liên quan",
            ["Doanh nghiệp", "Sở, ban, ngành có liên quan"],
        ),
        ("Các Vụ, Cục", ["Các Vụ, Cục"]),
        ("Phòng Kinh tế (cơ quan thường trực)", ["Phòng Kinh tế"]),
    ],
)
def test_sorts_of_units_stay_together(tmp_path, names, partners):
    plan = _read(
        tmp_path,
        "PHỤ LỤC",
        "| STT | Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn |\n| --- | --- | --- | --- | --- |\n"
        f"| 1 | Lập hồ sơ cây di sản | Sở Xây dựng | {names} | Quý II/2027 |",
    )

    assert [m.text for m in plan.tasks[0].cooperate] == partners


def test_further_work_sunk_to_the_left_of_a_flattened_table_is_the_same_units(tmp_path):
    cells = (
        "STT", "Cơ quan chủ trì", "Nội dung nhiệm vụ", "Sản phẩm", "Thời hạn hoàn thành", None,
        "1", "Sở Xây dựng", "Đếm cây trên các tuyến đường", "Sổ cây", "Quý II/2027", None,
        "Đánh số cây trên các tuyến đường", "Biển số", "Quý III/2027", None,
        "2", "Sở Tài chính", "Lập dự toán chăm sóc cây", "Dự toán", "Quý IV/2027", None,
    )  # fmt: skip
    rows = "<tr>" + "".join("</tr><tr>" if c is None else f"<td>{c}</td>" for c in cells) + "</tr>"

    tasks = _tasks(tmp_path, "PHỤ LỤC", f"<table>{rows}</table>".replace("<tr></tr>", ""))

    assert [(quote, lead, due) for quote, lead, due in tasks] == [
        ("Đếm cây trên các tuyến đường", ["Sở Xây dựng"], "2027-06"),
        ("Đánh số cây trên các tuyến đường", ["Sở Xây dựng"], "2027-09"),
        ("Lập dự toán chăm sóc cây", ["Sở Tài chính"], "2027-12"),
    ]


def test_items_counted_with_a_dash_are_items(tmp_path):
    plan = _read(
        tmp_path,
        "I- CHỈ TIÊU",
        "1- 100% thôn có vườn ươm.",
        "2- Trồng 3 - 5 tuyến đường hoa.",
        "II- TỔ CHỨC THỰC HIỆN",
        "1- Đảng ủy xã lãnh đạo việc trồng cây, báo cáo trước ngày 31 tháng 01 của năm sau.",
        "2- Chi ủy, chi bộ trực thuộc bàn việc trồng cây trong tháng 5/2027.",
    )

    assert [(t.value, t.value_high) for t in plan.targets] == [(100, None), (3, 5)]
    assert [([m.text for m in t.lead], t.deadline_iso) for t in plan.tasks] == [
        (["Đảng ủy xã"], "ongoing"),
        (["Chi ủy, chi bộ trực thuộc"], "2027-05"),
    ]


def test_time_counted_as_an_item_of_its_own_takes_no_item_before_it(tmp_path):
    tasks = _tasks(
        tmp_path,
        _DUTIES,
        "1. Sở Y tế trực cấp cứu tại các điểm trồng cây.",
        "2. Thời gian báo cáo: trước ngày 20/4/2027.",
    )

    assert tasks[0][1:] == (["Sở Y tế"], None)


def test_span_of_months_ends_with_the_second(tmp_path):
    plan = _read(
        tmp_path,
        "PHỤ LỤC",
        "| STT | Nhiệm vụ | Chủ trì | Tiến độ |\n| --- | --- | --- | --- |\n"
        "| 1 | Trồng cây bóng mát | Sở Xây dựng | Tháng 3 - 10 |",
    )

    assert plan.tasks[0].deadline_iso == "2027-10"


@pytest.mark.parametrize(
    ("item", "at_most"),
    [
        ("1. Sở Xây dựng đánh số từng cây trên các quốc lộ trước ngày 30/6/2027.", 0.85),
        ("1. Sở Xây dựng chủ trì đánh số từng cây trên các quốc lộ trước ngày 30/6/2027.", 0.95),
        ("1. Sở Xây dựng Chủ trì đánh số từng cây trên các quốc lộ trước ngày 30/6/2027.", 0.95),
    ],
)
def test_a_unit_that_is_not_said_to_lead_is_less_sure_to(tmp_path, item, at_most):
    task = _read(tmp_path, _WORK, item).tasks[0]
    assert at_most - 0.1 < task.confidence["lead"] <= at_most
