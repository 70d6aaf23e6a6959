"""The world of tests/web/papers: three months of figures, a clock that stands still."""

from tests.web.papers.conftest import _today, filled

__all__ = ["_today", "filled"]
