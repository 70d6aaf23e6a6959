"""Figures kept live: the leaf is recomputed, its difference added to all above it, each once.

Called inside the caller's transaction, with the ledger locked: so no other writer is between the
reading of a row and its writing, and rows are written in one order (no deadlock on PostgreSQL).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from namro.measuring import figures
from namro.measuring.definitions import Library, Term
from namro.measuring.figures import NOTHING, Parts
from namro.measuring.lines import line_leaf
from namro.terms import Period
from namro.web.facts import descents, expectations
from namro.web.facts.cells import cells_of
from namro.web.facts.models import Figure, KnownPeriod
from namro.web.facts.rules import FaultySaying, Interval, in_force
from namro.web.frame.exact import to_scaled
from namro.web.org.models import UnitAncestor

Leaf = tuple[int, Term, Period]
"""One figure of one unit by itself: (unit id, term, period)."""

Key = tuple[str, str, int]
"""A figure row: (term, period code, unit id)."""

Above = Mapping[int, list[tuple[int, Interval]]]
"""unit id → the units above it (itself included), in either tree, and when."""


def known_periods() -> list[Period]:
    """The periods for which figures are kept."""
    return sorted(Period.of(c) for c in KnownPeriod.objects.values_list("code", flat=True))


def touched(library: Library, changed: Iterable[tuple[str, int, str]]) -> set[Leaf]:
    """The leaves that changed cells (source, unit, period code) may change, in known periods."""
    asked, tree = known_periods(), descents.load()
    by_place: dict[tuple[int, str], set[str]] = defaultdict(set)
    for source, unit, period in changed:
        by_place[unit, period].add(source)
    found: dict[tuple[frozenset[str], str], list[tuple[Term, Period]]] = {}
    leaves: set[Leaf] = set()
    for (unit, period), sources in by_place.items():
        alike = (frozenset(sources), period)
        if alike not in found:
            found[alike] = figures.touched(library, sources, Period.of(period), asked)
        leaves |= {
            (bearer, term, told)
            for term, told in found[alike]
            for bearer in tree.bearers(unit, told.last_day(term.calendar))
        }
    return leaves


_WHOLE = ("numerator", "denominator", "counted", "heard")
_PARTS = (*_WHOLE, "expected", *(f"own_{name}" for name in (*_WHOLE, "expected")))

_UPSERT = (
    f"INSERT INTO {Figure._meta.db_table} (term, period, unit_id, {', '.join(_PARTS)}) "
    f"VALUES (%s, %s, %s{', %s' * len(_PARTS)}) "
    "ON CONFLICT (term, period, unit_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _PARTS)
)


@dataclass
class _Row:
    """A figure row as kept: with all below, and the unit by itself; and who owes it."""

    whole: Parts = NOTHING
    expected: int = 0
    own: Parts = NOTHING
    own_expected: int = 0


def recompute(leaves: Iterable[Leaf]) -> int:
    """Bring the leaves and all above them up to date; give the number of rows written."""
    asked = sorted(leaves, key=lambda a: (a[1].slug, a[2].code, a[0]))
    if not asked:
        return 0
    tree = descents.load()
    estates = tree.estates_of(asked)
    units = {unit for unit, _, _ in asked}
    above = _above(units)
    keepers = {a for estate in estates for a in estate.above}
    rows = _rows(asked, units | keepers | {a for ups in above.values() for a, _ in ups})
    owing = expectations.kept(units | tree.inherited_by(units))
    changed: set[Key] = set()
    for (unit, term, period), parts in zip(asked, _computed(asked, tree, owing), strict=True):
        row, day = rows[term.slug, period.code, unit], period.last_day(term.calendar)
        owes = int(in_force(owing.get((term.measure, unit), ()), day))
        difference, more = parts - row.own, owes - row.own_expected
        if difference == NOTHING and not more:
            continue
        row.own, row.own_expected = parts, owes
        changed |= _add(rows, (difference, more), term, period, _ancestors(above, unit, day))
    for estate, difference in descents.changed(estates, tree):
        changed |= _add(rows, (difference, 0), estate.term, estate.period, estate.above)
    _write({key: rows[key] for key in sorted(changed)})
    return len(changed)


def _add(
    rows: dict[Key, _Row],
    difference: tuple[Parts, int],
    term: Term,
    period: Period,
    above: Iterable[int],
) -> set[Key]:
    keys = {(term.slug, period.code, ancestor) for ancestor in above}
    for key in keys:
        rows[key].whole += difference[0]
        rows[key].expected += difference[1]
    return keys


def compute(asked: list[Leaf], tree: descents.Tree | None = None) -> list[Parts]:
    """Each leaf from its own cells and those of units it took over; nothing where the unit does not
    owe the measure."""
    tree = tree or descents.load()
    units = {unit for unit, _, _ in asked}
    return _computed(asked, tree, expectations.kept(units | tree.inherited_by(units)))


def _computed(asked: list[Leaf], tree: descents.Tree, owing: expectations.Owing) -> list[Parts]:
    units = {unit for unit, _, _ in asked}
    terms = {term.slug: term for _, term, _ in asked}
    told = units | tree.inherited_by(units)
    cells = cells_of(told, {i.slug for t in terms.values() for i in t.items}, since=_since(asked))
    kept: dict[tuple[int, str], Mapping] = {}
    found = []
    for unit, term, period in asked:
        day = period.last_day(term.calendar)
        if not in_force(owing.get((term.measure, unit), ()), day):
            found.append(NOTHING)
            continue
        descent = tree.on(day)
        if unit in descent.phases:
            line, owed = descent.line_of(unit), descents.owed(owing, term, day)
            found.append(line_leaf(term, line, descents.of_term(cells, term), owed, period))
            continue
        place = (unit, term.slug)
        if place not in kept:
            kept[place] = descents.cells_for(cells.get(unit, {}), term)
        found.append(figures.leaf(term, kept[place], period))
    return found


def _since(asked: Iterable[Leaf]) -> int:
    """The earliest year whose cells may enter one of the leaves."""
    firsts = {(term, period) for _, term, period in asked}
    return min(figures.earliest(term, period) for term, period in firsts) // 12


def _above(units: Iterable[int]) -> Above:
    found: dict[int, list[tuple[int, Interval]]] = defaultdict(list)
    rows = UnitAncestor.objects.filter(unit_id__in=units)
    for unit, ancestor, start, end in rows.values_list(
        "unit_id", "ancestor_id", "from_on", "to_on"
    ):
        found[unit].append((ancestor, (start, end)))
    return found


def _ancestors(above: Above, unit: int, on: date) -> set[int]:
    """The unit itself and all above it on a day, in both trees, each once."""
    return {unit} | {a for a, days in above.get(unit, ()) if in_force((days,), on)}


def _rows(asked: list[Leaf], units: set[int]) -> dict[Key, _Row]:
    found: dict[Key, _Row] = defaultdict(_Row)
    kept = Figure.objects.filter(
        unit_id__in=units,
        term__in={term.slug for _, term, _ in asked},
        period__in={period.code for _, _, period in asked},
    ).values_list(*("term", "period", "unit_id", *_PARTS))
    for term, period, unit, *told in kept:
        whole, own = told[: len(told) // 2], told[len(told) // 2 :]
        found[term, period, unit] = _Row(Parts(*whole[:-1]), whole[-1], Parts(*own[:-1]), own[-1])
    return found


_LARGEST = 2**63 - 1  # what a figure's column holds


def _stored(parts: Parts) -> tuple[int, int, int, int]:
    sums = to_scaled(parts.numerator), to_scaled(parts.denominator)
    if max(map(abs, sums)) > _LARGEST:
        raise FaultySaying(
            "Chưa ghi được số liệu: cộng vào thì tổng của cấp trên lớn quá mức hệ thống ghi được. "
            "Hãy kiểm tra lại số và đơn vị tính."
        )
    return (*sums, parts.counted, parts.heard)


def _write(rows: Mapping[Key, _Row]) -> None:
    """Insert or replace rows in the order of their keys.

    Plain SQL, the same on SQLite and PostgreSQL: this runs at every approval, and building the
    objects and the statement anew each time would cost more than all the rest of it.
    """
    told = [
        (
            *key,
            *(*_stored(row.whole), row.expected),
            *(*_stored(row.own), row.own_expected),
        )
        for key, row in rows.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, told)
