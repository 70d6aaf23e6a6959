"""A cell merged over several rows speaks for each of them: unit, time and product of a task."""

from __future__ import annotations

import docx
import openpyxl
import pytest

from namro.reading import read_plan
from tests.reading import paper

_ROWS = (
    ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Sản phẩm"),
    (
        "1",
        "Đo mực nước các giếng khoan",
        "Sở Nông nghiệp và Môi trường",
        "UBND các xã",
        "Quý II/2027",
        "Sổ đo",
    ),
    ("2", "Lập bản đồ nước dưới đất", None, "Sở Tài chính", "Quý III/2027", "Bản đồ"),
    ("3", "Cắm biển cảnh báo sạt lở", "Sở Xây dựng", "Công an tỉnh", "30/11/2027", "Biển báo"),
)


def _markdown(folder):
    cells = []
    for i, row in enumerate(_ROWS):
        tag = "th" if i == 0 else "td"
        down = {1: ' rowspan="2"'}.get(i, "")
        cells.append(
            "<tr>"
            + "".join(
                f"<{tag}{down if c == 2 else ''}>{text}</{tag}>"
                for c, text in enumerate(row)
                if text is not None
            )
            + "</tr>"
        )
    path = folder / "bang.md"
    path.write_text("PHỤ LỤC\n\n<table>\n" + "\n".join(cells) + "\n</table>\n", encoding="utf-8")
    return path


def _web(folder):
    path = folder / "bang.html"
    table = _markdown(folder).read_text(encoding="utf-8").partition("<table>")[2]
    page = f"<html><body><p>PHỤ LỤC</p><table>{table}</body></html>"
    path.write_text(page, encoding="utf-8")
    return path


def _word(folder):
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC")
    table = document.add_table(rows=0, cols=len(_ROWS[0]))
    for row in _ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text or ""
    table.cell(1, 2).merge(table.cell(2, 2))
    document.save(folder / "bang.docx")
    return folder / "bang.docx"


def _workbook(folder):
    book = openpyxl.Workbook()
    book.active.title = "Phụ lục"
    for row in _ROWS:
        book.active.append(row)
    book.active.merge_cells("C2:C3")
    book.save(folder / "bang.xlsx")
    return folder / "bang.xlsx"


@pytest.mark.parametrize("make", [_markdown, _web, _word, _workbook])
def test_merged_lead_leads_every_row_it_reaches(tmp_path, make):
    tasks = read_plan(make(tmp_path)).tasks

    assert [t.quote for t in tasks] == [row[1] for row in _ROWS[1:]]
    assert [[m.text for m in t.lead] for t in tasks] == [
        ["Sở Nông nghiệp và Môi trường"],
        ["Sở Nông nghiệp và Môi trường"],
        ["Sở Xây dựng"],
    ]
    assert [[m.text for m in t.cooperate] for t in tasks][1] == ["Sở Tài chính"]


def test_cell_left_empty_without_a_merge_is_filled_by_nobody(tmp_path):
    path = tmp_path / "bang.md"
    lines = ["| " + " | ".join(cell or "" for cell in row) + " |" for row in _ROWS]
    lines.insert(1, "|" + " --- |" * len(_ROWS[0]))
    path.write_text("PHỤ LỤC\n\n" + "\n".join(lines) + "\n", encoding="utf-8")

    tasks = read_plan(path).tasks

    assert tasks[1].lead == ()


_PAGES = """#let head = ([STT], [Nội dung công việc], [Đơn vị chủ trì], [Thời hạn])
#table(columns: (40pt, 1fr, 1fr, 90pt), ..head,
[1], [Đo mực nước giếng khoan], table.cell(rowspan: 2)[Sở Xây dựng], [Quý II/2027],
[2], [Lập bản đồ nước ngầm], [Quý III/2027])
#pagebreak()
#table(columns: (40pt, 1fr, 1fr, 90pt), ..{heading},
[3], [Cắm biển cảnh báo sạt lở], {empty}, [30/11/2027],
[4], [Sửa hàng rào hồ chứa], {below} [Quý IV/2027],
[5], [Mua thuyền cứu hộ], [Công an tỉnh], [Quý I/2028])"""


@pytest.mark.parametrize("heading", ["head", "()"])
def test_merged_lead_cut_by_a_page_break_leads_the_rows_on_the_next_page(tmp_path, heading):
    body = _PAGES.format(heading=heading, empty="table.cell(rowspan: 2)[]", below="")

    tasks = read_plan(paper.make_pdf(tmp_path / "bang.pdf", body)).tasks

    leads = [[m.text for m in t.lead] for t in tasks]
    assert leads == [["Sở Xây dựng"]] * 4 + [["Công an tỉnh"]]


def test_cells_empty_on_their_own_on_the_next_page_are_filled_by_nobody(tmp_path):
    body = _PAGES.format(heading="head", empty="[]", below="[],")

    tasks = read_plan(paper.make_pdf(tmp_path / "bang.pdf", body)).tasks

    leads = [[m.text for m in t.lead] for t in tasks]
    assert leads == [["Sở Xây dựng"]] * 2 + [[], [], ["Công an tỉnh"]]
