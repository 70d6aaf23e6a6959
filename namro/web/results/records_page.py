"""The records that were counted, page by page, without the columns that name persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from namro.measuring import open_store, read_records
from namro.measuring.conditions import describe
from namro.measuring.definitions import Count, Dataset, Measure, terms_of
from namro.vietnamese import capitalised, format_date, format_number
from namro.web.facts import feed
from namro.web.facts.remains import removals_in
from namro.web.facts.rules import REMOVAL_REASONS
from namro.web.frame.entered import whole
from namro.web.org.models import Unit
from namro.web.plans.models import Target
from namro.web.results.choosing import BadAddress, query_of
from namro.web.results.sight import View

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Which records: those a count of the measure takes, or all of its data set."""

    measure: Measure
    dataset: Dataset
    counts: list[Count]
    count: Count | None


@dataclass(frozen=True)
class RecordsPage:
    """One page of records."""

    asked: Asked
    view: View
    heads: list[str]
    rows: list[list[Any]]
    total: int
    number: int
    gone: str = ""  # what was deleted of the records asked for, as a sentence

    @property
    def pages(self) -> int:
        return max(-(-self.total // PER_PAGE), 1)

    @property
    def condition(self) -> str:
        count = self.asked.count
        return describe(count, self.asked.dataset) if count and count.where else ""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(label, address, chosen) of each count of the measure."""
        return [
            (capitalised(c.title), query_of(self.view, muc=c.slug), c == self.asked.count)
            for c in self.asked.counts
        ]

    @property
    def earlier(self) -> str:
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def later(self) -> str:
        return self._at(self.number + 1) if self.number < self.pages else ""

    def _at(self, number: int) -> str:
        count = {"muc": self.asked.count.slug} if self.asked.count else {}
        return query_of(self.view, trang=str(number), **count)


def asked(target: Target, view: View, query: Mapping[str, str]) -> Asked:
    """What an address asks for. Raises BadAddress where the measure counts no records."""
    measure = view.library.measures.get(target.measure)
    found = {
        item.slug: item
        for term in (terms_of(measure) if measure else ())
        for item in term.items
        if isinstance(item, Count)
    }
    if measure is None or not found:
        raise BadAddress("Chỉ tiêu này không tính từ hồ sơ mà từ số liệu các đơn vị báo cáo.")
    wanted = query.get("muc", "")
    if wanted and wanted not in found:
        raise BadAddress("Không có nhóm hồ sơ này trong cách đo của chỉ tiêu.")
    counts = sorted(found.values(), key=lambda c: len(c.where))
    count = found[wanted] if wanted else counts[0]
    return Asked(measure, view.library.datasets[count.dataset], counts, count)


def page_of(asked: Asked, view: View, number: str) -> RecordsPage:
    """The records of a page, newest slices as of the moment looked at."""
    at = min(max(whole(number, 1), 1), 10**9)
    dataset = asked.dataset
    with open_store(feed.ensure_fresh()) as tables:
        rows, total = read_records(
            dataset,
            tables,
            unit=view.unit.code,
            period=view.period,
            where=asked.count.where if asked.count else (),
            as_of=view.as_of,
            limit=PER_PAGE,
            offset=(at - 1) * PER_PAGE,
        )
    shown = [
        name
        for name in dataset.columns
        if name not in dataset.hashed and any(r[name] is not None for r in rows)
    ]
    names = dict(
        Unit.objects.filter(code__in={r["unit"] for r in rows}).values_list("code", "name")
    )
    heads = ["Đơn vị", *(dataset.columns[name].title for name in shown), "Dòng trong tệp"]
    cells = [
        [names.get(r["unit"], r["unit"]), *(_cell(dataset, n, r[n]) for n in shown), r["row"]]
        for r in rows
    ]
    if set(names) <= {view.unit.code}:  # the heading names it already
        heads, cells = heads[1:], [row[1:] for row in cells]
    return RecordsPage(asked, view, heads, cells, total, at, _gone(dataset, view))


def _gone(dataset: Dataset, view: View) -> str:
    """Which records are no longer there to be looked at, while their totals stay."""
    units = set(
        Unit.objects.filter(Q(pk=view.unit.pk) | Q(ancestors__ancestor=view.unit)).values_list(
            "pk", flat=True
        )
    )
    periods = [m.code for m in (view.period, *view.period.months())]
    touched = removals_in(dataset.slug, periods, units)
    if not touched:
        return ""
    last = touched[-1]
    return (
        f"Bản ghi đã xóa {REMOVAL_REASONS[last.reason]} (lần gần nhất ngày "
        f"{format_date(timezone.localdate(last.removed_at))}), tổng còn giữ: số liệu và báo cáo đã "
        "phát hành không đổi."
    )


def _cell(dataset: Dataset, name: str, value: Any) -> Any:
    labels = dataset.columns[name].values
    if isinstance(value, Decimal | float):
        return format_number(Decimal(str(value)))
    return labels.get(value, value) if labels else value
