"""What is looked at: a unit within reach, a period, a moment; and how a target is judged then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from django.utils import timezone

from namro.measuring.definitions import Library, Measure
from namro.terms import Period, Threshold
from namro.web.facts import queries as facts
from namro.web.facts.library import library
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Verb
from namro.web.plans.models import Target
from namro.web.results import reckoning
from namro.web.results.columns import Judge, is_plain, is_whole


@dataclass(frozen=True)
class View:
    """What is looked at: a unit, a period, a moment (đơn vị, kỳ, thời điểm chốt số liệu).

    `tree_on`: the day whose units are asked, where it is not that of the period (cây đơn vị).
    `state`: the token of what figures rest on besides facts. `as_issued`: as a paper of that moment
    tells it; what small counts are kept back is not held against what is shown now.
    """

    unit: Unit
    period: Period
    as_of: datetime | None
    known: Sequence[Period]
    on: date
    library: Library = field(repr=False)
    state: str = field(repr=False, default="")
    tree_on: date | None = None
    as_issued: bool = False

    @cached_property
    def is_past(self) -> bool:
        """Whether a later period is known."""
        end = self.period.first + self.period.length
        return any(k.first + k.length > end for k in self.known)

    @cached_property
    def is_live(self) -> bool:
        """Whether figure rows answer; else the direct way does."""
        return self.as_of is None and self.tree_on is None and self.period in self.known

    def tree_day(self, measure: Measure) -> date:
        """The day whose units are asked: the period's last, or the later one that was chosen."""
        last = self.period.last_day(measure.calendar)
        return max(last, self.tree_on) if self.tree_on else last

    @cached_property
    def judged_on(self) -> date:
        """The day the moment falls on, or today."""
        return self.on if self.as_of is None else timezone.localdate(self.as_of)


def look(
    viewer: User,
    *,
    unit: Unit | None,
    period: Period | None,
    as_of: datetime | None,
    on: date,
) -> View:
    """Settle what is looked at: defaults are the viewer's viewpoint and the newest known period.

    Raises org.NotAllowed for a unit out of reach (or for someone who sees no figures at all).
    """
    unit = unit or org.viewpoint(viewer, on)
    org.allow(viewer, Verb.SEE_FIGURES, unit, on=on)
    assert unit is not None  # who may see figures has a viewpoint
    measures = library()
    state = reckoning.freshen(timezone.make_aware(datetime.combine(on, time())), measures)
    known = facts.known_periods()
    if as_of is not None:
        # As of a moment past, what had not begun then is not there to be looked at.
        day = timezone.localdate(as_of)
        known = [p for p in known if p.first_day() <= day] or known
        period = period if period and period.first_day() <= day else None
        period = period or default_period(known, day)
    return View(unit, period or default_period(known, on), as_of, known, on, measures, state)


def default_period(known: Sequence[Period], on: date) -> Period:
    """The newest known period that has begun; this month where none is known."""
    begun = [p for p in known if p.first_day() <= on]
    return begun[-1] if begun else Period.month_of(on)


@dataclass(frozen=True)
class Days:
    """The days that a target's figure is judged by: on which, until when, since when."""

    on: date
    deadline: date
    started_on: date


def days_of(target: Target, view: View, measure: Measure | None) -> Days:
    """The days of a target: judged today for the newest period, else on its last day."""
    on = view.judged_on
    if measure is not None and view.is_past:
        on = min(on, view.period.last_day(measure.calendar))
    return Days(on, target.due_on, target.plan.started_on)


def judge_of(measure: Measure, threshold: Threshold, days: Days) -> Judge | None:
    """Who judges rows of whole numbers; None where each figure must be assembled for it."""
    if not is_plain(measure) or not is_whole(threshold):
        return None
    return Judge(measure, threshold, **vars(days))


def key_of(target: Target, days: Days) -> tuple:
    """All of a target that its standing and its value in words depend on."""
    return (
        *(target.measure, target.comparator, target.value, target.value_high),
        *(target.unit_of_measure, target.soft, days.on, days.deadline, days.started_on),
    )
