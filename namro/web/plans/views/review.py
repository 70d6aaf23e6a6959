"""One reading: progress while it is read, then the review, one saved change at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh, push_url

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.plans import actions, passages, queries
from namro.web.plans import draft as drafts
from namro.web.plans.rules import COMPARATOR_LABELS, GROUPS, SILENCE, ReadingState
from namro.web.plans.views import shown
from namro.web.plans.views.readings import find

HEAD, ADD = "dau", "them"


@require_GET
def reading(request, reading_id):
    """Progress, failure, the review, or, once confirmed, the plan."""
    found = find(request, reading_id)
    if found.state == ReadingState.CONFIRMED:
        return redirect("plans:source", found.plan.pk)
    if found.state == ReadingState.READ:
        if request.htmx and request.GET.get("tien-do"):
            return HttpResponseClientRefresh()
        return show_review(request, found)
    late = clock.now() - SILENCE
    waited = (found.progressed_at if found.state == ReadingState.READING else None) or (
        found.queued_at
    )
    context = {"reading": found, "silent": waited < late}
    partial = request.htmx and request.GET.get("tien-do")
    return render(request, "plans/_progress.html" if partial else "plans/progress.html", context)


def show_review(request, reading, *, key=None, typed=None, error=None, field="", status=200):
    """The review at one item; with `error`, what was typed is still there."""
    order = (request.POST if request.method == "POST" else request.GET).get("thu-tu", "")
    queue = drafts.queue(reading.draft, order)
    key = key if key is not None else request.GET.get("muc", "")
    block = request.GET.get("doan") if key == ADD else None
    current = next((i for i in queue if i["id"] == key), None)
    if current is None and key not in (HEAD, ADD):
        current = next((i for i in queue if not i["checked"]), queue[0] if queue else None)
        key = current["id"] if current else HEAD
    context = {
        "reading": reading,
        "order": order,
        "key": key,
        "error": error,
        "error_field": field,
        "adding": _adding(reading, block),
        **_panel(reading, current, typed),
        **_around(reading, queue, key, order),
    }
    template = "plans/_review.html" if request.htmx else "plans/review.html"
    answer = render(request, template, context, status=status)
    address = shown.review_address(reading, key, order, doan=block or "")
    return push_url(answer, address) if request.htmx else answer


def _panel(reading, item, typed):
    """The fields of the current item, or of the head of the document."""
    head = [
        (name, label, (typed or {}).get(name, _head_value(reading, name)))
        for name, label in shown.HEAD_LABELS
    ]
    if item is None:
        return {"item": None, "head": head}
    directory = queries.Directory(clock.today())
    return {
        "item": item,
        "head": head,
        "line": shown.line_of(item),
        "fields": shown.fields_of(item, typed),
        "parts": shown.parts_of(item, directory.by_code, typed),
        "doubts": shown.doubts(item),
        "comparators": [(c.value, label) for c, label in COMPARATOR_LABELS.items()],
        "scopes": shown.SCOPES,
        "units": directory.units,
        "groups": GROUPS.values(),
    }


def _head_value(reading, name):
    value = reading.draft["document"].get(name)
    return shown.written_day(value) if name == "date" else value or ""


def _around(reading, queue, key, order):
    """The document, the queue, the faults, the way on and back."""
    checked, of = drafts.checked_count(reading.draft)
    keys = [i["id"] for i in queue]
    at = keys.index(key) if key in keys else -1
    after = keys[at + 1] if at + 1 < len(keys) else ""
    before = keys[at - 1] if at > 0 else ""
    faults = reading.draft["faults"]
    home = shown.review_address(reading)
    return {
        "drawn": passages.laid_out(reading.blocks, shown.passages_of(reading, key, order)),
        "queue": [shown.line_of(i, home, order) for i in queue],
        "home": home,
        "change": reverse("plans:change", args=[reading.pk]),
        "checked": checked,
        "of": of,
        "faults": sorted(faults, key=lambda f: f["settled"]),
        "open_faults": sum(1 for f in faults if not f["settled"]),
        "next_address": shown.review_address(reading, after, order) if after else "",
        "previous_address": shown.review_address(reading, before, order) if before else "",
        "last_change": reading.changes[-1] if reading.changes else None,
    }


def _adding(reading, block):
    """The sentences of a block, to choose from when an item is added."""
    number = whole(block, -1)
    if number < 0:
        return None
    text = next((b["text"] for b in reading.blocks if b["index"] == number), "")
    return {"block": number, "sentences": passages.sentences(text)}


@require_POST
def change(request, reading_id):
    """One change to the draft, saved at once; then the next item."""
    found = find(request, reading_id)
    if found.draft is None:
        return redirect("plans:reading", found.pk)  # not read yet, or it failed: that page says so
    does, key = request.POST.get("do", ""), request.POST.get("item", "")
    typed = _typed(request.POST, does)
    try:
        what = _asked(request.POST, found, does, key, typed)
        now = actions.save_draft(
            reading=found, version=_version(request), change=what, by=request.user, at=clock.now()
        )
    except actions.BadChange as why:
        return show_review(
            request, found, key=key or None, typed=typed, error=why, field=why.field, status=422
        )
    except actions.StaleDraft as why:
        return show_review(
            request, why.reading, key=key or None, typed=typed, error=why, status=409
        )
    except actions.NothingToUndo as why:
        return show_review(request, found, key=key or None, error=why, status=409)
    except actions.AlreadyConfirmed as why:
        messages.warning(request, str(why))
        target = redirect("plans:source", why.plan.pk)
        return HttpResponseClientRefresh() if request.htmx else target
    return _go_on(request, now, does, key)


def _version(request):
    return whole(request.POST.get("version"), -1)


def _go_on(request, now, does, key):
    """After a decision the next unchecked item; after anything else the same one."""
    order = request.POST.get("thu-tu", "")
    if does in ("accept", "edit", "drop"):
        keys = [i["id"] for i in drafts.queue(now.draft, order)]
        open_keys = {i["id"] for i in drafts.items(now.draft) if not i["checked"]}
        at = keys.index(key) if key in keys else 0
        key = next((k for k in keys[at:] + keys[:at] if k in open_keys), key)
    elif does in ("add", "split"):
        key = now.changes[-1]["item"]
    if request.htmx:
        return show_review(request, now, key=key)
    return HttpResponseRedirect(shown.review_address(now, key, order))


def _asked(post, reading, does, key, typed):
    """The change a form asks for. Raises BadName."""
    if does == "edit":
        return {"do": does, "item": key, "fields": _fields(reading, key, typed)}
    if does == "head":
        return {"do": does, "fields": typed}
    if does == "add":
        chosen = dict(zip(("block", "start", "end"), post.get("cau", "").split("-"), strict=False))
        marked = {k: post.get(k) or chosen.get(k, "") for k in ("block", "start", "end")}
        return {"do": does, "kind": post.get("loai"), **marked}
    return {"do": does, "item": key, "fault": post.get("fault"), "note": post.get("note")}


_TARGET_FIELDS = ("code", "subject", "comparator", "value", "value_high", "unit", "scope")


def _typed(post, does):
    """What a form's fields hold, shown again in case it is refused."""
    if does == "head":
        return {name: post.get(name, "") for name, _ in shown.HEAD_LABELS}
    if does != "edit":
        return None
    names = {*_TARGET_FIELDS, "deadline", "title", "product", "deadline_iso"}
    typed = {name: post[name] for name in names if name in post}
    typed["soft"] = "soft" in post
    for part in ("lead", "cooperate"):
        typed[f"{part}_units"] = post.getlist(f"{part}_units")
        typed[f"{part}_more"] = post.get(f"{part}_more", "")
        typed[f"{part}_group"] = post.get(f"{part}_group", "")
    return typed


