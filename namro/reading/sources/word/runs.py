"""A paragraph of Word → its lines of words: what is shown, as it is shown.

Inserted words are taken, deleted ones not; hidden ones not either: both are counted, so that they
can be told. Of a field its result is shown, never its code. Text boxes are read apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from namro.reading.blocks import Piece
from namro.reading.sources import old_fonts, symbols
from namro.reading.sources.word.names import BOX, MATH, MC, TEXT, VAL, W
from namro.reading.sources.word.styles import PLAIN, Look, Styles, look_of


@dataclass(frozen=True)
class Line:
    """One line of a paragraph: NFC with single blanks, its pieces by page; `bold` when every
    run with letters is."""

    text: str
    pieces: tuple[Piece, ...]
    bold: bool = False


@dataclass
class Seen:
    """What the whole document was found to hold besides its words."""

    page: int = 1
    laid_out: bool = False  # pages as Word last laid them out are marked in the file
    inserted: int = 0
    deleted: int = 0
    hidden: list[str] = field(default_factory=list)
    encodings: dict[str, int] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    foreign: int = 0  # parts of other programs that hold words (altChunk)


@dataclass
class _Part:
    """A stretch of words in one type; `bold` is None where it holds no letters."""

    text: str
    page: int
    encoding: str = ""
    bold: bool | None = None


_SPACES = re.compile(r"[^\S\n]+|[\u200b\ufeff]+")


class Runs:
    """Reads paragraphs one after another; `old` says that old fonts are to be turned."""

    def __init__(self, styles: Styles, seen: Seen, *, old: bool) -> None:
        self.styles = styles
        self.seen = seen
        self.old = old
        self._parts: list[_Part] = []
        self._look = PLAIN
        self._field = 0  # inside the code of how many fields
        self._by_run: dict[str, Look] = {}

    def paragraph(self, element: Any, label: str = "") -> list[Line]:
        """The lines of one paragraph, its automatic number before the first; a heading that ran
        into the sentence before it is a line of its own."""
        style = element.find(f"{W}pPr/{W}pStyle")
        name = style.get(VAL) if style is not None else self.styles.usual
        self._look = self.styles.look(name or "")
        self._parts, self._field = [], 0
        if label:
            self._parts.append(_Part(f"{label} ", self.seen.page))
        self._walk(element)
        return [line for parts in _headings_apart(self._parts) for line in self._lines(parts)]

    def _walk(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child)
            elif tag in _LEFT_OUT:
                self._left_out(child, tag)
            elif tag in _ACTIONS:
                _ACTIONS[tag](self, child)
            elif isinstance(tag, str):
                self._walk(child)

    def _left_out(self, child: Any, tag: str) -> None:
        if tag in (f"{W}del", f"{W}moveFrom"):
            if next(child.iter(f"{W}delText", TEXT), None) is not None:
                self.seen.deleted += 1

    def _inserted(self, child: Any) -> None:
        if next(child.iter(TEXT), None) is not None:
            self.seen.inserted += 1
        self._walk(child)

    def _run(self, run: Any) -> None:
        properties = run.find(f"{W}rPr")
        look = self._look_of(properties)
        if look.hidden:
            words = "".join(t.text or "" for t in run.iter(TEXT)).strip()
            if words:
                self.seen.hidden.append(words)
            return
        first = len(self._parts)
        self._walk(run)
        encoding = old_fonts.encoding_of_font(look.font or "") if self.old else ""
        for part in self._parts[first:]:
            if part.encoding == "sign":
                part.encoding = ""
                continue
            part.text = symbols.with_signs(part.text, look.font or "")
            if look.capitals:
                part.text = part.text.upper()
            part.encoding = encoding
            if any(c.isalnum() for c in part.text):
                part.bold = bool(look.bold)

    def _look_of(self, properties: Any) -> Look:
        if properties is None:
            return self._look
        style = properties.find(f"{W}rStyle")
        look = look_of(properties)
        if style is not None:
            look = look.over(self.styles.look(style.get(VAL) or ""))
        return look.over(self._look).over(self.styles.default)

    def _put(self, text: str, encoding: str = "") -> None:
        if text and not self._field:
            self._parts.append(_Part(text, self.seen.page, encoding))

    def _text(self, child: Any) -> None:
        self._put(child.text or "")

    def _break(self, child: Any) -> None:
        if child.get(f"{W}type") == "page" and not self.seen.laid_out:
            self._put("\n")
            self.seen.page += 1
        else:
            self._put("\n")

    def _turned(self, _: Any) -> None:
        if self.seen.laid_out:
            self.seen.page += 1

    def _sign(self, child: Any) -> None:
        code = child.get(f"{W}char") or ""
        if re.fullmatch("[0-9A-Fa-f]{1,5}", code):
            self._put(symbols.sign_of(child.get(f"{W}font") or "Symbol", int(code, 16)), "sign")

    def _field_sign(self, child: Any) -> None:
        """Between the beginning of a field and its separator stands its code, not its result."""
        kind = child.get(f"{W}fldCharType")
        if kind == "begin":
            self._field += 1
        elif kind in ("separate", "end") and self._field:
            self._field -= 1

    def _note(self, child: Any) -> None:
        kind = "endnote" if child.tag == f"{W}endnoteReference" else "footnote"
        self.seen.notes.append((kind, child.get(f"{W}id") or ""))

    def _alternatives(self, element: Any) -> None:
        chosen = alternative(element)
        if chosen is not None:
            self._walk(chosen)

    def _fraction(self, element: Any) -> None:
        """A fraction of an equation on one line: "a/b"."""
        above, below = element.find(f"{MATH}num"), element.find(f"{MATH}den")
        if above is not None:
            self._walk(above)
        self._put("/", "sign")
        if below is not None:
            self._walk(below)

    def _lines(self, parts: Sequence[_Part]) -> list[Line]:
        weights = {part.bold for part in parts} - {None}
        parts = _merged(parts)
        for part in parts:
            if part.encoding:
                turned = old_fonts.decoded(part.text, part.encoding)
                if turned != part.text:
                    name = part.encoding.removesuffix("H")
                    self.seen.encodings[name] = self.seen.encodings.get(name, 0) + 1
                part.text = turned
        rows: list[list[_Part]] = [[]]
        for part in parts:
            first, *rest = part.text.replace("\u00ad", "").split("\n")
            rows[-1].append(_Part(first, part.page))
            rows += [[_Part(text, part.page)] for text in rest]
        return [replace(line, bold=weights == {True}) for line in map(_line, rows) if line.text]


_SIGN = re.compile(r"\s*(?:[a-zđ]|\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)]\s+\w")


def _headings_apart(parts: Sequence[_Part]) -> Iterator[Sequence[_Part]]:
    """A bold heading that ran into the closed sentence before it, told by its item sign, parted."""
    start, text = 0, ""
    for i, part in enumerate(parts):
        begins = part.bold and i > start and not parts[i - 1].bold
        if begins and re.search(r"[.;:]\s*$", text):
            if _SIGN.match("".join(p.text for p in parts[i:])):
                yield parts[start:i]
                start = i
        text += part.text
    yield parts[start:]


def _merged(parts: Sequence[_Part]) -> list[_Part]:
    """Neighbours on one page in one encoding made one: VNI's two signs may stand in two runs."""
    out: list[_Part] = []
    for part in parts:
        if out and out[-1].page == part.page and out[-1].encoding == part.encoding:
            out[-1] = _Part(out[-1].text + part.text, part.page, part.encoding)
        else:
            out.append(part)
    return out


