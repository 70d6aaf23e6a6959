"""How a plan is reported (chế độ báo cáo): periods, deadlines by level, locks, steps of approval.

Plain values. Nothing here is law unless its source is named: all of it is an office's setting, kept
with its history; a round goes on under the settings it was opened with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from namro.terms import Calendar, Period
from namro.vietnamese import format_date
from namro.web.org.rules import Kind


class RoundKind(StrEnum):
    """What a round asks about (loại đợt).

    PERIOD: a month, quarter, half or year; what is approved enters the ledger. The others serve
    the running of affairs: their values stand in the returns and are summed up for the round, but
    the ledger, which knows months, quarters, halves and years, does not take them.
    """

    PERIOD = "PERIOD"
    NINE_MONTHS = "NINE_MONTHS"
    WEEK = "WEEK"
    AD_HOC = "AD_HOC"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    RoundKind.PERIOD: "Định kỳ",
    RoundKind.NINE_MONTHS: "Lũy kế 9 tháng",
    RoundKind.WEEK: "Hằng tuần",
    RoundKind.AD_HOC: "Đột xuất, chuyên đề",
}

# What may be offered when a round is opened: key → label.
OFFERS = {
    "month": "Hằng tháng",
    "quarter": "Hằng quý",
    "half": "6 tháng đầu năm (lũy kế)",
    "nine": "9 tháng (lũy kế)",
    "year": "Cả năm (lũy kế)",
    "week": "Hằng tuần (thứ Hai đến Chủ nhật)",
    "ad_hoc": "Đột xuất, chuyên đề (từ ngày – đến ngày)",
}

CALENDAR_LABELS = {
    Calendar.ADMINISTRATIVE: "Kỳ hành chính: ngày 15 tháng trước đến ngày 14 (kỳ tháng)",
    Calendar.CALENDAR: "Tháng dương lịch: ngày 01 đến ngày cuối tháng",
}


class ChainStep(StrEnum):
    """A step a return passes before it is official (bước duyệt), in this order."""

    UNIT = "UNIT"
    RECEIVER = "RECEIVER"
    OFFICE = "OFFICE"

    @property
    def label(self) -> str:
        return STEP_LABELS[self]


STEP_LABELS = {
    ChainStep.UNIT: "Lãnh đạo đơn vị",
    ChainStep.RECEIVER: "Nơi nhận (sở, ban, ngành)",
    ChainStep.OFFICE: "Văn phòng (điều phối kế hoạch)",
}


class Level(StrEnum):
    """The level a unit reports at (cấp báo cáo)."""

    COMMUNE = "COMMUNE"
    DEPARTMENT = "DEPARTMENT"
    PROVINCE = "PROVINCE"

    @property
    def label(self) -> str:
        return LEVEL_LABELS[self]


LEVEL_LABELS = {
    Level.COMMUNE: "Cấp xã",
    Level.DEPARTMENT: "Sở, ban, ngành, Văn phòng",
    Level.PROVINCE: "Cấp tỉnh",
}
_COMMUNES = {Kind.COMMUNE, Kind.WARD, Kind.COMMUNE_PARTY_COMMITTEE}
_PROVINCE = {Kind.PROVINCE, Kind.PEOPLES_COMMITTEE, Kind.PARTY_COMMITTEE}


def level_of(kind: str) -> Level:
    """The level of a unit of this kind."""
    if kind in _COMMUNES:
        return Level.COMMUNE
    return Level.PROVINCE if kind in _PROVINCE else Level.DEPARTMENT


class FaultyRegime(ValueError):
    """Settings that cannot be; `field` names which; the message is Vietnamese."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


MOST_DAYS = 60


