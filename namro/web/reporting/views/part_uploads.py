"""Evidence sent piece by piece: which pieces are here, one more, the whole."""

from __future__ import annotations

import json

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from namro.web.frame import clock
from namro.web.frame.entered import plain, whole
from namro.web.reporting import actions, parts, queries
from namro.web.reporting.models import Duty
from namro.web.reporting.views.cells import Unreadable, body_of, duty_of


@require_http_methods(["GET", "POST"])
def upload(request, pk):
    """GET: the pieces here. POST ?phan=…&kiem=…: one more; ?xong=…: the file is whole, keep it."""
    duty, sha256 = duty_of(request, pk), request.GET.get("sha256", "")
    try:
        if request.method == "GET":
            return JsonResponse({"have": parts.numbers(request.user, sha256)})
        if "xong" in request.GET:
            return _finish(request, duty, sha256)
        parts.keep(
            request.user, sha256, whole(request.GET.get("phan"), -1), body_of(request),
            request.GET.get("kiem", ""),
        )  # fmt: skip
    except Unreadable:
        return JsonResponse({"message": "Lần gửi tệp bị hỏng. Hãy tải lại trang."}, status=400)
    except actions.LockedReturn as why:
        return JsonResponse({"closed": True, "message": str(why)}, status=409)
    except (actions.FaultyFile, actions.UnknownElement) as why:
        return JsonResponse({"message": str(why)}, status=422)
    return JsonResponse({"have": parts.numbers(request.user, sha256)})


def _finish(request, duty: Duty, sha256: str) -> JsonResponse:
    parts.remove_old(clock.now())
    try:
        told = json.loads(body_of(request) or b"{}")
        name, element = plain(str(told["name"])), plain(str(told["element"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"message": "Lần gửi tệp bị hỏng. Hãy tải lại trang."}, status=400)
    last = queries.last_of(duty)
    kept = last and last.evidence.filter(sha256=sha256, element=element).first()
    proof = kept or actions.attach(
        duty=duty, element=element, file_name=name, by=request.user, at=clock.now(),
        chunks=parts.whole(request.user, sha256, whole(request.GET.get("xong"), 0)),
    )  # fmt: skip
    parts.forget(request.user, sha256)
    return JsonResponse(
        {
            "pk": proof.pk,
            "name": proof.file_name,
            "address": reverse("reporting:evidence", args=[proof.pk]),
        }
    )
