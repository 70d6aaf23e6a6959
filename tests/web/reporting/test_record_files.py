"""Files of raw records: kept aside, checked, taken whole or refused whole, gone after the check."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from namro.web.facts.models import Batch
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.models import RecordFile
from namro.web.reporting.records import record_files
from namro.web.reporting.rules import FileState
from tests.web.reporting.conftest import AT, hire, later

HEAD = "dossier,unit,procedure,received_on,channel,digitised,applicant_name\n"
GOOD = HEAD + (
    "h1,c1,1.001,20/8/2025,trực tuyến,có,Nguyễn Văn Thử\n"
    "h2,c1,1.001,21/8/2025,trực tiếp,không,Trần Thị Thử\n"
    "h3,c2,1.002,01/9/2025,trực tuyến,có,Lê Văn Thử\n"
)
BAD = HEAD + "h1,c1,1.001,hôm qua,trực tuyến,có,A\nh2,c9,1.001,21/8/2025,trực tuyến,có,B\n"


def receive(by, text=GOOD, name="ho-so.csv", dataset="dossiers", period="202509", at=AT):
    return actions.receive_records(
        dataset=dataset, period_code=period, file_name=name, chunks=[text.encode()], by=by, at=at
    )


def waiting():
    folder = Path(settings.NAMRO_HOME) / "incoming"
    return list(folder.iterdir()) if folder.is_dir() else []


def check(kept, at=None):
    return actions.check_records(record_file=kept, at=at or later())


def test_records_wait_and_are_then_taken(world):
    kept = receive(world.dieuphoi)
    assert kept.state == FileState.WAITING and len(waiting()) == 1
    taken = check(kept)
    assert (taken.state, taken.batch.rows, taken.faults) == (FileState.TAKEN, 3, [])
    assert {(s.unit.code, s.rows) for s in taken.batch.slices.all()} == {("c1", 2), ("c2", 1)}


def test_records_leave_no_personal_column_behind(world):
    check(receive(world.dieuphoi))
    assert waiting() == []
    home = Path(settings.NAMRO_HOME)
    assert not [f for f in home.rglob("*") if f.is_file() and "Văn Thử".encode() in f.read_bytes()]


def test_records_with_faults_are_refused_whole_with_lines(world):
    refused = check(receive(world.dieuphoi, BAD))
    assert refused.state == FileState.REFUSED and not Batch.objects.exists()
    assert {f["line"] for f in refused.faults} == {2, 3}
    assert all(f["message"] and f["suggestion"] for f in refused.faults)
    assert waiting() == []


def test_check_twice_takes_once(world):
    kept = receive(world.dieuphoi)
    check(kept)
    assert check(kept, later(2)).state == FileState.TAKEN
    assert Batch.objects.count() == 1


def test_check_cut_off_is_taken_up_again(world):
    kept = receive(world.dieuphoi)
    RecordFile.objects.filter(pk=kept.pk).update(state=FileState.CHECKING, started_at=AT)
    assert check(kept, AT + timedelta(minutes=5)).state == FileState.CHECKING
    assert (
        check(kept, AT + record_files.STUCK_AFTER + timedelta(minutes=1)).state == FileState.TAKEN
    )


def test_check_cut_off_after_taking_finds_its_batch(world):
    kept = receive(world.dieuphoi)
    copy = waiting()[0].read_bytes()
    taken = check(kept)
    RecordFile.objects.filter(pk=kept.pk).update(
        state=FileState.CHECKING, started_at=AT, batch=None, waiting="a.csv", finished_at=None
    )
    (Path(settings.NAMRO_HOME) / "incoming" / "a.csv").write_bytes(copy)
    again = check(kept, later(3))
    assert (again.state, again.batch_id, Batch.objects.count()) == (
        FileState.TAKEN, taken.batch_id, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "a.docx"}, "không phải CSV, Excel"),
        ({"text": ""}, "không có nội dung"),
        ({"dataset": "la"}, "Hãy chọn tập dữ liệu"),
        ({"period": "thang 9"}, "Hãy chọn kỳ"),
    ],
)
def test_records_refused_at_the_door_leave_nothing(world, change, message):
    with pytest.raises(actions.FaultyRecordFile, match=message):
        receive(world.dieuphoi, **change)
    assert not RecordFile.objects.exists() and waiting() == []


def test_records_sent_again_are_refused_until_the_first_was(world):
    first = receive(world.dieuphoi)
    with pytest.raises(actions.FaultyRecordFile, match="đã được gửi lúc 09:00 ngày 15/9/2025"):
        receive(world.dieuphoi, at=later())
    assert waiting() != [] and RecordFile.objects.count() == 1
    RecordFile.objects.filter(pk=first.pk).update(state=FileState.REFUSED)
    assert receive(world.dieuphoi, at=later()).pk != first.pk


@pytest.mark.parametrize("who", ["baocao", "duyet", "lanhdao", "kiemtra", "quantri", "xakhac"])
def test_records_are_received_by_who_coordinates(world, who):
    with pytest.raises(NotAllowed):
        receive(world.people[who])
    assert waiting() == []


# --- pages -----------------------------------------------------------------------------------


def send(client, text=GOOD, **change):
    data = {"dataset": "dossiers", "period": "202509"} | change
    upload = SimpleUploadedFile("ho-so.csv", text.encode(), "text/csv")
    return client.post(reverse("reporting:batches"), {**data, "file": upload}, follow=True)


@pytest.fixture
def coordinator(enter, monkeypatch):
    """Signed in while September 2025 can still be chosen."""
    return enter("dieuphoi")


def test_page_sends_checks_and_shows_the_batch_unit_by_unit(coordinator):
    text = send(coordinator).content.decode()
    assert "3 bản ghi" in text and "Xã Suối Một" in text and "Đang tính" in text
    assert "ho-so.csv" in coordinator.get(reverse("reporting:batches")).content.decode()


def test_page_shows_faults_and_gives_them_as_a_table(coordinator):
    answer = send(coordinator, BAD)
    kept = RecordFile.objects.get()
    assert "Tệp bị từ chối" in answer.content.decode() and "Cách sửa" in answer.content.decode()
    table = coordinator.get(reverse("reporting:faults", args=[kept.pk]))
    copy = io.BytesIO(b"".join(table.streaming_content))
    head, first, second = openpyxl.load_workbook(copy).active.values
    assert head[0] == "Dòng trong tệp gốc" and head[-2:] == ("Lỗi", "Cách sửa")
    assert [first[0], second[0]] == [2, 3]
    assert "Ô D2: Cột “Ngày tiếp nhận”: “hôm qua” không phải là ngày." in first
    assert "Nguyễn" not in str(head) and not {"A", "B"} & {*first, *second}


def test_copy_of_a_file_shows_every_row_of_a_short_one_with_its_faults(world):
    text = HEAD + "h1,c1,1.001,20/8/2025,trực tuyến,có,A\nh2,c1,x\nh1,c1,1.001,hôm qua,fax,có,B\n"
    refused = check(receive(world.dieuphoi, text))
    copy = queries.copy_of(refused)
    rows = list(openpyxl.load_workbook(copy).active.values)[1:]
    assert [(r[0], r[1]) for r in rows] == [(2, "h1"), (3, None), (4, "h1")]
    assert rows[0][-2] is None and "Có 3 ô" in rows[1][-2]
    assert [line.split(":")[0] for line in rows[2][-2].splitlines()] == ["Ô A4", "Ô D4", "Ô E4"]


def test_workbook_and_parquet_are_taken_like_csv(world, tmp_path):
    import xlsxwriter

    path = tmp_path / "ho-so.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Hồ sơ")
        for at, line in enumerate(GOOD.splitlines()):
            sheet.write_row(at, 0, line.split(","))
    kept = actions.receive_records(
        dataset="dossiers", period_code="202509", file_name="ho-so.xlsx",
        chunks=[path.read_bytes()], by=world.dieuphoi, at=AT,
    )  # fmt: skip
    taken = check(kept)
    assert (taken.state, taken.batch.rows) == (FileState.TAKEN, 3)


def test_check_says_how_far_it_is_and_leaves_no_room(world, monkeypatch):
    moments = iter(range(0, 10**6, 10))
    monkeypatch.setattr(record_files.time, "monotonic", lambda: next(moments))
    kept = check(receive(world.dieuphoi))
    kept.refresh_from_db()
    assert kept.checked_rows == 3 and kept.beat_at > kept.started_at
    assert waiting() == []


def test_check_that_fails_for_another_reason_may_be_made_again(world, monkeypatch):
    kept = receive(world.dieuphoi)

    def stop(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record_files.facts, "take_batch", stop)
        with pytest.raises(KeyboardInterrupt):
            check(kept)
    assert len(waiting()) == 1 and check(kept, later()).state == FileState.TAKEN


def test_long_file_is_taken_from_the_servers_disk_by_a_command(world, tmp_path, capsys):
    path = tmp_path / "lon.csv"
    path.write_text(GOOD, encoding="utf-8")
    call_command("take_records", str(path), dataset="dossiers", period="202509")
    assert "Đã nhận 3 bản ghi" in capsys.readouterr().out
    with pytest.raises(CommandError, match="đã được gửi"):
        call_command("take_records", str(path), dataset="dossiers", period="202509")
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(CommandError, match="Bản sao có ghi mọi lỗi"):
        call_command("take_records", str(path), dataset="dossiers", period="202509")
    assert "lon.csv: Dòng 2: cột “Ngày tiếp nhận”" in capsys.readouterr().err


@pytest.mark.parametrize("change", [{"period": ""}, {"dataset": ""}])
def test_page_says_what_is_missing(coordinator, change):
    answer = send(coordinator, **change)
    assert answer.status_code == 422 and "Hãy chọn" in answer.content.decode()


def test_page_of_a_batch_is_for_who_may_see_records(enter, world):
    batch = check(receive(world.dieuphoi)).batch
    address = reverse("reporting:batch", args=[batch.pk])
    assert enter("kiemtra").get(address).status_code == 200
    for who in ("baocao", "duyet", "lanhdao"):
        assert enter(who).get(address).status_code == 403


def test_files_are_seen_by_who_sent_them_and_by_those_their_records_concern(world):
    on = AT.date()
    of_c3 = HEAD + "h9,c3,1.001,20/8/2025,trực tuyến,có,Phạm Văn Thử\n"
    taken, bad = check(receive(world.dieuphoi)), check(receive(world.dieuphoi, BAD))
    other = check(receive(world.dieuphoi, of_c3))
    hire(world, "dieuphoixa", "c1", Role.COORDINATOR)
    own = receive(world.dieuphoixa, BAD.replace("h1", "h7"))

    assert set(queries.record_files_for(world.dieuphoixa, on)) == {taken, own}
    assert set(queries.record_files_for(world.kiemtra, on)) == {taken, bad, other, own}


def test_page_of_a_file_says_how_far_it_is(enter, world):
    kept = receive(world.dieuphoi)
    address = reverse("reporting:record_file", args=[kept.pk])
    assert "đang chờ kiểm tra" in enter("dieuphoi").get(address).content.decode()
    assert enter("baocao").get(address).status_code == 404
    again = reverse("reporting:check_again", args=[kept.pk])
    assert enter("kiemtra").post(again).status_code == 403
    enter("dieuphoi").post(again)
    kept.refresh_from_db()
    assert kept.state == FileState.TAKEN
