"""Made-up officers: an account for each role to sign in with, and staff who report and approve."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from namro.web.config.demo import marker
from namro.web.org import actions
from namro.web.org.models import Unit, User
from namro.web.org.rules import ROLE_LABELS, Role

# user name, role, unit, reach, title, full name: whom the demonstration is shown with
SHOWN = (
    ("dieuphoi", Role.COORDINATOR, "12-VP", "12", "Chuyên viên tổng hợp", "Vàng Thị Mai"),
    ("lanhdao", Role.LEADER, "12-DU", "12", "Phó Bí thư", "Giàng A Sình"),
    ("duyet", Role.REVIEWER, "12-SNV", "12", "Phó Giám đốc", "Tẩn Thị Hoa"),
    ("baocao", Role.REPORTER, "03390", "03390", "Công chức Văn phòng", "Phùng Văn Lâm"),
    ("kiemtra", Role.INSPECTOR, "12-UBKT", "12", "Ủy viên Ủy ban kiểm tra", "Lý Thị Pà"),
    ("quantri", Role.ADMIN, "12-VP", "12", "Quản trị hệ thống", "Lò Văn Thắng"),
)
SURNAMES = (
    "Lò",
    "Vàng",
    "Giàng",
    "Tẩn",
    "Lý",
    "Phùng",
    "Hoàng",
    "Sùng",
    "Mùa",
    "Chẻo",
    "Đèo",
    "Tao",
)
NAMES = (
    "Minh",
    "Páo",
    "Thanh",
    "Sơn",
    "Liên",
    "Dinh",
    "Hương",
    "Tình",
    "Chính",
    "Nga",
    "Khoa",
    "Xuân",
)


def load_units(folder: Path, at: datetime) -> dict[str, Unit]:
    """All units of `units.csv`, by code."""
    with (folder / "units.csv").open(encoding="utf-8", newline="") as rows:
        actions.load_units(by=None, at=at, rows=list(csv.DictReader(rows)))
    return {u.code: u for u in Unit.objects.all()}


def make_accounts(units: dict[str, Unit], at: datetime, from_on: date) -> dict:
    """The accounts to sign in with; gives what is printed and kept in the marker."""
    password, accounts = marker.new_password(), []
    for username, role, unit, reach, title, full_name in SHOWN:
        user = _person(username, full_name, password, at)
        _post(user, units[unit], role, title, at, from_on, reach=units[reach])
        who = f"{full_name}, {title}, {units[unit].name}"
        accounts.append({"username": username, "role": ROLE_LABELS[role], "who": who})
    return {"password": password, "accounts": accounts}


def shown(username: str) -> User:
    """One of the accounts to sign in with."""
    return User.objects.get(username=username)


def staff(
    units: Iterable[Unit], leads: Iterable[Unit], at: datetime, from_on: date, top: Unit
) -> dict[tuple[str, Role], User]:
    """An officer for each unit that reports, a reviewer for each that leads, by (code, role).

    Where an account to sign in with sits already, it is taken.
    """
    people: dict[tuple[str, Role], User] = {}
    for username, role, unit, *_ in SHOWN:
        people[unit, role] = shown(username)
    wanted = [(u, Role.REPORTER, "Cán bộ tổng hợp", u) for u in units]
    wanted += [(u, Role.REVIEWER, "Lãnh đạo đơn vị", top) for u in leads]
    for number, (unit, role, title, reach) in enumerate(wanted):
        if (unit.code, role) in people:
            continue
        full_name = f"{SURNAMES[number % 12]} Thị {NAMES[number * 5 % 12]}"
        prefix = "cb" if role == Role.REPORTER else "ld"
        user = _person(f"{prefix}.{unit.code.lower()}", full_name, None, at)
        _post(user, unit, role, title, at, from_on, reach=reach)
        people[unit.code, role] = user
    return people


def _person(username: str, full_name: str, password: str | None, at: datetime) -> User:
    return actions.create_user(
        by=None,
        at=at,
        username=username,
        full_name=full_name,
        password=password,
        email=f"{username}@laichau.example",
        must_change_password=False,
    )


def _post(user, unit, role, title, at, from_on, *, reach) -> None:
    actions.appoint(
        by=None, at=at, user=user, unit=unit, reach=reach, role=role, title=title, from_on=from_on
    )
