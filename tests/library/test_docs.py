"""docs/measures.md is what the library says."""

from __future__ import annotations

import os
from pathlib import Path

from namro.measuring import load
from namro.measuring.docs import write_docs

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"


def test_page_of_measures_is_in_step_with_the_library() -> None:
    """MAKE_EXPECTED=1 writes it anew (so does `python -m namro.measuring.docs`)."""
    told = write_docs(load())
    if os.environ.get("MAKE_EXPECTED"):
        PAGE.write_text(told, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == told
