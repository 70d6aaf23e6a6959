"""The form of a duty: its rows, with the last value known beside each.

In: duties. Out: for each its `entries.Asked`, in the order of the form. Read in bulk: a queue of
forty returns costs as many queries as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet

from namro.measuring.definitions import Element, Library, elements_of
from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.facts.library import library
from namro.web.frame.prepared import prepared
from namro.web.plans.models import Target
from namro.web.reporting.form.entries import Asked
from namro.web.reporting.form.last_values import LastValue, Place, last_values, returns_of
from namro.web.reporting.models import Duty, Evidence, Round
from namro.web.reporting.rules import falls_due

Known = dict[tuple[int, str, Period], LastValue]
"""(unit, element, period of the form) → what was said last before."""


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
    definitions = library()
    elements = definitions.elements
    known = _known(duties, elements)
    often = frequencies({d.round.plan_id for d in duties}, definitions)
    proven = _proven(known)
    return {d.pk: _rows(d, elements, known, often, proven) for d in duties}


def _rows(
    duty: Duty,
    elements: Mapping[str, Element],
    known: Known,
    often: dict[tuple[int, str], set[str]],
    proven: set[tuple[int, str]],
) -> list[Asked]:
    period, periodic = Period.of(duty.round.period), duty.round.is_periodic
    plan, rows = duty.round.plan_id, []
    for slug in duty.elements:
        if slug not in elements:  # the definition was taken out of use after the round was opened
            continue
        last = known.get((duty.unit_id, slug, period))
        if not periodic and elements[slug].time == "flow":
            last = None  # what happened in a month says nothing beside nine months or a week
        rows.append(
            Asked(
                elements[slug],
                previous=last.value if last else None,
                previous_period=last.period.label if last else "",
                due=not periodic or falls_due(often.get((plan, slug), {"month"}), period),
                proven=bool(last and (last.submission, slug) in proven),
            )
        )
    return rows


def _known(duties: Iterable[Duty], elements: Mapping[str, Element]) -> Known:
    """What each unit said last before the duty's period."""
    wanted: dict[Period, dict[Place, None]] = defaultdict(dict)
    for duty in duties:
        places = wanted[Period.of(duty.round.period)]
        places |= {(duty.unit_id, slug): None for slug in duty.elements if slug in elements}
    return {
        (unit, slug, period): value
        for period, places in wanted.items()
        for (unit, slug), value in last_values(places, elements, period).items()
    }


def _proven(known: Known) -> set[tuple[int, str]]:
    """(submission, element) pairs that came with evidence."""
    wanted = returns_of(known.values())
    if not wanted:
        return set()
    rows = Evidence.objects.filter(submission__in=wanted).values_list("submission_id", "element")
    found = set(rows)
    general = {s for s, element in found if not element}
    return found | {(s, slug) for s in general for _, slug, _ in known}


def is_required(
    opened: Round, elements: Iterable[str], often: dict[tuple[int, str], set[str]]
) -> bool:
    """Whether some figure of a form is awaited in the round's period (see `frequencies`)."""
    period = Period.of(opened.period)
    return any(falls_due(often.get((opened.plan_id, e), {"month"}), period) for e in elements)


@prepared
def _measured(plans: set[int]) -> QuerySet[Target, tuple[int, str]]:
    rows = Target.objects.filter(plan__in=plans).exclude(measure="")
    return rows.values_list("plan_id", "measure").distinct()


def frequencies(
    plans: set[int], definitions: Library | None = None
) -> dict[tuple[int, str], set[str]]:
    """(plan, element) → how often the measures that need it are reported. `definitions`: by who
    has just read them (None: they are read)."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    measures = (definitions or library()).measures
    for plan, slug in _measured(plans):
        if measure := measures.get(slug):
            for element in elements_of(measure):
                found[plan, element.slug].add(measure.frequency)
    return found
