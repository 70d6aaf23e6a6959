"""A round's life: opened for days and units, its deadlines moved, closed, opened again (đợt)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from namro.terms import Calendar, Period
from namro.vietnamese import format_date, tidy
from namro.web.facts import actions as facts
from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.web.reporting import queries, rules
from namro.web.reporting.chain.models import Exemption, RegimeChange, RoundEvent
from namro.web.reporting.chain.rules import RoundEventKind
from namro.web.reporting.duties import regime, rounds
from namro.web.reporting.duties.regime import Level, Span, level_of
from namro.web.reporting.form.sheets import frequencies, is_required
from namro.web.reporting.models import Duty, Round

MOST_REASON = 500
LONGEST_WAIT = timedelta(days=366)

Deadlines = Mapping[Level, datetime]
_NOBODY = (
    "Chưa mở được đợt báo cáo: chưa có đơn vị nào phải báo cáo. Hãy gắn cách đo và phân công đơn "
    "vị chủ trì, đơn vị thực hiện cho các chỉ tiêu trước."
)


class FaultyRound(ValueError):
    """A round that cannot be opened, closed or changed so; the message is Vietnamese."""


@transaction.atomic
def open_round(
    *,
    plan: Plan,
    period_code: str = "",
    span: Span | None = None,
    targets: Collection[int] | None = None,
    due_at: datetime | None = None,
    due: Deadlines | None = None,
    by: User | None,
    at: datetime,
    calendar: Calendar | None = None,
) -> Round:
    """Open days for reporting: a duty for each unit and receiver (mở đợt báo cáo).

    `period_code` (a month, quarter, half or year) or `span` (any days). `targets`: only what these
    ask. `due_at`: the communes' deadline, `due` that of each level; left out: as proposed. Opening
    again adds what assignments have since added, and changes nothing else. Raises NotAllowed,
    FaultyRound (no such period, due too early, closed, nobody to ask), and as rounds.check_span.
    """
    if by:
        allow(by, Verb.OPEN_ROUND, plan.root, on=clock.day_of(at))
    terms = rounds.regime_of(plan)
    calendar = calendar or Calendar(terms.calendar)
    span = span or regime.span_of_period(_period(period_code), calendar)
    if queries.round_of_span(plan, span) is None:
        rounds.check_span(plan, span, terms, clock.day_of(at))
    deadlines = _deadlines(span, terms, due_at, due)
    found = rounds.prospect(plan, span.period, on=_day(span), targets=targets)
    if not found.duties:
        raise FaultyRound(_NOBODY)
    Plan.objects.select_for_update().get(pk=plan.pk)
    opened, is_new = _kept(plan, span, calendar, deadlines, terms, by, at)
    added = _add_duties(opened, found.duties)
    if is_new or added:
        if opened.is_periodic:
            facts.open_period(period_code=span.period.code, at=at)
        kind = RoundEventKind.OPENED if is_new else RoundEventKind.ADDED
        word = f"Mở {opened}" if is_new else f"Bổ sung {opened}"
        _tell(opened, kind, "", f"{added} ô số liệu", by, at, "open_round", word)
    return opened


def _day(span: Span) -> date | None:
    """The day whose assignments count; None: each measure's own last day of the period."""
    return None if _is_periodic(span) else span.to_on


def _is_periodic(span: Span) -> bool:
    return span.kind is regime.RoundKind.PERIOD


def _period(code: str) -> Period:
    try:
        return Period.of(code)
    except ValueError as why:
        raise FaultyRound("Hãy chọn kỳ báo cáo trong danh sách.") from why


def _deadlines(
    span: Span, terms: regime.Regime, due_at: datetime | None, given: Deadlines | None
) -> dict[Level, datetime]:
    found = dict(given or {})
    if due_at:
        found[Level.COMMUNE] = due_at
    latest = None
    for level in Level:  # a level not said is never due before the one below
        if level not in found:
            proposed = rounds.due_after(span.to_on, terms, level)
            found[level] = max(proposed, latest) if latest else proposed
        latest = found[level]
    _check_due(span.to_on, found)
    return found


