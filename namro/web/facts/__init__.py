"""The append-only ledger of what was said, the slices of raw records, and the figures derived from both."""
