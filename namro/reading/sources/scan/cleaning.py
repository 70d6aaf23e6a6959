"""A page picture made fit for recognition: red channel, upright, straight; more only when needed.

The red channel, because a red stamp over the signature vanishes in it. Despeckling, evening out the
light and enlarging help a bad scan and harm a good one, so they are for bad ones only.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from namro.reading.sources.scan.levelling import levelled

GOOD_DPI = 180
_SMALL_DPI = 90
_SKEW_DPI = 60
_SAMPLED = 600  # rows and columns that tell the tone of the paper
_GAP_DPI, _FEW_DOTS, _WIDE_INCHES, _BESIDE = 50, 4, 0.4, 0.05
_INK = 0.72  # of the paper's brightness
_BLANK = 0.0008


def grey_of(picture: Any) -> Any:
    """The red channel of a picture as a grey one."""
    return picture if picture.mode == "L" else picture.convert("RGB").getchannel("R")


def ink_of(grey: Any) -> Any:
    """Where there is ink, as an array of booleans: darker than the paper by a clear measure."""
    import numpy as np

    pixels = np.asarray(grey)
    return pixels < _INK * paper_of(grey)


def paper_of(grey: Any) -> int:
    """The brightness of the paper: the tone that most of the brighter half has."""
    from PIL import Image

    step = max(1, min(grey.size) // _SAMPLED)
    some = grey.resize((grey.width // step, grey.height // step), Image.Resampling.NEAREST)
    counts = (some if step > 1 else grey).histogram()
    return max(range(128, 256), key=counts.__getitem__)


def is_blank(grey: Any, dpi: float) -> bool:
    """Whether a page holds no words: next to no ink away from its edges."""
    small = grey.reduce(max(1, round(dpi / _SMALL_DPI)))
    ink = ink_of(small)
    rim_y, rim_x = ink.shape[0] // 25, ink.shape[1] // 25
    inner = ink[rim_y : -rim_y or None, rim_x : -rim_x or None]
    return float(inner.mean()) < _BLANK if inner.size else True


def lies_on_side(grey: Any, dpi: float) -> bool:
    """Whether lines of text seem to run up and down: columns of ink alternate more than rows do."""
    ink = ink_of(grey.reduce(max(1, round(dpi / _SMALL_DPI))))
    return _alternation(ink.T) > 2 * _alternation(ink)


def runs_through(grey: Any, dpi: float) -> bool:
    """Whether a straight page is running text alone, with nothing side by side: no head of two
    columns, no signature beside the recipients, no table without lines."""
    import numpy as np

    scale = max(1, round(dpi / _GAP_DPI))
    ink = ink_of(grey.reduce(scale))
    rim_y, rim_x = ink.shape[0] // 25, ink.shape[1] // 25
    ink = ink[rim_y : -rim_y or None, rim_x : -rim_x or None]
    rows = np.flatnonzero(ink.sum(axis=1) >= _FEW_DOTS)
    gap = _WIDE_INCHES * dpi / scale
    beside = 0
    for row in rows.tolist():
        inked = np.flatnonzero(ink[max(0, row - 2) : row + 3].any(axis=0))
        beside += int(np.diff(inked, prepend=inked[0]).max() >= gap)
    return beside < _BESIDE * len(rows)


def _alternation(ink: Any) -> float:
    """How much the rows of ink differ from one to the next: much where they are lines of text."""
    import numpy as np

    return float(np.square(np.diff(ink.sum(axis=1, dtype="float64"))).sum())


def skew_of(grey: Any, dpi: float) -> float:
    """By how many degrees, counter-clockwise, the picture must be turned to stand straight."""
    import numpy as np

    ink = ink_of(grey.reduce(max(1, round(dpi / _SKEW_DPI))))
    down, across = (at - size // 2 for at, size in zip(ink.nonzero(), ink.shape, strict=True))
    half = int(np.hypot(*ink.shape)) // 2 + 2

    @cache
    def straightness(angle: float) -> float:
        """How much the rows differ, whether they begin at one pixel or half a pixel on."""
        turn = np.radians(angle)
        rows = down * np.cos(turn) - across * np.sin(turn) + half
        counts = (np.bincount((rows + on).astype("int64")) for on in (0.0, 0.5))
        return float(sum(np.square(np.diff(inked)).sum() for inked in counts))

    angle = max((step * 0.5 for step in range(-6, 7)), key=straightness)
    for step in (0.25, 0.1, 0.05):
        angle = max((round(angle + turn, 2) for turn in (-step, 0, step)), key=straightness)
    return angle


def straightened(grey: Any, angle: float) -> Any:
    """The picture turned about its centre, the corners filled with paper."""
    return levelled(grey, angle, paper_of(grey))


def cleaned(grey: Any, dpi: float) -> tuple[Any, float]:
    """A bad scan despeckled, with even light, at 300 dpi; and that resolution."""
    import numpy as np
    from PIL import Image, ImageFilter

    pixels = np.asarray(_without_specks(grey), dtype="float32")
    around = max(3, round(dpi / 8))
    tiny = (
        grey.reduce(4).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(around / 4))
    )
    light = np.asarray(tiny.resize(grey.size, Image.Resampling.BILINEAR), dtype="float32")
    even = np.clip(pixels / np.maximum(light, 32) * 255, 0, 255).astype("uint8")
    scale = max(1.0, 300 / dpi)
    size = round(grey.width * scale), round(grey.height * scale)
    larger = Image.fromarray(even).resize(size, Image.Resampling.BICUBIC)
    return larger.filter(ImageFilter.GaussianBlur(0.6)), dpi * scale


def _without_specks(grey: Any) -> Any:
    """Dots that stand alone take the tone around them."""
    import numpy as np
    from PIL import Image, ImageFilter

    pixels = np.asarray(grey)
    middle = np.asarray(grey.filter(ImageFilter.MedianFilter(3)))
    ink = ink_of(grey)
    near = np.zeros(ink.shape, dtype="uint8")
    padded = np.pad(ink, 1).astype("uint8")
    for down in range(3):
        for across in range(3):
            near += padded[down : down + ink.shape[0], across : across + ink.shape[1]]
    lone = (ink & (near <= 2)) | (~ink & (near >= 7))
    return Image.fromarray(np.where(lone, middle, pixels))
