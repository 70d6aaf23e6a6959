"""What an issued paper rests on, frozen as plain JSON: results, tasks, who was late, as of when.

Nothing here is a sentence a person may edit. Exact values are kept as fractions ("719/10"), so
that a later computation can be compared to the last digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from namro.terms import Comparator, Period, Standing, TaskState
from namro.vietnamese import format_number
from namro.web.facts.library import library
from namro.web.facts.queries import known_periods
from namro.web.org.models import Unit, User
from namro.web.org.queries import subordinates
from namro.web.plans.models import Plan
from namro.web.plans.queries import targets_of
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.progress import TaskLine, states_of_tasks
from namro.web.reporting.rules import Status
from namro.web.results import queries as results
from namro.web.results.origins import finality
from namro.web.results.queries import TargetResult
from namro.web.results.rules import definition_text
from namro.web.results.sight import View, look
from namro.writing import sentences

_COMMUNES = ("COMMUNE", "WARD")


def figures_unit(plan: Plan, unit: Unit) -> Unit:
    """Whose figures a unit reports: the plan's whole area for who issued it, else its own."""
    return plan.root if unit.pk in (plan.issuer_id, plan.root_id) else unit


def view_of(
    plan: Plan, unit: Unit, period: Period, as_of: datetime, *, viewer: User | None
) -> View:
    """What is looked at. `viewer` None: the installation itself. Raises NotAllowed."""
    on = timezone.localtime(as_of).date()
    about = figures_unit(plan, unit)
    if viewer:
        view = look(viewer, unit=about, period=period, as_of=as_of, on=on)
        return replace(view, as_issued=True)
    return View(about, period, as_of, known_periods(), on, library(), as_issued=True)


def freeze(plan: Plan, view: View) -> dict[str, Any]:
    """All the facts of a report at the view's unit, period and moment."""
    told = results.results_of(list(targets_of(plan)), view)
    within = _within(plan, view)
    on = view.judged_on
    lines = [x for x in states_of_tasks(plan, on) if _is_led_within(x, within)]
    return {
        "period": view.period.code,
        "period_label": view.period.label,
        "as_of": view.as_of.isoformat() if view.as_of else None,
        "about": {"code": view.unit.code, "name": view.unit.name},
        "figures": [_figure(r, view) for r in told],
        "tasks": _tasks(lines, on),
        "returns": _returns(plan, view, within),
    }


