"""The nation into a database and its store: units, who owes what, ledger, figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.national import definitions
from bench.national.loading import (
    follow_ids,
    hurry,
    lay_indices,
    lift_indices,
    load,
    moment,
    step,
)
from bench.national.nation import ELEMENTS, LAST, MEASURES, MONTHS, Nation, leaves_of
from namro.terms import Calendar, Comparator, Period

TODAY = date(2026, 11, 22)
SINCE = date(2010, 1, 1)
NOW = datetime.combine(TODAY, time(1), UTC)
KINDS = ("PROVINCE", "PROVINCE", "PEOPLES_COMMITTEE", "COMMUNE")
_PARTS = ("numerator", "denominator", "counted", "heard", "expected")
SCALED = 10_000


def fill(nation: Nation) -> None:
    """All of it; what was done before an interruption is not done again."""
    from django.conf import settings
    from django.core.management import call_command

    definitions.write(Path(settings.NAMRO_HOME) / "measures")
    call_command("migrate", verbosity=0)
    hurry()
    step("units", partial(_units, nation))
    step("plan", partial(_plan, nation))
    step("without indices", lambda: [lift_indices(t) for t in _LARGE])
    sizes = np.cumsum([0, *(len(nation.rows(m)) for m in range(MONTHS))])
    for month in range(MONTHS):
        step(f"ledger {month + 1}/{MONTHS}", partial(_ledger, nation, month, int(sizes[month])))
    _figures(nation)
    step("indices", partial(lay_indices, _LARGE))
    step("marks", partial(_marks, nation, int(sizes[-1])))
    _store(nation, sizes)


_LARGE = ("facts_observation", "facts_figure")


def _units(nation: Nation) -> None:
    from namro.web.org.actions.units import rebuild_ancestors
    from namro.web.org.models import Unit, UnitLink

    Unit.objects.bulk_create(
        [
            Unit(pk=u + 1, code=code(u), name=f"Đơn vị {u}", kind=KINDS[nation.level(u)],
                 opened_on=SINCE, tile_column=u % 60, tile_row=u // 60)
            for u in range(nation.size)
        ],
        batch_size=2000,
    )  # fmt: skip
    UnitLink.objects.bulk_create(
        [
            UnitLink(tree="GOVERNMENT", unit_id=u + 1, superior_id=int(nation.above[u]) + 1,
                     from_on=SINCE)
            for u in range(1, nation.size)
        ],
        batch_size=2000,
    )  # fmt: skip
    follow_ids("org_unit")
    rebuild_ancestors()


def code(unit: int) -> str:
    """The code of a unit."""
    return f"u{unit:05d}"


def _plan(nation: Nation) -> None:
    """One plan of a hundred targets, each owed by every commune; a leader who sees all."""
    from namro.web.facts.models import KnownPeriod
    from namro.web.org import journal
    from namro.web.org.models import Post, User
    from namro.web.plans.models import Document, Plan, Reading, Target

    user = User.objects.create(username="bench", full_name="Người đo", joined_at=NOW)
    Post.objects.create(user=user, unit_id=1, reach_id=1, role="LEADER", from_on=SINCE)
    document = Document.objects.create(
        sha256="0" * 64, file_name="x.txt", size=1, unit_id=1, received_by=user, received_at=NOW
    )
    reading = Reading.objects.create(document=document, state="CONFIRMED", queued_at=NOW)
    plan = Plan.objects.create(
        reading=reading, title="Kế hoạch đo", issuer_id=1, root_id=1, started_on=SINCE,
        deadline_on=date(2027, 12, 31), confirmed_by=user, confirmed_at=NOW,
    )  # fmt: skip
    targets = Target.objects.bulk_create(
        Target(
            plan=plan, code=str(n + 1), position=n, quote=f"Chỉ tiêu {n}", subject=f"Chỉ tiêu {n}",
            comparator=Comparator.AT_LEAST.value, value=Decimal(75), unit_of_measure="%",
            measure=definitions.measure(n),
        )
        for n in range(MEASURES)
    )  # fmt: skip
    journal.record(None, "plans.set_measure", plan, at=NOW, summary="Gắn cách đo")
    KnownPeriod.objects.bulk_create(KnownPeriod(code=p.code, opened_at=NOW) for p in nation.periods)
    _owed(nation, [t.pk for t in targets])


def _owed(nation: Nation, targets: list[int]) -> None:
    communes = np.arange(nation.first_commune + 1, nation.size + 1)
    everyone = np.tile(communes, MEASURES)
    measures = np.array([definitions.measure(n) for n in range(MEASURES)], object)
    owed = {"unit_id": everyone, "from_on": str(SINCE)}
    of_targets = {"target_id": np.repeat(targets, len(communes)), "part": "EXECUTOR"}
    load("plans_assignment", {**of_targets, **owed, "assigned_at": moment(NOW)})
    load("facts_expected", {"measure": np.repeat(measures, len(communes)), **owed})


def _entered(period: Period) -> datetime:
    """When a month's reports were approved."""
    day = period.shifted(1).first_day(Calendar.CALENDAR) + timedelta(days=5)
    return datetime.combine(day, time(2), UTC)


