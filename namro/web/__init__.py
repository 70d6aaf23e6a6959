"""The Django site: one room per question, lowest first.

frame      what every page shares: the base template, lists, files, the clock
org        who there is, and who may do what          (rõ người)
plans      what was decided, and who owes it          (rõ việc)
facts      the append-only ledger and the figures derived from it
reporting  what was done, said by whom, with what proof (rõ tiến độ)
results    how far each unit has come, as of when     (rõ kết quả)
oversight  what is done about what is late            (rõ trách nhiệm)
exchange   other systems' templates, filled so that nobody types twice
papers     which official papers were issued, resting on what
dashboard  seeing it all; config knows every room
"""
