"""A .docx that holds nothing but photographs of pages: the pictures are read instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from namro.reading.sources.kinds import IMAGES
from namro.reading.sources.sourced import Progress, Source
from namro.reading.sources.zipped import Zipped

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_LEAST_BYTES = 20_000  # a page's photograph, not a logo or a line
MAX_PICTURES = 200


def read(
    path: Path, packed: Zipped, main: str, body: Any, progress: Progress | None
) -> list[Source]:
    """What stands on each picture large enough to be a page, in the order of the text."""
    from namro.reading.sources import scan

    related = packed.related(main)
    names: dict[str, None] = {}
    for element in body.iter(f"{_A}blip", f"{_V}imagedata"):
        key = element.get(f"{_R}embed") or element.get(f"{_R}id") or ""
        kind, name = related.get(key, ("", ""))
        if kind == "image" and name in packed:
            names[name] = None
    found = []
    for name in list(names)[:MAX_PICTURES]:
        raw = packed.read(name)
        if len(raw) >= _LEAST_BYTES and raw.startswith(IMAGES):
            found.append(scan.read_image(path, raw, progress))
    return found
