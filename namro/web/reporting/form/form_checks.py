"""The rules of a form as data for the page: the script there checks by them, as the server does.

One declaration: the words, patterns and limits come from `workbook.cells`, `entries` and `rules`;
`static/reporting/checks.js` only walks through them. A test runs both over the same cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from namro.measuring.marks import Mark
from namro.web.reporting.form import entries
from namro.web.reporting.form.entries import Asked
from namro.web.reporting.rules import JUMP
from namro.workbook import cells
from namro.workbook.layout import MOST_DIGITS, SAYS_NOTHING


def checks_of(asked: Iterable[Asked]) -> dict[str, Any]:
    """Everything the page needs to check a form: texts only, numbers in canonical writing."""
    return {
        "words": cells.WORDS | {k: (v, "") for k, v in entries.WORDS.items()},
        "patterns": {name: pattern.pattern for name, pattern in cells.PATTERNS.items()},
        "mends": cells.MENDS,
        "allowed": cells.DECIMALS_ALLOWED,
        "most": {
            "signs": cells.LONGEST_NUMBER, "whole": cells.MOST_WHOLE, "digits": MOST_DIGITS,
            "shown": cells.MOST_SHOWN, "cut": cells.MOST_QUOTED,
        },
        "jump": _plain(JUMP),
        "nothing": SAYS_NOTHING,
        "marks": entries.MARKS,
        "estimate": int(Mark.ESTIMATE.code),
        "rows": [_row(one) for one in asked],
    }  # fmt: skip


def _row(one: Asked) -> dict[str, Any]:
    row, element = one.row, one.element
    told = {
        "slug": element.slug, "title": element.title, "kind": row.kind, "digits": row.digits,
        "least": _plain(row.least), "most": _plain(row.maximum), "choices": row.choices,
        "percent": row.unit_of_measure.strip() == "%", "whole": element.at_most,
        "mark": element.marked_by, "before": _plain(one.previous), "nothing": row.nothing,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "", (), False)}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
