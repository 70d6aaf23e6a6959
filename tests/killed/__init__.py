"""Processes ended with SIGKILL in the middle of the work: what was acknowledged stands, once."""
