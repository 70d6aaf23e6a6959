"""What feeds the statements beside the tables of the store: rows that say what is asked."""

from __future__ import annotations

from collections.abc import Mapping

from namro.measuring.schema import Type

FEEDING: Mapping[str, Mapping[str, Type]] = {
    # (term, ask): a term for one asked period; months count from year 0; what ends before
    # due_month is an older report than the one due
    "asked": {
        "term": "text",
        "ask": "text",
        "calendar": "text",
        "first_month": "whole",
        "last_month": "whole",
        "due_month": "whole",
        "on_day": "date",
    },
    "terms": {
        "term": "text",
        "measure": "text",
        "needed": "whole",
        "alone": "flag",
        "is_stock": "flag",
        "additive": "flag",
        "pools": "flag",
        "weighted": "flag",
    },
    "term_items": {
        "term": "text",
        "item": "text",
        "side": "text",
        "is_needed": "flag",
        "is_stock": "flag",
        "carry": "whole",
    },
    "spans": {"period": "text", "first_month": "whole", "last_month": "whole"},
    "nested": {"period": "text", "longer": "text"},
    "tallies": {"item": "text", "unit": "text", "period": "text", "value": "exact"},
    "asked_units": {"unit": "text"},
    "wanted_periods": {"period": "text"},
    "slices": {"batch": "text", "unit": "text", "period": "text"},
    # Of units that were reorganised only. The months whose cells belong to a phase:
    "phases": {
        "calendar": "text",
        "ask": "text",
        "unit": "text",
        "holder": "text",
        "first_month": "whole",
        "last_month": "whole",
    },
    # each phase on each path to a bearer, nearest first; last_day: when the phase must have owed
    "paths": {
        "calendar": "text",
        "ask": "text",
        "bearer": "text",
        "path": "whole",
        "unit": "text",
        "holder": "text",
        "depth": "whole",
        "last_day": "date",
    },
    # who stands in the place of a split or dissolved unit, and who keeps its figures
    "finals": {"calendar": "text", "ask": "text", "bearer": "text", "unit": "text"},
    # the phases that came after it, which may have told its stock anew
    "afters": {"calendar": "text", "ask": "text", "bearer": "text", "holder": "text"},
    "keepers": {
        "calendar": "text",
        "ask": "text",
        "bearer": "text",
        "ancestor": "text",
        "has_heirs": "flag",
    },
}
"""What feeds the statements: table → column → type."""
