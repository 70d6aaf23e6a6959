"""What cannot or must not be read is refused with its reason; nothing else ever comes out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.reading import UnreadableDocument, read_plan, sources
from namro.reading.sources import zipped as zips
from tests.reading.making import SEED, make_docx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf_of(*objects: str, trailer: str = "") -> bytes:
    """A small PDF of the given objects, the first of them the catalogue."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    size = len(objects) + 1
    out += f"trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return out


CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
EMPTY_PDF = pdf_of(CATALOGUE, "<</Type/Pages/Kids[]/Count 0>>")
LOCKED_PDF = pdf_of(
    CATALOGUE,
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    f"<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>",
    trailer=f"/Encrypt 4 0 R/ID[<{'43' * 16}><{'43' * 16}>]",
)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def refusal(path: Path) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read_plan(path)
    return caught.value


BAD = {
    "EMPTY": [b"", b" \n\n\t ", EMPTY_PDF, b"---\n***\n"],
    "NOT_A_DOCUMENT": [
        bytes(range(256)) * 40,
        b"\x7fELF" + b"\x00" * 400,
        zipped(data__sheet=bytes(range(256)) * 9),
        OLE + b"\x00" * 2000,
    ],
    "ENCRYPTED": [LOCKED_PDF, OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")],
    "DAMAGED": [
        b"%PDF-1.7\nnothing more",
        b"PK\x03\x04" + b"rubbish" * 30,
        zipped(**{"word__document.xml": b"<broken"}),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    ],
    "UNSAFE": [
        zipped(**{"word__document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    ],
    "NOT_VIETNAMESE": [b"An English letter about nothing in particular, and a long one at that."],
    "STATE_SECRET": [
        "MẬT\n\nKẾ HOẠCH\n\nThực hiện nhiệm vụ được giao.".encode(),
        "|\n**TỐI MẬT**\n|\n\nKẾ HOẠCH\n\nThực hiện nhiệm vụ.".encode(),
        "Độ mật: TUYỆT MẬT\n\nKẾ HOẠCH\n\nThực hiện nhiệm vụ.".encode(),
    ],
}


@pytest.mark.parametrize(
    ("code", "raw"),
    [(code, raw) for code, several in BAD.items() for raw in several],
    ids=[f"{code}-{i}" for code, several in BAD.items() for i in range(len(several))],
)
@pytest.mark.parametrize("ending", [".docx", ".txt"])
def test_bad_file_is_refused_by_its_content(tmp_path, code, raw, ending):
    path = tmp_path / f"kế hoạch{ending}"
    path.write_bytes(raw)

    why = refusal(path)

    assert why.code == code
    assert path.name in str(why) and why.why and why.mend


def test_missing_file_and_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "không có.docx").code == "NO_FILE"
    assert refusal(tmp_path).code == "NO_FILE"


def test_wrong_ending_is_no_hindrance(tmp_path):
    path = tmp_path / "kế hoạch.pdf"
    path.write_bytes(make_docx(tmp_path / "a.docx").read_bytes())

    assert len(read_plan(path).targets) == 20


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)

    path = tmp_path / "lớn.txt"
    path.write_text("Kế hoạch thực hiện. " * 100, encoding="utf-8")

    assert refusal(path).code == "TOO_LARGE"


def test_a_zip_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "bom.docx"
    path.write_bytes(zipped(**{"word__document.xml": b"<a/>" + b" " * 2_000_000}))

    assert refusal(path).code == "TOO_LARGE"


def test_secret_mark_in_the_page_header_of_word_is_seen(tmp_path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    document.add_paragraph("KẾ HOẠCH triển khai nhiệm vụ được giao")
    path = tmp_path / "kh.docx"
    document.save(str(path))

    assert refusal(path).code == "STATE_SECRET"


def test_plan_about_secrecy_is_no_secret(tmp_path):
    path = tmp_path / "kh.txt"
    path.write_text("KẾ HOẠCH\n\nBảo vệ bí mật nhà nước; quản lý tài liệu MẬT, TỐI MẬT tại sở.")

    assert read_plan(path).document.secrecy is None


def test_old_word_without_office_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "kh.doc"
    path.write_bytes(OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"))
    monkeypatch.setenv("PATH", str(tmp_path))

    why = refusal(path)

    assert why.code == "NO_OFFICE" and "apt install libreoffice" in str(why)


def mutated(raw: bytes, cut: int, spots: list[tuple[int, int]]) -> bytes:
    data = bytearray(raw[: max(1, len(raw) * cut // 100)])
    for at, value in spots:
        data[at % len(data)] = value
    return bytes(data)


spots = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 255)), max_size=12)
few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read_or_refused(path: Path) -> None:
    try:
        plan = read_plan(path)
    except UnreadableDocument as why:
        assert why.code and why.mend
    else:
        assert plan.as_json()["format"] == "namro-plan/1"


@few
@given(cut=st.integers(1, 100), spots=spots)
def test_mutated_text_is_read_or_refused(tmp_path_factory, cut, spots):
    path = tmp_path_factory.mktemp("m") / "a.txt"
    path.write_bytes(mutated(SEED.read_bytes(), cut, spots))

    read_or_refused(path)


@pytest.fixture(scope="module")
def word(tmp_path_factory) -> bytes:
    return make_docx(tmp_path_factory.mktemp("w") / "a.docx").read_bytes()


@few
@given(cut=st.integers(1, 100), spots=spots)
def test_mutated_word_is_read_or_refused(tmp_path_factory, word, cut, spots):
    path = tmp_path_factory.mktemp("m") / "a.docx"
    path.write_bytes(mutated(word, cut, spots))

    read_or_refused(path)


PAGE = pdf_of(
    CATALOGUE,
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    "/Resources<</Font<</F 5 0 R>>>>>>",
    "<</Length 44>>\nstream\nBT /F 12 Tf 20 200 Td (Ke hoach so 1) Tj ET  \nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)


def test_broken_page_is_named(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(PAGE.replace(b"<</Type/Page/Parent", b"[[/Type/Page/Parent"))

    with pytest.raises(UnreadableDocument, match="trang 1 bị hỏng"):
        read_plan(path)


@few
@given(cut=st.integers(30, 100), spots=spots)
def test_mutated_pdf_is_read_or_refused(tmp_path_factory, cut, spots):
    path = tmp_path_factory.mktemp("m") / "a.pdf"
    path.write_bytes(mutated(PAGE, cut, spots))

    read_or_refused(path)


@few
@given(text=st.text(max_size=400))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("m") / "a.txt"
    path.write_text(f"Kế hoạch nhiệm vụ được giao. {text}", encoding="utf-8", errors="ignore")

    read_or_refused(path)
