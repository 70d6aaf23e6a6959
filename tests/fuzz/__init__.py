"""Fuzzing of the readers: `feeding.py` is what is fed, `__main__.py` runs it under atheris.

A find is kept in `finds/` and read again by every test run.
"""
