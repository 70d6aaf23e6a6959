"""Figures kept live equal the direct computation, whatever was said in whatever order."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.measuring import measure, open_store
from namro.terms import Period
from namro.web.facts import actions, feed, queries, upkeep
from namro.web.facts.library import library
from namro.web.facts.models import Figure, Observation
from namro.web.facts.rules import Said
from namro.web.org.models import Unit
from namro.web.plans.models import Assignment, Target
from tests.web.facts.conftest import AT, CADRES, TRAINED

pytestmark = pytest.mark.django_db

UNITS = ("c1", "c2", "c3")
MONTHS = ("202507", "202508", "202509", "202510")
ELEMENTS = (
    CADRES,
    TRAINED,
    "leaders",
    "leaders-technical",
    "budget-spent",
    "budget-spent-on-science",
)
SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(UNITS),
        st.sampled_from(MONTHS),
        st.sampled_from(ELEMENTS),
        st.one_of(st.none(), st.integers(0, 60)),
    ),
    max_size=25,
)


def _bind(world):
    """Beside the two targets: a share of units and a year to date, owed by the three communes."""
    for code, slug in (("20", "nq57.technical-leaders"), ("4", "nq57.budget-share")):
        target = Target.objects.create(
            plan=world.plan, code=code, position=int(code), quote="…", subject="…",
            comparator=">=", value=3, measure=slug,
        )  # fmt: skip
        for unit in UNITS:
            Assignment.objects.create(
                target=target, unit=world.units[unit], part="EXECUTOR",
                from_on=date(2025, 1, 1), assigned_at=AT,
            )  # fmt: skip


def _referee(said, measure_slug, month):
    """The province's figure, naively: the last saying of each cell, carried 3 or 6 months."""
    last: dict = {}
    for unit, period, element, value in said:
        last[unit, element, period] = value

    def latest(unit, element, carry):
        for back in range(carry + 1):
            code = Period.of(month).shifted(-back).code
            if last.get((unit, element, code)) is not None:
                return last[unit, element, code]
        return None

    if measure_slug == "nq57.commune-cadres-trained":
        pairs = [(latest(u, TRAINED, 3), latest(u, CADRES, 3)) for u in UNITS]
        pairs = [p for p in pairs if None not in p]
        below = sum(p[1] for p in pairs)
        return Fraction(100 * sum(p[0] for p in pairs), below) if below else None
    pairs = [(latest(u, "leaders-technical", 6), latest(u, "leaders", 6)) for u in UNITS]
    pairs = [p for p in pairs if None not in p]
    if not pairs:
        return None
    reach = sum(1 for a, b in pairs if b and Fraction(100 * a, b) >= 25)
    return Fraction(100 * reach, len(UNITS))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=SAYINGS, after=SAYINGS)
def test_live_direct_and_referee_agree(world_with_measures, before, after):
    from django.db import transaction

    world = world_with_measures
    with transaction.atomic():
        _run(world, before, after)
        transaction.set_rollback(True)
    feed._empty(feed.Path(feed.settings.NAMRO_STORE))


@pytest.fixture
def world_with_measures(world):
    _bind(world)
    return world


def _run(world, before, after):
    _say(world, before, 0)
    for month in MONTHS[1:]:
        actions.open_period(period_code=month, at=AT)
    _say(world, after, 1)
    assert queries.verify() == []
    assert feed.check() == []
    asked = [
        library().measures[m] for m in ("nq57.commune-cadres-trained", "nq57.technical-leaders")
    ]
    with open_store(feed.ensure_fresh()) as tables:
        for month in MONTHS[1:]:
            found = measure(asked, tables, period=Period.of(month), units=["12"])
            told = {r.measure: r.value for r in found}
            for one in asked:
                assert told[one.slug] == _referee([*before, *after], one.slug, month)


def _say(world, sayings, hours):
    for i, (unit, month, element, value) in enumerate(sayings):
        said = Said(element, world.units[unit].pk, month, None if value is None else Decimal(value))
        actions.record(
            said=[said], source="submission:1", by=None, at=AT + timedelta(hours=hours, seconds=i)
        )


def test_as_of_is_never_rewritten_by_what_comes_later(say, cadres):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    trained = library().measures["nq57.commune-cadres-trained"]

    def then():
        with open_store(feed.ensure_fresh()) as tables:
            return measure(
                [trained], tables, period=Period.of("202509"), as_of=AT + timedelta(minutes=1)
            )

    before = then()
    say("c1", "202509", {TRAINED: 10}, after=1)
    say("c2", "202509", cadres(20, 5), after=2)
    say("c1", "202509", {TRAINED: None}, after=3)
    assert then() == before


def test_verify_finds_every_kind_of_wrong_row(world, say, cadres):
    actions.open_period(period_code="202509", at=AT)
    say("c1", "202509", cadres(40, 32))
    Figure.objects.filter(unit=world.units["12"]).update(numerator=33)
    Figure.objects.filter(unit=world.units["c1"]).update(own_heard=0)
    Figure.objects.filter(unit=world.units["12-UB"]).update(counted=2)
    Figure.objects.create(
        term="nq57.nowhere", period="202509", unit=world.units["12"],
        numerator=1, denominator=1, counted=1, heard=1,
    )  # fmt: skip
    told = [str(d) for d in queries.verify()]
    assert any("đơn vị 12, kỳ 202509: đang lưu 33/40" in t and "tính lại 32/40" in t for t in told)
    assert any("đơn vị c1" in t for t in told)
    assert any("2 đơn vị được tính" in t and "1 đơn vị được tính" in t for t in told)
    assert any("nq57.nowhere" in t for t in told)
    with pytest.raises(CommandError, match="chênh lệch"):
        call_command("verify_figures")
    call_command("rebuild_figures")
    Figure.objects.filter(term="nq57.nowhere").delete()
    call_command("verify_figures")


def test_check_finds_a_store_that_lost_a_segment(say, cadres):
    say("c1", "202509", cadres(40, 32))
    store = feed.ensure_fresh()
    say("c1", "202509", {TRAINED: 30}, after=1)
    feed.ensure_fresh()
    assert feed.check() == []
    next((store / "observations").glob("*.parquet")).unlink()
    assert any("số dòng" in line for line in feed.check())
    call_command("feed", "--anew")
    assert feed.check() == []


def test_store_of_a_newer_database_is_thrown_away(say, cadres, settings):
    say("c1", "202509", cadres(40, 32))
    store = feed.ensure_fresh()
    state = (store / "state.json").read_text()
    (store / "state.json").write_text(state.replace(f'"last_id": {_last()}', '"last_id": 999999'))
    feed.ensure_fresh()
    assert feed.check() == []
    assert feed._kept(store).last_id == _last()


def _last():
    return Observation.objects.order_by("-pk").values_list("pk", flat=True).first()


def test_unit_outside_both_trees_has_figures_of_its_own(world, say, cadres):
    lone = Unit.objects.create(code="le", name="Đơn vị lẻ", kind="DEPARTMENT")
    world.units["le"] = lone
    Assignment.objects.create(
        target=world.targets["5"], unit=lone, part="EXECUTOR",
        from_on=date(2025, 1, 1), assigned_at=AT,
    )  # fmt: skip
    actions.open_period(period_code="202509", at=AT)
    say("le", "202509", cadres(10, 10))
    assert queries.verify() == []
    cards = queries.cards_of_owing(
        lone, "nq57.commune-cadres-trained", date(2025, 9, 14), upkeep.ensure_current(at=AT)
    )
    assert [card.code for card in cards.values()] == ["le"]