def _line(parts: list[_Part]) -> Line:
    text = ""
    pieces: list[Piece] = []
    for part in parts:
        words = _SPACES.sub(" ", unicodedata.normalize("NFC", part.text))
        if not text or text.endswith(" "):
            words = words.lstrip()
        if not words:
            continue
        if pieces and pieces[-1].page == part.page:
            pieces[-1] = Piece(pieces[-1].start, len(text) + len(words), part.page)
        else:
            pieces.append(Piece(len(text), len(text) + len(words), part.page))
        text += words
    text = unicodedata.normalize("NFC", text)
    shown = text.rstrip()
    kept = tuple(Piece(p.start, min(p.end, len(shown)), p.page) for p in pieces)
    return Line(shown, tuple(p for p in kept if p.start < p.end))


def alternative(element: Any) -> Any:
    """Of a content with alternatives the one to take: the first that holds words."""
    choices = element.findall(f"{MC}Choice")
    for one in choices:
        if next(one.iter(TEXT, f"{MATH}t"), None) is not None:
            return one
    fallback = element.find(f"{MC}Fallback")
    return fallback if fallback is not None else choices[0] if choices else None


_LEFT_OUT = frozenset(
    {BOX, f"{MC}AlternateContent_"}
    | {
        f"{W}{name}"
        for name in (
            "del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "rt", "sdtPr",
            "pgNum", "annotationRef", "footnoteRef", "endnoteRef", "ffData", "smartTagPr", "tbl",
        )
    }
)  # fmt: skip

_ACTIONS: dict[str, Callable[[Runs, Any], None]] = {
    TEXT: Runs._text,
    f"{MATH}t": Runs._text,
    f"{W}tab": lambda self, _: self._put(" "),
    f"{W}ptab": lambda self, _: self._put(" "),
    f"{W}noBreakHyphen": lambda self, _: self._put("-"),
    f"{W}softHyphen": lambda self, _: self._put("\u00ad"),
    f"{W}br": Runs._break,
    f"{W}cr": Runs._break,
    f"{W}lastRenderedPageBreak": Runs._turned,
    f"{W}sym": Runs._sign,
    f"{W}fldChar": Runs._field_sign,
    f"{W}footnoteReference": Runs._note,
    f"{W}endnoteReference": Runs._note,
    f"{W}ins": Runs._inserted,
    f"{W}moveTo": Runs._inserted,
    f"{MC}AlternateContent": Runs._alternatives,
    f"{MATH}f": Runs._fraction,
}
