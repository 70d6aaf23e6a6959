"""What the units of a round sent, side by side with their sums, and corrections over time."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import queries
from namro.web.reporting.chain import summing as reckoning
from namro.web.reporting.chain.corrections import corrections
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.chain.summing import SumColumn, SumRow
from namro.web.reporting.form import sheets


def _address(row: SumRow) -> str | None:
    return reverse("reporting:submission", args=[row.shown.pk]) if row.shown else None


def _state(row: SumRow) -> str:
    return row.line.status_label


def _value(slug: str, kind: str):
    if kind == "number":
        return lambda row: row.values.get(slug, row.texts.get(slug))
    return lambda row: row.texts.get(slug, "")


def _column(column: SumColumn) -> Column:
    element = column.element
    kind = "number" if element.kind == "number" else "text"
    unit = f" ({element.unit_of_measure})" if element.unit_of_measure else ""
    title = f"{element.title}{unit}"
    return Column(element.slug, title, _value(element.slug, element.kind), kind, width=18)


def _listing(title: str, table: reckoning.SumTable) -> Listing:
    states = list(dict.fromkeys(_state(r) for r in table.rows))
    return Listing(
        title=title,
        columns=[
            Column("don-vi", "Đơn vị", lambda r: r.line.duty.unit.name, link=_address, width=34),
            Column("tinh-trang", "Tình trạng", _state, "state", width=22,
                   sign=lambda r: f"status-{r.line.status or 'NONE'}"),
            *map(_column, table.columns),
            Column("y-kien", "Ý kiến", lambda r: r.comments or None, "number", width=8),
        ],
        filters=[
            Filter("tt", "Tình trạng", [(s, s) for s in states],
                   lambda rows, value: [r for r in rows if _state(r) == value]),
        ],
        per_page=200,
        empty="Chưa có đơn vị nào phải báo cáo cho nơi nhận này.",
    )  # fmt: skip


@require_GET
def summing(request, pk):
    on = clock.today()
    opened = get_object_or_404(queries.rounds_for(request.user, on), pk=pk)
    duties = queries.visible_duties(request.user, on).filter(round=opened)
    lines = queries.lines_of(duties, queries.inside_of(request.user, on))
    receivers = reckoning.receivers_of(lines)
    asked = whole(request.GET.get("nhan"), 0)
    homes = {p.pk for p in receivers if queries.may_decide(request.user, p, on)}
    receiver = next((u for u in receivers if u.pk == asked), None)
    receiver = receiver or next((u for u in receivers if u.pk in homes), None)
    receiver = receiver or (receivers[0] if receivers else None)
    theirs = [x for x in lines if receiver and x.duty.receiver == receiver]
    table = reckoning.table_of(theirs, Sight(request.user, on))
    name = receiver.name if receiver else ""
    context = {
        "round": opened, "span": sheets.span_of(opened), "receivers": receivers,
        "receiver": receiver, "table": table,
    }  # fmt: skip
    listing = _listing(f"Tổng hợp {opened.label}, {name}", table)
    keep = {"nhan": str(receiver.pk) if receiver else ""}
    return show(request, listing, table.rows, "reporting/summing.html", keep=keep, **context)


CORRECTIONS = Listing(
    title="Đính chính số liệu",
    columns=[
        Column("don-vi", "Đơn vị", lambda c: c.submission.duty.unit.name, width=30),
        Column("ky", "Kỳ", lambda c: c.submission.duty.round.label, sortable=False, width=18),
        Column("so-lieu", "Số liệu", lambda c: c.element.title, width=50,
               link=lambda c: reverse("reporting:submission", args=[c.submission.pk])),
        Column("truoc", "Số cũ", lambda c: c.before, sortable=False, width=14),
        Column("sau", "Số mới", lambda c: c.after, sortable=False, width=14),
        Column("ly-do", "Lý do", lambda c: c.reason, sortable=False, width=40),
        Column("nguoi", "Người đính chính", lambda c: str(c.submission.submitted_by or "")),
        Column("duyet", "Người duyệt", lambda c: str(c.submission.decided_by or "")),
        Column("luc", "Duyệt lúc", lambda c: c.submission.decided_at, "moment"),
    ],
    empty="Chưa có số liệu đã duyệt nào bị đính chính.",
)  # fmt: skip


@require_GET
def corrected(request):
    on = clock.today()
    allow(request.user, Verb.SEE_FIGURES, on=on)
    return show(request, CORRECTIONS, corrections(request.user, on), "reporting/corrections.html")
