"""Before a round is opened: for which days, by when, who would owe what to whom, what is missing.

In: a plan, days. Out: a `Prospect`, which the page shows and `actions.open_round` carries out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

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
from namro.web.reporting.chain.models import RegimeChange
from namro.web.reporting.duties import regime
from namro.web.reporting.duties.regime import OFFERS, FaultyRegime, Level, Regime, RoundKind, Span
from namro.web.reporting.models import Holiday


@dataclass
class Prospect:
    """What opening would do: (unit id, receiver id) → elements; and what must be said before."""

    plan: Plan
    period: Period
    on: date | None = None
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


def prospect(
    plan: Plan,
    period: Period,
    *,
    on: date | None = None,
    targets: Collection[int] | None = None,
) -> Prospect:
    """Who would owe what, target by target in the plan's order.

    `on`: the day whose assignments count; None: the period's last in each measure's calendar.
    `targets`: only these (their keys); None: all.
    """
    found, asked = Prospect(plan, period, on=on), []
    assigned = _assignments(plan)
    for target in plan.targets.order_by("position", "pk"):
        if targets is not None and target.pk not in targets:
            continue
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
    on = found.on or found.period.last_day(measure.calendar)
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


def regime_of(plan: Plan) -> Regime:
    """How a plan is reported now: the newest settings, else those by default."""
    told = RegimeChange.objects.filter(plan=plan).order_by("-pk").values_list("told", flat=True)
    return Regime.of(told.first())


def regime_history(plan: Plan) -> list[tuple[RegimeChange, list[tuple[str, str, str]]]]:
    """Every change of a plan's settings with what it changed (setting, before, after), newest
    first."""
    found, before = [], Regime()
    for row in RegimeChange.objects.filter(plan=plan).select_related("by").order_by("pk"):
        now = Regime.of(row.told)
        found.append((row, regime.differences(before, now)))
        before = now
    return found[::-1]


def due_after(last: date, terms: Regime, level: Level) -> datetime:
    """The moment proposed as due for a level, after the last day of data; an aware datetime."""
    day = rules.working_days_after(last, terms.days_of(level), marked_days())
    return datetime.combine(day, time(terms.hour), tzinfo=timezone.get_default_timezone())


def proposed_due_at(period: Period, calendar: Calendar = Calendar.ADMINISTRATIVE) -> datetime:
    """The communes' moment by default, for a month, quarter, half or year."""
    return due_after(period.last_day(calendar), Regime(), Level.COMMUNE)


WEEKS_OFFERED = 9


def choices(plan: Plan, on: date, terms: Regime | None = None) -> list[tuple[str, str]]:
    """(key, label) of what a round may be opened for, as the regime offers: newest first, weeks
    last."""
    terms = terms or regime_of(plan)
    end = Period.month_of(plan.deadline_on, Calendar.CALENDAR)
    last = min(Period.month_of(on, Calendar.CALENDAR).shifted(1), end)
    month, found = Period.month_of(plan.started_on, Calendar.CALENDAR), []
    while month <= last:
        found += [(k, label) for offer, k, label in _ending(month) if offer in terms.offered]
        month = month.shifted(1)
    return found[::-1] + (_weeks(plan, on) if "week" in terms.offered else [])


def _ending(month: Period) -> Iterator[tuple[str, str, str]]:
    """(offer, key, label) of everything that ends with a month."""
    number, first = month.first % 12 + 1, month.first // 12 * 12
    yield "month", month.code, month.label
    for offer, ends, period in (
        ("half", 6, Period(first, 6)),
        ("year", 12, Period(first, 12)),
    ):
        if number == ends:
            yield offer, period.code, period.label
    if number == 9:
        yield "nine", f"{month.year}N9", f"9 tháng năm {month.year}"
    if number % 3 == 0:
        quarter = Period(month.first - 2, 3)
        yield "quarter", quarter.code, quarter.label


def _weeks(plan: Plan, on: date) -> list[tuple[str, str]]:
    monday = min(on, plan.deadline_on) - timedelta(days=min(on, plan.deadline_on).weekday())
    days = [monday - timedelta(weeks=back) for back in range(WEEKS_OFFERED)]
    spans = [regime.span_of_week(d, Calendar.CALENDAR) for d in days]
    kept = [s for s in spans if s.to_on >= plan.started_on]
    return [
        (
            "{}W{:02}".format(*s.from_on.isocalendar()[:2]),
            f"{s.label} ({format_date(s.from_on)} – {format_date(s.to_on)})",
        )
        for s in kept
    ]


def span_of(key: str, terms: Regime) -> Span:
    """The days a key of `choices` stands for. Raises ValueError for any other text."""
    calendar = Calendar(terms.calendar)
    year, sign, rest = key[:4], key[4:5], key[5:]
    if sign == "W" and year.isdecimal() and rest.isdecimal():
        return regime.span_of_week(date.fromisocalendar(int(year), int(rest), 1), calendar)
    if sign == "N" and year.isdecimal() and rest == "9":
        return regime.span_of_nine_months(int(year), calendar)
    return regime.span_of_period(Period.of(key), calendar)


_OFFER_OF = {RoundKind.NINE_MONTHS: "nine", RoundKind.WEEK: "week", RoundKind.AD_HOC: "ad_hoc"}
FURTHEST_AHEAD = timedelta(days=366)


def check_span(plan: Plan, span: Span, terms: Regime, on: date) -> None:
    """Raise FaultyRegime for days no round may be opened for: a kind that is not offered, days
    outside the plan's own, a year mistyped."""
    offer = _OFFER_OF.get(span.kind)
    if offer and offer not in terms.offered:
        raise FaultyRegime(
            "offered",
            f"Chế độ báo cáo của kế hoạch không có loại “{OFFERS[offer]}”. Hãy chọn kỳ khác, hoặc "
            "bổ sung loại này ở trang Chế độ báo cáo.",
        )
    if span.kind is not RoundKind.AD_HOC:
        return
    days = f"{format_date(span.from_on)} – {format_date(span.to_on)}"
    if span.to_on < plan.started_on or span.from_on > plan.deadline_on:
        raise FaultyRegime(
            "from_on",
            f"Các ngày của đợt ({days}) nằm ngoài thời gian thực hiện kế hoạch ("
            f"{format_date(plan.started_on)} – {format_date(plan.deadline_on)}). Kiểm tra lại năm.",
        )
    if span.to_on - on > FURTHEST_AHEAD:
        raise FaultyRegime(
            "to_on", f"Các ngày của đợt ({days}) còn hơn một năm nữa mới hết. Kiểm tra lại năm."
        )
