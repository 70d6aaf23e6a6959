"""dense: the direct path by plain addressing, for a store on this machine.

Units, elements and periods are small whole numbers, so a figure is a sum over an array and no join.
In: a store's segments, folded once into one file a period (`layout.py`, `slabs.py`), and its small
tables (`tree.py`). Out: the parts of many terms at many units as columns (`answer.py`), exact in
64-bit integers of ten-thousandths; where a sum could be larger, `TooLarge`, and SQL answers.
Counts of raw records come from an engine's scan and stand among them as further cells.
Read in order: slabs.py, layout.py, tree.py, slices.py, book.py, counted.py, picks.py, leaves.py,
judging.py, rollup.py, heirs.py, lines.py, answer.py. The rule which terms it takes: `answer.fits`.
"""

from namro.measuring.dense.answer import Columns, fits, parts_of
from namro.measuring.dense.book import Book, bring, exists, in_memory, open_book
from namro.measuring.dense.counted import Counted
from namro.measuring.dense.leaves import TooLarge

__all__ = [
    "Book",
    "Columns",
    "Counted",
    "TooLarge",
    "bring",
    "exists",
    "fits",
    "in_memory",
    "open_book",
    "parts_of",
]
