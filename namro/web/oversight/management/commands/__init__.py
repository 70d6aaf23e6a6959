"""`remind`: the daily job."""