@dataclass(frozen=True)
class Regime:
    """The settings of a plan's reporting; days are working days after the last day of data."""

    calendar: str = Calendar.ADMINISTRATIVE.value
    offered: tuple[str, ...] = tuple(OFFERS)
    commune_days: int = 2
    department_days: int = 3
    province_days: int = 4
    hour: int = 17
    lock_days: int | None = None  # working days after the deadline; None: never by itself
    steps: tuple[str, ...] = (ChainStep.RECEIVER.value,)
    four_eyes: bool = True
    strict: bool = True  # late, wrong, off-target returns count as not completed

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Regime:
        """From JSON; what is not said is as by default."""
        known = {f.name for f in fields(cls)}
        kept: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in (told or {}).items()
        }
        said: dict[str, Any] = {k: v for k, v in kept.items() if k in known}
        return cls(**said)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    def days_of(self, level: Level) -> int:
        return {
            Level.COMMUNE: self.commune_days,
            Level.DEPARTMENT: self.department_days,
            Level.PROVINCE: self.province_days,
        }[level]

    @property
    def chain(self) -> list[ChainStep]:
        return [s for s in ChainStep if s in self.steps]

    def check(self) -> None:
        """Raise FaultyRegime for settings that contradict each other or the decree."""
        days = (self.commune_days, self.department_days, self.province_days)
        if any(not 1 <= d <= MOST_DAYS for d in days):
            raise FaultyRegime(
                "commune_days",
                f"Số ngày gửi báo cáo phải từ 1 đến {MOST_DAYS} ngày làm việc: từ lúc chốt số liệu "
                "đến hạn gửi phải có ít nhất một ngày làm việc (Nghị định 09/2019/NĐ-CP, Điều 8).",
            )
        if not days[0] <= days[1] <= days[2]:
            raise FaultyRegime(
                "department_days",
                "Hạn của cấp trên không được sớm hơn hạn của cấp dưới: cấp xã, rồi sở, ban, ngành, "
                "rồi cấp tỉnh.",
            )
        if not 0 <= self.hour <= 23:
            raise FaultyRegime("hour", "Giờ hết hạn phải từ 0 đến 23.")
        if self.lock_days is not None and not 0 <= self.lock_days <= MOST_DAYS:
            raise FaultyRegime(
                "lock_days", f"Số ngày khóa sau hạn phải từ 0 đến {MOST_DAYS}, hoặc để trống."
            )
        if not self.chain:
            raise FaultyRegime("steps", "Hãy chọn ít nhất một bước duyệt.")
        if not set(self.offered) & set(OFFERS):
            raise FaultyRegime("offered", "Hãy chọn ít nhất một loại kỳ báo cáo.")
        if self.calendar not in set(Calendar):
            raise FaultyRegime("calendar", "Hãy chọn lịch kỳ báo cáo.")


FIELD_LABELS = {
    "calendar": "Lịch kỳ báo cáo",
    "offered": "Loại kỳ báo cáo",
    "commune_days": "Cấp xã gửi sau",
    "department_days": "Sở, ban, ngành gửi sau",
    "province_days": "Cấp tỉnh chốt sau",
    "hour": "Giờ hết hạn",
    "lock_days": "Khóa sau hạn",
    "steps": "Các bước duyệt",
    "four_eyes": "Người nhập không tự duyệt",
    "strict": "Muộn, sai, chưa đạt yêu cầu tính là chưa hoàn thành",
}


def differences(before: Regime, after: Regime) -> list[tuple[str, str, str]]:
    """(setting, before, after) in words, of what changed."""
    return [
        (FIELD_LABELS[f.name], said(f.name, old), said(f.name, new))
        for f in fields(Regime)
        if (old := getattr(before, f.name)) != (new := getattr(after, f.name))
    ]


def said(field: str, value: Any) -> str:
    """One setting in words."""
    if field == "calendar":
        return CALENDAR_LABELS[Calendar(value)]
    if field == "offered":
        return ", ".join(OFFERS[v] for v in OFFERS if v in value)
    if field == "steps":
        return " → ".join(s.label for s in ChainStep if s in value)
    if field == "lock_days":
        return "không tự khóa" if value is None else f"{value} ngày làm việc"
    if isinstance(value, bool):
        return "có" if value else "không"
    return f"{value} giờ" if field == "hour" else f"{value} ngày làm việc"


# --- which days a round covers ---------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """What a round asks about: its kind, the ledger's period it belongs to, its days, its name."""

    kind: RoundKind
    period: Period
    from_on: date
    to_on: date
    label: str


def span_of_period(period: Period, calendar: Calendar) -> Span:
    """A month, quarter, half or year."""
    days = period.first_day(calendar), period.last_day(calendar)
    return Span(RoundKind.PERIOD, period, *days, period.label)


def span_of_nine_months(year: int, calendar: Calendar) -> Span:
    """The first nine months; it ends with the third quarter."""
    start = Period(year * 12, 3).first_day(calendar)
    third = Period(year * 12 + 6, 3)
    return Span(
        RoundKind.NINE_MONTHS, third, start, third.last_day(calendar), f"9 tháng năm {year}"
    )


def span_of_week(day: date, calendar: Calendar) -> Span:
    """The week, Monday to Sunday, in which a day falls."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    year, week, _ = monday.isocalendar()
    return Span(
        RoundKind.WEEK, Period.month_of(sunday, calendar), monday, sunday, f"tuần {week}/{year}"
    )


def span_of_days(title: str, from_on: date, to_on: date, calendar: Calendar) -> Span:
    """Any days, with a title. Raises FaultyRegime where they are none or far apart."""
    if not title.strip():
        raise FaultyRegime("title", "Hãy ghi tên đợt báo cáo đột xuất, chuyên đề.")
    if to_on < from_on:
        raise FaultyRegime(
            "to_on",
            f"Ngày cuối ({format_date(to_on)}) trước ngày đầu ({format_date(from_on)}). "
            "Kiểm tra lại hai ngày.",
        )
    if (to_on - from_on).days > 3 * 366:
        raise FaultyRegime("from_on", "Đợt báo cáo dài quá ba năm. Kiểm tra lại năm của hai ngày.")
    kind, period = RoundKind.AD_HOC, Period.month_of(to_on, calendar)
    return Span(kind, period, from_on, to_on, title.strip()[:160])
