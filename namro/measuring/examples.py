"""The worked examples of an installation's own measures, worked out when they are loaded.

A definition that is sound may still measure something else than its author meant: an example shows
it. The measures of the package hold theirs in its tests; those an installation adds are held to
theirs here, before the first figure is told by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from namro.measuring.assembly import Result
from namro.measuring.definitions import Library, load
from namro.measuring.direct import measure
from namro.measuring.engines import in_memory
from namro.measuring.keys import FaultyDefinition
from namro.measuring.kinds import Dataset, Example, Measure
from namro.measuring.marks import MARK_LABELS
from namro.measuring.places import line_of
from namro.terms import Period

TOP = "p"
"""All units of an example lie under this one."""
_AT, _EVER = datetime(2020, 1, 1, tzinfo=UTC), date(1990, 1, 1)
Row = dict[str, Any]


def load_own(folder: Path) -> Library:
    """The package's definitions and those of an installation's folder, its examples worked out.

    Raises FaultyDefinition (Vietnamese; file, line) for what `load` refuses, and for an example
    whose figures are not what its measure gives.
    """
    package, found = load(), load(None, folder)
    for own in found.measures.values():
        if own.slug not in package.measures:
            check_examples(own, found)
    return found


def check_examples(one: Measure, library: Library) -> None:
    """Raises FaultyDefinition for the first example that its measure does not bear out."""
    for number, example in enumerate(one.examples, start=1):
        place = f"example {number}"
        told = _worked_out(one, _World(one, place, library, example))
        for unit, expected in example.expect.items():
            if unit not in told:
                raise _fault(one, f"{place}.expect", f"bảng của ví dụ không có đơn vị “{unit}”.")
            if not isinstance(expected, str):
                what = f"kết quả của “{unit}” phải là một đoạn chữ, ví dụ “{expected}”."
                raise _fault(one, f"{place}.expect", what)
            found = _said(told[unit], one, expected)
            if not _alike(found, expected):
                raise _fault(
                    one,
                    f"{place}.expect",
                    f"ví dụ “{example.says}” ghi {unit} = “{expected}” nhưng cách đo cho "
                    f"“{found}”; hãy sửa định nghĩa hoặc sửa ví dụ.",
                )


def _fault(one: Measure, key: str, what: str) -> FaultyDefinition:
    return FaultyDefinition(one.file, key, what, line_of(one.text, key))


class _World:
    """An example's tables as those of a store. Raises FaultyDefinition for a cell that is none."""

    def __init__(self, one: Measure, place: str, library: Library, example: Example) -> None:
        self.one, self.place, self.library, self.example = one, place, library, example
        self.entries = list(self._entries())
        self.records = {
            name: list(self._records(library.datasets[name], text))
            for name, text in example.records.items()
        }
        told = [*self.entries, *(row for rows in self.records.values() for row in rows)]
        self.units = sorted({row["unit"] for row in told} | set(example.silent))

    def _table(self, key: str, text: str) -> Iterator[dict[str, str]]:
        lines = [line.split("|") for line in text.splitlines() if line.strip()]
        head, *rows = ([cell.strip() for cell in line] for line in lines or [[]])
        needed = ("unit", "period") if key == "reported" else ("unit",)
        if lacking := [name for name in needed if lines and name not in head]:
            raise self._wrong(key, lacking[0], "là cột phải có của bảng")
        for number, cells in enumerate(rows, start=1):
            if len(cells) != len(head):
                what = f"dòng {number} của bảng có {len(cells)} ô, đầu bảng có {len(head)}."
                raise _fault(self.one, f"{self.place}.{key}", what)
            yield dict(zip(head, cells, strict=True))

    def _entries(self) -> Iterator[Row]:
        for row in self._table("reported", self.example.reported or ""):
            for name, told in row.items():
                if name in ("unit", "period") or not told:
                    continue
                if name not in self.library.elements:
                    raise self._wrong("reported", name, "không phải tên số liệu")
                self._period(row["period"])
                yield {
                    "element": name,
                    "unit": row["unit"],
                    "period": row["period"],
                    "value": self._typed("reported", "number", told),
                }

    def _records(self, dataset: Dataset, text: str) -> Iterator[Row]:
        for number, row in enumerate(self._table(dataset.slug, text), start=2):
            typed: Row = dict.fromkeys(dataset.columns)
            for name, told in row.items():
                if name == "unit":
                    continue
                if name not in dataset.columns:
                    raise self._wrong(dataset.slug, name, "không phải cột của tập dữ liệu")
                typed[name] = self._typed(dataset.slug, dataset.columns[name].type, told)
            if typed[dataset.date] is None:
                raise self._wrong(dataset.slug, dataset.date, f"còn trống ở dòng {number - 1}")
            period = Period.month_of(typed[dataset.date], dataset.calendar).code
            yield {"batch": period, "unit": row["unit"], "row": number, **typed}

    def _typed(self, key: str, kind: str, told: str) -> Any:
        try:
            if not told:
                return None
            if kind == "date":
                return date.fromisoformat(told)
            return _exact(told) if kind == "number" else told
        except (InvalidOperation, ValueError) as why:
            raise self._wrong(key, told, f"không phải {_KINDS[kind]}") from why

    def _period(self, code: str) -> None:
        try:
            Period.of(code)
        except ValueError as why:
            raise self._wrong("reported", code, "không phải kỳ báo cáo") from why

    def _wrong(self, key: str, told: str, what: str) -> FaultyDefinition:
        return _fault(self.one, f"{self.place}.{key}", f"“{told}” {what}.")

    def tables(self) -> Any:
        """The tables of schema.py."""
        above = [(u, a) for u in self.units for a in (u, TOP)] + [(TOP, TOP)]
        return in_memory(
            {
                "units": [
                    {"unit": u, "name": u, "kind": "COMMUNE", "tree": "GOVERNMENT", "level": 1}
                    for u in (*self.units, TOP)
                ],
                "unit_ancestors": [
                    {"unit": u, "ancestor": a, "tree": "GOVERNMENT", "from_on": _EVER}
                    for u, a in dict.fromkeys(above)
                ],
                "expected": [
                    {"measure": self.one.slug, "unit": u, "from_on": _EVER} for u in self.units
                ],
                "observations": list(_ledger(self.entries)),
                "batches": [
                    row for name, rows in self.records.items() for row in _batches(name, rows)
                ],
            },
            records=self._all_records(),
            engine="dense",  # the same figures, mostly without starting an engine
        )

    def _all_records(self) -> list[tuple[Dataset, Iterable[Mapping[str, Any]]]]:
        return [(d, self.records.get(d.slug, ())) for d in self.library.datasets.values()]


