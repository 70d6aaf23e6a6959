"""The day on which all units report: whole people at the real server, every value counted after.

`day.py` says from a seed who reports what; `laying.py` makes an installation that waits for it;
`people.py` acts as officers, receivers and readers do, over `client.py`; `running.py` starts the
server as `namro serve` does and tells its time; `counting.py` holds what stands against what was
said.
"""
