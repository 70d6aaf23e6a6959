"""How a server process looks for garbage: seldom, and never again at what has come to stay.

Python walks over all objects that may form cycles, time and again. What a process keeps (libraries,
definitions, cells of pages) is hundreds of thousands of them: each full walk takes a tenth of a
second, in which every reader waits. So what a full walk has found to be alive is set aside once it
is much, and the next one looks at what has come since. Now and then all is looked at again, for a
cycle that was closed after it had been set aside.
"""

from __future__ import annotations

import atexit
import gc
from typing import Any

OFTEN = (5_000, 5, 5)
"""New objects until the youngest are looked at, times until those that stayed are, until all are.
Python's own 700 is reached many times a page; its 10 and 10 make the later walks long."""

MUCH = 50_000
"""Survivors of a full walk that are set aside: some fifteen milliseconds of walking."""

MOST_TIMES = 20
"""After so often all is looked at again."""


class Collector:
    """What is set aside in this process, from `begin` until `end`."""

    def __init__(self) -> None:
        self.times = 0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        """Set aside all that a process has when it is ready to serve."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*OFTEN)
        gc.callbacks.append(self._follow)
        atexit.register(self.end)

    def end(self) -> None:
        """As Python does it by itself; also before it ends, so that all is taken down in order."""
        atexit.unregister(self.end)
        gc.callbacks.remove(self._follow)
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _follow(self, phase: str, about: dict[str, Any]) -> None:
        oldest = 2
        if about["generation"] != oldest:
            return
        if phase == "start" and self.times >= MOST_TIMES:
            gc.unfreeze()
            self.times = 0
        elif phase == "stop" and len(gc.get_objects(oldest)) > MUCH:
            gc.freeze()
            self.times += 1
