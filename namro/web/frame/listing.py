"""Every list of the site: filters, sorts, pages, searches without diacritics, exports to Excel.

    LIST = Listing(title="Đơn vị", columns=[Column("name", "Tên", lambda u: u.name, order="name")])
    return show(request, LIST, units_within(...), template="org/units.html")

The state is in the address (?q=&tu-khoa…), so that a list can be sent to a colleague as a link.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch

from namro import vietnamese
from namro.workbook import table as workbook_table


@dataclass(frozen=True)
class Column:
    """One column. `value` gives text, Decimal, int, date, datetime or None; `link` an address.

    `order` is what to sort by in the database; without it the shown value is sorted in Python.
    `kind`: text, number, date, moment or state (state: `sign` gives a CSS word beside the label).
    """

    key: str
    title: str
    value: Callable[[Any], Any]
    kind: str = "text"
    order: str | None = None
    link: Callable[[Any], str | None] | None = None
    sign: Callable[[Any], str] | None = None
    sortable: bool = True
    width: int = 24  # in Excel, characters


@dataclass(frozen=True)
class Filter:
    """A choice over the list; `apply(rows, value)` gives the rows that stay."""

    key: str
    title: str
    choices: Sequence[tuple[str, str]]
    apply: Callable[[Any, str], Any]


@dataclass(frozen=True)
class Listing:
    """What a list shows, and how it may be narrowed."""

    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    per_page: int = 50
    empty: str = "Chưa có dòng nào."
    sort: str = ""  # key of the column sorted at first, "-key" for falling


@dataclass
class Cell:
    column: Column
    value: Any
    link: str | None
    sign: str


@dataclass
class ShownList:
    """What `frame/table.html` draws."""

    listing: Listing
    page: Any
    rows: list[tuple[Any, list[Cell]]]
    query: str
    sort: str
    chosen: dict[str, str]
    keep: dict[str, str] = field(default_factory=dict)

    def address(self, **changes: Any) -> str:
        from urllib.parse import urlencode

        now = {**self.keep, "q": self.query, "sap": self.sort, **self.chosen, **changes}
        return "?" + urlencode({k: v for k, v in now.items() if v not in ("", None)})

    def heads(self) -> list[tuple[Column, str, str]]:
        """(column, address that sorts by it, "up", "down" or "")."""
        found = []
        for c in self.listing.columns:
            state = "up" if self.sort == c.key else "down" if self.sort == f"-{c.key}" else ""
            found.append((c, self.address(sap=f"-{c.key}" if state == "up" else c.key), state))
        return found

    def filters(self) -> list[tuple[Filter, str]]:
        return [(f, self.chosen.get(f.key, "")) for f in self.listing.filters]

    @property
    def export_address(self) -> str:
        return self.address(xuat="xlsx")

    @property
    def earlier(self) -> str:
        return self.address(trang=self.page.previous_page_number())

    @property
    def later(self) -> str:
        return self.address(trang=self.page.next_page_number())


def narrow(request, listing: Listing, rows: Any) -> tuple[Any, dict[str, str], str, str]:
    """Apply the address's filters, search and sort; give rows, filters, search text, sort."""
    chosen = {}
    for f in listing.filters:
        value = request.GET.get(f.key, "")
        if value in {v for v, _ in f.choices}:
            chosen[f.key] = value
            rows = f.apply(rows, value)
    query = request.GET.get("q", "").strip()[:100]
    if query:
        wanted = vietnamese.fold(query)
        rows = [r for r in rows if wanted in _searched(listing, r)]
    sort = request.GET.get("sap", "") or listing.sort
    return _sorted(listing, rows, sort), chosen, query, sort


def _searched(listing: Listing, row: Any) -> str:
    return vietnamese.fold(" ".join(str(c.value(row) or "") for c in listing.columns))


def _sorted(listing: Listing, rows: Any, sort: str) -> Any:
    column = next((c for c in listing.columns if c.key == sort.lstrip("-") and c.sortable), None)
    if column is None:
        return rows
    falling = sort.startswith("-")
    if column.order and isinstance(rows, QuerySet):
        return rows.order_by(("-" if falling else "") + column.order, "pk")
    return sorted(rows, key=lambda r: _key(column.value(r)), reverse=falling)


def _key(value: Any) -> tuple:
    if value is None:
        return (0, ())
    return (1, vietnamese.sort_key(value)) if isinstance(value, str) else (1, value)


def shown(request, listing: Listing, rows: Any, **keep: str) -> ShownList:
    """The page of the list that the address asks for."""
    rows, chosen, query, sort = narrow(request, listing, rows)
    page = Paginator(rows, listing.per_page).get_page(request.GET.get("trang"))
    drawn = [(r, [_cell(c, r) for c in listing.columns]) for r in page.object_list]
    return ShownList(listing, page, drawn, query, sort, chosen, dict(keep))


def _cell(column: Column, row: Any) -> Cell:
    try:
        link = column.link(row) if column.link else None
    except NoReverseMatch:
        link = None
    return Cell(column, column.value(row), link, column.sign(row) if column.sign else "")


def show(request, listing: Listing, rows: Any, template: str = "frame/list.html", **context):
    """The list as a page, or, with ?xuat=xlsx, all its narrowed rows as a workbook."""
    if request.GET.get("xuat") == "xlsx":
        return export(listing, narrow(request, listing, rows)[0])
    return render(request, template, {"list": shown(request, listing, rows), **context})


def export(listing: Listing, rows: Iterable[Any]) -> HttpResponse:
    """The rows as an .xlsx, cells typed, text never taken for a formula."""
    columns = [workbook_table.Column(c.title, c.width, c.kind) for c in listing.columns]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "danh-sach.xlsx"
        cells = ([c.value(r) for c in listing.columns] for r in rows)
        workbook_table.write_table(listing.title, columns, cells, out)
        answer = HttpResponse(
            out.read_bytes(),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    name = vietnamese.fold(listing.title).replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
