"""Targets: which numbers of a sentence or a table are targets, with sign, unit, year and scope."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from namro.reading import quantities, read_plan
from namro.reading.plan import ReadPlan, ReadTarget

AIMS = """**KẾ HOẠCH**

PHÁT TRIỂN THỦY SẢN TỈNH VÍ DỤ GIAI ĐOẠN 2026 - 2030

**I. MỤC TIÊU**

{aims}

**II. NHIỆM VỤ, GIẢI PHÁP**

{work}
"""


def plan_of(folder: Path, aims: str, work: str = "1. Tuyên truyền.") -> ReadPlan:
    path = folder / "kh.md"
    path.write_text(AIMS.format(aims=aims, work=work), encoding="utf-8")
    return read_plan(path)


def values(targets: tuple[ReadTarget, ...]) -> list[str]:
    """Each target as "sign value[-high] unit"."""
    return [
        " ".join(
            str(part)
            for part in (
                t.comparator.value,
                t.value if t.value_high is None else f"{t.value}-{t.value_high}",
                t.unit,
            )
            if part is not None
        )
        for t in targets
    ]


@pytest.mark.parametrize(
    ("aim", "read"),
    [
        # several of mixed signs in one sentence
        (
            "Sản lượng nuôi trồng đạt trên 8.500 tấn; giá trị 30,2 triệu USD, tăng 5 - 6%/năm; có "
            "tối thiểu 03 nhà máy chế biến và không quá 02 điểm ô nhiễm.",
            ["> 8500 tấn", "= 30.2 triệu USD", "range 5-6 %/năm", ">= 3 nhà máy", "<= 2 điểm"],
        ),
        (
            "Tỷ lệ lồng bè có đăng ký đạt ít nhất 35%, trong đó có ít nhất 600 lồng bè công nghệ "
            "cao, 20 lồng bè ngoài khơi.",
            [">= 35 %", ">= 600 lồng bè", ">= 20 lồng bè"],
        ),
        # nested numbers are conditions, not targets
        ("100% xã ven biển có tối thiểu 01 tổ đồng quản lý.", ["= 100 %"]),
        ("100% ấp mỗi quý có ít nhất 02 buổi tập huấn.", ["= 100 %"]),
        ("Trên 90% cơ sở có từ 10 lao động trở lên đóng bảo hiểm.", ["> 90 %"]),
        ("Tỷ lệ cảng cá truy cập mạng tốc độ 1 Gb/s đạt 100%.", ["= 100 %"]),
        ("Ít nhất 2 cảng cá thuộc nhóm 20 cảng cá hàng đầu khu vực.", [">= 2 cảng cá"]),
        ("100% ấp có loa; mỗi xã thành lập ít nhất 01 đội tàu.", ["= 100 %", ">= 1 đội"]),
        # falling values and where they start
        ("Tỷ lệ hao hụt giảm từ 23% xuống 18%.", ["= 18 %"]),
        ("Hao hụt giảm từ 5,2% (năm 2025) xuống còn dưới 2% vào năm 2028.", ["< 2 %"]),
        ("Giảm tối thiểu 10% lượng rác so với năm 2024.", [">= 10 %"]),
        ("Nồng độ trung bình dưới 40 mg/l (giảm 20% so với năm 2024).", ["< 40 mg/l"]),
        ("Tăng thêm ít nhất 20% số bè.", [">= 20 %"]),
        ("Đến nay đạt 70%, phấn đấu đạt 90% số tàu có thiết bị.", ["= 90 %"]),
        # ranges, places among the first N, parts of a whole, words for numbers
        ("Xây dựng ít nhất 01 - 02 thiết chế nghề cá.", ["range 1-2 thiết chế"]),
        ("Có từ 40 - 50 trang trại đạt chuẩn.", ["range 40-50 trang trại"]),
        ("Nằm trong nhóm 10 nước dẫn đầu về tôm.", ["<= 10 nước"]),
        ("Thuộc top 3 toàn vùng về sản lượng tôm.", ["<= 3"]),
        (
            "Thuộc nhóm 3 tỉnh dẫn đầu vùng, nhóm 15 tỉnh đứng đầu cả nước.",
            ["<= 3 tỉnh", "<= 15 tỉnh"],
        ),
        ("Hoàn thành quy hoạch ở 08/08 huyện, thành phố.", ["= 8 huyện, thành phố"]),
        ("Có ít nhất hai mô hình nuôi sạch.", [">= 2 mô hình"]),
        # signs behind the value, before the year, meant only about
        ("Tỷ lệ tàu có giám sát: 95% trở lên.", [">= 95 %"]),
        ("Ít nhất vào năm 2027 đạt 40% tàu lắp máy.", [">= 40 %"]),
        ("Thu hút khoảng 35 doanh nghiệp.", ["= 35 doanh nghiệp"]),
        # units of several words, and counted nouns no list has
        ("Có 32 giường bệnh/vạn dân.", ["= 32 giường bệnh/vạn dân"]),
        ("Thu nhập bình quân đạt 85 triệu đồng/người/năm.", ["= 85 triệu đồng/người/năm"]),
        ("Hình thành tối thiểu 05 vựa cá hiện đại.", [">= 5 vựa cá"]),
        ("Diện tích nhà ở đạt 28 m2 sàn/người.", ["= 28 m2 sàn/người"]),
        ("Tuổi thọ trung bình đạt 75 tuổi.", ["= 75 tuổi"]),
        ("Có 12 bác sĩ và 35 giường bệnh trên 1 vạn dân.", ["= 12 bác sĩ", "= 35 giường bệnh"]),
        ("Không còn xã dưới 15 tiêu chí.", [">= 15 tiêu chí"]),
        # aims without a number
        ("Thành lập Trung tâm nghề cá của tỉnh.", ["milestone"]),
        ("Nâng cao nhận thức của ngư dân.", []),
        ("Trong 03 năm liền giữ vững danh hiệu.", []),
    ],
)  # fmt: skip
def test_targets_of_an_aim(aim, read, tmp_path):
    plan = plan_of(tmp_path, f"- {aim}")

    assert values(plan.targets) == read


def test_baseline_is_kept_apart(tmp_path):
    plan = plan_of(tmp_path, "- Hao hụt giảm từ 5,2% (năm 2025) xuống còn dưới 2% vào năm 2028.")

    (target,) = plan.targets
    assert (float(target.baseline or 0), target.deadline, target.inner) == (5.2, "2028", None)


@pytest.mark.parametrize(
    ("work", "read"),
    [
        ("1. Yêu cầu 100% tàu cá phải có thiết bị giám sát.", ["= 100 %"]),
        ("1. Đo đạc, đảm bảo tối thiểu 300 mẫu đo/xã/tháng.", [">= 300 mẫu đo/xã/tháng"]),
        ("1. Phấn đấu đến năm 2029 rừng ngập mặn đạt 1.700 ha.", ["= 1700 ha"]),
        ("1. Giảm tỷ lệ hao hụt còn dưới 18%.", ["< 18 %"]),
        (
            "1. Nghề nuôi: đến năm 2030 diện tích đạt 5.000 ha, sản lượng trên 45.000 tấn; đàn "
            "giống đạt 1,2 triệu con, tăng 3%/năm; 100% xã có ít nhất 02 hợp tác xã.",
            ["= 5000 ha", "> 45000 tấn", "= 1.2 triệu con", "= 3 %/năm", "= 100 %"],
        ),
        ("1. Thời gian qua, 75% bè có phao. Tuy nhiên còn 12% chưa có.", []),
        ("1. Tỉnh chi 50%, xã chi 50% kinh phí mua giống.", []),
        ("1. Từ 88 - 90% cộng 02 điểm; đạt 100% được cộng 05 điểm.", []),
        ("1. Hỗ trợ 30% lãi suất vay vốn cho ngư dân.", []),
        ("1. Bố trí 05 - 07 cán bộ chuyên trách.", []),
        ("1. Hiện nay, 87% tàu cá có thiết bị.", []),
    ],
)
def test_outside_the_aims_only_levels_of_a_population_are_targets(work, read, tmp_path):
    plan = plan_of(tmp_path, "- Nâng cao nhận thức.", work)

    assert values(plan.targets) == read


def test_year_comes_from_the_nearest_place_that_says_one(tmp_path):
    aims = """**1. Đến năm 2028**

