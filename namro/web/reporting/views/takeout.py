"""Many forms out: those chosen in a list, as one workbook or as a zip of workbooks."""

from __future__ import annotations

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from namro.vietnamese import sort_key
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, narrow, shown
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import queries
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.deliveries import outgoing
from namro.web.reporting.rights import gathers
from namro.web.reporting.rules import Status
from namro.web.reporting.views.answers import attachment, stored
from namro.workbook import MOST_FORMS

_STATES = {
    "con-no": ("Chưa nộp", lambda line: line.is_open),
    "da-nop": ("Đã nộp", lambda line: line.status == Status.SUBMITTED),
    "da-duyet": ("Đã duyệt", lambda line: line.approved),
}


def _chosen_by(key):
    """A filter over the lines by the key of something in their duty."""
    return lambda lines, value: [line for line in lines if str(key(line.duty)) == value]


def _named(lines, thing) -> list[tuple[str, str]]:
    """What the lines differ in, for a filter: (key, name), by name."""
    found = {str(thing(line.duty).pk): _label(thing(line.duty)) for line in lines}
    return sorted(found.items(), key=lambda one: sort_key(one[1]))


def _label(thing) -> str:
    return getattr(thing, "label", "") or str(thing)


def _by_state(lines, value):
    return [line for line in lines if _STATES[value][1](line)]


def _listing(lines: list[queries.DutyLine]) -> Listing:
    return Listing(
        title="Chọn biểu Excel để tải",
        columns=[
            Column("ky", "Kỳ báo cáo", lambda r: r.duty.round.label, width=20),
            Column("don-vi", "Đơn vị", lambda r: r.duty.unit.name, width=34,
                   link=lambda r: reverse("reporting:duty", args=[r.duty.pk])),
            Column("noi-nhan", "Nơi nhận", lambda r: r.duty.receiver.name, width=34),
            Column("so-dong", "Số liệu", lambda r: len(r.duty.elements), "number", width=10),
            Column("han", "Hạn nộp", lambda r: r.due_at, "moment"),
            Column("trang-thai", "Tình trạng", lambda r: r.status_label, "state",
                   sign=lambda r: f"status-{r.status or 'NONE'}"),
        ],
        filters=[
            Filter("tt", "Tình trạng", [(k, v[0]) for k, v in _STATES.items()], _by_state),
            Filter("dot", "Kỳ báo cáo", _named(lines, lambda d: d.round),
                   _chosen_by(lambda d: d.round_id)),
            Filter("nhan", "Nơi nhận", _named(lines, lambda d: d.receiver),
                   _chosen_by(lambda d: d.receiver_id)),
        ],
        per_page=100,
        empty="Không có biểu nào như đã chọn.",
    )  # fmt: skip


@require_GET
def own_forms(request):
    """The forms of what the viewer's own units owe."""
    on = clock.today()
    allow(request.user, Verb.REPORT, on=on)
    return _answer(request, queries.duties_for(request.user, on), None)


@require_GET
def round_forms(request, pk):
    """The forms of a round, of all units within the viewer's reach."""
    on = clock.today()
    opened = get_object_or_404(queries.rounds_for(request.user, on), pk=pk)
    duties = queries.visible_duties(request.user, on).filter(round=opened)
    lines = queries.lines_of(duties, queries.inside_of(request.user, on))
    lines.sort(key=lambda x: (sort_key(x.duty.receiver.name), sort_key(x.duty.unit.name)))
    return _answer(request, lines, opened)


def _answer(request, lines: list[queries.DutyLine], opened):
    listing = _listing(lines)
    wanted = request.GET.get("tai")
    if wanted in ("goi", "tep"):
        chosen = [line.duty for line in narrow(request, listing, lines)[0]]
        chosen, part = _part(request, chosen) if wanted == "goi" else (chosen, "")
        own = {u.pk for u in queries.own_units(request.user, clock.today())}
        try:
            name = f"{f'bieu-{opened.period}' if opened else 'bieu-don-vi'}{part}"
            return _taken(wanted, chosen, name, (own, Sight(request.user, clock.today())))
        except outgoing.TooManyForms as why:
            messages.error(request, str(why))
            query = request.GET.copy()
            del query["tai"]
            return redirect(f"{request.path}?{query.urlencode()}")
    found = shown(request, listing, lines)
    context = {
        "list": found, "round": opened, "most": MOST_FORMS, "most_files": outgoing.MOST_FILES,
        "gathers": bool(gathers(request.user, clock.today())),
        "as_zip": found.address(tai="goi"), "as_zips": _zips(found),
        "as_one": found.address(tai="tep"),
    }  # fmt: skip
    return render(request, "reporting/takeout.html", context)


def _zips(found) -> list[tuple[str, int, int]]:
    """(address, first form, last form) of each zip, where one does not hold all that is listed."""
    parts = outgoing.parts_of(found.page.paginator.count)
    told = enumerate(parts if len(parts) > 1 else [], start=1)
    return [(found.address(tai="goi", phan=str(n)), first, last) for n, (first, last) in told]


def _part(request, chosen: list) -> tuple[list, str]:
    """Of more forms than one zip holds those of the part asked for, and what its name ends with."""
    parts = outgoing.parts_of(len(chosen))
    number = whole(request.GET.get("phan"), 0)
    if len(parts) < 2 or not 0 < number <= len(parts):
        return chosen, ""
    first, last = parts[number - 1]
    return chosen[first - 1 : last], f"-{number}-tren-{len(parts)}"


def _taken(wanted: str, chosen: list, name: str, eyes: tuple[set[int], Sight]):
    if wanted == "tep":
        return attachment(outgoing.one_workbook(chosen, *eyes), f"{name}.xlsx")
    outgoing.allow_many(len(chosen), outgoing.MOST_FILES, "một gói")
    return stored(StreamingHttpResponse(outgoing.zip_of(chosen, *eyes)), f"{name}.zip")
