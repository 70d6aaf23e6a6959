"""Raw records at the door: a file of records in, one Parquet slice out, or faults and no file.

In: CSV, Excel (.xlsx) or Parquet, a data set's declaration, the units that may be spoken of. Out:
`RecordsRead`. Every kind of file goes through the same check, cell by cell. Columns that are not
declared (names, identity numbers) are never read into a value; hashed ones are kept only as keyed
hashes, so that a person is not counted twice and not known either. Memory is bounded: whatever
grows with the file lies on the disk.

Read in this order: files.py (what a file says, block by block; excel.py), units.py (a code or a
name → a unit), columns.py (text → values), faults.py, door.py (all of it together), gathering.py
(keys that stand twice, rows in the order of units), counting.py (slices → counts).
"""

from namro.measuring.records.counting import tally
from namro.measuring.records.door import RecordsRead, receive
from namro.measuring.records.faults import SHOWN_FAULTS, CellFault, told_faults
from namro.measuring.records.files import SUFFIXES, opened
from namro.measuring.records.units import KnownUnits

__all__ = [
    "SHOWN_FAULTS",
    "SUFFIXES",
    "CellFault",
    "KnownUnits",
    "RecordsRead",
    "opened",
    "receive",
    "tally",
    "told_faults",
]
