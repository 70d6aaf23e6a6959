"""A whole nation made from a seed, and what its pages, writes and checks cost.

    python -m bench.national fill    --home DIR [--database URL] [--scale 0.02]
    python -m bench.national measure --home DIR [--database URL] [--scale 0.02] [--seconds 10]

Scale 1.0: 3,321 communes in 347 groups and 34 provinces, 200 elements over 60 months, 5% corrected:
about 40 million ledger rows and 22 million figures. A smaller scale has fewer communes; all else is
the same. Dossiers are not made yet. Read in order: nation.py (what is made, no database),
filling.py (into a database and a store), serving.py (reads and writes), checking.py (all figures).
"""
