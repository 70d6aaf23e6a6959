"""One target on one page: the figure, its course, its units, how it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString

from namro.measuring.definitions import Measure, elements_of
from namro.measuring.explain import explain, steps
from namro.terms import Standing
from namro.vietnamese import capitalised, sort_key
from namro.web.facts.queries import Card
from namro.web.org.models import Unit
from namro.web.plans.models import Target
from namro.web.reporting.summing import HeldBack, held_back
from namro.web.results import drawing, leaves
from namro.web.results.choosing import query_of
from namro.web.results.course import Course, course_of, evidenced
from namro.web.results.leaves import UnitResult
from namro.web.results.parted import parted_note
from namro.web.results.queries import TargetResult, result_of
from namro.web.results.sight import View


@dataclass(frozen=True)
class Line:
    """A unit's line of the table, with its bar and its link to what lies behind it."""

    told: UnitResult
    bar: SafeString | str
    link: str


@dataclass(frozen=True)
class TargetPage:
    """All that the page of a target shows.

    `lines`: the units that enter the figure. `silent`: those not heard for the period due, also the
    ones whose older value is carried; by name.
    """

    told: TargetResult
    view: View
    lines: list[Line]
    silent: list[UnitResult]
    trend: SafeString | str
    map: SafeString | str
    has_bars: bool
    course: Course | None = None
    evidenced: int | None = None

    @property
    def target(self) -> Target:
        return self.told.target

    @property
    def parted(self) -> str:
        """Where the figures from before a split are, when the unit looked at came of one."""
        if self.measure is None or self.view.tree_on:
            return ""
        return parted_note(self.view.unit, self.measure, self.view.period)

    @property
    def measure(self) -> Measure | None:
        return self.told.measure

    @property
    def heading(self) -> str:
        return capitalised(self.target.subject)

    @property
    def parts_text(self) -> str:
        if self.told.result is None or self.measure is None:
            return ""
        parts = leaves.parts_text(self.told.result, self.measure)
        return f"{parts} {leaves.parts_unit(self.measure)}" if parts else ""

    @property
    def definition(self) -> str:
        return explain(self.measure) if self.measure else ""

    @property
    def steps(self) -> list[str]:
        """How the value came about; only where that takes more than one division."""
        result = self.told.result
        if result is None or not result.parts:
            return []
        return steps(result)[:-1]

    @property
    def has_change(self) -> bool:
        return any(line.told.change_text for line in self.lines)

    @property
    def is_yes_or_no(self) -> bool:
        return self.measure is not None and _is_yes_or_no(self.measure)

    @property
    def parts_head(self) -> str:
        """Head of the column of the two parts: "Tử số / mẫu số (người)"."""
        unit = next((line.told.parts_unit for line in self.lines if line.told.parts_text), "")
        return f"Tử số / mẫu số ({unit})" if unit else "Tử số / mẫu số"

    @property
    def is_percent(self) -> bool:
        return self.measure is not None and self.measure.unit_of_measure.startswith("%")

    @property
    def has_parts(self) -> bool:
        return any(line.told.parts_text for line in self.lines)

    @cached_property
    def held(self) -> list[HeldBack]:
        """Of the silent, those whose return is held back now, each with the reason."""
        if self.measure is None or self.view.as_of is not None or not self.silent:
            return []
        elements = [e.slug for e in elements_of(self.measure)]
        units = [row.unit.pk for row in self.silent]
        asked = self.view.period
        return held_back({asked.code, asked.last_month.code}, elements, units)

    @property
    def query(self) -> str:
        return query_of(self.view)


def page_of(target: Target, view: View) -> TargetPage:
    """Gather the page of a target for what is looked at."""
    told = result_of(target, view)
    rows = leaves.leaves_of(target, view)
    links = {row.unit.pk: origin_link(target, view, row.unit) for row in rows}
    counted = [row for row in rows if row.is_counted]
    silent = (row for row in rows if not row.is_heard)
    is_drawn = told.measure is not None and not _is_yes_or_no(told.measure)
    course = course_of(told) if told.standing in _UNDER_WAY else None
    return TargetPage(
        told=told,
        view=view,
        lines=_lines(counted, links, told.threshold.value if is_drawn else None, is_drawn),
        silent=sorted(silent, key=lambda row: sort_key(row.unit.label)),
        trend=drawing.trend_of(told, course),
        map=drawing.map_of(rows, links),
        has_bars=is_drawn and len(counted) > 1,
        course=course,
        evidenced=_evidenced(told, view, counted),
    )


_UNDER_WAY = (Standing.ON_COURSE, Standing.BEHIND)


def _evidenced(told: TargetResult, view: View, rows: Sequence[UnitResult]) -> int | None:
    if told.measure is None:
        return None
    return evidenced(told.measure, [r.unit.pk for r in rows], view.period, view.as_of)


def _is_yes_or_no(measure: Measure) -> bool:
    """Whether each unit's own result is reached or not, nothing between."""
    return measure.is_logical or measure.kind == "share_of_units"


def _lines(
    rows: Sequence[UnitResult],
    links: dict[int, str],
    threshold: Decimal | None,
    is_drawn: bool,
) -> list[Line]:
    if not rows:
        return []
    most = drawing.most_of(rows, threshold)
    return [
        Line(r, drawing.bar(r.value, most, threshold) if is_drawn else "", links[r.unit.pk])
        for r in rows
    ]


def origin_link(target: Target, view: View, unit: Unit | Card) -> str:
    """Where the values behind a unit's figure are listed."""
    address = reverse("results:origin", args=[target.pk])
    return address + query_of(view, **{"don-vi": unit.code})
