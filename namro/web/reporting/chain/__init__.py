"""The way of a return from the officer to the official figure (chuỗi duyệt), and who may act on it.

In: a plan's regime, a round, returns handed in. Out: who decides next, what is locked, who may act
for whom, what was said, decided, held back and corrected, all kept for ever.
Read: rules (whose turn), models, gate (what is locked), deputies (who acts for whom), authority,
talk (comments), judging (what strikes the eye), decisions, holding, corrections, summing, few.
"""
