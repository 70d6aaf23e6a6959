"""A duty's form as an Excel file, out to the unit and back in (biểu Excel)."""

from __future__ import annotations

import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from namro.terms import Fault
from namro.web.frame import files
from namro.web.frame.days import say_moment
from namro.web.org.models import User
from namro.web.reporting import entries, queries
from namro.web.reporting.drafts import LockedReturn, allow_report, save_draft
from namro.web.reporting.known_values import KnownValue, known_of
from namro.web.reporting.merging import Origin
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.rules import Status
from namro.web.reporting.sheets import asked_of
from namro.workbook import Layout, ReadReturn, Sheet, read, write

SHEET = "Biểu 1"
_CHUNK = 1 << 16


class FaultyWorkbook(Exception):
    """A returned form that cannot be taken; `faults` name the cells. Nothing was saved."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(" ".join(f.message for f in faults))


def layout_of(
    duty: Duty, version: int, asked: list[entries.Asked] | None = None, *, seen: int | None = None
) -> Layout:
    """The form of one version of a duty's return, showing all entries up to `seen`.

    ValueError where nothing is asked.
    """
    rows = tuple(a.row for a in (asked_of(duty) if asked is None else asked))
    return Layout(
        key={
            "round": str(duty.round_id),
            "unit": duty.unit.code,
            "receiver": duty.receiver.code,
            "version": str(version),
        },
        title="Biểu số liệu thực hiện kế hoạch",
        unit_name=duty.unit.name,
        period_label=duty.round.label,
        due_label=say_moment(duty.due),
        sheets=(Sheet(SHEET, rows),),
        receiver_name=duty.receiver.name,
        seen=seen,
    )


def version_open(last: Submission | None) -> int:
    """The version that a form taken out now is for: the draft, or the one that would come next."""
    if last is None:
        return 1
    return last.version if last.status in (Status.DRAFT, Status.SUBMITTED) else last.version + 1


def workbook_of(duty: Duty, *, draft: bool = True) -> bytes:
    """The form as .xlsx, filled with what is known so far (xuất biểu Excel).

    `draft` False: for eyes outside the unit, which never see what is still being filled in.
    """
    last = queries.last_of(duty)
    if not draft and last and last.sent_at is None:  # still within its unit
        return _written(duty, last.version, queries.handed_in_of(duty))
    return _written(duty, version_open(last), last, known_of(duty))


def workbook_of_version(submission: Submission) -> bytes:
    """One version as .xlsx, as it was handed in."""
    return _written(submission.duty, submission.version, submission)


def _written(
    duty: Duty,
    version: int,
    filled: Submission | None,
    known: dict[str, KnownValue] | None = None,
) -> bytes:
    asked = asked_of(duty)
    kept = filled.values if filled else {}
    values: dict[str, Decimal | None] = {}
    notes: dict[str, str] = {}
    for one in asked:
        slug = one.element.slug
        entry = kept.get(slug) or {}
        value = entries.told(entry)
        if known and slug not in kept and slug in known:
            value = known[slug].value
        # "Not yet" is kept as 0 for a date, which a date cell cannot show: it goes out blank.
        values[slug] = None if one.element.kind != "number" and not value else value
        notes[slug] = entry.get("note") or ""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bieu.xlsx"
        layout = layout_of(duty, version, asked, seen=filled.lock if filled else 0)
        write(layout, values, out, notes)
        return out.read_bytes()


def receive_workbook(
    *, duty: Duty, path: Path, file_name: str, by: User | None, at: datetime
) -> Submission:
    """Take a returned form in (nhận biểu Excel): the draft filled, each value with its cell.

    Only what differs from what the file showed when it was taken out is said; where another has
    said something else meanwhile, it waits for a person to choose (`landed` on the draft). The
    draft carries `notices`, faults that are only worth knowing. A blank cell never wipes out what
    was filled in on the page. The file is kept by SHA-256. Raises FaultyWorkbook (nothing saved),
    LockedReturn, NotAllowed.
    """
    allow_report(by, duty, at)
    last = queries.last_of(duty)
    if last and last.status == Status.SUBMITTED:
        raise LockedReturn(last)
    found = read(path, layout_of(duty, version_open(last)))
    if found.errors:
        raise FaultyWorkbook(found.errors)
    sha256, _ = files.keep(_chunks(path))
    draft = save_draft(
        duty=duty,
        values=_values(found),
        seen=found.seen or 0,
        by=by,
        at=at,
        workbook=(sha256, file_name),
        origin=Origin.EXCEL,
    )
    draft.notices = found.notices
    return draft


def _chunks(path: Path):
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def _values(found: ReadReturn) -> dict[str, dict[str, object]]:
    values: dict[str, dict[str, object]] = {}
    for slug, cell in found.values.items():
        told: dict[str, object] = {} if cell.note is None else {"note": cell.note}
        if cell.value is not None:
            told |= {"value": cell.value, "cell": cell.cell}
        if told:
            values[slug] = told
    return values
