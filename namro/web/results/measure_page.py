"""One measure on one page, in words an official can check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from namro.measuring.conditions import describe
from namro.measuring.definitions import (
    Count,
    Element,
    Example,
    Library,
    Measure,
    elements_of,
    terms_of,
)
from namro.measuring.explain import explain
from namro.terms import Calendar, Period
from namro.vietnamese import capitalised, format_date
from namro.web.org.rules import KIND_LABELS, Kind
from namro.web.plans.models import Target
from namro.web.results.lists import KINDS

_OVER = {
    "period": "số phát sinh trong kỳ",
    "latest": "số mới nhất còn hiệu lực ở ngày cuối kỳ",
    "year_to_date": "lũy kế từ đầu năm",
}
_FREQUENCY = {
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "half": "6 tháng một lần",
    "year": "hằng năm",
}
_CALENDAR = {
    Calendar.ADMINISTRATIVE: "từ ngày 15 tháng trước đến ngày 14 của tháng",
    Calendar.CALENDAR: "theo tháng dương lịch",
}


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Table:
    """A table of a worked example."""

    title: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class ShownExample:
    """A worked example (ví dụ tính mẫu): what was reported, and what must come out."""

    says: str
    period: str
    tables: list[Table]
    results: list[tuple[str, str]]


@dataclass(frozen=True)
class MeasurePage:
    """All that the page of a measure shows."""

    measure: Measure
    definition: str
    facts: list[tuple[str, str]]
    elements: list[Element]
    counts: list[tuple[Count, str]]
    examples: list[ShownExample]
    used: list[Target]


def page_of(measure: Measure, known: Library, used: list[Target]) -> MeasurePage:
    """Gather the page."""
    counts = {i.slug: i for t in terms_of(measure) for i in t.items if isinstance(i, Count)}
    return MeasurePage(
        measure=measure,
        definition=explain(measure),
        facts=_facts(measure),
        elements=list(elements_of(measure)),
        counts=[(c, describe(c, known.datasets[c.dataset])) for c in counts.values()],
        examples=examples_of(measure, known),
        used=used,
    )


def _facts(measure: Measure) -> list[tuple[str, str]]:
    scope = [KIND_LABELS[Kind(k)].lower() for k in measure.scope if k in Kind.__members__]
    who = measure.supplier or ", ".join(scope)
    return [
        ("Loại", KINDS[measure.kind]),
        ("Đơn vị tính", measure.unit_of_measure),
        ("Lấy số", _OVER[measure.over]),
        ("Đơn vị báo cáo", capitalised(who)),
        ("Nhịp báo cáo", _FREQUENCY[measure.frequency]),
        ("Kỳ", _CALENDAR[measure.calendar]),
    ]


def examples_of(measure: Measure, known: Library) -> list[ShownExample]:
    """The worked examples with their columns named as in the forms."""
    return [_example(e, known) for e in measure.examples]


def _example(example: Example, known: Library) -> ShownExample:
    tables = []
    if example.reported:
        titles = {slug: e.title for slug, e in known.elements.items()}
        tables.append(_table("Đơn vị đã báo", example.reported, titles))
    for slug, told in example.records.items():
        dataset = known.datasets[slug]
        titles = {name: column.title for name, column in dataset.columns.items()}
        labels = {name: column.values for name, column in dataset.columns.items()}
        tables.append(_table(dataset.title, told, titles, labels))
    results = [(_unit(u), _expected(v)) for u, v in example.expect.items()]
    results += [(_unit(u), "không báo cáo") for u in example.silent if u not in example.expect]
    return ShownExample(example.says, Period.of(example.period).label, tables, results)


def _unit(code: str) -> str:
    return "Toàn tỉnh" if code == "p" else f"Đơn vị {code}"


def _expected(value: str) -> str:
    return "chưa có số liệu" if value == "-" else value.replace("/", " / ").replace(".", ",")


def _table(
    title: str,
    told: str,
    titles: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Table:
    lines = [[c.strip() for c in line.split("|")] for line in told.strip().splitlines()]
    named = {"unit": "Đơn vị", "period": "Kỳ", **titles}
    head = [named.get(name, name) for name in lines[0]]
    rows = [
        [
            _shown(name, cell, (labels or {}).get(name, {}))
            for name, cell in zip(lines[0], row, strict=False)
        ]
        for row in lines[1:]
    ]
    return Table(title, head, rows)


def _shown(name: str, cell: str, labels: Mapping[str, str]) -> str:
    """Periods, dates and choices in words, empty cells as a dash; the rest as written."""
    if not cell:
        return "–"
    if name == "period":
        return Period.of(cell).label
    if _ISO_DAY.fullmatch(cell):
        return format_date(date.fromisoformat(cell))
    if re.fullmatch(r"\d+\.\d+", cell):
        return cell.replace(".", ",")
    return labels.get(cell, cell)
