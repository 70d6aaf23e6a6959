"""Two readings side by side: versions of a plan, or a plan against its superior's (so sánh).

In: two readings within reach; out: a table of lines, each confirmed, changed or rejected by a
person, with who and when. Read in this order: `models.py`, `sides.py` (a reading as the core
wants it), `table.py` (lines with what people ruled; pure), `queries.py`, `actions.py`, `jobs.py`,
`views.py`, `picture.py`.
"""
