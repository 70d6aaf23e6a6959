"""Evidence sent from a device: a file piece by piece, or a link; a repeat changes nothing."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from namro.web.frame import clock
from namro.web.frame.entered import plain, whole
from namro.web.reporting import actions, queries
from namro.web.reporting.models import Duty, Evidence
from namro.web.reporting.proof import parts
from namro.web.reporting.views.cells import Unreadable, body_of, duty_of


@require_http_methods(["GET", "POST"])
def upload(request, pk):
    """GET: the pieces here. POST ?phan=…&kiem=…: one more; ?xong=…: the file is whole, keep it;
    ?lien-ket=1: a page on the web. With &dinh-chinh=1 an approved return is corrected."""
    duty, sha256 = duty_of(request, pk), request.GET.get("sha256", "")
    try:
        if request.method == "GET":
            return JsonResponse({"have": parts.numbers(request.user, sha256)})
        if "lien-ket" in request.GET:
            return _link(request, duty)
        if "xong" in request.GET:
            return _finish(request, duty, sha256)
        parts.keep(
            request.user, sha256, whole(request.GET.get("phan"), -1), body_of(request),
            request.GET.get("kiem", ""),
        )  # fmt: skip
    except Unreadable:
        return JsonResponse(
            {"message": "Lần gửi minh chứng bị hỏng. Hãy tải lại trang."}, status=400
        )
    except (actions.LockedReturn, actions.ApprovedReturn) as why:
        return JsonResponse({"closed": True, "message": str(why)}, status=409)
    except (actions.FaultyFile, actions.UnknownElement) as why:
        return JsonResponse({"message": str(why)}, status=422)
    except actions.TakenOff:
        return JsonResponse({"gone": True})
    return JsonResponse({"have": parts.numbers(request.user, sha256)})


def _body(request: HttpRequest, *wanted: str) -> tuple[list[str], dict[str, Any]]:
    """The texts wanted of a sending, and how it is to be taken in. Raises Unreadable."""
    try:
        told = json.loads(body_of(request) or b"{}")
        texts = [plain(str(told[name])) for name in wanted]
        sending = UUID(str(told["id"])) if told.get("id") else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise Unreadable from why
    correcting = request.GET.get("dinh-chinh") == "1"
    at, by = clock.now(), request.user
    return texts, {"by": by, "at": at, "sending": sending, "correcting": correcting}


def _link(request: HttpRequest, duty: Duty) -> JsonResponse:
    (link, element), how = _body(request, "link", "element")
    return _told(actions.attach_link(duty=duty, element=element, link=link, **how))


def _finish(request: HttpRequest, duty: Duty, sha256: str) -> JsonResponse:
    parts.remove_old(clock.now())
    (name, element), how = _body(request, "name", "element")
    last = queries.last_of(duty)
    kept = last and last.evidence.filter(sha256=sha256, element=element).first()
    proof = kept or actions.attach(
        duty=duty, element=element, file_name=name,
        chunks=parts.whole(request.user, sha256, whole(request.GET.get("xong"), 0)), **how,
    )  # fmt: skip
    parts.forget(request.user, sha256)
    return _told(proof)


def _told(proof: Evidence) -> JsonResponse:
    return JsonResponse(
        {
            "pk": proof.pk,
            "name": proof.file_name,
            "address": reverse("reporting:evidence", args=[proof.pk]),
        }
    )
