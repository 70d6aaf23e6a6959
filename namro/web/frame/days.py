"""A day as officials write it, whatever the browser speaks; and as commands are given it."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.core.management.base import CommandError

from namro.vietnamese import format_date, tidy
from namro.web.frame.entered import usual

_WRITTEN = re.compile(
    r"(?:ngày )?([0-9]{1,2})(?:[/.-]| tháng )([0-9]{1,2})(?:[/.-]| năm )([0-9]{4})", re.IGNORECASE
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


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
