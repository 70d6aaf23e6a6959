"""The outline: what stands under what, headings without a number, appendices under signatures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namro.reading import outline, sources
from namro.reading.blocks import Block, Cell, join_cut_paragraphs, numbered
from namro.reading.outline import Node
from namro.reading.signs import sign_of
from tests.effort import effort


def tree(*lines: str) -> list[str]:
    """Every item as "depth sign words", in order; bold where a line stands between stars."""
    blocks = numbered([Block(0, line.strip("*"), 1, bold=line.startswith("*")) for line in lines])
    out: list[str] = []

    def walk(node: Node, depth: int) -> None:
        for child in node.children:
            mark = " H" if child.heading else ""
            out.append(f"{depth} {child.kind}{mark} {child.text.strip()}"[:60])
            walk(child, depth + 1)

    walk(outline.build(blocks), 0)
    return out


def test_parts_chapters_groups_and_articles_nest():
    found = tree(
        "PHẦN THỨ NHẤT",
        "TÌNH HÌNH CHUNG",
        "Chương I",
        "Quy định chung",
        "Mục 1. PHẠM VI",
        "Điều 1. Phạm vi điều chỉnh",
        "1. Quy chế này quy định việc báo cáo.",
        "a) Báo cáo tháng;",
        "Điều 2. Đối tượng áp dụng",
        "Chương II",
        "TỔ CHỨC THỰC HIỆN",
        "Phần thứ hai",
        "NHIỆM VỤ",
    )

    assert found == [
        "0 part H TÌNH HÌNH CHUNG",
        "1 chapter H Quy định chung",
        "2 group H PHẠM VI",
        "3 article H Phạm vi điều chỉnh",
        "4 arabic Quy chế này quy định việc báo cáo.",
        "5 letter Báo cáo tháng;",
        "3 article Đối tượng áp dụng",
        "1 chapter H TỔ CHỨC THỰC HIỆN",
        "0 part H NHIỆM VỤ",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "III VÀ PHƯƠNG HƯỚNG NHIỆM VỤ QUÝ IV",
        "II TRÊN ĐỊA BÀN TỈNH",
        "IV CỦA BAN CHẤP HÀNH TRUNG ƯƠNG",
        "I VÀ II",
        "II NĂM HAI NGHÌN",
        "III VỀ CẤP NƯỚC",
        "I TẠI CÁC XÃ",
        "II CHO HỘ NGHÈO",
    ],
)
def test_numeral_that_a_cut_line_begins_with_is_no_sign(line):
    assert sign_of(Block(0, line, 1)) == ("text", "", 0)


@pytest.mark.parametrize("line", ["II NHIỆM VỤ, GIẢI PHÁP", "I ĐẶC ĐIỂM TÌNH HÌNH", "III XÃ HỘI"])
def test_numeral_without_its_stop_before_a_heading_is_a_sign(line):
    assert sign_of(Block(0, line, 1))[:2] == ("roman", line.split()[0])


def test_heading_without_a_number_stands_beside_the_numbered_ones():
    found = tree(
        "*I. MỤC TIÊU*",
        "- 80% hộ dân dùng nước sạch.",
        "*II. NHIỆM VỤ*",
        "1. Rà soát quy hoạch.",
        "*TỔ CHỨC THỰC HIỆN*",
        "1. Sở Xây dựng chủ trì.",
        "*Chế độ báo cáo*",
        "1. Báo cáo hằng quý.",
    )

    assert found == [
        "0 roman H MỤC TIÊU",
        "1 dash 80% hộ dân dùng nước sạch.",
        "0 roman H NHIỆM VỤ",
        "1 arabic Rà soát quy hoạch.",
        "0 title H TỔ CHỨC THỰC HIỆN",
        "1 arabic Sở Xây dựng chủ trì.",
        "0 title H Chế độ báo cáo",
        "1 arabic Báo cáo hằng quý.",
    ]


def test_sections_may_all_be_without_numbers():
    found = tree(
        "*KẾ HOẠCH*",
        "*CẤP NƯỚC NÔNG THÔN NĂM 2027*",
        "*MỤC ĐÍCH, YÊU CẦU*",
        "- Bảo đảm tiến độ.",
        "*NHIỆM VỤ TRỌNG TÂM*",
        "- Sở Xây dựng rà soát.",
    )

    assert found == [
        "0 text KẾ HOẠCH",
        "0 text CẤP NƯỚC NÔNG THÔN NĂM 2027",
        "0 title H MỤC ĐÍCH, YÊU CẦU",
        "1 dash Bảo đảm tiến độ.",
        "0 title H NHIỆM VỤ TRỌNG TÂM",
        "1 dash Sở Xây dựng rà soát.",
    ]


def test_heading_in_capitals_may_take_two_lines():
    found = tree(
        "*III. TỔ CHỨC THỰC HIỆN VÀ PHÂN CÔNG*",
        "*NHIỆM VỤ CỦA CÁC CƠ QUAN*",
        "1. Sở Y tế.",
    )

    assert found[-1] == "1 arabic Sở Y tế."


def test_roman_and_arabic_in_one_sign_count_on():
    found = tree(
        "II. MỤC TIÊU", "II.1. Mục tiêu chung", "- Nước sạch.", "II.2. Mục tiêu cụ thể", "- 80%."
    )

    assert found == [
        "0 roman H MỤC TIÊU",
        "1 arabic H Mục tiêu chung",
        "2 dash Nước sạch.",
        "1 arabic H Mục tiêu cụ thể",
        "2 dash 80%.",
    ]


def test_bullets_stand_beside_those_with_their_own_sign():
    found = tree(
        "a) Hoàn thiện quy định",
        "- Sở Xây dựng",
        "+ Ban hành hướng dẫn.",
        "• Cấp tỉnh.",
        "- Sở Y tế",
        "+ Kiểm tra nguồn nước.",
        "- Sở Tài chính bố trí kinh phí.",
    )

    assert [line.split()[0] for line in found] == ["0", "1", "2", "2", "1", "2", "1"]


def test_appendix_after_the_signatures_is_no_part_of_the_foot():
    found = tree(
        "*I. MỤC TIÊU*",
        "- 80% hộ dân dùng nước sạch.",
        "Nơi nhận:",
        "- Như trên;",
        "TM. ỦY BAN NHÂN DÂN",
        "*PHỤ LỤC I*",
        "DANH MỤC NHIỆM VỤ (Kèm theo Kế hoạch số 12/KH-UBND)",
        "1. Lập danh mục công trình.",
        "*PHỤ LỤC II*",
        "1. Biểu mẫu.",
    )

    assert found[2:] == [
        "0 foot ",
        "0 appendix H DANH MỤC NHIỆM VỤ (Kèm theo Kế hoạch số 12/KH-UBND)"[:60],
        "1 arabic Lập danh mục công trình.",
        "0 appendix H ",
        "1 arabic Biểu mẫu.",
    ]


def test_flattened_table_ends_where_an_appendix_begins(tmp_path):
    path = tmp_path / "kh.md"
    path.write_text(
        "I. MỤC TIÊU\n\n- 80% hộ dân có nước.\n\n"
        "|\nNơi nhận:\n- Như trên.\n|\nTM. ỦY BAN NHÂN DÂN\n|\n**PHỤ LỤC I**\nDANH MỤC\n"
        "|\n**TT**\n|\n**Nhiệm vụ**\n|\n**Cơ quan chủ trì**\n|\n|\n1\n|\nLập danh mục\n|\n"
        "Sở Y tế\n|\n",
        encoding="utf-8",
    )

    blocks = join_cut_paragraphs(numbered(sources.open_document(path).blocks))

    found = [n for n in outline.build(blocks).walk() if n.kind in ("foot", "appendix", "table")]
    assert [n.kind for n in found] == ["foot", "appendix", "table"]
    assert len(found[2].blocks) == 6


SIGNS = (
    "",
    *("- ", "+ ", "• ", "1. ", "2) ", "1.1. ", "1.1.1. ", "I. ", "II- ", "I.1. ", "a) ", "(4). "),
    *("PHỤ LỤC", "PHỤ LỤC II", "Điều 1. ", "Chương II", "Phần thứ nhất", "Mục 2. ", "A. "),
    *("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "TỔ CHỨC THỰC HIỆN", "MỤC TIÊU ĐẾN NĂM 2030"),
)
PLACES = st.builds(Cell, st.integers(0, 2), st.integers(0, 3), st.integers(0, 3))


def made_block(sign: str, words: str, bold: bool, cell: Cell | None) -> Block:
    return Block(0, (sign + words).strip() or "x", 1, bold=bold, cell=cell)


blocks_of = st.lists(
    st.builds(
        made_block,
        st.sampled_from(SIGNS),
        st.text("abc ăđ.;:,()%0123ABCĐ", max_size=50),
        st.booleans(),
        st.one_of(st.none(), PLACES),
    ),
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@given(blocks_of)
def test_every_block_stands_once_in_the_order_of_the_source(made):
    blocks = numbered(made)

    root = outline.build(blocks)

    kept = [block.index for node in root.walk() for block in node.blocks]
    assert sorted(kept) == list(range(len(blocks)))
    assert {s.place.block for s in outline.sections(root)} <= set(kept)


def test_building_takes_effort_in_proportion_to_the_length():
    def of(items: int) -> int:
        lines = [f"{i % 90 + 1}. Mục\n- Việc {i}\n+ Ý {i}" for i in range(items)]
        blocks = numbered([Block(0, t, 1) for line in lines for t in line.split("\n")])
        return effort(lambda: outline.build(blocks))

    of(90)  # what is looked up once is looked up
    assert of(4000) < 12 * of(400)


def test_lines_too_long_to_be_broken_are_paragraphs_though_blank_lines_part_sections(tmp_path):
    items = "".join(
        f"- Mục thứ {i} nói một việc dài, kể rõ ai làm, làm ở đâu, với ai, đến bao giờ thì xong và "
        "báo cáo kết quả cho cơ quan nào theo dõi;\n"
        for i in range(12)
    )
    path = tmp_path / "kh.txt"
    path.write_text(
        f"KẾ HOẠCH\n\nI. MỤC TIÊU\n1. Mục tiêu chung\nPhát triển bền vững.\n{items}\n"
        f"II. NHIỆM VỤ\n1. Tuyên truyền\n{items}",
        encoding="utf-8",
    )

    texts = [block.text for block in sources.open_document(path).blocks]

    assert texts[1:4] == ["I. MỤC TIÊU", "1. Mục tiêu chung", "Phát triển bền vững."]


def test_pipe_tables_parted_by_a_blank_line_are_two_tables(tmp_path):
    path = tmp_path / "kh.md"
    path.write_text(
        "| TT | Chỉ tiêu | 2030 |\n|---|---|---|\n| 1 | Sản lượng | 90 |\n\n| 2 | Giá trị | 10 |\n"
        "\n| TT | Nhiệm vụ | Chủ trì |\n|---|---|---|\n| 1 | Rà soát | Sở Tài chính |\n",
        encoding="utf-8",
    )

    cells = [block.cell for block in sources.open_document(path).blocks if block.cell]

    assert [sum(c.table == n for c in cells) for n in (0, 1)] == [9, 6]


def test_bold_number_after_a_full_line_begins_a_heading(tmp_path):
    full = "việc này do các đơn vị thực hiện theo danh mục kèm theo Quyết định này.\n"
    path = tmp_path / "kh.md"
    sections = ("**III. NHIỆM VỤ**\n", "**IV.** **TỔ CHỨC THỰC HIỆN**\n")
    path.write_text("".join(head + 8 * full for head in sections), encoding="utf-8")

    texts = [block.text for block in sources.open_document(path).blocks]

    assert "IV. TỔ CHỨC THỰC HIỆN" in texts
