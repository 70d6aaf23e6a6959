"""What strikes the eye in returns that wait: changes, findings, what is held back and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from namro.web.frame.prepared import prepared
from namro.web.reporting.chain.models import Hold
from namro.web.reporting.form import entries
from namro.web.reporting.form.sheets import asked_for
from namro.web.reporting.models import Submission


def held_of(submissions: Iterable[int]) -> dict[int, Hold]:
    """Submission id → why it is held back, of those that are."""
    return {h.submission_id: h for h in _holds_on(list(submissions))}


@prepared
def _holds_on(submissions: list[int]) -> QuerySet[Hold]:
    rows = Hold.objects.filter(released_at=None, submission__in=submissions)
    return rows.select_related("by")


@dataclass(frozen=True)
class Judged:
    """A return with what strikes the eye: how many figures changed, what is to be asked."""

    submission: Submission
    figures: int
    filled: int
    changed: int
    findings: list[str]
    widest: str  # the widest change, as a sentence
    held: str = ""  # why it is held back; "": it is not
    asked: list[entries.Asked] = field(default_factory=list)  # the rows of its form
    checked: entries.Checked = field(default_factory=entries.Checked)

    @property
    def is_sound(self) -> bool:
        """Nothing is to be asked, and nobody holds it back."""
        return not self.findings and not self.held


def judge(submissions: Iterable[Submission]) -> list[Judged]:
    """Differences from the last period and findings, for a whole queue in a few queries."""
    rows = list(submissions)
    asked = asked_for([s.duty for s in rows])
    held = held_of(s.pk for s in rows)
    return [_judged(s, asked[s.duty_id], held.get(s.pk)) for s in rows]


def _judged(submission: Submission, asked: list[entries.Asked], held: Hold | None) -> Judged:
    checked = entries.check(submission.values, asked)
    changes = entries.changes(submission.values, asked)
    numbers = {a.element.slug: n for n, a in enumerate(asked, start=1)}
    findings = [
        f"Dòng {numbers[slug]}: {message}"
        for slug, messages in [*checked.errors.items(), *checked.questions.items()]
        for message in messages
    ]
    if submission.version > 1 and not submission.note:
        findings.append("Bản báo cáo lại không có thuyết minh.")
    filled = sum(entries.value_of(submission.values.get(s)) is not None for s in numbers)
    widest = entries.widest(changes)
    why = held.reason if held else ""
    return Judged(
        submission, len(asked), filled, len(changes), findings, widest, why, asked, checked
    )
