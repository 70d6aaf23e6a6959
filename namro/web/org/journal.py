"""The journal: one line for each thing done, chained by hash so that a missing line shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import models

from namro.web.org.models import JournalEntry, User


def record(
    by: User | None,
    verb: str,
    thing: models.Model,
    *,
    at: datetime,
    summary: str,
    unit_code: str = "",
    **details: Any,
) -> JournalEntry:
    """Write one line, in the caller's transaction. `verb` is "room.verb", `summary` Vietnamese."""
    last = JournalEntry.objects.order_by("-pk").values_list("chain", flat=True).first() or ""
    entry = JournalEntry(
        at=at,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "Hệ thống",
        unit_code=unit_code,
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=str(thing.pk),
        summary=summary[:300],
        details=json.loads(json.dumps(details, default=str, ensure_ascii=False)),
        address=getattr(by, "address", "") if by else "",
    )
    entry.chain = link(last, entry)
    entry.save(force_insert=True)
    return entry


def link(before: str, entry: JournalEntry) -> str:
    """The SHA-256 that ties an entry to the one before it."""
    body = [before, entry.at.isoformat(), entry.by_id, entry.by_name, entry.unit_code, entry.verb]
    body += [entry.thing, entry.thing_id, entry.summary, entry.details]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break() -> int | None:
    """The id of the first entry that does not fit the one before it; None when the chain holds."""
    before = ""
    for entry in JournalEntry.objects.order_by("pk").iterator():
        if link(before, entry) != entry.chain:
            return entry.pk
        before = entry.chain
    return None
