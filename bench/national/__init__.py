"""A whole nation made from a seed, and what its pages, writes and checks cost; peers beside it.

    python -m bench.national fill     --home DIR [--database URL] [--scale 0.02]
    python -m bench.national measure  --home DIR [--database URL] [--scale 0.02] [--seconds 10]
    python -m bench.national engines  --home DIR      the store that fill made: DuckDB, Sail, Spark
    python -m bench.national dossiers --home DIR [--millions 1 10 50 100]
    python -m bench.national peers    --home DIR [--rounds 5]

Scale 1.0: 3,321 communes in 347 groups and 34 provinces, 200 elements over 60 months, 5% corrected:
about 40 million ledger rows and 22 million figures. A smaller scale has fewer communes; all else is
the same. `script/bench --national` runs all of it (whole.py, docs/bench.md).

Read in order: nation.py (what is made, no database), definitions.py and site.py (what is asked of
whom), entering.py and loading.py (rows by column, into a database and a store), filling.py (all of
it, month by month), serving.py (reads and writes), checking.py (all figures); dossier_store.py and
dossiers.py; engines.py; the folder peers.
"""
