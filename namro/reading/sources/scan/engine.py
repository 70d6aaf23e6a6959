"""Tesseract with its best Vietnamese model, shipped with the program: grey picture → words.

One engine for each process; a picture that takes too long is given up in time, and said to be.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from itertools import chain, pairwise
from math import ceil, floor
from pathlib import Path
from typing import Any

from namro.reading.sources.layout import Word
from namro.reading.sources.scan import numerals, signs

MAX_MILLISECONDS = 150_000  # by the clock: a page takes seconds where the machine is free
_MODEL = Path(__file__).parents[2] / "tessdata"
_LOCK = threading.Lock()
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
_KEPT, _LARGE = 256_000_000, 32_000_000  # bytes free that are kept; of a piece taken by itself
_Box = tuple[int, int, int, int]
_Picture = Callable[[], Any]
_LIKE_DOTS = frozenset("»«+se¢ø®©@")  # what a dot before an item is taken for
_FOREIGN = str.maketrans("ŸÿÄäËëÏïÖöÜüÅå", "YyAaEeIiOoUuAa")  # no letters of Vietnamese
_NO_WORD = Word("", (0, 0, 0, 0), False, 0.0)  # stands behind the last one
_NOISE = frozenset("|_.,'`‘’“”\"~-—–=:;*°•\\/^")


class TooSlow(Exception):
    """A picture was not recognised in MAX_MILLISECONDS: of its words only some are known."""


@cache
def _engine() -> Any:
    os.environ["OMP_THREAD_LIMIT"] = "1"  # pages run side by side, not lines
    _keep_freed_memory()
    import tesserocr

    engine = tesserocr.PyTessBaseAPI(path=str(_MODEL), lang="vie", psm=tesserocr.PSM.SINGLE_COLUMN)
    engine.SetVariable("invert_threshold", "0")  # white on black is no writing of these papers
    return engine


def _keep_freed_memory() -> None:
    """What one line needed serves the next: given back at once, a page's lines would ask the system
    for ten thousand pieces of memory more, each of them emptied first."""
    with suppress(OSError, AttributeError):  # not glibc
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_TRIM_THRESHOLD, _KEPT)
        allocator.mallopt(_MMAP_THRESHOLD, _LARGE)


def load() -> None:
    """Load the engine and the libraries that pages are prepared with, for processes forked then."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no sums here that would want threads
    import numpy  # noqa: F401
    from PIL import Image, ImageDraw  # noqa: F401

    _engine()


def words_of(grey: Any, dpi: float, *, block: bool = False, shown: float = 1.0) -> list[Word]:
    """The words of a grey Pillow picture with boxes in pixels and confidence 0–1.

    `block` reads it as one block of even lines (a column of cells, a page of running text), else
    as a page's column. `shown`: the engine sees the picture so much smaller, both ways; narrower
    alone would lose numbers. Raises TooSlow.
    """
    import tesserocr

    seen = grey
    if shown != 1:
        seen = grey.resize(tuple(max(1, round(side * shown)) for side in grey.size))
    with _LOCK:
        engine = _engine()
        engine.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK if block else tesserocr.PSM.SINGLE_COLUMN)
        engine.SetImage(seen)
        engine.SetSourceResolution(round(dpi * shown))
        try:
            began = time.monotonic()
            whole = engine.Recognize(MAX_MILLISECONDS)  # not, too, where there is nothing to read
            if not whole and time.monotonic() - began >= MAX_MILLISECONDS / 1000:
                raise TooSlow
            return list(_with_stops(_words(engine, grey, shown)))
        finally:
            engine.Clear()


def _with_stops(words: Iterable[tuple[Word, bool]]) -> Iterator[Word]:
    """The words, numbers at the beginning of a line with their stop as the next word tells it."""
    for (word, first), (after, new) in pairwise(chain(words, [(_NO_WORD, True)])):
        text = signs.stop_of_number(word.text, "" if new else after.text) if first else word.text
        yield replace(word, text=text)


def _words(engine: Any, grey: Any, shown: float) -> Iterator[tuple[Word, bool]]:
    """The words, and which begin a line; the engine saw the picture `shown` times as large."""
    import tesserocr

    level, line = tesserocr.RIL.WORD, tesserocr.RIL.TEXTLINE
    found = engine.GetIterator()
    if found is None:
        return
    for word in tesserocr.iterate_level(found, level):
        text = unicodedata.normalize("NFC", _text(word, level))
        box = _as_given(word.BoundingBox(level), shown)
        if not text or box is None:
            continue
        confidence = round(max(0.0, min(1.0, word.Confidence(level) / 100)), 2)
        first = word.IsAtBeginningOf(line)
        noise = all(c in _NOISE for c in text) and (first or confidence < 0.6)
        picture = partial(_cut, grey, box)
        if noise and not (confidence >= 0.6 and not text.strip("|")):
            text = signs.item_sign(picture()) if first else ""
            if not text:
                continue
        text, confidence = _by_its_picture(text, confidence, picture)
        text = _opening(text, picture) if first else text
        for i, part in enumerate(_parted(text, box, confidence, picture)):
            yield part, first and i == 0


def _cut(grey: Any, box: _Box) -> Any:
    """The picture of one word, as an array: few words need it."""
    import numpy as np

    return np.asarray(grey.crop(box))


def _by_its_picture(text: str, confidence: float, picture: _Picture) -> tuple[str, float]:
    """A word with the signs that the engine does not know, and how sure it is then."""
    sure = 1.0
    if ">" in text or "<" in text:
        text, sure = signs.with_bars(text, picture())
    if numerals.is_one(text):
        text, sure = numerals.counted(text, picture())
    if "QH" in text and text != signs.single_stroke(text):
        text, sure = signs.single_stroke(text), min(sure, signs.MENDED)
    return text, min(confidence, sure)


def _as_given(box: _Box | None, shown: float) -> _Box | None:
    """A box of the picture that the engine saw, in that which it was given."""
    if box is None or shown == 1:
        return box
    left, top, right, bottom = (edge / shown for edge in box)
    return floor(left), floor(top), ceil(right), ceil(bottom)


def _text(word: Any, level: Any) -> str:
    try:
        return str(word.GetUTF8Text(level) or "").strip().translate(_FOREIGN)
    except RuntimeError:  # the engine's way to say that a box holds no text
        return ""


def _opening(text: str, picture: _Picture) -> str:
    """The first word of a line, mended where it is a number or a dot before an item."""
    if len(text) <= 2 and text[0] in _LIKE_DOTS:
        return signs.item_sign(picture(), full=True) or text
    return signs.tidy_number(text)


def _parted(text: str, box: _Box, confidence: float, picture: _Picture) -> Iterator[Word]:
    """One word, or the syllables that were read as one, parted at the widest gap."""
    left, top, right, bottom = (float(edge) for edge in box)
    width = (right - left) / max(1, len(text))
    seams = signs.seams(text) and signs.seams(text, signs.widest_gap(picture()))
    for start, end in pairwise([0, *seams, len(text)]):
        part = (left + width * start, top, left + width * end, bottom)
        once = signs.undoubled(text[start:end])
        sure = confidence if once == text[start:end] else min(confidence, signs.MENDED)
        yield Word(once, part, False, sure)
