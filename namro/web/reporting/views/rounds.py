"""Rounds: the list, one round with who has reported and who has not, and what is done to it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from namro.vietnamese import sort_key
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import KIND_LABELS, Verb
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import gate
from namro.web.reporting.chain.models import Exemption
from namro.web.reporting.duties.regime import KIND_LABELS as ROUND_KINDS
from namro.web.reporting.duties.regime import LEVEL_LABELS, Level
from namro.web.reporting.form.sheets import span_of
from namro.web.reporting.models import Round
from namro.web.reporting.rules import STATUS_LABELS, Status
from namro.web.reporting.views import typed
from namro.web.reporting.views.regimes import context_of


def _state(opened: Round) -> str:
    return "Đã đóng" if opened.closed_at else "Đang mở"


ROUNDS = Listing(
    title="Đợt báo cáo",
    columns=[
        Column(
            "ky", "Kỳ báo cáo", lambda r: r.label, width=20,
            link=lambda r: reverse("reporting:round", args=[r.pk]), sortable=False,
        ),
        Column("loai", "Loại đợt", lambda r: r.get_kind_display(), width=18, sortable=False),
        Column("ke-hoach", "Kế hoạch", lambda r: r.plan.title, width=60, sortable=False),
        Column("tu-den", "Số liệu từ – đến", span_of, width=26, sortable=False),
        Column("han", "Hạn nộp", lambda r: r.due_at, "moment", order="due_at"),
        Column("phai-bao", "Phải báo cáo", lambda r: r.expected, "number", width=12),
        Column("da-nop", "Đã nộp", lambda r: r.heard, "number", width=12),
        Column("da-duyet", "Đã duyệt", lambda r: r.approved, "number", width=12),
        Column("tinh-trang", "Tình trạng", _state, width=14, sortable=False),
    ],
    filters=[
        Filter(
            "loai-dot", "Loại đợt", [(k.value, v) for k, v in ROUND_KINDS.items()],
            lambda rows, value: rows.filter(kind=value),
        ),
        Filter(
            "dong", "Tình trạng", [("mo", "Đang mở"), ("dong", "Đã đóng")],
            lambda rows, value: rows.filter(closed_at__isnull=value == "mo"),
        ),
    ],
    empty="Chưa có đợt báo cáo nào. Bấm “Mở đợt báo cáo” để giao biểu số liệu cho các đơn vị.",
    sort="-han",
)  # fmt: skip


@require_GET
def rounds(request):
    on = clock.today()
    allow(request.user, Verb.SEE_FIGURES, on=on)
    heard = queries.handed_in("duties__submissions__")
    approved = Q(duties__submissions__status=Status.APPROVED)
    owed = Q(duties__required=True) | Q(duties__submissions__sent_at__isnull=False)
    mine = Q(duties__in=queries.visible_duties(request.user, on).values("pk"))
    rows = queries.rounds_for(request.user, on).annotate(
        expected=Count("duties", filter=mine & owed, distinct=True),
        heard=Count("duties", filter=mine & heard, distinct=True),
        approved=Count("duties", filter=mine & approved, distinct=True),
    )
    opens = may(request.user, Verb.OPEN_ROUND, on=on)
    plans = queries.plans_to_open(request.user, on) if opens else []
    return show(request, ROUNDS, rows, "reporting/rounds.html", opens=opens, plans=plans)


# --- who has reported ------------------------------------------------------------------------

_STATES = {
    "chua-nop": ("Chưa nộp", lambda line: line.is_open),
    "cho-duyet": (STATUS_LABELS[Status.SUBMITTED], lambda line: line.status == Status.SUBMITTED),
    "tra-lai": (STATUS_LABELS[Status.SENT_BACK], lambda line: line.status == Status.SENT_BACK),
    "da-duyet": (STATUS_LABELS[Status.APPROVED], lambda line: line.approved),
    "nop-muon": ("Nộp quá hạn", lambda line: line.is_late),
}


def _by_receiver(lines, value):
    return [line for line in lines if str(line.duty.receiver_id) == value]


def _by_kind(lines, value):
    return [line for line in lines if line.duty.unit.kind == value]


def _by_state(lines, value):
    return [line for line in lines if _STATES[value][1](line)]


def _address(line: queries.DutyLine) -> str | None:
    """The return where there is one to look at, else the duty."""
    if line.last and line.last.status != Status.DRAFT:
        return reverse("reporting:submission", args=[line.last.pk])
    return reverse("reporting:duty", args=[line.duty.pk])


def _round_listing(lines: list[queries.DutyLine], opened: Round) -> Listing:
    receivers = {line.duty.receiver_id: line.duty.receiver.name for line in lines}
    named = sorted(receivers.items(), key=lambda r: sort_key(r[1]))
    kinds = {line.duty.unit.kind for line in lines}
    return Listing(
        title=f"Tình hình báo cáo {opened.label}",
        columns=[
            Column("don-vi", "Đơn vị", lambda r: r.duty.unit.name, link=_address, width=34),
            Column("noi-nhan", "Nơi nhận", lambda r: r.duty.receiver.name, width=34),
            Column("so-dong", "Số liệu phải báo", lambda r: len(r.duty.elements), "number"),
            Column(
                "trang-thai", "Tình trạng", lambda r: r.status_label, "state",
                sign=lambda r: f"status-{r.status or 'NONE'}",
            ),
            Column("nop-luc", "Nộp lúc", lambda r: r.sent_at, "moment"),
            Column("han", "So với hạn", lambda r: _against_term(r)),
            Column(
                "nguoi-nop", "Người nộp",
                lambda r: r.last.handed_in_by if r.last else "",
            ),
        ],
        filters=[
            Filter("tt", "Tình trạng", [(k, v[0]) for k, v in _STATES.items()], _by_state),
            Filter("nhan", "Nơi nhận", [(str(k), v) for k, v in named], _by_receiver),
            Filter("loai", "Loại đơn vị", [(k, KIND_LABELS[k]) for k in kinds], _by_kind),
        ],
        per_page=100,
        empty="Không có đơn vị nào như đã chọn.",
    )  # fmt: skip


def _against_term(line: queries.DutyLine) -> str:
    if line.sent_at:
        return "Quá hạn" if line.is_late else "Đúng hạn"
    return "Quá hạn" if line.is_missing(clock.now()) else ""


def _by_names(line: queries.DutyLine):
    return sort_key(line.duty.receiver.name), sort_key(line.duty.unit.name)


@require_GET
def show_round(request, pk):
    on, now = clock.today(), clock.now()
    opened = get_object_or_404(queries.rounds_for(request.user, on), pk=pk)
    duties = queries.visible_duties(request.user, on).filter(round=opened)
    inside = queries.inside_of(request.user, on)
    lines = sorted(queries.lines_of(duties, inside), key=_by_names)
    heard = queries.heard(opened, lines, now)
    context = {
        "round": opened,
        "span": span_of(opened),
        "dues": [(LEVEL_LABELS[v], opened.due_of(v)) for v in Level],
        "steps": [s.label for s in opened.terms.chain],
        "heard": sorted(heard, key=lambda h: sort_key(h.receiver.name)),
        "held": [line for h in heard for line in h.held],
        "total": sum(h.expected for h in heard),
        "total_heard": sum(h.heard for h in heard),
        "total_approved": sum(h.approved for h in heard),
        "total_late": sum(1 for line in lines if line.is_missing(now)),
        "manages": may(request.user, Verb.OPEN_ROUND, opened.plan.root, on=on),
        "levels": [(v.value, LEVEL_LABELS[v], typed.fields(opened.due_of(v))) for v in Level],
        "events": gate.events_of(opened),
        "exemptions": gate.exemptions_of(opened, now),
        **context_of(opened.terms),
        "units": sorted({x.duty.unit for x in lines}, key=lambda u: sort_key(u.name)),
    }
    return show(request, _round_listing(lines, opened), lines, "reporting/round.html", **context)


# --- what is done to a round -----------------------------------------------------------------


def _managed(request, pk: int) -> Round:
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    return get_object_or_404(queries.rounds_for(request.user, clock.today()), pk=pk)


def _answer(request, opened: Round, act, done: str):
    """Do it, and say what became of it on the round's page."""
    try:
        act()
    except (actions.FaultyRound, actions.FaultyRegime) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("reporting:round", pk=opened.pk)


