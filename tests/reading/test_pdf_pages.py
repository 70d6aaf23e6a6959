"""PDF text: drawn tables, rows and words a break cuts, turned pages, text layers not to trust."""

from __future__ import annotations

import pypdfium2
import pytest

from namro.reading import UnreadableDocument, read_plan
from namro.reading.sources import open_document, text_layer
from namro.reading.sources.layout import Page
from namro.reading.sources.layout.breaks import between, is_cut_number
from namro.reading.sources.layout.page import Word
from namro.reading.sources.text_layer import is_readable
from tests.reading import paper


def cells_of(source) -> dict[tuple[int, int, int], str]:
    return {(b.cell.table, b.cell.row, b.cell.column): b.text for b in source.blocks if b.cell}


def test_merged_cells_stand_once_in_the_first_row_and_column_they_cover(tmp_path):
    pdf = paper.make_pdf(
        tmp_path / "kh.pdf",
        """#table(columns: (40pt, 1fr, 1fr),
        [TT], [Nhiệm vụ], [Chủ trì],
        table.cell(colspan: 3)[I. CHUYỂN ĐỔI SỐ],
        table.cell(rowspan: 2)[1], [Số hóa hồ sơ], [Sở Nội vụ],
        [Đào tạo cán bộ], [Sở Y tế])""",
    )

    found = cells_of(open_document(pdf))

    assert found == {
        (0, 0, 0): "TT", (0, 0, 1): "Nhiệm vụ", (0, 0, 2): "Chủ trì",
        (0, 1, 0): "I. CHUYỂN ĐỔI SỐ",
        (0, 2, 0): "1", (0, 2, 1): "Số hóa hồ sơ", (0, 2, 2): "Sở Nội vụ",
        (0, 3, 1): "Đào tạo cán bộ", (0, 3, 2): "Sở Y tế",
    }  # fmt: skip


def test_a_row_cut_by_a_page_break_is_one_row_and_its_heading_stands_once(tmp_path):
    pdf = paper.make_pdf(
        tmp_path / "kh.pdf",
        """#v(640pt)
        #let head = ([TT], [Nhiệm vụ], [Chủ trì])
        #table(columns: (40pt, 1fr, 1fr), ..head, [1], [Rà soát nhà dột nát], [Sở Xây dựng],
        [2], [Kết nối dữ liệu đất đai với], [Sở Nông nghiệp])
        #pagebreak()
        #table(columns: (40pt, 1fr, 1fr), ..head, [], [dữ liệu dân cư], [],
        [3], [Báo cáo], [Sở Tài chính])""",
    )

    source = open_document(pdf)
    found = cells_of(source)

    assert found[0, 2, 1] == "Kết nối dữ liệu đất đai với dữ liệu dân cư"
    assert found[0, 3, 0] == "3" and found[0, 3, 2] == "Sở Tài chính"
    assert sum(text == "Nhiệm vụ" for text in found.values()) == 1
    cut = next(b for b in source.blocks if b.text.startswith("Kết nối"))
    assert cut.place(0, 4).page == 1 and cut.place(cut.text.index("dân")).page == 2


def test_a_frame_around_one_paragraph_is_no_table(tmp_path):
    pdf = paper.make_pdf(
        tmp_path / "kh.pdf", "#rect(width: 100%)[Dự thảo lần thứ hai của kế hoạch]"
    )
    source = open_document(pdf)
    assert [b.text for b in source.blocks] == ["Dự thảo lần thứ hai của kế hoạch"]
    assert source.blocks[0].cell is None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_stand_where_a_turned_page_shows_them(tmp_path, turn):
    pdf = paper.make_pdf(tmp_path / "kh.pdf", "Kế hoạch chuyển đổi số của tỉnh năm 2026")
    document = pypdfium2.PdfDocument(pdf)
    document[0].set_rotation(turn)
    document.save(tmp_path / "turned.pdf")
    document.close()

    block = open_document(tmp_path / "turned.pdf").blocks[0]

    assert block.text == "Kế hoạch chuyển đổi số của tỉnh năm 2026"
    x, y = (sum(block.place(0, 2).box[i::2]) / 2 for i in (0, 1))
    corner = {0: (68, 68), 90: (842 - 68, 68), 180: (595 - 68, 842 - 68), 270: (68, 595 - 68)}
    assert (x, y) == pytest.approx(corner[turn], abs=8)


