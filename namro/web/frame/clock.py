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


def time_left(due_at: datetime, at: datetime) -> str:
    """How long until something is due, as one says it: "còn 26 giờ", "quá hạn 3 ngày".

    What is overdue is counted by the days of the calendar, as reminders count it.
    """
    if at > due_at:
        days = (day_of(at) - day_of(due_at)).days
        return f"quá hạn {days} ngày" if days else "quá hạn hôm nay"
    hours = int((due_at - at).total_seconds() // 3600)
    if hours == 0:
        return "còn dưới 1 giờ"
    return f"còn {hours} giờ" if hours < 48 else f"còn {hours // 24} ngày"


def through_minute(moment: datetime, now: datetime) -> datetime:
    """A moment typed to the minute means the whole minute, but never later than now.

    What was approved seconds ago then counts in a paper made "as of" this minute.
    """
    if moment.second or moment.microsecond:
        return moment
    return min(moment + timedelta(seconds=59, microseconds=999_999), max(moment, now))
