"""Web pages (.html, .mht): paragraphs and tables in the order of the file.

Pages saved from law sites bring menus along: they stay in place, as paragraphs of their own. Tables
that only lay out the page are walked through; those of data become cells.
"""

from __future__ import annotations

import re
import unicodedata
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from namro.reading.blocks import Block, Cell, Piece
from namro.reading.sources import notices, refusals
from namro.reading.sources.encodings import text_of
from namro.reading.sources.sourced import Source
from namro.reading.sources.word.numbering import in_form

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark nobr o:p q s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_BOLD = frozenset("b strong h1 h2 h3 h4 h5 h6 th".split())
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.I)
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
MAX_CELLS = 200_000


def read(path: Path, raw: bytes) -> Source:
    """The blocks of a web page. Raises UnreadableDocument."""
    raw, said = _html_of(path.name, raw)
    text, encoding = text_of(raw, path.name, said)
    page = _Page(path.name)
    page.walk(_tree(path.name, text), bold=False)
    page.end()
    told = (notices.old_encoding(path.name, encoding),) if encoding else ()
    return Source(tuple(page.blocks), 1, 0, "html", False, told)


def _html_of(file: str, raw: bytes) -> tuple[bytes, str]:
    """The page itself, out of a web archive where it is one, and the encoding it names."""
    if b"MIME-Version:" in raw[:8192] and b"<html" not in raw[:200].lower():
        try:
            message = message_from_bytes(raw, policy=policy.compat32)
            for part in message.walk():
                if part.get_content_type() == "text/html":
                    content = part.get_payload(decode=True)
                    if isinstance(content, bytes) and content.strip():
                        return content, _named(content) or str(part.get_content_charset() or "")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as why:
            raise refusals.damaged(file) from why
        raise refusals.damaged(file)
    return raw, _named(raw)


def _named(raw: bytes) -> str:
    found = _CHARSET.search(raw[:4096])
    return found[1].decode("ascii") if found else ""


def _tree(file: str, text: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as why:
        raise refusals.damaged(file) from why
    if root is None:
        raise refusals.empty(file)
    return root


class _Page:
    """Walks elements; gathers words until a paragraph ends."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._line: int | None = None
        self._letters = self._bold = 0
        self._tables = 0
        self._sign = ""
        self._counts: dict[Any, int] = {}

    def walk(self, element: Any, *, bold: bool) -> None:
        """An element and all in it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _UNSEEN or not tag:
            return
        if tag == "table" and _is_data(element):
            self.end()
            self._rows(element)
            return
        if tag == "br":
            self.end()
        own = tag not in _INLINE
        if own:
            self.end()
        if tag == "li":
            self._sign = self._sign_of(element)
        bold = bold or tag in _BOLD or _is_set_bold(element)
        self._put(element.text, element, bold, pre=tag == "pre")
        for child in element:
            self.walk(child, bold=bold)
            self._put(child.tail, element, bold, pre=tag == "pre")
        if own:
            self.end()

    def _put(self, text: str | None, element: Any, bold: bool, *, pre: bool) -> None:
        if not text:
            return
        for i, part in enumerate(text.split("\n") if pre else [text]):
            if i:
                self.end()
            if not self._words and part.strip():
                self._line = element.sourceline
            self._words.append(part)
            if any(c.isalnum() for c in part):
                self._letters += 1
                self._bold += bold

    def end(self, cell: Cell | None = None) -> None:
        """The words so far become a block."""
        text = _tidy("".join(self._words))
        if re.search(r"[^\W_]|%", text) or text == "*":
            if self._sign and not text.startswith(self._sign):
                text = f"{self._sign} {text}"
            self._sign = ""
            pieces = (Piece(0, len(text), 1, line=self._line),)
            bold = self._letters > 0 and self._letters == self._bold
            self.blocks.append(Block(0, text, 1, self.file, pieces, cell, bold))
        self._words, self._line, self._letters, self._bold = [], None, 0, 0

    def _sign_of(self, item: Any) -> str:
        """What a browser shows before an item of a list: "-" for a bullet, its count else."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return "-"
        count = self._counts.get(parent, _whole(parent.get("start")) - 1)
        self._counts[parent] = count = _whole(item.get("value"), count + 1)
        form = _FORMS.get(parent.get("type") or "", "decimal")
        return f"{in_form(count, form)}{')' if form == 'lowerLetter' else '.'}"

    def _rows(self, element: Any) -> None:
        table, self._tables = self._tables, self._tables + 1
        for part in element:  # a caption stands before the rows
            if part.tag == "caption":
                self.walk(part, bold=False)
        held: dict[int, int] = {}  # column → rows for which a cell above still holds it
        for i, row in enumerate(element.iter("tr")):
            column = 0
            cells = [c for c in row if c.tag in ("td", "th")]
            taken = {c: n - 1 for c, n in held.items() if n > 1}
            for cell in cells:
                while held.get(column, 0) > 0:
                    column += 1
                span, down = _whole(cell.get("colspan")), _whole(cell.get("rowspan"))
                self._gather(cell, bold=cell.tag == "th")
                self.end(Cell(table, i, column, span, down))
                for c in range(column, column + span):
                    taken[c] = down - 1
                column += span
            held = taken

    def _gather(self, element: Any, *, bold: bool) -> None:
        """All words of a cell as one text, its paragraphs parted by blanks."""
        self._put(element.text, element, bold, pre=False)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag and tag not in _UNSEEN:
                apart = tag not in _INLINE
                self._words.append(" " if apart else "")
                if tag == "li":
                    self._words.append(f"{self._sign_of(child)} ")
                self._gather(child, bold=bold or tag in _BOLD or _is_set_bold(child))
                self._words.append(" " if apart else "")
            self._put(child.tail, element, bold, pre=False)


def _tidy(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", " ", unicodedata.normalize("NFC", text)).strip()


def _is_set_bold(element: Any) -> bool:
    style = element.get("style")
    return bool(style) and bool(re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", style, re.I))


def _is_data(table: Any) -> bool:
    """Whether a table holds data: none inside it, and rows of more than one cell; all its words
    in its cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = list(table.iter("tr"))
    if not any(sum(c.tag in ("td", "th") for c in row) > 1 for row in rows):
        return False
    loose = [table.text, *(e.tail for e in table.iterdescendants() if e.getparent().tag in _FRAME)]
    loose += [e.text for e in table.iterdescendants(*_FRAME - {"table"})]
    strange = any(
        e.tag not in ("td", "th") and e.getparent().tag == "tr" for e in table.iterdescendants()
    )
    return not strange and not any((text or "").strip() for text in loose)


_FRAME = frozenset({"table", "tbody", "thead", "tfoot", "tr", "colgroup"})


def _whole(value: str | None, default: int = 1) -> int:
    fits = value and value.strip().isascii() and value.strip().isdigit() and len(value) < 4
    return max(1, int(value)) if value and fits else default
