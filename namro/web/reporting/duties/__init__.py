"""Who owes what by when, and how it stands (kỳ báo cáo, việc phải báo cáo).

In: a plan's regime, assignments and measures, days off. Out: rounds with duties and deadlines, how
each duty stands for who looks at it, completeness and timeliness as figures of their own.
Read: working_days, regime (settings with history), rounds (who would owe what), opening (a round's
life), standing, punctuality.
"""
