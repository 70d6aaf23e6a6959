"""Web pages, workbooks and packages of several files."""

from __future__ import annotations

from datetime import datetime

import pytest
import xlsxwriter

from namro.reading import UnreadableDocument, read_plan, sources
from namro.reading.blocks import Cell
from namro.reading.sources.sheets.shown import number
from tests.reading.making import OFFICE, SEED, make_docx, office
from tests.reading.packing import save, sheet, workbook, zipped


def page(tmp_path, inside: str, head: str = "", raw: bytes | None = None):
    path = tmp_path / "kh.doc"  # law sites send web pages under this ending
    text = f"<!DOCTYPE html><html><head>{head}</head><body>{inside}</body></html>"
    path.write_bytes(raw or text.encode())
    return sources.open_document(path)


def texts(source) -> list[str]:
    return [block.text for block in source.blocks]


def test_web_page_gives_paragraphs_lists_and_tables(tmp_path):
    source = page(
        tmp_path,
        "<script>var a = 1</script><div class=menu>Trang chủ <a>Văn bản</a></div>"
        "<p><b>KẾ HOẠCH</b><br>Năm&nbsp;2026 &ge; 95%</p><ol start=3><li>Ba<li>Bốn</ol>"
        "<ul><li>gạch</ul><ol type=a><li>chữ</ol>"
        "<table><tr><td>bố cục <table><tr><th rowspan=2>TT</th><th colspan=2>Việc</th></tr>"
        "<tr><td>một <i>hai</i><p>ba</p></td><td>bốn</td></tr></table></td></tr></table>",
        "<title>không đọc</title>",
    )

    assert texts(source) == [
        "Trang chủ Văn bản", "KẾ HOẠCH", "Năm 2026 ≥ 95%", "3. Ba", "4. Bốn", "- gạch", "a) chữ",
        "bố cục", "TT", "Việc", "một hai ba", "bốn",
    ]  # fmt: skip
    assert [b.cell for b in source.blocks][-4:] == [
        Cell(0, 0, 0, down=2), Cell(0, 0, 1, 2), Cell(0, 1, 1), Cell(0, 1, 2),
    ]  # fmt: skip
    assert source.blocks[1].bold and source.engine == "html"


def test_web_page_in_its_own_encoding_and_a_web_archive(tmp_path):
    text = "<html><head><meta charset=utf-16></head><body><p>Kế hoạch số 1</p></body></html>"
    assert texts(page(tmp_path, "", raw=text.encode("utf-16"))) == ["Kế hoạch số 1"]
    archive = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "PHA+S+G6vyBob+G6oWNoIHPhu5EgMTwvcD4=\r\n--b--\r\n"
    )
    assert texts(page(tmp_path, "", raw=archive.encode())) == ["Kế hoạch số 1"]


def make_appendix(path):
    book = xlsxwriter.Workbook(str(path))
    tab = book.add_worksheet("Biểu 1")
    percent, day = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": 14})
    tab.merge_range("A1:E1", "PHỤ LỤC", book.add_format({"bold": True}))
    tab.write("A2", "Danh mục nhiệm vụ năm 2026")
    tab.write_row("A4", ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Mức đạt", "Thời hạn"])
    tab.merge_range("A5:E5", "I. Chuyển đổi số")
    tab.write_row("A6", [1, "Ban hành quy chế dữ liệu", "Sở Nội vụ"])
    tab.write("D6", 0.455, percent)
    tab.write_datetime("E6", datetime(2026, 12, 31), day)
    tab.write("A8", "Nơi nhận: như trên")
    tab.write("H6", "ghi chú riêng")
    tab.set_column("H:H", None, None, {"hidden": True})
    other = book.add_worksheet("Nháp")
    other.write("A1", "không đọc")
    other.hide()
    book.close()
    return path


def test_workbook_is_a_title_and_a_table_with_cells_for_places(tmp_path):
    source = sources.open_document(make_appendix(tmp_path / "pl.xlsx"))

    places = {b.text: (b.place().cell, b.cell and (b.cell.row, b.cell.column, b.cell.span))
              for b in source.blocks}  # fmt: skip
    assert places["PHỤ LỤC"] == ("Biểu 1!A1", None)
    assert places["45,5%"] == ("Biểu 1!D6", (5, 3, 1))
    assert places["31/12/2026"] == ("Biểu 1!E6", (5, 4, 1))
    assert places["I. Chuyển đổi số"] == ("Biểu 1!A5", (4, 0, 5))
    assert places["Nơi nhận: như trên"] == ("Biểu 1!A8", None)
    assert "ghi chú riêng" not in places and "không đọc" not in places
    assert source.notices[0].code == "HIDDEN_SHEET"
    assert "“Nháp”" in source.notices[0].message and "“Biểu 1”" in source.notices[0].message


def test_workbook_with_a_body_gives_its_tasks_with_their_cells(tmp_path):
    plan = read_plan([SEED, make_appendix(tmp_path / "pl.xlsx")])

    task = next(t for t in plan.tasks if t.place.file == "pl.xlsx")
    assert task.place.cell == "Biểu 1!B6" and task.lead[0].text == "Sở Nội vụ"
    found = next(t for t in plan.as_json()["tasks"] if t["place"]["file"] == "pl.xlsx")
    assert found["place"]["cell"] == "Biểu 1!B6"


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_workbooks_read_alike(tmp_path, kind):
    new = make_appendix(tmp_path / "pl.xlsx")

    old = sources.open_document(office(new, kind, tmp_path))

    assert texts(old) == texts(sources.open_document(new))


def test_spreadsheet_that_is_no_plan_is_refused(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "luong.xlsx"))
    book.add_worksheet().write_row("A1", ["Họ và tên", "Hệ số", "Lương"])
    book.close()

    with pytest.raises(UnreadableDocument) as caught:
        read_plan(tmp_path / "luong.xlsx")

    assert caught.value.code == "NOT_A_PLAN" and "luong.xlsx" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        ("45.5", "General", "45,5"), ("1234567", "#,##0", "1.234.567"), ("0.07", "0%", "7%"),
        ("5", '0" xã"', "5 xã"), ("-3", "0;(0)", "(3)"), ("0", '0;0;"-"', "-"), ("3", "@", "3"),
        ("1.5", "0.##", "1,5"), ("2", "0.##", "2"), ("46000", "mm/yyyy", "12/2025"),
        ("2.5", "[Red]#,##0.00", "2,50"), ("1e400", "0", "1e400"), ("x", "0", "x"),
        ("0.1", "General", "0,1"), ("1500000", "#,##0,", "1.500"), 
        ("0.30000000000000004", "General", "0,3"),
        ("46000.5", "dd/mm/yyyy hh:mm", "09/12/2025 12:00"), ("2026", "0", "2026"),
    ],
)  # fmt: skip
def test_number_as_the_sheet_shows_it(value, form, shown):
    assert number(value, form) == shown


