"""What lies behind a figure: each value that entered it, and the whole trail of that value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.urls import reverse

from namro.measuring import Result, SourceRow, open_store, sources
from namro.measuring.definitions import Count, Element, Measure, Term, terms_of
from namro.measuring.discretion import is_discreet
from namro.measuring.explain import mark_note
from namro.measuring.kinds import Item
from namro.measuring.marks import MARK_LABELS, SUFFIX, mark_of
from namro.measuring.versions import VersionUsed, versions_used
from namro.terms import Period
from namro.vietnamese import capitalised, format_date, sort_key
from namro.web.facts import feed
from namro.web.facts.models import Batch, BatchSlice, Observation
from namro.web.org.models import Unit
from namro.web.plans.models import Target
from namro.web.reporting.queries import Origin, origin
from namro.web.results.choosing import query_of
from namro.web.results.sight import View

_KINDS = {"submission": "báo cáo số", "demo": "số liệu mẫu"}
SIDES = {"numerator": "Tử số", "denominator": "Mẫu số"}
MOST = 40
"""More cells than this are not listed on one page: a unit further down is chosen first."""


@dataclass(frozen=True)
class Said:
    """One row of the ledger with its paper trail: who handed it in, who approved, which cell."""

    observation: Observation
    trail: Origin | None

    @property
    def worded(self) -> str:
        is_mark = self.observation.element.endswith(SUFFIX)
        return (mark_text if is_mark else date_text)(self.observation.value)

    @property
    def source_text(self) -> str:
        """What the ledger says of the source, where it was no return."""
        kind, _, number = self.observation.source.partition(":")
        return f"{_KINDS.get(kind, kind)} {number}".strip()


def finality(result: Result | None) -> str:
    """How final a published figure is, for a sentence: "số sơ bộ"; "" where it does not say."""
    return mark_note(result)


def mark_text(value: Decimal | None) -> str:
    """How final a figure was said to be: 2 → "sơ bộ"."""
    mark = mark_of(value) if value is not None else None
    return MARK_LABELS[mark] if mark else ""


def date_text(value: Decimal | None) -> str:
    """20251016 → "16/10/2025"; 0 says that there is no such day."""
    if not value:
        return "chưa có"
    told = f"{int(value):08d}"
    return format_date(date(int(told[:4]), int(told[4:6]), int(told[6:])))


@dataclass(frozen=True)
class Cell:
    """One value that entered the figure. `said`: the ledger's rows of it, the last in force.

    `slice`: the slice of records it was counted in, where it is a count.
    """

    side: str
    term: Term
    item: Item
    unit: Unit
    period: Period
    value: Decimal
    said: list[Said] = field(default_factory=list)
    slice: BatchSlice | None = None
    records_link: str = ""

    @property
    def side_label(self) -> str:
        if self.term.rule == "milestone":
            return "Từ ngày" if self.side == "numerator" else "Đến ngày"
        if self.term.kind == "level":
            return "Giá trị" if self.side == "numerator" else "Mức độ"
        return SIDES[self.side]

    @property
    def title(self) -> str:
        return capitalised(self.item.title.removeprefix("Trong đó: "))

    @property
    def is_worded(self) -> bool:
        """A day or a mark: kept as a number, read as words."""
        return isinstance(self.item, Element) and self.item.kind != "number"

    @property
    def worded(self) -> str:
        is_mark = isinstance(self.item, Element) and self.item.kind == "mark"
        return (mark_text if is_mark else date_text)(self.value)

    @property
    def is_count(self) -> bool:
        return isinstance(self.item, Count)

    @property
    def in_force(self) -> Said | None:
        return self.said[-1] if self.said else None

    @property
    def corrections(self) -> list[Said]:
        """What was said before, oldest first."""
        return self.said[:-1]


@dataclass(frozen=True)
class Origins:
    """All cells behind a figure; `too_many` where they are too many for one page, `kept_back` where
    they are of so few persons that only those see them who may see single records."""

    measure: Measure | None
    cells: list[Cell]
    units: list[Unit]
    too_many: bool = False
    kept_back: bool = False
    versions: tuple[VersionUsed, ...] = ()


def origins_of(target: Target, view: View, *, sees_records: bool = True) -> Origins:
    """Every value behind the target's figure at the unit looked at, as of the moment looked at.

    `sees_records`: whether the viewer may see single records of the unit, so small counts too.
    """
    measure = view.library.measures.get(target.measure)
    if measure is None:
        return Origins(None, [], [])
    if is_discreet(measure) and not sees_records:
        return Origins(measure, [], [], kept_back=True)
    with open_store(feed.ensure_fresh()) as tables:
        day = view.tree_day(measure) if view.tree_on else None
        place = [view.unit.code]
        found = sources(
            measure, tables, units=place, period=view.period, as_of=view.as_of, tree_on=day
        )
        versions = tuple(versions_used(measure, found, view.library.datasets, tables))
    rows = [(side, row) for side in ("numerator", "denominator") for row in found[side]]
    codes = sorted({row.unit for _, row in rows})
    units = {u.code: u for u in Unit.objects.filter(code__in=codes)}
    behind = [units[c] for c in codes]
    if len(rows) > MOST:
        return Origins(measure, [], behind, too_many=True, versions=versions)
    return Origins(measure, _cells(target, view, measure, rows, units), behind, versions=versions)


def _records_link(target: Target, view: View, row: SourceRow) -> str:
    asked = {"ky": row.period, "don-vi": row.unit, "muc": row.source}
    return reverse("results:records", args=[target.pk]) + query_of(view, **asked)


def _cells(
    target: Target,
    view: View,
    measure: Measure,
    rows: list[tuple[str, SourceRow]],
    units: dict[str, Unit],
) -> list[Cell]:
    terms = {t.slug: t for t in terms_of(measure)}
    said = _said(i for _, row in rows for i in row.observations)
    slices = _slices({row.batch for _, row in rows if row.batch})
    cells = []
    for side, row in rows:
        term = terms[row.term]
        cells.append(
            Cell(
                side=side,
                term=term,
                item=next(i for i in term.items if i.slug == row.source),
                unit=units[row.unit],
                period=Period.of(row.period),
                value=row.value,
                said=[said[i] for i in row.observations],
                slice=slices.get((row.batch or "", row.unit)),
                records_link=_records_link(target, view, row) if row.batch else "",
            )
        )
    order = list(terms)
    return sorted(
        cells,
        key=lambda c: (sort_key(c.unit.label), order.index(c.term.slug), c.period, c.side),
    )


def _said(ids: Iterable[int]) -> dict[int, Said]:
    rows = Observation.objects.filter(pk__in=set(ids)).select_related("unit")
    return {row.pk: Said(row, origin(row)) for row in rows}


def _slices(codes: set[str]) -> dict[tuple[str, str], BatchSlice]:
    batches = Batch.objects.filter(code__in=codes)
    rows = BatchSlice.objects.filter(batch__in=batches)
    return {
        (row.batch.code, row.unit.code): row
        for row in rows.select_related("batch__recorded_by", "unit")
    }
