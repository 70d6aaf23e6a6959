"""Pictures of pages drawn in a process of its own: the same pictures, and refusals in time."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image

from namro.reading import Limits, UnreadableDocument, pictures
from namro.reading.pages_apart import page_picture_apart, sheets_apart
from tests.reading.packing import endless_page, zipped


@pytest.fixture
def pdf_file(tmp_path):
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.new_page(842, 595)
    path = tmp_path / "plan.pdf"
    document.save(path)
    document.close()
    return path


def test_a_picture_drawn_apart_is_the_same(pdf_file):
    here = pictures.page_picture(pdf_file, 2, width_px=400)
    assert page_picture_apart(pdf_file, 2, width_px=400) == here


def test_pages_measured_apart_are_the_same(pdf_file, tmp_path):
    package = tmp_path / "goi.zip"
    package.write_bytes(zipped({"001/a.pdf": pdf_file.read_bytes(), "002/b.txt": b"Ke hoach"}))

    for file in (pdf_file, package):
        sheets = sheets_apart(file)
        assert sheets.members == pictures.member_pages(file)
        assert sheets.sizes == pictures.page_sizes(file)


def test_a_refusal_comes_as_it_was_said(pdf_file, tmp_path):
    with pytest.raises(UnreadableDocument, match="không có trang 9, tệp chỉ có 2 trang") as caught:
        page_picture_apart(pdf_file, 9, width_px=400)
    assert caught.value.code == "NO_PAGES"

    text = tmp_path / "a.txt"
    text.write_text("Kế hoạch", encoding="utf-8")
    with pytest.raises(UnreadableDocument) as caught:
        sheets_apart(text)
    assert (caught.value.code, caught.value.file) == ("NO_PICTURES", "a.txt")


@pytest.mark.parametrize(
    ("limits", "code", "why"),
    [
        (Limits(cpu_seconds=1), "TOO_SLOW", "vẽ ảnh trang 1 mất quá nhiều thời gian"),
        (Limits(seconds=2), "TOO_SLOW", "vẽ ảnh trang 1 mất quá nhiều thời gian"),
    ],
)
def test_a_page_made_to_be_drawn_without_end_is_given_up(tmp_path, limits, code, why):
    path = tmp_path / "lap.pdf"
    path.write_bytes(endless_page())

    with pytest.raises(UnreadableDocument, match=why) as caught:
        page_picture_apart(path, 1, width_px=900, limits=limits)

    assert caught.value.code == code and "Hãy " in caught.value.mend


def test_a_picture_over_the_memory_is_given_up(tmp_path):
    path = tmp_path / "to.png"
    Image.new("1", (8000, 8000), 1).save(path)

    with pytest.raises(UnreadableDocument, match="vẽ ảnh trang 1 cần quá nhiều bộ nhớ"):
        page_picture_apart(path, 1, width_px=900, limits=Limits(memory=180_000_000))
