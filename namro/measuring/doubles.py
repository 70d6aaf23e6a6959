"""The same key in two slices that are counted together: somebody would be counted twice.

What is counted together (đếm trùng người): of a register (a stock), the slices of different units
that are in force in one month, each until the next of its unit or until it is too old to be
carried; of a flow, all slices of one year, since months are added up to quarters, halves, years.
With no key in two of them, a sum of counts is the number of distinct persons: at every unit above,
in every period, as of every moment. So a second one is refused at the door.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from namro.measuring.compile import quoted
from namro.measuring.engines import spilling
from namro.measuring.kinds import Dataset
from namro.terms import Period

HINT = "Mỗi người, mỗi hồ sơ chỉ tính ở một nơi; bỏ dòng này hoặc đề nghị đơn vị kia nạp lại."


@dataclass(frozen=True)
class Slice:
    """A unit's records of a period, in a batch ("" for one that is just coming in)."""

    batch: str
    unit: str
    period: Period

    @property
    def end(self) -> int:
        """Its last month."""
        return self.period.first + self.period.length - 1


Force = tuple[int, int]
"""First and last month (of a flow: year) in which a slice is counted."""


def in_force(dataset: Dataset, slices: Iterable[Slice]) -> dict[Slice, Force]:
    """When each slice is counted, beside the others of its unit. They all stand (the newest)."""
    told = list(slices)
    if dataset.time == "flow":
        return {s: (s.period.year, s.period.year) for s in told}
    ends: dict[str, set[int]] = defaultdict(set)
    for one in told:
        ends[one.unit].add(one.end)
    ordered = {unit: sorted(found) for unit, found in ends.items()}
    return {s: (s.end, _until(ordered[s.unit], s.end, dataset.carry)) for s in told}


def _until(ends: Sequence[int], end: int, carry: int) -> int:
    later = bisect_right(ends, end)
    last = end + carry
    return min(last, ends[later] - 1) if later < len(ends) else last


def together(dataset: Dataset, one: Slice, other: Slice, force: Mapping[Slice, Force]) -> bool:
    """Whether two slices enter one figure for some period."""
    if one.unit == other.unit and (dataset.time == "stock" or _nested(one.period, other.period)):
        return False
    (a, b), (c, d) = force[one], force[other]
    return a <= d and c <= b


def _nested(one: Period, other: Period) -> bool:
    """One unit's longer slice stands in place of those within it."""
    (a, b), (c, d) = ((p.first, p.first + p.length) for p in (one, other))
    return (a <= c and d <= b) or (c <= a and b <= d)


def doubles(
    new: Path,
    coming: Iterable[Slice],
    standing: Mapping[Slice, Path],
    dataset: Dataset,
    *,
    heirs: Mapping[str, frozenset[str]] | None = None,
    room: Path,
) -> Iterator[tuple[int, str, str]]:
    """(line, unit, period code) for keys of a new file that a slice counted with them has already.

    `coming`: its slices, one a unit; `standing`: those that count now, with their files, without
    those whose place the new ones take. `heirs`: unit → those who took it over by the new period:
    what it left is theirs to tell anew. Keys of persons are hashes: only lines and units are said.
    """
    fresh = list(coming)
    if not standing or not fresh:
        return
    force = in_force(dataset, [*standing, *fresh])
    files = sorted({str(path) for path in standing.values()})
    left = [(old, heir) for old, found in (heirs or {}).items() for heir in sorted(found)]
    with spilling(room) as connection:
        connection.register("fresh", _rows(fresh, force))
        connection.register("standing", _rows(standing, force))
        connection.register("heirs", _columns(("unit", "heir"), left))
        found = connection.execute(
            _SAME.format(
                key=quoted(dataset.key),
                new=_table([str(new)]),
                old=_table(files),
                own="1 = 0" if dataset.time == "stock" else _APART,
            )
        )
        while some := found.fetchmany(10_000):
            yield from some


_APART = "NOT ((f.a <= s.a AND s.b <= f.b) OR (s.a <= f.a AND f.b <= s.b))"
"""`_nested`, said no to."""

_SAME = """
SELECT n."row", arg_min(s.unit, s.period || s.unit), MIN(s.period)
FROM {new} n
JOIN fresh f ON f.unit = n.unit
JOIN {old} o ON o.{key} = n.{key}
JOIN standing s ON s.batch = o.batch AND s.unit = o.unit
WHERE f.since <= s.until AND s.since <= f.until AND (s.unit <> f.unit OR {own})
  AND NOT EXISTS (SELECT 1 FROM heirs h WHERE h.unit = s.unit AND h.heir = f.unit)
GROUP BY n."row" ORDER BY n."row"
"""
"""`together`, for millions of keys."""


def _rows(slices: Iterable[Slice], force: Mapping[Slice, Force]) -> pa.Table:
    names = ("batch", "unit", "period", "since", "until", "a", "b")
    told = [(s.batch, s.unit, s.period.code, *force[s], s.period.first, s.end + 1) for s in slices]
    return _columns(names, told)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    kinds = {"since": pa.int64(), "until": pa.int64(), "a": pa.int64(), "b": pa.int64()}
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table(
        {
            name: pa.array(list(column), type=kinds.get(name, pa.string()))
            for name, column in zip(names, columns, strict=True)
        }
    )


def _table(files: Sequence[str]) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
