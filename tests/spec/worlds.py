"""Small worlds out of ASCII tables, and the three ways to a figure: direct, live, referee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from namro.measuring import in_memory, measure
from namro.measuring.assembly import NOTHING, Parts, Result, assemble
from namro.measuring.definitions import Dataset, Example, Library, Measure, terms_of
from namro.measuring.engines import Tables
from namro.measuring.figures import leaf
from namro.terms import Period
from tests.reference import LONG_AGO, Figure, Held, Said, Slice, World, figure, meets

NOON = datetime(2026, 1, 1, 12)
Row = dict[str, str]


def table(text: str) -> list[Row]:
    """ "unit | value" under a head line → rows of texts."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    head, *rest = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(head, cells, strict=True)) for cells in rest]


def said(text: str, at: datetime = NOON) -> list[Said]:
    """unit | period | one column per element (empty: not said, "-": withdrawn) → ledger entries."""
    found = []
    for row in table(text):
        for element, told in row.items():
            if element in ("unit", "period", "at") or not told:
                continue
            value = None if told == "-" else Decimal(told)
            moment = datetime.fromisoformat(row["at"]) if row.get("at") else at
            entry = Said(len(found) + 1, element, row["unit"], row["period"], value, moment)
            found.append(entry)
    return found


def slices(dataset: Dataset, text: str, *, batch: str = "b1", at: datetime = NOON) -> list[Slice]:
    """The dataset's columns and its unit → one slice per unit and month."""
    kept: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in table(text):
        typed = {name: _typed(dataset, name, told) for name, told in row.items() if name != "unit"}
        period = Period.month_of(typed[dataset.date], dataset.calendar).code
        kept[row["unit"], period].append(typed)
    return [
        Slice(f"{batch}-{period}", dataset.slug, unit, period, at, tuple(rows))
        for (unit, period), rows in kept.items()
    ]


def _typed(dataset: Dataset, name: str, told: str) -> Any:
    if not told:
        return None
    kind = dataset.columns[name].type
    if kind == "date":
        return date.fromisoformat(told)
    return Decimal(told) if kind == "number" else told


def beneath(units: Iterable[str], top: str = "p") -> list[Held]:
    """Units straight beneath one top, each unit above itself as well."""
    pairs = [(unit, above) for unit in units for above in (unit, top)] + [(top, top)]
    return [Held(unit, above) for unit, above in dict.fromkeys(pairs)]


def world_of(example: Example, library: Library, slug: str) -> World:
    """The world of a measure's worked example."""
    entries = said(example.reported) if example.reported else []
    parted = [
        s for name, text in example.records.items() for s in slices(library.datasets[name], text)
    ]
    units = sorted({e.unit for e in entries} | {s.unit for s in parted} | set(example.silent))
    return World(entries, parted, beneath(units), [Held(unit, slug) for unit in units])


def tables_of(
    world: World,
    library: Library,
    engine: str = "duckdb",
    kept: Iterable[Mapping[str, Any]] = (),
) -> Tables:
    """The world as the tables of schema.py; `kept`: rows of kept_tallies."""
    rows: dict[str, list[Mapping[str, Any]]] = {
        "units": [
            {"unit": u, "name": u, "kind": "COMMUNE", "tree": "GOVERNMENT", "level": 1}
            for u in sorted({h.what for h in world.above})
        ],
        "unit_ancestors": [
            {
                "unit": h.unit,
                "ancestor": h.what,
                "tree": h.tree,
                **_held(h),
            }
            for h in world.above
        ],
        "expected": [{"measure": h.what, "unit": h.unit, **_held(h)} for h in world.owed],
        "successions": [
            {"unit": g.unit, "heir": heir, "from_on": g.on, "known_from": g.known}
            for g in world.gave
            for heir in (g.heirs or (None,))
        ],
        "observations": _ledger(world.said),
        "batches": [
            {
                "batch": s.batch,
                "dataset": s.dataset,
                "unit": s.unit,
                "period": s.period,
                "rows": len(s.rows),
                "recorded_at": s.at,
            }
            for s in world.slices
        ],
        "kept_tallies": list(kept),
    }
    records = [(dataset, _records(dataset, world)) for dataset in library.datasets.values()]
    return in_memory(rows, records=records, engine=engine)


