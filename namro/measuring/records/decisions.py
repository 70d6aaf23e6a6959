"""One list, one decision: rows of a catalogue that name another version than their first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from namro.measuring.compile import quoted
from namro.measuring.engines import spilling
from namro.measuring.kinds import Dataset
from namro.vietnamese import format_date


def mixed(parts: Path, dataset: Dataset, folder: Path) -> Iterator[tuple[int, str, str, str]]:
    """(line, column, what is wrong, mend) for the rows of a file that bear no sound version.

    A unit's list is of one decision: the same number, signing day and day of force in every row,
    signed on the day of force or before. `parts`: the rows read so far, as Parquet.
    """
    if dataset.version is None:
        return
    number, decided_on, from_on = (
        dataset.version.number, dataset.version.decided_on, dataset.date,
    )  # fmt: skip
    titles = {name: dataset.columns[name].title for name in (number, decided_on, from_on)}
    first = ", ".join(f'arg_min({quoted(c)}, "row") AS {quoted(c)}' for c in titles)
    table = "read_parquet('" + str(parts).replace("'", "''") + "')"
    with spilling(folder) as connection:
        for name, title in titles.items():
            column = quoted(name)
            found = connection.execute(
                f'SELECT r."row", r.unit, f.{column} FROM {table} r '
                f"JOIN (SELECT unit, {first} FROM {table} GROUP BY unit) f ON f.unit = r.unit "
                f'WHERE r.{column} <> f.{column} ORDER BY r."row"'
            )
            while some := found.fetchmany(10_000):
                for line, unit, usual in some:
                    shown = format_date(usual) if isinstance(usual, date) else str(usual)
                    said = f"cột “{title}”: khác dòng đầu của đơn vị {unit} (“{shown}”)."
                    yield line, name, said, "Một đơn vị nộp một danh mục của một quyết định."
        early = connection.execute(
            f'SELECT "row" FROM {table} WHERE {quoted(decided_on)} > {quoted(from_on)} '
            'ORDER BY "row"'
        )
        while some := early.fetchmany(10_000):
            for (line,) in some:
                said = f"cột “{titles[decided_on]}”: sau ngày có hiệu lực."
                yield line, decided_on, said, "Kiểm tra lại ngày ký và ngày có hiệu lực."
