"""Automatic numbers of Word stand in no text: they are counted as Word counts them."""

from __future__ import annotations

import re

import pytest

from namro.reading import sources
from namro.reading.sources.word.numbering import in_form
from tests.reading.making import OFFICE, office
from tests.reading.packing import item, level, lists, paragraph, save, table, word

PLAN = (
    level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.", start=1)
    + level(2, "decimal", "%2.%3.")
    + level(3, "lowerLetter", "%4)")
    + level(4, "bullet", "-")
)


def texts(tmp_path, body: str, **parts: str) -> list[str]:
    path = save(tmp_path / "kh.docx", word(body, parts))
    return [block.text for block in sources.open_document(path).blocks][1:]


def test_levels_count_and_start_anew_below_a_higher_one(tmp_path):
    body = "".join(
        item(text, at)
        for text, at in [
            ("Mục tiêu", 0), ("Tổng quát", 1), ("Cụ thể", 1), ("Kinh tế", 2), ("Xã hội", 2),
            ("Y tế", 3), ("Giáo dục", 3), ("Xây dựng lớp học", 4),
            ("Nhiệm vụ", 0), ("Thể chế", 1), ("Rà soát", 2),
        ]
    )  # fmt: skip

    found = texts(tmp_path, body, numbering=lists({0: PLAN}, {1: (0, "")}))

    assert found == [
        "I. Mục tiêu", "1. Tổng quát", "2. Cụ thể", "2.1. Kinh tế", "2.2. Xã hội",
        "a) Y tế", "b) Giáo dục", "- Xây dựng lớp học",
        "II. Nhiệm vụ", "1. Thể chế", "1.1. Rà soát",
    ]  # fmt: skip


def test_lists_of_one_plan_count_on_and_an_override_starts_anew(tmp_path):
    body = item("một") + item("hai") + item("ba", number=2) + item("bốn", number=3)
    body += item("năm", number=3) + item("sáu", number=4)
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "lowerRoman", "(%1)", start=4)}</w:lvlOverride>'
    numbers = {1: (0, ""), 2: (0, ""), 3: (0, override), 4: (1, other)}
    plans = {0: level(0, "decimal", "%1."), 1: level(0, "decimal", "%1.")}

    found = texts(tmp_path, body, numbering=lists(plans, numbers))

    assert found == ["1. một", "2. hai", "3. ba", "1. bốn", "2. năm", "(iv) sáu"]


def test_level_that_never_restarts_and_legal_form(tmp_path):
    plan = level(0, "upperRoman", "%1.") + level(
        1, "decimal", "Điều %2.", '<w:lvlRestart w:val="0"/>'
    )
    plan += level(2, "decimal", "%1.%3.", "<w:isLgl/>")
    body = item("A") + item("B", 1) + item("C") + item("D", 1) + item("E", 2)

    found = texts(tmp_path, body, numbering=lists({0: plan}, {1: (0, "")}))

    assert found == ["I. A", "Điều 1. B", "II. C", "Điều 2. D", "2.1. E"]


def test_lists_of_styles_inherited_and_linked(tmp_path):
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr><w:rPr><w:b/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Plain"><w:basedOn w:val="H1"/><w:pPr><w:numPr>'
        '<w:numId w:val="0"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    plan = level(0, "decimal", "%1.", '<w:pStyle w:val="H1"/>')
    plan += level(1, "lowerLetter", "%2)", '<w:pStyle w:val="H2"/>')
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in [("A", "H1"), ("B", "H2"), ("C", "H2"), ("D", "Plain"), ("E", "H1")]
    )

    path = save(
        tmp_path / "kh.docx",
        word(body, {"styles": styles, "numbering": lists({0: plan}, {1: (0, "")})}),
    )
    blocks = sources.open_document(path).blocks[1:]

    assert [b.text for b in blocks] == ["1. A", "a) B", "b) C", "D", "2. E"]
    assert all(b.bold for b in blocks)


def test_numbered_column_of_a_table_shows_its_numbers(tmp_path):
    rows = [[item(""), paragraph(f"Việc {i}")] for i in range(3)]
    numbering = lists({0: level(0, "decimal", "%1")}, {1: (0, "")})

    assert texts(tmp_path, table(*rows), numbering=numbering) == [
        "1", "Việc 0", "2", "Việc 1", "3", "Việc 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("forms", "signs"),
    [
        ("\uf0b7o\uf0a7\uf0b7", "-+••"), ("-+\uf0b7", "-+•"), ("+•", "+•"), ("•–•", "-+•"),
        ("\uf02d+", "-+"), ("–-", "-+"),
    ],
)  # fmt: skip
def test_bullets_are_signs_of_an_outline_by_their_depth(tmp_path, forms, signs):
    symbol = '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>'
    plan = "".join(level(i, "bullet", text, symbol) for i, text in enumerate(forms))
    body = "".join(item("Việc", i) for i in range(len(forms)))

    found = texts(tmp_path, body, numbering=lists({0: plan}, {1: (0, "")}))

    assert [text.split()[0] for text in found] == list(signs)


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (49, "upperRoman", "XLIX"), (90, "lowerRoman", "xc"), (27, "lowerLetter", "aa"),
        (3, "upperLetter", "C"), (5, "decimalZero", "05"), (7, "none", ""), (12, "chicago", "12"),
        (4, "vietnameseCounting", "bốn"),
    ],
)  # fmt: skip
def test_number_forms(value, form, shown):
    assert in_form(value, form) == shown


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_numbers_are_those_an_office_shows(tmp_path):
    plan = (
        level(0, "upperRoman", "%1.") + level(1, "decimal", "%2.") + level(2, "decimal", "%2.%3.")
    )
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    walk = [0, 1, 1, 2, 2, 0, 1, 2, 1, 2, 2, 0, 0, 1]
    body = "".join(item(f"việc {i}", at) for i, at in enumerate(walk))
    body += "".join(item(f"thêm {i}", 0, 2) for i in range(3))
    parts = word(body, {"numbering": lists({0: plan, 1: plan}, {1: (0, ""), 2: (1, override)})})
    path = save(tmp_path / "kh.docx", parts)

    shown = office(path, "txt:Text (encoded):UTF8", tmp_path).read_text(encoding="utf-8-sig")

    lines = [re.sub(r"\s+", " ", line).strip() for line in shown.splitlines() if line.strip()]
    assert [b.text for b in sources.open_document(path).blocks] == lines
