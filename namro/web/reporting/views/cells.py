"""The form's own saving, cell by cell, with a line or after days without one; and choosing.

In: JSON {"id", "origin", "seen", "correcting", "cells": [{"name", "text", "base", "age"}]}. Out:
JSON, see `_told`. What cannot be taken now is answered with "closed" and stays on the device. What
never can is named in "unknown", with the reason in "why", and the rest is taken: the device lays it
aside in sight. A sending that is no sending at all is "unreadable": the device halves it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse, RawPostDataException
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.frame.entered import keepable, plain, whole
from namro.web.reporting import actions, queries
from namro.web.reporting.form import choosing, entries, merging, sheets
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.form.drafts import allow_report
from namro.web.reporting.form.merging import Origin, Part
from namro.web.reporting.models import CellEntry, Duty, Submission
from namro.web.reporting.views.form_rows import conflict_of

MOST_CELLS = 2000
MOST_SIGNS = 1_000_000
"""What one sending holds at most; a device makes several of more (see `offline.line`)."""
CHOICE = "chon"


def duty_of(request: HttpRequest, pk: int) -> Duty:
    """The duty, if its own unit's people ask; NotAllowed for others who may see it, and for what
    a page says that was opened in another person's name."""
    if request.headers.get("X-Namro-Who", str(request.user.pk)) != str(request.user.pk):
        raise PermissionDenied
    if not (duty := queries.duty_seen(request.user, pk, clock.today())):
        raise Http404
    allow_report(request.user, duty, clock.now())
    return duty


class Unreadable(ValueError):
    """A sending that no page of ours makes."""


def body_of(request: HttpRequest) -> bytes:
    """What was sent, as it came. Raises Unreadable for a form with parts, which is none of ours,
    and for more than the site takes at once."""
    try:
        return request.body
    except (RawPostDataException, RequestDataTooBig) as why:
        raise Unreadable from why


@require_http_methods(["GET", "POST"])
def cells(request, pk):
    duty = duty_of(request, pk)
    if request.method == "GET":
        return JsonResponse(_told(duty, whole(request.GET.get("tu"), 0)))
    try:
        sent = _sent(request)
    except Unreadable:
        told = {"message": "Lần gửi bị hỏng. Hãy tải lại trang.", "unreadable": True}
        return JsonResponse(told, status=400)
    why = _taken_out(duty, sent)
    left = {"unknown": list(why), "why": why}
    if not sent["values"] and sent["note"] is None:  # nothing for this form: no draft is begun
        return JsonResponse(_told(duty, sent["seen"]) | {"mine": {}} | left)
    try:
        draft = actions.save_draft(
            duty=duty, values=sent["values"], note=sent["note"], seen=sent["bases"],
            by=request.user, at=clock.now(), client_id=sent["id"], origin=sent["origin"],
            ages=sent["ages"], correcting=sent["correcting"],
        )  # fmt: skip
    except (actions.LockedReturn, actions.ApprovedReturn) as closed:
        return JsonResponse({"closed": True, "message": str(closed)}, status=409)
    mine = {name: entry.pk for name, entry in draft.landed.items() if entry}
    return JsonResponse(_told(duty, sent["seen"], draft) | {"mine": mine} | left)


def _taken_out(duty: Duty, sent: dict[str, Any]) -> dict[str, str]:
    """Takes out what can never be taken in; gives each name with the reason, for the device."""
    rows = {
        one.element.slug: f"Dòng {number} “{one.element.title}”: "
        for number, one in enumerate(sheets.bare(duty), start=1)
    }
    why = {}
    if sent["note"] is not None and (words := entries.too_long(sent["note"], "general")):
        why["note"], sent["note"] = words, None
    for slug, told in list(sent["values"].items()):
        for part, text in list(told.items()):
            words = entries.too_long(text, part) if slug in rows else _NOT_ASKED
            if words:
                why[merging.field_name((slug, part))] = rows.get(slug, "") + words
                del told[part]
        if not told:
            del sent["values"][slug]
    return why


_NOT_ASKED = "Biểu không còn hỏi dòng này. Nội dung đã nhập được giữ ở đây; không cần nữa thì bỏ."