def _ledger(nation: Nation, month: int, before: int) -> None:
    rows = nation.rows(month)
    elements = np.array([definitions.element(e) for e in range(ELEMENTS)], object)
    codes = np.array([p.code for p in nation.periods], object)
    load(
        "facts_observation",
        {
            "id": np.arange(before + 1, before + len(rows) + 1),
            "element": elements[rows.element],
            "unit_id": rows.unit + nation.first_commune + 1,
            "period": codes[rows.period],
            "value": rows.value * SCALED,
            "delta": rows.delta * SCALED,
            "dn": rows.dn,
            "recorded_at": moment(_entered(nation.periods[month])),
            "source": "bench",
            "cell": "",
        },
    )


def _figures(nation: Nation) -> None:
    """The rows that the site would keep, computed here by plain arrays: two ways to one number."""
    kept: list[Any] = []
    for number in range(MEASURES):
        step(f"figures {number + 1}/{MEASURES}", partial(_figures_of, nation, number, kept))


def _figures_of(nation: Nation, number: int, kept: list[Any]) -> None:
    if not kept:
        kept += nation.standing()
    own = [*leaves_of(number, *kept), np.ones((MONTHS, nation.communes), np.int64)]
    codes = np.array([p.code for p in nation.periods], object)
    load(
        "facts_figure",
        {
            "term": definitions.measure(number),
            "period": np.repeat(codes, nation.size),
            "unit_id": np.tile(np.arange(1, nation.size + 1), MONTHS),
            **_parts("", [nation.rolled(part) for part in own]),
            **_parts("own_", [_alone(nation, part) for part in own]),
        },
    )


def _parts(prefix: str, parts: list[Any]) -> dict[str, Any]:
    scales = (SCALED, SCALED, 1, 1, 1)
    return {
        prefix + name: (part * scale).ravel()
        for name, part, scale in zip(_PARTS, parts, scales, strict=True)
    }


def _alone(nation: Nation, leaves: Any) -> Any:
    """… × commune → … × unit: what each unit itself put in."""
    return np.pad(leaves, ((0, 0), (nation.first_commune, 0)))


def _marks(nation: Nation, last: int) -> None:
    """What the site looks at to see that all is up to date."""
    from namro.web.facts import upkeep
    from namro.web.facts.library import keep_texts, library

    known = library()
    keep_texts((known.measures[definitions.measure(n)] for n in range(MEASURES)), at=NOW)
    follow_ids("facts_observation")
    ledger = upkeep.lock()
    ledger.last_id = last
    ledger.save()
    upkeep.settle(ledger)


def _store(nation: Nation, sizes: Any) -> None:
    """The ledger's Parquet, one segment a month; the site's own feed adds the small tables."""
    from django.conf import settings

    from namro.measuring.schema import TABLES
    from namro.measuring.store import arrow_schema, write_parquet
    from namro.web.facts import feed

    store = Path(settings.NAMRO_STORE)
    table = TABLES["observations"]
    for month in range(MONTHS):
        first, last = int(sizes[month]) + 1, int(sizes[month + 1])
        path = store / "observations" / f"{first:010d}-{last:010d}.parquet"
        if not path.exists():
            write_parquet(_segment(nation, month, first, arrow_schema(table)), path)
    state = store / "state.json"
    if not state.exists():
        state.write_text(str(feed.State(last_id=int(sizes[-1]))))
    feed.ensure_fresh()


def _segment(nation: Nation, month: int, first: int, schema: Any) -> Any:
    """The month's rows in the order that the store wants: codes are in the order of numbers."""
    rows = nation.rows(month)
    order = np.lexsort((rows.unit, rows.period, rows.element))
    at = _entered(nation.periods[month]).replace(tzinfo=None)
    units = pa.array([code(u) for u in range(nation.first_commune, nation.size)])
    elements = pa.array([definitions.element(e) for e in range(ELEMENTS)])
    codes = pa.array([p.code for p in nation.periods])
    arrays = [
        pa.array(order + first),
        elements.take(pa.array(rows.element[order])),
        units.take(pa.array(rows.unit[order])),
        codes.take(pa.array(rows.period[order])),
        _exact(rows.value[order]),
        _exact(rows.delta[order]),
        pa.array(rows.dn[order]),
        pa.repeat(pa.scalar(at, pa.timestamp("us")), len(rows)),
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _exact(values: Any) -> Any:
    return pa.array(values).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 4), safe=False)


__all__ = ["LAST", "NOW", "TODAY", "fill"]
