"""Six rounds of returns, filled in, handed in and approved by the people whose work it is.

The newest round is left as rounds are: two communes silent, some returns waiting, one sent back,
one half filled in; and one commune answered by Excel, so that a figure can be traced to its cell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from namro.terms import Calendar, Period
from namro.web.config.demo import dossiers
from namro.web.config.demo.values import Drawer
from namro.web.facts.library import library
from namro.web.org.models import Unit, User
from namro.web.org.rules import Kind, Role
from namro.web.plans.models import Plan
from namro.web.reporting import actions
from namro.web.reporting.models import Duty, Round

SILENT = {"03433", "03508"}  # two communes that have not answered the newest round
BY_EXCEL = {"03390", "03388", "03571"}
WAITING, SENT_BACK, HALF = "12-SNV", ("03394", "12-SNV"), ("03390", "12-CAT")
PROOF = "Tài liệu minh chứng trình diễn, không phải văn bản thật.\n".encode()
DOSSIERS_A_MONTH = 52_000


def report(plan: Plan, staff: dict, times, data: Path, step: Callable[[str], None]) -> None:
    """Open each round and fill it; one transaction a round keeps the whole quick and whole."""
    drawer = Drawer.read(data / "values.toml", times.started_on)
    coordinator = staff["12-VP", Role.COORDINATOR]
    for number, period in enumerate(times.periods):
        newest = number == len(times.periods) - 1
        with transaction.atomic():
            opened = _open(plan, period, times, coordinator)
            duties = opened.duties.select_related("unit", "receiver", "round").order_by("pk")
            for duty in duties:
                way = number / (len(times.periods) - 1)
                _answer(duty, staff, drawer, way, times, newest)
        step(f"  {period.label}: {duties.count()} báo cáo")


def _open(plan: Plan, period: Period, times, by: User) -> Round:
    last_day = period.last_day(Calendar.ADMINISTRATIVE)
    return actions.open_round(
        plan=plan,
        period_code=period.code,
        due_at=actions.proposed_due_at(period),
        by=by,
        at=times.at(last_day - timedelta(days=9), 8),
    )


def _answer(duty: Duty, staff: dict, drawer: Drawer, way: float, times, newest: bool) -> None:
    """One duty, as its officer and then its reviewer would deal with it."""
    unit, receiver = duty.unit.code, duty.receiver.code
    if newest and unit in SILENT:
        return
    officer = staff[unit, Role.REPORTER]
    last_day = Period.of(duty.round.period).last_day(Calendar.ADMINISTRATIVE)
    at = times.at(last_day + timedelta(days=len(unit) % 2), 10)
    values = {e: _entry(e, drawer.value(e, unit, way)) for e in duty.elements}
    if newest and (unit, receiver) == HALF:
        some = dict(list(values.items())[:2])
        actions.save_draft(duty=duty, values=some, by=officer, at=at)
        return
    submission = _fill(duty, values, officer, at, by_excel=newest and unit in BY_EXCEL)
    submission = actions.submit(submission=submission, by=officer, at=at)
    if newest and receiver == WAITING and duty.unit.kind == Kind.COMMUNE and int(unit) % 24 == 13:
        return
    reviewer = staff[receiver, Role.REVIEWER]
    decided = times.at(last_day + timedelta(days=2), 15)
    if newest and (unit, receiver) == SENT_BACK:
        reason = (
            "Số người được xác nhận hoàn thành chưa khớp danh sách gửi kèm; đề nghị rà soát lại."
        )
        actions.send_back(submission=submission, reason=reason, by=reviewer, at=decided)
        return
    actions.approve(submission=submission, by=reviewer, at=decided)


def _entry(element: str, value: Decimal) -> Decimal | dict:
    """A published figure's mark names the paper that publishes it."""
    if library().elements[element].kind != "mark":
        return value
    return {"value": value, "note": "Thông báo số liệu sơ bộ (trình diễn, không phải thật)"}


def _fill(duty: Duty, values: dict, officer: User, at: datetime, *, by_excel: bool):
    draft = actions.save_draft(duty=duty, values=values, by=officer, at=at)
    if by_excel:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bieu-so-lieu.xlsx"
            path.write_bytes(actions.workbook_of(duty))
            draft = actions.receive_workbook(
                duty=duty, path=path, file_name=path.name, by=officer, at=at
            )
    if any(library().elements[e].evidence for e in duty.elements):
        actions.attach(
            duty=duty, element="", file_name="minh-chung.txt", chunks=[PROOF], by=officer, at=at
        )
    return draft


def take_dossiers(by: User, units: dict[str, Unit], times, step: Callable[[str], None]) -> None:
    """One file of dossiers a period, taken in through the door that raw records come by."""
    owners = [
        u.code
        for u in sorted(units.values(), key=lambda u: u.code)
        if u.kind in (Kind.DEPARTMENT, Kind.COMMUNE, Kind.WARD)
    ]
    for number, period in enumerate(times.periods):
        way = number / (len(times.periods) - 1)
        last_day = period.last_day(Calendar.ADMINISTRATIVE)
        at = times.at(last_day + timedelta(days=1), 7)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"ho-so-{period.code}.csv"
            dossiers.write_month(
                period, owners, DOSSIERS_A_MONTH, way, path, seed=period.first, until=times.today
            )
            sent = actions.receive_records(
                dataset="dossiers",
                period_code=period.code,
                file_name=path.name,
                chunks=[path.read_bytes()],
                by=by,
                at=at,
            )
        checked = actions.check_records(record_file=sent, at=at)
        if checked.faults:
            raise RuntimeError(checked.faults[0]["message"])
        step(f"  {period.label}: {DOSSIERS_A_MONTH} hồ sơ")
