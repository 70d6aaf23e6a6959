"""Reading in a process of its own, with bounds: whatever a file does, the caller lives on.

`read_apart` starts `main` in a child. The child takes its limits first, reads, and leaves its
answer in a file: a ReadPlan, or why there is none. The parent hands on progress, and ends a child
that takes too long or says nothing. A child that dies becomes an UnreadableDocument.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import pickle
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from namro.reading.mentions import KnownUnit
from namro.reading.plan import ReadPlan
from namro.reading.unreadable import UnreadableDocument

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Limits:
    """What one reading may use: bytes of memory (address space of each process), seconds of
    computing, seconds in all, and seconds without a sign of progress."""

    memory: int = 2_500_000_000
    cpu_seconds: int = 1800
    seconds: int = 3600
    silent_seconds: int = 480


_HEAVY_CODE = 86
_CHILD = "import sys; from namro.reading.apart import main; sys.exit(main(sys.argv[1]))"
_ANSWER_BYTES = 500_000_000
# One thread a process: of many cores the stacks and heaps alone would fill the bound.
_ALONE = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def read_apart(
    file: Path,
    known_units: Sequence[KnownUnit] = (),
    *,
    limits: Limits,
    progress: Progress | None = None,
    document: int = 1,
) -> ReadPlan:
    """As `read_plan` (`document`: which one of the file), in a process of its own under `limits`.

    Raises UnreadableDocument, also where the reader had to be ended (TOO_HEAVY, TOO_SLOW) or died
    (READER_STOPPED).
    """
    with tempfile.TemporaryDirectory(prefix="namro-", ignore_cleanup_errors=True) as folder:
        here = Path(folder)
        asked = {
            "file": str(file.absolute()),
            "known": [(u.code, u.name, list(u.aliases)) for u in known_units],
            "limits": [limits.memory, limits.cpu_seconds],
            "document": document,
            "parent": os.getpid(),
        }
        (here / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        with (here / "errors").open("wb") as errors:
            child = subprocess.Popen(
                [sys.executable, "-c", _CHILD, folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **_ALONE, "TMPDIR": folder},
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )
        try:
            too_slow = _followed(child, limits, progress)
        finally:
            _end(child)
        return _answer(file.name, here, child.returncode, too_slow=too_slow)


def _followed(child: subprocess.Popen[bytes], limits: Limits, progress: Progress | None) -> bool:
    """Hand on progress until the child has ended by itself; True when it was too slow."""
    assert child.stdout is not None
    last = start = time.monotonic()
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        rest = b""
        while True:
            left = min(start + limits.seconds, last + limits.silent_seconds) - time.monotonic()
            if left <= 0:
                return True
            if not waiting.select(timeout=left):
                continue
            said = os.read(child.stdout.fileno(), 65536)
            if not said:  # it has said all; the answer may still be on its way to the disk
                return _outlasts(child, left)
            last = time.monotonic()
            *lines, rest = (rest + said).split(b"\n")
            if lines and progress:
                stage, done, of = json.loads(lines[-1])
                progress(str(stage), int(done), int(of))


def _outlasts(child: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    """The child, where it still runs, and all it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout:
        child.stdout.close()


def _answer(file: str, here: Path, code: int, *, too_slow: bool) -> ReadPlan:
    answer = here / "answer"
    if code == 0 and answer.exists() and answer.stat().st_size <= _ANSWER_BYTES:
        read = _Plain(io.BytesIO(answer.read_bytes())).load()
        if isinstance(read, ReadPlan):
            return read
        raise UnreadableDocument(*(str(part) for part in read))
    if too_slow or code == -signal.SIGXCPU:
        raise UnreadableDocument(
            "TOO_SLOW",
            file,
            "đọc tệp này mất quá nhiều thời gian nên đã dừng.",
            "Hãy tách văn bản thành nhiều phần, hoặc gửi bản .docx thay cho bản quét.",
        )
    if code in (_HEAVY_CODE, -signal.SIGKILL):
        raise UnreadableDocument(
            "TOO_HEAVY",
            file,
            "đọc tệp này cần quá nhiều bộ nhớ nên đã dừng.",
            "Hãy tách văn bản thành nhiều phần, hoặc giảm độ phân giải bản quét xuống 200–300 dpi.",
        )
    said = (here / "errors").read_bytes()[-4000:].decode("utf-8", "replace")
    why = UnreadableDocument(
        "READER_STOPPED",
        file,
        "chương trình đọc đã dừng đột ngột khi đọc tệp này; tệp vẫn được giữ nguyên.",
        "Hãy mở tệp bằng phần mềm soạn thảo, lưu lại rồi gửi; nếu vẫn lỗi, báo quản trị hệ thống "
        "kèm tên tệp.",
    )
    why.add_note(f"exit code {code}\n{said}")
    raise why


class _Plain(pickle.Unpickler):
    """Only the plain values a ReadPlan is made of: the child read a stranger's file."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in _MODULES and "." not in name else None
        if isinstance(found, type) and (
            is_dataclass(found) or issubclass(found, Enum) or (module, name) in _VALUES
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


_MODULES = ("namro.reading.plan", "namro.reading.blocks", "namro.terms", "decimal", "fractions")
_VALUES = {("decimal", "Decimal"), ("fractions", "Fraction")}


def _read(here: Path) -> object:
    """In the child: the plan, or the parts of the refusal."""
    from namro.reading.door import read_plan

    asked = json.loads((here / "asked.json").read_text(encoding="utf-8"))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else may speak on the line of progress

    def progress(stage: str, done: int, of: int) -> None:
        out.write(json.dumps([stage, done, of]) + "\n")
        out.flush()

    known = [KnownUnit(code, name, tuple(aliases)) for code, name, aliases in asked["known"]]
    try:
        file, order = Path(asked["file"]), int(asked["document"])
        return read_plan(file, known, progress=progress, document=order)
    except UnreadableDocument as why:
        return (why.code, why.file, why.why, why.mend)


def _take_limits(memory: int, cpu_seconds: int) -> None:
    """Bounds for this process and all it starts; gone with the parent."""
    for kind, most, last in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 5),  # asked to stop first, then ended
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, _ANSWER_BYTES, _ANSWER_BYTES),
    ):
        _, hard = resource.getrlimit(kind)
        last = last if hard == resource.RLIM_INFINITY else min(last, hard)
        resource.setrlimit(kind, (min(most, last), last))
    with contextlib.suppress(OSError, AttributeError):  # Linux only: die when the parent does
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def main(folder: str) -> int:
    """The child. 0 with an answer left in `folder`; 86 when memory ran out."""
    here = Path(folder)
    try:
        asked = json.loads((here / "asked.json").read_text(encoding="utf-8"))
        _take_limits(*asked["limits"])
        if os.getppid() != asked["parent"]:  # it died before it could take this one along
            return 1
        answer = pickle.dumps(_read(here), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _HEAVY_CODE
    partial = here / "answer.part"
    partial.write_bytes(answer)
    partial.rename(here / "answer")
    return 0
