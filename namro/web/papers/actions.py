"""Writes: the draft being prepared, and issuing. Check, do, journal — one transaction."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from namro.terms import Period
from namro.vietnamese import capitalised
from namro.web.facts import actions as facts
from namro.web.facts.library import keep_texts, library
from namro.web.frame import files
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.papers import contents as paper
from namro.web.papers import figures, rules
from namro.web.papers.defaults import carrying_out, head_for
from namro.web.papers.models import IssuedReport, ReportDraft
from namro.web.papers.rules import FaultyPaper, Form, Head
from namro.web.plans.models import Plan
from namro.writing import Report, Stamp, write_report
from namro.writing.style import profile_for


class StaleDraft(Exception):
    """Someone else saved the draft meanwhile; the message is Vietnamese, for the page."""


class NumberTaken(ValueError):
    """A report of this unit already bears the number that day; the message is Vietnamese."""


@transaction.atomic
def save_draft(
    *,
    plan: Plan,
    unit: Unit,
    period_code: str,
    fields: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
) -> ReportDraft:
    """Keep what a person wrote for a report (lưu dự thảo). Raises StaleDraft, NotAllowed."""
    allow(by, Verb.PREPARE_PAPER, unit, on=timezone.localtime(at).date())
    draft, is_new = ReportDraft.objects.get_or_create(
        plan=plan, unit=unit, period=period_code, defaults={"saved_by": by, "saved_at": at}
    )
    saved = ReportDraft.objects.filter(pk=draft.pk, version=0 if is_new else version).update(
        fields=dict(fields), version=(0 if is_new else version) + 1, saved_by=by, saved_at=at
    )
    if not saved:
        raise StaleDraft(
            f"Đồng chí {draft.saved_by.full_name} vừa lưu dự thảo này. Nội dung đang nhập còn trên "
            "trang; hãy sao lại phần cần giữ rồi tải lại trang."
        )
    draft.refresh_from_db()
    return draft


@dataclass(frozen=True)
class Wanted:
    """What a report is to be: its form, head, words, number and day. Checked on making."""

    form: Form
    head: Head
    words: Mapping[str, str]
    number: str
    issued_on: date

    def __post_init__(self) -> None:
        rules.check_head(self.head)
        rules.check_words(self.words)
        rules.check_number(self.number)
        try:
            profile_for(self.form, self.issued_on)
        except ValueError as why:
            raise FaultyPaper(f"{why}.") from why


def freeze(
    *,
    plan: Plan,
    unit: Unit,
    period_code: str,
    as_of: datetime,
    wanted: Wanted,
    viewer: User | None,
) -> paper.Contents:
    """The contents as they would be issued: nothing is written. Raises NotAllowed."""
    period = Period.of(period_code)
    view = figures.view_of(plan, unit, period, as_of, viewer=viewer)
    return paper.contents_of(
        figures.freeze(plan, view),
        form=wanted.form,
        head=wanted.head,
        words=rules.check_words(wanted.words),
        number=wanted.number,
        issued_on=wanted.issued_on,
    )


def issue_report(
    *,
    plan: Plan,
    unit: Unit,
    period_code: str,
    form: str,
    number: str,
    issued_on: date,
    as_of: datetime,
    by: User | None,
    at: datetime,
    head: Head | None = None,
    words: Mapping[str, str] | None = None,
) -> IssuedReport:
    """Issue a report: freeze what it rests on, write .docx and .pdf, keep both (phát hành báo cáo).

    `unit` issues; who issued the plan reports on its whole area, any other unit on its own. `head`
    and `words` default to the usual ones. Raises FaultyPaper, NumberTaken, NotAllowed.
    """
    if by:
        allow(by, Verb.ISSUE_PAPER, unit, on=timezone.localtime(at).date())
    period = _period(period_code)
    rules.check_days(
        issued_on, as_of, timezone.localtime(as_of).date(), at, timezone.localtime(at).date()
    )
    body, chosen = (plan.issuer if unit.pk == plan.root_id else unit), rules.form_of(form)
    wanted = Wanted(
        form=chosen,
        head=head or head_for(plan, body, chosen, period, issued_on),
        words=words or usual_words(plan, body, period),
        number=rules.tidy_number(number),
        issued_on=issued_on,
    )
    facts.close_until(as_of=as_of)
    frozen = freeze(
        plan=plan, unit=unit, period_code=period_code, as_of=as_of, wanted=wanted, viewer=by
    )
    return _file_away(plan, unit, frozen, by, at)


def _file_away(
    plan: Plan, unit: Unit, frozen: paper.Contents, by: User | None, at: datetime
) -> IssuedReport:
    """Write the files, then the row and its line in the journal, together or not at all."""
    code = rules.code_from(secrets.token_bytes(12))
    docx, pdf = _keep_files(frozen, code, at)
    with transaction.atomic():
        _refuse_taken_number(unit, frozen)
        _keep_definitions(frozen, at)
        report = _row(plan, unit, frozen, by, at)
        report.verification_code, report.docx_sha256, report.pdf_sha256 = code, docx, pdf
        try:
            with transaction.atomic():
                report.save(force_insert=True)
        except IntegrityError as why:
            raise _taken(unit, frozen) from why
        record(
            by,
            "papers.issue_report",
            report,
            at=at,
            summary=f"Phát hành báo cáo {report.full_number} kỳ {Period.of(report.period).label}",
            unit_code=unit.code,
            contents=report.contents_sha256,
            docx=docx,
            pdf=pdf,
            code=code,
        )
    return report


def _period(code: str) -> Period:
    try:
        return Period.of(code)
    except ValueError as why:
        raise FaultyPaper(str(why)) from why


def usual_words(plan: Plan, unit: Unit, period: Period) -> dict[str, str]:
    """The words a report begins with: only the opening, since nothing else follows from facts."""
    carried = capitalised(carrying_out(plan))
    opening = f"{carried}, {unit.name} báo cáo kết quả {period.label} như sau:"
    return {**dict.fromkeys(rules.WORDS, ""), "opening": opening}


def stamp_for(frozen: paper.Contents, *, code: str, at: datetime) -> Stamp:
    """The stamp of a paper: a small appendix that makes it checkable."""
    return paper.stamp_of(frozen, code=code, issued_at=at)


def render(report: Report, kind: str) -> bytes:
    """The report as a file of a kind ("docx" or "pdf")."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"bao-cao.{kind}"
        write_report(report, out)
        return out.read_bytes()


