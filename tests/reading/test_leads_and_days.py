"""Tasks that say themselves who leads, days that do not exist, units named many at once."""

from __future__ import annotations

import pytest

from namro.reading import deadlines, mentions, read_plan
from namro.reading.mentions import KnownUnit

_HEAD = """ỦY BAN NHÂN DÂN TỈNH MẪU

Số: 12/KH-UBND

Mẫu, ngày 10 tháng 3 năm 2026

KẾ HOẠCH

Phát triển chợ nông thôn

I. MỤC TIÊU

1. Phấn đấu có ít nhất 12 chợ đạt chuẩn đến năm 2027.

{aims}

{heading}

{items}

III. KINH PHÍ

Từ nguồn ngân sách địa phương.
"""
_ITEM = (
    "1. Sở Công Thương chủ trì, phối hợp với Sở Tài chính xây dựng đề án chợ an toàn, "
    "hoàn thành trước ngày 30/9/2026."
)


def _read(tmp_path, *items, heading="II. NHIỆM VỤ", aims="", known=()):
    path = tmp_path / "plan.md"
    text = _HEAD.format(heading=heading, items="\n\n".join(items), aims=aims)
    path.write_text(text, encoding="utf-8")
    return read_plan(path, known)


def _units(found):
    return [m.text for m in found]


@pytest.mark.parametrize(
    "heading",
    [
        "II. NHIỆM VỤ",
        "II. NHIỆM VỤ, GIẢI PHÁP",
        "II. NHIỆM VỤ VÀ GIẢI PHÁP CHỦ YẾU",
        "II. NỘI DUNG NHIỆM VỤ",
        "II. TỔ CHỨC THỰC HIỆN",
    ],
)
@pytest.mark.parametrize("sign", ["1. ", "- ", "a) "])
def test_item_that_says_who_leads_is_a_task_under_any_heading(tmp_path, heading, sign):
    plan = _read(tmp_path, sign + _ITEM[3:], heading=heading)

    assert len(plan.tasks) == 1
    task = plan.tasks[0]
    assert _units(task.lead) == ["Sở Công Thương"]
    assert _units(task.cooperate) == ["Sở Tài chính"]
    assert task.deadline_iso == "2026-09-30"


@pytest.mark.parametrize(
    ("item", "lead", "cooperate"),
    [
        ("1. Giao Sở Xây dựng rà soát mạng lưới chợ trên địa bàn.", ["Sở Xây dựng"], []),
        (
            "1. Giao cho Sở Y tế chủ trì, phối hợp với Công an tỉnh kiểm tra an toàn thực phẩm.",
            ["Sở Y tế"],
            ["Công an tỉnh"],
        ),
        ("+ Sở Nội vụ là cơ quan chủ trì tổng hợp kết quả.", ["Sở Nội vụ"], []),
        (
            "- UBND các xã, phường chủ trì, phối hợp với Công an tỉnh sắp xếp điểm bán hàng.",
            ["UBND các xã, phường"],
            ["Công an tỉnh"],
        ),
    ],
)
def test_ways_to_say_who_leads(tmp_path, item, lead, cooperate):
    plan = _read(tmp_path, item)

    assert [(_units(t.lead), _units(t.cooperate)) for t in plan.tasks] == [(lead, cooperate)]


def test_every_item_of_a_list_is_kept(tmp_path):
    items = [_ITEM, _ITEM.replace("1. Sở Công Thương", "2. Sở Y tế"), "3. Giao Sở Nội vụ tổng hợp."]

    plan = _read(tmp_path, *items)

    assert [_units(t.lead) for t in plan.tasks] == [["Sở Công Thương"], ["Sở Y tế"], ["Sở Nội vụ"]]


def test_bullets_below_an_opening_that_names_the_lead_are_its_tasks(tmp_path):
    plan = _read(
        tmp_path,
        "1. Sở Công Thương chủ trì, phối hợp với Sở Tài chính:",
        "- Xây dựng đề án chợ an toàn.",
        "- Rà soát mạng lưới chợ trên địa bàn.",
    )

    assert [_units(t.lead) for t in plan.tasks] == [["Sở Công Thương"]] * 2
    assert [_units(t.cooperate) for t in plan.tasks] == [["Sở Tài chính"]] * 2


@pytest.mark.parametrize(
    "item",
    [
        "- Tăng cường tuyên truyền về văn minh thương mại.",
        "- Vận động hộ kinh doanh dùng hóa đơn điện tử. Sở Tài chính chủ trì hướng dẫn.",
        "- Sở Công Thương đã công nhận nhiều chợ trong những năm qua.",
        "Sở Công Thương chủ trì nhiều việc lớn của ngành trong những năm qua.",
        "- Sở Công Thương chủ trì, phối hợp với các sở, ban, ngành và đơn vị liên quan.",
    ],
)
def test_what_hands_out_nothing_is_no_task(tmp_path, item):
    assert _read(tmp_path, item).tasks == ()


