"""Old encodings become Unicode, by font where there is one, by the words where there is none."""

from __future__ import annotations

import unicodedata

import pytest

from namro.reading import read_plan, sources
from namro.reading.sources import old_fonts
from tests.reading.making import OFFICE, SEED, office
from tests.reading.packing import paragraph, run, save, word

LETTERS = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđ"
HEAD = "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc"


def to_tcvn3(text: str) -> str:
    """As a typist of the time would have it; capitals with marks have no sign of their own."""
    back = {letter: sign for sign, letter in old_fonts.TCVN3.items()}
    return "".join(back.get(c) or back.get(c.lower()) or c for c in text)


def to_vni(text: str) -> str:
    back: dict[str, str] = {}
    for sign, letter in old_fonts.VNI.items():
        back.setdefault(letter, sign)
    return "".join(back.get(c, c) for c in text)


def test_every_letter_of_both_encodings_comes_back():
    assert old_fonts.from_tcvn3(to_tcvn3(LETTERS)) == LETTERS
    assert old_fonts.from_tcvn3(to_tcvn3(LETTERS), capitals=True) == LETTERS.upper()
    assert old_fonts.from_tcvn3(to_tcvn3("ĂÂĐÊÔƠƯ")) == "ĂÂĐÊÔƠƯ"
    for text in (LETTERS, LETTERS.upper()):
        assert old_fonts.from_vni(to_vni(text)) == text


def test_known_lines_of_both_encodings():
    tcvn3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc"
    vni = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc"

    assert old_fonts.from_tcvn3(tcvn3) == HEAD and old_fonts.told(tcvn3) == "TCVN3"
    assert old_fonts.from_vni(vni) == HEAD and old_fonts.told(vni) == "VNI"


@pytest.mark.parametrize(
    "text", [HEAD, "Señor, où est l'été à Genève? Ça va très bien, déjà vu", "ASCII only", "≥ 95 %"]
)
def test_other_text_is_left_alone(text):
    assert old_fonts.told(text) == ""


def seed_as(encoding: str) -> tuple[str, bytes]:
    text = unicodedata.normalize("NFC", SEED.read_text(encoding="utf-8"))
    if encoding == "tcvn3":
        return text, to_tcvn3(text.replace("–", "-").replace("≥", ">=")).encode(
            "latin-1", "replace"
        )
    if encoding == "vni":
        return text, to_vni(text.replace("–", "-").replace("≥", ">=")).encode("latin-1", "replace")
    if encoding == "pasted":
        return text, to_tcvn3(text).encode()
    if encoding == "nfd":
        return text, unicodedata.normalize("NFD", text).encode()
    return text, text.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "nfd"])
def test_unicode_in_any_form_reads_alike(tmp_path, encoding):
    _, raw = seed_as(encoding)
    path = tmp_path / "kh.txt"
    path.write_bytes(raw)

    source = sources.open_document(path)

    assert [b.text for b in source.blocks] == [b.text for b in sources.open_document(SEED).blocks]
    assert source.notices == ()


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "pasted"])
def test_plan_in_an_old_encoding_gives_its_targets_and_says_so(tmp_path, encoding):
    _, raw = seed_as(encoding)
    path = tmp_path / "kh.txt"
    path.write_bytes(raw)

    plan = read_plan(path)

    seed = read_plan(SEED)
    assert len(plan.targets) == len(seed.targets)
    assert [t.value for t in plan.targets] == [t.value for t in seed.targets]
    assert plan.faults[0].code == "OLD_ENCODING"


def test_windows_1258_is_read_and_said(tmp_path):
    table = {"\u1ea1": "a\u0323", "\u1ed9": "\u00f4\u0323", "\u1ec7": "\u00ea\u0323"}
    text = "Kế hoạch nhiệm vụ cả nước"
    parts = "".join(table.get(c, c) for c in text)
    raw = unicodedata.normalize("NFD", parts)
    for base, mark, whole in (
        ("a", "\u0302", "â"),
        ("e", "\u0302", "ê"),
        ("o", "\u0302", "ô"),
        ("o", "\u031b", "ơ"),
        ("u", "\u031b", "ư"),
    ):
        raw = raw.replace(base + mark, whole)
        raw = raw.replace(base + "\u0323" + mark, whole + "\u0323")
    path = tmp_path / "kh.txt"
    path.write_bytes(raw.encode("cp1258"))

    source = sources.open_document(path)

    assert source.blocks[0].text == text
    assert [n.code for n in source.notices] == ["OLD_ENCODING"]


def old_word(font: str, capitals: str, turn) -> dict:
    fonts = [f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>' for name in (font, capitals)]
    vni = turn("đường")  # the second sign of a letter in a run of its own
    cut = f"<w:p>{run(vni[:3], fonts[0])}{run(vni[3:], fonts[0])}</w:p>"
    body = f"<w:p>{run(turn('kế hoạch'), fonts[1])}</w:p><w:p>{run(turn(HEAD), fonts[0])}</w:p>"
    return word(body + cut + paragraph("Plain ASCII"), opening="")


def test_runs_in_old_fonts_are_turned_by_font(tmp_path):
    tcvn3 = save(tmp_path / "a.docx", old_word(".VnTime", ".VnTimeH", to_tcvn3))
    vni = save(tmp_path / "b.docx", old_word("VNI-Times", "VNI-Times", to_vni))

    assert [b.text for b in sources.open_document(tcvn3).blocks] == [
        "KẾ HOẠCH", HEAD, "đường", "Plain ASCII",
    ]  # fmt: skip
    assert [b.text for b in sources.open_document(vni).blocks][1:3] == [HEAD, "đường"]
    assert [n.code for n in sources.open_document(vni).notices] == ["OLD_ENCODING"]


def test_unicode_that_kept_its_old_font_is_left_alone(tmp_path):
    path = save(tmp_path / "a.docx", old_word(".VnTime", ".VnTimeH", str))

    source = sources.open_document(path)

    assert source.blocks[1].text == HEAD
    assert source.notices == ()


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["rtf", "doc"])
def test_old_fonts_of_old_formats_are_turned_too(tmp_path, kind):
    path = save(tmp_path / "a.docx", old_word(".VnTime", ".VnTimeH", to_tcvn3))
    path = office(path, "odt", tmp_path) if kind == "doc" else path

    source = sources.open_document(office(path, kind, tmp_path))

    assert [b.text for b in source.blocks][:3] == ["KẾ HOẠCH", HEAD, "đường"]
    assert "OLD_ENCODING" in [n.code for n in source.notices]
