"""The parts of a .docx file: body, styles, lists, headers and footers, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from namro.reading.sources import old_fonts, refusals
from namro.reading.sources.word.names import TEXT, R, W
from namro.reading.sources.zipped import Zipped

_MAIN = re.compile(
    rb'PartName="/?([^"]{1,200})"[^>]*ContentType="[^"]*'
    rb"(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroEnabled)"
    rb'\.main\+xml"|'
    rb'ContentType="[^"]*(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)'
    rb'\.macroEnabled)\.main\+xml"[^>]*PartName="/?([^"]{1,200})"'
)


@dataclass
class Parts:
    """What a reading needs of the package: elements of lxml, None where there is no such part."""

    body: Any
    packed: Zipped
    main: str
    styles: Any = None
    numbering: Any = None
    margins: list[Any] = field(default_factory=list)
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)
    comments: int = 0
    macros: bool = False
    old_fonts: bool = False


def main_part(packed: Zipped) -> str | None:
    """The name of the part that holds the text; None when this is no .docx."""
    if "[Content_Types].xml" in packed:
        found = _MAIN.search(packed.read("[Content_Types].xml"))
        name = (found[1] or found[2]).decode("utf-8", "replace") if found else ""
        if name in packed:
            return name
    return "word/document.xml" if "word/document.xml" in packed else None


def opened(file: str, raw: bytes) -> Parts:
    """The parts of a .docx. Raises UnreadableDocument."""
    packed = Zipped(raw, file)
    main = main_part(packed)
    if main is None:
        raise refusals.not_a_document(file)
    root = packed.xml(main)
    body = root.find(f"{W}body")
    if body is None:
        raise refusals.damaged(file)
    parts = Parts(body, packed, main)
    related = {i: (k, n) for i, (k, n) in packed.related(main).items() if n in packed}
    by_kind: dict[str, str] = {}
    for kind, name in related.values():
        by_kind.setdefault(kind, name)
    for kind in ("styles", "numbering"):
        if kind in by_kind:
            setattr(parts, kind, packed.xml(by_kind[kind]))
    for kind in ("footnote", "endnote"):
        if f"{kind}s" in by_kind:
            for note in packed.xml(by_kind[f"{kind}s"]).findall(f"{W}{kind}"):
                parts.notes[kind, note.get(f"{W}id") or ""] = note
    if "comments" in by_kind:
        parts.comments = len(packed.xml(by_kind["comments"]).findall(f"{W}comment"))
    parts.margins = _margins(root, packed, related)
    parts.macros = any(name.endswith("vbaProject.bin") for name in packed)
    parts.old_fonts = _old_fonts(parts)
    return parts


def _margins(root: Any, packed: Zipped, related: dict[str, tuple[str, str]]) -> list[Any]:
    """The headers and footers that sections use, each once, in order."""
    names: dict[str, None] = {}
    for reference in root.iter(f"{W}headerReference", f"{W}footerReference"):
        found = related.get(reference.get(f"{R}id") or "")
        if found:
            names[found[1]] = None
    return [packed.xml(name) for name in names]


def _old_fonts(parts: Parts) -> bool:
    """Whether fonts of an old encoding are named, and the text set in them is no Unicode yet.

    Many a text was turned to Unicode and kept its old font's name.
    """
    named = False
    for element in (parts.body, parts.styles):
        fonts = element.iter(f"{W}rFonts") if element is not None else ()
        named = named or any(
            old_fonts.encoding_of_font(v) for f in fonts for v in f.attrib.values()
        )
    if not named:
        return False
    return not old_fonts.is_unicode_already("".join(t.text or "" for t in parts.body.iter(TEXT)))
