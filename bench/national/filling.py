"""The nation into a database and its store: units, who owes what, ledger, figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.national import definitions
from bench.national.loading import follow_ids, lay_indices, lift_indices, load, moment, step
from bench.national.nation import ELEMENTS, LAST, MEASURES, MONTHS, Nation, leaves_of
from namro.terms import Calendar, Comparator, Period

TODAY = date(2026, 11, 22)
SINCE = date(2010, 1, 1)
NOW = datetime.combine(TODAY, time(1), UTC)
KINDS = ("PROVINCE", "PROVINCE", "PEOPLES_COMMITTEE", "COMMUNE")
_FIGURE = (
    "term period unit_id numerator denominator counted heard expected own_numerator "
    "own_denominator own_counted own_heard own_expected"
).split()
_OBSERVATION = "id element unit_id period value delta dn recorded_at source cell".split()
SCALED = 10_000


def fill(nation: Nation) -> None:
    """All of it; what was done before an interruption is not done again."""
    from django.conf import settings
    from django.core.management import call_command

    definitions.write(Path(settings.NAMRO_HOME) / "measures")
    call_command("migrate", verbosity=0)
    step("units", partial(_units, nation))
    step("plan", partial(_plan, nation))
    step("without indices", lambda: [lift_indices(t) for t in _LARGE])
    sizes = np.cumsum([0, *(len(nation.rows(m)) for m in range(MONTHS))])
    for month in range(MONTHS):
        step(f"ledger {month + 1}/{MONTHS}", partial(_ledger, nation, month, int(sizes[month])))
    _figures(nation)
    step("indices", lay_indices)
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
    at, communes = moment(NOW), range(nation.first_commune + 1, nation.size + 1)
    load(
        "plans_assignment",
        ("target_id", "unit_id", "part", "from_on", "assigned_at"),
        ((t, u, "EXECUTOR", str(SINCE), at) for t in targets for u in communes),
    )
    load(
        "facts_expected",
        ("measure", "unit_id", "from_on"),
        ((definitions.measure(n), u, str(SINCE)) for n in range(MEASURES) for u in communes),
    )


def _entered(period: Period) -> datetime:
    """When a month's reports were approved."""
    day = period.shifted(1).first_day(Calendar.CALENDAR) + timedelta(days=5)
    return datetime.combine(day, time(2), UTC)


def _ledger(nation: Nation, month: int, before: int) -> None:
    rows, at = nation.rows(month), moment(_entered(nation.periods[month]))
    elements = [definitions.element(e) for e in range(ELEMENTS)]
    codes = [p.code for p in nation.periods]
    told = zip(
        range(before + 1, before + len(rows) + 1), rows.element.tolist(), rows.unit.tolist(),
        rows.period.tolist(), (rows.value * SCALED).tolist(), (rows.delta * SCALED).tolist(),
        rows.dn.tolist(), strict=True,
    )  # fmt: skip
    first = nation.first_commune + 1
    load(
        "facts_observation",
        _OBSERVATION,
        (
            (i, elements[e], first + u, codes[p], v, d, n, at, "bench", "")
            for i, e, u, p, v, d, n in told
        ),
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
    whole = [nation.rolled(part) for part in own]
    load("facts_figure", _FIGURE, _figure_rows(nation, definitions.measure(number), own, whole))


def _figure_rows(
    nation: Nation, term: str, own: list[Any], whole: list[Any]
) -> Iterator[tuple[Any, ...]]:
    scales = (SCALED, SCALED, 1, 1, 1)
    first = nation.first_commune
    for month, period in enumerate(nation.periods):
        above = [(w[month] * s).tolist() for w, s in zip(whole, scales, strict=True)]
        here = [[0] * first + (o[month] * s).tolist() for o, s in zip(own, scales, strict=True)]
        for unit, parts in enumerate(zip(*above, *here, strict=True)):
            yield (term, period.code, unit + 1, *parts)


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
    ledger.built_from = upkeep._looked(known)[1]
    ledger.save()


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
            made = _segment(nation, month, first, arrow_schema(table))
            write_parquet(made.sort_by([(c, "ascending") for c in table.sorted_by]), path)
    state = store / "state.json"
    if not state.exists():
        state.write_text(str(feed.State(last_id=int(sizes[-1]))))
    feed.ensure_fresh()


def _segment(nation: Nation, month: int, first: int, schema: Any) -> Any:
    rows = nation.rows(month)
    at = _entered(nation.periods[month]).replace(tzinfo=None)
    units = pa.array([code(u) for u in range(nation.first_commune, nation.size)])
    elements = pa.array([definitions.element(e) for e in range(ELEMENTS)])
    codes = pa.array([p.code for p in nation.periods])
    arrays = [
        pa.array(np.arange(first, first + len(rows))),
        elements.take(pa.array(rows.element)),
        units.take(pa.array(rows.unit)),
        codes.take(pa.array(rows.period)),
        _exact(rows.value),
        _exact(rows.delta),
        pa.array(rows.dn),
        pa.array([at] * len(rows), pa.timestamp("us")),
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _exact(values: Any) -> Any:
    return pa.array(values).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 4), safe=False)


__all__ = ["LAST", "NOW", "TODAY", "fill"]
