"""Rows of a file, gathered on the disk: keys that stand twice, and the order of units.

The engine sorts and groups what does not fit into memory, within a fixed share of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from namro.measuring.compile import quoted
from namro.measuring.engines import spilling


def doubled_keys(parts: Path, key: str, folder: Path) -> Iterator[tuple[int, int, str]]:
    """(line, line where the key stood first, key) of every key that stands again, by line.

    First the keys' 64-bit hashes are counted, which takes the least room; then the few rows whose
    hash stands twice are compared by the keys themselves, so that no chance likeness is a fault.
    """
    column, rows = quoted(key), _table(parts)
    with spilling(folder) as connection:
        connection.execute(
            f"CREATE TEMP TABLE alike AS SELECT hash({column}) AS h FROM {rows} "
            f"WHERE {column} IS NOT NULL GROUP BY h HAVING COUNT(*) > 1"
        )
        connection.execute(
            f'CREATE TEMP TABLE again AS SELECT "row" AS line, {column} AS k FROM {rows} '
            f"WHERE hash({column}) IN (SELECT h FROM alike)"
        )
        found = connection.execute(
            "SELECT a.line, f.first, a.k FROM again a "
            "JOIN (SELECT k, MIN(line) AS first FROM again GROUP BY k) f ON f.k = a.k "
            "WHERE a.line > f.first ORDER BY a.line"
        )
        while some := found.fetchmany(10_000):
            yield from some


def in_order(parts: Path, out: Path, folder: Path) -> None:
    """Write the slice: every row, by unit and by line; whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        with spilling(folder) as connection:
            connection.execute(
                f'COPY (SELECT * FROM {_table(parts)} ORDER BY unit, "row") '
                f"TO {_text(beside)} (FORMAT parquet, COMPRESSION zstd)"
            )
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def rows_by_unit(path: Path, key: tuple[str, str] | None = None) -> dict[str, int]:
    """Unit → rows of a slice; only those whose column says the value, where one is given."""
    where, values = _saying(key)
    with spilling(path.parent) as connection:
        found = connection.execute(
            f"SELECT unit, COUNT(*) FROM {_table(path)} WHERE {where} GROUP BY unit", values
        ).fetchall()
    return {unit: int(rows) for unit, rows in found}


def without(
    path: Path, out: Path, *, units: Collection[str] | None, key: tuple[str, str] | None
) -> None:
    """Write a slice without the rows of some units (None: of any) that say the key's value."""
    where, values = _saying(key)
    if units is not None:
        where += f" AND unit IN ({', '.join('?' for _ in units) or 'NULL'})"
        values += list(units)
    with spilling(out.parent) as connection:
        connection.execute(
            f'COPY (SELECT * FROM {_table(path)} WHERE ({where}) IS NOT TRUE ORDER BY unit, "row") '
            f"TO {_text(out)} (FORMAT parquet, COMPRESSION zstd)",
            values,
        )


def _saying(key: tuple[str, str] | None) -> tuple[str, list[str]]:
    return (f"{quoted(key[0])} = ?", [key[1]]) if key else ("1 = 1", [])


def _table(file: Path) -> str:
    return f"read_parquet({_text(file)})"


def _text(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"
