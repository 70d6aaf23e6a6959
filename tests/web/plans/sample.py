"""A reading of the seed plan, ready for review."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from namro.web.plans import actions
from namro.web.plans.models import Reading

AT = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
ON = date(2025, 6, 20)
ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "demo" / "plan.txt"


def read_seed(world, by: str = "dieuphoi", unit: str = "12-VP") -> Reading:
    """Received and read, nothing reviewed."""
    reading = actions.receive_document(
        by=world.people[by],
        at=AT,
        unit=world.units[unit],
        file_name="plan.txt",
        chunks=[SEED.read_bytes()],
    )
    found = actions.run_reading(reading.pk, AT)
    assert found.state == "READ", found.failure
    return found


def confirm(world, reading: Reading, by: str = "dieuphoi", **changes):
    """Confirmed with the sample's own term, unless told otherwise."""
    asked = {
        "issuer": world.units["12-DU"],
        "root": world.units["12"],
        "started_on": date(2025, 6, 1),
        "deadline_on": date(2025, 12, 31),
        "version": reading.version,
        **changes,
    }
    return actions.confirm_plan(reading=reading, by=world.people[by], at=AT, **asked)
