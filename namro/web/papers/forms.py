"""What a person sends from the preparing page → values. Errors are FaultyPaper, in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.frame.clock import through_minute
from namro.web.frame.days import read_day, read_moment, write_moment
from namro.web.papers import rules
from namro.web.papers.actions import Wanted, usual_words
from namro.web.papers.defaults import form_for, head_for
from namro.web.papers.rules import HEAD_LABELS, WORDS, FaultyPaper, Head
from namro.web.plans.models import Plan

_TEXTS = tuple(k for k in HEAD_LABELS if k != "recipients")


@dataclass(frozen=True)
class Sent:
    """A form as sent, checked. `fields` is what a draft keeps: the texts as they were typed."""

    fields: dict[str, Any]
    wanted: Wanted
    as_of: datetime


def usual_fields(plan: Plan, unit, period: Period, form: str, now: datetime) -> dict[str, Any]:
    """What the page shows before anyone wrote anything."""
    today = timezone.localtime(now).date()
    chosen = rules.form_of(form or form_for(unit))
    head = head_for(plan, unit, chosen, period, today)
    return {
        "form": chosen,
        "number": "",
        "issued_on": format_date(today),
        "as_of": write_moment(now),
        **{key: getattr(head, key) for key in _TEXTS},
        "recipients": "\n".join(head.recipients),
        **{f"words_{key}": text for key, text in usual_words(plan, unit, period).items()},
    }


def fields_of(post: Mapping[str, str]) -> dict[str, Any]:
    """The texts as typed, nothing judged yet, so that nothing typed is ever lost."""
    keys = ("form", "number", "issued_on", "as_of", *HEAD_LABELS, *(f"words_{k}" for k in WORDS))
    return {key: post.get(key, "").replace("\r\n", "\n")[:20_000] for key in keys}


def checked(fields: dict[str, Any], at: datetime) -> Sent:
    """The fields as values. Raises FaultyPaper for the first thing to mend."""
    as_of = _moment(fields["as_of"], at)
    issued_on = _day(fields["issued_on"])
    rules.check_days(
        issued_on, as_of, timezone.localtime(as_of).date(), at, timezone.localtime(at).date()
    )
    head = Head(
        **{key: fields[key].strip() for key in _TEXTS},
        recipients=tuple(r.strip(" -;.") for r in fields["recipients"].splitlines() if r.strip()),
    )
    words = {key: fields[f"words_{key}"] for key in WORDS}
    number = rules.tidy_number(fields["number"])
    wanted = Wanted(rules.form_of(fields["form"]), head, words, number, issued_on)
    return Sent(fields, wanted, as_of)


def _moment(text: str, at: datetime) -> datetime:
    try:
        return through_minute(read_moment(text), at)
    except ValueError as why:
        raise FaultyPaper(
            "Thời điểm chốt số liệu không đúng. Hãy ghi giờ và ngày theo mẫu 16:00 20/9/2025."
        ) from why


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError as why:
        raise FaultyPaper("Ngày ban hành không đúng. Hãy ghi theo mẫu 20/9/2025.") from why
