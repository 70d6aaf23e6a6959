"""Who owes what: given, named, ended, never deleted; seen by those it concerns."""

from __future__ import annotations

from datetime import date

import pytest

from namro.web.org import actions as org
from namro.web.org.models import JournalEntry, Unit
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.plans import actions, queries
from namro.web.plans.models import Assignment, Plan
from namro.web.plans.rules import GROUPS, Part
from tests.web.plans.sample import AT
from tests.world import OPENED, PASSWORD

ON = date(2025, 9, 1)


def codes(units):
    return [u.code for u in units]


def test_assign_gives_a_unit_and_its_person_a_part(world):
    made = actions.assign(
        by=world.dieuphoi, at=AT, unit=world.units["c1"], part=Part.EXECUTOR, task=world.task,
        person=world.baocao, from_on=ON,
    )  # fmt: skip

    assert codes(queries.executors(world.task, ON)) == ["c1"]
    assert made.person == world.baocao
    entry = JournalEntry.objects.get(verb="plans.assign")
    assert entry.unit_code == "c1"
    assert "Xã Suối Một" in entry.summary


def test_assign_the_same_part_twice_is_refused(world):
    with pytest.raises(actions.AlreadyAssigned, match="Sở Nội vụ"):
        actions.assign(
            by=world.dieuphoi, at=AT, unit=world.units["12-SNV"], part=Part.LEAD,
            target=world.targets["5"], from_on=ON,
        )  # fmt: skip


def test_assign_a_person_of_another_unit_is_refused(world):
    with pytest.raises(actions.BadAssignment, match="Hoàng Văn Khác"):
        actions.assign(
            by=world.dieuphoi, at=AT, unit=world.units["c1"], part=Part.LEAD, task=world.task,
            person=world.xakhac, from_on=ON,
        )  # fmt: skip

    assert not queries.executors(world.task, ON)


@pytest.fixture
def coordinator_of_c1(world):
    """Coordinates the commune alone; sees the province's plan as everyone does."""
    user = org.create_user(
        by=None, at=AT, username="dieuphoixa", full_name="Điều Văn Xã", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    unit = world.units["c1"]
    org.appoint(
        by=None, at=AT, user=user, unit=unit, reach=unit, role=Role.COORDINATOR, from_on=OPENED
    )
    return user


def test_assign_in_a_plan_of_the_province_is_not_for_a_commune(world, coordinator_of_c1):
    with pytest.raises(NotAllowed):
        actions.assign(
            by=coordinator_of_c1, at=AT, unit=world.units["c1"], part=Part.LEAD,
            target=world.targets["5"], from_on=ON,
        )  # fmt: skip


def test_end_assignment_does_not_let_a_commune_leave_the_province_s_count(world, coordinator_of_c1):
    own = world.targets["5"].assignments.get(unit=world.units["c1"], part=Part.EXECUTOR)

    with pytest.raises(NotAllowed):
        actions.end_assignment(assignment=own, by=coordinator_of_c1, at=AT, to_on=ON)

    own.refresh_from_db()
    assert own.to_on is None


def test_assign_needs_one_thing(world):
    for things in ({}, {"target": world.targets["5"], "task": world.task}):
        with pytest.raises(actions.BadAssignment):
            actions.assign(
                by=world.dieuphoi, at=AT, unit=world.units["c1"], part=Part.LEAD, from_on=ON,
                **things,
            )  # fmt: skip


def test_assign_many_leaves_those_who_hold_the_part(world):
    Assignment.objects.get(target=world.targets["5"], unit=world.units["c3"]).delete()

    made = actions.assign_many(
        by=world.dieuphoi, at=AT, units=[world.units[c] for c in ("c1", "c2", "c3")],
        part=Part.EXECUTOR, target=world.targets["5"], from_on=ON,
    )  # fmt: skip

    assert codes(a.unit for a in made) == ["c3"]
    assert sorted(codes(queries.executors(world.targets["5"], ON))) == ["c1", "c2", "c3"]


def test_end_assignment_is_dated_and_kept(world):
    given = Assignment.objects.get(target=world.targets["5"], part="LEAD")

    actions.end_assignment(assignment=given, by=world.dieuphoi, at=AT, to_on=date(2025, 10, 1))

    assert codes(queries.leads(world.targets["5"], date(2025, 9, 30))) == ["12-SNV"]
    assert codes(queries.leads(world.targets["5"], date(2025, 10, 1))) == []
    with pytest.raises(actions.BadAssignment, match="đã kết thúc"):
        actions.end_assignment(assignment=given, by=world.dieuphoi, at=AT, to_on=date(2025, 10, 2))


def test_end_assignment_before_it_began_is_refused(world):
    given = Assignment.objects.get(target=world.targets["5"], part="LEAD")

    with pytest.raises(actions.BadAssignment, match="01/01/2025"):
        actions.end_assignment(assignment=given, by=world.dieuphoi, at=AT, to_on=date(2024, 1, 1))


def test_an_ended_part_may_be_given_again(world):
    given = Assignment.objects.get(target=world.targets["5"], part="LEAD")
    actions.end_assignment(assignment=given, by=world.dieuphoi, at=AT, to_on=ON)

    actions.assign(
        by=world.dieuphoi, at=AT, unit=given.unit, part=Part.LEAD, target=world.targets["5"],
        from_on=ON,
    )  # fmt: skip

    assert Assignment.objects.filter(target=world.targets["5"], part="LEAD").count() == 2
    assert codes(queries.leads(world.targets["5"], ON)) == ["12-SNV"]


def test_name_person_only_from_the_unit(world):
    given = Assignment.objects.get(target=world.targets["5"], unit=world.units["c1"])

    actions.name_person(assignment=given, person=world.baocao, by=world.dieuphoi, at=AT)

    with pytest.raises(actions.BadAssignment):
        actions.name_person(assignment=given, person=world.xakhac, by=world.dieuphoi, at=AT)
    given.refresh_from_db()
    assert given.person == world.baocao


def test_set_measure_is_journaled(world):
    actions.set_measure(target=world.targets["5"], measure="nq57.other", by=world.dieuphoi, at=AT)

    world.targets["5"].refresh_from_db()
    assert world.targets["5"].measure == "nq57.other"
    details = JournalEntry.objects.get(verb="plans.set_measure").details
    assert details == {"before": "nq57.commune-cadres-trained", "after": "nq57.other"}


@pytest.mark.parametrize("who", ["quantri", "lanhdao", "duyet", "baocao", "kiemtra"])
def test_giving_work_is_for_coordinators(world, who):
    given = Assignment.objects.get(target=world.targets["5"], part="LEAD")
    by = world.people[who]
    with pytest.raises(NotAllowed):
        actions.assign(
            by=by, at=AT, unit=world.units["c1"], part=Part.LEAD, task=world.task, from_on=ON
        )
    with pytest.raises(NotAllowed):
        actions.end_assignment(assignment=given, by=by, at=AT, to_on=ON)
    with pytest.raises(NotAllowed):
        actions.name_person(assignment=given, person=None, by=by, at=AT)
    with pytest.raises(NotAllowed):
        actions.set_measure(target=world.targets["5"], measure="x", by=by, at=AT)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("xa-phuong", ["c1", "c2", "c3"]),
        ("so-nganh", ["12-KHCN", "12-SNV"]),
        ("dang-uy-xa", ["c1-DU", "c2-DU", "c3-DU"]),
    ],
)
def test_units_of_group_by_kind(world, key, expected):
    found = queries.units_of_group(GROUPS[key], world.units["12"], ON)

    assert sorted(codes(found)) == expected


