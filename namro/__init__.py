"""Năm Rõ: carries out and oversees a plan, from the province to the commune.

Read in the order in which the data flows:
  reading    a document in, a plan out          (what does it ask?)
  workbook   the Excel return, out and back
  measuring  definitions and facts in, results out (how far has it come?)
  writing    report data in, the official paper out
  web        the site: frame, org, plans, facts, reporting, results, oversight, papers, dashboard
`terms` and `vietnamese` hold what all of them share. The first five know no web framework.
"""

__version__ = "0.1.0"
