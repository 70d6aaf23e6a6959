"""Who, with whom, by when, in words that other offices use for the same things."""

from __future__ import annotations

import pytest

from namro.reading import read_plan

_HEAD = (
    "ỦY BAN NHÂN DÂN\nXÃ MẪU\n\nSố: 9/KH-UBND\n\nMẫu, ngày 10 tháng 3 năm 2027\n\nKẾ HOẠCH\n\n"
    "Về trồng cây ven đường năm 2027\n\n"
)


def _read(tmp_path, *body):
    path = tmp_path / "plan.md"
    path.write_text(_HEAD + "\n\n".join(body) + "\n", encoding="utf-8")
    return read_plan(path)


def _tasks(tmp_path, *body):
    return [
        ([m.text for m in t.lead], [m.text for m in t.cooperate], t.deadline_iso, t.product)
        for t in _read(tmp_path, *body).tasks
    ]


@pytest.mark.parametrize(
    ("leads", "helps", "due", "gives"),
    [
        ("Đơn vị đầu mối", "Đơn vị tham gia", "Lộ trình", "Kết quả cần đạt"),
        ("Cơ quan/đơn vị chủ trì", "Cơ quan/đơn vị phối hợp", "Hạn hoàn thành", "Đầu ra"),
        ("Phòng chủ trì", "Đơn vị hỗ trợ", "Hạn chót", "Sản phẩm/Kết quả"),
        ("Bộ phận chủ trì", "Cơ quan cùng thực hiện", "Mốc hoàn thành", "Kết quả, sản phẩm"),
        ("Đơn vị chịu trách nhiệm chính", "Phối hợp", "Thời hạn", "Yêu cầu sản phẩm"),
    ],
)
def test_block_under_an_item_is_read_whatever_its_labels(tmp_path, leads, helps, due, gives):
    tasks = _tasks(
        tmp_path,
        "II. NHIỆM VỤ",
        "1. Trồng 300 cây xanh ven đường liên thôn",
        f"- {leads}: Phòng Kinh tế.",
        f"- {helps}: Trung tâm Dịch vụ tổng hợp; Hội Nông dân xã.",
        f"- {due}: trước ngày 30/9/2027.",
        f"- {gives}: danh sách cây đã trồng.",
    )

    assert tasks == [
        (
            ["Phòng Kinh tế"],
            ["Trung tâm Dịch vụ tổng hợp", "Hội Nông dân xã"],
            "2027-09-30",
            "danh sách cây đã trồng",
        )
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Giao Phòng Kinh tế chủ trì, phối hợp với Hội Nông dân xã thực hiện xong trước 30/6/2027.",
        "Giao Phòng Kinh tế làm đầu mối, phối hợp với Hội Nông dân xã hoàn thành trước 30/6/2027.",
    ],
)
def test_sentence_that_only_hands_over_is_no_work_of_its_own(tmp_path, sentence):
    tasks = _tasks(tmp_path, "II. NHIỆM VỤ", f"1. Rà soát các tuyến đường thiếu cây. {sentence}")

    assert tasks == [(["Phòng Kinh tế"], ["Hội Nông dân xã"], "2027-06-30", None)]


def test_sentence_that_hands_out_more_is_work_of_its_own(tmp_path):
    tasks = _tasks(
        tmp_path,
        "II. NHIỆM VỤ",
        "1. Rà soát các tuyến đường thiếu cây. Giao Phòng Kinh tế chủ trì, phối hợp với Hội Nông "
        "dân xã lập danh mục cây bản địa, trình Chủ tịch UBND xã trước 30/6/2027.",
    )

    assert len(tasks) == 2


def test_what_a_unit_is_besides_is_no_part_of_its_name(tmp_path):
    tasks = _tasks(
        tmp_path,
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Phòng Kinh tế là cơ quan thường trực, có nhiệm vụ:",
        "a) Kiểm tra, đôn đốc việc trồng cây;",
        "b) Tổng hợp báo cáo UBND xã trước ngày 25 tháng cuối quý.",
    )

    assert [(lead, due) for lead, _, due, _ in tasks] == [
        (["Phòng Kinh tế"], None),
        (["Phòng Kinh tế"], "ongoing"),
    ]


def test_day_in_brackets_stays_apart_from_the_cadence_behind_it(tmp_path):
    [task] = _read(
        tmp_path,
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Phòng Kinh tế: Tổng hợp, báo cáo UBND xã 6 tháng (trước ngày 20/6) và hằng năm.",
    ).tasks

    assert (task.deadline, task.deadline_iso) == ("hằng năm", "ongoing")


@pytest.mark.parametrize(
    "aim",
    [
        "Đến hết năm 2027, không còn tuyến đường nào thiếu cây.",
        "Không còn điểm tập kết rác ven đường.",
    ],
)
def test_that_none_is_left_is_an_aim_met_or_not(tmp_path, aim):
    [target] = _read(tmp_path, "I. MỤC TIÊU CỤ THỂ", f"- {aim}").targets

    assert (target.comparator, target.value, target.deadline) == ("milestone", None, "2027")
