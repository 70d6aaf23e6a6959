"""The seed plan: received, read by the real reader, reviewed, confirmed, bound, assigned."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path

from namro.web.org.models import Unit, User
from namro.web.plans import actions, queries
from namro.web.plans.models import Plan, Reading, Target
from namro.web.plans.rules import Part
from namro.web.results import actions as results_actions
from namro.web.results import queries as results_queries

# Faults left open on purpose, so that the plan's page has some to show.
LEFT_OPEN = 3


def confirm_seed(
    path: Path, units: dict[str, Unit], by: User, at: datetime, started_on: date, deadline_on: date
) -> Plan:
    """From the file to a plan in force, the way a coordinator would go."""
    reading = actions.receive_document(
        by=by,
        at=at,
        unit=units["12-DU"],
        file_name="Ke-hoach-thuc-hien-Ke-hoach-351-KH-TU.txt",
        chunks=[path.read_bytes()],
    )
    actions.run_reading(reading.pk, at=at)
    reading.refresh_from_db()
    if reading.failure:
        raise RuntimeError(reading.failure)
    _review(reading, by, at)
    reading.refresh_from_db()
    return actions.confirm_plan(
        reading=reading,
        version=reading.version,
        by=by,
        at=at,
        issuer=units["12-DU"],
        root=units["12"],
        started_on=started_on,
        deadline_on=deadline_on,
    )


def _review(reading: Reading, by: User, at: datetime) -> None:
    """Accept what was read, name units for the collective lead, tick most faults."""

    def change(what: dict) -> None:
        actions.save_draft(reading=reading, change=what, by=by, at=at)

    draft = reading.draft
    assert draft is not None  # it was read just before
    for kind in ("targets", "tasks"):
        for item in draft[kind]:
            change({"do": "accept", "item": item["id"]})
    for fault in draft["faults"][LEFT_OPEN:]:
        change({"do": "settle", "item": fault["id"], "note": "Đã xem xét, giữ theo nguyên văn."})


def bind_measures(plan: Plan, by: User, at: datetime) -> None:
    """Bind each target to the measure that fits its sentence best."""
    suggested = results_queries.suggestions(plan)
    for target in plan.targets.order_by("position"):
        measure = suggested[target.pk][0][0].slug
        results_actions.bind_measure(target=target, measure=measure, by=by, at=at)


def assign_targets(
    plan: Plan, path: Path, units: dict[str, Unit], by: User, at: datetime
) -> tuple[set[Unit], set[Unit]]:
    """Leads and executors as `assignments.toml` says; gives (executors, leads)."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["targets"]
    executors, leads = set(), set()
    for target in plan.targets.all():
        row = rows[target.code]
        lead = units[row["lead"]]
        mine = [
            u for u in units.values() if u.code in row["executors"] or u.kind in row["executors"]
        ]
        _assign(target, lead, mine, by, at)
        executors.update(mine)
        leads.add(lead)
    return executors, leads


def _assign(target: Target, lead: Unit, executors: list[Unit], by: User, at: datetime) -> None:
    start = target.plan.started_on
    given = {"by": by, "at": at, "from_on": start, "target": target}
    actions.assign(unit=lead, part=Part.LEAD, **given)
    actions.assign_many(units=executors, part=Part.EXECUTOR, **given)


def lead_units_of_tasks(plan: Plan) -> dict[int, Unit | None]:
    """Task id → its first lead unit, if any."""
    return {t.pk: next(iter(queries.leads(t, plan.started_on)), None) for t in plan.tasks.all()}
