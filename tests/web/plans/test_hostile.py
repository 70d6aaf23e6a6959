"""What a careless or hostile person, or a strange document, may do to the review and its files."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from namro.web.plans import actions
from namro.web.plans.comparing import actions as comparing
from namro.web.plans.comparing.models import Comparison
from namro.web.plans.models import Plan, Reading, ReviewChange, ReviewItem
from namro.web.plans.rules import SILENCE
from tests.web.plans.comparing.sample import edited_seed, read_text
from tests.web.plans.sample import AT, HTMX, SEED, change, confirm, form_of, page, read_seed

EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


def send(world, content: str, name: str = "mat.txt") -> Reading:
    return actions.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name=name,
        chunks=[content.encode()],
    )  # fmt: skip


# --- acts kept for good -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_keeps_the_acts_of_a_review(world, how):
    reading = read_seed(world)
    actions.save_draft(
        reading=reading, change={"do": "drop", "item": "ct-1"}, by=world.dieuphoi, at=AT
    )
    rows = ReviewChange.objects.filter(reading=reading)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(summary="Khác") if how == "update" else rows.delete()

    assert rows.get().summary == "Bỏ chỉ tiêu 1"


# --- one unit's documents are not another's -----------------------------------------------------


@pytest.fixture
def of_another(world) -> Reading:
    """A reading the person of another commune must not see."""
    return read_seed(world)


@pytest.mark.parametrize("who", ["xakhac", "baocao", "duyet", "kiemtra"])
def test_a_reading_out_of_reach_answers_nothing(world, enter, of_another, who):
    client = enter(who)

    for name in ("reading", "confirm", "document_file", "choose_comparison"):
        answer = client.get(reverse(f"plans:{name}", args=[of_another.pk]))
        assert answer.status_code in (403, 404)
        assert "plan.txt" not in page(answer)
    for does in ("accept", "drop", "undo", "accept_many", "merge"):
        answer = change(client, of_another, do=does, item="ct-1", seen="ct-1.1")
        assert answer.status_code in (403, 404)
    assert not of_another.changes.exists()


def test_a_comparison_with_a_document_that_is_not_in_sight_is_not_made(world, enter, of_another):
    client = enter("dieuphoi")

    for other in ("0", str(of_another.pk + 999), "-1", "9" * 40, "x"):
        asked = {"voi": other, "loai": "VERSIONS"}
        address = reverse("plans:choose_comparison", args=[of_another.pk])
        assert client.post(address, asked).status_code == 422

    assert not Comparison.objects.exists()


# --- strange words ------------------------------------------------------------------------------


@pytest.fixture
def evil(world) -> Reading:
    """A document whose every word that is shown tries to be more than a word."""
    reading = read_seed(world)
    for row in ReviewItem.objects.filter(reading=reading):
        for name in ("quote", "subject", "title", "product", "scope", "unit", "message", "issuer",
                     "kind", "number", "suggestion", "deadline", "deadline_from"):  # fmt: skip
            if row.values.get(name):
                row.values[name] = EVIL
        for part in ("lead_named", "cooperate_named"):
            for one in row.values.get(part) or ():
                one["text"] = EVIL
        row.section = EVIL[:60]
        row.save()
    blocks = [{**b, "text": b["text"] + EVIL} for b in reading.blocks]
    reading.document.file_name = f"{EVIL}.txt"
    reading.document.save()
    Reading.objects.filter(pk=reading.pk).update(blocks=blocks)
    return Reading.objects.get(pk=reading.pk)


def is_harmless(answer) -> bool:
    text = page(answer)
    policy = answer.headers.get("Content-Security-Policy", "")
    bare = "<img src=x" in text or "<script>alert" in text or "\"'><" in text
    return not bare and "default-src 'self'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_of_a_document_stay_words_in_the_review(world, enter, evil, headers):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[evil.pk])

    for key in ("ct-1", "nv-1", "dau", "nhan-ca", "them", "' onclick='x", EVIL):
        asked = {"muc": key, "doan": "3", "thu-tu": "muc", "tach": "1", "pham-vi": f"muc:{EVIL}"}
        answer = client.get(address, asked, headers=headers)
        assert answer.status_code == 200
        assert is_harmless(answer)


def test_words_of_a_document_stay_words_elsewhere(world, enter, evil):
    client = enter("dieuphoi")
    other = read_text(world, edited_seed())
    row, _ = comparing.ask_comparison(
        kind="SUPERIOR", old=evil, new=other, by=world.dieuphoi, at=AT
    )

    assert is_harmless(client.get(reverse("plans:readings")))
    assert is_harmless(client.get(reverse("plans:confirm", args=[evil.pk])))
    assert is_harmless(client.get(reverse("plans:choose_comparison", args=[other.pk])))
    assert is_harmless(client.get(reverse("plans:comparison", args=[row.pk])))
    assert is_harmless(client.get(reverse("plans:comparison", args=[row.pk]), {"q": EVIL}))
    Reading.objects.filter(pk=evil.pk).update(state="FAILED", failure=EVIL, step=EVIL)
    assert is_harmless(client.get(reverse("plans:reading", args=[evil.pk])))
    Reading.objects.filter(pk=evil.pk).update(state="READING")
    assert is_harmless(
        client.get(reverse("plans:reading", args=[evil.pk]), {"tien-do": "1"}, headers=HTMX)
    )


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.txt", "a\r\nSet-Cookie: x=1.txt", 'a";x=".txt', "‮txt.exe.txt",
             "😀" * 120 + ".txt", "C:\\Users\\x\\" + "kế hoạch " * 40 + ".txt"],
)  # fmt: skip
def test_an_odd_file_name_is_only_a_name(world, enter, name):
    reading = send(world, SEED.read_text(encoding="utf-8"), name)
    read = actions.run_reading(reading.pk, AT)

    answer = enter("dieuphoi").get(reverse("plans:document_file", args=[reading.pk]))

    assert read.state == "READ", read.failure
    assert "/" not in reading.document.file_name
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_more_files_than_one_document_holds_are_refused_in_words(world, enter):
    uploads = [SimpleUploadedFile(f"{i}.png", b"x") for i in range(205)]

    answer = enter("dieuphoi").post(
        reverse("plans:readings"), {"tep": uploads, "gop": "1"}, follow=True
    )

    assert "tối đa 200 tệp" in page(answer)


# --- odd numbers, odd moments -------------------------------------------------------------------


def test_a_page_picture_of_an_odd_number_is_not_found(world, enter):
    address = reverse("plans:page_picture", args=[read_seed(world).pk, 1])[:-1]
    client = enter("dieuphoi")

    for number in ("0", "9" * 17, "9" * 300, "9" * 4400):
        assert client.get(address + number).status_code == 404


ODD = [
    {"do": "edit", "item": "ct-1", "lead_units": ["x\x00", "x" * 5000]},
    {"do": "edit", "item": "ct-1", "value": "-" + "9" * 300},
    {"do": "edit", "item": "nv-1", "title": "x" * 5000},
    {"do": "edit", "item": "nv-1", "lead_more": "😀;" * 100},
    {"do": "add", "block": "9" * 30, "start": "-5", "end": "9" * 30, "loai": "target"},
    {"do": "add", "block": "-1", "start": "0", "end": "9", "loai": "task"},
    {"do": "split", "item": "nv-1", "at": "-4"},
    {"do": "accept_many", "seen": " ".join(f"ct-{i}.9" for i in range(6000))},
    {"do": "undo", "change": "9" * 18},
    {"do": "head", "item": "dau", "kind": "", "date": "99/99/9999"},
    {"do": "settle", "fault": "ss-1\x00'--"},
    {"do": "drop", "item": "ct-1'--", "version": "-1"},
    {"do": "drop", "item": "ct-1", "version": "0"},
    {"do": "drop", "item": "ct-1", "version": "9" * 17},
    {"do": "\x00", "item": "ct-1"},
]


def test_odd_input_is_refused_and_changes_nothing(world, enter):
    reading = read_seed(world)
    client = enter("dieuphoi")

    for post in ODD:
        whole = form_of(reading, post["item"]) | post if post["do"] == "edit" else post
        answer = change(client, reading, **whole)
        assert answer.status_code in (409, 422), post

    assert not reading.changes.exists()


def test_an_act_sent_twice_is_done_once(world, enter):
    reading = read_seed(world)
    client = enter("dieuphoi")
    keys = ["ct-1", "nv-2"]

    for does, key in zip(("merge", "split"), keys, strict=True):
        post = {"do": does, "item": key, "version": "1", "at": "20"}
        for _ in range(2):
            client.post(reverse("plans:change", args=[reading.pk]), post)

    assert [c.does for c in reading.changes.order_by("pk")] == ["merge", "split"]


def test_confirming_what_another_changed_meanwhile_is_refused(world, enter):
    reading = read_seed(world)
    actions.save_draft(
        reading=reading, change={"do": "drop", "item": "ct-1"}, by=world.dieuphoi, at=AT
    )

    with pytest.raises(actions.StaleDraft):
        confirm(world, reading, version=1)

    assert not Plan.objects.filter(reading=reading).exists()


def test_after_confirming_no_act_is_taken(world, enter):
    reading = read_seed(world)
    confirm(world, reading)
    before = reading.plan.targets.count()

    answer = change(enter("dieuphoi"), reading, do="drop", item="ct-1")

    assert answer.status_code == 302
    assert not reading.changes.exists()
    assert reading.plan.targets.count() == before


def test_reading_again_while_it_is_reviewed_is_refused(world, enter):
    reading = read_seed(world)
    actions.save_draft(
        reading=reading, change={"do": "drop", "item": "ct-1"}, by=world.dieuphoi, at=AT
    )

    enter("dieuphoi").post(reverse("plans:read_again", args=[reading.pk]))

    assert Reading.objects.get(pk=reading.pk).state == "READ"
    assert reading.changes.count() == 1


@pytest.mark.parametrize(
    ("key", "values", "says"),
    [
        ("ct-1", {"code": "1.22.333.444.555"}, "Dài quá 12 ký tự"),
        ("ct-2", {"value": "9" * 20, "comparator": ">="}, "lớn quá mức"),
        ("ct-3", {"unit": "đơn vị " * 20}, "Dài quá 60 ký tự"),
        ("nv-1", {"code": "IV.1.2.3.4.5.6.7.8.9 (1000)"}, "Dài quá 24 ký tự"),
        ("dau", {"number": "12" * 40}, "Dài quá 60 ký tự"),
    ],
)
def test_what_a_plan_cannot_hold_is_said_before_it_is_confirmed(world, enter, key, values, says):
    reading = read_seed(world)
    row = reading.items.get(key=key)
    row.values |= values
    row.save()

    shown = page(enter("dieuphoi").get(reverse("plans:confirm", args=[reading.pk])))
    with pytest.raises(actions.IncompletePlan, match=says):
        confirm(world, reading)

    assert says in shown
    assert not Plan.objects.filter(reading=reading).exists()


# --- comparing ----------------------------------------------------------------------------------


@pytest.fixture
def waiting(world) -> Comparison:
    """A comparison that nobody has run yet."""
    old, new = read_seed(world), read_text(world, edited_seed())
    return Comparison.objects.create(
        kind="VERSIONS", old=old, new=new, asked_by=world.dieuphoi, asked_at=AT
    )


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING", "FAILED"])
@pytest.mark.parametrize("name", ["rule_on_line", "undo_ruling", "confirm_sure_lines"])
def test_a_ruling_on_what_is_not_compared_yet_breaks_nothing(world, enter, waiting, name, state):
    Comparison.objects.filter(pk=waiting.pk).update(state=state)
    post = {"dong": "ct-1", "ket-luan": "CONFIRMED", "thay": "0"}

    answer = enter("dieuphoi").post(reverse(f"plans:{name}", args=[waiting.pk]), post)

    assert answer.status_code == 302
    assert not waiting.rulings.exists()


def test_a_comparison_whose_worker_died_can_be_asked_for_anew(world, waiting):
    Comparison.objects.filter(pk=waiting.pk).update(state="RUNNING")

    comparing.begin(waiting, world.dieuphoi, AT + timedelta(minutes=1))
    assert Comparison.objects.get(pk=waiting.pk).state == "RUNNING"
    comparing.begin(waiting, world.dieuphoi, AT + SILENCE + timedelta(minutes=1))

    assert Comparison.objects.get(pk=waiting.pk).state == "DONE"


def test_a_silent_comparison_offers_a_new_start(enter, waiting):
    shown = page(enter("dieuphoi").get(reverse("plans:comparison", args=[waiting.pk])))

    assert "đã lâu không báo tin" in shown
    assert reverse("plans:compare_again", args=[waiting.pk]) in shown


def test_looking_at_the_progress_starts_no_work(world, enter, waiting):
    Comparison.objects.filter(pk=waiting.pk).update(asked_at=AT + timedelta(days=3650))
    client = enter("dieuphoi")

    for _ in range(3):
        client.get(reverse("plans:comparison", args=[waiting.pk]), {"tien-do": "1"}, headers=HTMX)

    assert Comparison.objects.get(pk=waiting.pk).state == "QUEUED"


def test_the_workbook_of_a_comparison_is_for_those_who_see_it(world, enter, waiting):
    comparing.begin(waiting, world.dieuphoi, AT)
    address = reverse("plans:comparison", args=[waiting.pk])

    mine = enter("dieuphoi").get(address, {"xuat": "xlsx"})
    theirs = enter("xakhac").get(address, {"xuat": "xlsx"})

    body = b"".join(mine.streaming_content) if mine.streaming else mine.content
    assert io.BytesIO(body).read(2) == b"PK"
    assert theirs.status_code in (403, 404)


def test_two_sections_of_one_number_are_called_by_it(world, enter):
    reading = read_seed(world)
    row = reading.items.filter(kind="nv").first()
    row.values["section"] = row.section = "III#2"
    row.save()

    shown = page(
        enter("dieuphoi").get(reverse("plans:reading", args=[reading.pk]), {"muc": row.key})
    )

    assert "mục III." in shown
    assert "mục III#2" not in shown and "Mục III#2" not in shown