- 80% tàu có máy dò.

- Đến năm 2027, 60% bè có phao; 40% bè có neo.

**2. Tầm nhìn đến năm 2045**

a) Về hạ tầng

- 100% cảng có cầu.

**3. Về nhân lực**

Từ nay đến năm 2029, phấn đấu đạt được các mục tiêu sau:

- 90% ngư dân qua tập huấn.

**4. Về môi trường**

- Giảm 10% rác nhựa so với năm 2024.
"""

    plan = plan_of(tmp_path, aims)

    assert [(float(t.value or 0), t.deadline, t.deadline_from) for t in plan.targets] == [
        (80, "2028", "Đến năm 2028"),
        (60, "2027", None),
        (40, "2027", None),
        (100, "2045", "Tầm nhìn đến năm 2045"),
        (90, "2029", "Từ nay đến năm 2029, phấn đấu đạt được các mục tiêu sau:"),
        (10, "2030", "title period"),
    ]
    sure = [t.confidence["deadline"] for t in plan.targets]
    assert sure[1] > sure[0] > sure[5]


def test_what_holds_each_year_is_said_once_for_the_whole_sentence(tmp_path):
    aim = "- Hằng năm, số vụ vi phạm được phát hiện tăng trên 3%; số vụ được xử lý tăng trên 5%."

    plan = plan_of(tmp_path, aim)

    assert [t.scope for t in plan.targets] == ["each year", "each year"]


PHASES = (
    (
        "TT",
        "Chỉ tiêu",
        "Đơn vị tính",
        "Hiện trạng 2025",
        "Mục tiêu",
        "",
        "Cơ quan chủ trì theo dõi",
    ),
    ("", "", "", "", "Đến năm 2028", "Đến năm 2030", ""),
    ("I", "Nuôi trồng", "", "", "", "", ""),
    ("1", "Tỷ lệ bè có đăng ký", "%", "71", "85", "≥ 95", "Sở Nông nghiệp và Môi trường"),
    ("2", "Hao hụt khi vận chuyển", "%", "20", "không quá 18", "dưới 15", "Sở Công Thương"),
    ("3", "Xã có tổ đồng quản lý", "Xã", "2", "08/12", "từ 10 đến 12", "UBND các xã"),
)
READ = [
    ("= 85 %", "2028", "Sở Nông nghiệp và Môi trường"),
    (">= 95 %", "2030", "Sở Nông nghiệp và Môi trường"),
    ("<= 18 %", "2028", "Sở Công Thương"),
    ("< 15 %", "2030", "Sở Công Thương"),
    ("= 8 Xã", "2028", "UBND các xã"),
    ("range 10-12 Xã", "2030", "UBND các xã"),
]  # fmt: skip


def phases_in_word(folder: Path) -> Path:
    document = docx.Document()
    for words in ("KẾ HOẠCH", "PHÁT TRIỂN THỦY SẢN", "I. MỤC TIÊU", "Các chỉ tiêu như sau:"):
        document.add_paragraph().add_run(words).bold = words.isupper()
    table = document.add_table(rows=len(PHASES), cols=7)
    for i, row in enumerate(PHASES):
        for j, words in enumerate(row):
            table.cell(i, j).text = words
    for j in (0, 1, 2, 3, 6):
        table.cell(0, j).merge(table.cell(1, j))
    table.cell(0, 4).merge(table.cell(0, 5))
    path = folder / "kh.docx"
    document.save(str(path))
    return path


def phases_flattened(folder: Path) -> Path:
    """As web pages are flattened: a cell between bars, empty cells of the heading gone."""
    rows = ["\n|\n".join(words for words in row if words or i > 1) for i, row in enumerate(PHASES)]
    rows[2] = "I\n|\nNuôi trồng"
    path = folder / "kh.md"
    table = "|\n" + "\n|\n|\n".join(rows) + "\n|"
    path.write_text(AIMS.format(aims=table, work="1. Tuyên truyền."), encoding="utf-8")
    return path


@pytest.mark.parametrize("written", [phases_in_word, phases_flattened])
def test_heading_of_two_levels_gives_a_target_for_each_phase(written, tmp_path):
    plan = read_plan(written(tmp_path))

    read = [
        (value, t.deadline, t.monitor)
        for value, t in zip(values(plan.targets), plan.targets, strict=True)
    ]
    assert read == READ


def test_values_for_years_running_are_a_series_not_targets(tmp_path):
    table = """| TT | Chỉ tiêu | ĐVT | Năm 2026 | Năm 2027 | Năm 2028 |
