"""What is said of a return, holding it back, and who stands in for whom."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.models import User
from namro.web.org.queries import people_within
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import deputies
from namro.web.reporting.views import typed


def _answer(request, pk: int, act, done: str):
    submission = get_object_or_404(queries.visible_submissions(request.user, clock.today()), pk=pk)
    try:
        act(submission)
    except actions.FaultyComment as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("reporting:submission", pk=pk)


@require_POST
def comment(request, pk):
    post, at = request.POST, clock.now()

    def act(submission):
        actions.comment(
            submission=submission, element=post.get("element", ""), text=post.get("text", ""),
            by=request.user, at=at,
        )  # fmt: skip

    return _answer(request, pk, act, "Đã ghi ý kiến; đơn vị báo cáo và nơi nhận đều thấy.")


@require_POST
def hold(request, pk):
    reason, at = request.POST.get("reason", ""), clock.now()

    def act(submission):
        actions.hold(submission=submission, reason=reason, by=request.user, at=at)

    return _answer(request, pk, act, "Đã giữ lại báo cáo; lý do hiện cạnh số đơn vị đã báo cáo.")


@require_POST
def release(request, pk):
    def act(submission):
        actions.release(submission=submission, by=request.user, at=clock.now())

    return _answer(request, pk, act, "Đã thôi giữ báo cáo.")


# --- who stands in for whom ------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def delegations(request):
    on, error = clock.today(), ""
    away = _away(request, on)
    if request.method == "POST":
        try:
            made = _delegate(request, away, on)
        except actions.FaultyDelegation as why:
            error = str(why)
        else:
            messages.success(request, f"{made.deputy.full_name} thay {made.away.full_name}.")
            return redirect("reporting:delegations")
    rows = list(deputies.visible(request.user, on))
    context = {
        "away": away,
        "people": _people(request.user, on),
        "candidates": deputies.candidates(away, on),
        "rows": [(r, deputies.may_delegate(request.user, r.away, on)) for r in rows],
        "today": on,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "reporting/delegations.html", context, status=422 if error else 200)


def _people(user: User, on) -> list[User]:
    """For whom one may name a deputy besides oneself: administrators, for those they look after."""
    others = people_within(user, on).filter(is_active=True).exclude(pk=user.pk)
    return [p for p in others.order_by("full_name") if deputies.may_delegate(user, p, on)]


def _away(request, on) -> User:
    asked = whole((request.POST or request.GET).get("vang"), 0)
    found = people_within(request.user, on).filter(pk=asked).first() if asked else None
    return found or request.user


def _delegate(request, away: User, on):
    post = request.POST
    try:
        days = typed.day(post.get("from_on", "")), typed.day(post.get("until_on", ""))
    except ValueError as why:
        raise actions.FaultyDelegation("Ngày đầu, ngày cuối ghi chưa đúng; mẫu 17/9/2025.") from why
    deputy = User.objects.filter(pk=whole(post.get("deputy"), 0)).first()
    if deputy is None:
        raise actions.FaultyDelegation("Hãy chọn người thay.")
    return actions.delegate(
        away=away, deputy=deputy, from_on=days[0], until_on=days[1],
        reason=post.get("reason", ""), by=request.user, at=clock.now(),
    )  # fmt: skip


@require_POST
def end_delegation(request, pk):
    kept = get_object_or_404(deputies.visible(request.user, clock.today()), pk=pk)
    actions.end_delegation(delegation=kept, by=request.user, at=clock.now())
    messages.success(request, "Đã thôi ủy quyền.")
    return redirect("reporting:delegations")
