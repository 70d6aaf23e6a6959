"""The seed plan in other media: .docx by python-docx, PDF and page images by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

SEED = Path(__file__).parents[2] / "demo" / "plan.txt"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def seed_paragraphs() -> list[str]:
    text = SEED.read_text(encoding="utf-8")
    text = text.replace("\n- ", "\n\n- ")
    return [p.replace("\n", " ").strip() for p in text.split("\n\n") if p.strip()]


def make_docx(out: Path, *, latex: bool = True) -> Path:
    """The seed as a plan is typed: headings bold, the body justified."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Liberation Serif"
    for text in seed_paragraphs():
        bold = text.startswith("**") or text.isupper() or text[:3] in ("I- ", "II-", "III")
        if not latex:
            text = text.replace("$\\geq ", "≥ ").replace("\\%$", "%")
        for part in text.split("* Số") if text.startswith("* Số") else [text]:
            words = f"Số{part}" if text.startswith("* Số") and part else part or "*"
            paragraph = document.add_paragraph()
            paragraph.add_run(words.replace("**", "")).bold = bold
            paragraph.alignment = (
                WD_ALIGN_PARAGRAPH.CENTER if bold and len(text) < 60 else WD_ALIGN_PARAGRAPH.JUSTIFY
            )
    document.save(str(out))
    return out


def office(source: Path, kind: str, folder: Path) -> Path:
    """A file converted by LibreOffice."""
    assert OFFICE is not None
    subprocess.run(
        [
            OFFICE,
            "--headless",
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{source.stem}.{kind.split(':')[0]}"


def page_images(pdf: Path, folder: Path, dpi: int = 200) -> list[Path]:
    """Every page of a PDF as a picture."""
    import pypdfium2

    out: list[Path] = []
    document = pypdfium2.PdfDocument(pdf)
    for i in range(len(document)):
        image = document[i].render(scale=dpi / 72).to_pil().convert("RGB")
        path = folder / f"page-{i + 1}.png"
        image.save(path, dpi=(dpi, dpi))
        out.append(path)
    document.close()
    return out
