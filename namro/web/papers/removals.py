"""What stands on records that are to be deleted: the papers issued, and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from namro.terms import Period
from namro.vietnamese import format_number
from namro.web.facts import counted, removal_requests
from namro.web.facts.library import library
from namro.web.facts.models import Batch, RemovalRequest
from namro.web.facts.queries import newest_slices
from namro.web.org.models import Unit, UnitAncestor, User
from namro.web.papers import queries
from namro.web.papers.models import IssuedReport


@dataclass(frozen=True)
class Line:
    """Records found in one batch: of which units, whether their slices are the ones that count."""

    batch: Batch
    dataset: str
    column: str
    period: Period
    units: str
    rows: int
    counts: bool


def lines_of(request: RemovalRequest) -> list[Line]:
    """What a request concerns, batch by batch."""
    names = dict(Unit.objects.values_list("pk", "name"))
    known, found = library().datasets, []
    for one, batch in removal_requests.concerned(request):
        ids = [int(unit) for unit in one["units"]]
        dataset = known.get(one["dataset"])
        column = dataset.columns[one["column"]].title if dataset else one["column"]
        told = "; ".join(
            f"{names[int(unit)]} ({format_number(rows)})" for unit, rows in one["units"].items()
        )
        counts = newest_slices(ids).filter(batch=batch).exists()
        found.append(
            Line(
                batch, dataset.title if dataset else one["dataset"], column,
                Period.of(batch.period), told, sum(one["units"].values()), counts,
            )
        )  # fmt: skip
    return found


def papers_on(request: RemovalRequest, viewer: User, on: date) -> list[IssuedReport]:
    """The papers issued, in sight, some figure of which may have counted the records concerned."""
    found = list(removal_requests.concerned(request))
    reports = list(queries.reports_for(viewer, on))
    return [r for r in reports if any(_rests_on(r, one["units"], batch) for one, batch in found)]


def _rests_on(report: IssuedReport, units: dict[str, int], batch: Batch) -> bool:
    """A paper whose period, moment, units and measures take the batch in; in doubt, it does."""
    if batch.recorded_at > report.as_of or not _counts(report, batch.dataset):
        return False
    if not counted.may_reach(batch.dataset, Period.of(report.period), Period.of(batch.period)):
        return False
    about = Unit.objects.get(code=report.contents["facts"]["about"]["code"])
    ids = {int(unit) for unit in units}
    beneath = UnitAncestor.objects.filter(ancestor=about, unit__in=ids)
    return about.pk in ids or beneath.exists()


def _counts(report: IssuedReport, dataset: str) -> bool:
    return any(dataset in counted.datasets_of(slug) for slug in report.definitions)


def checked(reports: list[IssuedReport], viewer: User) -> Iterator[tuple[IssuedReport, int]]:
    """Each paper with how many of its figures a new computation gives otherwise (none: 0)."""
    for report in reports:
        yield report, len(queries.recompute(report, viewer))