def _check_due(last: date, due: Deadlines) -> None:
    """Decree 09/2019/NĐ-CP, Art. 8.5: at least one working day between the data and the sending;
    a deadline for each level. Raises FaultyRound."""
    first = rules.working_days_after(last, 1, rounds.marked_days())
    before: tuple[Level, datetime] | None = None
    for level, moment in due.items():
        if clock.day_of(moment) < first:
            raise FaultyRound(
                f"Hạn nộp phải sau ngày cuối kỳ ({format_date(last)}) ít nhất một ngày làm việc, "
                f"sớm nhất là ngày {format_date(first)}: đơn vị cần thời gian tổng hợp số liệu "
                "(Nghị định 09/2019/NĐ-CP, Điều 8)."
            )
        if clock.day_of(moment) - last > LONGEST_WAIT:
            raise FaultyRound(
                f"Hạn nộp ngày {format_date(clock.day_of(moment))} cách ngày cuối kỳ "
                f"({format_date(last)}) hơn một năm. Kiểm tra lại năm của hạn nộp."
            )
        if before and moment < before[1]:
            raise FaultyRound(
                f"Hạn của {level.label.lower()} sớm hơn hạn của {before[0].label.lower()}. "
                "Cấp trên cần có số liệu của cấp dưới trước."
            )
        before = level, moment


def _kept(
    plan: Plan,
    span: Span,
    calendar: Calendar,
    due: Deadlines,
    terms: regime.Regime,
    by: User | None,
    at: datetime,
) -> tuple[Round, bool]:
    """The round of these days, made where there is none; the plan is locked."""
    if kept := queries.round_of_span(plan, span):
        if kept.closed_at:
            raise FaultyRound(f"{kept} đã đóng. Hãy mở lại đợt trước khi bổ sung.")
        return kept, False
    made = Round.objects.create(
        plan=plan, kind=span.kind.value, period=span.period.code, from_on=span.from_on,
        to_on=span.to_on, title="" if _is_periodic(span) else span.label, calendar=calendar.value,
        due_at=due[Level.COMMUNE], department_due_at=due[Level.DEPARTMENT],
        province_due_at=due[Level.PROVINCE], regime=terms.told(), opened_by=by, opened_at=at,
    )  # fmt: skip
    return made, True


def _add_duties(opened: Round, wanted: dict[tuple[int, int], list[str]]) -> int:
    """Create what is missing; an element a unit already owes in the round is not asked twice."""
    kept = {(d.unit_id, d.receiver_id): d for d in opened.duties.select_for_update()}
    owed: dict[int, set[str]] = defaultdict(set)
    for duty in kept.values():
        owed[duty.unit_id].update(duty.elements)
    kinds = dict(Unit.objects.filter(pk__in={u for u, _ in wanted}).values_list("pk", "kind"))
    added, fresh, often = 0, [], frequencies({opened.plan_id})
    for (unit, receiver), elements in wanted.items():
        new = [e for e in elements if e not in owed[unit]]
        duty = kept.get((unit, receiver))
        added += len(new)
        if new and duty:
            duty.elements = [*duty.elements, *new]
            duty.required = _is_required(opened, duty.elements, often)
            duty.save(update_fields=["elements", "required"])
        elif new:
            fresh.append(
                Duty(
                    round=opened, unit_id=unit, receiver_id=receiver, elements=new,
                    required=_is_required(opened, new, often),
                    due_at=opened.due_of(level_of(kinds[unit])),
                )
            )  # fmt: skip
    Duty.objects.bulk_create(fresh)
    return added


def _is_required(opened: Round, elements: list[str], often: dict) -> bool:
    """What is asked outside the months, quarters and years is asked because it is wanted now."""
    return not opened.is_periodic or is_required(opened, elements, often)


# --- afterwards ------------------------------------------------------------------------------


