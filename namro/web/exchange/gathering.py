"""The figures a mapping asks for, as of a moment: only what it asks is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils import timezone

from namro.terms import Period
from namro.web.exchange.models import Export
from namro.web.exchange.rules import LEVEL_KINDS
from namro.web.org.models import Unit, User
from namro.web.org.queries import living_within, subordinates
from namro.web.org.rules import Verb
from namro.web.plans.models import Target
from namro.web.reporting.progress import TaskLine, states_of_tasks
from namro.web.results.leaves import Sheet, UnitResult, leaves_of
from namro.web.results.queries import TargetResult, results_of
from namro.web.results.rules import threshold_text
from namro.web.results.sight import View, look
from namro.workbook.filling import FIELDS, Material, Number, Row
from namro.workbook.filling import Mapping as CellMapping

Told = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def material_of(export: Export, mapping: CellMapping, viewer: User, told: Told) -> Material:
    """All that is asked, for the export's unit, period and moment. Raises NotAllowed."""
    plan, on = export.mapping.form.plan, timezone.localdate(export.as_of)
    view = look(
        viewer, unit=export.unit, period=Period.of(export.period), as_of=export.as_of, on=on
    )
    targets = list(plan.targets.order_by("position"))
    by_code = {t.code: t for t in targets}
    asked = _by_unit(mapping)
    steps = 2 + len(asked)
    told(0, steps)
    rows = _targets(targets, view) if _needs_targets(mapping) else []
    told(1, steps)
    of_unit: dict[tuple[str, str], Mapping[str, Any]] = {}
    for done, code in enumerate(asked, 2):
        if code in by_code:
            lines = leaves_of(by_code[code], view)
            of_unit.update(
                {
                    (code, line.unit.code): _of_line(line, lines.sheet)
                    for line in lines
                    if lines.sheet
                }
            )
        told(done, steps)
    tasks = states_of_tasks(plan, on) if any(b.rows == "tasks" for b in mapping.blocks) else []
    general = {
        "unit_name": export.unit.name,
        "unit_code": export.unit.code,
        "period": view.period.label,
        "as_of": timezone.localtime(export.as_of).replace(tzinfo=None, microsecond=0),
        "plan": plan.title,
    }
    units = _units(export.unit, mapping, viewer, view)
    told(steps, steps)
    return Material(general, rows, [_task(t) for t in tasks], units, of_unit)


def _by_unit(mapping: CellMapping) -> list[str]:
    """The targets whose figures are asked unit by unit."""
    columns = [c for b in mapping.blocks if b.rows == "units" for c in b.columns]
    return list(dict.fromkeys(c.of for c in columns if FIELDS[c.what].about == "target"))


def _needs_targets(mapping: CellMapping) -> bool:
    in_cells = any(FIELDS[s.what].about == "target" for s in mapping.spots)
    return in_cells or any(b.rows == "targets" for b in mapping.blocks)


def _units(unit: Unit, mapping: CellMapping, viewer: User, view: View) -> dict[str, Sequence[Row]]:
    """The units beneath, by level, as they were at the period's end (or, if it runs, that day)."""
    levels = {b.level for b in mapping.blocks if b.rows == "units"}
    if not levels:
        return {}
    on = min(view.period.last_day(), view.on)
    below = subordinates([unit], on).values("pk")
    seen = living_within(viewer, Verb.SEE_FIGURES, on).filter(pk__in=below).order_by("code")
    found = list(seen)
    return {
        level: [
            Row(u.code, u.name) for u in found if level == "all" or u.kind in LEVEL_KINDS[level]
        ]
        for level in levels
    }


def _targets(targets: Sequence[Target], view: View) -> list[Row]:
    return [_target(r) for r in results_of(targets, view)]


def _target(found: TargetResult) -> Row:
    target = found.target
    values = {
        "target_code": target.code,
        "target_name": target.subject,
        "unit_of_measure": target.unit_of_measure,
        "threshold": found.threshold_text,
        "standing": found.standing.label,
        **(_of_result(found.result) if found.result else {}),
    }
    return Row(target.code, target.subject, values)


def _of_line(line: UnitResult, sheet: Sheet) -> dict[str, Any]:
    target = sheet.target
    return {
        "target_code": target.code,
        "target_name": target.subject,
        "unit_of_measure": target.unit_of_measure,
        "threshold": threshold_text(sheet.threshold),
        "standing": line.standing.label,
        **_of_result(sheet.result(line.unit)),
    }


def _of_result(result: Any) -> dict[str, Any]:
    """A figure's numbers; what is of too few persons to be published is not there."""
    digits = result.definition.digits if result.definition else 2
    return {
        "value": None if result.value is None else Number(result.value, digits),
        "numerator": _part(result.numerator),
        "denominator": _part(result.denominator),
        "heard": Number(Fraction(result.heard), 0),
        "expected": Number(Fraction(result.expected), 0),
        "heard_of_expected": f"{result.heard}/{result.expected}",
    }


def _part(value: Any) -> Number | None:
    if value is None:
        return None
    exponent = value.normalize().as_tuple().exponent
    return Number(Fraction(value), max(0, -exponent))


def _task(line: TaskLine) -> Row:
    task = line.task
    values = {
        "task_code": task.code,
        "task_name": task.title,
        "lead": line.lead_labels,
        "product": task.product,
        "deadline": task.due_on,
        "task_state": line.state.label,
        "progress": line.last.text if line.last else "",
        "percent": None if line.percent is None else Number(Fraction(line.percent), 0),
        "done_on": line.done_on,
    }
    return Row(task.code, task.title, values)
