"""The draft under review: one change at a time, nobody overwritten, nothing lost."""

from __future__ import annotations

import pytest

from namro.web.org.actions import appoint, create_user
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions, draft
from namro.web.plans.models import Reading
from tests.web.plans.sample import AT, read_seed
from tests.world import OPENED, PASSWORD


@pytest.fixture
def reading(world) -> Reading:
    return read_seed(world)


def save(world, reading, by="dieuphoi", version=None, **change):
    version = reading.version if version is None else version
    return actions.save_draft(
        reading=reading, version=version, change=change, by=world.people[by], at=AT
    )


def item(reading, key):
    return next(i for i in draft.items(reading.draft) if i["id"] == key)


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


def test_accept_checks_the_item_and_moves_the_version(world, reading):
    now = save(world, reading, do="accept", item="ct-4")

    assert item(now, "ct-4")["checked"]
    assert now.version == reading.version + 1
    assert draft.checked_count(now.draft) == (1, 26)


def test_accept_takes_the_units_proposed_for_a_collective(world, reading):
    key = (
        next(t["id"] for t in reading.draft["tasks"] if "xã, phường" in " ".join(t["lead"]))
        if any("xã, phường" in " ".join(t["lead"]) for t in reading.draft["tasks"])
        else "nv-3"
    )
    Reading.objects.filter(pk=reading.pk).update(
        draft={
            **reading.draft,
            "tasks": [
                {**t, "lead_units": [], "lead_named": [
                    {"text": "UBND các xã", "code": None, "proposed": ["c1", "c2"]}
                ]} if t["id"] == key else t
                for t in reading.draft["tasks"]
            ],
        }
    )  # fmt: skip

    now = save(world, reading, do="accept", item=key)

    assert item(now, key)["lead_units"] == ["c1", "c2"]


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


def test_second_reviewer_is_told_and_nothing_is_lost(world, reading, second):
    save(world, reading, do="accept", item="ct-1")

    with pytest.raises(actions.StaleDraft, match=r"Vàng Thị Điều đã sửa lúc 10:00 ngày 20/6/2025"):
        save(world, reading, by="dieuphoi2", do="edit", item="ct-2", fields={"value": "50"})

    now = Reading.objects.get(pk=reading.pk)
    assert item(now, "ct-1")["checked"]
    now = save(world, now, by="dieuphoi2", do="edit", item="ct-2", fields={"value": "50"})
    assert item(now, "ct-2")["value"] == "50"
    assert item(now, "ct-1")["checked"]


def test_undo_brings_back_the_state_before(world, reading):
    before = reading.draft
    now = save(world, reading, do="edit", item="ct-4", fields={"value": "9"})
    now = save(world, now, do="drop", item="nv-2")
    now = save(world, now, do="undo")
    now = save(world, now, do="undo")

    assert now.draft == before
    assert now.version == reading.version + 4
    with pytest.raises(actions.NothingToUndo):
        save(world, now, do="undo")


def test_undo_is_for_ones_own_changes(world, reading, second):
    now = save(world, reading, do="accept", item="ct-1")

    with pytest.raises(actions.NothingToUndo, match="Vàng Thị Điều"):
        save(world, now, by="dieuphoi2", do="undo")


def test_add_makes_an_item_from_a_marked_sentence_and_undo_takes_it_away(world, reading):
    block = next(b for b in reading.blocks if "Mục tiêu, nhiệm vụ cần xác định" in b["text"])
    start = block["text"].index("tổ chức")

    now = save(
        world, reading, do="add", kind="task", block=block["index"], start=start,
        end=len(block["text"]),
    )  # fmt: skip

    added = next(t for t in now.draft["tasks"] if t.get("added"))
    assert added["quote"].startswith("tổ chức triển khai đồng bộ")
    assert now.draft["tasks"][0] is added  # it stands before the others in the document
    assert save(world, now, do="undo").draft == reading.draft


def test_split_gives_a_second_item_over_the_same_sentence(world, reading):
    now = save(world, reading, do="split", item="nv-3")
    again = save(world, now, do="split", item="nv-3")

    codes = [t["code"] for t in again.draft["tasks"]]
    assert codes[2:5] == ["III.3", "III.3-3", "III.3-2"]
    twin = item(now, "nv-7")
    assert (twin["quote"], twin["checked"]) == (item(now, "nv-3")["quote"], False)
    assert save(world, again, do="undo").draft == now.draft


def test_add_refuses_an_empty_mark(world, reading):
    with pytest.raises(actions.BadChange, match="bôi đen"):
        save(world, reading, do="add", kind="task", block=0, start="", end="")


def test_settle_keeps_the_note(world, reading):
    Reading.objects.filter(pk=reading.pk).update(
        draft={
            **reading.draft,
            "faults": [{"id": "ss-1", "code": "X", "settled": False, "note": ""}],
        }
    )

    now = save(world, reading, do="settle", fault="ss-1", note="Đã hỏi Văn phòng")

    assert now.draft["faults"][0]["settled"]
    assert now.draft["faults"][0]["note"] == "Đã hỏi Văn phòng"


def test_accept_sure_leaves_the_doubtful(world, reading):
    now = save(world, reading, do="accept_sure")

    doubtful = [i for i in draft.items(now.draft) if not i["checked"]]
    sure = [i for i in draft.items(now.draft) if i["checked"]]
    assert sure
    assert all(min(i["confidence"].values()) >= draft.SURE for i in sure)
    assert all(min(i["confidence"].values(), default=0) < draft.SURE for i in doubtful)


def test_queue_is_least_certain_first_or_as_in_the_document(reading):
    least = [min(i["confidence"].values()) for i in draft.queue(reading.draft)]
    document = [i["id"] for i in draft.queue(reading.draft, "document")]

    assert least == sorted(least)
    assert document[:3] == ["ct-1", "ct-2", "ct-3"]
    assert document[-1] == "nv-6"


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
