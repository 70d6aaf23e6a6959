"""The text layer of a PDF page: its words with boxes, its ruling lines, and whether to trust it.

Everything is given as the page is shown: points, top-left origin, turned as the page says.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import pi
from typing import Any

from namro.reading.blocks import Box
from namro.reading.sources.grids import Rule
from namro.reading.sources.layout import Page, Word
from namro.reading.sources.symbols import with_signs

_MARKS = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")
_BLANKS = frozenset("\u00a0\u200b\ufffe\ufeff\x00\xad")
_THIN = 3.0
_MAX_PATHS = 20_000
_MAX_SIGNS = 60_000

Shown = Callable[[float, float], tuple[float, float]]


def shown_by(page: Any) -> Shown:
    """How a point of the page's own space stands on the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation() % 360
    if turn == 90:
        return lambda x, y: (y - bottom, x - left)
    if turn == 180:
        return lambda x, y: (right - x, y - bottom)
    if turn == 270:
        return lambda x, y: (top - y, right - x)
    return lambda x, y: (x - left, top - y)


def is_readable(words: Sequence[Word], has_picture: bool) -> bool:
    """Whether the words are the page: enough of them, and with the marks Vietnamese must have.

    A scanner's own text layer often has none ("Ke hoach") or takes signs for letters; then the
    picture is read instead.
    """
    if not has_picture:
        return True
    letters = "".join(word.text for word in words).lower()
    count = sum(c.isalpha() for c in letters)
    if count < 20:
        return False
    marked = sum(c in _MARKS for c in letters)
    odd = sum(not (c.isalnum() or c.isprintable()) or c == "\ufffd" for c in letters)
    return (count < 100 or marked >= 0.08 * count) and odd <= 0.02 * len(letters)


def read(page: Any, number: int) -> Page:
    """The words of one loaded page; a page whose lines run up or down is turned upright."""
    text = page.get_textpage()
    try:
        width, height = page.get_size()
        by_turn: dict[int, list[_Sign]] = {}
        for sign in _signs(text, shown_by(page)):
            by_turn.setdefault(sign[3], []).append(sign)
    finally:
        text.close()
    turn = max(by_turn, key=lambda t: len(by_turn[t]), default=0)
    found = Page.shown_as(number, width, height, turn)
    found.words = list(_words(by_turn.pop(turn, ()), found.upright))
    for other, signs in sorted(by_turn.items()):
        side = Page.shown_as(number, width, height, other)
        for word in _words(signs, side.upright):
            found.aside.append(replace(word, box=side.shown(word.box)))
    return found


_Sign = tuple[str, Box, bool, int]


def _signs(text: Any, shown: Shown) -> Iterator[_Sign]:
    """Each sign with its box as shown, whether it is bold, and the turn of its line in degrees."""
    import pypdfium2.raw as c

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    box_of, code_of = c.FPDFText_GetCharBox, c.FPDFText_GetUnicode
    (x, y), (u, v) = shown(0, 0), shown(1, 0)
    base = {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}[round(u - x), round(v - y)]
    bold, turn, fresh = False, base, True
    for i in range(min(_MAX_SIGNS, c.FPDFText_CountChars(text))):
        code = code_of(text, i)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        box_of(text, i, left, right, bottom, top)
        a, b = shown(left.value, bottom.value), shown(right.value, top.value)
        box = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        if char.isspace() or char in _BLANKS:
            yield " ", box, bold, turn
            fresh = True
            continue
        if fresh:
            bold = _is_bold(text, i)
            angle = c.FPDFText_GetCharAngle(text, i)
            turn = (base + _quarter(angle)) % 360
            fresh = False
        yield "-" if char == "\x02" else char, box, bold, turn


def _is_bold(text: Any, i: int) -> bool:
    """Told by the weight, or by the name where the file gives the font no weight."""
    import pypdfium2.raw as c

    if c.FPDFText_GetFontWeight(text, i) >= 600:
        return True
    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    c.FPDFText_GetFontInfo(text, i, name, 80, flags)
    return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _quarter(angle: float) -> int:
    """The nearest quarter turn, in degrees, of a clockwise angle in radians."""
    return round(angle * 2 / pi) % 4 * 90


def _words(signs: Sequence[_Sign], turned: Callable[[Box], Box]) -> Iterator[Word]:
    """Runs of signs between blanks, in the order of the file."""
    letters: list[str] = []
    boxes: list[Box] = []
    bold = False
    for char, shown, heavy, _ in signs:
        box = turned(shown)
        if letters and (char == " " or _is_apart(boxes[-1], box)):
            yield _word(letters, boxes, bold)
            letters, boxes = [], []
        if char == " ":
            continue
        if not letters:
            bold = heavy
        letters.append(char)
        boxes.append(box)
    if letters:
        yield _word(letters, boxes, bold)


