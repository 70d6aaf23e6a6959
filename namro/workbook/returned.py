"""A file that came back → the forms it holds, before it is asked whether they are sound.

The hidden sheet lists its forms one after another: a checksum, then the lines it is of. So a file
says by itself whose forms these are; what they ask is asked of the site, never of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from namro.terms import Fault, Place
from namro.workbook.layout import KEY_SHEET, OWN_SHEETS, checksum
from namro.workbook.package import SheetCells, open_sheets

Lines = tuple[tuple[str, ...], ...]
FRESH = "Tải lại biểu mẫu của kỳ này, chép số liệu vào các ô nền vàng rồi gửi lại."


@dataclass(frozen=True)
class FoundForm:
    """What the hidden sheet says of one form: its `lines`; `sound`: their checksum agrees."""

    lines: Lines
    sound: bool

    @property
    def key(self) -> Mapping[str, str]:
        """Which form it is; nothing where the lines were altered."""
        return self._told("key") if self.sound else {}

    @property
    def labels(self) -> Mapping[str, str]:
        """What people call its unit, round and receiver."""
        return self._told("label") if self.sound else {}

    def _told(self, kind: str) -> dict[str, str]:
        return {x[1]: x[2] if len(x) > 2 else "" for x in self.lines if x[0] == kind and x[1:]}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of its tabs, in their order."""
        named = (line[1].rpartition("!")[0] for line in self.cells if len(line) > 1)
        return tuple(dict.fromkeys(named))

    @property
    def cells(self) -> Lines:
        """The lines that say which cell asks what."""
        return tuple(line for line in self.lines if line[0] == "cell")

    @property
    def seen(self) -> int | None:
        """How much its author had before them, as the layout said; None where it says nothing."""
        told = [line[1] for line in self.lines if line[0] == "seen" and len(line) > 1]
        return int(told[0]) if told and re.fullmatch(r"[0-9]{1,18}", told[0]) else None


@dataclass(frozen=True)
class Returned:
    """A file opened: its sheets by name, hidden ones too, and its forms (none: no hidden sheet)."""

    name: str
    sheets: Mapping[str, SheetCells]
    forms: tuple[FoundForm, ...]

    def form_of(self, key: Mapping[str, str]) -> FoundForm | None:
        """The form of this key; else the first, which will be told to be another's."""
        same = (form for form in self.forms if form.key == key)
        return next(same, self.forms[0] if self.forms else None)

    def unread(self) -> Iterator[Fault]:
        """A notice where sheets were added that belong to no form."""
        known = {*OWN_SHEETS, KEY_SHEET, *(s for form in self.forms for s in form.sheets)}
        names = [n for n, cells in self.sheets.items() if cells.values and n not in known]
        if names:
            yield Fault(
                "SHEETS_NOT_READ",
                f"Trang tính thêm vào không được đọc: {', '.join(f'“{n}”' for n in names)}.",
                "Tài liệu kèm theo gửi ở mục minh chứng.",
                Place(self.name),
            )

    def no_key(self) -> Fault:
        """What is said of a file without the hidden sheet."""
        return Fault(
            "KEY_MISSING",
            "Tệp không có trang khóa của biểu mẫu: có thể là bảng tự lập, hoặc số liệu đã được "
            "chép sang một tệp khác.",
            FRESH,
            Place(self.name),
        )


def open_returned(file: Path, name: str = "") -> Returned:
    """Open a file that came back. `name`: what it is called, where not as it lies on the disk.

    Raises package.Unreadable (its fault says why and the mend), OSError if there is no file.
    """
    sheets = open_sheets(file)
    hidden = sheets.get(KEY_SHEET)
    return Returned(name or file.name, sheets, tuple(_forms(hidden)) if hidden else ())


def _forms(hidden: SheetCells) -> Iterator[FoundForm]:
    rows = groupby(sorted(hidden.values), key=lambda address: address[0])
    lines = [tuple(str(hidden.values[address]) for address in group) for _, group in rows]
    starts = [at for at, line in enumerate(lines) if line[0] == "checksum"]
    if not starts or starts[0]:
        yield FoundForm(tuple(lines), sound=False)
        return
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        told = lines[start + 1 : end]
        yield FoundForm(tuple(told), lines[start] == ("checksum", checksum(told)))
