"""Scans and photographs: raster → red channel → Tesseract, one page a call, confidence per word.

The red channel, because a red stamp over the signature vanishes in it. Tesseract's Vietnamese
model has no ≥ and ≤: it reads > and <, and the bar below is looked for in the pixels.
"""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from namro.reading.sources import Progress, Source, damaged
from namro.reading.sources.layout import Page, Word, blocks_of
from namro.reading.unreadable import UnreadableDocument

DPI = 300
MAX_PIXELS = 80_000_000
_MODEL = Path(__file__).parents[1] / "tessdata"


def read_image(path: Path, raw: bytes, progress: Progress | None) -> Source:
    """An image file (several frames of a TIFF are several pages)."""
    from PIL import Image, ImageSequence, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    pages: list[Page] = []
    try:
        with Image.open(io.BytesIO(raw)) as image:
            count = getattr(image, "n_frames", 1)
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                dpi = _dpi_of(frame.size, frame.info.get("dpi"))
                pages.append(_read(frame.convert("RGB"), number, dpi))
                if progress:
                    progress("Nhận dạng chữ", number, count)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
        raise UnreadableDocument(
            "TOO_LARGE", path.name, "ảnh quá lớn.", "Hãy quét lại ở độ phân giải 200–300 dpi."
        ) from why
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as why:
        raise damaged(path.name) from why
    return Source(tuple(blocks_of(pages, path.name)), len(pages), len(pages), "tesseract", True)


def read_page(page: Any, number: int) -> Page:
    """A page of a PDF that is a picture, read at 300 dpi."""
    width, height = page.get_size()
    scale = DPI / 72
    if width * height * scale * scale > MAX_PIXELS:
        scale = (MAX_PIXELS / (width * height)) ** 0.5
    image = page.render(scale=scale).to_pil().convert("RGB")
    return _read(image, number, 72 * scale)


def _dpi_of(size: tuple[int, int], said: Any) -> float:
    """The resolution: as the file says where that makes a sensible page, else as for A4."""
    if said and float(said[0]) >= 72 and 4 < size[0] / float(said[0]) < 20:
        return float(said[0])
    return max(72.0, min(size) / 8.27)


def _read(image: Any, number: int, dpi: float) -> Page:
    import tesserocr

    os.environ["OMP_THREAD_LIMIT"] = "1"
    red = image.split()[0]
    scale = 72 / dpi
    width, height = image.size
    with tesserocr.PyTessBaseAPI(
        path=str(_MODEL), lang="vie", psm=tesserocr.PSM.SINGLE_COLUMN
    ) as engine:
        engine.SetImage(red)
        engine.SetSourceResolution(int(dpi))
        engine.Recognize()
        words = list(_words(engine, red, scale))
    return Page(number, width * scale, height * scale, words)


def _words(engine: Any, image: Any, scale: float) -> Iterator[Word]:
    import tesserocr

    level = tesserocr.RIL.WORD
    for found in tesserocr.iterate_level(engine.GetIterator(), level):
        text = (found.GetUTF8Text(level) or "").strip()
        box = found.BoundingBox(level)
        if not text or box is None:
            continue
        confidence = found.Confidence(level) / 100
        if confidence < 0.2 and not any(c.isalnum() for c in text):
            continue
        if any(c in "><" for c in text):
            text = _with_bars(text, box, image)
        points = tuple(edge * scale for edge in box)
        yield Word(
            unicodedata.normalize("NFC", text),
            (points[0], points[1], points[2], points[3]),
            False,
            round(max(0.0, min(1.0, confidence)), 2),
        )


def _with_bars(text: str, box: tuple[int, int, int, int], image: Any) -> str:
    """A ">" over a bar is "≥": a dark run of over 62 % of the width in its lowest sixth."""
    import numpy as np

    part = np.asarray(image.crop(box)) < 140
    inks = _signs(part)
    out = ""
    for i, char in enumerate(text):
        if char in "><" and len(inks) >= len(text) - text.count(" "):
            left, right = inks[min(i, len(inks) - 1)]
            out += _barred(char, part[:, left:right])
        elif char in "><":
            out += _barred(char, part)
        else:
            out += char
    return out


def _signs(part: Any) -> list[tuple[int, int]]:
    """The columns of each sign of a word: runs of columns that hold ink."""
    ink = part.any(axis=0)
    runs: list[tuple[int, int]] = []
    start = -1
    for x, dark in enumerate([*ink.tolist(), False]):
        if dark and start < 0:
            start = x
        elif not dark and start >= 0:
            runs.append((start, x))
            start = -1
    return runs


def _barred(char: str, sign: Any) -> str:
    rows = sign.any(axis=1).nonzero()[0]
    if len(rows) < 6:
        return char
    sign = sign[rows[0] : rows[-1] + 1]
    lowest = sign[-max(1, len(sign) // 6) :]
    longest = max(_longest_run(row.tolist()) for row in lowest)
    barred = longest > 0.62 * sign.shape[1]
    return {">": "≥", "<": "≤"}[char] if barred else char


def _longest_run(row: list[bool]) -> int:
    longest = run = 0
    for dark in row:
        run = run + 1 if dark else 0
        longest = max(longest, run)
    return longest


def read_pages(
    path: Path, raw: bytes, numbers: list[int], progress: Progress | None
) -> dict[int, Page]:
    """Pages of a PDF that are pictures."""
    from namro.reading.sources import pdfium

    out = {}
    document = pdfium.opened(path, raw)
    for done, number in enumerate(numbers, start=1):
        out[number] = read_page(document[number - 1], number)
        if progress:
            progress("Nhận dạng chữ", done, len(numbers))
    return out
