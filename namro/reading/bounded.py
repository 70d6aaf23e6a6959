"""Work on a stranger's file in a process of its own, with bounds: whatever it does, the caller
lives on.

`answer_of` starts `main` in a child. The child takes its limits first, does the job, and leaves its
answer in a file: plain values, or why there is none. The parent hands on progress, and ends a
child that takes too long or says nothing. A child that dies becomes an UnreadableDocument.
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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from namro.reading.unreadable import UnreadableDocument

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Limits:
    """What one job may use: bytes of memory (address space of each process), seconds of
    computing, seconds in all, and seconds without a sign of progress."""

    memory: int = 2_500_000_000
    cpu_seconds: int = 1800
    seconds: int = 3600
    silent_seconds: int = 480


@dataclass(frozen=True)
class Said:
    """What is said of a job in its refusals: what it does, and the mend where it was too much."""

    doing: str = "đọc tệp này"
    too_slow: str = "Hãy tách văn bản thành nhiều phần, hoặc gửi bản .docx thay cho bản quét."
    too_heavy: str = (
        "Hãy tách văn bản thành nhiều phần, hoặc giảm độ phân giải bản quét xuống 200–300 dpi."
    )


# What a child may be asked: the module whose `answer(asked, progress)` does it.
_JOBS = {"plan": "namro.reading.apart", "pages": "namro.reading.pages_apart"}
_READING = Said()
_HEAVY_CODE = 86
_CHILD = "import sys; from namro.reading.bounded import main; sys.exit(main(sys.argv[1]))"
_ANSWER_BYTES = 500_000_000
# One thread a process: of many cores the stacks and heaps alone would fill the bound.
_ALONE = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def answer_of(
    job: str,
    file: Path,
    asked: Mapping[str, Any],
    *,
    limits: Limits,
    progress: Progress | None = None,
    said: Said = _READING,
) -> object:
    """What the `job` (a name of _JOBS) answers for `file`, `asked` being what JSON can hold.

    Raises UnreadableDocument: the job's own refusal, or that the process had to be ended
    (TOO_HEAVY, TOO_SLOW) or died (READER_STOPPED).
    """
    with tempfile.TemporaryDirectory(prefix="namro-", ignore_cleanup_errors=True) as folder:
        here = Path(folder)
        order = {
            "job": job,
            "asked": {**asked, "file": str(file.absolute())},
            "limits": [limits.memory, limits.cpu_seconds],
            "parent": os.getpid(),
        }
        (here / "asked.json").write_text(json.dumps(order), encoding="utf-8")
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
        return _answer(file.name, here, child.returncode, too_slow=too_slow, said=said)


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


def _answer(file: str, here: Path, code: int, *, too_slow: bool, said: Said = _READING) -> object:
    answer = here / "answer"
    if code == 0 and answer.exists() and answer.stat().st_size <= _ANSWER_BYTES:
        refused, found = _Plain(io.BytesIO(answer.read_bytes())).load()
        if refused:
            raise UnreadableDocument(*(str(part) for part in found))
        return found
    if too_slow or code == -signal.SIGXCPU:
        why = f"{said.doing} mất quá nhiều thời gian nên đã dừng."
        raise UnreadableDocument("TOO_SLOW", file, why, said.too_slow)
    if code in (_HEAVY_CODE, -signal.SIGKILL):
        why = f"{said.doing} cần quá nhiều bộ nhớ nên đã dừng."
        raise UnreadableDocument("TOO_HEAVY", file, why, said.too_heavy)
    error = (here / "errors").read_bytes()[-4000:].decode("utf-8", "replace")
    stopped = UnreadableDocument(
        "READER_STOPPED",
        file,
        f"chương trình đọc đã dừng đột ngột khi {said.doing}; tệp vẫn được giữ nguyên.",
        "Hãy mở tệp bằng phần mềm soạn thảo, lưu lại rồi gửi; nếu vẫn lỗi, báo quản trị hệ thống "
        "kèm tên tệp.",
    )
    stopped.add_note(f"exit code {code}\n{error}")
    raise stopped


class _Plain(pickle.Unpickler):
    """Only the plain values an answer is made of: the child read a stranger's file."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in _MODULES and "." not in name else None
        if isinstance(found, type) and (
            is_dataclass(found) or issubclass(found, Enum) or (module, name) in _VALUES
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


_MODULES = ("namro.reading.plan", "namro.reading.blocks", "namro.terms", "decimal", "fractions")
_VALUES = {("decimal", "Decimal"), ("fractions", "Fraction")}


def _done(order: Mapping[str, Any]) -> tuple[bool, object]:
    """In the child: whether the job refused, and what it answered or the parts of the refusal."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else may speak on the line of progress

    def progress(stage: str, done: int, of: int) -> None:
        out.write(json.dumps([stage, done, of]) + "\n")
        out.flush()

    try:
        return False, import_module(_JOBS[order["job"]]).answer(order["asked"], progress)
    except UnreadableDocument as why:
        return True, (why.code, why.file, why.why, why.mend)


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
        order = json.loads((here / "asked.json").read_text(encoding="utf-8"))
        _take_limits(*order["limits"])
        if os.getppid() != order["parent"]:  # it died before it could take this one along
            return 1
        answer = pickle.dumps(_done(order), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _HEAVY_CODE
    partial = here / "answer.part"
    partial.write_bytes(answer)
    partial.rename(here / "answer")
    return 0