def _keep_files(frozen: paper.Contents, code: str, at: datetime) -> tuple[str, str]:
    """Write both files and keep them by what they hold; give their SHA-256."""
    report = paper.report_of(frozen, stamp_for(frozen, code=code, at=at))
    docx, _ = files.keep([render(report, "docx")])
    pdf, _ = files.keep([render(report, "pdf")])
    return docx, pdf


def _keep_definitions(frozen: paper.Contents, at: datetime) -> None:
    """Keep the text of every definition the paper rests on, so that it can be computed again."""
    known = library().measures
    used = figures.measures_of(frozen["facts"]["figures"])
    keep_texts([known[slug] for slug in used], at=at)


def _row(
    plan: Plan, unit: Unit, frozen: paper.Contents, by: User | None, at: datetime
) -> IssuedReport:
    """The row of an issued paper, still without its code and files."""
    issued_on, head = date.fromisoformat(frozen["issued_on"]), Head.from_json(frozen["head"])
    facts = frozen["facts"]
    return IssuedReport(
        plan=plan,
        unit=unit,
        form=frozen["form"],
        profile=profile_for(frozen["form"], issued_on).code,
        period=facts["period"],
        as_of=datetime.fromisoformat(facts["as_of"]),
        number=frozen["number"],
        symbol=head.symbol,
        title=head.title,
        issued_on=issued_on,
        contents=frozen,
        contents_sha256=rules.fingerprint(frozen),
        definitions=figures.measures_of(facts["figures"]),
        issued_by=by,
        issued_at=at,
    )


def _refuse_taken_number(unit: Unit, frozen: paper.Contents) -> None:
    """A number serves once a year for a unit and a symbol; a blank one is filled in by hand."""
    same = IssuedReport.objects.filter(
        unit=unit,
        symbol=frozen["head"]["symbol"],
        number=frozen["number"],
        issued_on__year=date.fromisoformat(frozen["issued_on"]).year,
    )
    if frozen["number"] and same.exists():
        raise _taken(unit, frozen)


def _taken(unit: Unit, frozen: paper.Contents) -> NumberTaken:
    return NumberTaken(
        f"Số {frozen['number']} ký hiệu {frozen['head']['symbol']} của {unit.name} đã dùng trong "
        f"năm {frozen['issued_on'][:4]}. Hãy ghi số khác."
    )