@transaction.atomic
def move_due(
    *,
    round: Round,
    due_at: datetime | None = None,
    due: Deadlines | None = None,
    reason: str = "",
    by: User | None,
    at: datetime,
) -> Round:
    """Give the levels of a round other moments to be due (đổi hạn nộp).

    What is not said stays, or goes with the level below where it would else be sooner. Raises
    NotAllowed, FaultyRound.
    """
    _allow(round, by, at)
    list(round.duties.select_for_update().order_by("pk").values_list("pk"))  # before the round
    now = Round.objects.select_for_update().get(pk=round.pk)
    before = {level: now.due_of(level) for level in Level}
    after = _moved(before, {**({Level.COMMUNE: due_at} if due_at else {}), **(due or {})})
    _check_due(now.last_day, after)
    now.due_at = after[Level.COMMUNE]
    now.department_due_at, now.province_due_at = after[Level.DEPARTMENT], after[Level.PROVINCE]
    now.save(update_fields=["due_at", "department_due_at", "province_due_at"])
    for duty in now.duties.select_related("unit"):
        Duty.objects.filter(pk=duty.pk).update(due_at=now.due_of(level_of(duty.unit.kind)))
    changed = [level for level in Level if before[level] != after[level]]
    details = "; ".join(
        f"{v.label}: {say_moment(before[v])} → {say_moment(after[v])}" for v in changed
    )
    if changed:
        kind = RoundEventKind.DUE_MOVED
        was = {level.value: before[level].isoformat() for level in changed}
        _tell(now, kind, reason, details, by, at, "move_due", f"Đổi hạn nộp {now}", before=was)
    return now


def _moved(before: Deadlines, given: Deadlines) -> dict[Level, datetime]:
    found: dict[Level, datetime] = {}
    below: datetime | None = None
    for level in Level:
        moment = given.get(level) or before[level]
        if below and level not in given:
            moment = max(moment, below)
        found[level] = below = moment
    return found


@transaction.atomic
def close_round(*, round: Round, reason: str, by: User | None, at: datetime) -> Round:
    """Let nothing more be handed in (đóng đợt); what waits can still be decided.

    Raises NotAllowed, FaultyRound where it is closed already or no reason is given.
    """
    _allow(round, by, at)
    now = Round.objects.select_for_update().get(pk=round.pk)
    if now.closed_at:
        raise FaultyRound(f"{now} đã đóng lúc {say_moment(now.closed_at)}.")
    told = _reason(reason, "đóng đợt báo cáo")
    now.closed_at, now.closed_by = at, by
    now.save(update_fields=["closed_at", "closed_by"])
    _tell(now, RoundEventKind.CLOSED, told, "", by, at, "close_round", f"Đóng {now}")
    return now


@transaction.atomic
def reopen_round(*, round: Round, reason: str, by: User | None, at: datetime) -> Round:
    """Let units hand in again (mở lại đợt). Raises NotAllowed, FaultyRound."""
    _allow(round, by, at)
    now = Round.objects.select_for_update().get(pk=round.pk)
    if not now.closed_at:
        raise FaultyRound(f"{now} đang mở, không cần mở lại.")
    told = _reason(reason, "mở lại đợt báo cáo")
    now.closed_at = now.closed_by = None
    now.save(update_fields=["closed_at", "closed_by"])
    _tell(now, RoundEventKind.REOPENED, told, "", by, at, "reopen_round", f"Mở lại {now}")
    return now


@transaction.atomic
def exempt(
    *, round: Round, unit: Unit, until: datetime, reason: str, by: User | None, at: datetime
) -> Exemption:
    """Let a unit hand in until a moment though the round is locked (cho phép nộp sau khóa).

    Raises NotAllowed, FaultyRound: not a unit of the round, a moment past or a year away, no
    reason.
    """
    _allow(round, by, at)
    if not round.duties.filter(unit=unit).exists():
        raise FaultyRound(f"{unit.name} không có báo cáo trong đợt này.")
    if until <= at:
        raise FaultyRound(f"Thời điểm {say_moment(until)} đã qua. Hãy ghi thời điểm sau bây giờ.")
    if until - at > LONGEST_WAIT:
        raise FaultyRound(f"Thời điểm {say_moment(until)} cách đây hơn một năm. Kiểm tra lại năm.")
    told = _reason(reason, "cho phép nộp sau khi khóa")
    kept = Exemption.objects.create(round=round, unit=unit, until=until, reason=told, by=by, at=at)
    details, kind = f"{unit.name}, đến {say_moment(until)}", RoundEventKind.EXEMPTED
    summary = f"Cho phép {unit.name} nộp sau khóa, {round}"
    _tell(round, kind, told, details, by, at, "exempt", summary, unit.code)
    return kept