|---|---|---|---|---|---|
| 1 | Diện tích nuôi | ha | 60 | 80 | 100 |"""

    assert plan_of(tmp_path, table).targets == ()


def test_indicator_cells_without_a_unit_column(tmp_path):
    table = """| TT | Mục tiêu | Chỉ tiêu đến năm 2030 | Cơ quan chủ trì theo dõi, đánh giá |
|---|---|---|---|
| 1 | Chỉ số hài lòng của ngư dân | > 0,7 | Sở Nội vụ |
| 2 | Tỷ lệ tàu có bảo hiểm (%) | ≥ 85 | Sở Tài chính |
| 3 | Xếp hạng sản lượng | Trong nhóm 10 tỉnh dẫn đầu | Sở Nội vụ |
| 4 | Hệ thống giám sát | 100% cấp độ 4 và 90% cấp độ 5 | Công an tỉnh |
| 5 | Cơ sở dữ liệu nghề cá | Hoàn thành | Sở Nội vụ |
| 6 | Số mô hình nuôi sạch | Tối thiểu 05 | Sở Nội vụ |
| 7 | Thứ hạng nghề cá | Nhóm 15 địa phương dẫn đầu | Sở Nội vụ |
| 8 | Bộ tiêu chí nuôi sạch | Ban hành trong năm 2027 | Sở Nội vụ |"""

    plan = plan_of(tmp_path, table)

    assert values(plan.targets) == [
        "> 0.7", ">= 85 %", "<= 10 tỉnh", "= 100 %", "= 90 %", "milestone", ">= 5 mô hình",
        "<= 15 địa phương", "milestone",
    ]  # fmt: skip
    assert [t.deadline for t in plan.targets] == ["2030"] * 8 + ["2027"]
    assert plan.targets[3].monitor == "Công an tỉnh"


def test_row_cut_by_a_page_break_is_one_indicator(tmp_path):
    table = """| TT | Chỉ tiêu | ĐVT | Đến năm 2030 |
