"""How many units sent evidence with the values that stand."""

from datetime import timedelta

import pytest

from namro.terms import Period
from namro.web.facts import actions
from namro.web.facts.library import library
from namro.web.reporting.models import Duty, Evidence, Round, Submission
from namro.web.results.course import evidenced
from tests.web.results.conftest import AT, said

pytestmark = pytest.mark.django_db
MONTHS = ("202503", "202507", "202509")


@pytest.fixture
def send(world):
    """Lets a unit say both figures of a month, with or without evidence."""
    versions = iter(range(1, 100))
    for month in MONTHS:
        actions.open_period(period_code=month, at=AT)
    opened = Round.objects.create(
        plan=world.plan, period="202509", from_on="2025-08-15", to_on="2025-09-14", due_at=AT,
        opened_at=AT,
    )  # fmt: skip

    def send(unit, month, hours, element=None, trained=20):
        owed, _ = Duty.objects.get_or_create(
            round=opened, unit=world.units[unit], receiver=world.units["12-SNV"]
        )
        row = Submission.objects.create(duty=owed, version=next(versions), saved_at=AT)
        if element is not None:
            Evidence.objects.create(
                submission=row, element=element, file_name="anh.jpg", size=1, sha256="0" * 64,
                added_at=AT,
            )  # fmt: skip
        actions.record(
            said=said(world, month, unit, 40, trained), source=f"submission:{row.pk}",
            by=None, at=AT + timedelta(hours=hours),
        )  # fmt: skip

    return send


def counted(world, month="202509", hours=None):
    units = [world.units[code].pk for code in ("c1", "c2", "c3")]
    as_of = None if hours is None else AT + timedelta(hours=hours)
    measure = library().measures[world.targets["5"].measure]
    return evidenced(measure, units, Period.of(month), as_of)


def test_evidence_counts_with_what_stands_of_the_latest_month_however_old(world, send):
    send("c1", "202509", 1, element="")
    send("c2", "202503", 2, element="commune-cadres")
    send("c3", "202507", 3, element="another-element")
    assert counted(world) == 2


def test_what_was_said_later_of_the_month_takes_the_place_of_what_had_evidence(world, send):
    send("c1", "202509", 1, element="")
    send("c1", "202509", 5, trained=21)
    assert (counted(world), counted(world, hours=2)) == (1, 1)  # one value was said once only
    assert counted(world, "202507") == 0


def test_an_older_month_said_later_changes_nothing(world, send):
    send("c1", "202509", 1, element="")
    send("c1", "202507", 5)
    assert (counted(world), counted(world, "202507")) == (1, 0)
