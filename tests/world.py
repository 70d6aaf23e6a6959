"""One small province: two departments, three communes, both trees, one person a role, one plan.

Alice owns, Bob may, Charlie must see nothing: here coordinator, reviewer, the other commune.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from namro.web.org import actions
from namro.web.org.models import Unit, UnitLink, User
from namro.web.org.rules import Kind, Role, Tree
from namro.web.plans.models import Assignment, Document, Plan, Reading, Target, Task

PASSWORD = "Mat-khau-thu-nghiem-2025"
AT = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)
ON = date(2025, 9, 1)
OPENED = date(2025, 1, 1)

G, P = Tree.GOVERNMENT, Tree.PARTY
# code: name, kind, superiors by tree
UNITS = {
    "12": ("Tỉnh Mẫu", Kind.PROVINCE, {}),
    "12-UB": ("UBND tỉnh", Kind.PEOPLES_COMMITTEE, {G: "12"}),
    "12-SNV": ("Sở Nội vụ", Kind.DEPARTMENT, {G: "12-UB"}),
    "12-KHCN": ("Sở Khoa học và Công nghệ", Kind.DEPARTMENT, {G: "12-UB"}),
    "c1": ("Xã Suối Một", Kind.COMMUNE, {G: "12-UB"}),
    "c2": ("Xã Suối Hai", Kind.COMMUNE, {G: "12-UB"}),
    "c3": ("Phường Suối Ba", Kind.WARD, {G: "12-UB"}),
    "12-TU": ("Tỉnh ủy", Kind.PARTY_COMMITTEE, {P: "12"}),
    "12-DU": ("Đảng ủy UBND tỉnh", Kind.PARTY_COMMITTEE, {P: "12-TU"}),
    "12-VP": ("Văn phòng Đảng ủy UBND tỉnh", Kind.PARTY_BODY, {P: "12-DU"}),
    "12-UBKT": ("Ủy ban kiểm tra Đảng ủy UBND tỉnh", Kind.PARTY_BODY, {P: "12-DU"}),
    "c1-DU": ("Đảng ủy xã Suối Một", Kind.COMMUNE_PARTY_COMMITTEE, {P: "12-TU"}),
    "c2-DU": ("Đảng ủy xã Suối Hai", Kind.COMMUNE_PARTY_COMMITTEE, {P: "12-TU"}),
    "c3-DU": ("Đảng ủy phường Suối Ba", Kind.COMMUNE_PARTY_COMMITTEE, {P: "12-TU"}),
}

# user name: full name, unit, reach, role
PEOPLE = {
    "quantri": ("Lò Văn Quản", "12-VP", "12", Role.ADMIN),
    "dieuphoi": ("Vàng Thị Điều", "12-VP", "12", Role.COORDINATOR),
    "lanhdao": ("Giàng A Lãnh", "12-DU", "12", Role.LEADER),
    "duyet": ("Tẩn Thị Duyệt", "12-SNV", "12", Role.REVIEWER),
    "baocao": ("Phùng Văn Báo", "c1", "c1", Role.REPORTER),
    "kiemtra": ("Lý Thị Kiểm", "12-UBKT", "12", Role.INSPECTOR),
    "xakhac": ("Hoàng Văn Khác", "c2", "c2", Role.REPORTER),
}


@dataclass
class World:
    """The units by code, the people by user name, and a plan of two targets and one task."""

    units: dict[str, Unit]
    people: dict[str, User]
    plan: Plan
    targets: dict[str, Target]
    task: Task

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError as why:
            raise AttributeError(name) from why


def make_units() -> dict[str, Unit]:
    units = {
        code: Unit.objects.create(code=code, name=name, kind=kind, opened_on=OPENED)
        for code, (name, kind, _) in UNITS.items()
    }
    for code, (_, _, superiors) in UNITS.items():
        for tree, superior in superiors.items():
            UnitLink.objects.create(
                tree=tree, unit=units[code], superior=units[superior], from_on=OPENED
            )
    actions.rebuild_ancestors()
    return units


def make_people(units: dict[str, Unit]) -> dict[str, User]:
    people = {}
    for username, (full_name, unit, reach, role) in PEOPLE.items():
        user = actions.create_user(
            by=None,
            at=AT,
            username=username,
            full_name=full_name,
            password=PASSWORD,
            email=f"{username}@mau.example",
            must_change_password=False,
        )
        actions.appoint(
            by=None,
            at=AT,
            user=user,
            unit=units[unit],
            reach=units[reach],
            role=role,
            from_on=OPENED,
        )
        people[username] = user
    return people


def make_plan(units: dict[str, Unit], people: dict[str, User]) -> tuple[Plan, dict, Task]:
    by = people["dieuphoi"]
    document = Document.objects.create(
        sha256="0" * 64, file_name="ke-hoach.txt", size=1, unit=units["12-DU"],
        received_by=by, received_at=AT,
    )  # fmt: skip
    reading = Reading.objects.create(
        document=document, state="CONFIRMED", queued_at=AT, found={},
        blocks=[{"index": 0, "page": 1, "text": "Có ≥ 80% cán bộ, công chức cấp xã được học."}],
    )  # fmt: skip
    plan = Plan.objects.create(
        reading=reading, title="Kế hoạch mẫu", issuer=units["12-DU"], root=units["12"],
        started_on=date(2025, 6, 1), deadline_on=date(2025, 12, 31),
        confirmed_by=by, confirmed_at=AT,
    )  # fmt: skip
    place = {"file": "ke-hoach.txt", "page": 1, "block": 0, "start": 0, "end": 20}
    targets = {
        "5": Target.objects.create(
            plan=plan, code="5", position=5, place=place, unit_of_measure="%",
            quote="Có ≥ 80% cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản.",
            subject="cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản",
            comparator=">=", value=80, measure="nq57.commune-cadres-trained",
        ),
        "12": Target.objects.create(
            plan=plan, code="12", position=12, place=place, unit_of_measure="%",
            quote="Có ≥ 70% hồ sơ thủ tục hành chính xử lý trực tuyến.",
            subject="hồ sơ thủ tục hành chính xử lý trực tuyến",
            comparator=">=", value=70, measure="nq57.online-dossiers",
        ),
    }  # fmt: skip
    task = Task.objects.create(
        plan=plan, code="III.1", position=1, place=place, title="hướng dẫn tổ chức hội nghị",
        quote="Văn phòng Đảng ủy UBND tỉnh chủ trì hướng dẫn tổ chức hội nghị.",
        deadline_on=date(2025, 9, 30),
    )  # fmt: skip
    _assign(units, targets, task)
    return plan, targets, task


def _assign(units, targets, task):
    communes = ("c1", "c2", "c3")
    rows = [("5", "12-SNV", "LEAD"), ("12", "12-KHCN", "LEAD")]
    rows += [("5", c, "EXECUTOR") for c in communes] + [("12", c, "EXECUTOR") for c in communes]
    for code, unit, part in rows:
        Assignment.objects.create(
            target=targets[code], unit=units[unit], part=part, from_on=OPENED, assigned_at=AT
        )
    Assignment.objects.create(
        task=task, unit=units["12-VP"], part="LEAD", from_on=OPENED, assigned_at=AT
    )


def make_world() -> World:
    """Build it all in the current database."""
    units = make_units()
    people = make_people(units)
    plan, targets, task = make_plan(units, people)
    return World(units=units, people=people, plan=plan, targets=targets, task=task)
