"""Every list of the site: filters, sorts, pages, searches without diacritics, exports to Excel.

    LIST = Listing(title="Đơn vị", columns=[Column("name", "Tên", lambda u: u.name, order="name")])
    return show(request, LIST, units_within(...), template="org/units.html")

The state is in the address (?q=&sap=&trang=…), so that a list can be sent to a colleague as a link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from namro import vietnamese
from namro.web.frame import clock
from namro.web.frame.templatetags.writing import cell, moment
from namro.workbook import table as workbook_table

_MOST_SORTED_HERE = 20_000


@dataclass(frozen=True)
class Column:
    """One column. `value` gives text, Decimal, int, date, datetime or None; `link` an address.

    `order` is what to sort by in the database; without it the shown value is sorted in Python.
    Text is put in Vietnamese order in Python anyway (no database knows it) up to 20,000 rows.
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
    # Many columns: so many at the left stay in sight while the others are scrolled sideways.
    held: int = 0
    # For long lists: (rows, folded text) → rows found; else all shown text is looked through.
    search: Callable[[Any, str], Any] | None = None


@dataclass
class Cell:
    column: Column
    value: Any
    link: str | None
    sign: str

    @property
    def written(self) -> str:
        """What the cell shows, escaped, with its link."""
        said = cell(self.value, self.column.kind)
        words = conditional_escape(said if isinstance(said, str) else localize(said))
        return f'<a href="{escape(self.link)}">{words}</a>' if self.link else words


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

    @property
    def body(self) -> SafeString:
        """The rows of the table. A board has thousands of cells: they are written as text."""
        held = self.listing.held
        opened = [
            (
                f'<td class="{c.kind} ',
                f'{" held" if n < held else ""}" data-title="{escape(c.title)}">',
            )
            for n, c in enumerate(self.listing.columns)
        ]
        written = []
        for _, cells in self.rows:
            written.append("<tr>")
            for (before, after), told in zip(opened, cells, strict=True):
                written += (before, escape(told.sign), after, told.written, "</td>")
            written.append("</tr>")
        return mark_safe("".join(written))  # all that comes from outside is escaped in its cell

    def address(self, **changes: Any) -> str:
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
    def narrowed(self) -> bool:
        return bool(self.query or self.chosen or any(self.keep.values()))

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
        rows = listing.search(rows, wanted) if listing.search else _search(listing, rows, wanted)
    sort = request.GET.get("sap", "") or listing.sort
    return _sorted(listing, rows, sort), chosen, query, sort


def _search(listing: Listing, rows: Any, wanted: str) -> list[Any]:
    """Rows in which every word asked for is shown somewhere, with or without diacritics."""
    words = wanted.split()
    found = []
    for row in rows:
        said = vietnamese.fold(" ".join(str(cell(c.value(row), c.kind)) for c in listing.columns))
        if all(word in said for word in words):
            found.append(row)
    return found


def _sorted(listing: Listing, rows: Any, sort: str) -> Any:
    column = next((c for c in listing.columns if c.key == sort.lstrip("-") and c.sortable), None)
    if column is None:
        unordered = isinstance(rows, QuerySet) and not rows.ordered
        return rows.order_by("pk") if unordered else rows  # else pages could repeat rows
    falling = sort.startswith("-")
    if column.order and isinstance(rows, QuerySet):
        of_text = column.kind in ("text", "state")
        if not of_text or rows.count() > _MOST_SORTED_HERE:
            return rows.order_by(("-" if falling else "") + column.order, "pk")
    keyed = [(_key(column.value(r)), r) for r in rows]
    known = sorted((k for k in keyed if k[0]), key=lambda k: k[0], reverse=falling)
    return [r for _, r in known] + [r for k, r in keyed if not k]  # nothing known: always last


def _key(value: Any) -> tuple:
    """What to sort by: text in Vietnamese order with its numbers as numbers ("2" before "12")."""
    if value is None or value == "":
        return ()
    if not isinstance(value, str):
        return ((-1, value),)
    pieces = re.split(r"(\d+)", value)
    return tuple(
        (0, int(p)) if p.isdecimal() else (1, vietnamese.sort_key(p)) for p in pieces if p.strip()
    )


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


def show(
    request,
    listing: Listing,
    rows: Any,
    template: str = "frame/list.html",
    keep: dict[str, str] | None = None,
    **context,
):
    """The list as a page, or, with ?xuat=xlsx, all its narrowed rows as a workbook.

    `keep`: more of the address to carry along, for what the caller narrowed itself.
    """
    if request.GET.get("xuat") == "xlsx":
        return export(listing, narrow(request, listing, rows)[0])
    context["list"] = shown(request, listing, rows, **(keep or {}))
    return render(request, template, context)


def export(listing: Listing, rows: Iterable[Any]) -> HttpResponse:
    """The rows as an .xlsx, cells typed, text never taken for a formula."""
    columns = [workbook_table.Column(c.title, c.width, _kind(c)) for c in listing.columns]
    out = io.BytesIO()
    cells = ([_exported(c.value(r)) for c in listing.columns] for r in rows)
    as_of = f"Xuất lúc {moment(clock.now())}"
    workbook_table.write_table(listing.title, columns, cells, out, as_of=as_of)
    answer = HttpResponse(
        out.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = re.sub(r"[^a-z0-9]+", "-", vietnamese.fold(listing.title)).strip("-")
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _kind(column: Column) -> workbook_table.ColumnKind:
    """What the column is in a workbook: a state is text there."""
    match column.kind:
        case "number" | "percent" | "date" | "moment":
            return column.kind
        case _:
            return "text"


def _exported(value: Any) -> Any:
    """A moment in Vietnam's time: a workbook knows no time zones."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return str(value) if isinstance(value, SafeString) else value
