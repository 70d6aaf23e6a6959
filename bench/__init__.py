"""Budgets, measured: what a user waits for, as a whole process or a whole page."""
