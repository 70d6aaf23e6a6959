"""Writes: units and their links (`units`, `reorganise`), people and their posts (`people`).

Each checks, does and keeps a journal line, in one transaction.
"""

from namro.web.org.actions.ancestors import FaultyTree, rebuild_ancestors
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
from namro.web.org.actions.reorganise import (
    BadReorganisation,
    NewUnit,
    Order,
    close_unit,
    create_unit,
    merge_units,
    move_unit,
    preview,
    rename_unit,
    split_unit,
)
from namro.web.org.actions.units import FaultyUnits, load_units

__all__ = [
    "BadReorganisation",
    "FaultyTree",
    "FaultyUnits",
    "NewUnit",
    "NotFitting",
    "Order",
    "appoint",
    "change_password",
    "close_account",
    "close_idle_accounts",
    "close_unit",
    "create_unit",
    "create_user",
    "end_post",
    "load_units",
    "merge_units",
    "move_unit",
    "open_account",
    "preview",
    "rebuild_ancestors",
    "rename_unit",
    "reopen_account",
    "reset_password",
    "sign_in",
    "sign_out",
    "split_unit",
    "unlock",
]