def measures_of(told_figures: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Measure → hash of its definition, of frozen figures."""
    return {f["measure"]: f["definition"] for f in told_figures if f["definition"]}


# --- targets ----------------------------------------------------------------------------------


def _figure(told: TargetResult, view: View) -> dict[str, Any]:
    result, measure, target = told.result, told.measure, told.target
    return {
        "code": target.code,
        "subject": target.subject,
        "quote": target.quote,
        "soft": target.soft,
        "measure": target.measure,
        "measure_title": measure.title if measure else "",
        "definition": measure.hash if measure else "",
        "says": definition_text(measure) if measure else "",
        "numerator": _text(result.numerator) if result else None,
        "denominator": _text(result.denominator) if result else None,
        "value": str(Fraction(result.value)) if result and result.value is not None else None,
        "counted": told.counted,
        "heard": told.heard,
        "expected": told.expected,
        "standing": told.standing.value,
        "threshold": told.threshold_text,
        "shown": told.value_text,
        "parts": _parts_text(told),
        "note": told.carried_text,
        "leads": [u.name for u in told.leads],
        "sentence": sentence_of(told, view),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def sentence_of(told: TargetResult, view: View) -> str:
    """The official sentence of one result."""
    return (
        sentences.sentence(outcome_of(told)) if not _is_milestone(told) else _milestone(told, view)
    )


def _is_milestone(told: TargetResult) -> bool:
    return told.threshold.comparator is Comparator.MILESTONE


def _milestone(told: TargetResult, view: View) -> str:
    """A thing that exists or not: its day is in the sources, not in the figure."""
    subject = told.target.subject[:1].upper() + told.target.subject[1:]
    note = f"; {told.carried_text}" if told.carried_text else ""
    if told.standing is Standing.REACHED:
        return f"{subject} đã hoàn thành{note}."
    if told.standing is Standing.NO_DATA:
        return f"{subject} chưa có số liệu."
    said = sentences.milestone_phrase(None, told.target.due_on, view.judged_on)
    return f"{subject} {said}{note}."


def outcome_of(told: TargetResult) -> sentences.Outcome:
    """A result as the sentence writer takes it; parts only where they give the value exactly."""
    result, measure = told.result, told.measure
    numerator, denominator = _exact_parts(told)
    previous, label = _previous(told)
    return sentences.Outcome(
        subject=told.target.subject,
        threshold=told.threshold,
        value=result.value if result else None,
        numerator=numerator,
        denominator=denominator,
        counted=_counted(told),
        digits=measure.digits if measure else 1,
        # One reporter alone needs no count: there is a value, or there is none.
        heard=told.heard if told.expected > 1 else None,
        expected=told.expected if told.expected > 1 else None,
        note="; ".join(filter(None, (finality(result), told.carried_text))),
        previous=previous,
        previous_label=label,
    )


def _counted(told: TargetResult) -> str:
    """What the parts count: "người", "hồ sơ"; of the smallest part where the measure takes that."""
    result = told.result
    if result is None:
        return ""
    same = (result.numerator, result.denominator)
    alike = [p for p in result.parts if (p.numerator, p.denominator) == same]
    for measure in (one.definition for one in (result, *alike)):
        if measure is not None and measure.kind == "share_of_units":
            return "đơn vị"
        if measure is not None and measure.denominator is not None and measure.kind != "level":
            return measure.denominator.unit_of_measure
    return ""


def _exact_parts(told: TargetResult) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator where dividing them gives the very value."""
    result = told.result
    if result is None or result.value is None or not result.denominator or _is_milestone(told):
        return None, None
    if result.numerator is None:
        return None, None
    ratio = Fraction(result.numerator) / Fraction(result.denominator)
    scale = 100 if told.threshold.unit_of_measure == "%" else 1
    return (result.numerator, result.denominator) if ratio * scale == result.value else (None, None)


def _previous(told: TargetResult) -> tuple[Decimal | None, str]:
    """The value of the period before, and its name."""
    if len(told.trend) < 2 or told.trend[-1][0] != told.period:
        return None, ""
    period, value = told.trend[-2]
    return value, period.label


def _parts_text(told: TargetResult) -> str:
    """ "1.035/1.440 người" for the table; empty where the value is no quotient."""
    numerator, denominator = _exact_parts(told)
    if numerator is None or denominator is None:
        return ""
    said = f"{format_number(numerator)}/{format_number(denominator)}"
    return f"{said} {_counted(told)}".strip()


# --- tasks ------------------------------------------------------------------------------------


def _within(plan: Plan, view: View) -> set[int] | None:
    """The units a part report covers; None: the whole plan."""
    if view.unit.pk == plan.root_id:
        return None
    return {view.unit.pk, *subordinates([view.unit], view.on).values_list("pk", flat=True)}


def _is_led_within(line: TaskLine, within: set[int] | None) -> bool:
    return within is None or any(u.pk in within for u in line.leads)


def _tasks(lines: list[TaskLine], on: date) -> dict[str, Any]:
    counted = Counter(line.state for line in lines)
    late = sorted((x for x in lines if x.days_late), key=lambda x: -x.days_late)
    return {
        "on": on.isoformat(),
        "counts": {s.value: counted[s] for s in TaskState},
        "late": [
            {
                "code": line.task.code,
                "title": line.task.title,
                "leads": [u.name for u in line.leads],
                "due_on": line.task.due_on.isoformat(),
                "days": line.days_late,
            }
            for line in late
        ],
    }


# --- returns ----------------------------------------------------------------------------------


def _returns(plan: Plan, view: View, within: set[int] | None) -> dict[str, Any]:
    """Who had handed in what by the moment: communes heard, units late, of the plan's rounds."""
    assert view.as_of is not None
    undone = Q(status=Status.SENT_BACK, decided_at__lte=view.as_of)
    gone = Q(sent_at__lte=view.as_of) | Q(step="", submitted_at__lte=view.as_of)
    handed_in = Submission.objects.filter(gone, duty=OuterRef("pk"))
    duties = Duty.objects.filter(round__plan=plan, required=True, round__opened_at__lte=view.as_of)
    if within is not None:
        duties = duties.filter(unit__in=within)
    rows = duties.annotate(
        is_in=Exists(handed_in.exclude(undone)), due=Coalesce("due_at", "round__due_at")
    ).values_list(
        "unit__code", "unit__name", "unit__kind", "round__kind", "round__period", "due", "is_in"
    )
    told = list(rows.order_by("unit__code", "round__period"))
    asked = {view.period.code, view.period.last_month.code}
    whole: dict[str, bool] = {}
    late: dict[str, dict[str, Any]] = {}
    for code, name, kind, round_kind, period, due_at, is_in in told:
        if kind in _COMMUNES and round_kind == "PERIOD" and period in asked:
            whole[code] = whole.get(code, True) and is_in
        if not is_in and due_at < view.as_of:
            days = max((view.judged_on - timezone.localtime(due_at).date()).days, 0)
            one = late.setdefault(code, {"code": code, "name": name, "count": 0, "days": 0})
            one["count"] += 1
            one["days"] = max(one["days"], days)
    ordered = sorted(late.values(), key=lambda u: (-u["days"], -u["count"], u["code"]))
    return {"heard": sum(whole.values()), "expected": len(whole), "late": ordered}
