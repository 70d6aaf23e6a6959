"""The order in which a demonstration is filled: everything through the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import namro
from namro.terms import Period
from namro.web.config.demo import exchanging, issuing, people, planning, returns
from namro.web.org.models import Unit
from namro.web.org.rules import Role

ROUNDS = 6


@dataclass(frozen=True)
class Times:
    """When what happened, derived from today: six rounds, the last one just due."""

    now: datetime
    today: date
    periods: tuple[Period, ...]

    @classmethod
    def before(cls, now: datetime, today: date) -> Times:
        last = Period.month_of(today).shifted(-1)
        return cls(now, today, tuple(last.shifted(i - ROUNDS + 1) for i in range(ROUNDS)))

    @property
    def started_on(self) -> date:
        return self.periods[0].first_day()

    @property
    def deadline_on(self) -> date:
        """The seed has no deadline of its own: who confirms it sets one, here the year's end."""
        return date(self.periods[-1].shifted(1).year, 12, 31)

    def at(self, day: date, hour: int = 9) -> datetime:
        """A moment of a day, never later than now."""
        local = datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())
        return min(local, self.now)


def folder() -> Path:
    """Where `demo/` lies: beside the package in a checkout, inside it when installed."""
    package = Path(namro.__file__).parent
    beside = package.parent / "demo"
    return beside if (beside / "plan.txt").exists() else package / "demo"


def fill(*, today: date, now: datetime, step: Callable[[str], None]) -> dict:
    """Fill the installation the settings name; gives the accounts. `step` is told what is done."""
    times, data = Times.before(now, today), folder()
    start = times.at(times.started_on - timedelta(days=1))
    with transaction.atomic():
        step("Đơn vị, người dùng")
        units = people.load_units(data, start)
        accounts = people.make_accounts(units, start, date(times.started_on.year - 1, 1, 1))
        step("Đọc và xác nhận kế hoạch")
        plan, staff = _plan(times, data, units, start)
    step(f"Sáu đợt báo cáo của {len(staff)} cán bộ, lãnh đạo")
    returns.report(plan, staff, times, data, step)
    step("Hồ sơ thủ tục hành chính")
    returns.take_dossiers(staff["12-VP", Role.COORDINATOR], units, times, step)
    step("Nhiệm vụ, đôn đốc, báo cáo phát hành")
    issuing.update_tasks(plan, staff, times)
    issuing.remind(times)
    issuing.issue(plan, staff, times)
    exchanging.exchange(plan, units, people.shown("dieuphoi"), times)
    return accounts


def _plan(times: Times, data: Path, units: dict[str, Unit], start: datetime):
    coordinator = people.shown("dieuphoi")
    plan = planning.confirm_seed(
        data / "plan.txt", units, coordinator, start, times.started_on, times.deadline_on
    )
    planning.bind_measures(plan, coordinator, start)
    executors, leads = planning.assign_targets(
        plan, data / "assignments.toml", units, coordinator, start
    )
    from_on = date(times.started_on.year - 1, 1, 1)
    owing = executors | {u for u in planning.lead_units_of_tasks(plan).values() if u}
    ordered = sorted(owing, key=lambda u: u.code)
    return plan, people.staff(ordered, leads, start, from_on, units["12"])
