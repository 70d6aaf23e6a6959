"""Days and moments as they are typed into a field: 17/9/2025, 17:00; the id of a sending."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from namro.vietnamese import format_date
from namro.web.frame.days import read_day

_HOUR = re.compile(r"(\d{1,2})(?:[:hg](\d{2})?)?")


def day(text: str) -> date:
    """ "17/9/2025" (or 2025-09-17) → the day. ValueError for anything else, an empty text too."""
    return read_day(text)


def moment(day_text: str, hour_text: str) -> datetime:
    """ "17/9/2025", "17:00" (or "17h", "17") → the moment in Vietnam. ValueError otherwise."""
    found = _HOUR.fullmatch(hour_text.strip())
    if not found:
        raise ValueError(f"Không phải là giờ: {hour_text!r}")
    hour = time(int(found[1]), int(found[2] or 0))
    return datetime.combine(day(day_text), hour, tzinfo=timezone.get_default_timezone())


def sending(text: str | None) -> UUID | None:
    """The id a page made for what it sends; None for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def fields(at: datetime | None) -> dict[str, str]:
    """A moment as the two fields show it: {"on": "17/9/2025", "hour": "17:00"}."""
    if at is None:
        return {"on": "", "hour": ""}
    local = timezone.localtime(at)
    return {"on": format_date(local.date()), "hour": f"{local:%H:%M}"}
