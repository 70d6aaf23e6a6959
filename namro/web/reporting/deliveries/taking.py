"""One file of a delivery: all its forms are read, then all are taken, or none of them is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from namro.terms import Fault
from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import queries, rights
from namro.web.reporting.chain import gate
from namro.web.reporting.deliveries.rules import FormOutcome, sending_id
from namro.web.reporting.form import entries, workbooks
from namro.web.reporting.form.drafts import ApprovedReturn, LockedReturn, allow_report, journal
from namro.web.reporting.form.merging import Origin
from namro.web.reporting.models import Duty, Sending, Submission
from namro.web.reporting.records import fault_copies
from namro.web.reporting.rules import Status
from namro.workbook import (
    Cell,
    FoundForm,
    Layout,
    Marked,
    ReadReturn,
    Returned,
    Unreadable,
    open_returned,
    read_form,
)

_LATE = (LockedReturn, ApprovedReturn, NotAllowed, entries.UnknownElement, entries.TooLong)
"""What may still come between reading a form and taking it."""
_APPROVED = Fault(
    "APPROVED",
    "Báo cáo này đã được duyệt; chưa nạp số nào từ biểu.",
    "Cần sửa số đã duyệt thì mở biểu trên trang, chọn đính chính số liệu rồi nạp tệp tại đó.",
)


_WRONG_UNIT = (
    "Bỏ biểu này khỏi tệp, hoặc nhờ người lập báo cáo của đơn vị đó, hay nơi nhận báo cáo, nạp."
)


@dataclass
class ToldForm:
    """What became of one form, or of a file without any."""

    sheet: str = ""
    whose: str = ""
    duty: Duty | None = None
    on_behalf: bool = False  # brought in by who receives the return
    submission: Submission | None = None  # the draft it went into
    outcome: FormOutcome = FormOutcome.REFUSED
    changed: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    layout: Layout | None = None  # what it was read by: None where it was not recognised
    found: ReadReturn | None = None


def refused(fault: Fault) -> list[ToldForm]:
    """A file that cannot be read at all."""
    return [ToldForm(faults=[fault])]


def take_file(
    path: Path, name: str, *, by: User, at: datetime, copy: Path
) -> tuple[list[ToldForm], bool]:
    """Read every form of a workbook and take all that say something new, or none where one cannot
    be taken; give what became of each, and whether a copy with the faults was written to `copy`.

    Never raises for what is in the file. The caller's transaction may span it.
    """
    try:
        returned = open_returned(path, name)
    except Unreadable as why:
        return refused(why.fault), False
    if not returned.forms:
        return refused(returned.no_key()), False
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    told = [_read(returned, form, sha256, by, at) for form in returned.forms]
    told[0].notices += returned.unread()
    if not any(one.faults for one in told):
        _take(told, path, name, sha256, by, at)
    if any(one.faults for one in told):
        return told, _copied(told, returned, copy)
    return told, False


def _read(returned: Returned, form: FoundForm, sha256: str, by: User, at: datetime) -> ToldForm:
    """Whose form it is, whether it may be taken, and whether it says anything new."""
    told = ToldForm(form.sheets[0] if form.sheets else "", _whose(form))
    duty = duty_of(form.key)
    if duty is None:
        told.faults.append(_unknown(form, told.whose))
        return told
    try:
        told.on_behalf = _on_behalf(by, duty, at)
    except NotAllowed as why:
        told.faults.append(Fault("WRONG_UNIT", str(why), _WRONG_UNIT))
        return told
    told.duty = duty
    if sent := Sending.objects.filter(pk=sending_id(sha256, duty.pk), duty=duty).first():
        told.outcome = FormOutcome.UNCHANGED
        told.notices.append(_sent_before(sent))
        return told
    _compare(told, returned, duty, at)
    return told


def _on_behalf(by: User, duty: Duty, at: datetime) -> bool:
    """Whether the form is brought in for another unit, by who receives its return. Raises
    NotAllowed."""
    try:
        allow_report(by, duty, at)
    except NotAllowed:
        if not rights.may_enter_for(by, duty.unit_id, duty.receiver_id, clock.day_of(at)):
            raise
        return True
    return False


def _compare(told: ToldForm, returned: Returned, duty: Duty, at: datetime) -> None:
    last = queries.last_of(duty)
    layout = workbooks.layout_in(returned, duty, last)
    found = read_form(returned, layout)
    told.faults, told.notices = list(found.errors), list(found.notices)
    told.layout, told.found = (layout, found) if found.recognised else (None, None)
    if told.faults:
        return
    if not says_more(found, last.values if last else {}):
        told.outcome = FormOutcome.UNCHANGED
        return
    if last and last.status in (Status.SUBMITTED, Status.APPROVED):
        shut = Fault("LOCKED", str(LockedReturn(last)), None)
        told.faults.append(shut if last.status == Status.SUBMITTED else _APPROVED)
        told.layout = None  # nothing in its cells is to be mended
        return
    told.outcome = FormOutcome.TAKEN
    if lock := gate.lock_of(duty, at):
        told.notices.append(Fault("LOCKED_ROUND", lock.sentence(), None))


def duty_of(key: Mapping[str, str]) -> Duty | None:
    """The duty that a form's key names."""
    number = key.get("round", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    words = ("round__plan", "unit", "receiver")
    named = Duty.objects.filter(
        round=int(number), unit__code=key.get("unit", ""), receiver__code=key.get("receiver", "")
    )
    return named.select_related(*words).first()


def _whose(form: FoundForm) -> str:
    told = form.labels
    named = [told.get("unit", ""), told.get("round", "")]
    named += [f"gửi {told['receiver']}"] if told.get("receiver") else []
    return ", ".join(part for part in named if part)[:250]


def _unknown(form: FoundForm, whose: str) -> Fault:
    if not form.sound:
        said = "Trang khóa của biểu mẫu đã bị sửa."
        return Fault("KEY_ALTERED", said, "Tải lại biểu mẫu, nhập số liệu rồi gửi lại.")
    return Fault(
        "NO_DUTY",
        f"Không có nghĩa vụ báo cáo nào như biểu ghi ({whose}).",
        "Kiểm tra lại đợt và đơn vị; tải lại biểu mẫu của đợt này.",
    )


def _sent_before(sent: Sending) -> Fault:
    said = f"Chính tệp này đã được nạp lúc {say_moment(sent.at)}; không thay đổi gì."
    return Fault("SENT_BEFORE", said, None)


def says_more(found: ReadReturn, kept: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a form says anything that the return does not hold already; blanks say nothing."""
    return any(_is_new(cell, kept.get(slug) or {}) for slug, cell in found.values.items())


def _is_new(cell: Cell, entry: Mapping[str, Any]) -> bool:
    if cell.value is not None and not _same(cell.value, entry):
        return True
    return cell.note is not None and cell.note != (entry.get("note") or "")


def _same(value: Any, entry: Mapping[str, Any]) -> bool:
    before = entries.told(entry)
    return before is not None and before == value and type(before) is type(value)


def _take(
    told: Iterable[ToldForm], path: Path, name: str, sha256: str, by: User, at: datetime
) -> None:
    """All forms with something new, in one transaction."""
    new = [one for one in told if one.outcome is FormOutcome.TAKEN]
    if not new:
        return
    kept, one = workbooks.keep(path, name), new[0]
    try:
        with transaction.atomic():
            for one in new:
                _take_one(one, kept, sha256, by, at)
    except _LATE as why:  # another was faster: of this file nothing is taken
        one.faults.append(Fault("LOCKED", str(why), None))
        one.layout = None


def _take_one(one: ToldForm, kept: tuple[str, str], sha256: str, by: User, at: datetime) -> None:
    assert one.duty is not None and one.found is not None
    last = queries.last_of(one.duty)
    before = last.values if last else {}
    found, origin = one.found, Origin.EXCEL
    if one.on_behalf:  # what the unit said itself stays its own word
        found, origin = _only_new(found, before), Origin.FOR_UNIT
    key = sending_id(sha256, one.duty.pk)
    draft = workbooks.take(
        one.duty, found, kept, by, at, client_id=key, origin=origin, correcting=False
    )
    one.submission = draft
    one.waiting = sum(1 for entry in draft.landed.values() if entry and entry.aside)
    one.changed = _differences(before, draft)
    one.outcome = FormOutcome.CONFLICT if one.waiting else FormOutcome.TAKEN
    if one.on_behalf:
        said = f"Nhập thay {draft} từ tệp “{kept[1]}”: {one.changed} ô, {one.waiting} ô chờ chọn"
        journal(by, "enter_for", draft, at, said, file=kept[1], sha256=kept[0])


def _only_new(found: ReadReturn, kept: Mapping[str, Mapping[str, Any]]) -> ReadReturn:
    """What a form says that the return does not hold already."""
    new = {}
    for slug, cell in found.values.items():
        entry = kept.get(slug) or {}
        one = replace(
            cell,
            value=cell.value if _is_new(replace(cell, note=None), entry) else None,
            note=cell.note if _is_new(replace(cell, value=None), entry) else None,
        )
        if one.value is not None or one.note is not None:
            new[slug] = one
    return replace(found, values=new)


def _differences(before: Mapping[str, Mapping[str, Any]], draft: Submission) -> int:
    """How many cells (figures and notes) now show something else."""
    count = 0
    for slug, entry in draft.values.items():
        was = before.get(slug) or {}
        count += (entry.get("value"), entry.get("typed") or "") != (
            was.get("value"),
            was.get("typed") or "",
        )
        count += (entry.get("note") or "") != (was.get("note") or "")
    return count


def _copied(told: list[ToldForm], returned: Returned, copy: Path) -> bool:
    """Write the copy of a file that was not taken, of the forms that can be mended in it or are
    sound; tell each what became of it."""
    for one in told:
        if one.faults:
            one.outcome = FormOutcome.REFUSED
        elif one.outcome is not FormOutcome.UNCHANGED:
            one.outcome, one.changed, one.waiting = FormOutcome.WITHHELD, 0, 0
            one.submission = None
    forms = [Marked(one.layout, one.faults) for one in told if one.layout]
    if not forms or (len(told) == 1 and not forms[0].faults):
        return False
    fault_copies.write_forms(copy, returned, forms)
    return True