def _fields(reading, key, typed):
    """Form text as the draft's fields: units by name and by group become codes."""
    wanted = (*_TARGET_FIELDS, "deadline", "soft")
    if not key.startswith("ct"):
        wanted = ("code", "title", "product", "deadline", "deadline_iso")
    fields = {name: typed[name] for name in wanted if name in typed}
    directory = queries.Directory(clock.today())
    issuer = directory.issuer(reading.draft["document"].get("issuer")) or reading.document.unit
    for part in ("lead", "cooperate"):
        more = _more_units(directory, issuer, part, typed)
        fields[f"{part}_units"] = typed[f"{part}_units"] + more
    return fields


def _more_units(directory, issuer, part, typed):
    codes = []
    for name in typed[f"{part}_more"].split(";"):
        if name.strip():
            unit = directory.named(name)
            if unit is None:
                raise BadName(name.strip(), part)
            codes.append(unit.code)
    if group := GROUPS.get(typed[f"{part}_group"]):
        codes += directory.members(group, issuer)
    return codes


class BadName(actions.BadChange):
    """A name typed for a unit that is none."""

    def __init__(self, name, part):
        super().__init__(
            f"Không có đơn vị tên “{name}”. Hãy chọn trong danh sách gợi ý.", f"{part}_more"
        )
