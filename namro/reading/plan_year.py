"""The year that a document plans for."""

from __future__ import annotations

import re

from namro.reading.letters import regex
from namro.reading.plan import ReadDocument

_OF_PLAN = regex(
    r"(?<!đến )(?<!từ )(?<!hết )(?<!cuối )(?<!đầu )(?<!tháng )(?<!ĐẾN )(?<!TỪ )(?<!HẾT )(?<!CUỐI )"
    r"(?:năm|NĂM)\s+(20\d{2})(?!\s*(?:[-–]|đến|và|ĐẾN|VÀ)\s*\d)"
)


def plan_year(head: ReadDocument) -> int | None:
    """The year that fills in "trước ngày 15/11": that of a plan of the next year ("Kế hoạch …
    năm 2027", dated 2026), the head's date, else one in the title; None where none is said."""
    dated = int(head.date[:4]) if head.date else None
    planned = {int(m[1]) for m in _OF_PLAN.finditer(head.title or "")}
    if dated:
        return dated + 1 if planned == {dated + 1} else dated
    named = re.search(r"\b(20\d{2})\b", head.title or "")
    return int(named[1]) if named else None
