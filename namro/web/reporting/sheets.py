"""The form of a duty: its rows, with the last value known beside each.

In: duties. Out: for each its `entries.Asked`, in the order of the form. Read in bulk: a queue of
forty returns costs as many queries as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from namro.measuring.definitions import elements_of
from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.facts.library import library
from namro.web.facts.models import Observation
from namro.web.plans.models import Target
from namro.web.reporting.entries import Asked
from namro.web.reporting.models import Duty, Evidence, Round
from namro.web.reporting.rules import falls_due

Known = dict[tuple[int, str], list[Observation]]


def span_of(round: Round) -> str:
    """The days a round's period covers: "15/8/2025 – 14/9/2025"."""
    return f"{format_date(round.first_day)} – {format_date(round.last_day)}"


def asked_of(duty: Duty) -> list[Asked]:
    """The rows of one duty's form."""
    return asked_for([duty])[duty.pk]


def bare(duty: Duty) -> list[Asked]:
    """The rows without what was said before: enough to take an answer. No query."""
    elements = library().elements
    return [Asked(elements[slug], previous=None) for slug in duty.elements if slug in elements]


def asked_for(duties: Sequence[Duty]) -> dict[int, list[Asked]]:
    """Duty id → the rows of its form."""
    known = _known(duties)
    often = frequencies({d.round.plan_id for d in duties})
    proven = _proven(known)
    return {d.pk: _rows(d, known, often, proven) for d in duties}


def _rows(
    duty: Duty,
    known: Known,
    often: dict[tuple[int, str], set[str]],
    proven: set[tuple[int, str]],
) -> list[Asked]:
    period, elements = Period.of(duty.round.period), library().elements
    periodic = duty.round.is_periodic
    rows = []
    for slug in duty.elements:
        if slug not in elements:  # the definition was taken out of use after the round was opened
            continue
        told = known.get((duty.unit_id, slug), ())
        if not periodic and elements[slug].time == "flow":
            told = ()  # what happened in a month says nothing beside nine months or a week
        last = _last_before(told, period, elements[slug].time)
        rows.append(
            Asked(
                elements[slug],
                previous=last.value if last else None,
                previous_period=Period.of(last.period).label if last else "",
                due=not periodic
                or falls_due(often.get((duty.round.plan_id, slug), {"month"}), period),
                proven=bool(last and (_submission_of(last), slug) in proven),
            )
        )
    return rows


def _known(duties: Iterable[Duty]) -> Known:
    """(unit, element) → its observations in the order they were recorded."""
    units = {d.unit_id for d in duties}
    elements = {e for d in duties for e in d.elements}
    found: Known = defaultdict(list)
    for row in Observation.objects.filter(unit__in=units, element__in=elements).order_by("pk"):
        found[row.unit_id, row.element].append(row)
    return found


def _last_before(rows: Iterable[Observation], period: Period, time: str) -> Observation | None:
    """The value in force of the latest earlier period; of a flow only of the same length."""
    latest: dict[Period, Observation] = {}
    for row in rows:
        own = Period.of(row.period)
        before = own.first + own.length <= period.first
        same = own.length == period.length
        if before and (same or time == "stock"):
            latest[own] = row
    in_force = {p: row for p, row in latest.items() if row.value is not None}
    if not in_force:
        return None
    return in_force[max(in_force, key=lambda p: (p.first + p.length, p.length))]


def _submission_of(row: Observation) -> int:
    kind, _, number = row.source.partition(":")
    return int(number) if kind == "submission" and number.isdigit() else 0


def _proven(known: Known) -> set[tuple[int, str]]:
    """(submission, element) pairs that came with evidence."""
    wanted = {_submission_of(row) for rows in known.values() for row in rows} - {0}
    rows = Evidence.objects.filter(submission__in=wanted).values_list("submission_id", "element")
    found = set(rows)
    general = {s for s, element in found if not element}
    return found | {(s, e) for s in general for _, e in known}


def is_required(
    opened: Round, elements: Iterable[str], often: dict[tuple[int, str], set[str]]
) -> bool:
    """Whether some figure of a form is awaited in the round's period (see `frequencies`)."""
    period = Period.of(opened.period)
    return any(falls_due(often.get((opened.plan_id, e), {"month"}), period) for e in elements)


def frequencies(plans: set[int]) -> dict[tuple[int, str], set[str]]:
    """(plan, element) → how often the measures that need it are reported."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = Target.objects.filter(plan__in=plans).exclude(measure="")
    for plan, slug in rows.values_list("plan_id", "measure").distinct():
        if measure := library().measures.get(slug):
            for element in elements_of(measure):
                found[plan, element.slug].add(measure.frequency)
    return found
