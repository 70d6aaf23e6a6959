"""Forms of many duties out: one workbook with a tab each, or a zip of workbooks as it is made."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from namro.vietnamese import tidy
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.deliveries.rules import tab_name
from namro.web.reporting.form.sheets import asked_for
from namro.web.reporting.form.workbooks import SHEET, form_of
from namro.web.reporting.models import Duty
from namro.workbook import MOST_FORMS, Form, write_many

MOST_FILES = 1_000  # workbooks in one zip; more go out as several, see `parts_of`
_AT_ONCE = 50
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


class TooManyForms(ValueError):
    """More forms than a file or a zip holds, or none; the message is Vietnamese."""


def allow_many(count: int, most: int, what: str) -> None:
    """Raise TooManyForms."""
    if not count:
        raise TooManyForms("Không có biểu nào như đã chọn.")
    if count > most:
        raise TooManyForms(
            f"Đã chọn {count} biểu; {what} chứa nhiều nhất {most} biểu. Hãy lọc bớt rồi tải từng "
            "phần."
        )


def parts_of(count: int) -> list[tuple[int, int]]:
    """The zips that so many forms fill: the first and last form of each, counted from 1."""
    return [
        (first, min(first + MOST_FILES - 1, count)) for first in range(1, count + 1, MOST_FILES)
    ]


def one_workbook(duties: Sequence[Duty], own: Collection[int], sight: Sight | None = None) -> bytes:
    """All forms in one workbook, a tab each. `own`: the units whose drafts may be shown; `sight`:
    of who takes them out (None: who sees all).

    Raises TooManyForms.
    """
    allow_many(len(duties), MOST_FORMS, "một tệp Excel")
    of_one_unit = len({d.unit_id for d in duties}) == 1
    taken: set[str] = set()
    tabs = {
        d.pk: tab_name(f"{n}. {d.receiver.label if of_one_unit else d.unit.label}", taken)
        for n, d in enumerate(duties, start=1)
    }
    forms = list(_forms(duties, own, tabs, sight))
    allow_many(len(forms), MOST_FORMS, "một tệp Excel")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bieu.xlsx"
        write_many(forms, out)
        return out.read_bytes()


def zip_of(
    duties: Sequence[Duty], own: Collection[int], sight: Sight | None = None
) -> Iterator[bytes]:
    """A workbook for each duty as a zip, piece by piece while it is made: no more than a few forms
    stand in memory. Raises TooManyForms before the first piece."""
    allow_many(len(duties), MOST_FILES, "một gói")
    return zipped(_files(duties, own, sight))


def _files(
    duties: Sequence[Duty], own: Collection[int], sight: Sight | None
) -> Iterator[tuple[str, Path]]:
    names: set[str] = set()
    by_key = {(d.round_id, d.unit.code, d.receiver.code): d for d in duties}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bieu.xlsx"
        for form in _forms(duties, own, {}, sight):
            key = form.layout.key
            duty = by_key[int(key["round"]), key["unit"], key["receiver"]]
            write_many([form], out)
            yield _name(duty, names), out


def _name(duty: Duty, taken: set[str]) -> str:
    """ "Tháng 9.2025/Gửi Sở Nội vụ/Xã Suối Một.xlsx": a name once only."""
    parts = (duty.round.label, f"Gửi {duty.receiver.label}", duty.unit.label)
    path = "/".join(tidy(_UNFIT.sub("-", part)).strip(". ")[:80] or "-" for part in parts)
    name, number = path, 1
    while name.casefold() in taken:
        number += 1
        name = f"{path} ({number})"
    taken.add(name.casefold())
    return f"{name}.xlsx"


def _forms(
    duties: Sequence[Duty], own: Collection[int], tabs: dict[int, str], sight: Sight | None
) -> Iterator[Form]:
    """Each duty's form; duties that ask nothing any more are left out."""
    for start in range(0, len(duties), _AT_ONCE):
        some = duties[start : start + _AT_ONCE]
        asked = asked_for(some)
        for duty in some:
            if asked[duty.pk]:
                yield form_of(
                    duty, draft=duty.unit_id in own, asked=asked[duty.pk],
                    sheet=tabs.get(duty.pk, SHEET), few=sight.hidden(duty) if sight else (),
                )  # fmt: skip


class _Pieces:
    """What a zip is written into: handed on at once, nothing is kept."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing beneath."""

    def close(self) -> None:
        """What was not taken yet stays to be taken."""

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


def zipped(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """(name, file) pairs as a zip, piece by piece; each file is read before the next is asked."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:  # workbooks are compressed
        for name, path in files:
            packed.write(path, name)
            yield out.taken()
    yield out.taken()
