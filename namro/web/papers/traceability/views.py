"""The traceability table as a paper."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from namro.web.frame import clock
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.papers import actions
from namro.web.papers.traceability.paper import paper_of
from namro.web.plans.comparing import queries
from namro.web.plans.comparing.table import ComparingState, Kind, rows_of
from namro.web.plans.queries import province_of
from namro.writing import UnprintableText

_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require_GET
def traceability(request, comparison_id, ending):
    """A plan against its superior's as .docx or .pdf, of the unit whose plan it is."""
    on = clock.today()
    allow(request.user, Verb.PREPARE_PAPER, on=on)
    found = queries.comparison_for(request.user, comparison_id, on)
    known = ending in _KINDS and found is not None and found.kind == Kind.SUPERIOR
    if not known or found.state != ComparingState.DONE:
        raise Http404
    rows = rows_of(found.kind, found.found, queries.open_rulings(found))
    plan = getattr(found.new, "plan", None)
    unit = plan.issuer if plan else found.new.document.unit
    try:
        body = actions.render(paper_of(found, rows, unit, province_of(unit, on), on), ending)
    except UnprintableText as why:
        return render(request, "frame/refusal.html", {"reason": str(why)}, status=422)
    answer = HttpResponse(body, content_type=_KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="doi-chieu-{found.pk}.{ending}"'
    return answer
