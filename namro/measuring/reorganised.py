"""What the store knows of reorganisations, as of a moment: read once for a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from namro.measuring import lookups
from namro.measuring.engines import Session
from namro.measuring.kinds import Term
from namro.measuring.succession import Descent, Succession, descent_on
from namro.terms import Calendar, Period
from namro.vietnamese import format_date

Descents = Mapping[tuple[Calendar, Period], Descent[str]]


def check_tree_day(terms: Iterable[Term], period: Period, tree_on: date | None) -> None:
    """Raises ValueError (Vietnamese) when the asked tree is older than the period."""
    last = max(period.last_day(term.calendar) for term in terms)
    if tree_on is not None and tree_on < last:
        raise ValueError(
            f"Cây đơn vị ngày {format_date(tree_on)} có trước ngày cuối kỳ ({format_date(last)}); "
            "chỉ xem được số của kỳ theo cây đơn vị từ ngày cuối kỳ trở đi."
        )


def descents_of(
    session: Session,
    terms: Sequence[Term],
    period: Period,
    as_of: datetime,
    tree_on: date | None = None,
) -> Descents:
    """(calendar, period) → the reorganisations that the tree asked for rests on."""
    rows = session.rows(lookups.SUCCESSIONS, as_of=as_of)
    if not rows:
        return {}
    lineage = session.rows(lookups.LINEAGE, as_of=as_of)
    successions = [Succession(*row) for row in rows]
    found = {}
    for calendar in {term.calendar for term in terms}:
        day = tree_on or period.last_day(calendar)
        found[calendar, period] = descent_of(successions, lineage, day)
    return found


def descent_of(
    successions: Iterable[Succession[Any]],
    lineage: Iterable[tuple[Any, Any, date, date | None]],
    day: date,
) -> Descent[Any]:
    """The descent on a day; `lineage`: (unit, ancestor, from, to) of the units in it."""
    known, links = list(successions), list(lineage)
    gone = {s.unit: s.on - timedelta(days=1) for s in known if s.heir is None}
    above: dict[Any, set[Any]] = defaultdict(set)
    before: dict[Any, set[Any]] = defaultdict(set)
    for unit, ancestor, start, end in links:
        if start <= day and (end is None or day < end):
            above[unit].add(ancestor)
        eve = gone.get(unit)
        if eve is not None and start <= eve and (end is None or eve < end):
            before[unit].add(ancestor)
    return descent_on(known, day, above, before)
