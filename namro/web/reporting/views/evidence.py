"""A proof handed out: a file as it was kept, or the page a link names."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from namro.web.frame import clock
from namro.web.reporting import queries
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.views.answers import kept_file


@require_GET
def evidence(request, pk):
    on = clock.today()
    proof = get_object_or_404(queries.visible_evidence(request.user, on), pk=pk)
    if Sight(request.user, on).hides(proof):
        raise Http404
    if proof.link:
        return redirect(proof.link)
    try:
        return kept_file(proof.sha256, proof.file_name)
    except FileNotFoundError as why:
        raise Http404 from why
