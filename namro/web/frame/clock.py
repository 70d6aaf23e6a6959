"""Where the time enters: views, commands, jobs ask here; all below takes `at=` or `on=`."""

from datetime import date, datetime, time

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, UTC."""
    return timezone.now()


def today() -> date:
    """Today in Vietnam."""
    return timezone.localdate()


def day_of(at: datetime) -> date:
    """The day in Vietnam in which a moment falls: 1 a.m. there is still the day before in UTC."""
    return timezone.localtime(at).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in Vietnam."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