|---|---|---|---|
| 1 | Tỷ lệ tàu cá vùng khơi có | % | 85 |
|  | thiết bị giám sát hành trình |  |  |
| 2 | Số cảng cá loại I | Cảng | 2 |"""

    plan = plan_of(tmp_path, table)

    assert values(plan.targets) == ["= 85 %", "= 2 Cảng"]
    assert plan.targets[0].quote == "Tỷ lệ tàu cá vùng khơi có thiết bị giám sát hành trình"


def test_target_in_a_task_table_is_due_with_its_row(tmp_path):
    work = """| TT | Nhiệm vụ | Cơ quan chủ trì | Chỉ tiêu đạt được | Thời hạn hoàn thành |
|---|---|---|---|---|
| 1 | Lắp thiết bị giám sát | Sở Nội vụ | 100% tàu vùng khơi được lắp | Năm 2027 |
| 2 | Tập huấn ngư dân | Sở Y tế | Ít nhất 10 lớp tập huấn | Hằng năm |"""

    plan = plan_of(tmp_path, "- Nâng cao nhận thức.", work)

    assert values(plan.targets) == ["= 100 %", ">= 10 lớp tập huấn"]
    assert [(t.deadline, t.deadline_from, t.scope) for t in plan.targets] == [
        ("2027", "Năm 2027", None),
        (None, None, "each year"),
    ]


def test_same_target_in_prose_and_in_an_appendix_is_read_twice(tmp_path):
    path = tmp_path / "kh.md"
    table = (
        "|\n**TT**\n|\n**Chỉ tiêu**\n|\n**Chủ trì**\n|\n|\n1\n|\n80% tàu có máy dò.\n|\n"
        "Sở Nội vụ\n|\n"
    )
    signed = "|\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n|\nTM. ỦY BAN NHÂN DÂN\n|\n"
    path.write_text(
        AIMS.format(aims="- 80% tàu có máy dò.", work="1. Tuyên truyền.")
        + f"\n{signed}**PHỤ LỤC**\nCÁC CHỈ TIÊU ĐẾN NĂM 2028\n*(Kèm theo Kế hoạch năm 2026)*\n"
        + table,
        encoding="utf-8",
    )

    plan = read_plan(path)

    assert [(t.section, t.monitor, t.deadline) for t in plan.targets] == [
        ("I", None, "2030"),
        ("PL", "Sở Nội vụ", "2028"),
    ]


def test_range_cut_into_a_bullet_is_read_whole(tmp_path):
    document = docx.Document()
    document.add_paragraph("I. MỤC TIÊU")
    document.add_paragraph("Giá trị nuôi trồng đến năm 2030 đạt 30 triệu USD, tăng bình quân 05")
    document.add_paragraph("06%/năm. Thị trường: trong tỉnh.", style="List Bullet")
    path = tmp_path / "kh.docx"
    document.save(str(path))

    plan = read_plan(path)

    assert values(plan.targets) == ["= 30 triệu USD", "range 5-6 %/năm"]


@given(
    st.text("abđ ựcn0123456789%.,;()/-≥–", max_size=80), st.sampled_from(["", "ít nhất ", "từ "])
)
def test_quantities_stand_in_order_inside_any_text(words, sign):
    text = sign + words

    found = quantities.find(text)

    edges = [edge for q in found for edge in (q.number_at, q.end)]
    assert edges == sorted(edges) and all(0 <= edge <= len(text) for edge in edges)
    assert all(q.start <= q.number_at < q.end for q in found)


@pytest.mark.parametrize(
    ("aim", "due"),
    [
        ("95% trường học có nước sạch, hoàn thành trước ngày 31/12/2028.", "2028-12-31"),
        ("Đến ngày 31 tháng 12 năm 2028, có ít nhất 95% trường học có nước sạch.", "2028-12-31"),
        ("Đến hết tháng 6/2028, có ít nhất 95% trường học có nước sạch.", "2028-06"),
        ("Theo Nghị quyết ngày 03/02/2026, có ít nhất 95% trường học có nước sạch.", "2030"),
    ],
)
def test_day_of_a_target_stands_before_the_period_of_the_title(tmp_path, aim, due):
    (target,) = plan_of(tmp_path, f"1. {aim}").targets

    assert target.deadline == due
