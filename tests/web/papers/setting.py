"""The small province with three months of figures and one round; c1 and c2 handed in, c3 not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from namro.web.facts import actions as facts
from namro.web.facts.rules import Said
from namro.web.reporting.models import Duty, Round, Submission

NOW = datetime(2025, 9, 25, 3, 0, tzinfo=UTC)  # 10:00 in Vietnam
TODAY = NOW.date()
AS_OF = datetime(2025, 9, 24, 9, 0, tzinfo=UTC)
DUE_AT = datetime(2025, 9, 18, 10, 0, tzinfo=UTC)
SENT_AT = datetime(2025, 9, 17, 2, 0, tzinfo=UTC)
SPOKEN = {
    "202507": {"c1": (40, 20), "c2": (60, 3)},
    "202508": {"c1": (40, 28), "c2": (60, 6)},
    "202509": {"c1": (40, 32), "c2": (60, 9)},
}


def speak(world, period, code, cadres, trained, at):
    """One commune's official word on one month."""
    pk = world.units[code].pk
    said = [
        Said("commune-cadres", pk, period, Decimal(cadres), "Biểu 1!E6"),
        Said("commune-cadres-trained", pk, period, Decimal(trained), "Biểu 1!E7"),
    ]
    facts.record(said=said, source="submission:1", by=None, at=at)


def fill(world):
    for number, (period, units) in enumerate(SPOKEN.items()):
        at = datetime(2025, 7 + number, 20, 9, 0, tzinfo=UTC)
        facts.open_period(period_code=period, at=at)
        for code, (cadres, trained) in units.items():
            speak(world, period, code, cadres, trained, at)
    opened = Round.objects.create(
        plan=world.plan, period="202509", due_at=DUE_AT, opened_at=datetime(2025, 9, 1, tzinfo=UTC)
    )
    for code in ("c1", "c2", "c3"):
        duty = Duty.objects.create(
            round=opened, unit=world.units[code], receiver=world.units["12-SNV"],
            elements=["commune-cadres", "commune-cadres-trained"],
        )  # fmt: skip
        if code != "c3":
            Submission.objects.create(
                duty=duty, version=1, status="APPROVED", saved_at=SENT_AT, submitted_at=SENT_AT,
                submitted_by=world.baocao, decided_by=world.duyet, decided_at=SENT_AT,
            )  # fmt: skip
    return world
