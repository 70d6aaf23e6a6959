"""A duty's form as an Excel file, out to the unit and back in (biểu Excel)."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from namro.terms import Fault
from namro.web.frame import files
from namro.web.frame.days import say_moment
from namro.web.org.models import User
from namro.web.reporting import queries
from namro.web.reporting.chain.few import KEPT_BACK
from namro.web.reporting.form import entries
from namro.web.reporting.form.drafts import LockedReturn, allow_report, save_draft
from namro.web.reporting.form.known_values import KnownValue, known_of
from namro.web.reporting.form.merging import Origin
from namro.web.reporting.form.sheets import asked_of
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.records import fault_copies
from namro.web.reporting.rules import Status
from namro.workbook import (
    Form,
    Layout,
    ReadReturn,
    Returned,
    Sheet,
    Unreadable,
    open_returned,
    read_form,
    write_many,
)

SHEET = "Biểu 1"
_CHUNK = 1 << 16


class FaultyWorkbook(Exception):
    """A returned form that cannot be taken; `faults` name the cells. Nothing was saved.

    `has_copy`: a copy of the file with its faults marked is there (`fault_copies.path_of_duty`).
    """

    def __init__(self, faults: list[Fault], has_copy: bool = False) -> None:
        self.faults, self.has_copy = faults, has_copy
        super().__init__(" ".join(f.message for f in faults))


def layout_of(
    duty: Duty,
    version: int,
    asked: list[entries.Asked] | None = None,
    *,
    seen: int | None = None,
    sheet: str = SHEET,
) -> Layout:
    """The form of one version of a duty's return, showing all entries up to `seen`.

    `sheet`: the name of its tab, another for each form of a file. ValueError where nothing is
    asked.
    """
    rows = tuple(a.row for a in (asked_of(duty) if asked is None else asked))
    return Layout(
        key={**key_of(duty), "version": str(version)},
        title="Biểu số liệu thực hiện kế hoạch",
        unit_name=duty.unit.name,
        period_label=duty.round.label,
        due_label=say_moment(duty.due),
        sheets=(Sheet(sheet, rows),),
        receiver_name=duty.receiver.name,
        seen=seen,
    )


def key_of(duty: Duty) -> dict[str, str]:
    """What a file says of the duty its form is for."""
    return {
        "round": str(duty.round_id),
        "unit": duty.unit.code,
        "receiver": duty.receiver.code,
    }


def layout_in(returned: Returned, duty: Duty, last: Submission | None) -> Layout:
    """The duty's form as it should stand in a file: under the tab that the file's own key names."""
    version = version_open(last)
    form = returned.form_of({**key_of(duty), "version": str(version)})
    own = form.sheets[0] if form and form.key and form.sheets else SHEET
    try:
        return layout_of(duty, version, sheet=own)
    except ValueError:
        return layout_of(duty, version)  # a tab that no form of ours has: it will be told


def version_open(last: Submission | None) -> int:
    """The version that a form taken out now is for: the draft, or the one that would come next."""
    if last is None:
        return 1
    return last.version if last.status in (Status.DRAFT, Status.SUBMITTED) else last.version + 1


def workbook_of(duty: Duty, *, draft: bool = True, few: Collection[str] = ()) -> bytes:
    """The form as .xlsx, filled with what is known so far (xuất biểu Excel).

    `draft` False: for eyes outside the unit, which never see what is still being filled in. `few`:
    the elements whose values they do not see at all (see `few.Sight`), left blank.
    """
    return _written(form_of(duty, draft=draft, few=few))


def workbook_of_version(submission: Submission, few: Collection[str] = ()) -> bytes:
    """One version as .xlsx, as it was handed in; where values are left out as `few`, it says so."""
    duty = submission.duty
    asked = _without_few(asked_of(duty), few)
    form = _form(duty, submission.version, submission, {}, asked, SHEET)
    blank = {slug: None for slug in few if slug in form.values}
    said = {slug: KEPT_BACK for slug in blank}
    return _written(replace(form, values={**form.values, **blank}, notes={**form.notes, **said}))


def _without_few(asked: list[entries.Asked], few: Collection[str]) -> list[entries.Asked]:
    """What is asked, without what the period before said of the few."""
    return [
        replace(a, previous=None, previous_period="") if a.element.slug in few else a for a in asked
    ]


def form_of(
    duty: Duty,
    *,
    draft: bool = True,
    asked: list[entries.Asked] | None = None,
    sheet: str = SHEET,
    few: Collection[str] = (),
) -> Form:
    """The form of a duty with what is known so far; `draft` and `few` as in `workbook_of`."""
    last, asked = queries.last_of(duty), asked_of(duty) if asked is None else asked
    asked = _without_few(asked, few)
    if not draft and last and last.sent_at is None:  # still within its unit
        form = _form(duty, last.version, queries.handed_in_of(duty), {}, asked, sheet)
    else:
        form = _form(duty, version_open(last), last, known_of(duty), asked, sheet)
    if not few:
        return form
    values = {slug: None if slug in few else value for slug, value in form.values.items()}
    notes = {slug: "" if slug in few else note for slug, note in form.notes.items()}
    return replace(form, values=values, notes=notes)


def _form(
    duty: Duty,
    version: int,
    filled: Submission | None,
    known: dict[str, KnownValue],
    asked: list[entries.Asked],
    sheet: str,
) -> Form:
    kept = filled.values if filled else {}
    values: dict[str, Decimal | None] = {}
    notes: dict[str, str] = {}
    for one in asked:
        slug = one.element.slug
        entry = kept.get(slug) or {}
        value = entries.told(entry)
        if slug not in kept and slug in known:
            value = known[slug].value
        # "Not yet" is kept as 0 for a date, which a date cell cannot show: it goes out blank.
        values[slug] = None if one.element.kind != "number" and not value else value
        notes[slug] = entry.get("note") or ""
    seen = filled.lock if filled else 0
    return Form(layout_of(duty, version, asked, seen=seen, sheet=sheet), values, notes)


def _written(form: Form) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bieu.xlsx"
        write_many([form], out)
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
    try:
        returned = open_returned(path, file_name)
    except Unreadable as why:
        raise FaultyWorkbook([why.fault]) from why
    layout = layout_in(returned, duty, last)
    found = read_form(returned, layout)
    if found.errors:
        raise FaultyWorkbook(
            found.errors, fault_copies.write_of_duty(duty, returned, layout, found)
        )
    draft = take(duty, found, keep(path, file_name), by, at)
    draft.notices = [*found.notices, *returned.unread()]
    return draft


def keep(path: Path, file_name: str) -> tuple[str, str]:
    """Keep a file that was found sound; give its SHA-256 and name."""
    return files.keep(_chunks(path))[0], file_name


def take(
    duty: Duty,
    found: ReadReturn,
    workbook: tuple[str, str],
    by: User | None,
    at: datetime,
    *,
    client_id: UUID | None = None,
    origin: Origin = Origin.EXCEL,
    correcting: bool = True,
) -> Submission:
    """Say into a duty's draft what a sound form says; as `save_draft`, and raises the same."""
    return save_draft(
        duty=duty,
        values=values_of(found),
        seen=found.seen or 0,
        by=by,
        at=at,
        client_id=client_id,
        workbook=workbook,
        origin=origin,
        correcting=correcting,
    )


def _chunks(path: Path):
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def values_of(found: ReadReturn) -> dict[str, dict[str, object]]:
    """What a form says, element by element; blank cells say nothing."""
    values: dict[str, dict[str, object]] = {}
    for slug, cell in found.values.items():
        told: dict[str, object] = {} if cell.note is None else {"note": cell.note}
        if cell.value is not None:
            told |= {"value": cell.value, "cell": cell.cell}
        if told:
            values[slug] = told
    return values
