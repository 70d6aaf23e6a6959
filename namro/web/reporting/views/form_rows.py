"""The rows of a return as a page draws them: what is asked, what stands, what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from namro.vietnamese import format_number
from namro.web.reporting import entries
from namro.web.reporting.models import Evidence, Submission

VALUE, NOTE, FILE = "v-", "n-", "f-"  # how the fields of the form are named


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

    @property
    def element(self):
        return self.asked.element

    @property
    def previous(self) -> str:
        return entries.written(self.asked.previous, self.element.kind)

    @property
    def least(self) -> str:
        """The least value as the browser checks it; "" for a date."""
        if self.element.kind != "number":
            return ""
        return f"{self.element.minimum if self.element.minimum is not None else Decimal(0):f}"

    @property
    def most(self) -> str:
        has = self.element.maximum is not None and self.element.kind == "number"
        return f"{self.element.maximum:f}" if has else ""

    @property
    def previous_value(self) -> str:
        """The last period's number as the browser compares it; "" for dates and where unknown."""
        if self.asked.previous is None or self.element.kind != "number":
            return ""
        return f"{self.asked.previous:f}"

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
) -> list[FormRow]:
    """The rows of one version (None: nothing filled in yet)."""
    values = submission.values if submission else {}
    proofs = _proofs(submission)
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
                evidence=proofs[slug],
                change=changed.get(slug),
            )
        )
    return found


def general_proofs(submission: Submission | None) -> list[Evidence]:
    """Evidence for the whole return."""
    return _proofs(submission)[""]


def _proofs(submission: Submission | None) -> dict[str, list[Evidence]]:
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
