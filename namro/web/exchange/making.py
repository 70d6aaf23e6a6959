"""An export carried out: figures gathered, cells placed, the file written and kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from namro.terms import Fault
from namro.web.exchange.gathering import material_of
from namro.web.exchange.models import Export
from namro.web.exchange.queries import template_of
from namro.web.exchange.rules import ExportState
from namro.web.facts import actions as facts
from namro.web.frame import files
from namro.web.org.journal import record
from namro.workbook.filling import fill, mapping_of, place

MOST_REMARKS = 2_000
STUCK_AFTER = timedelta(minutes=30)


def make(export_id: int, at: datetime) -> None:
    """Carry out a queued export; one that is under way or finished is left alone.

    One that has been under way for too long was cut off with its worker: it is begun anew.
    """
    waits = Q(state=ExportState.QUEUED)
    cut_off = Q(state=ExportState.RUNNING, asked_at__lte=at - STUCK_AFTER)
    if not Export.objects.filter(waits | cut_off, pk=export_id).update(state=ExportState.RUNNING):
        return
    export = Export.objects.select_related("mapping__form__plan", "unit", "asked_by").get(
        pk=export_id
    )
    try:
        _carry_out(export, at)
    except Exception:
        # Whatever broke is raised on for the log; the page must not wait for ever.
        Export.objects.filter(pk=export.pk).update(state=ExportState.REFUSED, finished_at=at)
        raise


def let_go(export_id: int) -> None:
    """An export whose worker is known to be dead is queued again."""
    begun = Export.objects.filter(pk=export_id, state=ExportState.RUNNING)
    begun.update(state=ExportState.QUEUED, steps_done=0)


def _carry_out(export: Export, at: datetime) -> None:
    form, mapping = export.mapping.form, mapping_of(export.mapping.contents)
    template = template_of(form)
    facts.close_until(as_of=export.as_of)  # what is exported stays what it was
    placed = place(
        mapping, template, material_of(export, mapping, export.asked_by, _teller(export))
    )
    remarks = [*placed.errors, *placed.notices]
    found = {"remarks": [_kept(f) for f in remarks[:MOST_REMARKS]], "finished_at": at}
    if placed.errors:
        Export.objects.filter(pk=export.pk).update(state=ExportState.REFUSED, **found)
        return
    sha256, size = files.keep([fill(template, placed.cells)])
    filled = sum(1 for c in placed.cells if c.value is not None)
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(
            state=ExportState.DONE, sha256=sha256, size=size, filled=filled, **found
        )
        record(
            export.asked_by, "exchange.make_export", export, at=at, unit_code=export.unit.code,
            summary=f"Lập xong “{form.name}”: {filled} ô"[:300], sha256=sha256,
            mapping=export.mapping.number, as_of=export.as_of,
        )  # fmt: skip


def _kept(fault: Fault) -> dict[str, str]:
    cell = (fault.place.cell if fault.place else "") or ""
    return {"code": fault.code, "cell": cell, "message": fault.message,
            "mend": fault.suggestion or ""}  # fmt: skip


def _teller(export: Export):
    def told(done: int, steps: int) -> None:
        Export.objects.filter(pk=export.pk).update(steps_done=done, steps_all=steps)

    return told
