"""Reads of this room: each takes a viewer and gives only what lies within reach."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from namro.web.exchange.models import ExchangeForm, Export, MappingVersion
from namro.web.facts.library import library
from namro.web.frame import files
from namro.web.org.models import Unit, User
from namro.web.org.queries import living_within, may, reaches, subordinates, units_within
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.workbook.filling import Known, Template, open_template


def forms_for(viewer: User, on: date) -> QuerySet[ExchangeForm]:
    """The templates of units within reach."""
    units = units_within(viewer, Verb.EXCHANGE, on)
    rows = ExchangeForm.objects.filter(unit__in=units).select_related("plan", "unit")
    return rows.order_by("-pk")


def exports_for(viewer: User, on: date) -> QuerySet[Export]:
    """Exports of templates within reach, about units whose figures the viewer may see."""
    seen = units_within(viewer, Verb.SEE_FIGURES, on)
    rows = Export.objects.filter(mapping__form__in=forms_for(viewer, on), unit__in=seen)
    return rows.select_related(
        "mapping__form__plan", "unit", "asked_by", "again"
    ).order_by("-pk")  # fmt: skip


def plans_to_map(viewer: User, on: date) -> list[Plan]:
    """The plans whose targets a template may be mapped to: those of units within reach."""
    units = units_within(viewer, Verb.EXCHANGE, on)
    return list(Plan.objects.filter(root__in=units).order_by("-pk"))


def reach_of(viewer: User, on: date) -> Unit | None:
    """The top of a person's reach here: to whom a new template belongs."""
    tops = reaches(viewer, Verb.EXCHANGE, on)
    return min(tops, key=lambda u: (u.kind != "PROVINCE", u.pk)) if tops else None


def times_exported(form: ExchangeForm) -> int:
    """How many exports were made of a template."""
    return Export.objects.filter(mapping__form=form).count()


def units_to_export(viewer: User, form: ExchangeForm, on: date) -> list[Unit]:
    """The units an export may be about: of the plan, and with figures the viewer may see."""
    if not may(viewer, Verb.SEE_FIGURES, on=on):
        return []
    below = subordinates([form.plan.root], on).values("pk")
    rows = living_within(viewer, Verb.SEE_FIGURES, on).filter(pk__in=below)
    return sorted(rows, key=lambda u: (u.pk != form.plan.root_id, u.code))


def newest(form: ExchangeForm) -> MappingVersion | None:
    """The mapping in force."""
    return form.mappings.order_by("-number").first()


@lru_cache(maxsize=8)
def _template(sha256: str) -> Template:
    return open_template(files.path_of(sha256))


def template_of(form: ExchangeForm) -> Template:
    """The template as it was received, opened."""
    return _template(form.sha256)


def known_for(plan: Plan) -> Known:
    """What a mapping for this plan may name."""
    measures = library().measures
    targets = {t.code: t.measure in measures for t in plan.targets.all()}
    return Known(targets, frozenset(Unit.objects.values_list("code", flat=True)))
