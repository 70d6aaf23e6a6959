"""The demonstration: a made-up province filled through the product's own actions, from `demo/`.

In: the files of `demo/` and today's date. Out: an installation with units, people, the seed plan
read and confirmed, measures bound, rounds reported and approved, dossiers, reminders, one paper.
Read `filling` (the order), then `people`, `planning`, `returns`, `values`, `dossiers`.
"""
