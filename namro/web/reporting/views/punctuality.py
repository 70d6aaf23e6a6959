"""Completeness and timeliness: a picture with its table, by unit, level, receiver or round."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from namro.vietnamese import sort_key
from namro.web.frame import clock
from namro.web.frame.charts import bars
from namro.web.frame.clock import through_minute
from namro.web.frame.days import read_moment, write_moment
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting.duties import punctuality as reckoning
from namro.web.reporting.duties.punctuality import GROUPINGS, Punctuality
from namro.web.reporting.duties.regime import LEVEL_LABELS

MOST_BARS = 40
AS_OF = "tinh-den"


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _by_level(rows, value):
    return [r for r in rows if r.level == value]


_COUNTS = (
    ("phai", "Phải báo cáo", lambda r: r.expected),
    ("da", "Đã gửi", lambda r: r.sent),
    ("dung", "Đúng hạn", lambda r: r.on_time),
    ("muon", "Quá hạn", lambda r: r.late),
    ("tra", "Bị trả lại, chưa gửi lại", lambda r: r.returned),
    ("thieu", "Quá hạn chưa gửi", lambda r: r.missing),
    ("cho", "Chưa đến hạn", lambda r: r.waiting),
    ("xong", "Tính là hoàn thành", lambda r: r.completed),
)
_SHARES = (
    ("day-du", "Đầy đủ (%)", lambda r: _rounded(r.completeness)),
    ("dung-han", "Đúng hạn (%)", lambda r: _rounded(r.timeliness)),
    ("hoan-thanh", "Hoàn thành (%)", lambda r: _rounded(r.completed_percent)),
)


def _listing(by: str, span: str) -> Listing:
    levels = [(label, label) for label in LEVEL_LABELS.values()]
    columns = [
        Column("ten", GROUPINGS[by], lambda r: r.name, width=36,
               link=lambda r: reverse("reporting:round", args=[r.key]) if by == "dot" else None),
        *([Column("cap", "Cấp", lambda r: r.level, width=22)] if by == "don-vi" else []),
        *(Column(key, title, value, "number", width=12) for key, title, value in _COUNTS),
        *(Column(key, title, value, "number", width=12) for key, title, value in _SHARES),
    ]  # fmt: skip
    return Listing(
        title=f"Đầy đủ, đúng hạn theo {GROUPINGS[by].lower()}{span}",
        columns=columns,
        filters=[Filter("cap-bao", "Cấp", levels, _by_level)] if by == "don-vi" else [],
        per_page=100,
        empty="Chưa có báo cáo nào phải nộp trong các đợt đã chọn.",
    )


def _pictures(rows: list[Punctuality], by: str):
    """Bars of the share sent, and of that sent in time, the worst first where there are many."""
    known = [r for r in rows if r.timeliness is not None]
    if by in ("don-vi", "noi-nhan"):
        known.sort(key=lambda r: (r.timeliness, sort_key(r.name)))
    drawn = known[:MOST_BARS]
    sent = [(r.name, _rounded(r.completeness), f"{r.sent}/{r.due} đã gửi") for r in drawn]
    told = [(r.name, _rounded(r.timeliness), f"{r.on_time}/{r.due} đúng hạn") for r in drawn]
    titles = (("Đầy đủ: tỷ lệ đã gửi", sent), ("Đúng hạn: tỷ lệ gửi trước hạn", told))
    pictures = [(title, bars(part, unit="%", title=title, width=760)) for title, part in titles]
    return pictures if drawn else [], len(known) > MOST_BARS


def _moment(text: str, now: datetime) -> datetime:
    """The moment asked for, not later than now; now where none is. ValueError (Vietnamese)."""
    if not text.strip():
        return now
    asked = through_minute(read_moment(text), now)
    if asked > now:
        raise ValueError(f"Thời điểm {write_moment(asked)} chưa đến. Hãy ghi thời điểm đã qua.")
    return asked


@require_GET
def punctuality(request):
    on, now, asked, error = clock.today(), clock.now(), request.GET, ""
    allow(request.user, Verb.SEE_FIGURES, on=on)
    by = asked.get("theo", "")
    by = by if by in GROUPINGS else "cap"
    try:
        at = _moment(asked.get(AS_OF, ""), now)
    except ValueError as why:
        if asked.get("xuat"):
            messages.error(request, str(why))
            return redirect("reporting:punctuality")
        at, error = now, str(why)
    every = reckoning.rounds_between(request.user, on, at=at)
    plans = {r.plan_id: r.plan.title for r in every}
    chosen = {key: whole(asked.get(key), 0) for key in ("ke-hoach", "tu", "den")}
    kept = reckoning.rounds_between(
        request.user, on, plan=chosen["ke-hoach"], first=chosen["tu"], last=chosen["den"], at=at
    )
    rows, total = reckoning.punctuality(request.user, on, at, kept, by)
    pictures, cut = _pictures(rows, by)
    as_of = write_moment(at) if at != now else ""
    labels = {r.pk: r.label for r in every}
    context = {
        "by": by, "groupings": list(GROUPINGS.items()), "pictures": pictures, "cut": cut,
        "most": MOST_BARS, "total": total, "plans": list(plans.items()), "chosen": chosen,
        "chosen_plan": chosen["ke-hoach"],
        "rounds": [(r.pk, r.label) for r in every], "count": len(kept),
        "strict": any(r.terms.strict for r in kept),
        "kept": kept, "at": at, "as_of": as_of, "error": error,
    }  # fmt: skip
    ends = [("từ", labels.get(chosen["tu"])), ("đến", labels.get(chosen["den"]))]
    ends.append(("tính đến", as_of))
    listing = _listing(by, "".join(f", {word} {end}" for word, end in ends if end))
    keep = {"theo": by, AS_OF: as_of, **{k: str(v or "") for k, v in chosen.items()}}
    shown = show(request, listing, rows, "reporting/punctuality.html", keep=keep, **context)
    shown.status_code = 422 if error else 200
    return shown
