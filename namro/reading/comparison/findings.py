"""What a comparison says: items of both documents, their differences, a verdict on each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from namro.reading.plan import ReadPlan, ReadTarget, ReadTask, placed
from namro.terms import Place

VERSIONS_FORMAT = "namro-comparison/1"
TRACE_FORMAT = "namro-trace/1"


class Effect(StrEnum):
    """What one difference does to what is asked."""

    SAME = "SAME"
    WEAKER = "WEAKER"
    STRONGER = "STRONGER"
    LATER = "LATER"
    EARLIER = "EARLIER"
    OTHER_UNIT = "OTHER_UNIT"  # lead, partners or product
    WORDS = "WORDS"
    UNCLEAR = "UNCLEAR"


class Change(StrEnum):
    """What became of an item from one version to the next, the gravest first."""

    DROPPED = "DROPPED"
    WEAKENED = "WEAKENED"
    POSTPONED = "POSTPONED"
    UNCLEAR = "UNCLEAR"
    ADDED = "ADDED"
    STRENGTHENED = "STRENGTHENED"
    BROUGHT_FORWARD = "BROUGHT_FORWARD"
    REASSIGNED = "REASSIGNED"
    REWORDED = "REWORDED"
    UNCHANGED = "UNCHANGED"

    @property
    def label(self) -> str:
        return _CHANGES[self]


_CHANGES = {
    Change.DROPPED: "Bỏ",
    Change.WEAKENED: "Hạ mức, nới lỏng",
    Change.POSTPONED: "Lùi thời hạn",
    Change.UNCLEAR: "Cần xem lại",
    Change.ADDED: "Thêm mới",
    Change.STRENGTHENED: "Nâng mức, chặt hơn",
    Change.BROUGHT_FORWARD: "Sớm hơn",
    Change.REASSIGNED: "Đổi phân công, sản phẩm",
    Change.REWORDED: "Sửa lời văn",
    Change.UNCHANGED: "Giữ nguyên",
}
OF_EFFECT = {
    Effect.WEAKER: Change.WEAKENED,
    Effect.LATER: Change.POSTPONED,
    Effect.UNCLEAR: Change.UNCLEAR,
    Effect.STRONGER: Change.STRENGTHENED,
    Effect.EARLIER: Change.BROUGHT_FORWARD,
    Effect.OTHER_UNIT: Change.REASSIGNED,
    Effect.WORDS: Change.REWORDED,
}


class Coverage(StrEnum):
    """How a plan answers an item of its superior's, the gravest first."""

    MISSING = "MISSING"
    WEAKER = "WEAKER"
    LATER = "LATER"
    UNCLEAR = "UNCLEAR"
    COVERED = "COVERED"
    ELSEWHERE = "ELSEWHERE"
    EXTRA = "EXTRA"

    @property
    def label(self) -> str:
        return _COVERAGES[self]


_COVERAGES = {
    Coverage.MISSING: "Còn thiếu",
    Coverage.WEAKER: "Thấp hơn, lỏng hơn",
    Coverage.LATER: "Muộn hơn",
    Coverage.UNCLEAR: "Cần xem lại",
    Coverage.COVERED: "Đã có, đạt mức",
    Coverage.ELSEWHERE: "Không giao cho cấp này",
    Coverage.EXTRA: "Có thêm, cấp trên không nêu",
}


@dataclass(frozen=True)
class Item:
    """A target or a task of one of the two documents. `number` counts from 1 within its kind."""

    kind: str  # target or task
    number: int
    thing: ReadTarget | ReadTask
    alone: bool = True  # no other item has a part in its sentence

    @property
    def key(self) -> str:
        """ "ct-3" or "nv-12"."""
        return f"{'ct' if self.kind == 'target' else 'nv'}-{self.number}"

    @property
    def words(self) -> str:
        """What it is about."""
        return self.thing.subject if isinstance(self.thing, ReadTarget) else self.thing.title

    @property
    def quote(self) -> str:
        return self.thing.quote

    @property
    def place(self) -> Place:
        return self.thing.place

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "kind": self.kind,
            "number": self.number,
            "section": self.thing.section,
            "words": self.words,
            "quote": self.quote,
            "place": placed(self.place),
        }


