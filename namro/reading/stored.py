"""A plan that was read before, back from its JSON (`namro-plan/1`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from namro.reading.plan import (
    FORMAT,
    Cited,
    Mention,
    ReadDocument,
    ReadPlan,
    ReadSection,
    ReadTarget,
    ReadTask,
    ReadWith,
)
from namro.terms import Comparator, Deadline, Fault, Place

__all__ = ["NotAPlan", "plan_of"]


class NotAPlan(ValueError):
    """The data is no plan of `namro-plan/1`; the message is Vietnamese and says what is wrong."""


def plan_of(data: Any, file: str = "") -> ReadPlan:
    """The plan in data as `ReadPlan.as_json` gives it; words of the pages are not part of that.

    `file` names it where the data does not. Raises NotAPlan.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise NotAPlan(f"dữ liệu không phải là kế hoạch đã đọc (cần định dạng {FORMAT}).")
    try:
        return _plan(data, file)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as why:
        raise NotAPlan(f"dữ liệu kế hoạch đã đọc thiếu hoặc sai ({why}).") from why


def _plan(data: Mapping[str, Any], file: str) -> ReadPlan:
    targets = tuple(_target(t) for t in data["targets"])
    tasks = tuple(_task(t) for t in data["tasks"])
    places = [*(t.place for t in targets), *(t.place for t in tasks)]
    first = places[0].file if places else file
    by = data.get("read_with") or {}
    return ReadPlan(
        file=file or first,
        document=_document(data.get("document") or {}, file or first),
        sections=tuple(
            ReadSection(s["id"], s["number"], s["title"], s["level"], _place(s["place"]))
            for s in data.get("sections") or ()
        ),
        targets=targets,
        tasks=tasks,
        faults=tuple(
            Fault(f["code"], f["message"], f.get("suggestion"), _maybe(f.get("place")), f["quote"])
            for f in data.get("faults") or ()
        ),
        blocks=(),
        read_with=ReadWith(
            by.get("namro", ""), by.get("engine", ""), by.get("seconds", 0.0),
            by.get("pages", 0), by.get("ocr_pages", 0),
        ),
    )  # fmt: skip


def _place(data: Mapping[str, Any] | None) -> Place:
    given = dict(data or {})
    box = given.get("box")
    return Place(
        str(given.get("file") or ""),
        given.get("page"),
        given.get("block"),
        given.get("start"),
        given.get("end"),
        (box[0], box[1], box[2], box[3]) if box else None,
    )


def _maybe(data: Mapping[str, Any] | None) -> Place | None:
    return _place(data) if data else None


def _number(value: Any) -> Decimal | None:
    """A JSON number, or the text a reviewed draft keeps, exactly."""
    return None if value in (None, "") else Decimal(str(value))


def _dated(iso: Any) -> str | None:
    """An ISO day, month, year or "ongoing"; ValueError for what is none."""
    if iso in (None, ""):
        return None
    Deadline(str(iso)).last_day  # noqa: B018 - raises where there is no such day
    return str(iso)


def _document(head: Mapping[str, Any], file: str) -> ReadDocument:
    return ReadDocument(
        kind=head.get("kind"),
        number=head.get("number"),
        date=head.get("date"),
        issuer=head.get("issuer"),
        title=head.get("title"),
        signer_role=head.get("signer_role"),
        cites=tuple(Cited(number, Place(file)) for number in head.get("cites") or ()),
        recipients=tuple(head.get("recipients") or ()),
        valid_from=head.get("valid_from"),
        valid_to=head.get("valid_to"),
        secrecy=head.get("secrecy"),
        urgency=head.get("urgency"),
    )


def _target(data: Mapping[str, Any]) -> ReadTarget:
    return ReadTarget(
        quote=str(data["quote"]),
        place=_place(data.get("place")),
        section=data.get("section"),
        subject=str(data["subject"]),
        comparator=Comparator(data["comparator"]),
        value=_number(data.get("value")),
        value_high=_number(data.get("value_high")),
        unit=data.get("unit") or None,
        deadline=_dated(data.get("deadline")),
        deadline_from=data.get("deadline_from"),
        scope=data.get("scope") or None,
        soft=bool(data.get("soft")),
        baseline=_number(data.get("baseline")),
        inner=data.get("inner"),
        monitor=data.get("monitor"),
        confidence=dict(data.get("confidence") or {}),
    )


def _task(data: Mapping[str, Any]) -> ReadTask:
    return ReadTask(
        quote=str(data["quote"]),
        place=_place(data.get("place")),
        section=data.get("section"),
        title=str(data["title"]),
        lead=tuple(Mention(text) for text in data.get("lead") or ()),
        cooperate=tuple(Mention(text) for text in data.get("cooperate") or ()),
        deadline=data.get("deadline"),
        deadline_iso=_dated(data.get("deadline_iso")),
        deadline_from=data.get("deadline_from"),
        product=data.get("product"),
        manner=data.get("manner"),
        confidence=dict(data.get("confidence") or {}),
    )