def dues_typed(post) -> dict[Level, datetime]:
    """The moments by level as typed ("due_on_COMMUNE", "due_hour_COMMUNE"), of those sent.

    Raises FaultyRound.
    """
    found: dict[Level, datetime] = {}
    for level in Level:
        if f"due_on_{level}" not in post:
            continue
        day, hour = post[f"due_on_{level}"], post.get(f"due_hour_{level}", "")
        try:
            found[level] = typed.moment(day, hour)
        except ValueError as why:
            raise actions.FaultyRound(
                f"Hạn nộp ghi chưa đúng ({level.label}): ngày theo mẫu 17/9/2025, giờ theo mẫu "
                "17:00."
            ) from why
    return found


@require_POST
def move_due(request, pk):
    opened, now = _managed(request, pk), clock.now()
    return _answer(
        request, opened,
        lambda: actions.move_due(
            round=opened, due=dues_typed(request.POST), reason=request.POST.get("reason", ""),
            by=request.user, at=now,
        ),
        "Đã đổi hạn nộp của đợt báo cáo.",
    )  # fmt: skip


@require_POST
def close(request, pk):
    opened, reason = _managed(request, pk), request.POST.get("reason", "")
    told = {"round": opened, "reason": reason, "by": request.user, "at": clock.now()}
    done = "Đã đóng đợt báo cáo. Báo cáo đang chờ vẫn duyệt được."
    return _answer(request, opened, lambda: actions.close_round(**told), done)


@require_POST
def reopen(request, pk):
    opened, reason = _managed(request, pk), request.POST.get("reason", "")
    told = {"round": opened, "reason": reason, "by": request.user, "at": clock.now()}
    return _answer(request, opened, lambda: actions.reopen_round(**told), "Đã mở lại đợt báo cáo.")


@require_POST
def exempt(request, pk):
    opened, post = _managed(request, pk), request.POST

    def act():
        duty = opened.duties.filter(unit=whole(post.get("unit"), 0)).select_related("unit").first()
        if duty is None:
            raise actions.FaultyRound("Hãy chọn đơn vị có báo cáo trong đợt này.")
        try:
            until = typed.moment(post.get("until_on", ""), post.get("until_hour", ""))
        except ValueError as why:
            raise actions.FaultyRound(
                "Thời điểm được nộp đến ghi chưa đúng: ngày theo mẫu 17/9/2025, giờ theo mẫu 17:00."
            ) from why
        actions.exempt(
            round=opened, unit=duty.unit, until=until, reason=post.get("reason", ""),
            by=request.user, at=clock.now(),
        )  # fmt: skip

    return _answer(request, opened, act, "Đã cho phép đơn vị nộp sau khi khóa.")


@require_POST
def withdraw(request, pk):
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    seen = queries.rounds_for(request.user, clock.today()).values("pk")
    kept = get_object_or_404(Exemption, pk=pk, round__in=seen)
    told = {"exemption": kept, "by": request.user, "at": clock.now()}
    done = "Đã thôi cho phép nộp sau khi khóa."
    return _answer(request, kept.round, lambda: actions.withdraw_exemption(**told), done)
