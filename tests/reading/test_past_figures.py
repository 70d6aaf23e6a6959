"""Figures that only tell how things are or whom is meant, beside those that are aimed at."""

from __future__ import annotations

import pytest

from namro.reading import read_plan

_PLAN = """ỦY BAN NHÂN DÂN
TỈNH MẪU

Số: 14/KH-UBND

Mẫu, ngày 09 tháng 02 năm 2027

KẾ HOẠCH

Phát triển nghề nuôi ong

{body}
"""
_AIMS = "I. MỤC TIÊU\n\n{}\n\nII. NHIỆM VỤ\n\n1. Tuyên truyền."
_WORK = "I. NHIỆM VỤ\n\n1. {}\n\n2. Tuyên truyền."


def _values(tmp_path, body):
    path = tmp_path / "plan.md"
    path.write_text(_PLAN.format(body=body), encoding="utf-8")
    return [(float(t.value), t.deadline) for t in read_plan(path).targets if t.value is not None]


@pytest.mark.parametrize(
    ("aim", "values"),
    [
        ("- Năm 2026 có 31% hộ nuôi ong; phấn đấu đến năm 2029 đạt 48%.", [(48, "2029")]),
        ("- Sản lượng mật năm 2030 đạt 90 tấn, gấp 3 lần năm 2024.", [(90, "2030"), (3, "2030")]),
        ("- Đến năm 2029 có 9/9 xã có tổ hợp tác nuôi ong.", [(9, "2029")]),
        ("- Số đàn ong trên 1 ha rừng đạt 2,5 đàn vào năm 2028.", [(2.5, "2028")]),
        ("- Đến năm 2029 có 12 điểm du lịch cộng đồng.", [(12, "2029")]),
        ("- Đến năm 2030 có ít nhất 02 sản phẩm mật từ 3 sao trở lên.", [(2, "2030")]),
        ("- Đến năm 2028, 60% và đến năm 2030, 95% hộ nuôi ong.", [(60, "2028"), (95, "2030")]),
        ("- Có 450 hộ nuôi ong (hiện nay là 312 hộ) vào năm 2030.", [(450, "2030")]),
        (
            "- Tầm nhìn đến năm 2045: có tối thiểu 03 nhà máy vốn từ 90 tỷ đồng trở lên.",
            [(3, "2045")],
        ),
        (
            "- Đến năm 2029 thu hút 02 cơ sở chế biến có công suất từ 300 kg/ngày trở lên.",
            [(2, "2029")],
        ),
    ],
)
def test_aim_keeps_what_is_aimed_at(tmp_path, aim, values):
    assert _values(tmp_path, _AIMS.format(aim)) == values


@pytest.mark.parametrize(
    "told",
    [
        "Đánh giá chung: Đến hết tháng 1, toàn tỉnh tiêm phòng được 44,5% đàn ong.",
        "Sau 4 năm thực hiện Đề án, tỷ lệ hộ nuôi ong có lãi đạt 71%.",
        "Nhất trí thông qua đánh giá kết quả năm trước: tỷ lệ hộ nghèo còn 5,5%.",
        "Hỗ trợ cơ sở chế biến có công suất từ 300 kg/ngày trở lên.",
    ],
)
def test_work_that_tells_or_says_whom_has_no_target(tmp_path, told):
    assert _values(tmp_path, _WORK.format(told)) == []


def test_section_on_results_of_a_year_has_no_target(tmp_path):
    body = "I. KẾT QUẢ NĂM 2026\n\nTỷ lệ hộ tham gia hợp tác xã đạt tối thiểu 64%.\n\n"

    assert _values(tmp_path, body + _AIMS.format("- 70% hộ tham gia.").replace("I.", "II.", 1)) == [
        (70, None)
    ]


def test_body_whose_name_sounds_like_money_may_ask_for_a_level(tmp_path):
    work = "Chi cục Kiểm lâm ký cam kết với 100% hộ nuôi ong ven rừng."

    assert _values(tmp_path, _WORK.format(work)) == [(100, None)]


def test_aim_with_a_quarter_is_a_milestone(tmp_path):
    path = tmp_path / "plan.md"
    body = _AIMS.format("- Nhà xưởng đóng chai mật chạy thử trong quý III/2028.")
    path.write_text(_PLAN.format(body=body), encoding="utf-8")

    (target,) = read_plan(path).targets
    assert (target.comparator, target.value, target.deadline) == ("milestone", None, "2028-09")


def test_share_of_money_to_be_paid_out_is_a_level(tmp_path):
    work = "Khẩn trương triển khai, phấn đấu giải ngân trên 93% vốn được giao."

    assert _values(tmp_path, _WORK.format(work)) == [(93, None)]


def test_day_of_other_work_before_is_no_deadline_of_the_level(tmp_path):
    work = "Mở lớp dạy nghề trong tháng 6/2027; bảo đảm tối thiểu 80% học viên có việc làm."

    assert _values(tmp_path, _WORK.format(work)) == [(80, None)]


def test_list_opened_by_striving_is_a_list_of_aims(tmp_path):
    body = (
        "1. Tiếp tục thực hiện Nghị quyết; phấn đấu đến năm 2031:\n\n"
        "- Thu hút thêm 20 - 25 dự án, vốn đăng ký mới khoảng 2 tỷ USD.\n\n"
        "- Tạo việc làm mới cho 3 vạn lao động.\n\n2. Tuyên truyền."
    )

    assert _values(tmp_path, body) == [(20, "2031"), (2, "2031"), (3, "2031")]


@pytest.mark.parametrize(
    ("aim", "sign"),
    [
        ("- 95% hộ dân trở lên dùng mật sạch.", ">="),
        ("- 95% cán bộ cấp phòng trở lên biết nghề.", "="),
    ],
)
def test_sign_behind_what_is_counted_is_the_shares(tmp_path, aim, sign):
    path = tmp_path / "plan.md"
    path.write_text(_PLAN.format(body=_AIMS.format(aim)), encoding="utf-8")

    assert [t.comparator.value for t in read_plan(path).targets] == [sign]


def test_year_at_the_end_of_a_title_is_ours_behind_another_plan(tmp_path):
    path = tmp_path / "plan.md"
    plan = _PLAN.format(body=_AIMS.format("- 90% hộ có sổ ong."))
    title = "Thực hiện Nghị quyết số 5-NQ/TU về phát triển nghề nuôi ong năm 2028"
    path.write_text(plan.replace("Phát triển nghề nuôi ong", title), encoding="utf-8")

    assert [t.deadline for t in read_plan(path).targets] == ["2028"]


def test_school_year_of_the_title_ends_with_its_second_year(tmp_path):
    path = tmp_path / "plan.md"
    plan = _PLAN.format(body=_AIMS.format("- 100% học sinh học bơi."))
    plan = plan.replace("Phát triển nghề nuôi ong", "Dạy bơi năm học 2027 - 2028")
    path.write_text(plan, encoding="utf-8")

    assert [t.deadline for t in read_plan(path).targets] == ["2028"]
