"""Random reorganisations: merged, absorbed, split, shrunk, renamed, dissolved; known late or not.

The direct path, the live leaf and the referee agree to the last digit, as of any moment, under the
tree of the time and under any later one; what a later reorganisation did never rewrites the past.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from namro.measuring import Parts, assemble, measure
from namro.measuring.assembly import NOTHING
from namro.measuring.definitions import Term, terms_of
from namro.measuring.lines import estate_parts, line_leaf
from namro.measuring.reorganised import descent_of
from namro.measuring.succession import Descent, Phase, Succession
from namro.terms import Calendar, Period
from tests.properties.test_figures_agree import (
    ASKED,
    DAYS,
    LIBRARY,
    START,
    moments,
    often,
    sayings,
)
from tests.reference import Gave, Held, Said, World, figure
from tests.spec.worlds import cells_of, seen, tables_of

BORN = ("n1", "n2", "n3", "n4", "n5", "n6")
EVERYONE = ("c1", "c2", "c3", *BORN)
GROUPS = ("a", "b")


@dataclass
class Tree:
    """A tree being reorganised, with what was known of it when."""

    above: list[Held] = field(default_factory=list)
    owed: list[Held] = field(default_factory=list)
    gave: list[Gave] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)
    unborn: list[str] = field(default_factory=lambda: list(BORN))

    def settle(self, unit: str, group: str, day: date, at: datetime, owing: set[str]) -> None:
        self.alive.append(unit)
        for what, tree in ((unit, "G"), (group, "G"), ("p", "G"), ("p", "P")):
            self.above.append(Held(unit, what, tree, since=day, known=at))
        self.owed += [Held(unit, slug, since=day, known=at) for slug in sorted(owing)]

    def leave(self, unit: str, day: date, at: datetime) -> None:
        self.alive.remove(unit)
        for rows in (self.above, self.owed):
            for i, held in enumerate(list(rows)):
                if held.unit == unit and held.until is None and held.forgotten.year == 9000:
                    rows[i] = replace(held, forgotten=at)
                    if held.since < day:
                        rows.append(replace(held, until=day, known=at))


@st.composite
def reorganised(draw: st.DrawFn) -> Tree:
    """Three communes under two groups, then up to three reorganisations."""
    tree, always = Tree(), datetime(2000, 1, 1)
    owing = st.sets(st.sampled_from(list(LIBRARY.measures)), min_size=8)
    for unit in (*GROUPS, "p"):
        tree.above.append(Held(unit, unit))
    for unit in ("c1", "c2", "c3"):
        group = draw(st.sampled_from(GROUPS))
        tree.settle(unit, group, date(2000, 1, 1), always, draw(owing))
    days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=3)))
    hours = sorted(draw(st.integers(0, 30)) for _ in days)
    for day, hour in zip(days, hours, strict=True):
        _reorganise(draw, tree, day, START + timedelta(hours=hour), owing)
    return tree


def _reorganise(
    draw: st.DrawFn, tree: Tree, day: date, at: datetime, owing: st.SearchStrategy[set[str]]
) -> None:
    kind = draw(st.sampled_from(["merge", "merge", "absorb", "split", "shrink", "rename", "gone"]))
    old = draw(st.permutations(tree.alive))
    assume(len(old) >= 2 and len(tree.unborn) >= 2)
    group = draw(st.sampled_from(GROUPS))
    heirs: tuple[str, ...] = (tree.unborn[0],)
    leaving = old[:1]
    if kind == "merge":
        leaving = old[:2]
    elif kind == "absorb":
        heirs = (old[1],)
    elif kind == "split":
        heirs = (tree.unborn[0], tree.unborn[1])
    elif kind == "shrink":
        heirs = (old[0], tree.unborn[0])
    elif kind == "gone":
        heirs = ()
    for unit in leaving:
        tree.gave.append(Gave(unit, heirs, day, at))
        if unit not in heirs:
            tree.leave(unit, day, at)
    for heir in heirs:
        if heir in tree.unborn:
            tree.unborn.remove(heir)
            tree.settle(heir, group, day, at, draw(owing))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    tree = draw(reorganised())
    told = draw(sayings())
    units = st.sampled_from(("c1", "c2", "c3", *sorted({u for g in tree.gave for u in g.heirs})))
    said = [Said(s.id, s.element, draw(units), s.period, s.value, s.at) for s in told]
    return World(said, [], tree.above, tree.owed, tree.gave)


def _asked(world: World, asked: Period, as_of: datetime, tree_on: date | None) -> None:
    with tables_of(world, LIBRARY) as tables:
        results = measure(
            LIBRARY.measures.values(), tables, period=asked, as_of=as_of, tree_on=tree_on
        )
    told = {(r.measure, r.unit): seen(r) for r in results}
    wanted = {
        (one.slug, unit): figure(one, world, unit=unit, period=asked, as_of=as_of, tree_on=tree_on)
        for one in LIBRARY.measures.values()
        for unit in (*EVERYONE, *GROUPS, "p")
    }
    assert told == {key: f for key, f in wanted.items() if f.expected}
    assert all(0 <= r.heard <= r.counted <= r.expected for r in results)


@settings(often, max_examples=25)
@given(world=worlds(), asked=st.sampled_from(ASKED), as_of=moments)
def test_direct_path_follows_the_units_as_the_referee_does(
    world: World, asked: Period, as_of: datetime
) -> None:
    _asked(world, asked, as_of, None)


@settings(often, max_examples=20)
@given(world=worlds(), asked=st.sampled_from(ASKED), as_of=moments, months=st.integers(0, 8))
def test_past_is_asked_under_a_later_tree_as_the_referee_does(
    world: World, asked: Period, as_of: datetime, months: int
) -> None:
    later = asked.last_month.shifted(months).last_day(Calendar.CALENDAR)
    _asked(world, asked, as_of, later)


def _owed(world: World, slug: str, day: date):
    def owed(unit: str, phase: Phase[str]) -> bool:
        last = phase.last_day(day)
        return any(h.unit == unit and h.what == slug and h.on(last) for h in world.owed)

    return owed


def _descent(world: World, day: date) -> Descent[str]:
    successions = [
        Succession(g.unit, heir, g.on) for g in world.gave for heir in (g.heirs or (None,))
    ]
    return descent_of(successions, [(h.unit, h.what, h.since, h.until) for h in world.above], day)


def _live(world: World, asked: Period, as_of: datetime) -> dict[tuple[str, str], Parts]:
    """Each bearer by itself, then summed above: as figure rows are kept."""
    cells = {u: cells_of(world, u, as_of, LIBRARY) for u in EVERYONE}
    found: dict[tuple[str, str], Parts] = defaultdict(Parts)
    for term in LIBRARY.terms.values():
        _add_up(world, term, asked, cells, found)
    return found


def _add_up(world: World, term: Term, asked: Period, cells: dict, found: dict) -> None:
    day = asked.last_day(term.calendar)
    descent, owed = _descent(world, day), _owed(world, term.measure, day)
    for unit in EVERYONE:
        if owed(unit, descent.living(unit)):
            parts = line_leaf(term, descent.line_of(unit), cells, owed, asked)
            for above in {h.what for h in world.above if h.unit == unit and h.on(day)}:
                found[term.slug, above] += parts
    for head, estate in descent.estates.items():
        parts = estate_parts(term, head, descent, cells, owed, asked)
        for above in estate.above:
            found[term.slug, above] += parts


@settings(often, max_examples=25)
@given(world=worlds(), asked=st.sampled_from(ASKED), as_of=moments)
def test_live_leaves_and_estates_add_up_to_the_direct_path(
    world: World, asked: Period, as_of: datetime
) -> None:
    known = world.as_known(as_of)
    live = _live(known, asked, as_of)

    with tables_of(world, LIBRARY) as tables:
        for told in measure(LIBRARY.measures.values(), tables, period=asked, as_of=as_of):
            one = LIBRARY.measures[told.measure]
            parts = {t.slug: live.get((t.slug, told.unit), NOTHING) for t in terms_of(one)}
            assert (
                assemble(one, parts, expected=told.expected, unit=told.unit, period=asked) == told
            )


@settings(often, max_examples=15)
@given(world=worlds(), asked=st.sampled_from(ASKED), as_of=moments)
def test_reorganisation_known_later_never_rewrites_the_past(
    world: World, asked: Period, as_of: datetime
) -> None:
    past = world.as_known(as_of)
    past.said = [s for s in world.said if s.at <= as_of]
    past.above = [replace(h, forgotten=datetime(9000, 1, 1)) for h in past.above]
    past.owed = [replace(h, forgotten=datetime(9000, 1, 1)) for h in past.owed]

    with tables_of(world, LIBRARY) as tables, tables_of(past, LIBRARY) as then:
        now = measure(LIBRARY.measures.values(), tables, period=asked, as_of=as_of)
        before = measure(LIBRARY.measures.values(), then, period=asked)

    assert now == before
