"""A reading under review as the core compares it, and the core's answer in the draft's own ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from namro.reading import ReadPlan, ReadTarget
from namro.reading.comparison import (
    Comparison,
    Item,
    Line,
    Trace,
    Traced,
    changed_words,
    compare_versions,
    judge_trace,
    judge_versions,
    trace,
)
from namro.reading.comparison.findings import items_of
from namro.reading.comparison.levels import level_text
from namro.reading.stored import plan_of
from namro.web.plans.comparing.table import Kind

Data = dict[str, Any]
# Of two texts less alike than this, marking each word that differs tells nothing: versions of one
# document, and documents of two hands.
_ALIKE, _ALIKE_OF_TWO = 0.5, 0.8


class Side:
    """One of the two documents: what a person kept of it, by the draft's ids."""

    def __init__(self, draft: Mapping[str, Any], names: Mapping[str, str]) -> None:
        """`names`: unit code → name. Raises NotAPlan where nothing was read."""
        kept = {k: [i for i in draft.get(k, ()) if i.get("kept", True)] for k in _KINDS}
        self.ids = {_KINDS[k]: [i["id"] for i in found] for k, found in kept.items()}
        self.codes = {i["id"]: i.get("code") or "" for found in kept.values() for i in found}
        tasks = [_led(i, names) for i in kept["tasks"]]
        data = {**draft, "targets": kept["targets"], "tasks": tasks, "sections": [], "faults": []}
        self.plan: ReadPlan = plan_of(data)
        self.items: dict[str, Item] = {self.id_of(i): i for i in items_of(self.plan)}

    def id_of(self, item: Item) -> str:
        """The draft's id of an item."""
        return str(self.ids[item.kind][item.number - 1])

    def shown(self, item: Item | None) -> Data | None:
        """An item as the page needs it."""
        if item is None:
            return None
        key = self.id_of(item)
        level = level_text(item.thing) if isinstance(item.thing, ReadTarget) else None
        more = {"id": key, "code": self.codes[key], "level": level, "alone": item.alone}
        return {**item.as_json(), **more}


_KINDS = {"targets": "target", "tasks": "task"}


def _led(task: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """A task with the units a person set, where somebody set them."""
    if not task.get("edited"):
        return task
    said = {
        part: [names.get(c, c) for c in task.get(f"{part}_units", ())]
        for part in ("lead", "cooperate")
    }
    return {**task, **said}


def compared(kind: str, old: Side, new: Side) -> Data:
    """All lines, and the items a link may be changed to."""
    answer: Comparison | Trace = (
        compare_versions(old.plan, new.plan) if kind == Kind.VERSIONS else trace(old.plan, new.plan)
    )
    lines = [line_data(line, old, new) for line in answer.lines]
    choices = [
        {"id": key, "code": new.codes[key], "kind": item.kind, "words": item.words[:160]}
        for key, item in new.items.items()
    ]
    return {"lines": lines, "choices": choices}


def line_data(line: Line | Traced, old: Side, new: Side) -> Data:
    """One line of the core as the page keeps it."""
    if isinstance(line, Line):
        was, now, classes = line.old, line.new, [c.value for c in line.changes]
    else:
        was, now, classes = line.superior, line.plan, [line.coverage.value]
    other = new if was else old
    key = old.id_of(was) if was else f"+{new.id_of(now)}" if now else ""
    return {
        "key": key,
        "classes": classes,
        "old": old.shown(was),
        "new": new.shown(now),
        "differences": [d.as_json() for d in line.differences],
        "confidence": round(line.confidence, 2),
        "candidates": [
            {"id": other.id_of(c.item), "words": c.item.words[:160], "score": round(c.score, 2)}
            for c in line.candidates
        ],
        "pieces": _pieces(was, now, _ALIKE if isinstance(line, Line) else _ALIKE_OF_TWO),
    }


def _pieces(was: Item | None, now: Item | None, least: float) -> list[list[str]]:
    """The words of both marked, where enough of them is the same; [] where marking says nothing."""
    if was is None or now is None:
        return []
    whole = was.alone and now.alone  # else only the words of this part of the sentence
    old, new = (was.quote, now.quote) if whole else (_part(was), _part(now))
    pieces = changed_words(old, new)
    same = sum(len(p.text) for p in pieces if p.kind == "same")
    longest = max(len(old), len(new), 1)
    return [[p.kind, p.text] for p in pieces] if same >= least * longest else []


def _part(item: Item) -> str:
    """One part of a sentence that asks several things: its level and what it is about."""
    level = level_text(item.thing) if isinstance(item.thing, ReadTarget) else None
    return f"{level} {item.words}" if level else item.words


def judged(kind: str, old: Side, new: Side, line: str, chosen: str) -> Data:
    """The line of a link a person chose. KeyError where one of the two is not there."""
    was, now = old.items[line], new.items[chosen]
    if kind == Kind.VERSIONS:
        return line_data(judge_versions(was, now), old, new)
    due = new.plan.document.valid_to
    return line_data(judge_trace(was, now, due), old, new)
