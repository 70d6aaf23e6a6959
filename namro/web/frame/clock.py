"""Where the time enters: views, commands, jobs ask here; all below takes `at=` or `on=`."""

from datetime import date, datetime, time, timedelta

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


def through_minute(moment: datetime, now: datetime) -> datetime:
    """A moment typed to the minute means the whole minute, but never later than now.

    What was approved seconds ago then counts in a paper made "as of" this minute.
    """
    if moment.second or moment.microsecond:
        return moment
    return min(moment + timedelta(seconds=59, microseconds=999_999), max(moment, now))
