"""The lines of a comparison with what people ruled on them. Pure; no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from namro.reading.comparison.findings import Change, Coverage
from namro.reading.comparison.labels import FIELD_LABELS


class Kind(StrEnum):
    """What is compared."""

    VERSIONS = "VERSIONS"
    SUPERIOR = "SUPERIOR"


KIND_LABELS = {Kind.VERSIONS: "Hai bản của kế hoạch", Kind.SUPERIOR: "Với văn bản cấp trên"}


class ComparingState(StrEnum):
    """How far a comparison is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Verdict(StrEnum):
    """What a person says of a line."""

    CONFIRMED = "CONFIRMED"
    CHANGED = "CHANGED"
    REJECTED = "REJECTED"


VERDICT_LABELS = {
    Verdict.CONFIRMED: "Đã xác nhận",
    Verdict.CHANGED: "Đã ghép lại",
    Verdict.REJECTED: "Đã bỏ ghép",
}
OPEN = "Chưa xem"

# A mark beside the words, so that neither colour nor words stand alone.
SIGNS = {
    "DROPPED": "✕", "MISSING": "✕", "WEAKENED": "▼", "WEAKER": "▼", "POSTPONED": "→",
    "LATER": "→", "UNCLEAR": "?", "ADDED": "+", "EXTRA": "+", "STRENGTHENED": "▲",
    "BROUGHT_FORWARD": "←", "REASSIGNED": "⇄", "REWORDED": "≈", "UNCHANGED": "=",
    "COVERED": "●", "ELSEWHERE": "○",
}  # fmt: skip


def classes_of(kind: str) -> list[tuple[str, str]]:
    """(code, label) of every class a comparison of this kind knows, the gravest first."""
    known: Iterable[Change | Coverage] = Change if kind == Kind.VERSIONS else Coverage
    return [(c.value, c.label) for c in known]


@dataclass(frozen=True)
class Row:
    """One line as shown. `classes`: the gravest first; `ruling` None while nobody looked."""

    key: str
    classes: tuple[str, ...]
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    differences: Sequence[Mapping[str, Any]] = ()
    confidence: float = 1.0
    candidates: Sequence[Mapping[str, Any]] = ()
    pieces: Sequence[Sequence[str]] = ()
    ruling: Any = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def item(self) -> Mapping[str, Any]:
        return self.old or self.new or {}

    @property
    def main(self) -> str:
        return self.classes[0]

    @property
    def sign(self) -> str:
        return SIGNS[self.main]

    @property
    def label(self) -> str:
        return "; ".join(self.labels[c] for c in self.classes)

    @property
    def of(self) -> str:
        """ "Chỉ tiêu 3", by the number its document gives it."""
        kind = "Chỉ tiêu" if self.item.get("kind") == "target" else "Nhiệm vụ"
        return f"{kind} {self.item.get('code') or self.item.get('number')}"

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """(field, old, new) of what differs in more than its words."""
        return [
            (FIELD_LABELS[d["field"]], d["old"] or "không ghi", d["new"] or "không ghi")
            for d in self.differences
            if d["field"] != "words"
        ]

    @property
    def told_text(self) -> str:
        """The same as one text, for a cell."""
        said = [f"{label}: {old} → {new}" for label, old, new in self.told]
        return "; ".join([*said, *([self.breadth] if self.breadth else [])])

    @property
    def breadth(self) -> str:
        """Whether the words name fewer or more than before."""
        effects = {d["effect"] for d in self.differences if d["field"] == "words"}
        wider = "Nội dung rộng hơn" if "STRONGER" in effects else ""
        return "Nội dung hẹp hơn" if "WEAKER" in effects else wider

    @property
    def old_spot(self) -> str:
        """Where its words stand, as the query of the document's page."""
        return _spot(self.old)

    @property
    def new_spot(self) -> str:
        return _spot(self.new)

    @property
    def marked(self) -> list[tuple[str, str]]:
        """The pieces with long stretches that stayed cut in the middle."""
        return [(kind, _cut(text) if kind == "same" else text) for kind, text in self.pieces]

    @property
    def percent(self) -> int:
        return round(100 * self.confidence)

    @property
    def linked(self) -> bool:
        return bool(self.old and self.new)

    @property
    def ruled(self) -> str:
        return VERDICT_LABELS[Verdict(self.ruling.verdict)] if self.ruling else OPEN