def items_of(plan: ReadPlan) -> tuple[Item, ...]:
    """The targets, then the tasks, of a plan."""
    said = Counter((t.quote, t.place.block) for t in plan.targets)
    targets = [
        Item("target", n, t, said[t.quote, t.place.block] == 1)
        for n, t in enumerate(plan.targets, start=1)
    ]
    tasks = [Item("task", n, t) for n, t in enumerate(plan.tasks, start=1)]
    return (*targets, *tasks)


@dataclass(frozen=True)
class Difference:
    """One field that differs, both values as people read them; None where one says nothing."""

    field: str
    old: str | None
    new: str | None
    effect: Effect

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "field": self.field,
            "old": self.old,
            "new": self.new,
            "effect": self.effect.value,
        }


@dataclass(frozen=True)
class Candidate:
    """An item that may answer another; `score` 0…1."""

    item: Item
    score: float

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"kind": self.item.kind, "number": self.item.number, "score": round(self.score, 3)}


@dataclass(frozen=True)
class Line:
    """One item in both versions, or in one. `changes`: the gravest first, never empty."""

    changes: tuple[Change, ...]
    old: Item | None
    new: Item | None
    differences: tuple[Difference, ...] = ()
    confidence: float = 1.0
    candidates: tuple[Candidate, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "changes": [c.value for c in self.changes],
            "old": self.old.as_json() if self.old else None,
            "new": self.new.as_json() if self.new else None,
            "differences": [d.as_json() for d in self.differences],
            "confidence": round(self.confidence, 2),
            "candidates": [c.as_json() for c in self.candidates],
        }


@dataclass(frozen=True)
class Traced:
    """One item of the superior's and what answers it; or an extra one of the plan."""

    coverage: Coverage
    superior: Item | None
    plan: Item | None
    differences: tuple[Difference, ...] = ()
    confidence: float = 1.0
    candidates: tuple[Candidate, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "coverage": self.coverage.value,
            "superior": self.superior.as_json() if self.superior else None,
            "plan": self.plan.as_json() if self.plan else None,
            "differences": [d.as_json() for d in self.differences],
            "confidence": round(self.confidence, 2),
            "candidates": [c.as_json() for c in self.candidates],
        }


@dataclass(frozen=True)
class Comparison:
    """Two versions of a plan, in the order of the old one, what was added in its place."""

    old: ReadPlan
    new: ReadPlan
    lines: tuple[Line, ...]

    def counts(self) -> dict[Change, int]:
        """How many lines bear each change; a line may bear several."""
        return _counted(Change, (c for line in self.lines for c in line.changes))

    def as_json(self) -> dict[str, Any]:
        """The contract `namro-comparison/1`: plain values, ready for `json.dumps`."""
        return {
            "format": VERSIONS_FORMAT,
            "old": named(self.old),
            "new": named(self.new),
            "counts": {c.value: n for c, n in self.counts().items()},
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True)
class Trace:
    """The traceability table, in the superior's order; extra items of the plan last."""

    superior: ReadPlan
    plan: ReadPlan
    lines: tuple[Traced, ...]

    def counts(self) -> dict[Coverage, int]:
        """How many lines of each coverage."""
        return _counted(Coverage, (line.coverage for line in self.lines))

    def as_json(self) -> dict[str, Any]:
        """The contract `namro-trace/1`: plain values, ready for `json.dumps`."""
        return {
            "format": TRACE_FORMAT,
            "superior": named(self.superior),
            "plan": named(self.plan),
            "counts": {c.value: n for c, n in self.counts().items()},
            "lines": [line.as_json() for line in self.lines],
        }


_Named = TypeVar("_Named", Change, Coverage)


def _counted(order: type[_Named], said: Iterable[_Named]) -> dict[_Named, int]:
    found = Counter(said)
    return {one: found[one] for one in order if found[one]}


def named(plan: ReadPlan) -> dict[str, Any]:
    """Which document it was: file, kind, number, date, issuer, title."""
    head = plan.document
    return {
        "file": plan.file,
        "kind": head.kind,
        "number": head.number,
        "date": head.date,
        "issuer": head.issuer,
        "title": head.title,
    }
