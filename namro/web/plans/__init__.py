"""What was decided, and who owes it (rõ việc): documents, readings, plans, targets, tasks.

In: a file; out: a Plan with its targets, tasks and assignments, each with its words' place.
Read in this order: `rules.py` and `entry.py` (words, decisions, typed values), `draft.py` (what is
under review, pure), `models.py`, `queries.py`, `intake.py` (receive, read), `actions.py` (review,
confirm; the door to all writes), `assigning.py`, `jobs.py`, `passages.py` (a document laid out),
`views/`.
"""
