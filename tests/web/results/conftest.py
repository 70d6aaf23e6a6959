"""The small province with figures of three months and a batch of dossiers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from namro.web.facts import actions
from namro.web.facts.rules import Said

AT = datetime(2025, 9, 20, 9, 0, tzinfo=UTC)
CADRES, TRAINED = "commune-cadres", "commune-cadres-trained"
SPOKEN = {
    "202507": {"c1": (40, 20), "c2": (60, 3)},
    "202508": {"c1": (40, 28), "c2": (60, 6)},
    "202509": {"c1": (40, 32), "c2": (60, 9)},
}


def said(world, period, code, cadres, trained):
    pk = world.units[code].pk
    return [
        Said(CADRES, pk, period, Decimal(cadres), "Biểu 1!E6"),
        Said(TRAINED, pk, period, Decimal(trained), "Biểu 1!E7"),
    ]


@pytest.fixture
def filled(world, tmp_path):
    """The world, with what c1 and c2 said of July to September; c3 is silent."""
    for i, (period, units) in enumerate(SPOKEN.items()):
        actions.open_period(period_code=period, at=AT)
        for code, (cadres, trained) in units.items():
            actions.record(
                said=said(world, period, code, cadres, trained),
                source="demo:1",
                by=None,
                at=AT + timedelta(days=i),
            )
    path = tmp_path / "dossiers.csv"
    rows = ["online", "online", "counter"]
    path.write_text(
        "dossier,unit,procedure,received_on,channel,digitised\n"
        + "".join(f"H{i},c1,TT1,2025-09-02,{c},yes\n" for i, c in enumerate(rows)),
        encoding="utf-8",
    )
    actions.take_batch(
        dataset="dossiers", period_code="202509", path=path, file_name="ho-so-thang-9.csv",
        by=None, at=AT + timedelta(days=2),
    )  # fmt: skip
    return world
