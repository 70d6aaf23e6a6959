"""Boxes of words lie on the pages as the review shows them, in a package of files too."""

from __future__ import annotations

import pypdfium2
import typst

from namro.reading import read_plan
from namro.web.plans import sheets
from tests.reading.packing import zipped

TEXT = (
    '#set text(font: "Liberation Serif")\nKẾ HOẠCH\n\nTriển khai nhiệm vụ năm nay\n'
    "#pagebreak()\nPhụ lục kèm theo kế hoạch"
)


def pdf(text: str) -> bytes:
    return typst.compile(text.encode(), font_paths=["namro/writing"])


def test_boxes_of_a_package_lie_on_its_pages_counted_on(tmp_path):
    path = tmp_path / "goi.zip"
    second = pdf('#set page("a5")\n' + TEXT.replace("năm nay", "năm sau"))
    path.write_bytes(zipped({"001/a.pdf": pdf(TEXT), "002/a.pdf": second}))
    read = read_plan(path)

    pages = sheets.pages_of(path, read.blocks)
    boxes, sizes = sheets.boxes_of(read.blocks, pages), sheets.sizes_of(pages)

    assert {word[2] for words in boxes.values() for word in words} == {1, 2, 3, 4}
    assert [size[0] for size in sizes] == [595, 595, 420, 420]
    later = next(str(b.index) for b in read.blocks if "năm sau" in b.text)
    assert boxes[later][0][2] == 3


def test_boxes_of_one_file_keep_its_pages(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(TEXT))

    blocks = read_plan(path).blocks
    pages = sheets.pages_of(path, blocks)

    boxes = sheets.boxes_of(blocks, pages)

    assert {word[2] for words in boxes.values() for word in words} == {1, 2}
    assert len(pypdfium2.PdfDocument(path)) == len(sheets.sizes_of(pages))


def test_a_file_without_pages_has_none_to_show(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Kế hoạch", encoding="utf-8")

    pages = sheets.pages_of(path, [])

    assert (pages.members, sheets.sizes_of(pages)) == ({}, [])
