"""No word of a Word file, web page or workbook is lost or read twice: against other extractors."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.reading import sources
from tests.reading.making import OFFICE, make_docx, office
from tests.reading.packing import paragraph, run, save, sheet, table, word, workbook

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
few = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def read_words(path: Path) -> Counter[str]:
    return words(" ".join(block.text for block in sources.open_document(path).blocks))


def words_of_xml(path: Path) -> Counter[str]:
    """Every w:t of the body, whatever it stands in."""
    with zipfile.ZipFile(path) as packed:
        root = ElementTree.fromstring(packed.read("word/document.xml"))
    texts = []
    for line in root.iter(f"{_W}p"):
        if not any(inner is not line for inner in line.iter(f"{_W}p")):
            texts.append("".join(_shown(line)))
    return words("\n".join(texts))


def _shown(element):
    for part in element.iter():
        if part.tag == f"{_W}t":
            yield part.text or ""
        elif part.tag in (f"{_W}tab", f"{_W}br"):
            yield " "


def words_of_python_docx(path: Path) -> Counter[str]:
    document = docx.Document(str(path))
    found = [p.text for p in document.paragraphs]
    found += [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return words("\n".join(found))


# Words that no typing slip, rule or page number could be taken for.
vocabulary = st.lists(
    st.sampled_from("kế hoạch nhiệm vụ chỉ tiêu xã phường sở ngành Đảng ủy UBND 95% 2026".split()),
    min_size=1,
    max_size=8,
).map(" ".join)
runs = st.lists(vocabulary, min_size=1, max_size=3).map(
    lambda parts: "<w:p>" + "".join(run(f"{p} ") for p in parts) + "</w:p>"
)
wrapped = runs.map(lambda p: f"<w:sdt><w:sdtContent>{p}</w:sdtContent></w:sdt>")
flat = st.one_of(runs, wrapped, vocabulary.map(paragraph))
cells = st.lists(flat, min_size=1, max_size=3).map("".join)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=4).map(
    lambda rows: table(*rows)
)
nested = st.tuples(cells, tables, cells).map(lambda t: table([t[0] + t[1] + "<w:p/>", t[2]]))
boxed = st.tuples(vocabulary, vocabulary).map(
    lambda t: (
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph(t[0])}</w:txbxContent>"
        f"</v:textbox></w:pict></w:r></w:p>{paragraph(t[1])}"
    )
)
bodies = st.lists(st.one_of(flat, tables, nested, boxed), max_size=8).map("".join)


@few
@given(body=bodies)
def test_any_word_file_gives_every_word_once(tmp_path_factory, body):
    path = save(tmp_path_factory.mktemp("w") / "kh.docx", word(body))

    assert read_words(path) == words_of_xml(path)


def test_seed_in_word_gives_the_words_python_docx_sees(tmp_path):
    path = make_docx(tmp_path / "kh.docx")

    assert read_words(path) == words_of_python_docx(path) == words_of_xml(path)


def shared_word_files() -> list[Path]:
    raw = Path(__file__).parents[3] / "shared" / "corpus" / "raw"
    return sorted(raw.glob("*.doc"))


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("path", shared_word_files(), ids=lambda p: p.name)
def test_real_word_file_gives_every_word_once(tmp_path, path):
    made = office(path, "docx", tmp_path)

    kept = read_words(made)

    missing = words_of_xml(made) - kept
    assert not missing


class _Words(HTMLParser):
    """The words of a page as the standard library sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag, attrs):
        self.unseen += tag in ("script", "style", "title")
        self.parts.append("" if tag in ("b", "i", "a", "span") else " ")

    def handle_endtag(self, tag):
        self.unseen -= tag in ("script", "style", "title")
        self.parts.append("" if tag in ("b", "i", "a", "span") else " ")

    def handle_data(self, data):
        self.parts.append("" if self.unseen else data)


def words_of_page(text: str) -> Counter[str]:
    reader = _Words()
    reader.feed(text)
    return words("".join(reader.parts))


inline = st.tuples(st.sampled_from(["b", "i", "a", "span"]), vocabulary).map(
    lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"
)
phrase = st.lists(st.one_of(vocabulary, inline), min_size=1, max_size=4).map(" ".join)
element = st.tuples(st.sampled_from(["p", "div", "h2", "section", "blockquote"]), phrase).map(
    lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"
)
page_cells = st.lists(st.lists(st.one_of(phrase, element), min_size=1, max_size=4), min_size=1).map(
    lambda rows: (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        + "</table>"
    )
)
outer = page_cells.map(lambda t: f"<table><tr><td>khung {t} cuối</td><td>bên</td></tr></table>")
pages = st.lists(st.one_of(phrase, element, page_cells, outer), min_size=1, max_size=6).map("".join)


@few
@given(body=pages)
def test_any_web_page_gives_every_word_once(tmp_path_factory, body):
    text = f"<html><head><title>t</title></head><body>{body}</body></html>"
    path = tmp_path_factory.mktemp("h") / "kh.html"
    path.write_text(text, encoding="utf-8")

    assert read_words(path) == words_of_page(text)


cell_words = st.one_of(st.just(""), vocabulary)
grids = st.lists(st.lists(cell_words, min_size=1, max_size=5), min_size=1, max_size=8)


@few
@given(grid=grids)
def test_any_workbook_gives_every_word_once(tmp_path_factory, grid):
    rows = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{"ABCDE"[c]}{r}" t="inlineStr"><is><t>{text}</t></is></c>'
            for c, text in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate([["nhiệm vụ", "chủ trì"], *grid], start=1)
    )
    path = save(tmp_path_factory.mktemp("x") / "pl.xlsx", workbook({"Một": sheet(rows)}))
    assert read_words(path) == words(
        " ".join(["nhiệm vụ chủ trì", *(text for row in grid for text in row)])
    )
