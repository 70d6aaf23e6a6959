"""Evidence of a return while it is being filled in: files, links, taken off again (minh chứng)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from namro.web.org.models import User
from namro.web.reporting.form import entries
from namro.web.reporting.form.drafts import LockedReturn, allow_report, journal, open_draft
from namro.web.reporting.models import Duty, Evidence, Sending
from namro.web.reporting.proof.proof_files import checked_link, keep_proof
from namro.web.reporting.rules import Status


class TakenOff(Exception):
    """What a device sends again was kept and then taken off: it does not come back."""


@transaction.atomic
def attach(
    *,
    duty: Duty,
    element: str,
    file_name: str,
    chunks: Iterable[bytes],
    by: User | None,
    at: datetime,
    sending: UUID | None = None,
    correcting: bool = True,
) -> Evidence:
    """Add a file of proof to the draft, for one figure or ("") the whole return (minh chứng).

    Repeated with the same `sending` it changes nothing. `correcting` False: an approved return is
    not opened again. Raises NotAllowed, LockedReturn, ApprovedReturn, FaultyFile, TakenOff,
    entries.UnknownElement.
    """
    _lock(duty, element, by, at)
    if known := _sent_before(duty, sending):
        return known
    draft = open_draft(duty, by, at, correcting=correcting)
    sha256, size, name = keep_proof(file_name, chunks)
    proof, is_new = Evidence.objects.get_or_create(
        submission=draft,
        element=element,
        sha256=sha256,
        defaults={"file_name": name, "size": size, "added_by": by, "added_at": at},
    )
    if is_new:
        journal(by, "attach", draft, at, f"Đính kèm {name} vào {draft}", sha256=sha256)
    _remember(duty, sending, proof, by, at)
    return proof


@transaction.atomic
def attach_link(
    *,
    duty: Duty,
    element: str,
    link: str,
    by: User | None,
    at: datetime,
    sending: UUID | None = None,
    correcting: bool = True,
) -> Evidence:
    """Name a page on the web as proof of a figure, or ("") of the whole return.

    `sending`, `correcting` and what is raised: as for a file (see `attach`).
    """
    link = checked_link(link)
    _lock(duty, element, by, at)
    if known := _sent_before(duty, sending):
        return known
    draft = open_draft(duty, by, at, correcting=correcting)
    proof, is_new = Evidence.objects.get_or_create(
        submission=draft,
        element=element,
        link=link,
        defaults={"file_name": link[:255], "size": 0, "added_by": by, "added_at": at},
    )
    if is_new:
        journal(by, "attach", draft, at, f"Dẫn trang {link} làm minh chứng của {draft}", link=link)
    _remember(duty, sending, proof, by, at)
    return proof


def _lock(duty: Duty, element: str, by: User | None, at: datetime) -> None:
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    if element and element not in duty.elements:
        raise entries.UnknownElement("Biểu này không hỏi số liệu đã chọn. Hãy tải lại trang.")


def _sent_before(duty: Duty, sending: UUID | None) -> Evidence | None:
    """What the same sending led to before; None where it is new. Raises TakenOff."""
    sent = Sending.objects.filter(pk=sending, duty=duty).first() if sending else None
    if sent is None:
        return None
    known = Evidence.objects.filter(pk=sent.versions.get("proof"), submission__duty=duty).first()
    if known is None:
        raise TakenOff
    return known


def _remember(
    duty: Duty, sending: UUID | None, proof: Evidence, by: User | None, at: datetime
) -> None:
    """Keep what a sending led to; an id that another duty's sending bears says nothing."""
    if sending and not Sending.objects.filter(pk=sending).exists():
        Sending.objects.create(id=sending, duty=duty, by=by, at=at, versions={"proof": proof.pk})


@transaction.atomic
def detach(*, evidence: Evidence, by: User | None, at: datetime) -> None:
    """Take a file off the draft (gỡ minh chứng); from a version handed in nothing is taken."""
    submission = evidence.submission
    assert submission is not None
    allow_report(by, submission.duty, at)
    Duty.objects.select_for_update().get(pk=submission.duty_id)
    submission.refresh_from_db()
    if submission.status != Status.DRAFT:
        raise LockedReturn(submission)
    name = evidence.file_name
    journal(by, "detach", submission, at, f"Gỡ {name} khỏi {submission}", sha256=evidence.sha256)
    evidence.delete()
