"""Scans: signs by their pixels, straightening, ruled tables, bold, pages side by side in order."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from namro.reading import UnreadableDocument
from namro.reading.sources import open_document
from namro.reading.sources.layout import blocks_of
from namro.reading.sources.layout.page import Line, Page, Table, TableCell, Word
from namro.reading.sources.scan import cells, cleaning, engine, pool, ruling, signs, wording
from namro.reading.sources.scan.page import once
from tests.reading import paper

TABLE = """#table(columns: (50pt, 1fr, 1fr, 90pt),
[TT], [Nhiệm vụ], [Chủ trì], [Thời hạn],
table.cell(colspan: 4)[I. PHÁT TRIỂN HẠ TẦNG SỐ],
[1.], [Rà soát, số hóa hồ sơ còn hiệu lực], [Sở Nội vụ], [12/2026],
[2.], [Kết nối cơ sở dữ liệu đất đai], [Sở Nông nghiệp và Môi trường], [6/2027])"""
BODY = """Tỷ lệ hồ sơ giải quyết trực tuyến toàn trình đạt ≥ 80% trong năm 2026. \\
Tỷ lệ hộ nghèo còn ≤ 3% vào cuối năm 2030, số vụ vi phạm giảm > 5% mỗi năm."""


def sign_picture(sign: str, size: int) -> np.ndarray:
    font = ImageFont.truetype(str(paper.FONTS / "LiberationSerif-Regular.ttf"), size)
    picture = Image.new("L", (2 * size, 2 * size), 245)
    ImageDraw.Draw(picture).text((size // 2, size // 3), sign, font=font, fill=20)
    box = Image.eval(picture, lambda tone: 255 - tone if tone < 200 else 0).getbbox()
    return np.asarray(picture.crop(box))


@pytest.mark.parametrize("size", [27, 36, 54])
@pytest.mark.parametrize("read, printed", [(">", ">"), (">", "≥"), ("<", "<"), ("<", "≤")])
def test_a_bar_under_the_sign_is_seen(read, printed, size):
    told, sure = signs.with_bars(read, sign_picture(printed, size))
    assert told == printed
    assert 0 < sure < 1  # never certain: a person sees it


def test_words_without_such_signs_are_left_alone():
    assert signs.with_bars("80%", np.zeros((3, 3))) == ("80%", 1.0)


@pytest.mark.parametrize(
    "read, at",
    [
        ("Mụcđích", [3]), ("ỦYBAN", [2]), ("trongnăm", [5]), ("Làcơsở", [2, 4]),
        ("nghiệp", []), ("internet", []), ("data", []),
    ],
)  # fmt: skip
def test_syllables_read_as_one_word_are_parted(read, at):
    assert signs.seams(read) == at


@pytest.mark.parametrize(
    "read, gap, at",
    [
        ("Bốtrí", 0.55, [2]), ("Làcơ", 0.55, [2]), ("Đềnghị", 0.45, [2]), ("Duytrì,", 0.6, [3]),
        ("cáchọc", 0.5, [3]), ("cáchọc", 0.35, [2]), ("SởY", None, [2]), ("eOffice", None, []),
        ("VNeID", None, []), ("Ràsoát,", None, [2]),
        ("UBNDtỉnh:", None, [4]), ("UBND", None, []), ("HĐNDxã", None, [4]),
    ],
)  # fmt: skip
def test_of_several_seams_the_one_at_the_widest_gap_is_taken(read, gap, at):
    assert signs.seams(read, gap) == at


@pytest.mark.parametrize(
    "read, meant",
    [
        ("tỉnnh:", "tỉnh:"), ("phườờng", "phường"), ("quyy", "quyy"), ("Google", "Google"),
        ("tỉnh", "tỉnh"), ("xoong", "xoong"), ("100", "100"),
    ],
)  # fmt: skip
def test_a_letter_read_twice_is_one_where_only_so_it_is_a_syllable(read, meant):
    assert signs.undoubled(read) == meant


@pytest.mark.parametrize(
    "read, meant",
    [
        ("đạt tôi thiểu 80%", "đạt tối thiểu 80%"),
        ("hỗ trợ 30 triệu đông, còn lại", "hỗ trợ 30 triệu đồng, còn lại"),
        ("Liên mình Hợp tác xã tỉnh", "Liên minh Hợp tác xã tỉnh"),
        ("bảo vệ 2 triệu động vật", "bảo vệ 2 triệu động vật"),
        ("chế biến tinh, chế biến sâu", "chế biến tinh, chế biến sâu"),
        ("hội đồng nhân dân 5", "hội đồng nhân dân 5"),
    ],
)
def test_marks_of_a_known_phrase_are_put_right_and_doubted(read, meant):
    words = [Word(text, (0, 0, 1, 1), False, 0.97) for text in read.split()]

    mended = wording.mended(words)

    assert " ".join(w.text for w in mended) == meant
    for before, after in zip(words, mended, strict=True):
        assert (after.confidence < 0.9) == (before.text != after.text)


def word_picture(text):
    """The grey picture of some words as printed."""
    font = ImageFont.truetype(str(paper.FONTS / "LiberationSerif-Regular.ttf"), 36)
    picture = Image.new("L", (600, 70), 255)
    ImageDraw.Draw(picture).text((10, 10), text, font=font, fill=0)
    box = Image.eval(picture, lambda tone: 255 - tone).getbbox()
    return np.asarray(picture.crop(box))


@pytest.mark.parametrize(
    "one, other", [("Bố", "trí"), ("Đề", "nghị"), ("Duy", "trì"), ("các", "học")]
)
def test_the_widest_gap_of_two_words_is_the_blank_between_them(one, other):
    gap = signs.widest_gap(word_picture(f"{one} {other}"))
    assert signs.seams(one + other, gap) == [len(one)]


def test_a_word_without_gaps_has_no_widest_one():
    assert signs.widest_gap(np.full((20, 9), 7, "uint8")) is None


@pytest.mark.parametrize("text, sign", [("•", "•"), ("s", ""), ("+", ""), ("o", "")])
def test_only_a_full_dot_is_taken_for_the_mark_of_an_item(text, sign):
    assert signs.item_sign(word_picture(text), full=True) == sign


@pytest.mark.parametrize(
    "read, meant",
    [
        ("2...", "2."),
        ("3:", "3:"),
        ("ởđ)", "đ)"),
        ("c):", "c)"),
        ("c)›", "c)"),
        ("2.1.", "2.1."),
        ("_Bám", "Bám"),
        ("__", "__"),
    ],
)
def test_the_sign_before_an_item_loses_what_is_too_much(read, meant):
    assert signs.tidy_number(read) == meant


@pytest.mark.parametrize(
    "read, after, meant",
    [
        ("3:", "Sở", "3."),
        ("16:", "đại", "16."),
        ("1:", "50.000", "1:"),
        ("16:", "00", "16:"),
        ("16:", "", "16:"),
        ("Kính", "gửi", "Kính"),
        ("Điều:", "a", "Điều:"),
    ],
)
def test_a_colon_after_the_number_of_an_item_is_its_stop_only_before_a_letter(read, after, meant):
    assert signs.stop_of_number(read, after) == meant


def test_stops_are_told_by_the_next_word_of_the_same_line():
    lines = [["3:", "Sở"], ["16:", "00"], ["lúc", "7:", "giờ"], ["8:"], ["Xã", "9:"]]
    words = [(Word(w, (0, 0, 1, 1), False, 1.0), i == 0) for ws in lines for i, w in enumerate(ws)]

    found = [word.text for word in engine._with_stops(words)]

    assert found == ["3.", "Sở", "16:", "00", "lúc", "7:", "giờ", "8:", "Xã", "9:"]


@pytest.mark.parametrize(
    "read, meant",
    [("3260-KH/ĐĐQHI15", "3260-KH/ĐĐQH15"), ("91/2015/QH13", "91/2015/QH13"), ("QHI", "QHI")],
)
def test_a_stroke_read_twice_in_a_number_of_the_assembly_goes(read, meant):
    assert signs.single_stroke(read) == meant


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def table_picture(folder):
    return paper.picture_of(paper.make_pdf(folder / "table.pdf", TABLE))


@pytest.mark.parametrize("angle", [-1.3, -0.6, 0.0, 0.4, 2.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(table_picture, angle):
    skewed = cleaning.grey_of(table_picture).rotate(-angle, fillcolor=255)
    assert cleaning.skew_of(skewed, 200) == pytest.approx(angle, abs=0.1)


def test_lines_up_the_page_and_empty_paper_are_told(table_picture):
    grey = cleaning.grey_of(table_picture)
    assert not cleaning.lies_on_side(grey, 200)
    assert cleaning.lies_on_side(grey.rotate(90, expand=True), 200)
    assert not cleaning.is_blank(grey, 200)
    noise = np.random.default_rng(1).normal(240, 5, (2339, 1654)).clip(0, 255).astype("uint8")
    assert cleaning.is_blank(Image.fromarray(noise), 200)


def test_ruling_lines_of_a_picture_are_cells_and_are_painted_over(table_picture):
    grey = cleaning.grey_of(table_picture)
    grids, lines = ruling.grids_in(grey, 200)
    assert [(grid.columns, len(grid.cells)) for grid in grids] == [(4, 13)]
    again, _ = ruling.grids_in(ruling.without_lines(grey, lines, 200), 200)
    assert again == []


def test_a_red_stamp_vanishes_in_the_red_channel(table_picture):
    stamped = paper.stamped(table_picture, (300, 300, 700, 700))
    grey = cleaning.grey_of(stamped)
    assert grey.getpixel((500, 307)) > 200


def test_a_line_found_twice_is_kept_once_as_the_surer_reading():
    first = Word("Ban", (10, 10, 40, 20), False, 0.6)
    second = Word("BAN", (11, 10, 41, 20), False, 0.9)
    other = Word("Nhân", (45, 10, 80, 20), False, 0.9)
    assert once([first, other, second]) == [second, other]


@pytest.mark.parametrize(
    "line, letter, meant", [("12/202", "s", "5"), ("thườn", "5", "g"), ("Các", "5", "5")]
)
def test_a_lone_last_letter_of_a_narrow_column_is_put_right_and_stays_doubtful(line, letter, meant):
    lines = [
        Line((Word(line, (0, 0, 9, 9), False, 0.9),), 1),
        Line((Word(letter, (0, 9, 9, 18), False, 0.3),), 1),
    ]
    page = Page(1, 100, 100, [], [Table(0, [TableCell(0, 0, 1, lines, 10)], 2)])

    cells.mend(page)

    assert lines[1].text == meant and lines[1].words[0].confidence == 0.3


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0.0, 0.7])
def test_a_ruled_table_is_read_by_its_cells(folder, table_picture, angle):
    stamped = paper.stamped(table_picture, (500, 250, 800, 550))
    skewed = stamped.rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    source = open_document(paper.save_scan(folder / f"table{angle}.pdf", skewed))

    found = {(b.cell.row, b.cell.column): b.text for b in source.blocks if b.cell}

    assert found[1, 0].endswith("PHÁT TRIỂN HẠ TẦNG SỐ")
    assert found[2, 1] == "Rà soát, số hóa hồ sơ còn hiệu lực"
    assert found[3, 2] == "Sở Nông nghiệp và Môi trường"
    assert (found[2, 3], found[3, 3]) == ("12/2026", "6/2027")
    assert source.ocr_pages == 1


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_scanned_on_its_side_is_read_and_each_word_has_its_spot(folder, turn):
    upright = paper.picture_of(paper.make_pdf(folder / "body.pdf", BODY))
    lying = upright.rotate(-turn, expand=True)
    source = open_document(paper.save_scan(folder / f"lying{turn}.pdf", lying))

    text = " ".join(b.text for b in source.blocks)
    assert "≥ 80%" in text and "≤ 3%" in text and "> 5%" in text
    box = source.blocks[0].place(0, 2).box
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    wide, high = lying.width * 0.36, lying.height * 0.36
    corner = {0: (66, 66), 90: (wide - 66, 66), 180: (wide - 66, high - 66), 270: (66, high - 66)}
    assert (x, y) == pytest.approx(corner[turn], abs=12)
    assert all(0 < p.confidence <= 1 and p.box for b in source.blocks for p in b.pieces)


@pytest.mark.slow
def test_text_pages_and_scanned_pages_of_one_file_stand_in_order(folder):
    import pypdfium2

    typed = paper.make_pdf(folder / "typed.pdf", "KẾ HOẠCH chuyển đổi số của tỉnh năm 2026")
    blank = Image.new("RGB", (1654, 2339), "white")
    body = paper.picture_of(paper.make_pdf(folder / "body2.pdf", BODY))
    scan = paper.save_scan(folder / "scan.pdf", body, blank, body)
    mixed = pypdfium2.PdfDocument(typed)
    mixed.import_pages(pypdfium2.PdfDocument(scan))
    mixed.save(folder / "mixed.pdf")
    seen = []

    source = open_document(folder / "mixed.pdf", progress=lambda *told: seen.append(told))

    assert source.blocks[0].page == 1 and {b.page for b in source.blocks} == {1, 2, 4}
    assert source.pages == 4 and source.ocr_pages == 3
    assert [told for told in seen if told[0] == "Nhận dạng chữ"] == [
        ("Nhận dạng chữ", i, 3) for i in (1, 2, 3)
    ]


@pytest.mark.slow
def test_bold_headings_of_a_scan_are_bold(folder):
    body = f"*I. MỤC TIÊU CỦA KẾ HOẠCH*\n\n{BODY}\n\n*II. TỔ CHỨC THỰC HIỆN*\n\n{BODY}"
    picture = paper.picture_of(paper.make_pdf(folder / "bold.pdf", body))
    blocks = open_document(paper.save_scan(folder / "bold.scan.pdf", picture)).blocks
    bold = [b.text for b in blocks if b.bold]
    assert len(bold) == 2 and "MỤC TIÊU" in bold[0] and "TỔ CHỨC" in bold[1]


def _breaks(path, number):
    import os

    os._exit(3)


@pytest.mark.slow
def test_a_page_that_breaks_the_engine_is_refused_and_the_worker_goes_on():
    with pytest.raises(UnreadableDocument, match="trang 1"):
        list(pool.pages_of("kh.pdf", b"%PDF", [1, 2], _breaks))


def row(texts: list[str], top: float) -> list[Word]:
    """Words of one line of a scanned page, a blank apart; a wide gap where a text is empty."""
    words, left = [], 60.0
    for text in texts:
        right = left + 6 * len(text)
        if text:
            words.append(Word(text, (left, top, right, top + 12), False, 0.9))
        left = right + 4 if text else right + 60
    return words


def test_bars_of_a_table_typed_as_text_keep_their_line_together():
    first = row(["ỦY", "BAN", "TỈNH", "", "|", "CỘNG", "HÒA", "XÃ", "HỘI"], 60)
    speck = row(["-"], 74)
    second = row(["Số:", "5/KH-UBND", "", "|", "Hà", "Nội,", "ngày", "1", "tháng", "2"], 88)

    text = " ".join(b.text for b in blocks_of([Page(1, 595, 842, [*first, *speck, *second])], "a"))

    assert text == "ỦY BAN TỈNH | CỘNG HÒA XÃ HỘI Số: 5/KH-UBND | Hà Nội, ngày 1 tháng 2"


def test_the_edge_of_the_paper_is_no_bar():
    words = row(["|", "Rà", "soát", "nhà", "ở"], 200)
    assert [b.text for b in blocks_of([Page(1, 595, 842, words)], "a")] == ["Rà soát nhà ở"]
