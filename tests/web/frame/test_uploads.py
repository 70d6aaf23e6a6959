"""What is taken of a file that comes in, and what is refused with which words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from namro.web.frame import uploads


def sent(name="ke-hoach.pdf", content=b"x"):
    return SimpleUploadedFile(name, content)


def test_a_good_file_gives_its_name():
    assert uploads.check(sent("Kế hoạch số 57.PDF"), suffixes=(".pdf",)) == "Kế hoạch số 57.PDF"


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (None, "Chưa chọn tệp"),
        (sent(content=b""), "“ke-hoach.pdf” rỗng"),
        (sent("a.exe"), r"không thuộc loại nhận ở đây \(.pdf\)"),
    ],
)
def test_a_bad_file_is_refused_in_words(upload, says):
    with pytest.raises(uploads.UploadRefused, match=says):
        uploads.check(upload, suffixes=(".pdf",))


def test_a_file_over_the_limit_is_refused_with_both_sizes(settings):
    settings.NAMRO_MAX_UPLOAD = 1024 * 1024
    with pytest.raises(uploads.UploadRefused, match=r"nặng 1,1 MB, quá mức 1 MB"):
        uploads.check(sent(content=b"x" * (1024 * 1024 + 1)))
    assert uploads.check(sent(content=b"x" * 1024 * 1024))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\báo cáo.xlsx", "báo cáo.xlsx"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("bao-cao\u202efdp.exe", "bao-caofdp.exe"),
        ("...", "khong-ten"),
        ("", "khong-ten"),
        ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
        ("d" * 300 + ".docx", "d" * 145 + ".docx"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert uploads.clean_name(given) == kept
