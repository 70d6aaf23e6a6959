"""The journal's page: who did what when, and whether its chain holds."""

from __future__ import annotations

from datetime import date

from django.shortcuts import render

from namro.vietnamese import format_date
from namro.web.frame import clock
from namro.web.frame.days import read_day
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org import queries
from namro.web.org.journal import first_break
from namro.web.org.rules import Verb

_CHECKED = 500  # lines looked at whenever the page is opened


def _listing(verbs, people, names) -> Listing:
    return Listing(
        title="Nhật ký",
        columns=[
            Column("so", "Số", lambda e: e.pk, "number", order="pk", width=8),
            Column("luc", "Lúc", lambda e: e.at, "moment", order="at"),
            Column("nguoi", "Người làm", lambda e: e.by_name),
            Column("don-vi", "Đơn vị", lambda e: names.get(e.unit_code, e.unit_code)),
            Column("viec", "Việc", lambda e: e.summary, width=70),
            Column("dia-chi", "Địa chỉ máy", lambda e: e.address, width=16),
        ],
        filters=[
            Filter("loai", "Loại việc", verbs, _of_verbs),
            Filter("ai", "Người làm", people, lambda rows, value: rows.filter(by_id=value)),
        ],
        per_page=100,
        empty="Không có dòng nhật ký nào khớp.",
        search=lambda rows, wanted: queries.journal_search(rows, wanted, names),
    )


def _of_verbs(rows, value):
    return rows.filter(verb__in=value.split(","))


def journal(request):
    """Lines within reach, newest first, by kind of act, person and day."""
    on = clock.today()
    queries.allow(request.user, Verb.SEE_JOURNAL, on=on)
    rows = queries.journal_within(request.user, on)
    verbs, people = queries.journal_choices(rows)
    since, until = _day(request.GET.get("tu")), _day(request.GET.get("den"))
    rows = queries.journal_between(rows, since, until)
    keep = {"tu": format_date(since) if since else "", "den": format_date(until) if until else ""}
    listing = _listing(verbs, people, queries.unit_labels())
    checked = min(_CHECKED, queries.journal_length())
    context = {"broken": first_break(_CHECKED), "checked": checked, "keep": keep}
    return show(request, listing, rows, template="org/journal.html", **context)


def _day(text: str | None) -> date | None:
    try:
        return read_day(text or "")
    except ValueError:
        return None


def check(request):
    """Look at the whole chain, from the first line on."""
    queries.allow(request.user, Verb.SEE_JOURNAL, on=clock.today())
    context = {"broken": first_break(), "whole": True, "now": clock.now()}
    return render(request, "org/chain.html", context)
