"""Writes of this room: how a target is measured, and that someone looked at single records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from namro.measuring.definitions import Dataset
from namro.terms import Period
from namro.web.facts import actions as facts
from namro.web.facts.library import library
from namro.web.org import journal
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import actions as plans
from namro.web.plans.models import Plan, Target


class UnknownMeasure(ValueError):
    """The library has no such measure; the message is Vietnamese."""


@transaction.atomic
def bind_measure(*, target: Target, measure: str, by: User, at: datetime) -> Target:
    """Say how a target is measured (gắn cách đo), and compute its figures for the known periods.

    Raises UnknownMeasure, and NotAllowed without the right to assign at the plan's root.
    """
    if measure not in library().measures:
        raise UnknownMeasure(f"Thư viện không có cách đo “{measure}”.")
    if target.measure == measure:
        return target
    bound = plans.set_measure(target=target, measure=measure, by=by, at=at)
    facts.refresh_expected(at=at)
    return bound


@transaction.atomic
def bind_measures(
    *, plan: Plan, measures: Mapping[int, str], by: User, at: datetime
) -> list[Target]:
    """Bind several targets at once, all or none: target id → measure. Gives those that changed."""
    changed = []
    for target in plan.targets.filter(pk__in=measures).order_by("position"):
        target.plan = plan
        if target.measure != measures[target.pk]:
            changed.append(bind_measure(target=target, measure=measures[target.pk], by=by, at=at))
    return changed


def look_at_records(
    *, dataset: Dataset, unit: Unit, period: Period, by: User, at: datetime
) -> None:
    """Enter in the journal that a person opened single records (xem hồ sơ). Raises NotAllowed."""
    allow(by, Verb.SEE_RECORDS, unit, on=timezone.localdate(at))
    journal.record(
        by,
        "results.look_at_records",
        unit,
        at=at,
        unit_code=unit.code,
        summary=f"Xem bản ghi “{dataset.title}” của {unit.name}, {period.label}",
        dataset=dataset.slug,
        period=period.code,
    )