_KINDS = {"date": "ngày theo mẫu 2025-07-01", "number": "số có nhiều nhất 4 chữ số lẻ"}


def _exact(told: str) -> Decimal:
    """The number as the ledger can keep it. ValueError for one it cannot."""
    value = Decimal(told)
    if not value.is_finite() or abs(value) >= 10**14 or value != round(value, 4):
        raise ValueError(told)
    return value


def _ledger(entries: Iterable[Row]) -> Iterator[Row]:
    """The entries as the ledger keeps them; a cell told again is a correction."""
    standing: dict[tuple[str, str, str], Decimal] = {}
    for number, row in enumerate(entries, start=1):
        cell = (row["element"], row["unit"], row["period"])
        change = {"delta": row["value"] - standing.get(cell, 0), "dn": int(cell not in standing)}
        standing[cell] = row["value"]
        yield {"id": number, **row, **change, "recorded_at": _AT}


def _batches(dataset: str, rows: Iterable[Row]) -> Iterator[Row]:
    """One slice a unit and month."""
    for (batch, unit), count in Counter((r["batch"], r["unit"]) for r in rows).items():
        yield {
            "batch": batch, "dataset": dataset, "unit": unit, "period": batch,
            "rows": count, "recorded_at": _AT,
        }  # fmt: skip


def _worked_out(one: Measure, world: _World) -> dict[str, Result]:
    with world.tables() as tables:
        results = measure([one], tables, period=Period.of(world.example.period))
    return {result.unit: result for result in results}


def _said(told: Result, one: Measure, expected: str) -> str:
    """A result in the words of an example, to as many decimals as it writes."""
    if told.value is None:
        return "-"
    if one.is_logical:
        return "đạt" if told.value >= 1 else "chưa đạt"
    if told.denominator is None:
        mark = f" {MARK_LABELS[told.mark]}" if told.mark else ""
        decimals = len(expected.partition(" ")[0].partition(".")[2])
        whole = floor(told.value * 10**decimals + Fraction(1, 2))
        return f"{Decimal(whole).scaleb(-decimals):f}{mark}"
    return "/".join(
        f"{(side or Decimal(0)).normalize():f}" for side in (told.numerator, told.denominator)
    )


def _alike(found: str, expected: str) -> bool:
    """1.50 is 1.5, 34.0/43 is 34/43; the mark, where one is told, must be the same."""
    (one, _, mark), (other, _, said) = found.partition(" "), expected.partition(" ")
    try:
        numbers = [[Fraction(n) for n in text.split("/")] for text in (one, other)]
    except (ValueError, ZeroDivisionError):
        return found == expected
    return numbers[0] == numbers[1] and mark == said


__all__ = ["check_examples", "load_own"]
