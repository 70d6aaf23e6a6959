"""The same key in two units of one period: somebody would be counted twice (đếm trùng người)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from namro.measuring.compile import quoted
from namro.measuring.engines import in_memory
from namro.measuring.kinds import Dataset
from namro.measuring.records import SHOWN_FAULTS
from namro.terms import Fault, Place


def doubles(
    new: Path,
    standing: Sequence[Path],
    counted: Iterable[tuple[str, str, str]],
    dataset: Dataset,
    file: str,
) -> tuple[Fault, ...]:
    """Faults for keys of a new slice that stand in another unit's slice of the same period.

    `standing`: the slices' files; `counted`: (batch, unit, period) of those that still count, other
    than the ones the new slice replaces. Keys of persons are hashes: only lines and units are said.
    """
    rows = sorted(set(counted))
    if not standing or not rows:
        return ()
    key = quoted(dataset.key)
    with in_memory() as tables, tables.session() as session:
        session.feed("slices", rows)
        fresh = tables.parquet([new], [dataset.key])
        old = tables.parquet(list(standing), [dataset.key])
        found = session.rows(
            f'SELECT n."row", MIN(o.unit) FROM {fresh} n JOIN {old} o ON o.{key} = n.{key} '
            "JOIN slices s ON s.batch = o.batch AND s.unit = o.unit "
            f'GROUP BY n."row" ORDER BY n."row" LIMIT {SHOWN_FAULTS}'
        )
    title = dataset.columns[dataset.key].title
    hint = (
        "Mỗi người, mỗi hồ sơ chỉ tính ở một đơn vị; bỏ dòng này hoặc đề nghị đơn vị kia nạp lại."
    )
    return tuple(
        Fault(
            "COUNTED_ELSEWHERE",
            f"Dòng {row}: cột “{title}”: đã có trong dữ liệu cùng kỳ của đơn vị “{unit}”.",
            hint,
            Place(file=file, line=row),
        )
        for row, unit in found
    )
