"""Năm Rõ beside its peers: one matrix of figures, the same data, the same cells.

    python -m bench.national peers --home DIR [--communes 3321] [--rounds 5]

Answers are compared before times; CPU seconds (a server's too) stand beside wall time.
"DHIS2's published query plan on PostgreSQL 15" is tables and SQL re-authored from a description of
that plan, with the settings its makers advise: not DHIS2 itself, which also shares, approves and
translates, and answers over HTTP. Polars is of the bench alone (requirements-bench.txt).

Read in order: country.py (the data and the questions), asking.py (one job, timed), then the peers:
published_tables.py and published_plan.py, views.py, hand.py, ours.py; matrix.py and writes.py ask
all of them and say what came out.
"""
