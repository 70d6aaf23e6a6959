"""Why a unit that came of a split has no figures from before: said, never guessed."""

from __future__ import annotations

from datetime import date

from namro.measuring.definitions import Measure
from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.org.models import Unit, UnitSuccession


def parted_note(unit: Unit, measure: Measure, period: Period) -> str:
    """Of which units this one is a part, and where their figures are; "" where nothing is missing.

    Said of periods that begin (of a sum over the year: whose year begins) before the split. There
    is no share to reckon by: decision 11 says why.
    """
    notes = []
    for row in UnitSuccession.objects.filter(heir=unit).select_related("unit").order_by("on", "pk"):
        if row.on <= _began(measure, period):
            continue
        heirs = UnitSuccession.objects.filter(unit=row.unit, on=row.on)
        if row.unit_id != unit.pk and heirs.count() > 1:
            day = format_date(row.on)
            notes.append(
                f"Đơn vị này hình thành từ việc chia, tách {row.unit.name} ngày {day}. Số liệu "
                f"trước ngày {day} là của {row.unit.name}, giữ nguyên ở cấp trên chung và không "
                "chia cho từng đơn vị mới: mỗi số liệu chia một cách khác nhau, chia theo một tỷ "
                "lệ khai báo sẽ ra số không ai báo cáo."
            )
    return " ".join(notes)


def _began(measure: Measure, period: Period) -> date:
    """The first day that the figure speaks of."""
    if measure.over == "year_to_date":
        return Period(period.year * 12, 1).first_day(measure.calendar)
    if measure.over == "latest":
        return period.last_day(measure.calendar)
    return period.first_day(measure.calendar)
