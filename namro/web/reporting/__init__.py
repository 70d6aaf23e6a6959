"""What was done, said by whom, with what proof (rõ tiến độ).

In: assignments and measures (who owes which figure), figures typed on the page or in Excel, files
of proof, updates on tasks, files of raw records. Out: what was approved, handed to `facts`; who has
not reported, for reminders; where a figure came from.
Read in this order: rules, entries (one figure), rounds (who would owe what), sheets (the form),
models, standing (how each duty stands, and for whom), queries and progress; then the writes, all
reached through actions: drafts, decisions, holding, workbooks, tasks, record_files; last views.
"""
