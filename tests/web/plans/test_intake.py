"""A document comes in and is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from namro.web.frame import files
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans import actions
from namro.web.plans.models import Document, Reading
from namro.web.plans.rules import SILENCE

AT = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
ON = date(2025, 6, 20)


def receive(world, root: Path, by="dieuphoi", name="plan.txt", content: bytes | None = None):
    if content is None:
        content = (root / "demo" / "plan.txt").read_bytes()
    return actions.receive_document(
        by=world.people[by], at=AT, unit=world.units["12-VP"], file_name=name, chunks=[content]
    )


def kept_files(settings) -> list[Path]:
    folder = Path(settings.NAMRO_FILES)
    return [f for f in folder.rglob("*") if f.is_file()] if folder.exists() else []


def test_receive_document_keeps_the_file_and_queues_a_reading(world, root):
    reading = receive(world, root)

    assert reading.state == "QUEUED"
    assert (
        files.path_of(reading.document.sha256).read_bytes() == (root / "demo/plan.txt").read_bytes()
    )
    entry = JournalEntry.objects.get(verb="plans.receive_document")
    assert entry.by_name == "Vàng Thị Điều"
    assert "plan.txt" in entry.summary


def test_receive_document_same_file_again_says_so_and_reads_nothing(world, root):
    first = receive(world, root)

    with pytest.raises(actions.AlreadyReceived, match="Vàng Thị Điều") as refusal:
        receive(world, root, name="ban-sao.txt")

    assert refusal.value.reading == first
    assert Reading.objects.filter(document__sha256=first.document.sha256).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("ke-hoach.txt", b"", "rỗng"),
        ("so-lieu.pptx", b"PK\x03\x04", "không phải là văn bản"),
        ("lớn.txt", b"x" * 2_000_000, "lớn quá 1 MB"),
    ],
)
def test_receive_document_refuses_what_is_no_document_and_keeps_nothing(
    world, root, settings, name, content, says
):
    settings.NAMRO_MAX_UPLOAD = 1024 * 1024
    before = Document.objects.count()

    with pytest.raises(actions.BadDocument, match=says):
        receive(world, root, name=name, content=content)

    assert Document.objects.count() == before
    assert kept_files(settings) == []


@pytest.mark.parametrize("who", ["quantri", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac"])
def test_receive_document_is_for_coordinators(world, root, who, settings):
    with pytest.raises(NotAllowed):
        receive(world, root, by=who)

    assert kept_files(settings) == []


def test_run_reading_fills_found_blocks_and_draft(world, root):
    reading = actions.run_reading(receive(world, root).pk, AT)

    assert reading.state == "READ"
    assert len(reading.found["targets"]) == 20
    assert [t["code"] for t in reading.draft["targets"]] == [str(n) for n in range(1, 21)]
    assert reading.draft["targets"][8]["value"] == "0.65"
    assert not any(i["checked"] for i in reading.draft["targets"])
    assert all(i["kept"] for i in reading.draft["tasks"])
    assert any("Tỷ lệ phủ sóng 5G" in b["text"] for b in reading.blocks)
    assert reading.version == 1


def test_run_reading_resolves_units_and_proposes_collectives(world, root):
    reading = actions.run_reading(receive(world, root).pk, AT)

    tasks = reading.draft["tasks"]
    assert tasks[1]["lead_units"] == ["12-UBKT"]
    assert "12-VP" in tasks[0]["cooperate_units"]
    collective = next(t for t in tasks if t["lead"] == ["Các đảng ủy trực thuộc Đảng ủy UBND tỉnh"])
    assert collective["lead_units"] == []  # a person decides
    assert collective["lead_named"][0]["code"] is None


def test_run_reading_claims_once(world, root):
    reading = receive(world, root)
    Reading.objects.filter(pk=reading.pk).update(state="READING", progressed_at=AT)

    assert actions.run_reading(reading.pk, AT) is None


def test_run_reading_unreadable_fails_with_its_message(world, root):
    reading = receive(world, root, content=bytes(range(256)) * 9, name="hong.doc")

    failed = actions.run_reading(reading.pk, AT)

    assert failed.state == "FAILED"
    assert "hong.doc" in failed.failure
    assert failed.draft is None


def test_run_reading_state_secret_is_not_kept(world, root, settings):
    text = "MẬT\n\nKẾ HOẠCH\n\nTriển khai nhiệm vụ quốc phòng, an ninh trên địa bàn tỉnh năm 2025."
    reading = receive(world, root, content=text.encode(), name="mat.txt")

    failed = actions.run_reading(reading.pk, AT)

    assert failed.state == "FAILED"
    assert "bí mật nhà nước" in failed.failure
    assert kept_files(settings) == []
    with pytest.raises(actions.CannotReadAgain, match="không còn trong kho"):
        actions.read_again(reading=failed, by=world.dieuphoi, at=AT)


def test_run_reading_crash_fails_plainly_and_may_start_again(world, root, caplog):
    reading = receive(world, root)
    moments = iter([None, AT])

    def broken_clock():
        moment = next(moments)
        if moment is None:
            raise RuntimeError("nobody foresaw this")
        return moment

    failed = actions.run_reading(reading.pk, AT, broken_clock)

    assert failed.state == "FAILED"
    assert "Đọc lại" in failed.failure
    assert "nobody foresaw this" not in failed.failure
    assert "nobody foresaw this" in caplog.text
    actions.read_again(reading=failed, by=world.dieuphoi, at=AT)
    assert actions.run_reading(reading.pk, AT).state == "READ"


def test_run_reading_takes_the_longest_names(world, root):
    reading = receive(world, root, name="Kế hoạch thực hiện nghị quyết " * 20 + ".txt")

    assert actions.run_reading(reading.pk, AT).state == "READ"


def test_read_again_takes_over_from_a_silent_worker(world, root):
    reading = receive(world, root)
    Reading.objects.filter(pk=reading.pk).update(
        state="READING", attempt=1, started_at=AT, progressed_at=AT
    )

    with pytest.raises(actions.CannotReadAgain):
        actions.read_again(reading=reading, by=world.dieuphoi, at=AT + timedelta(minutes=1))
    later = AT + SILENCE + timedelta(seconds=1)
    actions.read_again(reading=reading, by=world.dieuphoi, at=later)
    read = actions.run_reading(reading.pk, later)

    assert (read.state, read.attempt) == ("READ", 2)


def test_a_late_worker_does_not_overwrite_a_newer_attempt(world, root):
    reading = receive(world, root)
    calls = []

    def clock():
        # While the first worker reads, someone else took the reading over.
        if not calls:
            Reading.objects.filter(pk=reading.pk).update(attempt=7, state="READING")
        calls.append(1)
        return AT

    found = actions.run_reading(reading.pk, AT, clock)

    assert (found.state, found.attempt, found.draft) == ("READING", 7, None)
