"""Writes of this room, all called as `actions.…`.

Rounds in opening, days off in working_days, a return's life in drafts, decisions and workbooks, who
acts for whom and what is said of returns in chain, tasks in tasks, raw records in record_files.
"""

from __future__ import annotations

from namro.web.reporting.chain.bulk import Outcome, approve_sound
from namro.web.reporting.chain.decisions import AlreadyDecided, MissingReason, approve, send_back
from namro.web.reporting.chain.deputies import FaultyDelegation, delegate, end_delegation
from namro.web.reporting.chain.gate import LockedRound
from namro.web.reporting.chain.holding import hold, release
from namro.web.reporting.chain.talk import FaultyComment, comment
from namro.web.reporting.duties.opening import (
    FaultyRound,
    change_terms,
    close_round,
    exempt,
    move_due,
    open_round,
    reopen_round,
    set_regime,
    withdraw_exemption,
)
from namro.web.reporting.duties.regime import FaultyRegime
from namro.web.reporting.duties.rounds import proposed_due_at
from namro.web.reporting.duties.working_days import mark_day, unmark_day
from namro.web.reporting.form.choosing import StaleChoice, choose
from namro.web.reporting.form.drafts import (
    ApprovedReturn,
    FaultyReturn,
    LockedReturn,
    StaleDraft,
    check_return,
    save_draft,
    submit,
)
from namro.web.reporting.form.entries import TooLong, UnknownElement
from namro.web.reporting.form.workbooks import FaultyWorkbook, receive_workbook, workbook_of
from namro.web.reporting.proof.proof_files import FaultyFile
from namro.web.reporting.proof.proofs import TakenOff, attach, attach_link, detach
from namro.web.reporting.records.record_files import (
    FaultyRecordFile,
    check_records,
    receive_records,
)
from namro.web.reporting.tasks import FaultyUpdate, appraise, return_task, update_task

__all__ = [
    "AlreadyDecided",
    "ApprovedReturn",
    "FaultyComment",
    "FaultyDelegation",
    "FaultyFile",
    "FaultyRecordFile",
    "FaultyRegime",
    "FaultyReturn",
    "FaultyRound",
    "FaultyUpdate",
    "FaultyWorkbook",
    "LockedReturn",
    "LockedRound",
    "MissingReason",
    "Outcome",
    "StaleChoice",
    "StaleDraft",
    "TakenOff",
    "TooLong",
    "UnknownElement",
    "appraise",
    "approve",
    "approve_sound",
    "attach",
    "attach_link",
    "change_terms",
    "check_records",
    "check_return",
    "choose",
    "close_round",
    "comment",
    "delegate",
    "detach",
    "end_delegation",
    "exempt",
    "hold",
    "mark_day",
    "move_due",
    "open_round",
    "proposed_due_at",
    "receive_records",
    "receive_workbook",
    "release",
    "reopen_round",
    "return_task",
    "save_draft",
    "send_back",
    "set_regime",
    "submit",
    "unmark_day",
    "update_task",
    "withdraw_exemption",
    "workbook_of",
]