def test_lines_that_run_up_the_page_are_read_upright(tmp_path):
    words = "Phụ lục: biểu chi tiết nhiệm vụ của các sở"
    body = f"#rotate(-90deg, reflow: true)[#box(width: 600pt)[{words}]]"
    pdf = paper.make_pdf(tmp_path / "kh.pdf", body)

    block = open_document(pdf).blocks[0]

    assert block.text == words
    left, top, right, bottom = block.place().box
    assert bottom - top > 3 * (right - left)


def test_a_watermark_across_does_not_break_the_lines_under_it(tmp_path):
    body = """#place(dx: 200pt, dy: 30pt)[#rotate(90deg, reflow: true)[BẢN SAO]]
    Ủy ban nhân dân tỉnh giao Sở Nội vụ chủ trì, phối hợp với các sở, ban, ngành rà soát hồ sơ và
    báo cáo kết quả trước ngày 30 tháng 6 năm 2026 theo đúng quy định của pháp luật."""
    texts = [b.text for b in open_document(paper.make_pdf(tmp_path / "kh.pdf", body)).blocks]
    assert texts[0].startswith("Ủy ban nhân dân tỉnh giao") and texts[0].endswith("pháp luật.")
    assert texts[1] == "BẢN SAO"


def test_a_heading_in_bold_does_not_run_into_the_paragraph_under_it(tmp_path):
    body = """*1. Nâng cao nhận thức của cán bộ, đảng viên và người dân về chuyển đổi số ở cơ sở* \\
    Các cơ quan, đơn vị tổ chức quán triệt kế hoạch này đến toàn thể cán bộ, công chức."""
    blocks = open_document(paper.make_pdf(tmp_path / "kh.pdf", body)).blocks
    assert len(blocks) == 2 and blocks[0].bold and not blocks[1].bold


@pytest.mark.parametrize(
    "before, after, fills, space",
    [
        ("12/202", "5", True, ""),
        ("12/2025", "30", True, " "),
        ("2026", "2030", True, " "),
        ("phươn", "g", True, ""),
        ("Truyề", "n thông", True, ""),
        ("Các", "sở", True, " "),
        ("thườn", "g", False, " "),
        ("CSDLQ", "G", True, ""),
        ("giai đoạn 2026-", "2030", False, ""),
    ],
)
def test_a_word_cut_by_its_column_is_one_word(before, after, fills, space):
    assert between(before, after, fills=fills) == space


@pytest.mark.parametrize(
    "before, after, cut",
    [
        ("10", "3.", True),
        ("VI", "I.", True),
        ("10", "3", True),
        ("1", "I", False),
        ("10", "năm", False),
    ],
)
def test_the_number_of_a_row_cut_by_its_column_is_known(before, after, cut):
    assert is_cut_number(before, after) is cut


def as_words(text: str) -> list[Word]:
    return [Word(word, (0, 0, 1, 1)) for word in text.split()]


def test_a_text_layer_without_vietnamese_marks_over_a_picture_is_not_trusted():
    bare = "UY BAN NHAN DAN tinh ban hanh ke hoach trien khai nhiem vu chuyen doi so nam 2026 " * 3
    right = "Ủy ban nhân dân tỉnh ban hành kế hoạch triển khai nhiệm vụ chuyển đổi số năm 2026 " * 3
    assert not is_readable(as_words(bare), True)
    assert is_readable(as_words(right), True)
    assert is_readable(as_words(bare), False)  # no picture to read instead: refused later, by name


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 1.5])
def test_a_box_turned_upright_and_back_is_the_same_box(turn, skew):
    page = Page.shown_as(1, 600, 800, turn)
    box = (100.0, 200.0, 130.0, 210.0)
    straight = page.upright(box)
    assert page.shown(straight) == pytest.approx(box)
    page.skew = skew
    moved = page.shown(straight)
    assert moved == pytest.approx(box, abs=600 * 0.03)


