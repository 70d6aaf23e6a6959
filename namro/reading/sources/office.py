"""Old and foreign formats through LibreOffice, where it is installed: bounded, nothing run.

Macros are off, links to other places are not followed, and the office has its own profile, a bound
on memory, time and size; it is ended with all it started.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from namro.reading.sources import refusals
from namro.reading.sources.kinds import OFFICE
from namro.reading.unreadable import UnreadableDocument

SECONDS = 120
_MEMORY_KB = 4_000_000
_BLOCKS_OF_512 = 600_000
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_BOUNDED = (
    f"ulimit -v {_MEMORY_KB} 2>/dev/null; ulimit -t {SECONDS} 2>/dev/null; "
    f'ulimit -f {_BLOCKS_OF_512} 2>/dev/null; exec "$@"'
)
_NO_MACROS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def converted(file: str, raw: bytes, kind: str) -> bytes:
    """A file of `kind` (a key of OFFICE) as .docx or .xlsx.

    Raises UnreadableDocument where LibreOffice is missing, gives up or takes too long.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    to = OFFICE[kind]
    if program is None:
        raise UnreadableDocument(
            "NO_OFFICE",
            file,
            f"tệp .{kind} cần LibreOffice, máy này chưa cài.",
            "Hãy cài bằng lệnh “apt install libreoffice-writer-nogui libreoffice-calc-nogui”, "
            f"hoặc lưu lại thành .{to} rồi gửi.",
        )
    with tempfile.TemporaryDirectory(prefix="namro-", ignore_cleanup_errors=True) as folder:
        here = Path(folder)
        profile = here / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_NO_MACROS, encoding="utf-8")
        copy = here / f"document.{'xml' if kind == 'wordxml' else kind}"
        copy.write_bytes(raw)
        _run(file, program, here, copy, _FILTERS[to])
        made = here / "out" / f"document.{to}"
        if not made.exists():
            raise refusals.damaged(file)
        return made.read_bytes()


def _run(file: str, program: str, here: Path, copy: Path, to: str) -> None:
    command = [
        *("sh", "-c", _BOUNDED, "sh", program, "--headless", "--norestore", "--nolockcheck"),
        f"-env:UserInstallation=file://{here / 'profile'}",
        *("--convert-to", to, "--outdir", str(here / "out"), str(copy)),
    ]
    office = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(here), "HOME": str(here)},
        start_new_session=True,
    )
    try:
        office.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired as why:
        raise UnreadableDocument(
            "TOO_SLOW",
            file,
            f"chuyển đổi quá {SECONDS} giây.",
            "Hãy mở tệp, lưu lại thành .docx rồi gửi.",
        ) from why
    finally:
        _end(office)


def _end(office: subprocess.Popen[bytes]) -> None:
    """The office and all it started; the shell in front of it may be gone already."""
    try:
        os.killpg(office.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # all of it has ended
    office.wait()
