"""The calendar of work: days off and swapped working days, edited each year (ngày nghỉ, làm bù)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from namro.vietnamese import format_date, tidy
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting.duties.opening import FaultyRound
from namro.web.reporting.models import Holiday


@transaction.atomic
def mark_day(*, on: date, name: str, works: bool, by: User | None, at: datetime) -> Holiday:
    """Say that a day is off, or a swapped working day (ngày nghỉ, ngày làm bù)."""
    if by:
        allow(by, Verb.OPEN_ROUND, on=clock.day_of(at))
    if not tidy(name):
        raise FaultyRound("Hãy ghi tên ngày nghỉ, ví dụ “Tết Nguyên đán”.")
    if abs(on.year - clock.day_of(at).year) > 2:
        raise FaultyRound(
            f"Ngày {format_date(on)} cách hiện nay hơn hai năm. Kiểm tra lại năm của ngày nghỉ."
        )
    day, _ = Holiday.objects.update_or_create(
        on=on, defaults={"name": tidy(name)[:120], "works": works}
    )
    what = "làm bù" if works else "nghỉ"
    record(by, "reporting.mark_day", day, at=at, summary=f"Ngày {what} {format_date(on)}: {day}")
    return day


@transaction.atomic
def unmark_day(*, day: Holiday, by: User | None, at: datetime) -> None:
    """Take a marked day off the calendar."""
    if by:
        allow(by, Verb.OPEN_ROUND, on=clock.day_of(at))
    record(by, "reporting.unmark_day", day, at=at, summary=f"Bỏ {format_date(day.on)}: {day}")
    day.delete()
