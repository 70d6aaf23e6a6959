"""One act of a reviewer, saved at once; then the next item. The same act sent twice is one act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.plans import actions, queries, reviewed
from namro.web.plans.rules import GROUPS, ReadingState
from namro.web.plans.together import Clash
from namro.web.plans.views import shown
from namro.web.plans.views.readings import find
from namro.web.plans.views.review import MANY, asked_in, show_review

_ON = {"accept", "edit", "drop"}  # after these the next item nobody has looked at
_NEW = {"add", "move"}  # after these the item that came of it


@dataclass(frozen=True)
class Refused:
    """Why an act was not done, and what was typed for it."""

    error: Exception
    typed: dict[str, Any] | None = None
    field: str = ""
    clashes: tuple[Clash, ...] | list[Clash] = ()


@require_POST
def change(request, reading_id):
    """One change to the draft, saved at once."""
    found = find(request, reading_id)
    if found.state not in (ReadingState.READ, ReadingState.CONFIRMED):
        return redirect("plans:reading", found.pk)  # not read yet, or it failed: that page says so
    does, key = request.POST.get("do", ""), request.POST.get("item", "")
    asked = replace(asked_in(request.POST), key=key)
    typed = _typed(request.POST, does)
    try:
        saved = actions.save_draft(
            reading=found, by=request.user, at=clock.now(), version=_version(request),
            change=_asked(request.POST, found, does, key, typed),
        )  # fmt: skip
    except actions.BadChange as why:
        asked = replace(asked, cut="1" if does == "split" else "")
        refused = Refused(why, typed, why.field)
        return show_review(request, found, asked, refused=refused, status=422)
    except actions.StaleItem as why:
        refused = Refused(why, _still_typed(why, typed), "", why.clashes)
        return show_review(request, found, asked, refused=refused, status=409)
    except actions.NothingToUndo as why:
        return show_review(request, found, asked, refused=Refused(why), status=409)
    except actions.AlreadyConfirmed as why:
        messages.warning(request, str(why))
        target = redirect("plans:source", why.plan.pk)
        return HttpResponseClientRefresh() if request.htmx else target
    return _go_on(request, saved, does, asked)


def _version(request):
    """The version of the item as the person saw it; None where the form names none."""
    given = request.POST.get("version")
    return None if given in (None, "") else whole(given, -1)


def _still_typed(stale, typed):
    """Of what was typed, that which differs from what the item held then; the rest as it is now."""
    if typed is None or not stale.mine:
        return None
    kept = {n: v for n, v in typed.items() if n in stale.mine}
    for part in ("lead", "cooperate"):
        if f"{part}_units" in kept:
            kept[f"{part}_more"] = typed.get(f"{part}_more", "")
    return kept


def _go_on(request, saved, does, asked):
    """After a decision the next item nobody has looked at; after anything else the same one."""
    now = saved.reading
    if does in ("settle", "unsettle"):
        return _fault(request, now, saved, asked)
    if does in _ON:
        key = reviewed.next_open(reviewed.steps(now, asked.order), asked.key) or asked.key
    elif does in _NEW or (does == "undo" and saved.focus):
        key = saved.focus
    else:
        key = "" if asked.key == MANY else asked.key
    asked = replace(asked, key=key, cut="")
    if not request.htmx:
        if saved.beside:
            messages.info(request, _beside(saved))
        return HttpResponseRedirect(asked.address(now))
    return show_review(request, now, asked, saved=saved, decided=does in _ON)


def _beside(saved):
    return f"Đã ghi cùng với phần {saved.beside} vừa sửa ở các ô khác của mục này."


def _fault(request, now, saved, asked):
    """The one fault, and the counts: the item beside it stays as it is, typed words and all."""
    if not request.htmx:
        key = request.POST.get("muc", "")
        return HttpResponseRedirect(asked.address(now, key) + "#diem-can-xem")
    row = reviewed.row(now, saved.focus)
    context = {
        "fault": row.item, "asked": asked, "open_faults": reviewed.open_fault_count(now),
        "change": request.path, "saved": saved,
        "to_undo": reviewed.to_undo(now, request.user),
    }  # fmt: skip
    return render(request, "plans/_fault_step.html", context)


def _asked(post, reading, does, key, typed):
    """The change a form asks for. Raises BadName."""
    if does == "edit":
        return {"do": does, "item": key, "fields": _fields(reading, key, typed)}
    if does == "head":
        return {"do": does, "item": "dau", "fields": typed}
    if does == "add":
        chosen = dict(zip(("block", "start", "end"), post.get("cau", "").split("-"), strict=False))
        marked = {k: post.get(k) or chosen.get(k, "") for k in ("block", "start", "end")}
        return {"do": does, "kind": post.get("loai"), **marked}
    if does == "undo":
        return {"do": does, "change": whole(post.get("change"), 0) or None}
    if does == "accept_many":
        pairs = (p.rpartition(".") for p in post.get("seen", "").split()[:5000])
        return {"do": does, "seen": {k: whole(v, 0) for k, _, v in pairs}}
    if does in ("settle", "unsettle"):
        return {"do": does, "item": post.get("fault", ""), "note": post.get("note")}
    return {"do": does, "item": key, "at": whole(post.get("at"), 0)}


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
    for part in ("lead", "cooperate"):
        more = _more_units(reading, part, typed)
        fields[f"{part}_units"] = typed[f"{part}_units"] + more
    return fields


def _more_units(reading, part, typed):
    """Codes of the units typed by name and of the group chosen: looked up only when there are."""
    names = [n.strip() for n in typed[f"{part}_more"].split(";") if n.strip()]
    group = GROUPS.get(typed[f"{part}_group"])
    if not names and not group:
        return []
    directory, codes = queries.Directory(clock.today()), []
    for name in names:
        unit = directory.named(name)
        if unit is None:
            raise BadName(name, part)
        codes.append(unit.code)
    if group:
        head = reviewed.row(reading, "dau")
        said = directory.issuer(head.item.get("issuer") if head else None)
        codes += directory.members(group, said or reading.document.unit)
    return codes


class BadName(actions.BadChange):
    """A name typed for a unit that is none."""

    def __init__(self, name, part):
        super().__init__(
            f"Không có đơn vị tên “{name}”. Hãy chọn trong danh sách gợi ý.", f"{part}_more"
        )