def _spot(item: Mapping[str, Any] | None) -> str:
    place = (item or {}).get("place") or {}
    if place.get("block") is None:
        return ""
    end = place.get("end")
    asked = {
        "block": place["block"],
        "start": place.get("start") or 0,
        "end": 9_999_999 if end is None else end,
    }
    return f"?{urlencode(asked)}#doan-{place['block']}"


_LONG, _KEPT = 220, 90


def _cut(text: str) -> str:
    if len(text) <= _LONG:
        return text
    return f"{text[:_KEPT].rsplit(' ', 1)[0]} … {text[-_KEPT:].split(' ', 1)[-1]}"


def rows_of(kind: str, found: Mapping[str, Any], rulings: Mapping[str, Any]) -> list[Row]:
    """The table as it stands: each line, with the ruling in force on it (by line key).

    A rejected link leaves both items alone; an item linked by hand is no longer extra.
    """
    labels = dict(classes_of(kind))
    lines = [_ruled(kind, line, rulings.get(line["key"])) for line in found["lines"]]
    linked = Counter(ln["new"]["id"] for ln in lines if ln["old"] and ln["new"])
    rows = [
        _row(line, rulings.get(line["key"]), labels)
        for line in lines
        if line["old"] or not linked[line["new"]["id"]]
    ]
    shown = {row.new["id"] for row in rows if row.new}
    for line in found["lines"]:  # what a rejection or a new link set free
        new = line["new"]
        if new and new["id"] not in shown:
            shown.add(new["id"])
            alone = {**_alone(kind, line, None, new), "key": f"+{new['id']}"}
            rows.append(_row(alone, rulings.get(alone["key"]), labels))
    return rows


def _ruled(kind: str, line: Mapping[str, Any], ruling: Any) -> Mapping[str, Any]:
    if ruling is None or ruling.verdict == Verdict.CONFIRMED:
        return line
    if ruling.verdict == Verdict.CHANGED and ruling.judged:
        return {**line, **ruling.judged}
    return _alone(kind, line, line["old"], None if line["old"] else line["new"])


def _alone(kind: str, line: Mapping[str, Any], old: Any, new: Any) -> dict[str, Any]:
    """A line of one item only."""
    gone, come = (
        (Change.DROPPED, Change.ADDED)
        if kind == Kind.VERSIONS
        else (Coverage.MISSING, Coverage.EXTRA)
    )
    classes = [(gone if old else come).value]
    return {**line, "classes": classes, "old": old, "new": new, "differences": [], "pieces": []}


def _row(line: Mapping[str, Any], ruling: Any, labels: Mapping[str, str]) -> Row:
    return Row(
        line["key"],
        tuple(line["classes"]),
        line["old"],
        line["new"],
        line["differences"],
        line["confidence"],
        line["candidates"],
        line.get("pieces") or (),
        ruling,
        labels,
    )


def called(choice: Mapping[str, Any]) -> str:
    """An item a link may be changed to, as people pick it: "Chỉ tiêu 5: hộ được dùng nước sạch"."""
    kind = "Chỉ tiêu" if choice["kind"] == "target" else "Nhiệm vụ"
    return " ".join(f"{kind} {choice['code']}: {choice['words']}".split())


def picked(found: Mapping[str, Any], text: str) -> str:
    """The id of the item picked by its words (or by the id itself); "" where there is none."""
    wanted = " ".join(text.split())
    for choice in found["choices"]:
        if wanted in (choice["id"], called(choice)):
            return str(choice["id"])
    return ""


def counted(kind: str, rows: Iterable[Row]) -> list[tuple[str, str, int]]:
    """(code, label, how many lines) of every class that occurs, the gravest first."""
    found = Counter(c for row in rows for c in row.classes)
    return [(code, label, found[code]) for code, label in classes_of(kind) if found[code]]
