"""The nation into a database and its store: ledger and figures, month by month."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.national import definitions
from bench.national.entering import Entries, enter, keep_figures, say_fed, write_segment
from bench.national.loading import hurry, lay_indices, lift_indices, step
from bench.national.nation import ELEMENTS, LAST, MEASURES, MONTHS, Nation, Whole, leaves_of
from bench.national.site import NOW, TODAY, code, lay_plan, lay_units, settle
from namro.terms import Calendar, Period

LARGE = ("facts_observation", "facts_figure")


def fill(nation: Nation) -> None:
    """All of it; what was done before an interruption is not done again."""
    from django.conf import settings
    from django.core.management import call_command

    definitions.write(Path(settings.NAMRO_HOME) / "measures")
    call_command("migrate", verbosity=0)
    hurry()
    measures = [definitions.measure(n) for n in range(MEASURES)]
    step("units", partial(lay_units, nation))
    step("plan", partial(lay_plan, nation, measures, nation.periods))
    step("without indices", lambda: [lift_indices(t) for t in LARGE])
    sizes = np.cumsum([0, *(len(nation.rows(m)) for m in range(MONTHS))])
    for month in range(MONTHS):
        step(f"ledger {month + 1}/{MONTHS}", partial(_ledger, nation, month, int(sizes[month])))
    _figures(nation, measures)
    step("indices", partial(lay_indices, LARGE))
    step("marks", partial(settle, measures, int(sizes[-1])))
    _store(nation, sizes)


def _entered(period: Period) -> datetime:
    """When a month's reports were approved."""
    day = period.shifted(1).first_day(Calendar.CALENDAR) + timedelta(days=5)
    return datetime.combine(day, time(2), UTC)


def _ledger(nation: Nation, month: int, before: int) -> None:
    enter(_entries(nation, month, before))


def _entries(nation: Nation, month: int, before: int) -> Entries:
    rows = nation.rows(month)
    return Entries(
        first=before + 1,
        at=_entered(nation.periods[month]),
        elements=[definitions.element(e) for e in range(ELEMENTS)],
        periods=nation.periods,
        element=rows.element,
        unit=rows.unit + nation.first_commune,
        period=rows.period,
        value=rows.value,
        delta=rows.delta,
        dn=rows.dn,
    )


def _figures(nation: Nation, measures: list[str]) -> None:
    """The rows that the site would keep, computed here by plain arrays: two ways to one number."""
    leaves: list[list[Whole]] = []
    for month, period in enumerate(nation.periods):
        does = partial(_figures_of, nation, month, measures, leaves)
        step(f"figures of {period.code}", does)


def _figures_of(nation: Nation, month: int, measures: list[str], leaves: list[list[Whole]]) -> None:
    if not leaves:
        values, has = nation.standing()
        told = (leaves_of(number, values, has) for number in range(MEASURES))
        leaves += [[part.astype(np.int32) for part in parts] for parts in told]
    parts = [np.stack(of_all)[:, month].astype(np.int64) for of_all in zip(*leaves, strict=True)]
    keep_figures(nation, nation.periods[month], measures, parts)


def _store(nation: Nation, sizes: Any) -> None:
    """The ledger's Parquet, one segment a month."""
    from django.conf import settings

    store = Path(settings.NAMRO_STORE)
    for month in range(MONTHS):
        write_segment(_entries(nation, month, int(sizes[month])), nation, store)
    say_fed(store, int(sizes[-1]))


__all__ = ["LAST", "NOW", "TODAY", "code", "fill"]