def test_units_of_group_below_are_the_directly_subordinate(world):
    found = queries.units_of_group(GROUPS["dang-uy-truc-thuoc"], world.units["12-TU"], ON)

    assert sorted(codes(found)) == ["12-DU", "c1-DU", "c2-DU", "c3-DU"]


def test_units_of_group_leaves_out_closed_units(world):
    Unit.objects.filter(code="c2").update(closed_on=date(2025, 7, 1))

    found = queries.units_of_group(GROUPS["xa-phuong"], world.units["12"], ON)

    assert sorted(codes(found)) == ["c1", "c3"]


def test_directory_proposes_units_for_collectives_only(world):
    directory = queries.Directory(ON)
    issuer, top = world.units["12-DU"], world.units["12"]

    def proposed(text):
        return sorted(directory.proposed(text, issuer, top))

    assert proposed("Các đảng ủy trực thuộc Tỉnh ủy") == ["12-DU", "c1-DU", "c2-DU", "c3-DU"]
    assert proposed("UBND các xã, phường") == ["c1", "c2", "c3"]
    assert proposed("Sở Nội vụ") == []
    assert directory.named("so noi vu").code == "12-SNV"
    assert directory.issuer("Đảng ủy UBND tỉnh Mẫu").code == "12-DU"


# Who sees a confirmed plan: those whose reach is within its root, or above it.


@pytest.mark.parametrize("who", ["dieuphoi", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"])
def test_plans_for_everyone_within_the_root(world, who):
    assert list(queries.plans_for(world.people[who], ON)) == [world.plan]
    assert queries.targets_for(world.people[who], ON).count() == 2
    assert queries.tasks_for(world.people[who], ON).count() == 1


def test_plans_for_nobody_without_the_right(world):
    assert not queries.plans_for(world.quantri, ON).exists()


def test_plans_for_a_commune_does_not_show_its_neighbours_plan(world):
    Plan.objects.filter(pk=world.plan.pk).update(root=world.units["c1"])

    assert queries.plans_for(world.baocao, ON).exists()
    assert queries.plans_for(world.dieuphoi, ON).exists()  # from above
    assert not queries.plans_for(world.xakhac, ON).exists()
    assert not queries.targets_for(world.xakhac, ON).exists()


def test_readings_for_those_who_receive_documents_within_reach(world):
    for who in ("quantri", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"):
        assert not queries.readings_for(world.people[who], ON).exists()
    assert queries.readings_for(world.dieuphoi, ON).count() == 1
