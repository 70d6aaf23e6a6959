"""Reads of the review: what is left, in which order, where a person was, who else is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from namro.web.org.models import User
from namro.web.plans.models import Reading, ReviewChange, Reviewer, ReviewItem
from namro.web.plans.rules import ItemKind, section_name

ORDERS = ("", "document", "muc")
PRESENT = timedelta(minutes=3)  # a person not heard of for longer is not called present
_TO_REVIEW = (ItemKind.TARGET.value, ItemKind.TASK.value)


@dataclass(frozen=True)
class Step:
    """One target or task in the queue, as far as the order and the counts need it."""

    key: str
    checked: bool
    kept: bool
    sure: float
    position: int
    section: str
    table: int | None
    version: int
    pk: int

    @property
    def group(self) -> str:
        """The table or section it belongs to: "bang:2", "muc:III.4"."""
        return f"bang:{self.table}" if self.table is not None else f"muc:{self.section}"


_COLUMNS = (
    *("key", "checked", "kept", "sure", "position"),
    *("section", "values__table", "version", "pk"),
)


def steps(reading: Reading, order: str = "") -> list[Step]:
    """The targets and tasks: least certain first, or with `order` "document" as in the document,
    with "muc" by table and section. One query.

    The order does not move while one works: it rests on what the reading said, not on the ticks.
    """
    rows = reading.items.filter(live=True, kind__in=_TO_REVIEW).values_list(*_COLUMNS)
    found = sorted((Step(*row) for row in rows), key=lambda s: (s.position, s.pk))
    if order == "document":
        return found
    if order == "muc":
        first: dict[str, int] = {}
        for at, step in enumerate(found):
            first.setdefault(step.group, at)
        return sorted(found, key=lambda s: first[s.group])
    return sorted(found, key=lambda s: s.sure)


def groups_of(step: Step) -> list[str]:
    """What may be accepted together with an item: its table, its section, those above, all."""
    found = [] if step.table is None else [f"bang:{step.table}"]
    parts = step.section.split(".") if step.section else []
    found += ["muc:" + ".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return [*found, "tat-ca"]


def of_group(found: Iterable[Step], group: str) -> list[Step]:
    """The steps within a table, a section with all below it, or all."""
    kind, _, name = group.partition(":")
    if kind == "bang":
        return [s for s in found if s.group == group]
    if kind == "muc" and name:
        return [s for s in found if s.section == name or s.section.startswith(f"{name}.")]
    return list(found) if group == "tat-ca" else [s for s in found if s.group == group]


def group_label(group: str) -> str:
    """A group as it is called: "Bảng 2", "Mục III.4"."""
    kind, _, name = group.partition(":")
    if kind == "bang":
        return f"Bảng {int(name) + 1}"
    if group == "tat-ca":
        return "Toàn văn bản"
    return f"Mục {section_name(name)}" if name else "Ngoài các mục"


def next_open(found: Sequence[Step], key: str) -> str:
    """The next item nobody has looked at, after one in the queue; "" when none is left."""
    keys = [s.key for s in found]
    at = keys.index(key) + 1 if key in keys else 0
    return next((s.key for s in [*found[at:], *found[:at]] if not s.checked), "")


def item_rows(reading: Reading, keys: Iterable[str] | None = None) -> list[ReviewItem]:
    """The targets and tasks with all their fields, in document order."""
    rows = reading.items.filter(live=True, kind__in=_TO_REVIEW).order_by("position", "pk")
    return list(rows if keys is None else rows.filter(key__in=list(keys)))


def fault_rows(reading: Reading) -> list[ReviewItem]:
    """The faults found in the document, those still open first."""
    rows = reading.items.filter(kind=ItemKind.FAULT.value).order_by("position", "pk")
    return sorted(rows, key=lambda r: bool(r.values.get("settled")))


def bound_with(reading: Reading) -> list[dict[str, Any]]:
    """The documents of a file that holds several, in order (`order`, `kind`, `number`, `pages`);
    [] where it holds one. `reading`: the id of the one's own reading, None where there is none."""
    rows = Reading.objects.filter(pk=reading.pk)  # the list alone: what was found is megabytes
    found = rows.values_list("found__documents", flat=True).first() or []
    if len(found) < 2:
        return []
    own = Reading.objects.filter(document=reading.document_id)
    readings = dict(own.values_list("document_order", "pk"))
    return [{**one, "reading": readings.get(one["order"])} for one in found]


def pages_of(reading: Reading, bound: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """First and last page of the document under review, where its file may hold others."""
    for one in bound:
        if one["order"] == reading.document_order:
            return one["pages"][0], one["pages"][1]
    return 1, len(reading.sheets)


def row(reading: Reading, key: str) -> ReviewItem | None:
    """One thing under review, also one that is no longer there on its own."""
    return reading.items.filter(key=key).first()


def open_fault_count(reading: Reading) -> int:
    """How many faults nobody has settled."""
    return reading.items.filter(kind=ItemKind.FAULT.value, values__settled=False).count()


def changes_since(reading: Reading, pk: int) -> list[ReviewChange]:
    """What anybody did after an act, oldest first."""
    return list(reading.changes.filter(pk__gt=pk).select_related("by").order_by("pk")[:200])


def last_change(reading: Reading) -> ReviewChange | None:
    """The newest act of anybody."""
    return reading.changes.select_related("by").order_by("-pk").first()


def to_undo(reading: Reading, by: User) -> ReviewChange | None:
    """The act of this person that would be taken back next."""
    own = reading.changes.filter(by=by, undoes__isnull=True, undone_by__isnull=True)
    return own.order_by("-pk").first()


def seats(reading: Reading, user: User, at: datetime) -> tuple[Reviewer | None, list[Reviewer]]:
    """(this person's place in the review, the others who are there now)."""
    rows = list(reading.reviewers.select_related("user").order_by("user__full_name"))
    mine = next((r for r in rows if r.user_id == user.pk), None)
    return mine, [r for r in rows if r.user_id != user.pk and r.seen_at > at - PRESENT]


def minutes_left(seat: Reviewer | None, left: int) -> int | None:
    """A modest guess from the person's own pace; None until ten items have shown one."""
    if seat is None or seat.decided < 10 or not left:
        return None
    return max(1, round(seat.seconds / seat.decided * left / 60))
