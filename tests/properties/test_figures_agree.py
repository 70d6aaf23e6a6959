"""Random small provinces: the direct path, the live path and the referee say the same.

Corrections, withdrawals, replaced slices, two trees, units that move, owe later or no longer,
months beside quarters: whatever happened, the three agree to the last digit, as of any moment, and
no later event changes what was so before.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.measuring import Library, Parts, assemble, load, measure
from namro.measuring.assembly import NOTHING
from namro.measuring.definitions import Term, terms_of
from namro.measuring.figures import leaf, touched
from namro.measuring.marks import Mark
from namro.terms import Period
from tests.properties.small_library import write_library
from tests.reference import LONG_AGO, Held, Said, Slice, World, figure
from tests.spec.worlds import cells_of, seen, tables_of

with tempfile.TemporaryDirectory() as _folder:
    LIBRARY: Library = load(write_library(Path(_folder)))

LEAVES = ("c1", "c2", "c3")
GROUPS = ("a", "b")
MONTHS = [Period.of(f"2025{m:02d}") for m in range(1, 7)]
TOLD = [*(m.code for m in MONTHS[:4]), "202412", "2025Q1", "2025Q1", "2025S1", "2024"]
ASKED = [*MONTHS, *map(Period.of, ("2025Q1", "2025Q2", "2025S1", "202508", "2025"))]
START = datetime(2025, 6, 1)
DAYS = [date(2025, m, d) for m in (1, 2, 3, 4) for d in (1, 14, 15, 28)]
DATES = [Decimal(0), *(Decimal(d.strftime("%Y%m%d")) for d in DAYS)]

numbers = st.one_of(
    st.integers(0, 6).map(Decimal), st.integers(0, 900).map(lambda n: Decimal(n) / 100)
)


@st.composite
def moves(draw: st.DrawFn) -> list[Held]:
    """Every leaf under the province in both trees, and under one group, moving at most once."""
    above = [Held(u, u) for u in (*LEAVES, *GROUPS, "p")]
    for unit in LEAVES:
        above += [Held(unit, "p", tree) for tree in ("GOVERNMENT", "PARTY")]
        first, then = draw(st.permutations(GROUPS))
        day = draw(st.one_of(st.none(), st.sampled_from(DAYS)))
        above.append(Held(unit, first, until=day))
        if day:
            above.append(Held(unit, then, since=day))
    return above


@st.composite
def debts(draw: st.DrawFn) -> list[Held]:
    """Who owes what: most leaves everything always, some from a day on, some no longer."""
    owed = []
    for slug in LIBRARY.measures:
        for unit in LEAVES:
            kind = draw(st.sampled_from(["always"] * 5 + ["never", "later", "ended"]))
            day = draw(st.sampled_from(DAYS)) if kind in ("later", "ended") else None
            if kind == "always":
                owed.append(Held(unit, slug))
            elif kind == "later":
                owed.append(Held(unit, slug, since=day or LONG_AGO))
            elif kind == "ended":
                owed.append(Held(unit, slug, until=day))
    return owed


MARKS = [mark.code for mark in Mark]
TOGETHER = [
    ("rate", "w"),
    ("m", "n"),
    ("a", "b"),
    ("u", "v"),
    ("u", "v"),
    ("since", "until"),
    ("index", "index-mark"),
    ("index-mark",),
    ("a",),
    ("u",),
]
"""What is usually told in one go: alone, the parts would hardly ever meet."""


@st.composite
def sayings(draw: st.DrawFn) -> list[Said]:
    """Values, corrections and withdrawals, in the order of recording."""
    found: list[Said] = []
    for hour in range(1, draw(st.integers(0, 30)) + 1):
        unit = draw(st.sampled_from(LEAVES))
        period = draw(st.sampled_from(TOLD))
        gone = draw(st.integers(0, 9)) == 0
        for element in draw(st.sampled_from(TOGETHER)):
            kind = LIBRARY.elements[element].kind
            among = {"date": st.sampled_from(DATES), "mark": st.sampled_from(MARKS)}
            value = None if gone else draw(among.get(kind, numbers))
            if element == "w" and value is not None:
                value = value.to_integral_value()  # a weight keeps to its digits
            at = START + timedelta(hours=hour)
            found.append(Said(len(found) + 1, element, unit, period, value, at))
    return found


@st.composite
def parcels(draw: st.DrawFn) -> list[Slice]:
    """Slices of records, some replacing others; each batch holds one period."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        dataset = draw(st.sampled_from(["visits", "visits", "devices"]))
        period = draw(st.one_of(st.sampled_from(MONTHS), st.sampled_from(TOLD).map(Period.of)))
        rows = tuple(
            _row(draw, dataset, f"{number}-{i}", period) for i in range(draw(st.integers(0, 4)))
        )
        at = START + timedelta(hours=draw(st.integers(0, 40)), minutes=number)
        unit = draw(st.sampled_from(LEAVES))
        found.append(Slice(f"b{number}", dataset, unit, period.code, at, rows))
    return found