def test_a_pdf_of_too_many_pages_is_refused_with_the_mend(tmp_path):
    document = pypdfium2.PdfDocument.new()
    for _ in range(700):
        document.new_page(595, 842)
    document.save(tmp_path / "long.pdf")
    document.close()

    with pytest.raises(UnreadableDocument, match=r"700 trang.*khoảng trang"):
        open_document(tmp_path / "long.pdf")


RUNNING = (
    "#set page(header: [{head}],\n"
    "footer: context align(center)[Trang #counter(page).display()])\n"
    + "".join(
        f"#v(60pt) Phần {n}\n\nTriển khai nhiệm vụ {n} của tỉnh trong năm 2026.\n#pagebreak()\n"
        for n in ("một", "hai", "ba", "bốn")
    )
)


def test_a_running_head_is_read_once_and_numbers_of_pages_are_left_out(tmp_path):
    head = "Kế hoạch chuyển đổi số tỉnh Mẫu"

    source = open_document(paper.make_pdf(tmp_path / "kh.pdf", RUNNING.format(head=head)))

    texts = [block.text for block in source.blocks]
    assert texts[0] == head and texts.count(head) == 1
    assert source.blocks[0].place().page == 1
    assert [text for text in texts if "Phần" in text] == [
        "Phần một", "Phần hai", "Phần ba", "Phần bốn",
    ]  # fmt: skip
    assert not any("Trang" in text for text in texts)


def test_a_secrecy_mark_at_the_head_of_every_page_is_seen(tmp_path):
    pdf = paper.make_pdf(tmp_path / "kh.pdf", RUNNING.format(head="#align(center)[MẬT]"))

    with pytest.raises(UnreadableDocument) as refused:
        read_plan(pdf)
    assert refused.value.code == "STATE_SECRET"


FULL = "Phòng Kinh tế rà soát từng tuyến đường, lập danh sách cây phải thay và gửi về Văn phòng xã."


def texts(tmp_path, body):
    pdf = paper.make_pdf(tmp_path / "kh.pdf", body)
    return [b.text for b in open_document(pdf).blocks]


def test_part_by_a_letter_begins_a_paragraph_of_its_own(tmp_path):
    found = texts(
        tmp_path,
        "(Biểu giao chỉ tiêu cây xanh của từng thôn kèm theo tại cuối Kế hoạch này của xã Mẫu năm\n"
        "#linebreak()*PHẦN C. NHIỆM VỤ TRỌNG TÂM*",
    )
    assert found[-1] == "PHẦN C. NHIỆM VỤ TRỌNG TÂM"


@pytest.mark.parametrize(
    ("sign", "read"),
    [("\uf0b7", "•"), ("\uf0a7", "•"), ("\uf0d8", "•"), ("\uf0b3", "≥"), ("\uf02d", "-")],
)
def test_sign_of_a_symbol_font_is_what_it_shows(sign, read):
    assert text_layer._word([sign], [(0, 0, 5, 5)], False).text == read


def test_paragraph_of_one_full_line_ends_where_the_next_is_indented_alike(tmp_path):
    line = "#block(width: 100%)[#h(30pt)Các xã rà soát cây ven đường và lập danh sách gửi phòng.]"
    below = "#h(30pt)Các nhiệm vụ tại điểm 2 nêu trên: a) Chủ trì: Văn phòng xã Mẫu. " + FULL
    found = texts(tmp_path, f"#set par(spacing: 0.65em)\n{line}\n#block[{below}]\n\n{FULL} {FULL}")
    assert any(text.startswith("Các nhiệm vụ tại điểm 2") for text in found)


def test_year_cut_off_in_a_narrow_column_stays_with_its_day(tmp_path):
    found = texts(
        tmp_path,
        "#align(right)[#box(width: 150pt)[#align(center)[Tuyên Quang, ngày 14 tháng 5 năm 2026]]]",
    )
    assert found == ["Tuyên Quang, ngày 14 tháng 5 năm 2026"]
