"""Deleting a person's records on request: entered by one, carried out by another; what went."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.terms import Period
from namro.web.facts import removal_requests as asking
from namro.web.facts.library import library
from namro.web.facts.models import Removal, RemovalRequest
from namro.web.facts.removal_requests import Entered, FaultyRequest, FoundMore
from namro.web.facts.removals import NothingToRemove
from namro.web.facts.rules import REMOVAL_REASONS, REQUEST_STATES
from namro.web.frame import clock
from namro.web.frame.entered import usual
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.models import Unit, User
from namro.web.org.queries import NotAllowed, allow, may, reaches
from namro.web.org.rules import Verb
from namro.web.papers import removals


def _by_state(rows, value):
    return rows.filter(state=value)


REQUESTS = Listing(
    title="Đề nghị xóa dữ liệu cá nhân",
    columns=[
        Column("so", "Đề nghị", lambda r: f"Số {r.pk}", order="pk", width=12,
               link=lambda r: reverse("papers:removal", args=[r.pk])),
        Column("van-ban", "Văn bản yêu cầu", lambda r: r.document, order="document", width=30),
        Column("ngay", "Ngày văn bản", lambda r: r.document_on, "date", "document_on", width=14),
        Column("pham-vi", "Phạm vi", lambda r: r.unit.name, order="unit__name", width=36),
        Column("ban-ghi", "Số bản ghi", lambda r: r.rows, "number", width=14),
        Column("nguoi-lap", "Người lập", lambda r: r.asked_by.full_name,
               order="asked_by__full_name"),
        Column("lap-luc", "Lập lúc", lambda r: r.asked_at, "moment", order="asked_at"),
        Column("tinh-trang", "Tình trạng", lambda r: r.get_state_display(), "state",
               order="state", sign=lambda r: f"removal-{r.state}"),
        Column("nguoi-duyet", "Người duyệt",
               lambda r: r.decided_by.full_name if r.decided_by else "", sortable=False),
        Column("duyet-luc", "Duyệt lúc", lambda r: r.decided_at, "moment", order="decided_at"),
    ],
    filters=[Filter("tt", "Tình trạng", [*REQUEST_STATES.items()], _by_state)],
    empty="Chưa có đề nghị nào.",
)  # fmt: skip


def _title(removal: Removal) -> str:
    known = library().datasets.get(removal.batch.dataset)
    return known.title if known else removal.batch.dataset


def _request_of(removal: Removal) -> str | None:
    found = next(iter(removal.requests.all()), None)
    return reverse("papers:removal", args=[found.pk]) if found else None


def _removals() -> Listing:
    datasets = [(slug, d.title) for slug, d in library().datasets.items()]
    reasons = [(k, v[:1].upper() + v[1:]) for k, v in REMOVAL_REASONS.items()]
    return Listing(
        title="Bản ghi đã xóa",
        columns=[
            Column("luc", "Xóa lúc", lambda r: r.removed_at, "moment", width=20),
            Column("tap", "Tập dữ liệu", _title, width=34),
            Column("ky", "Kỳ", lambda r: Period.of(r.batch.period).label, width=18),
            Column("tep", "Tệp", lambda r: r.batch.file_name, width=36),
            Column("ban-ghi", "Số bản ghi", lambda r: r.rows, "number", width=14),
            Column("ly-do", "Lý do", lambda r: dict(reasons)[r.reason], width=22),
            Column("can-cu", "Căn cứ", lambda r: r.note, link=_request_of, width=50),
            Column("nguoi", "Người duyệt xóa",
                   lambda r: r.removed_by.full_name if r.removed_by else "Hệ thống"),
        ],
        filters=[
            Filter("ly-do", "Lý do", reasons, lambda rows, v: [r for r in rows if r.reason == v]),
            Filter("tap-du-lieu", "Tập dữ liệu", datasets,
                   lambda rows, v: [r for r in rows if r.batch.dataset == v]),
        ],
        empty="Chưa xóa bản ghi nào.",
    )  # fmt: skip


@require_GET
def gone(request: HttpRequest) -> HttpResponse:
    """What was deleted, for whatever reason, within sight (bản ghi đã xóa)."""
    on = clock.today()
    allow(request.user, Verb.SEE_REMOVALS, on=on)
    rows = asking.removals_for(request.user, on)
    return show(request, _removals(), rows, "papers/gone.html")


# --- entering ----------------------------------------------------------------------------------


def _asks_for(user: User, on: date) -> Unit | None:
    """Within which unit records are looked for: the widest that one may take records in for."""
    tops = reaches(user, Verb.RECEIVE_RECORDS, on)
    return min(tops, key=lambda u: (u.kind != "PROVINCE", u.pk)) if tops else None


@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
def removals_page(request: HttpRequest) -> HttpResponse:
    """Requests to delete a person's records; POST looks for them and enters one."""
    on = clock.today()
    allow(request.user, Verb.SEE_REMOVALS, on=on)
    error, unit = "", _asks_for(request.user, on)
    if request.method == "POST":
        if unit is None:
            raise NotAllowed("Chỉ người nhận dữ liệu hồ sơ lập được đề nghị xóa.")
        try:
            made = _ask(request, unit)
        except (FaultyRequest, NothingToRemove) as why:
            error = str(why)
        else:
            said = f"Đã lập đề nghị số {made.pk}: {made.rows} bản ghi. Chờ người khác duyệt."
            messages.success(request, said)
            return redirect("papers:removal", pk=made.pk)
    context = {
        "unit": unit,
        "places": [(f"{slug}.{column}", said) for (slug, column), said in asking.places().items()],
        "typed": request.POST,
        "error": error,
    }
    rows = asking.requests_for(request.user, on)
    answer = show(request, REQUESTS, rows, "papers/removals.html", **context)
    answer.status_code = 422 if error else answer.status_code
    return answer


