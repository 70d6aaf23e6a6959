"""A document marked as a state secret leaves no bytes here, however often it is sent."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.frame import files
from namro.web.plans import actions, page_pictures
from namro.web.plans.models import Reading
from tests.web.plans.sample import AT

SECRET = "MẬT\n\nKẾ HOẠCH\n\nTriển khai nhiệm vụ quốc phòng, an ninh trên địa bàn tỉnh năm 2025."


def send(world, content: str, name: str = "mat.txt") -> Reading:
    return actions.receive_document(
        by=world.dieuphoi, at=AT, unit=world.units["12-VP"], file_name=name,
        chunks=[content.encode()],
    )  # fmt: skip


def stored(settings) -> list[Path]:
    return [
        f for f in Path(settings.NAMRO_HOME).rglob("*") if f.is_file() and "static" not in str(f)
    ]


def test_a_secret_sent_again_does_not_stay(world, settings):
    first = send(world, SECRET)
    actions.run_reading(first.pk, AT)

    again = send(world, SECRET, name="lan-hai.txt")

    assert (again, again.state) == (first, "QUEUED")
    assert actions.run_reading(again.pk, AT).state == "FAILED"
    assert not files.path_of(first.document.sha256).exists()
    assert stored(settings) == []


def test_a_secret_sent_again_on_the_page_does_not_stay(world, enter, settings):
    client = enter("dieuphoi")

    for _ in range(2):
        upload = SimpleUploadedFile("mat.txt", SECRET.encode())
        client.post(reverse("plans:readings"), {"tep": [upload], "gop": "0"})

    assert Reading.objects.get(document__file_name="mat.txt").state == "FAILED"
    assert stored(settings) == []


def test_the_pictures_of_a_secret_go_with_its_file(world):
    reading = send(world, SECRET)
    sha256 = reading.document.sha256
    kept = page_pictures._folder() / sha256[:2] / f"{sha256[2:]}-1-900.webp"
    other = kept.with_name(f"{'0' * 62}-1-900.webp")
    kept.parent.mkdir(parents=True)
    for picture in (kept, other):
        picture.write_bytes(b"RIFF")

    actions.run_reading(reading.pk, AT)

    assert (kept.exists(), other.exists()) == (False, True)
