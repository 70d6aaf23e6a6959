"""What lies behind a figure: each cell that enters it, with its ledger rows or its batch.

A unit that took others over rests on what they told as well; what a split or dissolved unit left
lies behind the figures of those that keep it (`succession.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from namro.measuring import lookups
from namro.measuring.assembly import NOTHING
from namro.measuring.direct import feed
from namro.measuring.engines import Session, Tables, utc
from namro.measuring.kinds import Measure, Term, terms_of
from namro.measuring.lines import Owed, estate_parts, line_cells
from namro.measuring.reorganised import check_tree_day, descents_of
from namro.measuring.succession import Descent, Phase
from namro.measuring.tallying import tallies
from namro.terms import Period


@dataclass(frozen=True)
class SourceRow:
    """One cell behind a figure: a value as it stood, with the ledger rows or the batch it is from.

    `unit`: who told it; `leaf`: the unit whose figure it enters, "" where nobody inherits it.
    `observations`: ids of the cell's ledger rows, oldest first, the last one in force. `batch`: the
    slice a count was taken from; `records` lists its rows.
    """

    term: str
    source: str
    unit: str
    period: str
    value: Decimal
    observations: tuple[int, ...] = ()
    batch: str | None = None
    leaf: str = ""


def sources(
    measure: Measure,
    tables: Tables,
    *,
    units: Sequence[str],
    period: Period,
    as_of: datetime | None = None,
    tree_on: date | None = None,
) -> dict[str, list[SourceRow]]:
    """What lies behind the "numerator" and the "denominator" of a measure at some units.

    Every cell of every leaf beneath (or being) the units that enters the figure, once, in the order
    of term, unit, period. A milestone's dates stand as numerator (from) and denominator (until).
    """
    terms = terms_of(measure)
    check_tree_day(terms, period, tree_on)
    moment = utc(as_of)
    found: dict[str, list[SourceRow]] = {"numerator": [], "denominator": []}
    with tables.session() as session:
        descents = descents_of(session, terms, period, moment, tree_on)
        day = tree_on or period.last_day(terms[0].calendar)
        descent = descents.get((terms[0].calendar, period)) or Descent(day)
        leaves = _leaves(session, terms, units, day, moment)
        bearers = [descent.living(u) for u in sorted(leaves)]
        bearers += [h for h, e in descent.estates.items() if e.above & set(units)]
        members = {u for b in bearers for u in descent.members(b)}
        members |= {ph.unit for e in descent.estates.values() for ph in e.after}
        feed(session, tables, terms, period, moment, sorted(members), tree_on)
        cells, origin = _cells(session, tables, terms, period, moment)
        owed = _owed(session, terms[0].measure, day, moment)
    for term in terms:
        for bearer in bearers:
            for side, row in _rows(term, bearer, descent, cells, origin, owed, period):
                found[side].append(row)
    return found


def _rows(
    term: Term,
    bearer: Phase[str],
    descent: Descent[str],
    cells: _Cells,
    origin: _Origin,
    owed: Owed,
    period: Period,
) -> list[tuple[str, SourceRow]]:
    paths = descent.lines.get(bearer, ((bearer,),))
    if bearer.until is not None and (
        estate_parts(term, bearer, descent, cells, owed, period) == NOTHING
    ):
        return []
    told = line_cells(term, paths, cells, owed, period)
    leaf = bearer.unit if bearer.until is None else ""
    rows: list[tuple[str, SourceRow]] = []
    for phase in sorted(told, key=lambda p: (str(p.unit), p.since or date.min)):
        for u in told[phase]:
            ids, batch = origin[u.slug, phase.unit, u.period]
            place = (term.slug, u.slug, phase.unit, u.period)
            rows.append((u.side, SourceRow(*place, u.value, ids, batch, leaf)))
    return rows


def _leaves(
    session: Session, terms: Sequence[Term], units: Sequence[str], day: date, as_of: datetime
) -> set[str]:
    session.feed("asked_units", [(unit,) for unit in sorted(set(units))])
    rows = session.rows(lookups.OWING_BENEATH, measure=terms[0].measure, on_day=day, as_of=as_of)
    return {row[0] for row in rows}


def _owed(session: Session, measure: str, day: date, as_of: datetime) -> Owed:
    spans: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for unit, start, end in session.rows(lookups.OWED, measure=measure, as_of=as_of):
        spans[unit].append((start, end))

    def owed(unit: Any, phase: Phase[Any]) -> bool:
        last = phase.last_day(day)
        return any(a <= last and (b is None or last < b) for a, b in spans.get(unit, ()))

    return owed


_Cells = dict[str, dict[tuple[str, str], Decimal]]
_Origin = dict[tuple[str, str, str], tuple[tuple[int, ...], str | None]]


def _cells(
    session: Session, tables: Tables, terms: Sequence[Term], period: Period, as_of: datetime
) -> tuple[_Cells, _Origin]:
    """Unit → its cells as of a moment, and where each cell comes from."""
    cells: _Cells = {}
    origin: _Origin = {}
    ledger: dict[tuple[str, str, str], list[tuple[int, Decimal, int]]] = {}
    for element, unit, told, number, delta, dn in session.rows(lookups.LEDGER, as_of=as_of):
        ledger.setdefault((element, unit, told), []).append((number, delta, dn))
    for (element, unit, told), rows in ledger.items():
        if sum(row[2] for row in rows) > 0:
            value = sum((Decimal(row[1]) for row in rows), Decimal(0))
            cells.setdefault(unit, {})[element, told] = value
            origin[element, unit, told] = (tuple(row[0] for row in rows), None)
    for slug, unit, told, count, batch in tallies(session, tables, terms, period, as_of):
        cells.setdefault(unit, {})[slug, told] = count
        origin[slug, unit, told] = ((), batch)
    return cells, origin