def _sent(request: HttpRequest) -> dict[str, Any]:
    """The sending, checked. Raises Unreadable."""
    try:
        told = json.loads(body_of(request) or b"{}")
        rows = [row | {"name": str(row["name"])} for row in told["cells"]]
        sending = UUID(str(told["id"]))
    except (ValueError, KeyError, TypeError, RecursionError) as why:
        raise Unreadable from why
    if not 0 < len(rows) <= MOST_CELLS:
        raise Unreadable
    found: dict[str, Any] = {
        "id": sending, "values": {}, "note": None, "bases": {}, "ages": {},
        "origin": Origin.OFFLINE if told.get("origin") == Origin.OFFLINE else Origin.WEB,
        "seen": _number(told.get("seen")), "correcting": told.get("correcting") is True,
    }  # fmt: skip
    for row in rows:
        _add(found, row)
    return found


def _add(found: dict[str, Any], row: dict[str, Any]) -> None:
    cell, text = merging.cell_of(row["name"]), row.get("text")
    if cell is None or not isinstance(text, str):
        raise Unreadable
    element, part = cell
    text = keepable(plain(text))
    if not element:
        found["note"] = text
    else:
        found["values"].setdefault(element, {})[part] = text
    found["bases"][row["name"]] = _number(row.get("base")) or None
    if isinstance(row.get("age"), int | float) and not isinstance(row.get("age"), bool):
        found["ages"][row["name"]] = row["age"]


def _number(told: Any) -> int:
    return whole(str(told), 0) if isinstance(told, int | str) else 0


def _told(duty: Duty, seen: int, saved: Submission | None = None) -> dict[str, Any]:
    """What stands now: cells newer than `seen`, conflicts as drawn. The page checks for itself.

    `saved`: the draft as just saved, with its cells; what another says after it is newer than the
    "seen" told here, and so told the next time.
    """
    standing = saved.cells if saved else Cells(duty)
    last = saved or queries.last_of(duty)
    kinds = {a.element.slug: a.element.kind for a in sheets.bare(duty)}
    newer = {
        merging.field_name(cell): _cell_told(entry, kinds)
        for cell, entry in standing.shown.items()
        if entry.pk > seen and (not cell[0] or cell[0] in kinds)
    }
    drawn = {
        name: render_to_string("reporting/conflict.html", {"c": conflict_of(duty, name, waiting)})
        for name, waiting in choosing.conflicts_of(duty, standing).items()
    }
    return {
        "seen": standing.newest, "cells": newer, "conflicts": drawn,
        "saved": say_moment(last.saved_at) if last else "",
    }  # fmt: skip


def _cell_told(entry: CellEntry, kinds: Mapping[str, str]) -> dict[str, Any]:
    if entry.part == Part.NOTE:
        text = str(entry.content.get("note") or "")
    else:
        text = entries.shown(entry.content, kinds[entry.element])
    return {"text": text, "base": entry.pk, "told": choosing.told_by(entry)}


_NO_CHOICE = (
    actions.StaleChoice, actions.LockedReturn, actions.UnknownElement, actions.TooLong,
)  # fmt: skip


@require_POST
def choose(request, pk):
    """One of the buttons of a conflict: "field name:entry or third:keys seen, with commas"."""
    duty = duty_of(request, pk)
    name, _, rest = request.POST.get(CHOICE, "").partition(":")
    picked, _, seen = rest.partition(":")
    cell = merging.cell_of(name)
    if cell is None:
        messages.error(request, "Chưa chọn được: hãy tải lại trang rồi chọn lại.")
        return redirect("reporting:duty", pk=pk)
    try:
        actions.choose(
            duty=duty, cell=cell, entry=None if picked == "khac" else whole(picked, 0),
            seen=[whole(one, 0) for one in seen.split(",")], by=request.user, at=clock.now(),
            typed=request.POST.get(f"khac-{name}", ""),
        )  # fmt: skip
    except _NO_CHOICE as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "Đã ghi lựa chọn; các số khác vẫn được giữ trong lịch sử.")
    return redirect("reporting:duty", pk=pk)