def test_lead_in_an_aim_or_legal_basis_is_no_task(tmp_path):
    plan = _read(
        tmp_path,
        "- Căn cứ Luật Thương mại, Sở Công Thương chủ trì quản lý chợ theo thẩm quyền.",
        aims="2. Sở Công Thương chủ trì để đạt tối thiểu 90% chợ có mã thanh toán.",
    )

    assert plan.tasks == ()


@pytest.mark.parametrize(
    ("heading", "tasks"),
    [
        ("II. MỤC ĐÍCH, YÊU CẦU", 0),
        ("II. CĂN CỨ PHÁP LÝ", 0),
        ("II. QUAN ĐIỂM", 0),
        ("II. MỤC TIÊU, NHIỆM VỤ", 1),
        ("II. YÊU CẦU, NHIỆM VỤ", 1),
    ],
)
def test_section_of_grounds_hands_out_nothing(tmp_path, heading, tasks):
    assert len(_read(tmp_path, _ITEM, heading=heading).tasks) == tasks


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("đến ngày 31/6/2027", "31/6/2027"),
        ("trước ngày 30/02/2027", "30/02/2027"),
        ("trước ngày 29/2/2027", "29/2/2027"),
        ("trước ngày 31 tháng 4 năm 2027", "ngày 31 tháng 4 năm 2027"),
        ("trước ngày 31/11", "31/11"),
        ("trước ngày 10/13/2027", "10/13/2027"),
    ],
)
def test_day_that_does_not_exist_is_a_fault_and_no_deadline(tmp_path, written, day):
    plan = _read(tmp_path, f"1. Sở Y tế chủ trì kiểm tra các chợ, hoàn thành {written}.")

    assert [t.deadline_iso for t in plan.tasks] == [None]
    assert plan.tasks[0].deadline == written
    fault = next(f for f in plan.faults if f.code == "DATE_IMPOSSIBLE")
    assert (fault.quote, bool(fault.message), bool(fault.suggestion)) == (day, True, True)
    assert fault.place.end - fault.place.start == len(day)


@pytest.mark.parametrize(
    "text", ["29/2/2028", "30/6/2027", "31/12/2026", "số 31/6/2027", "tỷ lệ 31/6", "12/2026"]
)
def test_day_of_the_calendar_is_no_fault(text):
    assert deadlines.impossible_days(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sắp xếp điểm bán hàng; thực hiện thường xuyên.",
        "Sắp xếp điểm bán hàng, thực hiện thường xuyên, liên tục.",
        "Sắp xếp điểm bán hàng (thực hiện thường xuyên).",
        "Sắp xếp điểm bán hàng. Thực hiện thường xuyên.",
        "Sắp xếp điểm bán hàng, triển khai thường xuyên",
    ],
)
def test_regular_work_in_a_clause_of_its_own_is_ongoing(text):
    found = deadlines.in_sentence(text, 2026)

    assert found is not None and found[1] == "ongoing"


def test_regular_in_passing_is_no_deadline():
    assert deadlines.in_sentence("Bố trí kinh phí thực hiện thường xuyên các việc.", 2026) is None


@pytest.mark.parametrize(
    "name",
    [
        "UBND các xã, phường",
        "Ủy ban nhân dân các xã",
        "Chủ tịch UBND các xã, phường",
        "UBND xã, phường",
        "UBND cấp xã",
        "Các sở, ban, ngành",
        "sở, ban, ngành",
        "cơ quan, đơn vị liên quan",
        "Bộ, ngành, địa phương",
        "Thủ trưởng các cơ quan",
        "Đảng ủy các xã, phường",
    ],
)
def test_many_units_at_once_are_collective(name):
    assert mentions.is_collective(name)


@pytest.mark.parametrize(
    "name",
    [
        "UBND phường Mẫu",
        "Sở Công Thương",
        "Ban Quản lý các khu công nghiệp",
        "Liên hiệp các hội khoa học",
        "Ban Tổ chức",
        "Xã Mẫu",
    ],
)
def test_one_unit_is_not_collective(name):
    assert not mentions.is_collective(name)


def test_collective_is_no_unknown_unit_but_a_strange_name_is(tmp_path):
    plan = _read(
        tmp_path,
        "1. Sở Y tế chủ trì, phối hợp với UBND các xã, phường và Sở Lạ kiểm tra các chợ.",
        known=[KnownUnit("yt", "Sở Y tế")],
    )

    assert [f.quote for f in plan.faults if f.code == "UNKNOWN_UNIT"] == ["Sở Lạ"]
