"""Documents of any length for measuring: the demonstration's plan with tables, over and over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

WORDS_A_PAGE = 480
ROWS = (
    ("Rà soát, số hóa hồ sơ còn hiệu lực", "Sở Nội vụ", "Các sở, ban, ngành", "12/2026"),
    ("Bồi dưỡng kỹ năng số cho cán bộ cấp xã", "Sở Khoa học và Công nghệ", "UBND các xã", "6/2027"),
    ("Kết nối cơ sở dữ liệu đất đai", "Sở Nông nghiệp và Môi trường", "Công an tỉnh", "2028"),
)


def paragraphs(root: Path) -> list[str]:
    """The paragraphs of the demonstration's plan, as one writes them."""
    text = (root / "demo" / "plan.txt").read_text(encoding="utf-8").replace("**", "")
    return [" ".join(part.split()) for part in text.split("\n\n") if len(part.split()) > 3]


def pieces(root: Path, pages: int) -> Iterator[str | None]:
    """Paragraphs for about that many pages; None where a table of ROWS stands."""
    words = 0
    body = paragraphs(root)
    while words < pages * WORDS_A_PAGE:
        for text in body:
            yield text
            words += len(text.split())
        yield None
        words += 60


def word_file(root: Path, pages: int, out: Path) -> Path:
    """A .docx of about `pages` pages."""
    import docx

    document = docx.Document()
    for text in pieces(root, pages):
        if text is not None:
            document.add_paragraph(text)
            continue
        table = document.add_table(rows=len(ROWS), cols=4, style="Table Grid")
        for row, said in zip(table.rows, ROWS, strict=True):
            for cell, word in zip(row.cells, said, strict=True):
                cell.text = word
    document.save(str(out))
    return out


def pdf_file(root: Path, pages: int, out: Path) -> Path:
    """A PDF with a text layer of at least `pages` pages, cut to just that many."""
    import pypdfium2
    import typst

    source = ['#set page(paper: "a4", margin: 2cm)\n#set text(font: "Liberation Serif", 13pt)\n']
    for text in pieces(root, 2 * pages):
        source.append(f"#{_quoted(text)}\n\n" if text is not None else _table())
    made = typst.compile("".join(source).encode(), font_paths=[str(_fonts(root))])
    document = pypdfium2.PdfDocument(made)
    short = pypdfium2.PdfDocument.new()
    short.import_pages(document, list(range(pages)))
    short.save(out)
    return out


def _fonts(root: Path) -> Path:
    return next((root / "namro" / "writing").rglob("*.ttf")).parent


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _table() -> str:
    cells = ",".join(f"[#{_quoted(word)}]" for row in ROWS for word in row)
    return f"#table(columns: (3fr, 2fr, 2fr, 1fr), {cells})\n\n"


def scan_file(pdf: Path, pages: int, out: Path) -> Path:
    """The first pages of a PDF as 200 dpi pictures with paper tone, noise and a little skew."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    chance = np.random.default_rng(7)
    document = pypdfium2.PdfDocument(pdf)
    pictures = []
    for i in range(pages):
        page = document[i].render(scale=200 / 72).to_pil().convert("RGB")
        page = page.rotate(0.5 * (-1) ** i, fillcolor="white", resample=Image.Resampling.BICUBIC)
        dots = np.asarray(page, dtype=float) * 0.95 + chance.normal(0, 6, (*page.size[::-1], 1))
        pictures.append(Image.fromarray(dots.clip(0, 255).astype("uint8")))
    pictures[0].save(out, save_all=True, append_images=pictures[1:], resolution=200, quality=70)
    return out


def endless_pdf(pages: int, out: Path) -> Path:
    """A PDF of that many empty pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(out)
    return out


def huge_image(side: int, out: Path) -> Path:
    """A picture of side × side pixels in a few hundred kilobytes."""
    from PIL import Image

    Image.new("1", (side, side), 1).save(out)
    return out
