"""The referee: every kind of measure in plain Python and fractions, written to be obviously right.

It shares no line with the measuring room but the words (kinds.py). It is slow and walks everything:
for each leaf it looks month by month, for each figure leaf by leaf.
"""

from tests.reference.figures import Figure, figure
from tests.reference.known import LONG_AGO, Gave, Held, Said, Slice, World, meets

__all__ = [
    "LONG_AGO",
    "Figure",
    "Gave",
    "Held",
    "Said",
    "Slice",
    "World",
    "figure",
    "meets",
]
