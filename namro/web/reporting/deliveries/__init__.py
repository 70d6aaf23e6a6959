"""Many forms at once (nhiều biểu Excel một lần): out as one file or a zip, back in as a delivery.

In: duties within reach; uploads of any number of files and zips. Out: streams of workbooks; of each
delivery a row a form that says what was taken, refused and why, or waits for a choice.
Read in this order: rules.py, models.py, outgoing.py (out), intake.py (an upload kept), checking.py
(the worker, file by file), taking.py (one file, whole or not at all), queries.py.
"""
