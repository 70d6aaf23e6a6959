"""Targets: by when, and for whom each value holds, where the sentence itself says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from namro.reading import read_plan
from namro.reading.plan import ReadTarget
from namro.terms import Comparator

HEAD = """**KẾ HOẠCH**

PHÁT TRIỂN THỦY SẢN TỈNH VÍ DỤ GIAI ĐOẠN 2026 - 2030

**I. MỤC TIÊU**

"""


def targets_of(folder: Path, aims: str) -> tuple[ReadTarget, ...]:
    path = folder / "kh.md"
    path.write_text(HEAD + aims, encoding="utf-8")
    return read_plan(path).targets


@pytest.mark.parametrize(
    ("aim", "deadline"),
    [
        ("Đến tháng 9/2027, có ≥ 40% bè nuôi gắn mã số.", "2027-09"),
        ("Trước ngày 30/6/2028, 100% cảng cá có bến nổi.", "2028-06-30"),
        ("Xây mới 12 bến, sửa 08 bến, hoàn thành trước ngày 30/9/2027.", "2027-09-30"),
        ("Cấp mã số cho 80% bè trong quý II/2027.", "2027-06"),
        ("Giảm 20% rác nhựa tại cảng so với tháng 6/2025.", "2030"),
        ("Tính đến tháng 9/2025, phấn đấu 60% bè có phao vào năm 2028.", "2028"),
    ],
)
def test_day_month_or_quarter_of_an_aim_is_its_deadline(aim, deadline, tmp_path):
    found = targets_of(tmp_path, f"- {aim}\n")

    assert found and {t.deadline for t in found} == {deadline}


def test_words_of_the_day_do_not_stay_in_the_subject(tmp_path):
    (target,) = targets_of(tmp_path, "- Đến tháng 9/2027, có ≥ 40% bè nuôi gắn mã số.\n")

    assert target.subject == "bè nuôi gắn mã số"


def test_phase_in_brackets_of_a_heading_is_the_deadline(tmp_path):
    aims = "**1. Giai đoạn 1 (2026 - 2028)**\n\n- 70% bè có phao.\n"

    (target,) = targets_of(tmp_path, aims)

    assert (target.deadline, target.deadline_from) == ("2028", "Giai đoạn 1 (2026 - 2028)")


def test_named_place_to_be_had_is_a_milestone(tmp_path):
    (target,) = targets_of(tmp_path, "- Phấn đấu có Trung tâm nghề cá lớn của vùng.\n")

    assert target.comparator is Comparator.MILESTONE


@pytest.mark.parametrize(
    ("aim", "scopes"),
    [
        # what each of the things counted is to have says nothing of the count
        ("70% làng nghề có tổ tự quản, mỗi tổ có tối đa 20 hộ.", [None, "each unit"]),
        ("Nuôi lồng (mỗi lồng một loài), sản lượng đạt 104 nghìn tấn.", [None]),
        ("Thu nhập bình quân đạt 58 triệu đồng/người/năm.", [None]),
        # the total said for each year holds for its parts, in its own sentence
        (
            "Sản lượng đạt 9.000 tấn, trong đó tôm 2.000 tấn. Mỗi năm đào tạo 300 thuyền viên, "
            "trong đó từ 30 đến 40 máy trưởng.",
            [None, None, "each year", "each year"],
        ),
    ],
)
def test_scope_is_read_from_the_words_that_speak_of_the_value(aim, scopes, tmp_path):
    found = targets_of(tmp_path, f"- {aim}\n")

    assert [t.scope for t in found] == scopes


def test_year_it_starts_from_is_no_target_beside_the_year_aimed_at(tmp_path):
    table = (
        "| TT | Chỉ tiêu | Đơn vị tính | Năm 2025 | Mục tiêu năm 2030 |\n|---|---|---|---|---|\n"
        "| 1 | Sản lượng cá | tấn | 850 | 1.200 |\n"
    )

    found = targets_of(tmp_path, table)

    assert [(float(t.value or 0), t.deadline) for t in found] == [(1200, "2030")]


def test_what_exists_may_say_of_what_a_value_is(tmp_path):
    aim = "- Giữ vững các bến cá hiện có; xây mới ít nhất 15 bến, bình quân mỗi năm 03 bến.\n"

    found = targets_of(tmp_path, aim)

    assert [(float(t.value or 0), t.scope) for t in found] == [(15, None), (3, "each year")]
