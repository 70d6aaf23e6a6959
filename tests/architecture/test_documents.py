"""The documents lead somewhere: every relative link, picture and heading they name is there, and
no picture of the guide is left over; decisions are numbered one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("demo/*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?P<to>[^)\s]+)\)")


def links(document: Path) -> list[str]:
    """The targets of all links and pictures, code left out."""
    text = re.sub(
        r"^(?: {4}|```).*$|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.M
    )
    return [found["to"] for found in LINK.finditer(text)]


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+\s+(.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document):
    lost = []
    for link in links(document):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        there = (document.parent / file).resolve() if file else document
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(link)

    assert not lost


def test_every_picture_of_the_guide_is_shown():
    guide = ROOT / "docs" / "guide"
    shown = {Path(link).name for document in DOCUMENTS for link in links(document)}

    assert {p.name for p in (guide / "pictures").iterdir()} - shown == set()


def test_every_page_of_the_guide_stands_in_its_contents():
    guide = ROOT / "docs" / "guide"
    told = set(links(guide / "README.md"))

    assert {p.name for p in guide.glob("*.md")} - {"README.md"} - told == set()


def test_decisions_are_numbered_one_after_the_other():
    names = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names]
    heads = [
        int(
            re.match(r"# (\d+)\. ", (ROOT / "docs" / "decisions" / n).read_text(encoding="utf-8"))[
                1
            ]
        )
        for n in names
    ]

    assert numbers == list(range(1, len(names) + 1)) == heads
