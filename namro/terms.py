"""The words all rooms share: Period, Calendar, Threshold, Deadline, Place, Fault, Standing.

Plain frozen values; nothing here reads the clock, a setting or a database.
"""

from __future__ import annotations

import calendar as months_of_the_world
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Calendar(StrEnum):
    """Which days a period covers (lịch kỳ báo cáo).

    ADMINISTRATIVE months run from the 15th of the month before to the 14th
    (Decree 09/2019/NĐ-CP as applied by provinces); CALENDAR months are calendar months.
    """

    ADMINISTRATIVE = "administrative"
    CALENDAR = "calendar"


_PERIOD = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|S(?P<half>[12]))?"
)
_ROMAN = ("", "I", "II", "III", "IV")


@lru_cache(maxsize=4096)
def _span(code: str) -> tuple[int, int]:
    """(first month, months) of a period's code; a ledger names the same few ten thousand times."""
    found = _PERIOD.fullmatch(code)
    if not found:
        raise ValueError(f"Mã kỳ báo cáo không đúng: {code!r} (mẫu: 202509, 2025Q3, 2025S2, 2025)")
    year = int(found["year"]) * 12
    if found["month"]:
        return year + int(found["month"]) - 1, 1
    if found["quarter"]:
        return year + (int(found["quarter"]) - 1) * 3, 3
    if found["half"]:
        return year + (int(found["half"]) - 1) * 6, 6
    return year, 12


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period (kỳ báo cáo) by its DHIS2 code: 202509, 2025Q3, 2025S2 or 2025.

    Raises ValueError for any other code. Order is by first month, then by length.
    """

    first: int  # months since year 0
    length: int  # months: 1, 3, 6 or 12

    @classmethod
    def of(cls, code: str) -> Period:
        return cls(*_span(code))

    @classmethod
    def month_of(cls, day: date, calendar: Calendar = Calendar.ADMINISTRATIVE) -> Period:
        """The month's period in which `day` falls."""
        ahead = 1 if calendar is Calendar.ADMINISTRATIVE and day.day >= 15 else 0
        return cls(day.year * 12 + day.month - 1 + ahead, 1)

    @property
    def year(self) -> int:
        return self.first // 12

    @property
    def code(self) -> str:
        month = self.first % 12 + 1
        if self.length == 1:
            return f"{self.year:04d}{month:02d}"
        if self.length == 3:
            return f"{self.year:04d}Q{(month + 2) // 3}"
        return f"{self.year:04d}S{(month + 5) // 6}" if self.length == 6 else f"{self.year:04d}"

    @property
    def label(self) -> str:
        """As officials say it: "tháng 9/2025", "quý III/2025", "6 tháng cuối năm 2025"."""
        month = self.first % 12 + 1
        if self.length == 1:
            return f"tháng {month}/{self.year}"
        if self.length == 3:
            return f"quý {_ROMAN[(month + 2) // 3]}/{self.year}"
        if self.length == 6:
            return f"6 tháng {'đầu' if month == 1 else 'cuối'} năm {self.year}"
        return f"năm {self.year}"

    def first_day(self, calendar: Calendar = Calendar.ADMINISTRATIVE) -> date:
        if calendar is Calendar.CALENDAR:
            return date(self.year, self.first % 12 + 1, 1)
        before = self.first - 1
        return date(before // 12, before % 12 + 1, 15)

    def last_day(self, calendar: Calendar = Calendar.ADMINISTRATIVE) -> date:
        last = self.first + self.length - 1
        year, month = last // 12, last % 12 + 1
        if calendar is Calendar.ADMINISTRATIVE:
            return date(year, month, 14)
        return date(year, month, months_of_the_world.monthrange(year, month)[1])

    def months(self) -> Iterator[Period]:
        return (Period(self.first + i, 1) for i in range(self.length))

    @property
    def last_month(self) -> Period:
        return Period(self.first + self.length - 1, 1)

    def shifted(self, steps: int) -> Period:
        """The period `steps` of its own length later (earlier when negative)."""
        return Period(self.first + steps * self.length, self.length)

    def __str__(self) -> str:
        return self.code


class Comparator(StrEnum):
    """How a value is compared, as the document writes it (so sánh)."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    EQUAL = "="
    LESS_THAN = "<"
    AT_MOST = "<="
    RANGE = "range"
    MILESTONE = "milestone"


@dataclass(frozen=True)
class Threshold:
    """How much is enough (ngưỡng của chỉ tiêu).

    `value` and `value_high` are exact, in the unit of measure of the target (45 for 45%).
    A bare figure ("80% cán bộ …", EQUAL) means "at least" in a plan unless `falling`.
    `soft` targets (phấn đấu, hướng tới) are judged and shown, but scored apart.
    """

    comparator: Comparator
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit_of_measure: str | None = None
    soft: bool = False
    falling: bool = False


ONGOING = "ongoing"


@dataclass(frozen=True)
class Deadline:
    """A deadline (thời hạn): as written, and as ISO day, month, year or "ongoing"; None unknown."""

    iso: str | None
    written: str | None = None

    @property
    def last_day(self) -> date | None:
        """The last day that still counts as in time; None for ongoing or unknown."""
        if not self.iso or self.iso == ONGOING:
            return None
        parts = [int(p) for p in self.iso.split("-")]
        if len(parts) == 3:
            return date(*parts)
        if len(parts) == 2:
            return (date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)) - timedelta(days=1)
        return date(parts[0], 12, 31)


@dataclass(frozen=True)
class Place:
    """Where in a file something stands (vị trí).

    Documents: `page` (from 1), `block` (from 0) and characters `start`–`end` in the block's text;
    `box` is (left, top, right, bottom) in PDF points. Workbooks: `cell` as "Biểu 1!D7".
    """

    file: str
    page: int | None = None
    block: int | None = None
    start: int | None = None
    end: int | None = None
    box: tuple[float, float, float, float] | None = None
    cell: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Fault:
    """Something wrong, said so that a person can mend it (sai sót).

    `code` is stable upper-case English; `message` and `suggestion` are Vietnamese sentences.
    """

    code: str
    message: str
    suggestion: str | None = None
    place: Place | None = None
    quote: str | None = None


class Standing(StrEnum):
    """A result against its threshold (đánh giá)."""

    REACHED = "REACHED"
    ON_COURSE = "ON_COURSE"
    BEHIND = "BEHIND"
    NOT_REACHED = "NOT_REACHED"
    NO_DATA = "NO_DATA"

    @property
    def label(self) -> str:
        return _STANDING_LABELS[self]

    @property
    def sign(self) -> str:
        """A shape, so that colour is never the only sign."""
        return _STANDING_SIGNS[self]


_STANDING_LABELS = {
    Standing.REACHED: "Đạt",
    Standing.ON_COURSE: "Đúng hướng",
    Standing.BEHIND: "Chậm",
    Standing.NOT_REACHED: "Chưa đạt",
    Standing.NO_DATA: "Chưa có số liệu",
}
_STANDING_SIGNS = {
    Standing.REACHED: "●",
    Standing.ON_COURSE: "◐",
    Standing.BEHIND: "▲",
    Standing.NOT_REACHED: "■",
    Standing.NO_DATA: "○",
}


class TaskState(StrEnum):
    """The four official numbers of every task table (Report 1270/BC-TCTTTg, 2017)."""

    DONE_ON_TIME = "DONE_ON_TIME"
    DONE_LATE = "DONE_LATE"
    WITHIN_TERM = "WITHIN_TERM"
    OVERDUE = "OVERDUE"

    @property
    def label(self) -> str:
        return _TASK_LABELS[self]


_TASK_LABELS = {
    TaskState.DONE_ON_TIME: "Hoàn thành đúng hạn",
    TaskState.DONE_LATE: "Hoàn thành quá hạn",
    TaskState.WITHIN_TERM: "Chưa hoàn thành, trong hạn",
    TaskState.OVERDUE: "Chưa hoàn thành, quá hạn",
}
