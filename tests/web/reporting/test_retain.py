"""The night's round: records whose term ended, uploads nobody waits for, fault copies."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from namro.web.facts.models import Batch, Removal
from namro.web.facts.queries import verify
from namro.web.frame import clock, files
from namro.web.reporting import queries
from namro.web.reporting.deliveries import intake
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.records import fault_copies, leavings
from tests.web.reporting.test_record_files import BAD, check, receive, waiting


def aged(path, days):
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_records_go_when_their_term_has_ended_and_not_before(world, capsys):
    check(receive(world.dieuphoi))
    call_command("retain", today="2028-09-14")
    assert "Đã xóa 0 bản ghi của 0 lô" in capsys.readouterr().out
    call_command("retain", today="2028-09-15", dry_run=True)
    assert "lưu đến 14/9/2028" in capsys.readouterr().out and not Removal.objects.exists()
    call_command("retain", today="2028-09-15")
    assert "Đã xóa 3 bản ghi của 1 lô" in capsys.readouterr().out
    call_command("retain", today="2028-09-15")
    assert "Đã xóa 0 bản ghi của 0 lô" in capsys.readouterr().out
    assert Removal.objects.get().rows == 3 and verify() == []


def test_copies_and_uploads_go_when_nobody_needs_them(world):
    refused, asked = check(receive(world.dieuphoi, BAD)), receive(world.dieuphoi)
    stray = Path(settings.NAMRO_HOME) / "incoming" / "tmpx.csv"
    stray.write_text("x", encoding="utf-8")
    assert leavings.of(clock.now()) == []
    for path in (stray, *waiting()):
        aged(path, 8)
    aged(queries.copy_of(refused), 31)
    call_command("retain", today="2025-10-01")
    assert waiting() == [Path(settings.NAMRO_HOME) / "incoming" / asked.waiting]
    assert queries.copy_of(refused) is None and not list(fault_copies.folder().iterdir())


def test_what_killed_processes_left_goes_and_nothing_in_use(world, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    home, kept = Path(settings.NAMRO_HOME), files.path_of(files.keep([b"kept"])[0])
    room, upload = home / "tmproom", tmp_path / "tmp1.upload.xlsx"
    part = home / "parts" / "7" / ("a" * 64)
    for folder in (room, part):
        folder.mkdir(parents=True)
    left = [room / "rows.parquet", Path(settings.NAMRO_FILES) / "tmphalf", upload, part / "0"]
    for path in left:
        path.write_bytes(b"x")
    delivery = intake.receive_delivery(
        uploaded=[SimpleUploadedFile("a.xlsx", b"x")], client_id=uuid4(), by=world.baocao,
        at=clock.now(),
    )  # fmt: skip
    waits = home / "incoming" / delivery.files[0]["waiting"]
    everything = [*left, room, part, kept, waits, waits.parent, tmp_path]
    for path in everything:
        aged(path, 8)
    aged(room / "rows.parquet", 1)  # still being written to: the room stays with it
    call_command("retain", today="2025-10-01")
    assert [p.exists() for p in left] == [True, False, False, False]
    assert not part.exists() and kept.exists() and waits.exists()
    aged(room / "rows.parquet", 3)
    aged(room, 3)
    Delivery.objects.update(state="DONE")
    call_command("retain", today="2025-10-01")
    assert not room.exists() and not waits.parent.exists()


def test_records_go_on_request(world, capsys, monkeypatch):
    check(receive(world.dieuphoi))
    batch = Batch.objects.get()
    with pytest.raises(CommandError, match="Nêu --batch"):
        call_command("remove_records", note="x")
    call_command("remove_records", batch=batch.pk, unit=["c2"], note="Công văn 12")
    assert "Đã xóa 1 bản ghi trong 1 lô" in capsys.readouterr().out
    with pytest.raises(CommandError, match="không lưu dấu của người"):
        monkeypatch.setattr("getpass.getpass", lambda _: "012345678901")
        call_command("remove_records", dataset="dossiers", note="Đơn")


def test_page_of_a_batch_says_what_was_deleted(enter, world):
    batch = check(receive(world.dieuphoi)).batch
    call_command("remove_records", batch=batch.pk, unit=["c2"], note="Công văn 12")
    text = enter("dieuphoi").get(reverse("reporting:batch", args=[batch.pk])).content.decode()
    assert "Đã xóa 1 bản ghi (theo yêu cầu)" in text and "Công văn 12" in text
    assert text.count("bản ghi đã xóa, tổng còn giữ") == 1
