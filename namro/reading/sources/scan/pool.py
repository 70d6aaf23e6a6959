"""Pages read side by side: one page a process, few processes, results in order.

A process of its own, because a picture made to break the engine must not break the worker. The
processes are forked from this one where it has but one thread: the engine and what it needs are
then loaded once for all of them, not once in each.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from namro.reading.sources.layout import Page
from namro.reading.sources.scan import engine
from namro.reading.unreadable import UnreadableDocument

MAX_PROCESSES = 4
PAGES_A_PROCESS = 60
_NICENESS = 5

Reader = Callable[[Path, int], Page]


def pages_of(file: str, raw: bytes, numbers: Sequence[int], read: Reader) -> Iterator[Page]:
    """The pages, in the order asked for; `read` takes a copy of the file and a page number.

    Raises UnreadableDocument where a page is broken, or breaks the engine.
    """
    with _kept(file, raw) as path:
        if len(numbers) == 1:
            yield read(path, numbers[0])
            return
        yield from _side_by_side(file, path, numbers, read)


@contextmanager
def _kept(file: str, raw: bytes) -> Iterator[Path]:
    """The bytes as a file the processes can open, under its own name for their messages."""
    with TemporaryDirectory(prefix="namro-") as folder:
        path = Path(folder) / (Path(file).name[-100:] or "scan")
        path.write_bytes(raw)
        yield path


def _side_by_side(file: str, path: Path, numbers: Sequence[int], read: Reader) -> Iterator[Page]:
    most = min(MAX_PROCESSES, len(os.sched_getaffinity(0)))
    stretch = most * PAGES_A_PROCESS
    for start in range(0, len(numbers), stretch):
        yield from _stretch(file, path, numbers[start : start + stretch], read, most)


def _stretch(
    file: str, path: Path, numbers: Sequence[int], read: Reader, most: int
) -> Iterator[Page]:
    """As many pages as one set of processes reads before others take its place."""
    workers = min(most, len(numbers))
    with ProcessPoolExecutor(workers, get_context(_way_to_start()), _lowered) as pool:
        waiting: deque[tuple[int, Future[Page]]] = deque()
        try:
            for number in numbers:
                waiting.append((number, pool.submit(read, path, number)))
                if len(waiting) >= 2 * workers:
                    yield _result(file, *waiting.popleft())
            while waiting:
                yield _result(file, *waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _way_to_start() -> str:
    """Forked with the engine at hand; anew where another thread may hold a lock at that moment."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return "spawn"
    engine.load()
    return "fork"


def _result(file: str, number: int, future: Future[Page]) -> Page:
    try:
        return future.result()
    except BrokenProcessPool as why:
        raise UnreadableDocument(
            "DAMAGED",
            file,
            f"trang {number} (hoặc trang liền kề) làm bộ nhận dạng chữ dừng đột ngột.",
            "Hãy quét lại trang này, hoặc chọn khoảng trang không có trang này.",
        ) from why


def _lowered() -> None:
    """Recognition gives way to whoever waits for a page."""
    with suppress(OSError):
        os.nice(_NICENESS)
