""".doc, .rtf and .odt through LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from namro.reading.sources import damaged
from namro.reading.unreadable import UnreadableDocument

SECONDS = 120


def as_docx(path: Path, kind: str) -> bytes:
    """The file as .docx. Raises UnreadableDocument where LibreOffice is missing or gives up."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnreadableDocument(
            "NO_OFFICE",
            path.name,
            f"tệp .{kind} cần LibreOffice, máy này chưa cài.",
            "Hãy cài bằng lệnh “apt install libreoffice-writer-nogui”, hoặc lưu lại thành "
            ".docx rồi gửi.",
        )
    with tempfile.TemporaryDirectory(prefix="namro-") as folder:
        here = Path(folder)
        copy = here / f"document.{kind}"
        shutil.copyfile(path, copy)
        command = [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{here / 'profile'}",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(here / "out"),
            str(copy),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as why:
            raise UnreadableDocument(
                "TOO_SLOW",
                path.name,
                f"chuyển đổi quá {SECONDS} giây.",
                "Hãy mở tệp, lưu lại thành .docx rồi gửi.",
            ) from why
        made = here / "out" / "document.docx"
        if not made.exists():
            raise damaged(path.name)
        return made.read_bytes()