def _held(held: Held) -> dict[str, Any]:
    return {
        "from_on": held.since,
        "to_on": held.until,
        "known_from": held.known,
        "known_until": held.forgotten if held.forgotten.year < 9000 else None,
    }


def _ledger(entries: Iterable[Said]) -> list[Mapping[str, Any]]:
    """Entries with the signed change each makes, as the site's ledger keeps them."""
    standing: dict[tuple[str, str, str], Decimal | None] = {}
    rows = []
    for e in sorted(entries, key=lambda e: e.id):
        cell = (e.element, e.unit, e.period)
        before = standing.get(cell)
        rows.append(
            {
                "id": e.id,
                "element": e.element,
                "unit": e.unit,
                "period": e.period,
                "value": e.value,
                "delta": (e.value or Decimal(0)) - (before or Decimal(0)),
                "dn": (e.value is not None) - (before is not None),
                "recorded_at": e.at,
            }
        )
        standing[cell] = e.value
    return rows


def _records(dataset: Dataset, world: World) -> list[Mapping[str, Any]]:
    return [
        {"batch": s.batch, "unit": s.unit, "row": i, **row}
        for s in world.slices
        if s.dataset == dataset.slug
        for i, row in enumerate(s.rows, start=2)
    ]


Way = Callable[[Measure, World, Library, Period, str, datetime], Figure | None]
"""A way to a figure: measure, world, library, period, unit, as of → figure; None: nobody owes."""


def seen(result: Result) -> Figure:
    """A result in the referee's words."""
    return Figure(
        result.numerator,
        result.denominator,
        result.value,
        result.counted,
        result.heard,
        result.expected,
        tuple(seen(part) for part in result.parts),
        result.mark.value if result.mark else None,
    )


def direct(
    one: Measure, world: World, library: Library, period: Period, unit: str, as_of: datetime
) -> Figure | None:
    with tables_of(world, library) as tables:
        results = measure([one], tables, period=period, as_of=as_of, units=[unit])
    assert len(results) <= 1
    return seen(results[0]) if results else None


def live(
    one: Measure, world: World, library: Library, period: Period, unit: str, as_of: datetime
) -> Figure | None:
    """Each owing leaf by `leaf`, summed above; then assembled."""
    owing = world.leaves(one.slug, unit, period.last_day(one.calendar))
    if not owing:
        return None
    cells = {u: cells_of(world, u, as_of, library) for u in owing}
    sums = {
        term.slug: sum((leaf(term, cells[u], period) for u in owing), NOTHING)
        for term in terms_of(one)
    }
    return seen(assemble(one, sums, expected=len(owing), unit=unit, period=period))


def referee(
    one: Measure, world: World, library: Library, period: Period, unit: str, as_of: datetime
) -> Figure | None:
    told = figure(one, world, unit=unit, period=period, as_of=as_of)
    return told if told.expected else None


WAYS: dict[str, Way] = {"direct": direct, "live": live, "referee": referee}


def cells_of(
    world: World, unit: str, as_of: datetime, library: Library
) -> dict[tuple[str, str], Decimal]:
    """The cells of one unit as they stood at a moment, counts of records among them."""
    cells: dict[tuple[str, str], Decimal] = {}
    for entry in sorted(world.said, key=lambda e: e.id):
        if entry.unit == unit and entry.at <= as_of:
            cells.pop((entry.element, entry.period), None)
            if entry.value is not None:
                cells[entry.element, entry.period] = entry.value
    for s in sorted(world.slices, key=lambda s: (s.at, s.batch)):
        if s.unit == unit and s.at <= as_of:
            for count in library.counts_of(s.dataset):
                number = sum(meets(count, row) for row in s.rows)
                cells[count.slug, s.period] = Decimal(number)
    return cells


def parts_of(told: Figure) -> Parts:
    """A figure's sums as Parts, for comparing figure rows."""
    sums = Decimal(told.numerator or 0), Decimal(told.denominator or 0)
    return Parts(*sums, told.counted, told.heard)


__all__ = [
    "LONG_AGO",
    "NOON",
    "WAYS",
    "cells_of",
    "direct",
    "live",
    "parts_of",
    "referee",
    "said",
    "slices",
    "table",
    "tables_of",
    "world_of",
]
