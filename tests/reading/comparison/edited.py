"""Edited versions of a plan with their key: what each edit should be called, nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from namro.reading import read_plan
from namro.reading.comparison import Change, Comparison, Line, compare_versions


@dataclass(frozen=True)
class Edit:
    """Replace `old` by `new` in the text. `about`: words of the item the key is for."""

    change: Change
    old: str
    new: str
    about: str = ""

    @property
    def sought(self) -> str:
        return self.about or (self.new if self.change is Change.ADDED else self.old)


def edited(text: str, edits: list[Edit]) -> str:
    """The text with the edits made; each must be found."""
    for edit in edits:
        assert text.count(edit.old) >= 1, edit
        text = text.replace(edit.old, edit.new, 1)
    return text


def compared(text: str, edits: list[Edit], folder: Path) -> Comparison:
    """Both texts read and compared."""
    was, now = folder / "cu.txt", folder / "moi.txt"
    was.write_text(text, encoding="utf-8")
    now.write_text(edited(text, edits), encoding="utf-8")
    return compare_versions(read_plan(was), read_plan(now))


def _flat(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def _said(line: Line) -> str:
    return _flat(" ".join(i.quote for i in (line.old, line.new) if i))


def scored(comparison: Comparison, edits: list[Edit]) -> tuple[Counter, Counter, Counter, list]:
    """(right, said, wanted) by change, and what went wrong in words. Unchanged lines are wanted
    to stay UNCHANGED; each edit wants its change on the one line that holds its words."""
    right: Counter = Counter()
    said: Counter = Counter()
    wanted: Counter = Counter()
    wrong = []
    rest = list(comparison.lines)
    for edit in edits:
        wanted[edit.change] += 1
        line = next((ln for ln in rest if _flat(edit.sought) in _said(ln)), None)
        if line is None:
            wrong.append(f"{edit.change}: not found: {edit.sought}")
            continue
        rest.remove(line)
        said[line.changes[0]] += 1
        if edit.change in line.changes:
            right[edit.change] += 1
            if line.changes[0] is not edit.change:
                said[line.changes[0]] -= 1
                said[edit.change] += 1
        else:
            wrong.append(f"{edit.change} called {line.changes}: {_said(line)[:120]}")
    for line in rest:
        change = line.changes[0]
        wanted[Change.UNCHANGED] += 1
        said[change] += 1
        if change is Change.UNCHANGED:
            right[change] += 1
        else:
            wrong.append(f"called {line.changes} untouched: {_said(line)[:120]}")
    return right, said, wanted, wrong
