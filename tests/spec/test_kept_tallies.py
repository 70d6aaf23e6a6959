"""Where records were deleted, what was counted before answers; it is never counted again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from namro.measuring import Tables, in_memory, load, measure, read_records, sources
from namro.terms import Period

LIBRARY = load()
DATASET = LIBRARY.datasets["dossiers"]
ONLINE = LIBRARY.measures["nq57.online-dossiers"]
JULY = Period.of("202507")
AT = datetime(2025, 7, 20)
COUNTS = {"dossiers": 10, "dossiers?channel=online": 7}


def tables(kept: list[tuple[str, str, int]], records: list[tuple[str, str, str]]) -> Tables:
    """c1, c2 under p, one batch. `kept`: (unit, source, value); `records`: (key, unit, channel)."""
    line = {"from_on": date(2020, 1, 1), "tree": "GOVERNMENT"}
    rows: dict[str, list[dict[str, Any]]] = {
        "units": [
            {"unit": u, "name": u, "kind": "COMMUNE", "tree": "GOVERNMENT", "level": 1}
            for u in ("p", "c1", "c2")
        ],
        "unit_ancestors": [
            {"unit": u, "ancestor": a, **line}
            for u, a in (("p", "p"), ("c1", "c1"), ("c2", "c2"), ("c1", "p"), ("c2", "p"))
        ],
        "expected": [
            {"measure": ONLINE.slug, "unit": u, "from_on": date(2020, 1, 1)} for u in ("c1", "c2")
        ],
        "batches": [
            {"batch": "b", "dataset": "dossiers", "unit": u, "period": "202507", "rows": 10,
             "recorded_at": AT}
            for u in ("c1", "c2")
        ],
        "kept_tallies": [
            {"batch": "b", "unit": u, "source": s, "value": Decimal(v)} for u, s, v in kept
        ],
    }  # fmt: skip
    told = [
        {"batch": "b", "unit": u, "row": i, "dossier": key, "channel": channel,
         "received_on": date(2025, 7, 2)}
        for i, (key, u, channel) in enumerate(records, start=2)
    ]  # fmt: skip
    return in_memory(rows, records=[(DATASET, told)])


LEFT = [("h1", "c1", "online"), ("h2", "c2", "online"), ("h3", "c2", "counter")]


def figures(given: Tables) -> dict[str, tuple[Any, Any]]:
    found = measure([ONLINE], given, period=JULY)
    return {r.unit: (r.numerator, r.denominator) for r in found}


def test_kept_counts_stand_for_what_is_gone_and_others_are_counted() -> None:
    kept = [("c1", "", 1), *(("c1", source, n) for source, n in COUNTS.items())]
    with tables(kept, LEFT) as given:
        assert figures(given) == {"c1": (7, 10), "c2": (1, 2), "p": (8, 12)}
        found = sources(ONLINE, given, units=["p"], period=JULY)["numerator"]
        assert {(row.unit, row.value) for row in found} == {("c1", 7), ("c2", 1)}


def test_what_is_left_of_the_records_can_still_be_looked_at() -> None:
    with tables([("c1", "", 1)], LEFT) as given:
        rows, total = read_records(DATASET, given, unit="p", period=JULY)
    assert total == 3 and [r["dossier"] for r in rows] == ["h1", "h2", "h3"]


def test_nothing_is_looked_for_where_nothing_is_left() -> None:
    with tables([("c1", "", 0)], LEFT[1:]) as given:
        assert read_records(DATASET, given, unit="c1", period=JULY) == ([], 0)


@pytest.mark.parametrize("kept", [[("c1", "", 1)], [("c1", "", 0), ("c1", "dossiers", 10)]])
def test_count_that_was_never_made_is_no_data_and_no_nought(kept: list) -> None:
    with tables(kept, LEFT) as given:
        assert figures(given) == {"c1": (None, None), "c2": (1, 2), "p": (1, 2)}
