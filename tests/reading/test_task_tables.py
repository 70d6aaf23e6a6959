"""Task tables of every layout: columns, both roles in one, sections, page breaks, lost cells."""

from __future__ import annotations

import pytest

from namro.reading import read_plan

_TOP = (
    "ỦY BAN NHÂN DÂN\nTỈNH MẪU\n\nSố: 7/KH-UBND\n\nMẫu, ngày 05 tháng 02 năm 2026\n\nKẾ HOẠCH\n\n"
    "Phát triển thư viện cơ sở\n\nI. TỔ CHỨC THỰC HIỆN\n\nTheo phụ lục.\n\nPHỤ LỤC\n\n"
)


def _tasks(tmp_path, *tables):
    path = tmp_path / "plan.md"
    drawn = []
    for rows in tables:
        lines = [f"| {' | '.join(row)} |" for row in rows]
        drawn.append("\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]))
    path.write_text(_TOP + "\n\n".join(drawn) + "\n", encoding="utf-8")
    return [
        (
            t.quote,
            [m.text for m in t.lead],
            [m.text for m in t.cooperate],
            t.deadline_iso,
            t.product,
        )
        for t in read_plan(path).tasks
    ]


_WORK = "Lập danh mục sách dùng chung"
_FULL = (_WORK, ["Sở Văn hóa, Thể thao và Du lịch"], ["Sở Tài chính"], "2026-06", "Danh mục")


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (
            ["STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời gian", "Sản phẩm"],
            ["1", _WORK, _FULL[1][0], "Sở Tài chính", "Quý II/2026", "Danh mục"],
        ),
        (
            ["TT", "Nhiệm vụ", "Sản phẩm", "Cơ quan thực hiện", "Cơ quan phối hợp", "Tiến độ"],
            ["1", _WORK, "Danh mục", _FULL[1][0], "Sở Tài chính", "6/2026"],
        ),
        (
            [
                "Nội dung công việc",
                "Thời hạn hoàn thành",
                "Đơn vị chủ trì",
                "Đơn vị phối hợp",
                "Kết quả",
            ],
            [_WORK, "Tháng 6 năm 2026", _FULL[1][0], "Sở Tài chính", "Danh mục"],
        ),
        (
            ["TT", "Lĩnh vực", "Nội dung", "Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc", "Kết quả"],
            ["1", "Sách", _WORK, _FULL[1][0], "Sở Tài chính", "3/2026", "6/2026", "Danh mục"],
        ),
    ],
)
def test_columns_are_told_by_their_headings(tmp_path, heading, row):
    assert _tasks(tmp_path, [heading, row]) == [_FULL]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Cơ quan chủ trì, phối hợp", "Sở Văn hóa, Thể thao và Du lịch; Sở Tài chính"),
        ("Đơn vị chủ trì/phối hợp", "Sở Văn hóa, Thể thao và Du lịch, Sở Tài chính"),
        ("Phân công", "Chủ trì: Sở Văn hóa, Thể thao và Du lịch. Phối hợp: Sở Tài chính"),
        ("Đơn vị thực hiện", "Sở Văn hóa, Thể thao và Du lịch chủ trì, phối hợp với Sở Tài chính"),
        ("Trách nhiệm", "Sở Văn hóa, Thể thao và Du lịch (chủ trì), Sở Tài chính"),
    ],
)
def test_one_column_for_both_roles(tmp_path, heading, cell):
    rows = [["TT", "Nội dung", heading, "Thời gian"], ["1", _WORK, cell, "Tháng 6/2026"]]

    assert [t[:4] for t in _tasks(tmp_path, rows)] == [_FULL[:4]]


def test_all_units_that_carry_out_a_row_lead_it(tmp_path):
    rows = [["TT", "Nội dung", "Đơn vị thực hiện"], ["1", _WORK, "Sở Y tế; UBND các xã, phường"]]

    assert _tasks(tmp_path, rows)[0][1] == ["Sở Y tế", "UBND các xã, phường"]


def test_section_rows_are_no_tasks(tmp_path):
    rows = [
        ["TT", "Nội dung", "Chủ trì", "Thời gian"],
        ["I", "Cơ sở vật chất", "", ""],
        ["1", "Sửa phòng đọc", "Sở Xây dựng", "2026"],
        ["II", "Con người", "", "2026 - 2028"],
        ["2", "Tập huấn thủ thư", "Sở Nội vụ", "Hằng năm"],
    ]

    assert [(t[0], t[3]) for t in _tasks(tmp_path, rows)] == [
        ("Sửa phòng đọc", "2026"),
        ("Tập huấn thủ thư", "ongoing"),
    ]


def test_row_cut_by_a_page_break_is_one_task(tmp_path):
    rows = [
        ["TT", "Nội dung", "Chủ trì", "Phối hợp", "Thời gian"],
        ["1", "Mua sách, báo và", "Sở Tài chính", "Sở Nội vụ,", "2026"],
        ["", "tài liệu số cho các xã", "", "Sở Y tế", ""],
        ["2", "Kiểm kê kho", "Sở Nội vụ", "", "2027"],
    ]

    tasks = _tasks(tmp_path, rows)

    assert [t[0] for t in tasks] == ["Mua sách, báo và tài liệu số cho các xã", "Kiểm kê kho"]
    assert tasks[0][2] == ["Sở Nội vụ", "Sở Y tế"]


def test_table_that_goes_on_without_its_heading_keeps_its_columns(tmp_path):
    first = [
        ["TT", "Nội dung", "Chủ trì", "Thời gian"],
        ["1", "Sửa phòng đọc", "Sở Xây dựng", "2026"],
    ]
    second = [["2", "Tập huấn", "Sở Nội vụ", "2027"], ["3", "Mua sách", "Sở Tài chính", "2028"]]
    path = tmp_path / "plan.md"
    drawn = ["\n".join(f"| {' | '.join(r)} |" for r in rows) for rows in (first, second)]
    path.write_text(_TOP + f"{drawn[0]}\n\nB. Phần tiếp theo\n\n{drawn[1]}\n", encoding="utf-8")

    read = [(t.quote, t.lead[0].text) for t in read_plan(path).tasks]

    assert read == [
        ("Sửa phòng đọc", "Sở Xây dựng"),
        ("Tập huấn", "Sở Nội vụ"),
        ("Mua sách", "Sở Tài chính"),
    ]


def test_heading_row_without_the_column_of_numbers_is_moved_over(tmp_path):
    rows = [
        ["B", "Phần thứ hai", "", "", ""],
        ["Nội dung", "Chủ trì", "Phối hợp", "Thời gian", ""],
        ["1.1", "Sửa phòng đọc", "Sở Xây dựng", "Sở Nội vụ", "2026"],
        ["1.2", "Mua sách", "Sở Tài chính", "Sở Nội vụ", "2027"],
    ]

    assert [(t[0], t[1], t[3]) for t in _tasks(tmp_path, rows)] == [
        ("Sửa phòng đọc", ["Sở Xây dựng"], "2026"),
        ("Mua sách", ["Sở Tài chính"], "2027"),
    ]


def test_table_of_indicators_hands_out_nothing(tmp_path):
    rows = [
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Đến năm 2027"],
        ["1", "Số xã có thư viện", "xã", "12"],
    ]

    assert _tasks(tmp_path, rows) == []
