"""Pages as pictures: counted, measured in points, drawn within bounds; refusals say why."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from namro.reading import UnreadableDocument, pictures, read_plan
from namro.reading.pictures import page_count, page_picture, page_size
from tests.reading.packing import zipped


@pytest.fixture
def pdf_file(tmp_path):
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.new_page(842, 595)
    turned = document.new_page(595, 842)
    turned.set_rotation(90)
    path = tmp_path / "plan.pdf"
    document.save(path)
    document.close()
    return path


def test_pdf_pages_are_counted_and_measured_as_they_are_shown(pdf_file):
    assert page_count(pdf_file) == 3
    assert page_size(pdf_file, 1) == (595, 842)
    assert page_size(pdf_file, 3) == (842, 595)


def test_pdf_picture_is_as_wide_as_asked(pdf_file):
    with Image.open(io.BytesIO(page_picture(pdf_file, 2, width_px=842))) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (842, 595)


@pytest.mark.parametrize("asked, got", [(1, 100), (99_999, 2400)])
def test_picture_width_is_bounded(pdf_file, asked, got):
    with Image.open(io.BytesIO(page_picture(pdf_file, 1, width_px=asked))) as picture:
        assert picture.width == got


def test_tiff_frames_are_pages_with_points_by_their_resolution(tmp_path):
    path = tmp_path / "scan.tif"
    frames = [Image.new("L", (1654, 2339), 255), Image.new("RGB", (2339, 1654), "white")]
    frames[0].save(path, save_all=True, append_images=frames[1:], dpi=(200, 200))

    assert page_count(path) == 2
    assert page_size(path, 2) == pytest.approx((842, 595), abs=1)
    with Image.open(io.BytesIO(page_picture(path, 2, width_px=600))) as picture:
        assert picture.size == (600, 424)


def test_a_photo_lying_on_its_side_is_shown_upright(tmp_path):
    path = tmp_path / "photo.jpg"
    photo = Image.new("RGB", (400, 300), "white")
    photo.paste("black", (0, 0, 400, 30))  # the camera's top edge: the right edge when upright
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(path, exif=exif)

    width, height = page_size(path, 1)
    assert (width < height) and width / height == pytest.approx(3 / 4)
    with Image.open(io.BytesIO(page_picture(path, 1, width_px=300))) as picture:
        assert picture.size == (300, 400)
        assert picture.getpixel((295, 200))[0] < 80 and picture.getpixel((5, 200))[0] > 200


@pytest.fixture
def package(tmp_path, pdf_file):
    """Body of three pages, an appendix in Word, two photographs; the body sent twice."""
    photo = io.BytesIO()
    Image.new("RGB", (827, 1169), "white").save(photo, "JPEG", dpi=(100, 100))
    other = io.BytesIO()
    Image.new("RGB", (1169, 827), "black").save(other, "JPEG", dpi=(100, 100))
    path = tmp_path / "goi.zip"
    body = pdf_file.read_bytes()
    path.write_bytes(
        zipped({
            "001/Kế hoạch.pdf": body, "002/Biểu.txt": "Biểu kèm theo".encode(),
            "003/anh.jpg": photo.getvalue(), "004/anh.jpg": other.getvalue(),
            "005/Kế hoạch.pdf": body,
        })
    )  # fmt: skip
    return path


def test_pages_of_a_package_are_counted_on_through_its_files(package):
    assert page_count(package) == 5
    assert pictures.member_pages(package) == {
        "Kế hoạch.pdf": (1, 3), "anh.jpg": (4, 1), "anh (2).jpg": (5, 1),
    }  # fmt: skip
    sizes = pictures.page_sizes(package)
    assert sizes == [page_size(package, n) for n in range(1, 6)]
    assert [size[0] < size[1] for size in sizes] == [True, False, False, True, False]


def test_a_page_of_a_package_is_that_of_its_file(package, pdf_file):
    assert page_picture(package, 2, width_px=300) == page_picture(pdf_file, 2, width_px=300)
    last = page_picture(package, 5, width_px=300)
    assert last == page_picture(package, 1, width_px=300, member="anh (2).jpg")
    assert page_size(package, 3, member="Kế hoạch.pdf") == (842, 595)


@pytest.mark.parametrize(
    "member, page, why", [("anh.jpg", 2, "chỉ có 1 trang"), ("Biểu.txt", 1, "không có ảnh trang")]
)
def test_what_a_package_does_not_have_is_refused_by_name(package, member, page, why):
    with pytest.raises(UnreadableDocument, match=why) as refused:
        page_picture(package, page, width_px=300, member=member)
    assert refused.value.file == member


def test_places_of_a_package_name_files_that_have_pictures(tmp_path):
    import typst

    page = typst.compile(
        '#set text(font: "Liberation Serif")\nKẾ HOẠCH\n\nTriển khai nhiệm vụ'.encode(),
        font_paths=["namro/writing"],
    )
    path = tmp_path / "goi.zip"
    path.write_bytes(zipped({"001/a.pdf": page, "002/a.pdf": page + b"\n"}))

    files = {block.file for block in read_plan(path).blocks}

    assert files == set(pictures.member_pages(path)) == {"a.pdf", "a (2).pdf"}


def test_a_clear_picture_is_shown_on_paper(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (200, 300), (0, 0, 0, 0)).save(path)

    with Image.open(io.BytesIO(page_picture(path, 1, width_px=200))) as picture:
        assert picture.convert("RGB").getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("page", [0, 4])
def test_a_missing_page_is_refused_by_its_number(pdf_file, page):
    with pytest.raises(UnreadableDocument, match=f"không có trang {page}.*3 trang"):
        page_picture(pdf_file, page, width_px=400)


WORD = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"})


@pytest.mark.parametrize("content", [WORD, "Kế hoạch".encode(), b"\xd0\xcf\x11\xe0ab"])
def test_other_kinds_have_no_pictures(tmp_path, content):
    path = tmp_path / "plan.docx"
    path.write_bytes(content)

    with pytest.raises(UnreadableDocument) as refused:
        page_count(path)
    assert refused.value.code == "NO_PICTURES"


def test_a_broken_image_is_refused(tmp_path):
    path = tmp_path / "half.png"
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 50).save(whole, "PNG")
    path.write_bytes(whole.getvalue()[:5000])

    with pytest.raises(UnreadableDocument) as refused:
        page_picture(path, 1, width_px=300)
    assert refused.value.code == "DAMAGED"


def test_an_image_of_900_million_pixels_is_refused_unread(tmp_path):
    path = tmp_path / "huge.png"
    Image.new("1", (30_000, 30_000)).save(path)

    with pytest.raises(UnreadableDocument, match="quá lớn") as refused:
        page_picture(path, 1, width_px=300)
    assert refused.value.code == "TOO_LARGE"


def test_a_pdf_page_holding_a_huge_image_is_refused_unread(tmp_path):
    path = tmp_path / "huge.pdf"
    stream = b"\x00" * 100
    body = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</XObject<</I 4 0 R>>>>>>endobj\n"
        b"4 0 obj<</Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Length %d>>stream\n%b\nendstream endobj\n"
        b"5 0 obj<</Length 26>>stream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n" % (len(stream), stream)
    )
    path.write_bytes(body)

    with pytest.raises(UnreadableDocument, match="trang 1 quá lớn") as refused:
        page_picture(path, 1, width_px=300)
    assert refused.value.code == "TOO_LARGE"
