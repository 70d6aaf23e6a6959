"""The direct path: figures computed from the facts in a store, as of any moment.

It verifies the figures kept live, answers as-of and what-if questions, and finds what lies behind a
figure. Arrays beside the store sum where they can (`dense/`), SQL everything else, always with the
same answer; what SQL summed is judged here, and all is divided here, by the same functions as on
the live path (`figures.judged`, `assembly.assemble`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from namro.measuring import compile as texts
from namro.measuring import dense, lookups, statement
from namro.measuring.assembly import NOTHING, Parts, Result, assemble
from namro.measuring.dense import Columns
from namro.measuring.dense.slabs import decimals
from namro.measuring.engines import Session, Tables, utc
from namro.measuring.figures import judged, within
from namro.measuring.kinds import Condition, Dataset, Measure, Term, terms_of
from namro.measuring.reorganised import Descents, check_tree_day, descents_of
from namro.measuring.tallying import count_records, kept_tallies, newest, tallies
from namro.terms import Period


def measure(
    measures: Iterable[Measure],
    tables: Tables,
    *,
    period: Period,
    as_of: datetime | None = None,
    units: Sequence[str] | None = None,
    tree_on: date | None = None,
) -> list[Result]:
    """The results of measures at units for one period, from what was recorded by `as_of`.

    Period: any month, quarter, half or year. `as_of`: aware, or UTC; None is now and ever.
    `units`: None is every unit that owes a measure or stands above one that does. A unit beneath
    which nobody owes the measure has no result; one where nobody counts has a result without
    value. Order: measures as given, then units. `tree_on`: the day whose tree of units is asked
    (the period's last unless told); what was reorganised by then is asked of who took it over.

    Raises ValueError for a tree older than the period.

    Results are plain frozen values and not a columnar table: a page shows dozens of them, each with
    its parts and an exact fraction, which no column type holds.
    """
    wanted = list(measures)
    terms = [term for one in wanted for term in terms_of(one)]
    if not terms:
        return []
    check_tree_day(terms, period, tree_on)
    asked = Asked(tables, period, utc(as_of), units, tree_on)
    expected, parts = _gathered(asked, terms)
    return [
        assemble(one, parts.get(unit, {}), expected=count, unit=unit, period=period)
        for one in wanted
        for unit, count in sorted(expected.get(one.slug, {}).items())
    ]


def columns(
    measures: Iterable[Measure],
    tables: Tables,
    *,
    period: Period,
    as_of: datetime | None = None,
    units: Sequence[str] | None = None,
    tree_on: date | None = None,
    with_own: bool = False,
) -> Columns:
    """The parts of the measures' terms at units, as arrays: what `measure` divides and combines.

    Arguments as for `measure`; for a whole nation, where a value for each figure would cost more
    than all the sums. `with_own`: also what each unit put in by itself, of the terms that arrays
    compute (`dense.fits`); of the others it is left at nothing. Raises TooLarge for a sum beyond
    64 bits of ten-thousandths.
    """
    terms = list({t.slug: t for one in measures for t in terms_of(one)}.values())
    if terms:
        check_tree_day(terms, period, tree_on)
    asked = Asked(tables, period, utc(as_of), units, tree_on)
    found, rest = _by_arrays(asked, terms, with_own=with_own)
    if not rest and found is not None:
        return found
    return _joined(asked, terms, found, _by_statement(asked, rest))


@dataclass(frozen=True)
class Asked:
    """A question put to the store: period, moment, units, day of the tree."""

    tables: Tables
    period: Period
    as_of: datetime
    units: Sequence[str] | None = None
    tree_on: date | None = None


def _by_arrays(
    asked: Asked, terms: Sequence[Term], *, with_own: bool = False
) -> tuple[Columns | None, list[Term]]:
    """What arrays compute, and the terms left for the statement: those of mixed times; all of them
    where a sum is beyond 64 bits, or the store has no arrays."""
    book = asked.tables.book
    fit = [term for term in terms if book is not None and dense.fits(term)]
    if book is None or not fit:
        return None, list(terms)
    descents: Descents = {}
    if book.reorganised:
        with asked.tables.session() as session:
            descents = descents_of(session, fit, asked.period, asked.as_of, asked.tree_on)
    try:
        found = dense.parts_of(
            *(book, fit, asked.period),
            as_of=asked.as_of, units=asked.units, tree_on=asked.tree_on, descents=descents,
            counted=count_records(asked.tables, fit, asked.period, asked.as_of), with_own=with_own,
        )  # fmt: skip
    except dense.TooLarge:
        return None, list(terms)
    left = {term.slug for term in terms} - {term.slug for term in fit}
    return found, [term for term in terms if term.slug in left]


Expected = dict[str, dict[str, int]]
"""Measure → unit → leaves expected."""

AtUnits = dict[str, dict[str, Parts]]
"""Unit → term → parts, of terms that somebody told."""


def _by_statement(asked: Asked, terms: Sequence[Term]) -> tuple[Expected, AtUnits]:
    if not terms:
        return {}, {}
    period, as_of = asked.period, asked.as_of
    with asked.tables.session() as session:
        moved = feed(session, asked.tables, terms, period, as_of, asked.units, asked.tree_on)
        text = statement.REORGANISED if moved else statement.PLAIN
        rows = session.rows(text, as_of=as_of)
    return _judged({t.slug: t for t in terms}, rows, period)


def _gathered(asked: Asked, terms: Sequence[Term]) -> tuple[Expected, AtUnits]:
    """Both ways' answers as one."""
    found, rest = _by_arrays(asked, terms)
    expected, parts = _by_statement(asked, rest)
    for row, term in enumerate(found.terms if found is not None else ()):
        assert found is not None
        owed = expected.setdefault(term.measure, {})
        exact = (decimals(array[row]) for array in (found.numerator, found.denominator))
        arrays = (found.expected, found.counted, found.heard)
        told = (found.units, *(array[row].tolist() for array in arrays), *exact)
        for unit, due, counted, heard, above, below in zip(*told, strict=True):
            if due:
                owed[unit] = due
            if counted:
                at_unit = parts.get(unit) or parts.setdefault(unit, {})
                at_unit[term.slug] = Parts(above, below, counted, heard)
    return expected, parts


def _joined(
    asked: Asked, terms: Sequence[Term], found: Columns | None, told: tuple[Expected, AtUnits]
) -> Columns:
    """Columns of all terms, those of the statement among them."""
    expected, parts = told
    codes = {unit for owed in expected.values() for unit in owed}
    codes |= set(found.units) if found is not None else set()
    whole = Columns.empty(asked.period, terms, sorted(codes))
    if found is not None:
        whole = whole.with_rows_of(found)
    column = {unit: n for n, unit in enumerate(whole.units)}
    done = {term.slug for term in found.terms} if found is not None else set()
    for row, term in enumerate(terms):
        if term.slug in done:
            continue
        for unit, due in expected.get(term.measure, {}).items():
            whole.put(row, column[unit], parts.get(unit, {}).get(term.slug, NOTHING), due)
    return whole


def feed(
    session: Session,
    tables: Tables,
    terms: Sequence[Term],
    period: Period,
    as_of: datetime,
    units: Sequence[str] | None,
    tree_on: date | None = None,
) -> bool:
    """Give a session the rows that its statement reads, for some terms and one period.

    True when units were reorganised by the day that is asked.
    """
    descents = descents_of(session, terms, period, as_of, tree_on)
    for name, rows in texts.feed_of(terms, [period], tree_on=tree_on, descents=descents).items():
        session.feed(name, rows)
    chosen = [(unit,) for unit in units] if units is not None else _all_units(session)
    session.feed("asked_units", sorted(set(chosen)))
    tallied = [t[:4] for t in tallies(session, tables, terms, period, as_of)]
    session.feed("tallies", tallied)
    return any(descent.lines for descent in descents.values())


def _all_units(session: Session) -> list[tuple[Any, ...]]:
    return session.rows("SELECT DISTINCT ancestor FROM unit_ancestors")


def _judged(
    terms: Mapping[str, Term], rows: Iterable[tuple[Any, ...]], period: Period
) -> tuple[Expected, AtUnits]:
    """The statement's rows as parts, leaves judged where it is due."""
    expected: Expected = {}
    parts: AtUnits = {}
    for slug, _, unit, due, leaf, numerator, denominator, counted, heard in rows:
        term = terms[slug]
        expected.setdefault(term.measure, {})[unit] = due
        if not counted:
            continue
        above = _exact(numerator) or Decimal(0)
        below = _exact(denominator)
        told = (
            judged(term, above, below, period, heard=bool(heard))
            if leaf is not None
            else Parts(above, below or Decimal(0), int(counted), int(heard))
        )
        at_unit = parts.setdefault(unit, {})
        at_unit[slug] = at_unit.get(slug, NOTHING) + told
    return expected, parts


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def records(
    dataset: Dataset,
    tables: Tables,
    *,
    unit: str,
    period: Period,
    where: Sequence[Condition] = (),
    as_of: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """The records themselves: those of a unit and all beneath it, in a period, and how many in all.

    `where`: conditions as a count has them (`Count.where`). Rows are mappings: unit, period, batch,
    row (its line in the source file) and the dataset's columns. Newest slices as of the moment; a
    longer slice replaces those it contains.
    """
    columns = list(dataset.columns)
    with tables.session() as session:
        day = period.last_day(dataset.calendar)
        beneath = {
            row[0] for row in session.rows(lookups.BENEATH, unit=unit, on_day=day, as_of=utc(as_of))
        }
        told = newest(session, dataset.slug, utc(as_of), lambda told: within(told, period))
        found = [s for s in told if s[1] in beneath]
        kept = kept_tallies(session)
        slices = [s for s in _longest(found) if kept.get(s[:2], {}).get("", 1) != 0]
        session.feed("slices", slices)
        table = tables.records(dataset.slug, columns, [(told, b) for b, _, told in slices])
        total = session.rows(texts.records_total(table, where))[0][0]
        text = texts.records_statement(table, columns, where)
        rows = session.rows(text, limit=limit, offset=offset)
    names = ["unit", "period", "batch", "row", *columns]
    return [dict(zip(names, row, strict=True)) for row in rows], int(total)


def _longest(slices: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The slices without those that a longer one of the same unit holds."""
    of_unit: dict[str, list[Period]] = {}
    found = [(s, Period.of(s[2])) for s in slices]
    for (_, unit, _), told in found:
        of_unit.setdefault(unit, []).append(told)
    return [
        s
        for s, told in found
        if not any(other != told and within(told, other) for other in of_unit[s[1]])
    ]
