"""The live path: one changed value → the figures it touches, in the same transaction.

Pure functions over one leaf unit's cells. A leaf may be as non-linear as its rule demands (carry,
year to date, matched pairs, dates of validity); everything above a leaf is a sum of `Parts`, so a
site recomputes the leaf, and adds the difference to the leaf's ancestors, each once. Only units
that owe the measure on the period's last day (`expected`) are leaves of it.

The windows here and the SQL of `compile.py` say the same thing twice on purpose: a property test
holds them against each other and against a naive referee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from namro.measuring.assembly import NOTHING, Parts, Result, assemble, quotient
from namro.measuring.kinds import Frequency, Item, Library, Side, Term
from namro.terms import Period

__all__ = [
    "NOTHING",
    "Parts",
    "Result",
    "Used",
    "assemble",
    "due_first",
    "earliest",
    "judged",
    "leaf",
    "reaches",
    "spoke",
    "sums",
    "touched",
    "used",
    "window",
    "within",
]

Cells = Mapping[tuple[str, str], Decimal]
"""(element or count slug, period code) → value, of one unit; what was withdrawn is absent."""

ONE = Decimal(1)
_MONTHS: Mapping[Frequency, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Used(NamedTuple):
    """One cell that enters a figure: on which side, from which source and period."""

    side: Side
    slug: str
    period: str
    value: Decimal


def window(term: Term, period: Period) -> Period:
    """The months a flow is summed over: the period itself, or the year up to its end."""
    if term.over != "year_to_date":
        return period
    start = period.first // 12 * 12
    return Period(start, period.first + period.length - start)


def due_first(term: Term, period: Period) -> int:
    """The first month of the report that is due: a cell that ends before it is an older report.

    It is the last whole period of the measure's frequency that ends with the asked one or before. A
    monthly measure asks for this month; the index of last year is due until this year is whole.
    """
    months = _MONTHS[term.frequency]
    return _end(period) // months * months - months


def touched(
    library: Library,
    sources: Iterable[str],
    period: Period,
    known_periods: Iterable[Period],
) -> list[tuple[Term, Period]]:
    """The figures that a change of these sources in one period's cells may change.

    `sources`: element slugs, or count slugs (`library.counts_of(dataset)`) when a slice of records
    arrived. `known_periods`: the periods for which figures are kept. Order: by library and period.
    """
    changed = set(sources)
    terms = {t.slug for s in changed for t in library.terms_by_source.get(s, ())}
    # No figure looks ahead: what ends before the cell does cannot be touched.
    asked = sorted(p for p in set(known_periods) if _end(p) >= _end(period))
    alike: dict[tuple[str, int, str], set[int]] = {}
    found = []
    for slug, term in library.terms.items():
        if slug not in terms:
            continue
        numbers: set[int] = set()
        for item in (i for i in term.items if i.slug in changed):
            way = item.time, item.carry, term.over
            if way not in alike:
                told = enumerate(asked)
                alike[way] = {n for n, p in told if reaches(term, item, period, p)}
            numbers |= alike[way]
        found += [(term, asked[n]) for n in sorted(numbers)]
    return found


def reaches(term: Term, item: Item, cell: Period, asked: Period) -> bool:
    """Whether a cell of the item can enter the term's figure for the asked period."""
    if item.time == "stock":
        return 0 <= _end(asked) - _end(cell) <= item.carry
    return within(cell, window(term, asked))


def earliest(term: Term, item: Item, period: Period) -> int:
    """The month before which no cell of the item ends that enters the term's figure."""
    if item.time == "stock":
        return max(0, _end(period) - item.carry - 1)
    return window(term, period).first


def _end(period: Period) -> int:
    return period.first + period.length


def within(inner: Period, outer: Period) -> bool:
    """Whether one period lies in another (or is it)."""
    return outer.first <= inner.first and _end(inner) <= _end(outer)


def leaf(term: Term, cells: Cells, period: Period) -> Parts:
    """The parts of a term at one leaf unit, from that unit's own cells.

    A stock counts with its latest value that is still valid at the period's end; a flow with the
    sum over its window. The pair must be matched: a stock needs both sides, a flow counts only
    those cells whose period holds both. Where months and a quarter were both reported, the longest
    period counts. A leaf that lacks a side is left out: NOTHING.
    """
    cells_used = used(term, cells, period)
    if not cells_used:
        return NOTHING
    heard = spoke(term, cells_used, period)
    return judged(term, *sums(term, cells_used), period, heard=heard)


