"""Reads: papers in sight, the one a code or a file belongs to, whether its figures still hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from namro.terms import Period
from namro.web.frame import files
from namro.web.org.models import Unit, User
from namro.web.org.queries import home_unit, may, units_within
from namro.web.org.rules import Verb
from namro.web.papers import figures, rules
from namro.web.papers.models import IssuedReport, ReportDraft
from namro.web.plans.models import Plan


def reports_for(viewer: User, on: date) -> QuerySet[IssuedReport]:
    """The papers issued by units within the viewer's reach, newest first."""
    units = units_within(viewer, Verb.SEE_PAPERS, on).values("pk")
    rows = IssuedReport.objects.filter(unit__in=units).select_related("unit", "plan", "issued_by")
    return rows.order_by("-issued_on", "-pk")


def drafts_for(viewer: User, on: date) -> QuerySet[ReportDraft]:
    """The drafts of units the viewer may prepare papers for."""
    units = units_within(viewer, Verb.PREPARE_PAPER, on).values("pk")
    return ReportDraft.objects.filter(unit__in=units).select_related(
        "unit", "plan__root", "plan__issuer", "saved_by"
    )


def unit_to_prepare_for(viewer: User, plan: Plan, on: date) -> Unit | None:
    """For whom a person prepares a plan's report: who issued it where they may, else their own."""
    if may(viewer, Verb.PREPARE_PAPER, plan.issuer, on=on):
        return plan.issuer
    home = home_unit(viewer, on)
    return home if home and may(viewer, Verb.PREPARE_PAPER, home, on=on) else None


def draft_of(plan: Plan, unit: Unit, period: Period) -> ReportDraft | None:
    rows = ReportDraft.objects.filter(plan=plan, unit=unit, period=period.code)
    return rows.select_related("saved_by").first()


def next_number(unit: Unit, symbol: str, year: int) -> str:
    """The number after the highest this unit used with the symbol in a year."""
    rows = IssuedReport.objects.filter(unit=unit, symbol=symbol, issued_on__year=year)
    used = [int(n) for n in rows.values_list("number", flat=True) if n.isdigit()]
    return str(max(used) + 1) if used else ""


# --- checking ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What a code or a file turned out to be. `report` None: nothing issued here fits."""

    report: IssuedReport | None
    by_code: bool
    by_file: bool
    file_differs: bool = False  # the code is ours, the file is not the one that was issued

    @property
    def is_sound(self) -> bool:
        return self.report is not None and not self.file_differs


def check(code: str, sha256: str) -> Check:
    """Look for the paper with this code, these bytes, or both. Either may be empty."""
    rows = IssuedReport.objects.select_related("unit", "plan")
    by_file = None
    if sha256:
        by_file = rows.filter(Q(docx_sha256=sha256) | Q(pdf_sha256=sha256)).first()
    if not code.strip():
        return Check(by_file, by_code=False, by_file=bool(by_file))
    by_code = rows.filter(verification_code=rules.tidy_code(code)).first()
    if by_code is None:
        return Check(None, by_code=False, by_file=False)
    same = by_file is not None and by_file.pk == by_code.pk
    return Check(by_code, by_code=True, by_file=same, file_differs=bool(sha256) and not same)


def is_intact(report: IssuedReport) -> bool:
    """Whether the frozen contents and both kept files are as they were issued."""
    if rules.fingerprint(report.contents) != report.contents_sha256:
        return False
    return all(_is_kept(sha) for sha in (report.docx_sha256, report.pdf_sha256))


def _is_kept(sha256: str) -> bool:
    kept = files.path_of(sha256)
    return kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == sha256


@dataclass(frozen=True)
class Difference:
    """A figure that a new computation gives otherwise."""

    code: str
    what: str
    frozen: str
    now: str


_COMPARED = {
    "numerator": "tử số",
    "denominator": "mẫu số",
    "value": "kết quả",
    "counted": "được tính",
    "heard": "đã báo cáo",
    "expected": "phải báo cáo",
    "definition": "cách đo",
}


def recompute(report: IssuedReport, viewer: User) -> list[Difference]:
    """Compute the paper's figures anew, as of its moment; give what differs, if anything."""
    period = Period.of(report.period)
    view = figures.view_of(report.plan, report.unit, period, report.as_of, viewer=viewer)
    now = {f["code"]: f for f in figures.freeze(report.plan, view)["figures"]}
    frozen = report.contents["facts"]["figures"]
    return list(_differences(frozen, now))


def _differences(frozen: list[dict], now: dict[str, dict]) -> Iterable[Difference]:
    for figure in frozen:
        again = now.get(figure["code"], {})
        for key, what in _COMPARED.items():
            if figure[key] != again.get(key):
                yield Difference(figure["code"], what, _shown(figure[key]), _shown(again.get(key)))


def _shown(value: object) -> str:
    if value is None or value == "":
        return "không có"
    text = str(value)
    if "/" in text:
        return f"{float(Fraction(text)):.6g}".replace(".", ",")
    return text if len(text) < 60 else f"{text[:16]}…"
