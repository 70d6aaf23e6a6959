"""Photographs of pages: several files, a package of them, or pictures pasted into Word."""

from __future__ import annotations

import docx
import pytest
from docx.shared import Mm
from PIL import Image, ImageDraw, ImageFont

from namro.reading import sources
from tests.reading.packing import save

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"
PAGES = {
    "trang 2.png": ["II. NHIỆM VỤ", "Sở Nội vụ chủ trì rà soát quy chế."],
    "trang 10.png": ["Phần cuối: tổ chức thực hiện", "Các sở báo cáo trước ngày 15 hằng tháng."],
    "trang 1.png": ["KẾ HOẠCH", "Chuyển đổi số năm 2026 trên địa bàn tỉnh"],
}


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("p")
    try:
        font = ImageFont.truetype(FONT, 46)
    except OSError:
        pytest.skip("fonts-liberation2 is not installed")
    for name, lines in PAGES.items():
        page = Image.effect_noise((1654, 1100), 12).convert("L").point(lambda v: 200 + v // 6)
        for i, line in enumerate(lines):
            ImageDraw.Draw(page).text((200, 200 + 120 * i), line, fill=20, font=font)
        page.convert("RGB").save(folder / name, dpi=(200, 200))
    return folder


def first_words(source) -> list[tuple[int, str]]:
    """Of every page its first words."""
    found: dict[int, str] = {}
    for block in source.blocks:
        found.setdefault(block.page, block.text)
    return [(page, text.split()[0]) for page, text in found.items()]


@pytest.mark.slow
def test_package_of_photographs_is_one_document_in_the_order_of_its_pages(photographs, tmp_path):
    package = save(tmp_path / "anh.zip", {n: (photographs / n).read_bytes() for n in PAGES})

    source = sources.open_document(package)

    assert first_words(source) == [(1, "KẾ"), (2, "II."), (3, "Phần")]
    assert source.pages == source.ocr_pages == 3


@pytest.mark.slow
def test_word_file_of_nothing_but_photographs_is_read_from_them(photographs, tmp_path):
    document = docx.Document()
    for name in ("trang 1.png", "trang 2.png"):
        document.add_paragraph().add_run().add_picture(str(photographs / name), width=Mm(160))
    document.save(str(tmp_path / "anh.docx"))

    source = sources.open_document(tmp_path / "anh.docx")

    assert first_words(source) == [(1, "KẾ"), (2, "II.")]
    assert [n.code for n in source.notices] == ["PICTURES_READ"]
