"""Days and moments as officials write them, whatever the browser speaks; days of commands."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from django import forms
from django.core.management.base import CommandError
from django.utils import timezone

from namro.vietnamese import format_date, tidy
from namro.web.frame.entered import usual

_WRITTEN = re.compile(
    r"(?:ngày )?([0-9]{1,2})(?:[/.-]| tháng )([0-9]{1,2})(?:[/.-]| năm )([0-9]{4})", re.IGNORECASE
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_HOUR = re.compile(
    r"(?:lúc )?([0-9]{1,2})(?: ?giờ ?| ?[:hg] ?)(?:([0-9]{2})(?![0-9/.-])"
    r"(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?phút)?)?",
    re.IGNORECASE,
)
_END_OF_DAY = time(23, 59)


def read_day(text: str) -> date:
    """ "01/7/2025", "1-7-2025", "ngày 01 tháng 7 năm 2025" or ISO → the day.

    ValueError (Vietnamese) for what names no day, or one outside 1990–2100.
    """
    told = tidy(text)
    written, iso = _WRITTEN.fullmatch(told), _ISO.fullmatch(told)
    found = written or iso
    if not found:
        raise ValueError("Ngày không đúng; hãy ghi theo mẫu 01/7/2025.")
    parts = [int(part) for part in found.groups()]
    try:
        return usual(date(*(reversed(parts) if written else parts)))
    except ValueError as why:
        raise ValueError(
            f"Không có ngày {told}; kiểm tra lại ngày, tháng, năm, mẫu 01/7/2025."
        ) from why


def read_moment(text: str) -> datetime:
    """ "16:00 20/9/2025", "20/9/2025 16h00", "16 giờ 30 phút, ngày 20/9/2025" or ISO → that minute.

    In Vietnam's time; a day alone is its last minute. ValueError (Vietnamese) for what names none.
    """
    told = tidy(text).replace("T", " ").replace(",", " ")
    found = [m for m in _HOUR.finditer(told) if m.start() == 0 or m.end() == len(told)]
    hour = found[0] if found else None
    day = f"{told[: hour.start()]} {told[hour.end() :]}" if hour else told
    try:
        at = time(int(hour[1]), int(hour[2] or 0)) if hour else _END_OF_DAY
        return timezone.make_aware(datetime.combine(read_day(day), at))
    except ValueError as why:
        raise ValueError(
            f"Thời điểm không đúng: “{text}”; hãy ghi giờ và ngày theo mẫu 16:00 20/9/2025."
        ) from why


def write_moment(moment: datetime | None) -> str:
    """A moment as the box of a form takes it, 16:00 20/9/2025, in Vietnam's time; none → ""."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} {format_date(local.date())}"


def say_moment(moment: datetime | None) -> str:
    """A moment as a sentence says it, 16:00 ngày 20/9/2025, in Vietnam's time; none → ""."""
    return write_moment(moment).replace(" ", " ngày ")


def asked_day(text: str) -> date:
    """The day given to a command, 2025-09-20. CommandError (Vietnamese) for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as why:
        raise CommandError(
            f"Ngày không đúng: “{text}”. Hãy viết theo mẫu năm-tháng-ngày, ví dụ 2025-09-20."
        ) from why


class DayField(forms.DateField):
    """A day typed in Vietnamese order and shown so, whatever language the browser speaks."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"class": "day", "placeholder": "ngày/tháng/năm", "autocomplete": "off"}
        )

    def prepare_value(self, value):
        return format_date(value) if isinstance(value, date) else value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return read_day(str(value))
        except ValueError as why:
            raise forms.ValidationError(str(why), code="invalid") from why

    def has_changed(self, initial, data):
        return forms.Field.has_changed(self, initial, data)
