"""No word of a document is lost, and every block stands in exactly one place of the outline."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namro.reading import UnreadableDocument, outline, read_plan, sources
from namro.reading.blocks import Block, join_cut_paragraphs, numbered
from namro.reading.sources.plain import decode
from tests.reading.making import SEED, make_docx, seed_paragraphs


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("_", " ")))


def words_of_file(path: Path) -> Counter[str]:
    """The words of a text file, without page marks, page numbers and tags."""
    kept = []
    for line in decode(path.read_bytes(), path.name).splitlines():
        mark = re.match(r"^-{2,}\s*page|^\[Extracted", line.strip())
        if not mark and not re.fullmatch(r"\s*\d{1,3}\s*", line):
            kept.append(
                re.sub(r"</?(?!image)[a-z]+[0-9]?(?:\s[^<>]*)?/?>", " ", line).replace("*", "")
            )
    return words("\n".join(kept))


def in_outline(blocks: tuple[Block, ...]) -> list[int]:
    root = outline.build(blocks)
    return [block.index for node in root.walk() for block in node.blocks]


def check_file(path: Path) -> None:
    source = sources.open_document(path)
    raw = numbered(source.blocks)
    blocks = join_cut_paragraphs(raw)
    kept = words(" ".join(block.text for block in blocks))
    kept_without_numbers = Counter({w: n for w, n in kept.items() if not w.isdigit()})
    wanted = Counter({w: n for w, n in words_of_file(path).items() if not w.isdigit()})

    assert kept_without_numbers == wanted
    assert in_outline(blocks) == [block.index for block in blocks]


def test_seed_loses_no_word():
    check_file(SEED)


def test_word_loses_no_word(tmp_path):
    blocks = sources.open_document(make_docx(tmp_path / "a.docx")).blocks

    written = words(" ".join(seed_paragraphs()).replace("*", " "))
    assert words(" ".join(b.text for b in blocks)) == written


def readable_corpus() -> list[Path]:
    raw = Path(__file__).parents[3] / "shared" / "corpus" / "raw"
    return sorted(p for p in raw.glob("*") if p.suffix in (".md", ".txt"))


@pytest.mark.parametrize("path", readable_corpus(), ids=lambda p: p.name)
def test_real_document_is_read_and_loses_no_word(path):
    check_file(path)
    try:
        plan = read_plan(path)
    except UnreadableDocument as why:
        assert why.code == "NOT_VIETNAMESE"
        return
    for found in (*plan.targets, *plan.tasks):
        place = found.place
        assert plan.blocks[place.block].text[place.start :].startswith(found.quote[:20])


RAW = Path(__file__).parents[3] / "shared" / "corpus" / "raw"


def worded(counted: Counter[str]) -> Counter[str]:
    """Without the numbers: those of pages are no words of the document."""
    return Counter({word: n for word, n in counted.items() if not word.isdigit()})


@pytest.mark.skipif(not (RAW / "051.pdf").exists(), reason="the corpus is not here")
def test_real_pdf_loses_no_word_but_running_heads():
    document = pdfium.PdfDocument(RAW / "051.pdf")
    pages = [page.get_textpage().get_text_range().splitlines() for page in document]
    document.close()
    often = Counter(line.strip() for page in pages for line in set(page))
    body = [line for page in pages for line in page if often[line.strip()] < 3]

    blocks = join_cut_paragraphs(numbered(sources.open_document(RAW / "051.pdf").blocks))

    kept = words(" ".join(block.text for block in blocks))
    assert body and not worded(words(unicodedata.normalize("NFC", "\n".join(body)))) - worded(kept)
    assert in_outline(blocks) == [block.index for block in blocks]


@pytest.mark.skipif(not (RAW / "063.doc").exists(), reason="the corpus is not here")
def test_real_doc_has_the_words_of_its_transcript():
    blocks = join_cut_paragraphs(numbered(sources.open_document(RAW / "063.doc").blocks))

    kept = words(" ".join(block.text for block in blocks))
    assert worded(kept) == worded(words_of_file(RAW / "063.txt"))
    assert in_outline(blocks) == [block.index for block in blocks]


signs = st.sampled_from(
    ["", "- ", "+ ", "1. ", "2. ", "1.1. ", "I. ", "II- ", "a) ", "(4). ", "PHỤ LỤC", "Điều 1. "]
)
paragraphs = st.lists(
    st.tuples(signs, st.text("abc ăđ.;:,()%0123456789", min_size=1, max_size=60)), max_size=25
)


@settings(max_examples=150, deadline=None)
@given(paragraphs)
def test_any_outline_holds_every_block_once(parts):
    blocks = numbered([Block(0, sign + text, 1) for sign, text in parts])

    assert sorted(in_outline(blocks)) == [block.index for block in blocks]
