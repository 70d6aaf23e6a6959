"""The rows of a return as a page draws them: what is asked, what stands, what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from namro.vietnamese import format_number
from namro.web.reporting.chain.few import KEPT_BACK
from namro.web.reporting.form import choosing, entries, merging
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.form.known_values import known_of
from namro.web.reporting.form.merging import Part
from namro.web.reporting.models import CellEntry, Duty, Evidence, Submission

VALUE, NOTE, FILE, LINK = "v-", "n-", "f-", "l-"  # how the fields of the form are named


@dataclass(frozen=True)
class Choice:
    """One of the words that stand in a cell, as a page offers it."""

    pk: int
    text: str
    told: str
    shown: bool


@dataclass(frozen=True)
class Conflict:
    """A cell in which a person must choose."""

    name: str
    what: str  # "số" or "nội dung"
    address: str
    choices: list[Choice]

    @property
    def most(self) -> int:
        """Signs that a third word may have."""
        if self.name == "note":
            return entries.MOST["general"]
        return entries.MOST["note" if self.name.startswith(NOTE) else "value"]

    @property
    def seen(self) -> str:
        return ",".join(str(c.pk) for c in self.choices)


def conflict_of(duty: Duty, name: str, standing: list[CellEntry]) -> Conflict:
    """The entries that stand in one cell, drawn as a choice."""
    what = "nội dung" if standing[0].part == Part.NOTE else "số"
    choices = [
        Choice(e.pk, choosing.written(duty, e), choosing.told_by(e), not e.aside) for e in standing
    ]
    return Conflict(name, what, reverse("reporting:choose", args=[duty.pk]), choices)


@dataclass
class FormRow:
    """One row of the sheet."""

    number: int
    asked: entries.Asked
    text: str = ""
    note: str = ""
    cell: str = ""
    remark: str = ""
    theirs: str | None = None
    errors: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    change: entries.Change | None = None
    base: int = 0  # the version of the figure shown, and of the note
    note_base: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    known: str = ""  # where the figure came from that stands here though nobody typed it
    in_place: str = ""  # who brought it in on the unit's behalf, when, from which cell of a file
    fresh: str = ""  # who has just changed what the person is about to hand in

    @property
    def element(self):
        return self.asked.element

    @property
    def previous(self) -> str:
        return entries.written(self.asked.previous, self.element.kind)

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen; empty where a number or a day is typed."""
        return self.asked.row.choices

    @property
    def hint(self) -> str:
        """What to type here, for the field's title."""
        if self.element.kind == "date":
            return "Ghi ngày theo mẫu 03/9/2025"
        digits = self.element.digits
        return f"Số có nhiều nhất {digits} chữ số sau dấu phẩy" if digits else "Số nguyên"

    @property
    def change_text(self) -> str:
        """The change against the last period: "+4 (+14%)"; "" where there is none."""
        if not self.change:
            return ""
        if self.element.kind == "date":
            return "đổi ngày"
        if self.element.kind == "mark":
            return "đổi mức độ"
        difference = self.change.now - self.change.before
        sign = "+" if difference > 0 else "−"
        text = f"{sign}{format_number(abs(difference))}"
        if self.change.percent is None:
            return text
        return f"{text} ({sign}{format_number(abs(self.change.percent), 0)}%)"

    @property
    def jumped(self) -> bool:
        return bool(self.questions) and self.change is not None


def rows_of(
    asked: list[entries.Asked],
    submission: Submission | None,
    checked: entries.Checked | None = None,
    remarks: Mapping[str, str] | None = None,
    proofs: Mapping[str, list[Evidence]] | None = None,
) -> list[FormRow]:
    """The rows of one version (None: nothing filled in yet). `proofs`: see `proofs_of`; None where
    the page shows none."""
    values = submission.values if submission else {}
    proofs = proofs or {}
    changed = entries.changes(values, asked)
    found = []
    for number, one in enumerate(asked, start=1):
        slug = one.element.slug
        entry = values.get(slug) or {}
        found.append(
            FormRow(
                number,
                one,
                text=entries.shown(entry, one.element.kind),
                note=entry.get("note") or "",
                cell=entry.get("cell") or "",
                remark=(remarks or {}).get(slug, ""),
                errors=checked.errors.get(slug, []) if checked else [],
                questions=checked.questions.get(slug, []) if checked else [],
                evidence=proofs.get(slug, []),
                change=changed.get(slug),
            )
        )
    return found


