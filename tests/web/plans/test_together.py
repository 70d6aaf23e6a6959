"""Several files are one document; a file that breaks its reader breaks nothing else."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.reading import Limits
from namro.web.frame import files
from namro.web.plans import actions, intake
from namro.web.plans.models import Document, Reading
from tests.web.plans.sample import SEED, page

AT = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
APPENDIX = (
    "PHỤ LỤC\n\n| TT | Nhiệm vụ | Cơ quan chủ trì | Thời hạn |\n|---|---|---|---|\n"
    "| 1 | Ban hành quy chế dữ liệu dùng chung | Sở Nội vụ | Quý IV/2025 |\n"
).encode()


def together(world, *given: tuple[str, bytes]) -> Reading:
    return actions.receive_together(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], given=[(n, [c]) for n, c in given]
    )


def test_files_given_together_are_kept_and_read_as_one_in_their_order(world):
    reading = together(world, ("ke-hoach.txt", SEED.read_bytes()), ("phu-luc.md", APPENDIX))

    assert reading.document.file_name == "ke-hoach và 1 tệp kèm theo.zip"
    with zipfile.ZipFile(files.path_of(reading.document.sha256)) as kept:
        assert kept.namelist() == ["001/ke-hoach.txt", "002/phu-luc.md"]
    read = actions.run_reading(reading.pk, AT)
    assert read.state == "READ", read.failure
    assert len(read.found["targets"]) == 20
    places = [task["place"]["file"] for task in read.found["tasks"]]
    assert set(places) == {"ke-hoach.txt", "phu-luc.md"}
    assert places == sorted(places)  # the body's tasks come first


def test_the_same_files_again_are_known_again_in_that_order_alone(world):
    first = together(world, ("a.txt", SEED.read_bytes()), ("b.md", APPENDIX))

    with pytest.raises(actions.AlreadyReceived) as refusal:
        together(world, ("a.txt", SEED.read_bytes()), ("b.md", APPENDIX))
    other = together(world, ("b.md", APPENDIX), ("a.txt", SEED.read_bytes()))

    assert refusal.value.reading == first
    assert other.document.sha256 != first.document.sha256


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([("a.txt", b"x"), ("b.exe", b"x")], "“b.exe” không phải là văn bản đọc được"),
        ([("a.txt", b"x"), ("b.txt", b"")], "“b.txt” rỗng"),
        ([("a.txt", b"x"), ("b.zip", b"x")], "Gói .zip phải được gửi riêng"),
        ([(f"{i}.png", b"x") for i in range(201)], "tối đa 200 tệp"),
    ],
)
def test_one_bad_file_refuses_all_that_were_given_together(world, given, says):
    before = Document.objects.count()

    with pytest.raises(actions.BadDocument, match=says):
        together(world, *given)

    assert Document.objects.count() == before


def test_upload_as_one_document_or_each_on_its_own(world, enter):
    client = enter("dieuphoi")

    def send(gop: str):
        given = [
            SimpleUploadedFile("chinh.txt", SEED.read_bytes()),
            SimpleUploadedFile("phu-luc.md", APPENDIX),
        ]
        return client.post(reverse("plans:readings"), {"tep": given, "gop": gop}, follow=True)

    assert "đã rà soát" in page(send("1"))
    assert Document.objects.filter(file_name="chinh và 1 tệp kèm theo.zip").count() == 1
    send("0")
    assert Document.objects.filter(file_name__in=["chinh.txt", "phu-luc.md"]).count() == 2


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(memory=2_500_000_000, seconds=0), "quá nhiều thời gian"),
        (Limits(memory=90_000_000), "bộ nhớ"),
    ],
)
def test_a_reader_that_is_ended_fails_its_reading_and_the_worker_goes_on(
    world, monkeypatch, limits, says
):
    reading = together(world, ("ke-hoach.txt", SEED.read_bytes() * 400))
    monkeypatch.setattr(intake, "LIMITS", limits)

    failed = actions.run_reading(reading.pk, AT)

    assert failed.state == "FAILED"
    assert says in failed.failure and "ke-hoach.txt" in failed.failure
    monkeypatch.undo()
    good = together(world, ("ke-hoach.txt", SEED.read_bytes()))
    assert actions.run_reading(good.pk, AT).state == "READ"