def sums(term: Term, cells_used: Iterable[Used]) -> tuple[Decimal, Decimal | None]:
    """The two sums of a leaf's cells; of a weighted rate, rate × weight and the weight."""
    numerator, denominator = Decimal(0), None
    for side, _, _, value in cells_used:
        if side == "numerator":
            numerator += value
        else:
            denominator = value if denominator is None else denominator + value
    if term.weighted and denominator is not None:
        numerator = numerator * denominator / 100
    return numerator, denominator


def spoke(term: Term, cells_used: Iterable[Used], period: Period) -> bool:
    """Whether every needed item was told for the period due: what is only carried is older."""
    due = due_first(term, period)
    fresh = {u.slug for u in cells_used if _end_of(u.period) > due}
    return all(item.slug in fresh for item in term.needed)


@lru_cache(maxsize=4096)
def _end_of(code: str) -> int:
    return _end(Period.of(code))


def used(term: Term, cells: Cells, period: Period) -> list[Used]:
    """The cells of one leaf that enter the figure; empty when the leaf is left out."""
    if term.needed[0].time == "stock":
        return _latest(term, cells, period)
    return _summed(term, cells, period)


def _latest(term: Term, cells: Cells, period: Period) -> list[Used]:
    found: dict[str, tuple[str, Decimal]] = {}
    for item in term.items:
        code = _newest(item, cells, _end(period))
        if code is not None:
            found[item.slug] = (code, cells[item.slug, code])
    if any(item.slug not in found for item in term.needed):
        return []
    return [Used(side, slug, *found[slug]) for side, slug in term.sides if slug in found]


_NEAR = 24
"""Months: a stock carried no longer is looked for period by period, not among all that was told."""


def _newest(item: Item, cells: Cells, end: int) -> str | None:
    """The code of the item's latest cell that is valid at an end; of those the one begun last."""
    slug = item.slug
    if item.carry <= _NEAR:
        for code in _ending_until(end, item.carry):
            if (slug, code) in cells:
                return code
        return None
    told = [Period.of(code) for one, code in cells if one == slug]
    valid = [(_end(p), p.first, p.code) for p in told if 0 <= end - _end(p) <= item.carry]
    return max(valid)[2] if valid else None


@lru_cache(maxsize=4096)
def _ending_until(end: int, months: int) -> tuple[str, ...]:
    """The codes of all periods that end at `end` or up to so many months before, newest first."""
    lengths = sorted(_MONTHS.values())
    ends = range(end, max(end - months, 12) - 1, -1)
    return tuple(Period(e - n, n).code for e in ends for n in lengths if e % n == 0)


def _summed(term: Term, cells: Cells, period: Period) -> list[Used]:
    needed = {item.slug for item in term.needed}
    span = window(term, period)
    longest: dict[str, int] = {}
    for first, code, around in _inside(span.first, span.length):
        if longest.keys().isdisjoint(around) and all((slug, code) in cells for slug in needed):
            longest[code] = first
    return [
        Used(side, slug, code, cells[slug, code])
        for code in sorted(longest, key=longest.__getitem__)
        for side, slug in term.sides
    ]


@lru_cache(maxsize=4096)
def _inside(first: int, length: int) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """All periods within so many months, longest first: first month, code, the codes of those they
    lie in."""
    found = [
        Period(start, n)
        for n in sorted(_MONTHS.values(), reverse=True)
        for start in range(-(-first // n) * n, first + length - n + 1, n)
    ]
    return tuple(
        (told.first, told.code, tuple(o.code for o in found if o != told and within(told, o)))
        for told in found
    )


def judged(
    term: Term, numerator: Decimal, denominator: Decimal | None, period: Period, *, heard: bool
) -> Parts:
    """The parts of a leaf that counts: its sums, or 1 / 0 where each unit is judged by itself.

    For a milestone the sums are the dates valid from and valid until, as YYYYMMDD. `heard`: whether
    it spoke for the last period due.
    """
    if term.rule == "milestone":
        stands = _stands(numerator, denominator, period.last_day(term.calendar))
        return Parts(Decimal(stands), ONE, 1, int(heard))
    below = denominator if denominator is not None else Decimal(0)
    if term.kind != "share_of_units":
        return Parts(numerator, below, 1, int(heard))
    value = quotient(numerator, below, term.scale)
    reached = value is not None and value >= (term.at_least or 0)
    return Parts(Decimal(reached), ONE, 1, int(heard))


def _stands(since: Decimal, until: Decimal | None, on: date) -> bool:
    """Whether something valid from `since` until `until` (inclusive) stands on a day."""
    day = on.year * 10000 + on.month * 100 + on.day
    return 0 < since <= day and (until is None or until == 0 or day <= until)
