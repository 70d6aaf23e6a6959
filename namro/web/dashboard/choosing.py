"""What a page with figures is asked for in its address: the period and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from namro.terms import Period


class BadAddress(ValueError):
    """The address asks for something that cannot be; the message is Vietnamese, for the page."""


@dataclass(frozen=True)
class Choice:
    """The period asked for (None: the newest) and the moment (None: now)."""

    period: Period | None
    as_of: datetime | None


def choice(query, now: datetime) -> Choice:
    """Read ?ky=2025Q3&tinh-den=2025-09-20T16:00 of an address. Raises BadAddress."""
    return Choice(_period(query.get("ky", "").strip()), as_of(query.get("tinh-den", ""), now))


def _period(code: str) -> Period | None:
    if not code:
        return None
    try:
        return Period.of(code)
    except ValueError as why:
        raise BadAddress(str(why)) from why


def as_of(text: str, now: datetime) -> datetime | None:
    """A moment as the chooser writes it, in Vietnam's time; "" is None. Raises BadAddress."""
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError as why:
        raise BadAddress(
            f"Thời điểm chốt số liệu không đúng: {text!r}. Hãy chọn ngày và giờ trong ô lịch."
        ) from why
    moment = timezone.make_aware(local) if timezone.is_naive(local) else local
    if moment > now:
        raise BadAddress("Thời điểm chốt số liệu chưa đến. Hãy chọn một thời điểm đã qua.")
    return moment
