"""What was read: ReadPlan and its parts. Frozen values, each with its place in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from namro.reading.blocks import Block
from namro.terms import Comparator, Fault, Place

FORMAT = "namro-plan/1"


@dataclass(frozen=True)
class Mention:
    """A unit named in the text (đơn vị được nêu): as written, and the known unit it stands for.

    `inherited` says that a tail named later in the list was needed to tell which unit it is. `by`
    says how it was told: "exact", "alias", "abbreviation", "tail", "post" (its head is named),
    "successor" (the unit named no longer exists; `now` names what took over), "slip" (a letter or
    two differ); None where it was not.
    """

    text: str
    place: Place | None = None
    code: str | None = None
    inherited: bool = False
    by: str | None = None
    now: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cited:
    """Another document that is named (văn bản được viện dẫn): its number, and where first."""

    number: str
    place: Place
    kind: str | None = None


@dataclass(frozen=True)
class ReadDocument:
    """The head and the foot of the document; None where the document does not say."""

    kind: str | None = None
    number: str | None = None
    date: str | None = None
    issuer: str | None = None
    title: str | None = None
    signer_role: str | None = None
    cites: tuple[Cited, ...] = ()
    recipients: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    secrecy: str | None = None
    urgency: str | None = None
    bases: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadSection:
    """A heading of the outline (mục). `id` is its path, as "III.4"; `level` counts from 1."""

    id: str
    number: str
    title: str
    level: int
    place: Place


@dataclass(frozen=True)
class ReadTarget:
    """A target (chỉ tiêu): one for each pair of subject and value. `inner` holds a number that is
    a condition inside the sentence; `baseline` the level it starts from."""

    quote: str
    place: Place
    section: str | None
    subject: str
    comparator: Comparator
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str | None = None
    deadline: str | None = None
    deadline_from: str | None = None
    scope: str | None = None
    soft: bool = False
    baseline: Decimal | None = None
    inner: str | None = None
    monitor: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)
    value_place: Place | None = None


@dataclass(frozen=True)
class ReadTask:
    """A task (nhiệm vụ): its words, who leads (chủ trì), who takes part (phối hợp), by when."""

    quote: str
    place: Place
    section: str | None
    title: str
    lead: tuple[Mention, ...] = ()
    cooperate: tuple[Mention, ...] = ()
    deadline: str | None = None
    deadline_iso: str | None = None
    deadline_from: str | None = None
    product: str | None = None
    manner: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadWith:
    """How it was read."""

    namro: str
    engine: str
    seconds: float
    pages: int
    ocr_pages: int


@dataclass(frozen=True)
class BoundDocument:
    """One of several documents bound in one file (văn bản trong cùng tệp); `order` from 1."""

    order: int
    kind: str | None
    number: str | None
    title: str | None
    place: Place
    first_page: int
    last_page: int


@dataclass(frozen=True)
class ReadPlan:
    """Everything read from one document. `blocks` is the document itself, nothing lost.

    Where a file holds several documents, `documents` says which, and `document_order` which of
    them this is; the blocks of the others are not among `blocks`.
    """

    file: str
    document: ReadDocument
    sections: tuple[ReadSection, ...]
    targets: tuple[ReadTarget, ...]
    tasks: tuple[ReadTask, ...]
    faults: tuple[Fault, ...]
    blocks: tuple[Block, ...]
    read_with: ReadWith
    documents: tuple[BoundDocument, ...] = ()
    document_order: int = 1

    def as_json(self) -> dict[str, Any]:
        """The contract `namro-plan/1`: only plain values, ready for `json.dumps`."""
        return {
            "format": FORMAT,
            "document": _document(self.document),
            "document_order": self.document_order,
            "documents": [_bound(d) for d in self.documents],
            "sections": [
                {
                    "id": s.id,
                    "number": s.number,
                    "title": s.title,
                    "level": s.level,
                    "place": placed(s.place),
                }
                for s in self.sections
            ],
            "targets": [_target(t) for t in self.targets],
            "tasks": [_task(t) for t in self.tasks],
            "faults": [
                {
                    "code": f.code,
                    "place": placed(f.place),
                    "quote": f.quote,
                    "message": f.message,
                    "suggestion": f.suggestion,
                }
                for f in self.faults
            ],
            "read_with": {
                "namro": self.read_with.namro,
                "engine": self.read_with.engine,
                "seconds": self.read_with.seconds,
                "pages": self.read_with.pages,
                "ocr_pages": self.read_with.ocr_pages,
            },
        }


def placed(place: Place | None) -> dict[str, Any] | None:
    """A place as the contract writes it."""
    if place is None:
        return None
    found: dict[str, Any] = {
        "file": place.file,
        "page": place.page,
        "block": place.block,
        "start": place.start,
        "end": place.end,
    }
    if place.box:
        found["box"] = [round(x, 1) for x in place.box]
    if place.cell:
        found["cell"] = place.cell
    return found


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _document(head: ReadDocument) -> dict[str, Any]:
    return {
        "kind": head.kind,
        "number": head.number,
        "date": head.date,
        "issuer": head.issuer,
        "title": head.title,
        "signer_role": head.signer_role,
        "cites": [c.number for c in head.cites],
        "recipients": list(head.recipients),
        "valid_from": head.valid_from,
        "valid_to": head.valid_to,
        "secrecy": head.secrecy,
        "urgency": head.urgency,
        "bases": list(head.bases),
        "confidence": dict(head.confidence),
    }


def _bound(document: BoundDocument) -> dict[str, Any]:
    return {
        "order": document.order,
        "kind": document.kind,
        "number": document.number,
        "title": document.title,
        "place": placed(document.place),
        "pages": [document.first_page, document.last_page],
    }


def _target(target: ReadTarget) -> dict[str, Any]:
    return {
        "quote": target.quote,
        "place": placed(target.place),
        "section": target.section,
        "subject": target.subject,
        "comparator": target.comparator.value,
        "value": _number(target.value),
        "value_high": _number(target.value_high),
        "unit": target.unit,
        "deadline": target.deadline,
        "deadline_from": target.deadline_from,
        "scope": target.scope,
        "soft": target.soft,
        "baseline": _number(target.baseline),
        "inner": target.inner,
        "monitor": target.monitor,
        "confidence": dict(target.confidence),
    }


def _task(task: ReadTask) -> dict[str, Any]:
    return {
        "quote": task.quote,
        "place": placed(task.place),
        "section": task.section,
        "title": task.title,
        "lead": [m.text for m in task.lead],
        "cooperate": [m.text for m in task.cooperate],
        "deadline": task.deadline,
        "deadline_iso": task.deadline_iso,
        "deadline_from": task.deadline_from,
        "product": task.product,
        "manner": task.manner,
        "confidence": dict(task.confidence),
    }
