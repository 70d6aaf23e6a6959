"""A duty, and a person, in one unit first and in another later: each period has its own."""

from datetime import date, timedelta

import pytest

from namro.measuring import measure, open_store
from namro.terms import Period
from namro.web.facts import actions, feed, queries, upkeep
from namro.web.facts.library import library
from namro.web.org import actions as org
from namro.web.org.queries import may
from namro.web.org.rules import Role, Verb
from namro.web.plans.models import Assignment
from namro.web.reporting.queries import may_report
from tests.web.facts.conftest import AT

pytestmark = pytest.mark.django_db

MOVED = date(2025, 9, 15)  # the first day of October's period
SLUG = "nq57.commune-cadres-trained"


@pytest.fixture
def handed_over(world, say, cadres):
    """c1 owed the measure until 14 September, c2 owes it since; both told of both months."""
    for period in ("202509", "202510"):
        actions.open_period(period_code=period, at=AT)
    for unit, told in (("c1", cadres(40, 32)), ("c2", cadres(20, 5))):
        for period in ("202509", "202510"):
            say(unit, period, told)
    owed = Assignment.objects.filter(target=world.targets["5"], part="EXECUTOR")
    owed.exclude(unit__in=[world.units["c1"], world.units["c2"]]).delete()
    owed.filter(unit=world.units["c1"]).update(to_on=MOVED)
    owed.filter(unit=world.units["c2"]).update(from_on=MOVED)
    actions.refresh_expected(at=AT + timedelta(hours=5))


@pytest.mark.parametrize(("period", "parts"), [("202509", (32, 40, 1)), ("202510", (5, 20, 1))])
def test_each_period_counts_the_unit_that_owed_it_then(handed_over, figure, period, parts):
    assert figure("12", period) == parts
    with open_store(feed.ensure_fresh()) as tables:
        [told] = measure([library().measures[SLUG]], tables, period=Period.of(period), units=["12"])
    assert (told.numerator, told.denominator, told.counted) == parts
    assert told.expected == 1 and queries.verify() == []


def test_year_with_both_halves_counts_nobody_twice(handed_over):
    """A stock asked for the quarter is that of the unit that owes it on the last day."""
    with open_store(feed.ensure_fresh()) as tables:
        [told] = measure(
            [library().measures[SLUG]], tables, period=Period.of("2025Q4"), units=["12"]
        )
    assert (told.numerator, told.denominator, told.expected) == (5, 20, 1)


def test_as_of_before_the_hand_over_knows_the_old_duty(world, handed_over):
    upkeep.ensure_current(at=AT + timedelta(hours=6))
    with open_store(feed.ensure_fresh()) as tables:
        [told] = measure(
            [library().measures[SLUG]], tables, period=Period.of("202510"), units=["12"],
            as_of=AT + timedelta(hours=1),
        )  # fmt: skip
    assert told.numerator == 37 and told.denominator == 60


def test_person_reports_for_the_unit_of_the_day(world):
    person = world.baocao
    for post in person.posts.all():
        org.end_post(post=post, to_on=MOVED, by=None, at=AT)
    org.appoint(
        by=None, at=AT, user=person, unit=world.units["c2"], reach=world.units["c2"],
        role=Role.REPORTER, from_on=MOVED,
    )  # fmt: skip
    before, after = MOVED - timedelta(days=1), MOVED
    c1, c2 = world.units["c1"], world.units["c2"]
    assert may_report(person, c1, before) and not may_report(person, c2, before)
    assert may_report(person, c2, after) and not may_report(person, c1, after)
    assert not may(person, Verb.SEE_FIGURES, c1, on=after)