def _ask(request: HttpRequest, unit: Unit) -> RemovalRequest:
    post = request.POST
    entered = Entered(
        post.get("number", ""), post.get("document", ""), _day(post.get("document_on", "")),
        post.get("reason", ""),
    )  # fmt: skip
    where, chosen = post.get("where", ""), None
    if where:
        slug, _, column = where.partition(".")
        chosen = (slug, column)
    return asking.ask(unit=unit, entered=entered, where=chosen, by=request.user, at=clock.now())


def _day(text: str) -> date:
    try:
        return usual(datetime.strptime(text.strip(), "%d/%m/%Y").date())  # noqa: DTZ007
    except ValueError:
        raise FaultyRequest("Ngày của văn bản ghi ngày/tháng/năm, ví dụ 20/9/2025.") from None


_DONE = "Đã xóa. Tổng đã đếm còn giữ, báo cáo đã phát hành không đổi."

# --- one request -------------------------------------------------------------------------------


def _request(request: HttpRequest, pk: int) -> RemovalRequest:
    return get_object_or_404(asking.requests_for(request.user, clock.today()), pk=pk)


@never_cache
@require_GET
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what it concerns, what stands on it; ?tinh-lai=1 computes those papers anew."""
    return _page(request, _request(request, pk))


def _page(request: HttpRequest, found: RemovalRequest, error: str = "") -> HttpResponse:
    on, user = clock.today(), request.user
    papers = removals.papers_on(found, user, on)
    again = request.GET.get("tinh-lai") == "1"
    context = {
        "asked": found,
        "lines": removals.lines_of(found),
        "papers": papers,
        "checked": list(removals.checked(papers, user)) if again else [],
        "sees_papers": may(user, Verb.SEE_PAPERS, on=on),
        "done": found.removals.order_by("pk").select_related("batch"),
        "decides": asking.may_decide(found, user, on),
        "withdraws": found.state == "WAITING" and found.asked_by_id == user.pk,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "papers/removal.html", context, status=422 if error else 200)


def _answered(request: HttpRequest, pk: int, act, said: str) -> HttpResponse:
    found = _request(request, pk)
    try:
        act(found)
    except (FaultyRequest, FoundMore) as why:
        return _page(request, found, str(why))
    messages.success(request, said)
    return redirect("papers:removal", pk=pk)


@never_cache
@sensitive_post_parameters("number")
@require_POST
def carry_out_removal(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found):
        number = request.POST.get("number", "")
        asking.carry_out(request=found, number=number, by=request.user, at=clock.now())

    return _answered(request, pk, act, _DONE)


@require_POST
def refuse_removal(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found):
        answer = request.POST.get("answer", "")
        asking.refuse(request=found, answer=answer, by=request.user, at=clock.now())

    return _answered(request, pk, act, "Đã ghi không duyệt; không bản ghi nào bị xóa.")


@require_POST
def withdraw_removal(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found):
        asking.withdraw(request=found, by=request.user, at=clock.now())

    return _answered(request, pk, act, "Đã rút đề nghị; không bản ghi nào bị xóa.")
