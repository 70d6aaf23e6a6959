"""How Excel goes out to a unit and comes back (biểu số liệu của đơn vị).

In: a `Layout` (what is asked, of whom, for which period) and the values known so far.
Out: an .xlsx form; and from the filled form a `ReadReturn`: values with their cells, and faults.
Many forms may stand in one file. A refused one goes back as a copy with its faults marked.
Read in this order: layout.py, write.py, returned.py (with package.py), read.py (with cells.py),
fault_copy.py, parcel.py (a zip of many files), table.py.
"""

from namro.workbook.fault_copy import Marked, write_fault_copy
from namro.workbook.layout import (
    MOST_FORMS,
    NOTHING,
    NOTHING_WORDS,
    Layout,
    Nothing,
    Row,
    Sheet,
    date_value,
    value_date,
)
from namro.workbook.package import Unreadable
from namro.workbook.read import Cell, ReadReturn, read, read_form
from namro.workbook.returned import FoundForm, Returned, open_returned
from namro.workbook.table import Column, write_table
from namro.workbook.write import Form, write, write_many

__all__ = [
    "MOST_FORMS",
    "NOTHING",
    "NOTHING_WORDS",
    "Cell",
    "Column",
    "Form",
    "FoundForm",
    "Layout",
    "Marked",
    "Nothing",
    "ReadReturn",
    "Returned",
    "Row",
    "Sheet",
    "Unreadable",
    "date_value",
    "open_returned",
    "read",
    "read_form",
    "value_date",
    "write",
    "write_fault_copy",
    "write_many",
    "write_table",
]
