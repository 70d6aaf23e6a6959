"""The faults of a file: the first hundred at hand, all of them written beside, in the file's order.

A file of ten million rows may hold a million faults: none is lost, none stays in memory.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from namro.terms import Fault, Place

SHOWN_FAULTS = 100
MOST_LISTED = 1_000_000
"""As many as a sheet of Excel has rows; what is beyond is counted only."""


class CellFault(NamedTuple):
    """One fault: line in the file (0: the file itself), column of the file from 0 (-1: the row)."""

    line: int
    column: int
    code: str
    message: str
    suggestion: str


class Faults:
    """Faults found so far. `sheet` names the sheet of a workbook, "" for other files."""

    def __init__(self, file: str, folder: Path) -> None:
        self.file, self.sheet = file, ""
        self._shown: list[CellFault] = []
        self._count = 0
        self._path = folder / "faults.jsonl"
        self._out: TextIO | None = None

    def __bool__(self) -> bool:
        return self._count > 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def add(
        self, code: str, message: str, suggestion: str, line: int = 0, column: int = -1
    ) -> None:
        """Take in a fault. Those of cells come in the order of lines."""
        self._count += 1
        fault = CellFault(line, column, code, message, suggestion)
        if len(self._shown) < SHOWN_FAULTS:
            self._shown.append(fault)
        if self._count <= MOST_LISTED:
            self._out = self._out or self._path.open("w", encoding="utf-8")
            self._out.write(_written(fault) + "\n")

    def join(self, later: Iterable[CellFault]) -> None:
        """Take in faults found only after the last line was read, in their place by line."""
        later = iter(later)
        first = next(later, None)
        if first is None:
            return
        before = self._path.with_suffix(".before")
        self._close()
        if self._path.exists():
            self._path.replace(before)
        else:
            before.touch()
        self._shown, self._count, cut = [], 0, max(self._count - MOST_LISTED, 0)
        for fault in heapq.merge(told_faults(before), chain([first], later)):
            self.add(fault.code, fault.message, fault.suggestion, fault.line, fault.column)
        self._count += cut
        before.unlink()

    def shown(self) -> tuple[Fault, ...]:
        """The first hundred, and how many more there are."""
        told = tuple(self._told(fault) for fault in self._shown)
        if self._count <= len(told):
            return told
        more = f"Còn {self._count - len(told)} lỗi khác chưa liệt kê."
        hint = "Tải bản sao có ghi lỗi, sửa hết rồi nộp lại tệp."
        return (*told, Fault("MORE_FAULTS", more, hint, Place(file=self.file)))

    def written(self) -> Path | None:
        """The file of all faults, for `told_faults`; None when there is none."""
        return self._path if self else None

    def _close(self) -> None:
        if self._out:
            self._out.close()
        self._out = None

    def _told(self, fault: CellFault) -> Fault:
        place = Place(
            file=self.file,
            cell=place_of(self.sheet, fault) or None,
            line=fault.line or None,
        )
        said = spoken_place(self.sheet, fault)
        message = f"{said}: {fault.message}" if said else fault.message
        return Fault(fault.code, message, fault.suggestion, place)


_written = json.JSONEncoder(ensure_ascii=False).encode


def told_faults(path: Path) -> Iterator[CellFault]:
    """The faults that were written, in the file's order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield CellFault(*json.loads(line))


def letters(column: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    while column >= 0:
        name = chr(65 + column % 26) + name
        column = column // 26 - 1
    return name


def place_of(sheet: str, fault: CellFault) -> str:
    """ "Hồ sơ!D17" in a workbook, "D17" in another file, "" for what is no cell."""
    if not fault.line or fault.column < 0:
        return ""
    cell = f"{letters(fault.column)}{fault.line}"
    return f"{sheet}!{cell}" if sheet else cell


def spoken_place(sheet: str, fault: CellFault) -> str:
    """The place as it is said: "Trang “Hồ sơ”, ô D17", "Dòng 17", "" for the file itself."""
    if not sheet:
        return f"Dòng {fault.line}" if fault.line else ""
    if not fault.line:
        return f"Trang “{sheet}”"
    cell = f"ô {letters(fault.column)}{fault.line}" if fault.column >= 0 else f"dòng {fault.line}"
    return f"Trang “{sheet}”, {cell}"
