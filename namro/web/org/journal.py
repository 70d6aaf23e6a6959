"""The journal: one line for each thing done, chained by hash so that a missing line shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from namro.web.frame import clock
from namro.web.frame.rows import insert_rows
from namro.web.org.models import JournalEntry, User
from namro.web.org.queries import home_unit

_LOCK = 0x6E616D726F  # any number of our own, the same in every process


@transaction.atomic(savepoint=False)
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
    """Write one line, in the caller's transaction. `verb` is "room.verb", `summary` Vietnamese.

    `unit_code`: whose scope the line belongs to; left out, the unit `by` works in.
    """
    [entry] = record_all(by, [Line(verb, thing, summary, unit_code, details)], at=at)
    return entry


@dataclass(frozen=True)
class Line:
    """What one line tells; see `record`."""

    verb: str
    thing: models.Model
    summary: str
    unit_code: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def record_all(by: User | None, lines: Sequence[Line], *, at: datetime) -> list[JournalEntry]:
    """Write several lines in their order, each chained to the one before; the turn is taken once.

    Gives what was written, as `record` does of one line.
    """
    if not lines:
        return []
    last, written = _last_in_turn(), []
    for line in lines:
        entry = _entry(by, line, at)
        last = entry.chain = link(last, entry)
        written.append(entry)
    insert_rows(written)
    return written


def _entry(by: User | None, line: Line, at: datetime) -> JournalEntry:
    return JournalEntry(
        at=at,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "Hệ thống",
        unit_code=line.unit_code or _unit_code_of(by, at),
        verb=line.verb,
        thing=line.thing._meta.label_lower,
        thing_id=str(line.thing.pk),
        summary=line.summary[:300],
        details=json.loads(json.dumps(line.details, default=str, ensure_ascii=False)),
        address=getattr(by, "address", "") if by else "",
    )


_LAST = "SELECT chain FROM org_journalentry ORDER BY id DESC LIMIT 1"
_TURN = f"SELECT pg_advisory_xact_lock({_LOCK})"


def _last_in_turn() -> str:
    """The chain so far. One writer at a time, until its transaction ends: else two lines would
    follow the same one.

    On SQLite the transaction itself (BEGIN IMMEDIATE) is that turn. On PostgreSQL both statements
    are sent at once; the second sees what was committed until the turn had come.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{_TURN}; {_LAST}")
            cursor.nextset()
        else:
            cursor.execute(_LAST)
        row = cursor.fetchone()
    return row[0] if row else ""


def _unit_code_of(by: User | None, at: datetime) -> str:
    unit = home_unit(by, clock.day_of(at)) if by else None
    return unit.code if unit else ""


def link(before: str, entry: JournalEntry) -> str:
    """The SHA-256 that ties an entry to the one before it; every column but the key is in it."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    body = [before, moment, entry.by_id, entry.by_name, entry.unit_code, entry.verb, entry.thing]
    body += [entry.thing_id, entry.summary, entry.details, entry.address]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(newest: int | None = None) -> int | None:
    """The id of the first entry that does not fit the one before it; None when the chain holds.

    `newest`: look at that many of the last entries only.
    """
    entries = JournalEntry.objects.order_by("pk")
    before = ""
    if newest is not None:
        keys = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)
        oldest = keys[newest : newest + 1].first()
        if oldest is not None:
            before = entries.values_list("chain", flat=True).get(pk=oldest)
            entries = entries.filter(pk__gt=oldest)
    for entry in entries.iterator():
        if link(before, entry) != entry.chain:
            return entry.pk
        before = entry.chain
    return None
