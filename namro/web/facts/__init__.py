"""The append-only ledger of what was said, slices of raw records, figures derived from both."""
