"""Which official papers were issued, resting on what (văn bản phát hành).

Read in this order: models.py, rules.py, defaults.py (the head of the paper), figures.py (what is
frozen), contents.py (frozen contents → writing.Report), actions.py, queries.py.
"""
