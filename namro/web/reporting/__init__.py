"""What was done, said by whom, with what proof (rõ tiến độ).

In: assignments and measures (who owes which figure), figures typed on the page or in Excel, files
of proof, updates on tasks, files of raw records. Out: what was approved, handed to `facts`; who has
not reported, for reminders; where a figure came from.
Read in this order: rules, models, duties (who owes what by when), form (filled in and handed in),
proof, chain (decided step by step), deliveries (many forms at once), records (raw data), tasks and
progress; queries and rights serve all, actions names every write; last views.
"""
