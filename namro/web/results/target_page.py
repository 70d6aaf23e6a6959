"""One target on one page: the figure, its course, its units, how it is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString

from namro.measuring.definitions import Measure, elements_of
from namro.measuring.explain import explain, steps
from namro.terms import Standing
from namro.vietnamese import capitalised
from namro.web.plans.models import Target
from namro.web.reporting.chain.summing import HeldBack, held_back
from namro.web.results import drawing, leaves, unit_table
from namro.web.results.choosing import queries_of_units, query_of
from namro.web.results.course import Course, course_of, evidenced
from namro.web.results.leaves import UnitResult
from namro.web.results.parted import parted_note
from namro.web.results.queries import TargetResult, result_of
from namro.web.results.sight import View
from namro.web.results.unit_table import UnitTable


@dataclass(frozen=True)
class TargetPage:
    """All that the page of a target shows.

    `table`: the units that enter the figure. `silent`: those not heard for the period due, also the
    ones whose older value is carried.
    """

    told: TargetResult
    view: View
    table: UnitTable
    silent: list[UnitResult]
    trend: SafeString | str
    map: SafeString | str
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
    def is_percent(self) -> bool:
        return self.measure is not None and self.measure.unit_of_measure.startswith("%")

    @property
    def silent_names(self) -> SafeString:
        return unit_table.named(self.silent)

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
    addressed = origin_links(target, view)
    links = {row.unit.pk: addressed(row.unit.code) for row in rows}
    counted = [row for row in rows if row.is_counted]
    course = course_of(told) if told.standing in _UNDER_WAY else None
    return TargetPage(
        told=told,
        view=view,
        table=unit_table.table_of(counted, links, rows.sheet, told.threshold.value),
        silent=[row for row in rows if not row.is_heard],
        trend=drawing.trend_of(told, course),
        map=drawing.map_of(rows, links),
        course=course,
        evidenced=_evidenced(told, view, counted),
    )


_UNDER_WAY = (Standing.ON_COURSE, Standing.BEHIND)


def _evidenced(told: TargetResult, view: View, rows: Sequence[UnitResult]) -> int | None:
    if told.measure is None:
        return None
    return evidenced(told.measure, [r.unit.pk for r in rows], view.period, view.as_of)


def origin_links(target: Target, view: View) -> Callable[[str], str]:
    """Where the values behind a unit's figure are listed, by the unit's code."""
    address, query = reverse("results:origin", args=[target.pk]), queries_of_units(view)
    return lambda code: address + query(code)
