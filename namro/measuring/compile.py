"""Measures → the rows that feed the one SQL text (`statement.py`). No connection in here.

Only the tally of raw records is generated text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from namro.measuring.figures import due_first, window
from namro.measuring.kinds import Condition, Count, Term
from namro.measuring.succession import Descent, Phase
from namro.terms import Calendar, Period

Rows = list[tuple[Any, ...]]


def feed_of(
    terms: Sequence[Term],
    periods: Iterable[Period],
    *,
    tree_on: date | None = None,
    descents: Mapping[tuple[Calendar, Period], Descent[str]] | None = None,
) -> dict[str, Rows]:
    """The rows for some terms and asked periods (tallies and units come from elsewhere).

    `tree_on`: the day whose tree of units is asked; the period's own last day unless told.
    `descents`: what the reorganisations up to that day did, for each calendar and period.
    """
    asked = []
    for period in periods:
        for term in terms:
            span = window(term, period)
            last = span.first + span.length - 1
            day = tree_on or period.last_day(term.calendar)
            due = due_first(term, period)
            place = (term.slug, period.code, term.calendar.value)
            asked.append((*place, span.first, last, due, day))
    items = [row for term in terms for row in _items(term)]
    spans = _spans(asked, max((row[5] for row in items), default=0))
    flowing = min((row[3] for row in asked), default=0)
    return {
        "asked": asked,
        "terms": [_head(term) for term in terms],
        "term_items": items,
        "spans": spans,
        "nested": _nested([row for row in spans if row[1] >= flowing]),
        **_reorganised(descents or {}),
    }


def _head(term: Term) -> tuple[Any, ...]:
    alone = term.kind == "share_of_units" or term.rule == "milestone"
    is_stock = term.needed[0].time == "stock"
    needs = (alone, is_stock, term.is_additive, term.pools, term.weighted)
    return (term.slug, term.measure, len(term.needed), *needs)


def _reorganised(
    descents: Mapping[tuple[Calendar, Period], Descent[str]],
) -> dict[str, Rows]:
    found: dict[str, Rows] = {
        name: [] for name in ("phases", "paths", "finals", "afters", "keepers")
    }
    for (calendar, period), descent in descents.items():
        place = (calendar.value, period.code)
        for told in descent.phases.values():
            found["phases"] += [(*place, *_months(p, calendar)) for p in told]
        for bearer, paths in descent.lines.items():
            for number, path in enumerate(paths):
                found["paths"] += [
                    (*place, bearer.holder, number, p.unit, p.holder, depth,
                     p.last_day(descent.on))
                    for depth, p in enumerate(path)
                ]  # fmt: skip
        for head, estate in descent.estates.items():
            found["finals"] += [(*place, head.holder, u) for u in sorted(estate.finals)]
            found["afters"] += [(*place, head.holder, p.holder) for p in estate.after]
            found["keepers"] += [
                (*place, head.holder, a, bool(estate.finals)) for a in sorted(estate.above)
            ]
    return found


def _months(phase: Phase[str], calendar: Calendar) -> tuple[str, str, int, int]:
    return phase.unit, phase.holder, *phase.months(calendar)


def _items(term: Term) -> list[tuple[Any, ...]]:
    needed = {item.slug for item in term.needed}
    sides = (("numerator", term.numerator), ("denominator", term.denominator))
    return [
        (term.slug, i.slug, side, i.slug in needed, i.time == "stock", i.carry)
        for side, source in sides
        for i in (source.items if source else ())
    ]


def _spans(asked: list[tuple[Any, ...]], carry: int) -> list[tuple[Any, ...]]:
    """Every period whose cells may enter a figure: the asked windows and what is carried in."""
    first = min((row[3] for row in asked), default=0) - carry - 12
    last = max((row[4] for row in asked), default=0)
    return [
        (period.code, period.first, period.first + length - 1)
        for length in (1, 3, 6, 12)
        for start in range(max(first, 12), last + 1)
        if start % length == 0 and start + length - 1 <= last
        for period in (Period(start, length),)
    ]


def _nested(spans: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """(period, longer one that contains it). Equal keys and no inequalities on purpose: an anti
    join over `first <= first AND last >= last` silently kept every row on DuckDB 1.5.5."""
    known = {row[0] for row in spans}
    return [
        (code, longer)
        for code, first, last in spans
        for length in (3, 6, 12)
        if length > last - first + 1
        for longer in (Period(first // length * length, length).code,)
        if longer in known
    ]


def tally_statement(records: str, counts: Sequence[Count]) -> str:
    """One scan of a dataset's records: unit, period, then each count; a slice without rows is 0.

    `records` is a table expression; the slices that count stand in `slices`.
    """
    return (
        f"SELECT n.unit, n.period, {_counts(counts)} FROM slices n "
        f"LEFT JOIN {records} r ON r.batch = n.batch AND r.unit = n.unit "
        "GROUP BY n.unit, n.period ORDER BY n.unit, n.period"
    )


def tally_of_batches(records: Sequence[tuple[str | None, str]], counts: Sequence[Count]) -> str:
    """One scan of a dataset's records: batch, unit, then each count as c0, c1, …

    `records`: the batch (None: several, as their rows say) of each table expression.
    """
    tests = (where_text(count.where, "1 = 1") for count in counts)
    told = ", ".join(f"COUNT(CASE WHEN {t} THEN 1 END) AS c{n}" for n, t in enumerate(tests))
    return " UNION ALL ".join(
        f"SELECT r.batch, r.unit, {told} FROM {source} r GROUP BY r.batch, r.unit"
        if batch is None
        else f"SELECT {literal(batch)} AS batch, r.unit, {told} FROM {source} r GROUP BY r.unit"
        for batch, source in records
    )


def tally_of_slice(records: str, counts: Sequence[Count]) -> str:
    """One scan of slices by themselves: unit, then each count."""
    return f"SELECT r.unit, {_counts(counts)} FROM {records} r GROUP BY r.unit ORDER BY r.unit"


def _counts(counts: Sequence[Count]) -> str:
    tests = (where_text(count.where, "r.batch IS NOT NULL") for count in counts)
    return ", ".join(f"COUNT(CASE WHEN {test} THEN 1 END)" for test in tests)


def columns_used(counts: Iterable[Count]) -> list[str]:
    """The record columns that some condition reads."""
    return sorted({c.column for count in counts for c in count.where})


def records_statement(records: str, columns: Sequence[str], where: Sequence[Condition]) -> str:
    """The records themselves, in the order of unit, period and source row; a page of them."""
    told = ", ".join(f"r.{quoted(c)}" for c in columns)
    return (
        f'SELECT n.unit, n.period, r.batch, r."row", {told} FROM slices n '
        f"JOIN {records} r ON r.batch = n.batch AND r.unit = n.unit "
        f"WHERE {where_text(where, '1 = 1')} "
        'ORDER BY n.unit, n.period, r.batch, r."row" LIMIT $limit OFFSET $offset'
    )


def records_total(records: str, where: Sequence[Condition]) -> str:
    """How many records there are in all."""
    return (
        f"SELECT COUNT(*) FROM slices n JOIN {records} r "
        f"ON r.batch = n.batch AND r.unit = n.unit WHERE {where_text(where, '1 = 1')}"
    )


def where_text(where: Sequence[Condition], always: str) -> str:
    """Conditions as SQL; an empty column meets only "present = false"."""
    return " AND ".join([always, *(_condition(c) for c in where)])


def _condition(condition: Condition) -> str:
    column = f"r.{quoted(condition.column)}"
    if condition.test == "present":
        return f"{column} IS {'NOT ' if condition.values[0] else ''}NULL"
    literals = [literal(v) for v in condition.values]
    if condition.test == "one_of":
        return f"{column} IN ({', '.join(literals)})"
    signs = {"is": "=", "at_least": ">=", "at_most": "<=", "not": "<>"}
    return f"{column} {signs[condition.test]} {literals[0]}"


def quoted(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A value as an SQL literal: text, exact number or date."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "'" + str(value).replace("'", "''") + "'"
