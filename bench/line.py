"""One figure and its budget."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Line:
    """A measured value that should be at most the budget."""

    name: str
    value: float
    unit: str
    budget: float

    @property
    def ok(self) -> bool:
        return self.value <= self.budget

    def as_json(self) -> dict:
        return {**asdict(self), "ok": self.ok}

    def __str__(self) -> str:
        verdict = "ok" if self.ok else "short"
        return f"{self.name:<58} {self.value:>10.2f} {self.unit:<8} (≤ {self.budget:g})  {verdict}"
