"""What the tests of the ledger say over and over."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from namro.web.facts import actions, upkeep
from namro.web.facts.rules import Said
from namro.web.plans.models import Assignment, Target
from tests.own_measure import BY_POST

AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
BUDGET = "nq57.budget-share"
CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"


@pytest.fixture
def say(world):
    """say("c1", "202509", {element: value}, after=hours) enters values as one submission."""

    def enter(code, period, values, *, after=0, source="submission:1"):
        said = [
            Said(e, world.units[code].pk, period, None if v is None else Decimal(v), "Biểu 1!D7")
            for e, v in values.items()
        ]
        return actions.record(said=said, source=source, by=None, at=AT + timedelta(hours=after))

    return enter


@pytest.fixture
def figure(world):
    """figure("12", "202509") → (numerator, denominator, counted) of a term at a unit."""
    from namro.web.facts.models import Figure

    def look(code, period="202509", term="nq57.commune-cadres-trained"):
        row = Figure.objects.filter(unit=world.units[code], period=period, term=term).first()
        return (row.numerator, row.denominator, row.counted) if row else (0, 0, 0)

    return look


@pytest.fixture
def cadres():
    """cadres(40, 32): of 40 cadres 32 were trained."""
    return lambda all, trained: {CADRES: all, TRAINED: trained}


@pytest.fixture
def budget(world):
    """A target on the share of a budget, owed by the three communes."""
    target = Target.objects.create(
        plan=world.plan, code="4", position=4, quote="…", subject="…", comparator=">=", value=3,
        measure=BUDGET,
    )  # fmt: skip
    for unit in ("c1", "c2", "c3"):
        Assignment.objects.create(
            target=target, unit=world.units[unit], part="EXECUTOR", from_on=date(2025, 1, 1),
            assigned_at=AT,
        )  # fmt: skip
    upkeep.ensure_current(at=AT)
    return target


@pytest.fixture
def by_post(world, settings):
    """by_post("period"): the installation's own share of dossiers by post is target 12's."""

    def define(over: str) -> None:
        own = Path(settings.NAMRO_HOME) / "measures"
        own.mkdir()
        (own / "post.toml").write_text(BY_POST % over, encoding="utf-8")
        target = world.targets["12"]
        target.measure = "own.by-post"
        target.save()

    return define
