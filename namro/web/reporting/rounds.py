"""Before a round is opened: who would owe what to whom, and what stands in the way.

In: a plan, a period. Out: a `Prospect`, which the page shows and `actions.open_round` carries out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone

from namro.measuring.definitions import Measure, elements_of
from namro.terms import Calendar, Period
from namro.vietnamese import format_date
from namro.web.facts.expectations import supplied_by_one
from namro.web.facts.library import library
from namro.web.org.models import Unit
from namro.web.plans.models import Assignment, Plan, Target
from namro.web.plans.rules import Part
from namro.web.reporting import rules
from namro.web.reporting.models import Holiday


@dataclass
class Prospect:
    """What opening would do: (unit id, receiver id) → elements; and what must be said before."""

    plan: Plan
    period: Period
    duties: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    shared: list[rules.Shared] = field(default_factory=list)
    obstacles: list[tuple[Target, str]] = field(default_factory=list)
    by_records: list[Target] = field(default_factory=list)
    units: dict[int, Unit] = field(default_factory=dict)

    def receivers(self) -> list[tuple[Unit, int, int]]:
        """(receiver, units that report to it, figures asked in all)."""
        units: dict[int, int] = defaultdict(int)
        figures: dict[int, int] = defaultdict(int)
        for (_, receiver), elements in self.duties.items():
            units[receiver] += 1
            figures[receiver] += len(elements)
        found = [(self.units[r], units[r], figures[r]) for r in units]
        return sorted(found, key=lambda line: (-line[1], line[0].name))

    def shared_sentences(self) -> list[str]:
        """Each figure asked once though two receivers want it, as a sentence."""
        grouped: dict[tuple[str, int, int, str], int] = defaultdict(int)
        for s in self.shared:
            grouped[s.element, s.receiver, s.also, s.target] += 1
        return [
            f"“{library().elements[element].title}”: {count} đơn vị chỉ báo một lần, gửi "
            f"{self.units[receiver].name}; {self.units[also].name} (chỉ tiêu {target}) dùng chung."
            for (element, receiver, also, target), count in grouped.items()
        ]


def prospect(plan: Plan, period: Period) -> Prospect:
    """Who would owe what, target by target in the plan's order."""
    found, asked = Prospect(plan, period), []
    assigned = _assignments(plan)
    for target in plan.targets.order_by("position", "pk"):
        measure = library().measures.get(target.measure)
        if measure is None:
            found.obstacles.append((target, "chưa gắn cách đo, nên chưa thu được số liệu."))
            continue
        elements = _in_order(measure)
        if not elements:
            found.by_records.append(target)
            continue
        one = _asked(found, target, measure, elements, assigned[target.pk])
        asked += [one] if one else []
    found.duties, found.shared = rules.share_out(asked)
    ids = {u for pair in found.duties for u in pair} | {s.also for s in found.shared}
    found.units = Unit.objects.in_bulk(ids)
    return found


def _in_order(measure: Measure) -> tuple[str, ...]:
    """What a measure asks, in the catalogue's order: the whole first, then what is within it."""
    wanted = {e.slug for e in elements_of(measure)}
    return tuple(slug for slug in library().elements if slug in wanted)


def _assignments(plan: Plan) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(target__plan=plan).order_by("pk"):
        found[row.target_id].append(row)
    return found


def _asked(
    found: Prospect,
    target: Target,
    measure: Measure,
    elements: tuple[str, ...],
    assigned: list[Assignment],
) -> rules.Asked | None:
    """One target's part, as the ledger will expect it: assignments on the period's last day."""
    on = found.period.last_day(measure.calendar)
    leads = _units(assigned, Part.LEAD, on)
    executors = _units(assigned, Part.EXECUTOR, on)
    if not executors and supplied_by_one(measure):
        executors = leads
    if not executors:
        found.obstacles.append((target, _missing("thực hiện, báo cáo", assigned, on)))
        return None
    if not leads:
        found.obstacles.append((target, _missing("chủ trì để nhận báo cáo", assigned, on)))
        return None
    return rules.Asked(target.code, elements, leads[0], tuple(executors))


def _units(assigned: Iterable[Assignment], part: Part, on: date) -> list[int]:
    rows = [a for a in assigned if a.part == part and a.from_on <= on]
    return [a.unit_id for a in rows if a.to_on is None or a.to_on > on]


def _missing(what: str, assigned: Iterable[Assignment], on: date) -> str:
    later = [a.from_on for a in assigned if a.from_on > on]
    since = f" (phân công hiện có chỉ từ ngày {format_date(min(later))})" if later else ""
    return f"chưa có đơn vị {what} vào ngày cuối kỳ {format_date(on)}{since}."


def marked_days() -> dict[date, bool]:
    """The installation's own holidays (False) and swapped working days (True)."""
    return dict(Holiday.objects.values_list("on", "works"))


def proposed_due_at(period: Period, calendar: Calendar = Calendar.ADMINISTRATIVE) -> datetime:
    """The moment proposed as due; an aware datetime, editable before opening."""
    day = rules.proposed_due(period, calendar, marked_days())
    return datetime.combine(day, time(rules.DUE_HOUR), tzinfo=timezone.get_default_timezone())


def choices(plan: Plan, on: date) -> list[tuple[str, str]]:
    """The periods a round may be opened for: months and quarters of the plan, newest first."""
    end = Period.month_of(plan.deadline_on, Calendar.CALENDAR)
    last = min(Period.month_of(on, Calendar.CALENDAR).shifted(1), end)
    month, found = Period.month_of(plan.started_on, Calendar.CALENDAR), []
    while month <= last:
        found.append((month.code, Period.of(month.code).label))
        if (month.first + 1) % 3 == 0:
            quarter = Period(month.first - 2, 3)
            found.append((quarter.code, quarter.label))
        month = month.shifted(1)
    return found[::-1]