def kept_from(rows: list[FormRow], few: Collection[str]) -> dict[str, Any]:
    """Of a page on a return, what is shown instead to who may not see its few (`few.Sight`): such
    rows without what is said of them, nothing that speaks of the whole return."""
    if not few:
        return {}
    for row in rows:
        row.errors, row.questions = [], []  # they name figures of other rows, too
        if row.element.slug in few:
            row.asked = replace(row.asked, previous=None, previous_period="")
            row.text, row.note, row.cell, row.remark, row.change = KEPT_BACK, "", "", "", None
            row.evidence = []
    return {"rows": rows, "few": True, "note": "", "proofs": []}


def with_versions(rows: list[FormRow], duty: Duty, cells: Cells, seen: int = 0) -> list[FormRow]:
    """The rows with the version of each cell, and what waits there for a choice.

    What is newer than `seen` (0: all is known) is marked as fresh.
    """
    conflicts = choosing.conflicts_of(duty, cells)
    for row in rows:
        slug = row.element.slug
        value = cells.shown.get((slug, Part.VALUE.value))
        note = cells.shown.get((slug, Part.NOTE.value))
        row.base, row.note_base = (e.pk if e else 0 for e in (value, note))
        names = (merging.field_name((slug, part.value)) for part in Part)
        row.conflicts = [conflict_of(duty, n, conflicts[n]) for n in names if n in conflicts]
        newest = max((e for e in (value, note) if e), key=lambda e: e.pk, default=None)
        if value and value.origin == merging.Origin.FOR_UNIT:
            row.in_place = choosing.told_by(value)
        if seen and newest and newest.pk > seen:
            row.fresh = choosing.told_by(newest)
    return rows


def with_known(rows: list[FormRow], duty: Duty) -> list[FormRow]:
    """The rows nobody has filled in, with what the site knows already."""
    blank = [row for row in rows if not row.text and not row.base]
    known = known_of(duty) if blank else {}
    for row in blank:
        if told := known.get(row.element.slug):
            row.text, row.known = entries.written(told.value, row.element.kind), told.told
    return rows


def versions_of(duty: Duty, cells: Cells) -> dict[str, Any]:
    """Of an open form: the newest version of any cell, that of the return's general note (0: none
    yet), and what waits there for a choice."""
    shown = cells.shown.get(("", Part.NOTE.value))
    standing = choosing.conflicts_of(duty, cells).get("note")
    return {
        "seen": cells.newest, "note_base": shown.pk if shown else 0,
        "note_conflict": conflict_of(duty, "note", standing) if standing else None,
    }  # fmt: skip


def proofs_of(submission: Submission | None) -> Mapping[str, list[Evidence]]:
    """Element → its evidence, in the order in which it came; "": that of the whole return."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for proof in submission.evidence.order_by("pk") if submission else ():
        found[proof.element].append(proof)
    return found


def posted(post: Mapping[str, Any], asked: list[entries.Asked]) -> dict[str, dict[str, str]]:
    """The values and notes of a posted form; elements not posted are left out."""
    found = {}
    for one in asked:
        slug = one.element.slug
        if VALUE + slug in post:
            found[slug] = {"value": post[VALUE + slug], "note": post.get(NOTE + slug, "")}
    return found


def as_typed(rows: list[FormRow], values: Mapping[str, Mapping[str, str]]) -> list[FormRow]:
    """The rows with what the person typed; what stands in the database beside where it differs."""
    for row in rows:
        mine = values.get(row.element.slug)
        if mine is None:
            continue
        typed = entries.make_entry(mine["value"], row.asked)
        if entries.shown(typed, row.element.kind) != row.text:
            row.theirs = row.text or "để trống"
        row.text, row.note = mine["value"], mine["note"]
    return rows
