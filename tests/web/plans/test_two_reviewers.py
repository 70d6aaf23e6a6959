"""Two reviewers at once: nobody's work is lost, and where they differ a person chooses."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connections

from namro.web.org.actions import appoint, create_user
from namro.web.plans import actions
from namro.web.plans.models import Reading, ReviewChange
from tests.web.plans.sample import AT, read_seed
from tests.world import OPENED, PASSWORD, make_people, make_units


def second_coordinator(units):
    """Another coordinator of the same office."""
    user = create_user(
        by=None, at=AT, username="dieuphoi2", full_name="Má A Phối", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    appoint(
        by=None, at=AT, user=user, unit=units["12-VP"], reach=units["12"],
        role="COORDINATOR", from_on=OPENED,
    )  # fmt: skip
    return user


@pytest.fixture
def reading(world) -> Reading:
    world.people["dieuphoi2"] = second_coordinator(world.units)
    return read_seed(world)


def save(world, reading, by, version, **change):
    return actions.save_draft(
        reading=reading, version=version, change=change, by=world.people[by], at=AT
    )


def item(reading, key):
    return reading.items.get(key=key).item


def test_two_people_at_two_items_do_not_meet(world, reading):
    save(world, reading, "dieuphoi", 1, do="edit", item="ct-1", fields={"value": "50"})
    save(world, reading, "dieuphoi2", 1, do="edit", item="ct-2", fields={"value": "60"})

    assert (item(reading, "ct-1")["value"], item(reading, "ct-2")["value"]) == ("50", "60")


def test_different_fields_of_one_item_are_both_kept(world, reading):
    first = {"value": "50", "unit": "%", "subject": item(reading, "ct-4")["subject"]}
    save(world, reading, "dieuphoi", 1, do="edit", item="ct-4", fields=first)
    old = {**first, "value": "3", "unit": "điểm"}

    saved = save(world, reading, "dieuphoi2", 1, do="edit", item="ct-4", fields=old)

    now = item(reading, "ct-4")
    assert (now["value"], now["unit"]) == ("50", "điểm")
    assert saved.beside == "Vàng Thị Điều"


def test_the_same_field_is_for_a_person_to_choose(world, reading):
    save(world, reading, "dieuphoi", 1, do="edit", item="ct-4", fields={"value": "50"})

    with pytest.raises(actions.StaleItem, match="Vàng Thị Điều đã sửa mục này lúc 10:00") as why:
        save(world, reading, "dieuphoi2", 1, do="edit", item="ct-4", fields={"value": "60"})

    (clash,) = why.value.clashes
    assert (clash.field, clash.theirs, clash.mine) == ("value", "50", "60")
    assert clash.by == "Vàng Thị Điều"
    assert item(reading, "ct-4")["value"] == "50"
    save(world, reading, "dieuphoi2", 2, do="edit", item="ct-4", fields={"value": "60"})
    assert item(reading, "ct-4")["value"] == "60"


def test_the_same_value_typed_by_both_is_no_quarrel(world, reading):
    for who in ("dieuphoi", "dieuphoi2"):
        save(world, reading, who, 1, do="edit", item="ct-4", fields={"value": "50"})

    assert reading.changes.count() == 1


def test_units_in_another_order_are_the_same_units(world, reading):
    units = {"lead_units": ["12-SNV", "12-KHCN"]}
    save(world, reading, "dieuphoi", 1, do="edit", item="nv-4", fields=units)
    back = {"lead_units": ["12-KHCN", "12-SNV"]}

    save(world, reading, "dieuphoi2", 1, do="edit", item="nv-4", fields=back)

    assert reading.changes.count() == 1


@pytest.mark.parametrize("does", ["accept", "drop", "split", "merge", "move"])
def test_a_decision_over_words_somebody_changed_is_asked_again(world, reading, does):
    save(world, reading, "dieuphoi", 1, do="edit", item="nv-2", fields={"title": "Việc khác hẳn"})

    with pytest.raises(actions.StaleItem, match="Hãy xem lại"):
        save(world, reading, "dieuphoi2", 1, do=does, item="nv-2", at=20)

    assert item(reading, "nv-2")["title"] == "Việc khác hẳn"


@pytest.mark.parametrize("does", ["accept", "drop", "reopen"])
def test_an_act_sent_twice_is_one_act(world, reading, does):
    save(world, reading, "dieuphoi", 1, do=does, item="ct-4")
    count = reading.changes.count()

    save(world, reading, "dieuphoi", item(reading, "ct-4")["version"], do=does, item="ct-4")

    assert reading.changes.count() == count


@pytest.mark.parametrize("version", [-1, 0, 99, 10**12])
def test_a_version_that_never_was_is_asked_again(world, reading, version):
    with pytest.raises(actions.StaleItem):
        save(world, reading, "dieuphoi", version, do="edit", item="ct-4", fields={"value": "50"})


@pytest.fixture
def place(transactional_db):
    """Units, people, a reading; committed, so that threads with connections of their own see it."""
    units = make_units()
    people = make_people(units)
    people["dieuphoi2"] = second_coordinator(units)
    world = type("Place", (), {"units": units, "people": people})()
    return world, read_seed(world)


def test_no_update_is_lost_when_two_people_work_at_the_same_items(place):
    """Each adds its own mark to a field of its own; at the end both fields hold the last mark."""
    world, reading = place
    keys, faults = [f"ct-{n}" for n in (4, 5, 6)], []

    def work(who, field, seed):
        chance = random.Random(seed)
        last = {}
        try:
            for n in range(30):
                key = chance.choice(keys)
                seen = item(reading, key)
                fields = {"unit": seen["unit"], "scope": seen["scope"], field: f"{who} {n}"}
                save(world, reading, who, seen["version"], do="edit", item=key, fields=fields)
                last[key] = fields[field]
            for key, value in last.items():
                if item(reading, key)[field] != value:
                    faults.append((key, field, value, item(reading, key)[field]))
        except Exception as why:
            faults.append(why)
        finally:
            connections.close_all()

    people = [("dieuphoi", "unit", 1), ("dieuphoi2", "scope", 2)]
    threads = [threading.Thread(target=work, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    made = ReviewChange.objects.filter(reading=reading)
    assert made.count() == 60
    for key in keys:
        versions = [p["to"] for c in made.order_by("pk") for p in c.patches if p["key"] == key]
        assert versions == list(range(2, len(versions) + 2))  # one after another, none twice


def test_one_field_wanted_by_two_at_the_same_moment_goes_to_one_and_the_other_is_told(place):
    world, reading = place
    start, outcomes = threading.Barrier(2), []

    def work(who, value):
        start.wait()
        try:
            save(world, reading, who, 1, do="edit", item="ct-4", fields={"value": value})
            outcomes.append(value)
        except actions.StaleItem as why:
            outcomes.append(why)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=work, args=one) for one in (("dieuphoi", "50"), ("dieuphoi2", "60"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (value,) = [o for o in outcomes if isinstance(o, str)]
    (told,) = [o for o in outcomes if isinstance(o, actions.StaleItem)]
    assert item(reading, "ct-4")["value"] == value == told.clashes[0].theirs
