"""The draft under review: one change at a time, nobody overwritten, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from namro.web.org.actions import appoint, create_user
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions, draft, reviewed
from namro.web.plans.models import Reading
from tests.web.plans.sample import AT, read_seed
from tests.world import OPENED, PASSWORD


@pytest.fixture
def reading(world) -> Reading:
    return read_seed(world)


def save(world, reading, by="dieuphoi", version=None, **change):
    """One act; gives the reading as it is then."""
    actions.save_draft(reading=reading, version=version, change=change, by=world.people[by], at=AT)
    return Reading.objects.get(pk=reading.pk)


def item(reading, key):
    return reading.items.get(key=key).item


def values(reading):
    """All that is under review, but for the versions: those only ever grow."""
    rows = reading.items.filter(live=True).order_by("position", "pk")
    return [{k: v for k, v in row.item.items() if k != "version"} for row in rows]


def propose(reading, key, *codes):
    """The item led by a collective, its units proposed and not taken yet."""
    row = reading.items.get(key=key)
    named = [{"text": "UBND các xã", "code": None, "proposed": list(codes)}]
    row.values |= {"lead_named": named, "lead_units": []}
    row.save()


@pytest.fixture
def second(world):
    """Another coordinator of the same office."""
    user = create_user(
        by=None, at=AT, username="dieuphoi2", full_name="Má A Phối", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    appoint(
        by=None, at=AT, user=user, unit=world.units["12-VP"], reach=world.units["12"],
        role="COORDINATOR", from_on=OPENED,
    )  # fmt: skip
    world.people["dieuphoi2"] = user
    return user


def test_accept_checks_the_item_and_moves_its_version(world, reading):
    now = save(world, reading, do="accept", item="ct-4")

    assert item(now, "ct-4")["checked"]
    assert item(now, "ct-4")["version"] == 2
    assert item(now, "ct-5")["version"] == 1
    assert now.version == reading.version + 1


def test_accept_takes_the_units_proposed_for_a_collective(world, reading):
    propose(reading, "nv-3", "c1", "c2")

    now = save(world, reading, do="accept", item="nv-3")

    assert item(now, "nv-3")["lead_units"] == ["c1", "c2"]


def test_edit_reads_numbers_and_days_as_officials_write_them(world, reading):
    now = save(
        world, reading, do="edit", item="ct-9",
        fields={"value": "0,65", "deadline": "31/12/2025", "unit": "điểm", "soft": True},
    )  # fmt: skip
    now = save(
        world, now, do="edit", item="nv-1",
        fields={"deadline_iso": "6/2025", "lead_units": ["12-VP", "12-UBKT", "12-VP"]},
    )  # fmt: skip

    target, task = item(now, "ct-9"), item(now, "nv-1")
    assert (target["value"], target["deadline"], target["soft"]) == ("0.65", "2025-12-31", True)
    assert (task["deadline_iso"], task["lead_units"]) == ("2025-06", ["12-VP", "12-UBKT"])
    assert target["checked"] and task["checked"]


@pytest.mark.parametrize(
    ("key", "fields", "field"),
    [
        ("ct-4", {"value": "ba phần trăm"}, "value"),
        ("ct-4", {"value": "0,00001"}, "value"),
        ("ct-4", {"comparator": "≈"}, "comparator"),
        ("ct-4", {"code": "5"}, "code"),
        ("ct-4", {"subject": " "}, "subject"),
        ("ct-4", {"deadline": "31/02/2025"}, "deadline"),
        ("nv-1", {"deadline_iso": "cuối năm"}, "deadline_iso"),
        ("nv-1", {"lead_units": ["khong-co"]}, "lead_units"),
        ("nv-1", {"title": ""}, "title"),
    ],
)
def test_edit_refuses_what_is_no_value_and_names_the_field(world, reading, key, fields, field):
    with pytest.raises(actions.BadChange) as refusal:
        save(world, reading, do="edit", item=key, fields=fields)

    assert refusal.value.field == field
    assert Reading.objects.get(pk=reading.pk).version == reading.version


def test_undo_brings_back_the_state_before(world, reading):
    before = values(reading)
    now = save(world, reading, do="edit", item="ct-4", fields={"value": "9"})
    now = save(world, now, do="drop", item="nv-2")
    now = save(world, now, do="undo")
    now = save(world, now, do="undo")

    assert values(now) == before
    assert now.version == reading.version + 4
    with pytest.raises(actions.NothingToUndo):
        save(world, now, do="undo")


def test_undo_is_for_ones_own_changes(world, reading, second):
    save(world, reading, do="accept", item="ct-1")

    with pytest.raises(actions.NothingToUndo, match="Đồng chí không còn thay đổi nào"):
        save(world, reading, by="dieuphoi2", do="undo")


def test_undo_goes_back_over_the_changes_of_others_at_other_items(world, reading, second):
    save(world, reading, do="edit", item="ct-4", fields={"value": "9"})
    save(world, reading, by="dieuphoi2", do="accept", item="ct-1")

    now = save(world, reading, do="undo")

    assert item(now, "ct-4")["value"] == "3"
    assert item(now, "ct-1")["checked"]


def test_undo_leaves_what_somebody_went_on_with(world, reading, second):
    save(world, reading, do="edit", item="ct-4", fields={"value": "9"})
    save(world, reading, by="dieuphoi2", do="edit", item="ct-4", fields={"value": "10"})

    with pytest.raises(actions.NothingToUndo, match=r"chỉ tiêu 4 đã được Má A Phối sửa tiếp"):
        save(world, reading, do="undo")

    assert item(reading, "ct-4")["value"] == "10"


def test_undo_sent_twice_takes_back_one_change(world, reading):
    save(world, reading, do="accept", item="ct-1")
    save(world, reading, do="accept", item="ct-2")
    last = reading.changes.order_by("-pk").first().pk

    save(world, reading, do="undo", change=last)
    save(world, reading, do="undo", change=last)

    assert item(reading, "ct-1")["checked"]
    assert not item(reading, "ct-2")["checked"]


def marked(reading, **more):
    """A sentence no item stands in yet, as the page sends it."""
    block = next(b for b in reading.blocks if "Mục tiêu, nhiệm vụ cần xác định" in b["text"])
    start = block["text"].index("tổ chức")
    return {"do": "add", "kind": "task", "block": block["index"], "start": start,
            "end": len(block["text"]), **more}  # fmt: skip


def test_add_makes_an_item_from_a_marked_sentence_and_undo_takes_it_away(world, reading):
    before = values(reading)

    now = save(world, reading, **marked(reading))

    added = next(t for t in now.draft["tasks"] if t.get("added"))
    assert added["quote"].startswith("tổ chức triển khai đồng bộ")
    assert now.draft["tasks"][0]["id"] == added["id"]  # it stands before the others
    assert values(save(world, now, do="undo")) == before


def test_add_sent_twice_makes_one_item(world, reading):
    save(world, reading, **marked(reading))

    with pytest.raises(actions.BadChange, match="đã được thêm"):
        save(world, reading, **marked(reading))


def two_parts(reading, key="nv-3"):
    found = item(reading, key)
    return found, found["quote"].index(" ", len(found["quote"]) // 2) + 1


def test_split_cuts_the_words_and_keeps_both_places(world, reading):
    found, at = two_parts(reading)
    before = values(reading)

    now = save(world, reading, do="split", item="nv-3", at=at)

    first, second = item(now, "nv-3"), item(now, "nv-7")
    text = next(b["text"] for b in now.blocks if b["index"] == found["place"]["block"])
    for one in (first, second):
        place = one["place"]
        assert text[place["start"] : place["end"]].strip(" ;,") == one["quote"].strip(" ;,")
        assert not one["checked"]
    assert found["quote"].startswith(first["quote"])
    assert found["quote"].endswith(second["quote"])
    assert first["lead_units"] == second["lead_units"] == found["lead_units"]
    assert [t["id"] for t in now.draft["tasks"]][2:4] == ["nv-3", "nv-7"]
    assert values(save(world, now, do="undo")) == before


@pytest.mark.parametrize("at", [0, -5, 10**9, "x", None])
def test_split_wants_a_cut_within_the_sentence(world, reading, at):
    with pytest.raises(actions.BadChange, match="giữa câu"):
        save(world, reading, do="split", item="nv-3", at=at)


def test_merge_is_the_way_back_from_a_split(world, reading):
    found, at = two_parts(reading)
    save(world, reading, do="split", item="nv-3", at=at)

    now = save(world, reading, do="merge", item="nv-3")

    one = item(now, "nv-3")
    assert one["quote"] == found["quote"]
    assert (one["place"]["start"], one["place"]["end"]) == (
        found["place"]["start"], found["place"]["end"],
    )  # fmt: skip
    assert [t["id"] for t in now.draft["tasks"]] == [f"nv-{n}" for n in range(1, 7)]


def test_merge_of_two_sentences_keeps_both_places_and_all_units(world, reading):
    first, second, before = item(reading, "nv-1"), item(reading, "nv-2"), values(reading)

    now = save(world, reading, do="merge", item="nv-1")

    one = item(now, "nv-1")
    assert first["title"].rstrip(" ;,.") in one["title"] and second["title"] in one["title"]
    assert [p["block"] for p in one["place"]["more"]] == [second["place"]["block"]]
    assert set(one["lead_units"]) == {*first["lead_units"], *second["lead_units"]}
    assert not item(now, "nv-2")["live"]
    with pytest.raises(actions.BadChange, match=r"nay nằm trong nhiệm vụ III\.1"):
        save(world, now, do="accept", item="nv-2")
    assert values(save(world, now, do="undo")) == before


def test_merge_with_nothing_after_is_refused(world, reading):
    with pytest.raises(actions.BadChange, match="ở sau để gộp"):
        save(world, reading, do="merge", item="nv-6")


def test_move_makes_a_target_of_a_task_and_a_task_of_a_target(world, reading):
    task, before = item(reading, "nv-2"), values(reading)

    now = save(world, reading, do="move", item="nv-2")

    target = item(now, "ct-21")
    assert (target["subject"], target["place"]) == (task["title"], task["place"])
    assert target["lead_units"] == task["lead_units"]
    assert not item(now, "nv-2")["live"]
    back = save(world, now, do="move", item="ct-21")
    assert item(back, "nv-7")["title"] == task["title"]
    save(world, back, do="undo")
    assert values(save(world, back, do="undo")) == before


def test_add_refuses_an_empty_mark(world, reading):
    with pytest.raises(actions.BadChange, match="bôi đen"):
        save(world, reading, do="add", kind="task", block=0, start="", end="")


def test_settle_keeps_the_note(world, reading):
    fault = {"id": "ss-90", "code": "X", "message": "Thiếu số.", "settled": False, "note": ""}
    reading.items.create(reading=reading, key="ss-90", kind="ss", values=fault)

    now = save(world, reading, do="settle", item="ss-90", note="Đã hỏi Văn phòng")

    assert item(now, "ss-90")["settled"]
    assert item(now, "ss-90")["note"] == "Đã hỏi Văn phòng"


def test_accept_many_takes_what_was_shown_and_leaves_what_needs_an_eye(world, reading):
    propose(reading, "nv-3", "c1")
    seen = {row.key: row.version for row in reviewed.item_rows(reading)}
    save(world, reading, do="edit", item="ct-4", fields={"value": "9"})
    save(world, reading, do="reopen", item="ct-4")  # changed after it was shown

    now = save(world, reading, do="accept_many", seen=seen)

    taken = {r.key for r in reviewed.item_rows(now) if r.checked}
    assert taken
    assert "ct-4" not in taken and "nv-3" not in taken
    assert all(draft.for_the_lot(item(now, key)) for key in taken)
    with pytest.raises(actions.BadChange, match="Không còn mục nào"):
        save(world, now, do="accept_many", seen=seen)
    assert not any(r.checked for r in reviewed.item_rows(save(world, now, do="undo")))


def test_queue_is_least_certain_first_or_as_in_the_document(reading):
    least = [step.sure for step in reviewed.steps(reading)]
    document = [step.key for step in reviewed.steps(reading, "document")]

    assert least == sorted(least)
    assert document[:3] == ["ct-1", "ct-2", "ct-3"]
    assert document[-1] == "nv-6"


def test_queue_by_section_keeps_each_section_together(reading):
    groups = [step.group for step in reviewed.steps(reading, "muc")]

    changes = sum(a != b for a, b in pairwise(groups))
    assert changes == len(set(groups)) - 1


def test_place_of_a_person_and_the_time_spent_are_kept(world, reading):
    def sit(key, minute, decided=True):
        at = AT + timedelta(minutes=minute)
        actions.sit_down(reading=reading, user=world.dieuphoi, key=key, at=at, decided=decided)

    sit("ct-1", 0)
    sit("ct-2", 1)
    sit("ct-3", 30)  # a pause is not time spent
    seat, others = reviewed.seats(reading, world.dieuphoi, AT)

    assert (seat.key, seat.seconds, others) == ("ct-3", 60, [])
    assert reviewed.minutes_left(seat, 100) is None  # two acts show no pace yet


def test_every_change_is_in_the_journal_with_before_and_after(world, reading):
    save(world, reading, do="edit", item="ct-4", fields={"value": "3,5"})

    entry = JournalEntry.objects.filter(verb="plans.save_draft").get()
    assert entry.summary == "Sửa chỉ tiêu 4"
    assert entry.details["before"]["ct-4.value"] == "3"
    assert entry.details["after"]["ct-4.value"] == "3.5"


@pytest.mark.parametrize("who", ["quantri", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"])
def test_review_is_for_coordinators(world, reading, who):
    with pytest.raises(NotAllowed):
        save(world, reading, by=who, do="accept", item="ct-1")


def test_review_of_an_unread_document_is_refused(world, reading):
    Reading.objects.filter(pk=reading.pk).update(state="READING")

    with pytest.raises(actions.BadChange, match="chưa đọc xong"):
        save(world, reading, do="accept", item="ct-1")