@transaction.atomic
def withdraw_exemption(*, exemption: Exemption, by: User | None, at: datetime) -> None:
    """Take the leave back (thôi cho phép). Raises NotAllowed; withdrawing twice does nothing."""
    _allow(exemption.round, by, at)
    still = Exemption.objects.filter(pk=exemption.pk, withdrawn_at=None)
    if still.update(withdrawn_at=at, withdrawn_by=by):
        kind, unit = RoundEventKind.RECALLED, exemption.unit
        summary = f"Thôi cho phép {unit.name} nộp sau khóa, {exemption.round}"
        _tell(exemption.round, kind, "", unit.name, by, at, "recall", summary, unit.code)


@transaction.atomic
def set_regime(
    *, plan: Plan, terms: regime.Regime, reason: str, by: User | None, at: datetime
) -> RegimeChange:
    """Change how a plan is reported, for rounds opened from now on (chế độ báo cáo).

    Raises NotAllowed, regime.FaultyRegime, FaultyRound where nothing changes or no reason is given.
    """
    if by:
        allow(by, Verb.OPEN_ROUND, plan.root, on=clock.day_of(at))
    terms.check()
    Plan.objects.select_for_update().get(pk=plan.pk)
    changes = regime.differences(rounds.regime_of(plan), terms)
    if not changes:
        raise FaultyRound("Chưa có cài đặt nào thay đổi.")
    told = _reason(reason, "đổi chế độ báo cáo")
    kept = RegimeChange.objects.create(plan=plan, told=terms.told(), reason=told, by=by, at=at)
    record(
        by, "reporting.set_regime", plan, at=at, unit_code=plan.root.code, reason=told,
        summary=f"Đổi chế độ báo cáo của kế hoạch: {', '.join(c[0] for c in changes)}",
        changes=[list(c) for c in changes],
    )  # fmt: skip
    return kept


@transaction.atomic
def change_terms(
    *, round: Round, terms: regime.Regime, reason: str, by: User | None, at: datetime
) -> Round:
    """Change the steps and locks of one round already open (chế độ của đợt).

    Days and deadlines stay: those are moved by `move_due`. Raises as `set_regime`.
    """
    _allow(round, by, at)
    terms.check()
    now = Round.objects.select_for_update().get(pk=round.pk)
    changes = regime.differences(now.terms, terms)
    if not changes:
        raise FaultyRound("Chưa có cài đặt nào thay đổi.")
    told, was = _reason(reason, "đổi chế độ của đợt"), now.terms.told()
    now.regime = terms.told()
    now.save(update_fields=["regime"])
    details = "; ".join(f"{what}: {old} → {new}" for what, old, new in changes)
    kind, summary = RoundEventKind.SETTINGS, f"Đổi chế độ của {now}"
    _tell(now, kind, told, details, by, at, "change_terms", summary, before=was)
    return now


def _allow(round: Round, by: User | None, at: datetime) -> None:
    if by:
        allow(by, Verb.OPEN_ROUND, round.plan.root, on=clock.day_of(at))


def _reason(text: str, what: str) -> str:
    told = tidy(text)
    if not told:
        raise FaultyRound(f"Hãy ghi lý do {what}; lý do được lưu cùng lịch sử của đợt.")
    return told[:MOST_REASON]


def _tell(
    round: Round,
    kind: RoundEventKind,
    reason: str,
    details: str,
    by: User | None,
    at: datetime,
    verb: str,
    summary: str,
    unit_code: str = "",
    before: dict[str, Any] | None = None,
) -> None:
    """In the round's own history, and in the journal."""
    RoundEvent.objects.create(
        round=round, what=kind.value, reason=reason[:MOST_REASON], details=details[:500], by=by,
        at=at, before=before or {},
    )  # fmt: skip
    record(
        by, f"reporting.{verb}", round, at=at, summary=summary, reason=reason, details=details,
        unit_code=unit_code or round.plan.root.code,
    )  # fmt: skip
