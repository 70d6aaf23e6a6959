"""The document a plan was read from, its sentences one click from what they became."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from namro.vietnamese import capitalised
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.plans import passages, queries, reviewed
from namro.web.plans.views import drawing


@require_GET
def source(request, plan_id):
    """?block=&start=&end= lights the words asked for."""
    on = clock.today()
    allow(request.user, Verb.SEE_PLAN, on=on)
    plan = queries.plans_for(request.user, on).filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    asked = _asked(request)
    things = [
        *((t, "results:target", "Chỉ tiêu") for t in queries.targets_of(plan)),
        *((t, "reporting:task", "Nhiệm vụ") for t in queries.tasks_of(plan)),
    ]
    lit = [_passage(thing, name, kind, asked) for thing, name, kind in things]
    if asked and not any(p and p.current for p in lit):
        lit.append(passages.passage_of(asked, key="", current=True))
    may_read = may(request.user, Verb.RECEIVE_DOCUMENT, plan.reading.document.unit, on=on)
    context = {
        "plan": plan,
        "reading": plan.reading,
        "bound": reviewed.bound_with(plan.reading) if may_read else [],
        "document": drawing.document(
            passages.laid_out(queries.source(plan), [p for p in lit if p])
        ),
        "things": [
            {
                "kind": kind,
                "code": t.code,
                "words": capitalised(t.subject if kind == "Chỉ tiêu" else t.title),
                "passage": p,
            }
            for (t, _, kind), p in zip(things, lit, strict=False)
        ],
        "asked": asked,
        "faults": queries.open_faults(plan),
        "may_read": may_read,
    }
    return render(request, "plans/source.html", context)


def _asked(request):
    """The place asked for; None unless all three are numbers."""
    given = {name: whole(request.GET.get(name), -1) for name in ("block", "start", "end")}
    return given if all(0 <= v < 10**7 for v in given.values()) else None


def _passage(thing, name, kind, asked):
    place = thing.place or {}
    here = bool(asked) and all(place.get(k) == asked[k] for k in ("block", "start", "end"))
    return passages.passage_of(
        thing.place,
        key=f"{'ct' if kind == 'Chỉ tiêu' else 'nv'}-{thing.pk}",
        label=f"{kind} {thing.code}",
        address=reverse(name, args=[thing.pk]),
        current=here,
    )
