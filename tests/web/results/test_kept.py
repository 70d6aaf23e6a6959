"""What is kept of pages says what the figure rows say, whoever changed them, and whenever."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.terms import Period
from namro.web.facts import actions, feed, upkeep, versions
from namro.web.facts.models import Figure, FigureStep, FigureVersion
from namro.web.facts.rules import Said
from namro.web.plans.models import Assignment, Target
from namro.web.plans.queries import targets_of
from namro.web.results import kept, leaves, queries, reckoning
from namro.web.results.board import board_of
from namro.web.results.details import details_of
from tests.web.facts.test_writers import _in_thread
from tests.web.results.conftest import AT, CADRES, SPOKEN, TRAINED, said
from tests.web.results.test_plan_results import bind_all

pytestmark = pytest.mark.django_db
ON = date(2025, 9, 25)
UNITS = ("12", "12-UB", "c1", "c2", "c3")
ASKED = ({}, {"period": Period.of("202507")}, {"as_of": AT + timedelta(days=1)})


def _asked(world, number, who="dieuphoi"):
    """All pages that keep something, as somebody sees them now."""
    asked = {"period": None, "as_of": None, **ASKED[number]}
    viewer = world.people[who]
    view = queries.look(viewer, unit=world.units["12"], on=ON, **asked)
    targets, units = list(targets_of(world.plan)), [world.units[code] for code in UNITS]
    board = [(row.target.pk, dict(row.cells)) for row in board_of(targets, units, view)]
    sheets = [leaves.leaves_of(target, view) for target in targets]
    lines = [
        [(r.unit.pk, r.standing, r.value_text, r.counted, r.heard, r.drawn) for r in told]
        for told in sheets
    ]
    lines += [details_of(told, told.sheet) for told in sheets if told.sheet]
    trends = [
        [(r.result, r.standing, r.value_text, r.trend) for r in queries.results_of(targets, one)]
        for one in (
            queries.look(viewer, unit=world.units[code], on=ON, **asked) for code in ("12", "c1")
        )
    ]
    return board, lines, trends


def _is_exact(world, number=0):
    """Whether what is kept says what an empty shelf says."""
    told, own = _asked(world, number), kept.shelf
    kept.shelf = kept.Shelf()
    try:
        return told == _asked(world, number)
    finally:
        kept.shelf = own


def test_details_are_those_that_each_line_works_out_by_itself(filled):
    bind_all(filled)
    for asked in ASKED[:2]:
        view = queries.look(
            filled.people["dieuphoi"],
            unit=filled.units["12"], on=ON, **{"period": None, "as_of": None, **asked},
        )  # fmt: skip
        for target in targets_of(filled.plan):
            told = leaves.leaves_of(target, view)
            sheet = told.sheet
            assert sheet
            plain = [(sheet.parts_text(r.unit), sheet.change_text(r.unit)) for r in told]
            assert details_of(told, sheet) == plain


def _is_counted(shelf):
    """Whether the size it goes by is that of all it keeps."""
    return shelf._size == sum(one.size for one in shelf._kept.values())


def _say(world, unit, month, value, hours):
    words = [(CADRES, 60), (TRAINED, value)]
    actions.record(
        said=[
            Said(e, world.units[unit].pk, month, None if v is None else Decimal(v))
            for e, v in words
        ],
        source="submission:1", by=None, at=AT + timedelta(days=3, hours=hours),
    )  # fmt: skip


class _Undone(Exception):
    """Raised to take back what a transaction did."""


def _undone(world, unit, month, value, hours):
    """Said, seen, and taken back."""
    try:
        with transaction.atomic():
            _say(world, unit, month, value, hours)
            assert _is_exact(world)
            raise _Undone
    except _Undone:
        pass


def _by_hand(world, unit, month, value, hours):
    """A hand at the database changes rows of one unit, in a statement of its own."""
    rows = Figure.objects.filter(unit=world.units[unit], period=month)
    if value is None:
        rows.delete()
    else:
        rows.update(numerator=value)


def _rebuilt(world, unit, month, value, hours):
    actions.rebuild_figures(at=AT + timedelta(days=3, hours=hours))


def _owed_no_more(world, unit, month, value, hours):
    given = Assignment.objects.filter(unit=world.units[unit], target=world.targets["5"])
    given.update(to_on=date(2025, 9, 1) if value else None)


def _redefined(world, unit, month, value, hours):
    """The target asks for another value."""
    Target.objects.filter(pk=world.targets["5"].pk).update(value=value or 80)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([_say, _say, _say, _undone, _by_hand, _owed_no_more, _redefined, _rebuilt]),
        st.sampled_from(["c1", "c2", "c3"]),
        st.sampled_from(sorted(SPOKEN)),
        st.one_of(st.none(), st.integers(0, 60)),
        st.booleans(),
        st.sampled_from([0, 0, 1, 2]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_what_is_kept_is_what_rows_say(bound, events):
    with transaction.atomic():
        for hours, (event, unit, month, value, is_read, number) in enumerate(events):
            event(bound, unit, month, value, hours)
            if is_read:
                assert _is_exact(bound, number)
        assert _is_exact(bound)
        assert _is_counted(kept.shelf)
        transaction.set_rollback(True)
    feed._empty(Path(site.NAMRO_STORE))  # it was fed what was never so
    reckoning._cache.clear()
    assert _is_exact(bound)


@pytest.fixture
def bound(filled):
    bind_all(filled)
    return filled


def test_a_page_asked_again_reads_the_token_alone(filled, django_assert_num_queries):
    view = queries.look(
        filled.people["dieuphoi"], unit=filled.units["12"], period=None, as_of=None, on=ON
    )
    targets, units = list(targets_of(filled.plan)), [filled.units[code] for code in UNITS]
    made = board_of(targets, units, view)
    with django_assert_num_queries(1):
        assert board_of(targets, units, view) == made
    assert [r.cells for r in made if r.cells]


def test_an_approval_has_only_its_own_units_made_anew(filled, monkeypatch):
    _asked(filled, 0)
    asked, read = [], kept.facts.figure_rows_and_token
    monkeypatch.setattr(
        kept.facts,
        "figure_rows_and_token",
        lambda t, p, u: (asked.append(set(u)), read(t, p, u))[1],
    )
    _say(filled, "c1", "202509", 40, 0)
    assert _board(filled)
    above = {filled.units[code].pk for code in ("12", "12-UB", "c1")}
    assert asked == [above]


def _board(world):
    view = queries.look(
        world.people["dieuphoi"], unit=world.units["12"], period=None, as_of=None, on=ON
    )
    return board_of(list(targets_of(world.plan)), [world.units[code] for code in UNITS], view)


@pytest.mark.django_db(transaction=True)
def test_rows_that_change_while_they_are_read_are_read_again(filled, monkeypatch):
    """Somebody else approves between the reading of the token and that of the rows."""
    kept.shelf.follow(-1, None)  # nothing is kept of before
    read, values = kept.facts.figure_rows_and_token, iter((50, 51))

    def meanwhile(terms, periods, units):
        value = next(values, None)
        if value is not None:
            _in_thread(lambda: _say(filled, "c1", "202509", value, value))()
        return read(terms, periods, units)

    monkeypatch.setattr(kept.facts, "figure_rows_and_token", meanwhile)
    seen = _board(filled)
    assert next(values, None) is None
    monkeypatch.undo()
    assert _is_exact(filled)
    assert [dict(r.cells) for r in seen] == [dict(r.cells) for r in _board(filled)]


@pytest.mark.django_db(transaction=True)
def test_where_others_write_again_and_again_rows_are_read_at_once(filled, monkeypatch):
    kept.shelf.follow(-1, None)
    chance = random.Random(1)
    monkeypatch.setattr(
        kept.facts, "figure_rows_and_token", lambda *_: ([], chance.randrange(2**60))
    )
    seen = [dict(r.cells) for r in _board(filled)]
    monkeypatch.undo()
    assert seen == [dict(r.cells) for r in _board(filled)] != [{}] * len(seen)


def test_every_change_of_rows_gives_another_token(filled):
    rows, unit = Figure.objects.all(), filled.units["c1"]
    tokens = [versions.token()]
    one = rows.filter(unit=unit, period="202509").first()
    place = {"term": "x", "period": "202509", "unit": unit}
    changes = (
        Figure(**place, numerator=1, denominator=1, counted=1, heard=1).save,
        lambda: rows.filter(term="x").update(heard=0),
        lambda: rows.filter(term="x").delete(),
        lambda: actions.record(said=said(filled, "202509", "c3", 9, 3), source="x", by=None,
                               at=AT + timedelta(days=9)),
        lambda: upkeep._forget([one.term]),
    )  # fmt: skip
    for change in changes:
        change()
        tokens.append(versions.token())
    assert None not in tokens and len(set(tokens)) == len(tokens)


def test_steps_lead_from_one_token_to_a_later_and_never_over_a_gap(filled):
    first = versions.token()
    _say(filled, "c1", "202509", 40, 0)
    second = versions.token()
    _say(filled, "c2", "202508", 30, 1)
    told = versions.changed(first, versions.token())
    assert {filled.units[code].pk for code in ("c1", "12")} <= told["202509"]
    assert {filled.units[code].pk for code in ("c2", "12")} <= told["202508"]
    assert filled.units["c1"].pk not in told["202508"]
    assert versions.changed(second, second) == {}
    Figure.objects.filter(period="202509").update(heard=0)
    third = versions.token()
    _say(filled, "c1", "202509", 41, 2)
    assert versions.changed(third, versions.token()) is not None
    assert versions.changed(second, versions.token()) is None
    assert versions.changed(versions.token(), first) is None


def test_steps_are_kept_for_a_while_only(filled, monkeypatch):
    monkeypatch.setattr(versions, "_FORGET", versions._FORGET.replace("200", "3"))
    for n in range(6):
        _say(filled, "c1", "202509", n, n)
    assert FigureStep.objects.count() == 4


def test_without_a_token_nothing_is_kept(filled):
    FigureVersion.objects.all().delete()
    before = [dict(r.cells) for r in _board(filled)]
    _by_hand(filled, "c1", "202509", None, 0)
    after = [dict(r.cells) for r in _board(filled)]
    assert before != after


def test_what_is_kept_has_a_bound(filled):
    own, kept.shelf = kept.shelf, kept.Shelf(most=10)
    try:
        first, again = _asked(filled, 0), _asked(filled, 0)
        size = sum(one.size for one in kept.shelf._kept.values())
        assert _is_counted(kept.shelf)
    finally:
        kept.shelf = own
    assert first == again and size <= 100


def test_the_triggers_are_there_after_flush_too(filled):
    with connection.cursor() as cursor:
        versions.lay(connection, connection.introspection.table_names(cursor))
    before = versions.token()
    Figure.objects.filter(period="202509").update(heard=0)
    assert versions.token() != before
