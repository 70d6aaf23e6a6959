"""Seeing it all: today by role, the list of plans, one plan on one page. Owns no data."""
