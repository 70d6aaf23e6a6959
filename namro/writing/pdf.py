"""Report → .pdf by typst; and a given .docx → .pdf by LibreOffice.

typst draws the same composed paper as word.py, with the shipped fonts only, so that a server
without office suite or fonts makes the same bytes. LibreOffice is for "exactly this .docx".
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import typst

from namro.writing.composition import UnprintableText, compose
from namro.writing.paper import FONTS, Paper
from namro.writing.report import Report

_TEMPLATE = Path(__file__).with_name("report.typ")
_MOST_SECONDS = 120.0
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class OfficeSuiteMissing(RuntimeError):
    """LibreOffice is not installed on this machine."""


class ConversionFailed(RuntimeError):
    """LibreOffice could not turn the file into a PDF, or took too long."""


def write(report: Report, out: Path) -> None:
    """Writes the report as PDF/A-2b in the official form in force on its date."""
    out.write_bytes(draw(compose(report)))


def draw(paper: Paper) -> bytes:
    """The PDF of a composed paper: same paper, same bytes. UnprintableText for a character that
    the shipped font does not have (PDF/A allows no empty boxes)."""
    content = asdict(paper)
    made = content.pop("made_at")
    made = made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    try:
        drawn: Any = typst.compile(
            str(_TEMPLATE),
            root=str(_TEMPLATE.parent),
            format="pdf",
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,  # a system font would take over letters, and change the bytes
            sys_inputs={"paper": json.dumps(content, ensure_ascii=False, default=str)},
            pdf_standards="a-2b",
            timestamp=int(made.timestamp()),
        )
    except typst.TypstError as why:
        if found := _NO_GLYPH.search(str(why)):
            raise UnprintableText(found[1]) from why
        raise
    return bytes(drawn)


def convert(docx: Path, out: Path, *, seconds: float = _MOST_SECONDS) -> None:
    """Turns a given .docx into a PDF with LibreOffice, without a window, within `seconds`.

    Raises OfficeSuiteMissing or ConversionFailed, in Vietnamese, with the mend; `out` is written
    whole or not at all. Each call has its own profile, so that several may run at once.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        raise OfficeSuiteMissing(
            "Máy chủ chưa cài LibreOffice nên không chuyển được tệp .docx này sang .pdf. "
            "Người quản trị cài bằng lệnh: apt install libreoffice-writer-nogui"
        )
    with tempfile.TemporaryDirectory(prefix="namro-office-") as folder:
        work = Path(folder)
        given = work / "given.docx"
        shutil.copyfile(docx, given)
        command = [
            office,
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            folder,
            str(given),
        ]
        said = _run(command, docx.name, seconds)
        made = given.with_suffix(".pdf")
        if not made.exists() or not made.stat().st_size:
            raise ConversionFailed(
                f"LibreOffice không chuyển được tệp “{docx.name}” sang .pdf; hãy mở tệp, lưu lại "
                f"dạng .docx rồi thử lại. {said}".strip()
            )
        beside = out.with_name(f"{out.name}.part")
        shutil.copyfile(made, beside)
        beside.replace(out)


def _run(command: list[str], name: str, seconds: float) -> str:
    """Runs the office suite; on time-out ends it and all it started."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as why:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ConversionFailed(
            f"Chuyển tệp “{name}” sang .pdf quá {seconds:.0f} giây nên đã dừng; hãy thử lại, hoặc "
            "chia nhỏ tệp."
        ) from why
    return f"({errors.decode(errors='replace').strip()[:200]})" if process.returncode else ""
