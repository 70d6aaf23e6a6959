"""One reading: progress while it is read, then the review; whole pages and single steps of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh, push_url

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.plans import actions, passages, queries, reviewed
from namro.web.plans.draft import HEAD
from namro.web.plans.rules import ReadingState
from namro.web.plans.views import drawing, panels, progress, shown
from namro.web.plans.views.readings import find

ADD, MANY = "them", "nhan-ca"
PICTURES, WORDS = "anh", "chu"


@dataclass(frozen=True)
class Asked:
    """What the address (or the form) asks for: the item, the order, pictures or words, …"""

    key: str = ""
    order: str = ""
    view: str = ""
    block: str = ""
    cut: str = ""
    group: str = ""
    sure: str = ""
    find: str = ""
    since: int = 0

    def address(self, reading, key=None):
        """The page at an item, the rest as it is now."""
        return shown.review_address(reading, self.key if key is None else key, **self.kept)

    @property
    def kept(self):
        """What goes on from page to page."""
        return {"order": self.order, "xem": self.view}


def asked_in(given):
    """The Asked of a GET or POST; what is not known is taken for not given."""
    order, view = given.get("thu-tu", ""), given.get("xem", "")
    return Asked(
        key=given.get("muc", ""),
        order=order if order in reviewed.ORDERS else "",
        view=view if view in (PICTURES, WORDS) else "",
        block=given.get("doan", ""),
        cut=given.get("tach", ""),
        group=_group(given.get("pham-vi", "")),
        sure=given.get("tu", ""),
        find=given.get("tim", "")[:80],
        since=whole(given.get("tu-thay-doi"), 0),
    )


def _group(text):
    """A table, a section or everything; "" for what is none of them."""
    return text if re.fullmatch(r"tat-ca|bang:[0-9]{1,6}|muc:.{0,60}", text) else ""


@require_GET
def reading(request, reading_id):
    """Progress, failure, the review, or, once confirmed, the plan."""
    found = find(request, reading_id)
    if found.state == ReadingState.CONFIRMED:
        return redirect("plans:source", found.plan.pk)
    if found.state != ReadingState.READ:
        return progress.show_progress(request, found)
    if request.htmx and request.GET.get("tien-do"):
        return HttpResponseClientRefresh()
    return show_review(request, found, asked_in(request.GET))


def show_review(request, reading, asked, *, refused=None, saved=None, decided=False, status=200):
    """The review at one item; with `refused`, what was typed is still there.

    `saved`: the act just done. A step (asked for by the script) gets only what has changed.
    """
    at = clock.now()
    steps = reviewed.steps(reading, asked.order)
    mine, others = reviewed.seats(reading, request.user, at)
    asked = replace(asked, key=_where(asked, steps, mine))
    if asked.key not in (ADD, MANY):
        actions.sit_down(reading=reading, user=request.user, key=asked.key, at=at, decided=decided)
    context = {
        "reading": reading,
        "asked": asked,
        "home": reverse("plans:reading", args=[reading.pk]),
        "change": reverse("plans:change", args=[reading.pk]),
        "saved": saved,
        **panels.panel(reading, asked, steps, others, refused),
        **_bar(request, reading, asked, steps, mine, others),
    }
    if not request.htmx:
        return render(
            request, "plans/review.html", context | _whole(reading, asked, steps), status=status
        )
    answer = render(
        request, "plans/_step.html", context | _news(reading, asked, steps, saved), status=status
    )
    address = asked.address(reading)
    if asked.key == ADD:
        address = shown.review_address(reading, ADD, **asked.kept, doan=asked.block)
    return push_url(answer, address)


def _where(asked, steps, seat):
    """The item asked for; else where the person was; else the first nobody has looked at."""
    keys = {s.key: s for s in steps}
    if asked.key in keys or asked.key in (HEAD, ADD, MANY):
        return asked.key
    if seat and seat.key in keys:
        return (
            seat.key
            if not keys[seat.key].checked
            else reviewed.next_open(steps, seat.key) or seat.key
        )
    return reviewed.next_open(steps, "") or (steps[0].key if steps else HEAD)


def _bar(request, reading, asked, steps, mine, others):
    """The counts, who else is here, what can be taken back."""
    checked = sum(s.checked for s in steps)
    here = next((s for s in steps if s.key == asked.key), None)
    group = reviewed.of_group(steps, here.group) if here else []
    last = reviewed.last_change(reading)
    return {
        "checked": checked,
        "of": len(steps),
        "group_label": reviewed.group_label(here.group) if here else "",
        "group_checked": sum(s.checked for s in group),
        "group_of": len(group),
        "open_faults": reviewed.open_fault_count(reading),
        "to_undo": reviewed.to_undo(reading, request.user),
        "last_change": last,
        "minutes_left": reviewed.minutes_left(mine, len(steps) - checked),
        "minutes_spent": round(mine.seconds / 60) if mine else 0,
        "others": [
            {
                "name": o.user.full_name,
                "here": o.key == asked.key,
                "address": asked.address(reading, o.key),
            }
            for o in others
        ],
    }


def _whole(reading, asked, steps):
    """What only a whole page has: the document, the queue, the faults, the units to choose from."""
    rows = {r.key: r.item for r in reviewed.item_rows(reading)}
    faults = [r.item for r in reviewed.fault_rows(reading)]
    home, view = reverse("plans:reading", args=[reading.pk]), view_of(reading, asked)
    adds = shown.review_address(reading, ADD, **asked.kept)
    bound = reviewed.bound_with(reading)
    span = reviewed.pages_of(reading, bound)
    if view == PICTURES:
        document = drawing.pages(
            reading, rows.values(), span=span, current=asked.key, adds=adds,
            address=lambda item: asked.address(reading, item["id"]),
        )  # fmt: skip
    else:
        lit = shown.passages_of(rows.values(), faults, home, asked.key, **asked.kept)
        document = drawing.document(passages.laid_out(reading.blocks, lit), adds=adds)
    other_view = WORDS if view == PICTURES else PICTURES
    return {
        "document": document,
        "view": view,
        "has_pictures": bool(reading.sheets),
        "other_view": replace(asked, view=other_view).address(reading),
        "queue": panels.queue(reading, asked, steps, rows),
        "orders": [
            (value, label, replace(asked, order=value).address(reading))
            for value, label in panels.ORDER_LABELS
        ],
        "faults": faults,
        "bound": bound,
        "pages": span,
        "units": queries.Directory(clock.today()).units,
        "keys": panels.KEYS,
    }


def view_of(reading, asked):
    """Pictures of the pages where there are any, unless words are asked for."""
    return PICTURES if reading.sheets and asked.view != WORDS else WORDS


def _news(reading, asked, steps, saved):
    """What changed since this page was last told: signs, lines of the queue, words."""
    since = asked.since or (saved.change.pk - 1 if saved and saved.change else 0)
    if not since and not (saved and saved.change):
        return {"marks": "[]", "lines": [], "paragraphs": [], "overlays": "[]"}
    touched, worded, moved, blocks = {}, set(), set(), set()
    for done in reviewed.changes_since(reading, since):
        for patch in done.patches:
            names = set(patch["now"])
            touched[patch["key"]] = None
            if names - {"checked", "kept", "edited"}:
                worded.add(patch["key"])
            if names & {"place", "live"}:
                moved.add(patch["key"])
                for place in (patch["was"].get("place"), patch["now"].get("place")):
                    blocks |= {p["block"] for p in drawing.sheets.places_of(place)}
    rows = {r.key: r for r in reading.items.filter(key__in=list(touched))}
    order = [s.key for s in steps]
    lines = []
    for key in sorted(worded & set(order), key=order.index)[:20]:
        line = shown.line_of(
            rows[key].item, reverse("plans:reading", args=[reading.pk]), **asked.kept
        )
        at = order.index(key)
        lines.append(line | {"after": order[at - 1] if at else ""})
    return {
        "marks": json.dumps([[k, _sign(rows[k])] for k in touched if k in rows and k[:2] != "ss"]),
        "lines": lines,
        **_redrawn(reading, asked, [rows[k].item for k in moved if k in rows], blocks),
    }


def _sign(row):
    if not row.live:
        return "g"
    return "x" if not row.kept else "d" if row.checked else "o"


def _redrawn(reading, asked, moved, blocks):
    """The words of items whose place changed, drawn anew."""
    if not moved:
        return {"paragraphs": [], "overlays": "[]"}
    if view_of(reading, asked) == PICTURES:
        found = [
            [i["id"], page, path, asked.address(reading, i["id"])]
            for i in moved if i["live"] for page, path in drawing.overlay(reading, i)
        ]  # fmt: skip
        return {"paragraphs": [], "overlays": json.dumps(found)}
    for item in moved:
        blocks |= {p["block"] for p in drawing.sheets.places_of(item.get("place"))}
    some = [b for b in reading.blocks if b["index"] in blocks]
    items = [
        r.item for r in reviewed.item_rows(reading)
        if any(p["block"] in blocks for p in drawing.sheets.places_of(r.values.get("place")))
    ]  # fmt: skip
    faults = [r.item for r in reviewed.fault_rows(reading)]
    home = reverse("plans:reading", args=[reading.pk])
    lit = shown.passages_of(items, faults, home, asked.key, **asked.kept)
    by_block = {p.index: p for b in some for p in _drawn(b, lit)}
    adds = shown.review_address(reading, ADD, **asked.kept)
    drawn = [drawing.paragraph(p, adds, ' hx-swap-oob="true"') for p in by_block.values()]
    return {"paragraphs": drawn, "overlays": "[]"}


def _drawn(block, lit):
    """One block laid out on its own, as a paragraph wherever it stands."""
    here = [p for p in lit if p.block == block["index"]]
    alone = {k: v for k, v in block.items() if k != "cell"}
    return [d.paragraph for d in passages.laid_out([alone], here)]
