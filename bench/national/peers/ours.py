"""Năm Rõ with the same values: an installation whose figures are kept, and whose facts are asked.

Each element stands twice, as a flow and as a stock that is carried for ten years. A measure is an
element over itself, so its parts carry the sum that the matrix asks, and beside it how many
communes were heard, which the peers do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.national.entering import Entries, enter, keep_figures, say_fed, write_segment
from bench.national.filling import LARGE
from bench.national.loading import hurry, lay_indices, lift_indices, step
from bench.national.peers.asking import matrix
from bench.national.peers.country import ELEMENTS, MONTHS, Country, Question, Whole
from bench.national.site import code, lay_plan, lay_units, settle

KEPT = 12
"""Months whose figures are kept: the last ones. The others are computed when they are asked."""

_ELEMENT = """["{slug}"]
title = "Số liệu {slug}"
unit_of_measure = "người"
time = "{time}"
{carry}
"""

_MEASURE = """measure = "{measure}"
title = "Tổng của {slug}"
kind = "ratio"
over = "{over}"
scope = ["COMMUNE"]
frequency = "month"
calendar = "calendar"
numerator = "{slug}"
denominator = "{slug}"

[[example]]
says = "Một xã."
period = "202509"
reported = \"\"\"
unit | period | {slug}
c1   | 202509 | 7
\"\"\"
expect = {{ c1 = "7/7" }}
"""


def element(kind: str, number: int) -> str:
    return f"peer.{kind[0]}{number:02d}"


def measure(kind: str, number: int) -> str:
    return f"peer.{kind}{number:02d}"


def _define(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    both = [(kind, number) for kind in ("flow", "stock") for number in range(ELEMENTS)]
    elements = (
        _ELEMENT.format(slug=element(k, n), time=k, carry="carry = 120" if k == "stock" else "")
        for k, n in both
    )
    (folder / "elements.toml").write_text("\n".join(elements), encoding="utf-8")
    for kind, number in both:
        slug, over = measure(kind, number), "period" if kind == "flow" else "latest"
        text = _MEASURE.format(measure=slug, slug=element(kind, number), over=over)
        (folder / f"{slug}.toml").write_text(text, encoding="utf-8")


def fill(country: Country) -> None:
    """The installation at NAMRO_HOME; what was done before is not done again."""
    from django.conf import settings
    from django.core.management import call_command

    _define(Path(settings.NAMRO_HOME) / "measures")
    call_command("migrate", verbosity=0)
    hurry()
    measures = [measure(k, n) for k in ("flow", "stock") for n in range(ELEMENTS)]
    step("units", partial(lay_units, country))
    step("plan", partial(lay_plan, country, measures, country.periods[-KEPT:]))
    step("without indices", lambda: [lift_indices(t) for t in LARGE])
    entries = _entries(country)
    for told in entries:
        step(f"ledger from {told.first}", partial(enter, told))
    step("figures", partial(_figures, country))
    step("indices", partial(lay_indices, LARGE))
    step("marks", partial(settle, measures, entries[-1].last))
    for told in entries:
        write_segment(told, country, Path(settings.NAMRO_STORE))
    say_fed(Path(settings.NAMRO_STORE), entries[-1].last)


def _entries(country: Country) -> list[Entries]:
    """Every value once as a flow, once as a stock."""
    number, month, commune, value = country.rows
    at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    return [
        Entries(
            first=1 + place * len(value), at=at, periods=country.periods,
            elements=[element(kind, n) for n in range(ELEMENTS)], element=number,
            unit=commune + country.first_commune, period=month, value=value, delta=value,
            dn=np.ones_like(value),
        )
        for place, kind in enumerate(("flow", "stock"))
    ]  # fmt: skip


def _figures(country: Country) -> None:
    """As the site would have kept them, by plain arrays; the direct way must say the same."""
    values = country.values
    told, months = values >= 0, np.arange(MONTHS)[:, None]
    last = np.maximum.accumulate(np.where(told, months, -1), axis=1)
    carried = np.where(last >= 0, np.take_along_axis(values, np.maximum(last, 0), 1), 0)
    sums = np.concatenate([np.where(told, values, 0), carried])
    counted, heard = np.concatenate([told, last >= 0]), np.concatenate([told, told])
    terms = [measure(k, n) for k in ("flow", "stock") for n in range(ELEMENTS)]
    for month in range(MONTHS - KEPT, MONTHS):
        parts = [part[:, month].astype(np.int64) for part in (sums, sums, counted, heard)]
        keep_figures(country, country.periods[month], terms, parts)


class Ours:
    """What both ways have in common. Django must be set up for the installation."""

    def __init__(self, country: Country) -> None:
        self._country = country

    def _asked(self, question: Question) -> tuple[Sequence[Any], list[Any]]:
        from namro.web.facts.library import library

        known = library().measures
        measures = [known[measure(question.kind, n)] for n in question.elements]
        return measures, [self._country.periods[m] for m in question.months]


class Live(Ours):
    """The figures that the site keeps, as its pages read them: sums × 10,000, exact."""

    name = "Năm Rõ, kept figures (SQLite)"

    def ask(self, question: Question) -> Any:
        from namro.web.org.models import Unit
        from namro.web.results import reckoning

        measures, periods = self._asked(question)
        units = list(Unit.objects.filter(pk__in=[2 + p for p in question.provinces]))
        found = reckoning.live(measures, units, periods)
        return [(m.slug, p, found.rows_of(m, p)) for m in measures for p in periods]

    def cells(self, question: Question, answer: Any) -> Whole:
        months = {period: month for month, period in enumerate(self._country.periods)}
        return matrix(
            question,
            [
                (int(slug[-2:]), months[period], unit - 2, row[3] // 10_000)
                for slug, period, rows in answer
                for unit, row in rows.items()
            ],
        )


class Direct(Ours):
    """Computed from the facts when it is asked: nothing kept but the ledger's own copy.

    Like the peers by hand it asks files, opened anew each time. Whether the database holds more is
    asked before, and told apart (`fresh`).
    """

    name = "Năm Rõ, directly from facts"

    def __init__(self, country: Country) -> None:
        super().__init__(country)
        self._store = self.fresh()

    def fresh(self) -> Path:
        """The store, with all that the database holds."""
        from namro.web.facts import feed

        return feed.ensure_fresh()

    def ask(self, question: Question) -> list[Any]:
        from namro.measuring import columns, open_store

        measures, periods = self._asked(question)
        units = [code(1 + p) for p in question.provinces]
        with open_store(self._store) as tables:
            return [columns(measures, tables, period=p, units=units) for p in periods]

    def cells(self, question: Question, answer: list[Any]) -> Whole:
        rows = [
            (int(term.slug[-2:]), month, int(unit[1:]) - 1, sums // 10_000)
            for month, told in zip(question.months, answer, strict=True)
            for term, row in zip(told.terms, told.numerator.tolist(), strict=True)
            for unit, sums in zip(told.units, row, strict=True)
        ]
        return matrix(question, rows)
