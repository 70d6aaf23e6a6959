"""Pages made for the tests: PDF by typst, and pictures of them as a scanner would give them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import typst
from PIL import Image, ImageChops, ImageDraw

FONTS = next((Path(__file__).parents[2] / "namro" / "writing").rglob("*.ttf")).parent
HEAD = '#set page(width: 595pt, height: 842pt, margin: 60pt)\n#set text(font: "Liberation Serif", '


def make_pdf(out: Path, body: str, *, size: int = 13) -> Path:
    """A PDF of typst source, in the type that official papers have."""
    source = f"{HEAD}size: {size}pt)\n{body}"
    out.write_bytes(typst.compile(source.encode(), font_paths=[str(FONTS)]))
    return out


def picture_of(pdf: Path, page: int = 1, *, dpi: int = 200) -> Image.Image:
    """A page of a PDF as a picture."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return picture


def stamped(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The picture with a round red stamp over part of it."""
    ink = Image.new("RGB", picture.size, "white")
    ImageDraw.Draw(ink).ellipse(box, outline=(225, 40, 50), width=14)
    return ImageChops.multiply(picture, ink)


def save_scan(out: Path, *pictures: Image.Image, dpi: int = 200) -> Path:
    """Pictures as the pages of a PDF without a text layer, or of a TIFF."""
    kind = {"dpi": (dpi, dpi)} if out.suffix == ".tif" else {"resolution": dpi}
    pictures[0].save(out, save_all=True, append_images=pictures[1:], **kind)
    return out
