"""The form of a duty: filled in cell by cell, on a page, without a line or in Excel (biểu).

In: what is typed, with the version it rests on. Out: a unit's draft, nobody's word lost, then the
return handed in.
Read: entries (one figure), sheets (rows, with what is known beside), form_checks, merging (whose
word stands), cells, choosing (where two said different things), drafts, workbooks.
"""
