"""Writes: units and their links (`units`), people and their posts (`people`).

Each checks, does and keeps a journal line, in one transaction.
"""

from namro.web.org.actions.people import (
    NotFitting,
    appoint,
    change_password,
    close_account,
    close_idle_accounts,
    create_user,
    end_post,
    open_account,
    reopen_account,
    reset_password,
    sign_in,
    sign_out,
    unlock,
)
from namro.web.org.actions.units import FaultyTree, FaultyUnits, load_units, rebuild_ancestors

__all__ = [
    "FaultyTree",
    "FaultyUnits",
    "NotFitting",
    "appoint",
    "change_password",
    "close_account",
    "close_idle_accounts",
    "create_user",
    "end_post",
    "load_units",
    "open_account",
    "rebuild_ancestors",
    "reopen_account",
    "reset_password",
    "sign_in",
    "sign_out",
    "unlock",
]
