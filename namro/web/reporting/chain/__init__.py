"""The way of a return from the officer to the official figure (chuỗi duyệt), and who may act on it.

In: a plan's regime, a round, returns handed in. Out: who decides next, what is locked, who may act
for whom, what was said and held back, all kept for ever.
Read: rules (whose turn), models, gate (what is locked), deputies (who acts for whom), authority,
talk (comments); `decisions` of the room carries a decision out, `holding` holds back.
"""
