""".docx (and .docm): paragraphs, tables and automatic numbers, in the order they are read.

`read` gives a Source. `package.py` finds the parts of the file, `styles.py` how they are set,
`numbering.py` the automatic numbers, `runs.py` the words of a paragraph, `body.py` walks it all.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from namro.reading.sources import notices, together
from namro.reading.sources.sourced import Progress, Source
from namro.reading.sources.word import package, pictures
from namro.reading.sources.word.body import Body, has_words
from namro.terms import Fault


def read(path: Path, raw: bytes, engine: str = "docx", progress: Progress | None = None) -> Source:
    """The blocks of a .docx, its pages as last laid out (1 where unsaid), and what was left out.

    Photographs of pages are read where there are no words at all. Raises UnreadableDocument.
    """
    parts = package.opened(path.name, raw)
    body = Body(path.name, parts)
    body.margins()
    body.walk(parts.body)
    told = tuple(_notices(path.name, parts, body))
    if not has_words(parts.body):
        photographed = pictures.read(path, parts.packed, parts.main, parts.body, progress)
        if photographed:
            return _of_pictures(path.name, photographed, told)
    return Source(tuple(body.blocks), body.seen.page, 0, engine, False, told)


def _of_pictures(file: str, read: list[Source], told: tuple[Fault, ...]) -> Source:
    """Each picture a page; their blocks run on."""
    whole = together(read)
    said = (*told, notices.shown_as_pictures(file, len(read)))
    return replace(whole, notices=(*said, *whole.notices))


def _notices(file: str, parts: package.Parts, body: Body) -> list[Fault]:
    seen = body.seen
    found = []
    if seen.inserted or seen.deleted:
        found.append(notices.tracked_changes(file, seen.inserted, seen.deleted))
    if seen.hidden:
        found.append(notices.hidden_text(file, seen.hidden))
    if parts.comments:
        found.append(notices.comments(file, parts.comments))
    if parts.macros:
        found.append(notices.macros(file))
    if seen.foreign:
        found.append(notices.embedded(file, seen.foreign))
    found += [notices.old_encoding(file, name) for name in sorted(seen.encodings)]
    return found