def test_old_font_of_a_cell_is_turned(tmp_path):
    styles = (
        '<fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font></fonts>'
        '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    )
    rows = (
        '<row r="1"><c r="A1" s="1" t="str"><v>NhiÖm vô</v></c><c r="B1" s="1" t="str"><v>C¬ quan '
        'chñ tr×</v></c><c r="C1" s="0" t="str"><v>Plain</v></c></row>'
    )
    path = save(tmp_path / "pl.xlsx", workbook({"A": sheet(rows)}, styles))

    source = sources.open_document(path)

    assert texts(source) == ["Nhiệm vụ", "Cơ quan chủ trì", "Plain"]
    assert [n.code for n in source.notices] == ["OLD_ENCODING"]


def test_package_is_one_document_body_first_appendices_as_counted(tmp_path):
    table = "| TT | Nhiệm vụ | Cơ quan chủ trì |\n|---|---|---|\n| 1 | Việc {} | Sở Y tế |\n"
    path = save(
        tmp_path / "goi.zip",
        {
            "hồ sơ/Phụ lục 10.md": table.format("mười"),
            "hồ sơ/Phụ lục 2.md": table.format("hai"),
            "hồ sơ/Quyết định.docx": make_docx(tmp_path / "a.docx").read_bytes(),
            "__MACOSX/hồ sơ/._Quyết định.docx": b"\x00\x05\x16\x07",
            "hồ sơ/Thumbs.db": b"\xd0\xcf\x11\xe0",
            "hồ sơ/ảnh lạ.bin": bytes(range(256)) * 9,
            "hồ sơ/bản sao.md": table.format("hai"),
        },
    )

    plan = read_plan(path)

    files = list(dict.fromkeys(block.file for block in plan.blocks))
    assert sorted(files[:2]) == ["Quyết định.docx", "bản sao.md"]
    assert files[2:] == ["Phụ lục 10.md"]
    said = [f.message for f in plan.faults if f.code == "FILE_LEFT_OUT"]
    assert len(said) == 2 and "Phụ lục 2.md" in "".join(said) and "ảnh lạ.bin" in "".join(said)
    assert len(plan.targets) == 20


def test_numbered_folders_keep_the_order_they_were_given_in(tmp_path):
    given = {"001/Phụ lục.txt": "PHỤ LỤC\n\nViệc phải làm", "002/Kế hoạch.txt": "KẾ HOẠCH\n\nThân"}

    source = sources.open_document(save(tmp_path / "goi.zip", given))

    assert [b.file for b in source.blocks] == ["Phụ lục.txt"] * 2 + ["Kế hoạch.txt"] * 2


def test_name_in_utf8_without_its_flag_is_read(tmp_path):
    marked = zipped({"kế.txt": "Kế hoạch năm 2026"})
    plain = bytearray(marked)
    for sign, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):  # the flag of each header
        plain[plain.index(sign) + at] &= ~0x08
    (tmp_path / "goi.zip").write_bytes(bytes(plain))

    assert sources.open_document(tmp_path / "goi.zip").blocks[0].file == "kế.txt"


def test_member_at_fault_is_named(tmp_path):
    path = save(
        tmp_path / "goi.zip",
        {"a.txt": SEED.read_bytes(), "hỏng.docx": zipped({"word/document.xml": "<broken"})},
    )

    with pytest.raises(UnreadableDocument) as caught:
        read_plan(path)

    assert caught.value.code == "DAMAGED" and caught.value.file == "hỏng.docx"
