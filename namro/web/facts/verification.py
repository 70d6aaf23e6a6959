"""Figures kept live against the direct computation over the store, to the last digit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from namro.measuring import measure as measured
from namro.measuring import open_store
from namro.measuring.assembly import NOTHING, Parts, Result, assemble
from namro.measuring.definitions import Library, Measure, terms_of
from namro.measuring.explain import shown
from namro.terms import Period
from namro.vietnamese import format_number
from namro.web.facts import expectations, feed, live
from namro.web.facts.library import library
from namro.web.facts.models import Expected, Figure
from namro.web.org.models import Unit

Kept = dict[str, dict[str, tuple[Parts, int]]]
"""unit code → term → parts and how many units owe it, for one period."""


@dataclass(frozen=True)
class Difference:
    """One figure that is not what it should be (chênh lệch): where, what is kept, what is right."""

    measure: str
    unit: str
    period: str
    kept: str
    direct: str

    def __str__(self) -> str:
        where = f"{self.measure}, đơn vị {self.unit}, kỳ {self.period}"
        return f"{where}: đang lưu {self.kept}; tính lại {self.direct}"


def differences(periods: Collection[Period] | None = None) -> Iterator[Difference]:
    """Every difference, period by period (all that are kept, or those); none where all is sound."""
    known = library()
    yield from _expectations(known)
    slugs = Expected.objects.order_by().values_list("measure", flat=True).distinct()
    measures = [known.measures[s] for s in slugs if s in known.measures]
    codes = dict(Unit.objects.values_list("pk", "code"))
    with open_store(feed.ensure_fresh()) as tables:
        for period in live.known_periods() if periods is None else periods:
            kept = _kept(period, codes)
            right = measured(measures, tables, period=period)
            yield from _results(measures, kept, right, period)
            yield from _own(known, measures, period, codes)


def _expectations(known: Library) -> Iterator[Difference]:
    kept, present = expectations.kept(), expectations.present(known)
    codes = dict(Unit.objects.values_list("pk", "code"))
    for slug, unit in sorted(kept.keys() | present.keys()):
        a, b = sorted(kept.get((slug, unit), [])), sorted(present.get((slug, unit), []))
        if a != b:
            yield Difference(slug, codes[unit], "phân công", f"{len(a)} đoạn", f"{len(b)} đoạn")


def _kept(period: Period, codes: Mapping[int, str]) -> Kept:
    found: Kept = {}
    rows = Figure.objects.filter(period=period.code)
    for term, unit, expected, *parts in rows.values_list(
        "term", "unit_id", "expected", "numerator", "denominator", "counted", "heard"
    ):
        found.setdefault(codes[unit], {})[term] = (Parts(*parts), expected)
    return found


def _results(
    measures: list[Measure], kept: Kept, right: list[Result], period: Period
) -> Iterator[Difference]:
    seen = set()
    by_slug = {m.slug: m for m in measures}
    for result in right:
        measure = by_slug[result.measure]
        slugs = [term.slug for term in terms_of(measure)]
        seen |= {(result.unit, slug) for slug in slugs}
        told = kept.get(result.unit, {})
        parts = {slug: told[slug][0] for slug in slugs if slug in told}
        expected = told[slugs[0]][1] if slugs[0] in told else 0
        mine = assemble(measure, parts, expected=expected, unit=result.unit, period=period)
        if mine != result:
            yield Difference(
                result.measure, result.unit, period.code, _worded(mine), _worded(result)
            )
    for unit, terms in kept.items():
        for slug, left in terms.items():
            if (unit, slug) not in seen and left != (NOTHING, 0):
                yield Difference(slug, unit, period.code, str(left), "không có")


def _n(value: Decimal | None) -> str:
    return "–" if value is None else format_number(value)


def _worded(result: Result) -> str:
    told = (
        f"{_n(result.numerator)}/{_n(result.denominator)} = {shown(result)}, "
        f"{result.counted} đơn vị được tính, {result.heard} đã báo, {result.expected} phải báo"
    )
    inner = "; ".join(_worded(part) for part in result.parts)
    return f"{told} ({inner})" if inner else told


def _own(
    known: Library, measures: list[Measure], period: Period, codes: Mapping[int, str]
) -> Iterator[Difference]:
    """What each unit put in by itself, against its cells of now."""
    owing = expectations.kept()
    asked = [
        (unit, term, period)
        for measure in measures
        for term in terms_of(measure)
        for slug, unit in sorted(owing)
        if slug == measure.slug
    ]
    rows = Figure.objects.filter(period=period.code).values_list(
        "term", "unit_id", "own_numerator", "own_denominator", "own_counted", "own_heard"
    )
    own = {(term, unit): Parts(*parts) for term, unit, *parts in rows}
    for (unit, term, _), right in zip(asked, live.compute(asked), strict=True):
        here = own.pop((term.slug, unit), NOTHING)
        if here != right:
            yield Difference(term.slug, codes[unit], period.code, str(here), str(right))
    for (slug, unit), left in own.items():
        if left != NOTHING:
            yield Difference(slug, codes[unit], period.code, str(left), "không có")
