"""Two documents in, how they differ out: versions of one plan, or a plan against its superior's.

    compare_versions(old, new)    → Comparison: added, dropped, weakened, postponed, reworded …
    trace(superior, plan)         → Trace: covered, weaker, later, missing, extra
    judge_versions, judge_trace   → one line anew, for a pair a person chose

Read in this order: `findings.py` (what comes out), `wording.py` (words without the accidents of
writing), `levels.py` (figures), `likeness.py` (which item answers which), `differences.py` (what
changed inside a pair), `concern.py` (whom an order reaches), `versions.py`, `tracing.py`.
"""

from namro.reading.comparison.findings import (
    Candidate,
    Change,
    Comparison,
    Coverage,
    Difference,
    Effect,
    Item,
    Line,
    Trace,
    Traced,
)
from namro.reading.comparison.tracing import judge_trace, trace
from namro.reading.comparison.versions import compare_versions, judge_versions
from namro.reading.comparison.wording import Piece, changed_words

__all__ = [
    "Candidate",
    "Change",
    "Comparison",
    "Coverage",
    "Difference",
    "Effect",
    "Item",
    "Line",
    "Piece",
    "Trace",
    "Traced",
    "changed_words",
    "compare_versions",
    "judge_trace",
    "judge_versions",
    "trace",
]
