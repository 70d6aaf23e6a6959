"""The outbox of urging, one letter, and the button that looks and urges now."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.oversight import queries, reminders
from namro.web.oversight.models import Letter
from namro.web.oversight.rules import OUTCOME_LABELS, STEP_LABELS, Outcome, ladder_in_words

_SIGNS = {
    Outcome.SENT: "DONE_ON_TIME",
    Outcome.FAILED: "OVERDUE",
    Outcome.NOBODY: "OVERDUE",
    Outcome.NO_ADDRESS: "BEHIND",
}
_UNSENT = Q(letter__isnull=False, letter__sent_at=None, letter__withdrawn_at=None)
_OUTCOMES = {
    Outcome.SENT: Q(letter__sent_at__isnull=False),
    Outcome.WAITING: _UNSENT & ~Q(letter__address="") & Q(letter__failure=""),
    Outcome.FAILED: _UNSENT & ~Q(letter__address="") & ~Q(letter__failure=""),
    Outcome.NO_ADDRESS: _UNSENT & Q(letter__address=""),
    Outcome.NOBODY: Q(letter=None, passed_over=False),
    Outcome.PASSED_OVER: Q(passed_over=True),
    Outcome.WITHDRAWN: Q(letter__withdrawn_at__isnull=False),
}


def _letter_address(reminder):
    if not reminder.letter_id:
        return None
    return reverse("oversight:reminder", args=[reminder.letter_id])


def _thing_address(reminder):
    return reverse(f"reporting:{reminder.thing}", args=[reminder.thing_id])


def _written_at(reminder):
    return timezone.localtime(reminder.written_at)


def _reader(reminder):
    return reminder.to.full_name if reminder.to else ""


LIST = Listing(
    title="Đôn đốc",
    columns=[
        Column("luc", "Lập lúc", _written_at, "moment", "written_at"),
        Column("nguoi", "Gửi đồng chí", _reader, order="to__full_name"),
        Column("don-vi", "Đơn vị", lambda r: r.unit.label, order="unit__name"),
        Column("viec", "Việc", lambda r: r.title, order="title", link=_thing_address, width=60),
        Column("han", "Thời hạn", lambda r: r.due_on, "date", "due_on", width=14),
        Column("buoc", "Bước", lambda r: r.get_step_display(), order="step"),
        Column(
            "tinh-trang",
            "Tình trạng thư",
            lambda r: r.outcome.label,
            link=_letter_address,
            sign=lambda r: _SIGNS.get(r.outcome, ""),
        ),
    ],
    filters=[
        Filter("buoc", "Bước", list(STEP_LABELS.items()), lambda rows, v: rows.filter(step=v)),
        Filter(
            "thu",
            "Tình trạng thư",
            list(OUTCOME_LABELS.items()),
            lambda rows, v: rows.filter(_OUTCOMES[Outcome(v)]),
        ),
        Filter(
            "viec",
            "Loại việc",
            [("duty", "Báo cáo số liệu"), ("task", "Nhiệm vụ")],
            lambda rows, v: rows.filter(thing=v),
        ),
    ],
    sort="-luc",
    empty="Chưa có lượt đôn đốc nào. Bấm “Rà soát và đôn đốc ngay” để hệ thống rà soát các việc "
    "sắp đến hạn và quá hạn.",
)  # fmt: skip


@require_GET
def outbox(request):
    """The visible outbox: every reminder, to whom, sent or not."""
    on = clock.today()
    allow(request.user, Verb.REMIND, on=on)
    rows = queries.outbox(request.user, on)
    if request.GET.get("thu") != Outcome.PASSED_OVER:
        rows = rows.filter(passed_over=False)  # kept for the record, shown only when asked for
    return show(request, LIST, rows, template="oversight/outbox.html", ladder=ladder_in_words())


@require_GET
def letter(request, letter_id):
    """One letter as it went out."""
    try:
        found = queries.letter_for(request.user, letter_id, clock.today())
    except Letter.DoesNotExist as why:
        raise Http404 from why
    seen = queries.outbox(request.user, clock.today()).filter(letter=found)
    shown = {
        "letter": found,
        "reminders": seen.order_by("due_on", "pk"),
        "whole": seen.count() == found.reminders.count(),
        "sign": _SIGNS.get(found.outcome, ""),
    }
    return render(request, "oversight/letter.html", shown)


@require_POST
def run(request):
    """Look at what is due now, and urge."""
    at = clock.now()
    written = reminders.run(today=clock.today(), at=at, by=request.user)
    letter_ids = {r.letter_id for r in written if r.letter_id}
    nobody = sum(1 for r in written if not r.to_id and not r.passed_over)
    if not letter_ids and not nobody:
        messages.info(request, "Đã rà soát: không có việc nào đến bước đôn đốc mới.")
        return redirect("oversight:reminders")
    sent = Letter.objects.filter(pk__in=letter_ids, sent_at__isnull=False).count()
    said = [f"Đã rà soát, lập {len(letter_ids)} thư, gửi được {sent} thư."]
    if len(letter_ids) > sent:
        said.append(f"{len(letter_ids) - sent} thư chưa gửi được; lý do ghi trong danh sách.")
    if nobody:
        said.append(f"{nobody} việc của đơn vị chưa có người nhận thư.")
    level = messages.success if len(said) == 1 else messages.warning
    level(request, " ".join(said))
    return redirect("oversight:reminders")
