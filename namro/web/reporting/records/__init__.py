"""Files of raw records on their way in (dữ liệu gốc).

In: a file. Out: a slice of records that counts, whole, or its faults written into a copy.
Read: record_files, fault_copies, records_seen (reads), leavings (what is cleared away, and when).
"""
