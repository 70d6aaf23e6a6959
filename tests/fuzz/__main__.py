"""`python -m tests.fuzz FOLDER [options of libFuzzer]`: the readers under atheris."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["namro.reading.sources", "namro.reading.unreadable"]):
    from tests.fuzz.feeding import feed

if __name__ == "__main__":
    atheris.Setup(sys.argv, lambda data: feed(data) and None)
    atheris.Fuzz()