def _row(draw: st.DrawFn, dataset: str, key: str, period: Period) -> dict[str, Any]:
    row = {"day": period.first_day(), "kind": draw(st.sampled_from(["x", "y", None]))}
    if dataset == "devices":
        return {"device": key, **row}
    if row["kind"] == "y":
        row["kind"] = draw(st.sampled_from(["y", "z"]))
    return {"visit": key, **row, "size": draw(st.sampled_from([None, *map(Decimal, range(6))]))}


worlds = st.builds(World, said=sayings(), slices=parcels(), above=moves(), owed=debts())
moments = st.integers(0, 41).map(lambda h: START + timedelta(hours=h))

often = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(world=worlds, asked=st.sampled_from(ASKED), as_of=moments)
def test_direct_path_says_what_the_referee_says(
    world: World, asked: Period, as_of: datetime
) -> None:
    with tables_of(world, LIBRARY) as tables:
        results = measure(LIBRARY.measures.values(), tables, period=asked, as_of=as_of)

    told = {(r.measure, r.unit): seen(r) for r in results}
    wanted = {
        (one.slug, unit): figure(one, world, unit=unit, period=asked, as_of=as_of)
        for one in LIBRARY.measures.values()
        for unit in (*LEAVES, *GROUPS, "p")
    }
    assert told == {key: f for key, f in wanted.items() if f.expected}
    assert all(0 <= r.heard <= r.counted <= r.expected for r in results)


class Ledger:
    """Figure rows kept as a site keeps them: a leaf is recomputed, its difference goes up."""

    def __init__(self, world: World, known: list[Period]) -> None:
        self.world, self.known = world, known
        self.rows: dict[tuple[str, str, str], Parts] = defaultdict(Parts)
        self.own: dict[tuple[str, str, str], Parts] = defaultdict(Parts)

    def changed(self, unit: str, sources: Iterable[str], period: str, at: datetime) -> None:
        cells = cells_of(self.world, unit, at, LIBRARY)
        for term, asked in touched(LIBRARY, sources, Period.of(period), self.known):
            self._recompute(term, asked, unit, leaf(term, cells, asked))

    def _recompute(self, term: Term, asked: Period, unit: str, parts: Parts) -> None:
        day = asked.last_day(term.calendar)
        if unit not in self.world.leaves(term.measure, unit, day):
            return
        difference = parts - self.own[term.slug, asked.code, unit]
        self.own[term.slug, asked.code, unit] = parts
        for above in {h.what for h in self.world.above if h.unit == unit and h.on(day)}:
            self.rows[term.slug, asked.code, above] += difference


@often
@given(world=worlds, known=st.lists(st.sampled_from(ASKED), min_size=1, max_size=3, unique=True))
def test_figures_kept_live_are_those_of_the_direct_path(world: World, known: list[Period]) -> None:
    ledger = Ledger(world, known)
    events = [(s.at, s.unit, (s.element,), s.period) for s in world.said]
    counts = {d: tuple(c.slug for c in LIBRARY.counts_of(d)) for d in LIBRARY.datasets}
    events += [(s.at, s.unit, counts[s.dataset], s.period) for s in world.slices]
    for at, unit, sources, period in sorted(events):
        ledger.changed(unit, sources, period, at)

    with tables_of(world, LIBRARY) as tables:
        for asked in known:
            for told in measure(LIBRARY.measures.values(), tables, period=asked):
                one = LIBRARY.measures[told.measure]
                parts = {
                    term.slug: ledger.rows.get((term.slug, asked.code, told.unit), NOTHING)
                    for term in terms_of(one)
                }
                kept = assemble(one, parts, expected=told.expected, unit=told.unit, period=asked)
                assert kept == told


@settings(often, max_examples=20)
@given(world=worlds, asked=st.sampled_from(ASKED), as_of=moments)
def test_later_events_never_rewrite_the_past(world: World, asked: Period, as_of: datetime) -> None:
    past = World(
        [s for s in world.said if s.at <= as_of],
        [s for s in world.slices if s.at <= as_of],
        world.above,
        world.owed,
    )

    with tables_of(world, LIBRARY) as tables, tables_of(past, LIBRARY) as then:
        now = measure(LIBRARY.measures.values(), tables, period=asked, as_of=as_of)
        before = measure(LIBRARY.measures.values(), then, period=asked)

    assert now == before
