"""Versions of a catalogue as denominators (phiên bản danh mục): which decision a figure counts by.

A catalogue (procedures, information systems) is a register, a stock data set that says `version`:
each row names the decision that approves the list, the day it was signed, and (the data set's own
date) the day from which it is in force. A unit's newest slice is its version in force, until the
next or until `carry` is over. So a denominator changes with the decision, an answer as of a moment
knows the version known then, and a figure can say which one it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from namro.measuring.compile import quoted
from namro.measuring.engines import Tables
from namro.measuring.kinds import Count, Dataset, Measure, terms_of
from namro.measuring.sources import SourceRow
from namro.vietnamese import format_date


@dataclass(frozen=True)
class VersionUsed:
    """The version of a catalogue that lies behind a figure, at the unit that sent it.

    `number`, `decided_on`, `from_on` are None for a list without a single row.
    """

    dataset: str
    title: str
    unit: str
    period: str
    batch: str
    number: str | None
    decided_on: date | None
    from_on: date | None

    @property
    def told(self) -> str:
        """ "Quyết định 12/QĐ-UBND ngày 03/01/2025, có hiệu lực từ 15/01/2025"."""
        if self.number is None or self.decided_on is None or self.from_on is None:
            return "danh mục không có dòng nào"
        signed, since = format_date(self.decided_on), format_date(self.from_on)
        return f"{self.number} ngày {signed}, có hiệu lực từ {since}"


def versions_used(
    measure: Measure,
    rows: Mapping[str, Iterable[SourceRow]],
    datasets: Mapping[str, Dataset],
    tables: Tables,
) -> list[VersionUsed]:
    """The versions behind a figure. `rows`: what `sources` gave for it.

    Each (data set, unit, batch) once, in that order; nothing for figures without a catalogue.
    """
    counts = {i.slug: i for t in terms_of(measure) for i in t.items if isinstance(i, Count)}
    wanted: dict[str, set[tuple[str, str, str]]] = {}
    for row in (row for side in rows.values() for row in side):
        count = counts.get(row.source)
        if row.batch and count and datasets[count.dataset].version:
            wanted.setdefault(count.dataset, set()).add((row.unit, row.period, row.batch))
    return [
        used
        for slug, slices in sorted(wanted.items())
        for used in _of_dataset(datasets[slug], slices, tables)
    ]


def _of_dataset(
    dataset: Dataset, slices: set[tuple[str, str, str]], tables: Tables
) -> Iterator[VersionUsed]:
    columns = _columns(dataset)
    told = ", ".join(f"MIN(r.{quoted(c)})" for c in columns)
    with tables.session() as session:
        session.feed("slices", [(batch, unit, period) for unit, period, batch in slices])
        records = tables.records(dataset.slug, columns, [(p, batch) for _, p, batch in slices])
        found = session.rows(
            f"SELECT n.unit, n.period, n.batch, {told} FROM slices n LEFT JOIN {records} r "
            "ON r.batch = n.batch AND r.unit = n.unit "
            "GROUP BY n.unit, n.period, n.batch ORDER BY n.unit, n.period, n.batch"
        )
    for unit, period, batch, number, decided_on, from_on in found:
        place = (dataset.slug, dataset.title, unit, period, batch)
        yield VersionUsed(*place, number, decided_on, from_on)


def _columns(dataset: Dataset) -> tuple[str, str, str]:
    assert dataset.version is not None
    return dataset.version.number, dataset.version.decided_on, dataset.date
