"""A reviewed draft becomes the plan in force, once."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connections

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions, queries
from namro.web.plans.models import Document, Plan, Reading
from tests.web.plans.sample import AT, ON, confirm, read_seed
from tests.world import make_people, make_units


@pytest.fixture
def reading(world) -> Reading:
    return read_seed(world)


def save(world, reading, **change):
    return actions.save_draft(reading=reading, change=change, by=world.dieuphoi, at=AT).reading


def test_confirm_plan_makes_targets_tasks_and_who_owes_them(world, reading):
    plan = confirm(world, reading)

    assert plan.targets.count() == 20
    assert plan.tasks.count() == 6
    five = plan.targets.get(code="5")
    assert (five.comparator, five.value, five.unit_of_measure) == (">=", Decimal(80), "%")
    assert "cấp xã" in five.quote
    assert plan.targets.get(code="9").value == Decimal("0.65")
    assert plan.targets.get(code="3").comparator == "milestone"
    assert plan.targets.get(code="20").soft
    first, second = queries.tasks_of(plan)[:2]
    assert [u.code for u in queries.leads(second, ON)] == ["12-UBKT"]
    assert "12-VP" in {u.code for u in queries.partners(first, ON)}
    assert first.due_on == date(2025, 12, 31)


def test_confirm_plan_every_item_has_its_place_in_the_document(world, reading):
    plan = confirm(world, reading)
    texts = {b["index"]: b["text"] for b in queries.source(plan)}

    for thing in [*plan.targets.all(), *plan.tasks.all()]:
        words = texts[thing.place["block"]][thing.place["start"] : thing.place["end"]]
        assert words.strip()
        assert words.strip() in thing.quote or thing.quote in words


def test_confirm_plan_writes_the_journal(world, reading):
    plan = confirm(world, reading)

    entry = JournalEntry.objects.get(verb="plans.confirm_plan")
    assert entry.thing_id == str(plan.pk)
    assert entry.summary == "Xác nhận kế hoạch: 20 chỉ tiêu, 6 nhiệm vụ"
    assert entry.details["items"] == 26


def test_confirm_plan_leaves_out_what_was_dropped(world, reading):
    reading = save(world, reading, do="drop", item="ct-7")

    plan = confirm(world, reading)

    assert plan.targets.count() == 19
    assert not plan.targets.filter(code="7").exists()


def test_confirm_plan_gives_work_only_to_units_a_person_left(world, reading):
    reading = save(
        world, reading, do="edit", item="nv-3", fields={"lead_units": ["c1-DU", "c2-DU"]}
    )

    plan = confirm(world, reading)

    third = queries.tasks_of(plan)[2]
    assert [u.code for u in queries.leads(third, ON)] == ["c1-DU", "c2-DU"]


def test_confirm_plan_twice_is_one_plan(world, reading):
    plan = confirm(world, reading)

    with pytest.raises(actions.AlreadyConfirmed, match="Vàng Thị Điều") as refusal:
        confirm(world, reading)

    assert refusal.value.plan == plan
    assert Plan.objects.filter(reading=reading).count() == 1


def test_confirm_plan_of_an_older_version_is_refused(world, reading):
    save(world, reading, do="accept", item="ct-1")

    with pytest.raises(actions.StaleDraft):
        confirm(world, reading)

    assert not Plan.objects.filter(reading=reading).exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"started_on": None}, "Chưa có ngày bắt đầu"),
        ({"deadline_on": None}, "thời hạn chung"),
        ({"deadline_on": date(2025, 5, 1)}, "phải sau ngày bắt đầu"),
    ],
)
def test_confirm_plan_asks_for_its_term(world, reading, changes, says):
    with pytest.raises(actions.IncompletePlan, match=says):
        confirm(world, reading, **changes)

    assert Reading.objects.get(pk=reading.pk).state == "READ"


def test_confirm_plan_names_each_target_that_lacks_something(world, reading):
    reading = save(world, reading, do="edit", item="ct-4", fields={"value": ""})
    reading = save(world, reading, do="edit", item="ct-6", fields={"comparator": "range"})

    with pytest.raises(actions.IncompletePlan) as refusal:
        confirm(world, reading)

    assert refusal.value.lacking == [
        "Chỉ tiêu (4) chưa có ngưỡng (con số phải đạt).",
        "Chỉ tiêu (6) là một khoảng nhưng chưa có số cuối khoảng.",
    ]
    assert not Plan.objects.filter(reading=reading).exists()


def test_confirm_plan_with_nothing_kept_is_refused(world, reading):
    for key in [f"ct-{n}" for n in range(1, 21)] + [f"nv-{n}" for n in range(1, 7)]:
        reading = save(world, reading, do="drop", item=key)

    with pytest.raises(actions.IncompletePlan, match="Chưa giữ lại"):
        confirm(world, reading)


@pytest.mark.parametrize("who", ["quantri", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"])
def test_confirm_plan_is_for_coordinators(world, reading, who):
    with pytest.raises(NotAllowed):
        confirm(world, reading, by=who)


def test_review_ends_when_the_plan_is_confirmed(world, reading):
    confirm(world, reading)

    with pytest.raises(actions.AlreadyConfirmed):
        save(world, reading, do="accept", item="ct-1")


@pytest.fixture
def place(transactional_db):
    """Units and people, in a database where two connections can meet."""
    units = make_units()
    return SimpleNamespace(units=units, people=make_people(units))


def at_the_same_moment(*acts):
    """What each act gave or raised, each on a connection of its own."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait()
            outcomes.append(act())
        except Exception as why:
            outcomes.append(why)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return outcomes


def test_two_confirmations_at_the_same_moment_make_one_plan(place):
    reading = read_seed(place)

    outcomes = at_the_same_moment(*[lambda: confirm(place, reading)] * 2)

    assert {type(o) for o in outcomes} == {Plan, actions.AlreadyConfirmed}
    assert Plan.objects.count() == 1


def test_two_reviewers_at_the_same_moment_are_both_kept(place):
    reading = read_seed(place)

    def review(key):
        return actions.save_draft(
            reading=reading, by=place.people["dieuphoi"], at=AT,
            version=1, change={"do": "accept", "item": key},
        )  # fmt: skip

    outcomes = at_the_same_moment(lambda: review("ct-1"), lambda: review("ct-2"))

    assert {type(o) for o in outcomes} == {actions.Saved}
    assert reading.items.filter(checked=True).count() == 2
    assert Reading.objects.get(pk=reading.pk).version == reading.version + 2


def test_two_sendings_of_a_file_at_the_same_moment_are_one_document(place):
    outcomes = at_the_same_moment(*[lambda: read_seed(place)] * 2)

    assert {type(o) for o in outcomes} == {Reading, actions.AlreadyReceived}
    assert Document.objects.count() == 1
