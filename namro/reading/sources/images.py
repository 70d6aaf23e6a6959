"""Image files as pages: frames in order, upright as the camera says, with their resolution.

Nothing is decoded before its size is known to be bearable.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from namro.reading.sources import damaged
from namro.reading.unreadable import UnreadableDocument

MAX_PIXELS = 80_000_000  # A3 at 600 dpi is 70 million
_A4_WIDTH = 8.27  # inches


@dataclass(frozen=True)
class Frame:
    """One page of an image file: its size in pixels as it is to be seen, and its resolution."""

    number: int
    width: int
    height: int
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in PDF points: pixels × 72 / dpi."""
        return self.width * 72 / self.dpi, self.height * 72 / self.dpi


class ImageFile:
    """An image file that stands open; its frames are counted from 1."""

    def __init__(self, image: Any, file: str) -> None:
        self._image = image
        self._file = file
        self.count = int(getattr(image, "n_frames", 1))

    def frame(self, number: int) -> Frame:
        """What page `number` measures. Raises UnreadableDocument where it is too large."""
        self._image.seek(number - 1)
        width, height = self._image.size
        if width * height > MAX_PIXELS:
            raise too_large(self._file, number, width, height)
        dpi = dpi_of((width, height), self._image.info.get("dpi"))
        if self._image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # orientation: lying on its side
            width, height = height, width
        return Frame(number, width, height, dpi)

    def picture(self, number: int, about: tuple[int, int] | None = None) -> Any:
        """Page `number` as an RGB picture, upright; `about` lets a JPEG be decoded smaller."""
        from PIL import ImageOps

        self.frame(number)
        if about:
            self._image.draft("RGB", about)
        upright = ImageOps.exif_transpose(self._image)
        return _on_white(upright)


def _on_white(image: Any) -> Any:
    """Paper where the picture is clear; 16 bits a channel brought to 8."""
    from PIL import Image

    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB")


@contextmanager
def opened(path: Path, raw: bytes | None = None) -> Iterator[ImageFile]:
    """The file, open. Raises UnreadableDocument for what is no sound image or is too large."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged by frame()
            with Image.open(io.BytesIO(raw) if raw is not None else path) as image:
                yield ImageFile(image, path.name)
    except Image.DecompressionBombError as why:
        raise too_large(path.name, 1) from why
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as why:
        raise damaged(path.name) from why


def too_large(file: str, number: int, width: int = 0, height: int = 0) -> UnreadableDocument:
    """The refusal of a picture with more pixels than a page can need."""
    size = f" ({width} × {height} điểm ảnh)" if width else ""
    return UnreadableDocument(
        "TOO_LARGE",
        file,
        f"ảnh ở trang {number} quá lớn{size}.",
        "Hãy quét lại ở độ phân giải 200–300 dpi.",
    )


def dpi_of(size: tuple[int, int], said: Any) -> float:
    """The resolution: as the file says where that makes a sensible page, else as for A4."""
    if said and float(said[0]) >= 72 and 4 < size[0] / float(said[0]) < 20:
        return float(said[0])
    return max(72.0, min(size) / _A4_WIDTH)
