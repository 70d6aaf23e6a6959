"""What the tests of the ledger say over and over."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from namro.web.facts import actions
from namro.web.facts.rules import Said

AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
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
