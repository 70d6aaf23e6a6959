"""Reads: comparisons in sight, and what a reading may be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from namro.vietnamese import fold
from namro.web.org.models import User
from namro.web.org.queries import may
from namro.web.org.rules import Verb
from namro.web.plans.comparing.models import Comparison, Ruling
from namro.web.plans.comparing.table import ComparingState
from namro.web.plans.models import Reading
from namro.web.plans.queries import heads_of, plans_for, readings_for
from namro.web.plans.rules import ReadingState

READ = (ReadingState.READ, ReadingState.CONFIRMED)


def readings_seen(viewer: User, on: date) -> QuerySet[Reading]:
    """Readings a person may look into: those they receive, and those of plans in sight."""
    plans = plans_for(viewer, on).order_by().values("reading_id")
    own = readings_for(viewer, on).order_by().values("pk")
    rows = Reading.objects.filter(Q(pk__in=own) | Q(pk__in=plans))
    return rows.defer("found", "blocks", "boxes").select_related("document__unit", "plan")


def reading_seen(viewer: User, reading_id: int, on: date) -> Reading | None:
    """One of them, when it has been read."""
    return readings_seen(viewer, on).filter(pk=reading_id, state__in=READ).first()


def comparisons_for(viewer: User, on: date) -> QuerySet[Comparison]:
    """The comparisons of which a person may see both sides. Newest first."""
    seen = readings_seen(viewer, on).order_by().values("pk")
    rows = Comparison.objects.filter(old__in=seen, new__in=seen).defer("found")
    sides = [f"{side}__{what}" for side in ("old", "new") for what in ("document__unit", "plan")]
    heavy = [f"{side}__{what}" for side in ("old", "new") for what in ("found", "blocks", "boxes")]
    return rows.select_related(*sides, "asked_by").defer("found", *heavy).order_by("-pk")


def comparison_for(viewer: User, comparison_id: int, on: date) -> Comparison | None:
    """One comparison with its lines, when the person may see both sides."""
    found = comparisons_for(viewer, on).filter(pk=comparison_id).first()
    if found:
        found.refresh_from_db(fields=["found"])
    return found


def waiting_for(reading_id: int) -> list[int]:
    """The comparisons that could not begin before a reading was done."""
    side = Q(old=reading_id) | Q(new=reading_id)
    rows = Comparison.objects.filter(side, state=ComparingState.QUEUED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def may_rule(viewer: User, comparison: Comparison, on: date) -> bool:
    """Whether a person may say how the lines stand: who receives documents of the plan's unit."""
    return may(viewer, Verb.RECEIVE_DOCUMENT, comparison.new.document.unit, on=on)


def open_rulings(comparison: Comparison) -> dict[str, Ruling]:
    """line key → the ruling in force."""
    rows = comparison.rulings.filter(undone_at__isnull=True).select_related("by")
    return {r.line: r for r in rows}


@dataclass(frozen=True)
class Choice:
    """A reading to compare with. `cited`: the other document names it, so it is its superior's."""

    reading: Reading
    title: str
    number: str
    date: str
    cited: bool
    alike: bool


def choices_for(viewer: User, reading: Reading, on: date) -> list[Choice]:
    """What a reading may be compared with: documents it cites first, then those like it."""
    rows = readings_seen(viewer, on).filter(state__in=READ).exclude(pk=reading.pk)
    documents = heads_of([reading.pk, *rows.order_by().values_list("pk", flat=True)])
    own = documents.get(reading.pk) or {}
    cites = {fold(c).replace(" ", "") for c in own.get("cites") or ()}
    found = [_choice(r, documents.get(r.pk) or {}, own, cites) for r in rows.order_by("-pk")[:200]]
    return sorted(found, key=lambda c: (not c.cited, not c.alike))


def _choice(reading: Reading, head: dict, own: dict, cites: set[str]) -> Choice:
    number = head.get("number") or ""
    title = " ".join((head.get("title") or reading.document.file_name).split())
    mine = set(fold(own.get("title") or "").split())
    shared = len(mine & set(fold(title).split())) / max(1, len(mine))
    cited = bool(number) and fold(number).replace(" ", "") in cites
    return Choice(reading, title, number, head.get("date") or "", cited, shared > 0.7)