def _is_apart(before: Box, box: Box) -> bool:
    """A jump to another line or far along this one: no blank was stored, but the word is over."""
    height = max(4.0, before[3] - before[1], box[3] - box[1])
    down = abs((box[1] + box[3]) / 2 - (before[1] + before[3]) / 2)
    return (
        down > 1.2 * height or box[0] - before[2] > 1.5 * height or box[0] < before[0] - 2 * height
    )


_JOINED_LETTERS = {
    ord(a): b for a, b in zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)
}


def _signed(word: str) -> str:
    """A word with the private signs of symbol fonts as Unicode. Which font it was, nobody says: one
    that stands alone and is no sign of mathematics is a bullet."""
    told = with_signs(word, "")
    alone = told != word and len(word) == 1
    return "•" if alone and told not in "≤≥±×÷°→≠≈-–" else told


def _word(letters: Sequence[str], boxes: Sequence[Box], bold: bool) -> Word:
    told = _signed("".join(letters))
    text = unicodedata.normalize("NFC", told).translate(_JOINED_LETTERS)
    return Word(
        text,
        (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        ),
        bold,
    )


def rules(page: Any, turned: Callable[[Box], Box]) -> list[Rule]:
    """The straight level and upright lines drawn on the page: strokes, and boxes as thin as one."""
    import pypdfium2.raw as c

    shown = shown_by(page)
    found: list[Rule] = []
    whole = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    waiting = [
        (c.FPDFPage_GetObject(page.raw, i), whole)
        for i in range(min(_MAX_PATHS, c.FPDFPage_CountObjects(page.raw)))
    ]
    looked = 0
    while waiting and looked < _MAX_PATHS:
        thing, above = waiting.pop()
        looked += 1
        kind = c.FPDFPageObj_GetType(thing)
        if kind == c.FPDF_PAGEOBJ_FORM and looked < _MAX_PATHS:
            matrix = _after(_matrix(thing), above)
            inside = c.FPDFFormObj_CountObjects(thing)
            waiting += [
                (c.FPDFFormObj_GetObject(thing, i), matrix) for i in range(min(inside, _MAX_PATHS))
            ]
        elif kind == c.FPDF_PAGEOBJ_PATH:
            matrix = _after(_matrix(thing), above)
            for points in _subpaths(thing, matrix):
                found += _straight([shown(*point) for point in points], turned)
    return found


_Matrix = tuple[float, float, float, float, float, float]


def _matrix(thing: Any) -> _Matrix:
    import pypdfium2.raw as c

    m = c.FS_MATRIX()
    c.FPDFPageObj_GetMatrix(thing, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _after(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _subpaths(path: Any, m: _Matrix) -> Iterator[list[tuple[float, float]]]:
    """The points of each stretch of a path, in the page's space; curves are left out."""
    import pypdfium2.raw as c

    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for i in range(min(400, c.FPDFPath_CountSegments(path))):
        segment = c.FPDFPath_GetPathSegment(path, i)
        kind = c.FPDFPathSegment_GetType(segment)
        if kind == c.FPDF_SEGMENT_BEZIERTO:
            points = []
            continue
        if kind == c.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        c.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(
            (m[0] * x.value + m[2] * y.value + m[4], m[1] * x.value + m[3] * y.value + m[5])
        )
        if c.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if points:
        yield points


def _straight(
    points: Sequence[tuple[float, float]], turned: Callable[[Box], Box]
) -> Iterator[Rule]:
    """Lines of one stretch: one where it is as thin as a line, else each level or upright side."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    whole = (min(xs), min(ys), max(xs), max(ys))
    if whole[2] - whole[0] < _THIN or whole[3] - whole[1] < _THIN:
        yield from _rule(turned(whole))
        return
    for (x, y), (u, v) in pairwise(points):
        if abs(x - u) < 1 or abs(y - v) < 1:
            yield from _rule(turned((min(x, u), min(y, v), max(x, u), max(y, v))))


def _rule(box: Box) -> Iterator[Rule]:
    wide, high = box[2] - box[0], box[3] - box[1]
    if high < _THIN and wide > high:
        yield Rule((box[1] + box[3]) / 2, box[0], box[2], True)
    elif wide < _THIN and high > wide:
        yield Rule((box[0] + box[2]) / 2, box[1], box[3], False)
