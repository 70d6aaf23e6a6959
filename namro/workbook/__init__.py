"""How Excel goes out to a unit and comes back (biểu số liệu của đơn vị).

In: a `Layout` (what is asked, of whom, for which period) and the values known so far.
Out: an .xlsx form; and from the filled form a `ReadReturn`: values with their cells, and faults.
Read in this order: layout.py, write.py, read.py (with package.py and cells.py), table.py.
"""

from namro.workbook.layout import (
    NOTHING,
    NOTHING_WORDS,
    Layout,
    Nothing,
    Row,
    Sheet,
    date_value,
    value_date,
)
from namro.workbook.read import Cell, ReadReturn, read
from namro.workbook.table import Column, write_table
from namro.workbook.write import write

__all__ = [
    "NOTHING",
    "NOTHING_WORDS",
    "Cell",
    "Column",
    "Layout",
    "Nothing",
    "ReadReturn",
    "Row",
    "Sheet",
    "date_value",
    "read",
    "value_date",
    "write",
    "write_table",
]
