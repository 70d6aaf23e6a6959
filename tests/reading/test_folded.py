"""Tables and lists folded into one paragraph come out as cells and items, each in its place."""

from __future__ import annotations

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources.folded import item_starts, laid_open


def paragraph(text: str) -> Block:
    pieces, at = [], 0
    for word in text.split(" "):
        box = (float(at), 10.0, float(at + len(word)), 20.0)
        pieces.append(Piece(at, at + len(word), 1 if at < 40 else 2, box, None, 0.9))
        at += len(word) + 1
    return Block(0, text, 1, "plan.pdf", tuple(pieces))


def laid(text: str) -> dict[tuple[int, int], str]:
    return {(b.cell.row, b.cell.column): b.text for b in laid_open([paragraph(text)]) if b.cell}


def test_bars_between_words_are_a_table():
    found = laid(
        "| TT | Việc | Chủ trì | | 1 | Rà soát nhà | Sở Xây dựng | | 2 | Báo cáo | Sở Y tế |"
    )

    assert found == {
        (0, 0): "TT", (0, 1): "Việc", (0, 2): "Chủ trì",
        (1, 0): "1", (1, 1): "Rà soát nhà", (1, 2): "Sở Xây dựng",
        (2, 0): "2", (2, 1): "Báo cáo", (2, 2): "Sở Y tế",
    }  # fmt: skip


def test_dashes_under_a_name_are_no_words_of_its_cell():
    found = laid("ỦY BAN NHÂN DÂN ------- | CỘNG HÒA ---------- | | Số: 5/KH-UBND | Ngày 1 |")

    assert found[0, 0] == "ỦY BAN NHÂN DÂN" and found[0, 1] == "CỘNG HÒA"


def test_cells_keep_page_and_box_of_their_words():
    blocks = laid_open([paragraph("| TT | Việc | | 1 | Rà soát nhà ở xã hội trên địa bàn |")])

    last = blocks[-1]
    assert last.text == "Rà soát nhà ở xã hội trên địa bàn"
    assert last.place(0, 2).box == (20.0, 10.0, 22.0, 20.0)
    assert last.place(last.text.index("địa")).page == 2


def test_rows_that_each_stand_in_a_paragraph_are_one_table():
    blocks = laid_open([paragraph("|Nơi nhận: |GIÁM ĐỐC |"), paragraph("|- Lưu: VT. | |")])

    assert [(b.cell.table, b.cell.row, b.cell.column) for b in blocks if b.cell] == [
        (0, 0, 0), (0, 0, 1), (0, 1, 0),
    ]  # fmt: skip


def test_tables_are_counted_in_the_order_they_stand():
    real = Block(0, "Ô có thật", 1, "plan.pdf", cell=Cell(0, 0, 0))
    blocks = laid_open([paragraph("| a | b | | c | d |"), real])

    assert [b.cell.table for b in blocks if b.cell] == [0, 0, 0, 0, 1]


def test_a_sentence_with_one_bar_stays_a_sentence():
    block = paragraph("Tỷ lệ hồ sơ trực tuyến | toàn trình đạt 80%.")
    assert laid_open([block]) == [block]


def test_items_run_together_are_parted_where_their_numbers_rise():
    text = " ".join(f"{i}. Tỷ lệ hộ nghèo {'giảm mạnh ' * 12}còn {i}%." for i in range(1, 6))

    blocks = laid_open([paragraph(text)])

    assert [b.text[:11] for b in blocks] == [f"{i}. Tỷ lệ hộ" for i in range(1, 6)]
    assert " ".join(b.text for b in blocks) == text


def test_numbers_that_do_not_rise_part_nothing():
    text = " ".join(f"Quyết định {i}. Căn cứ {'theo quy định ' * 12}." for i in (4, 3, 9, 1, 2))
    assert item_starts(text) == []


def test_an_item_run_into_the_one_before_is_parted_by_its_neighbours():
    texts = [
        "c) Sở Y tế báo cáo hằng năm.",
        "d) Sở Nội vụ rà soát theo điểm c) nêu trên. đ) Sở Tài chính bố trí kinh phí; e) Công an "
        "tỉnh kiểm tra.",
        "- Theo phân công. g) Thanh tra tỉnh giám sát.",
        "h) Ủy ban nhân dân các xã thực hiện.",
    ]

    blocks = laid_open([paragraph(text) for text in texts])

    assert [b.text[:2] for b in blocks] == ["c)", "d)", "đ)", "e)", "- ", "g)", "h)"]
    assert " ".join(b.text for b in blocks) == " ".join(texts)


def test_a_sign_that_no_item_goes_on_from_parts_nothing():
    texts = ["1. Theo quy định. 2. Mục tiêu chung.", "5. Kinh phí thực hiện."]
    assert [b.text for b in laid_open([paragraph(text) for text in texts])] == texts
