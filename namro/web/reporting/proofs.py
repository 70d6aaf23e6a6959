"""Evidence of a return while it is being filled in: files, links, taken off again (minh chứng)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from namro.web.org.models import User
from namro.web.reporting import entries
from namro.web.reporting.drafts import LockedReturn, allow_report, journal, open_draft
from namro.web.reporting.models import Duty, Evidence, Submission
from namro.web.reporting.proof_files import checked_link, keep_proof
from namro.web.reporting.rules import Status


@transaction.atomic
def attach(
    *,
    duty: Duty,
    element: str,
    file_name: str,
    chunks: Iterable[bytes],
    by: User | None,
    at: datetime,
) -> Evidence:
    """Add a file of proof to the draft, for one figure or ("") the whole return (minh chứng).

    Raises NotAllowed, LockedReturn, FaultyFile, entries.UnknownElement.
    """
    draft = _draft_for(duty, element, by, at)
    sha256, size, name = keep_proof(file_name, chunks)
    proof, is_new = Evidence.objects.get_or_create(
        submission=draft,
        element=element,
        sha256=sha256,
        defaults={"file_name": name, "size": size, "added_by": by, "added_at": at},
    )
    if is_new:
        journal(by, "attach", draft, at, f"Đính kèm {name} vào {draft}", sha256=sha256)
    return proof


@transaction.atomic
def attach_link(*, duty: Duty, element: str, link: str, by: User | None, at: datetime) -> Evidence:
    """Name a page on the web as proof of a figure, or ("") of the whole return.

    Raises NotAllowed, LockedReturn, FaultyFile, entries.UnknownElement.
    """
    link = checked_link(link)
    draft = _draft_for(duty, element, by, at)
    proof, is_new = Evidence.objects.get_or_create(
        submission=draft,
        element=element,
        link=link,
        defaults={"file_name": link[:255], "size": 0, "added_by": by, "added_at": at},
    )
    if is_new:
        journal(by, "attach", draft, at, f"Dẫn trang {link} làm minh chứng của {draft}", link=link)
    return proof


def _draft_for(duty: Duty, element: str, by: User | None, at: datetime) -> Submission:
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    if element and element not in duty.elements:
        raise entries.UnknownElement("Biểu này không hỏi số liệu đã chọn. Hãy tải lại trang.")
    return open_draft(duty, by, at)


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
