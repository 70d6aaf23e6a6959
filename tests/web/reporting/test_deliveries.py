"""Many forms back in at once: each file whole or not at all, each told by name, sheet and cell."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings

from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.reporting import actions, queries
from namro.web.reporting.deliveries import checking, intake, taking
from namro.web.reporting.deliveries import queries as reads
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery
from namro.web.reporting.deliveries.rules import DeliveryState, FormOutcome
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.models import CellEntry, Duty, Submission
from namro.workbook.layout import checksum
from tests.web.reporting.conftest import AT, PART, WHOLE, hand_in, later
from tests.web.reporting.forms_filled import (
    check,
    deliver,
    form,
    many,
    parcel_of,
    report_for,
    send,
    typed,
)

GOOD = {"E7": 40, "E8": 32}


@pytest.fixture
def duties(opened, world) -> list[Duty]:
    """What three communes owe, whose returns one person fills in."""
    report_for(world, "baocao", "c2", "c3")
    rows = opened.duties.filter(receiver=world.units["12-SNV"]).order_by("unit__code")
    return list(rows.select_related("round__plan", "unit", "receiver"))


def outcomes(told: dict[str, DeliveredForm]) -> dict[str, str]:
    return {name: row.outcome for name, row in told.items()}


def value(duty: Duty, slug: str = WHOLE) -> str | None:
    last = queries.last_of(duty)
    return last.values.get(slug, {}).get("value") if last else None


def test_workbook_of_many_duties_is_taken_tab_by_tab(duties, world):
    book = typed(many(duties), **GOOD)
    book = typed(book, sheet=1, E7=50, E8=5)
    told = deliver(world.baocao, {"bieu.xlsx": book})
    assert [(r.outcome, r.changed) for r in told.values()] == [
        ("TAKEN", 2),
        ("TAKEN", 2),
        ("UNCHANGED", 0),
    ]
    assert [value(d) for d in duties] == ["40", "50", None]
    assert next(iter(told.values())).sheet == "1. Xã Suối Một"
    assert queries.last_of(duties[1]).values[WHOLE]["cell"] == "2. Xã Suối Hai!E7"


def test_zip_of_folders_is_taken_and_each_file_told(duties, world):
    files = {
        "Tháng 9/xã một.xlsx": form(duties[0], **GOOD),
        "../../tên sai": form(duties[1], E7=50, E8=5),
        "ảnh.jpg": b"\xff\xd8\xff",
        "cũ.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "hỏng.xlsx": b"PK\x03\x04",
    }
    told = deliver(world.baocao, {"gói.zip": parcel_of(files)})
    assert outcomes(told) == {
        "gói.zip › Tháng 9/xã một.xlsx Biểu 1": "TAKEN",
        "gói.zip › tên sai Biểu 1": "TAKEN",
        "gói.zip › ảnh.jpg": "OTHER",
        "gói.zip › cũ.xls": "REFUSED",
        "gói.zip › hỏng.xlsx": "REFUSED",
    }
    assert [value(d) for d in duties] == ["40", "50", None]
    said = told["gói.zip › cũ.xls"].faults[0]
    assert ".xls" in said["message"] and ".xlsx" in said["suggestion"]


def test_fault_of_one_file_never_stops_another(duties, world):
    bad = form(duties[0], E7="bốn mươi", E8=3)
    told = deliver(world.baocao, {"một.xlsx": bad, "hai.xlsx": form(duties[1], **GOOD)})
    assert outcomes(told) == {"một.xlsx Biểu 1": "REFUSED", "hai.xlsx Biểu 1": "TAKEN"}
    assert told["một.xlsx Biểu 1"].faults[0]["cell"] == "Biểu 1!E7"
    assert [value(d) for d in duties[:2]] == [None, "40"]


def test_no_file_is_taken_by_half(duties, world):
    book = typed(typed(many(duties), **GOOD), sheet=1, E7="x", E8=1)
    told = deliver(world.baocao, {"bieu.xlsx": book})
    assert [r.outcome for r in told.values()] == ["WITHHELD", "REFUSED", "UNCHANGED"]
    assert not Submission.objects.exists() and not CellEntry.objects.exists()


def test_copy_of_a_refused_file_is_mended_and_taken(duties, world):
    book = typed(typed(many(duties), **GOOD), sheet=1, E7="x", E8=1)
    delivery = send(world.baocao, {"bieu.xlsx": book})
    check(delivery)
    ((name, path),) = reads.copies_of(delivery)
    assert name == "bieu - co ghi loi (1).xlsx"
    mended = typed(path.read_bytes(), sheet=1, E7=50)
    told = deliver(world.baocao, {name: mended}, later(2))
    assert [r.outcome for r in told.values()] == ["TAKEN", "TAKEN", "UNCHANGED"]
    assert [r.notices for r in told.values()][:2] == [[], []]
    assert [value(d) for d in duties] == ["40", "50", None]


def test_same_zip_again_changes_nothing_even_after_others_went_on(duties, world):
    packed = {"gói.zip": parcel_of({"a.xlsx": form(duties[0], **GOOD)})}
    deliver(world.baocao, packed)
    actions.save_draft(duty=duties[0], values={WHOLE: "41"}, by=world.baocao, at=later())
    before = CellEntry.objects.count()
    told = deliver(world.baocao, packed, later(2))
    (row,) = told.values()
    assert row.outcome == "UNCHANGED" and "đã được nạp lúc" in row.notices[0]["message"]
    assert CellEntry.objects.count() == before and value(duties[0]) == "41"
    assert not Cells(duties[0]).in_conflict


def test_sending_repeated_with_its_id_is_one_delivery(duties, world):
    key, files = uuid4(), {"a.xlsx": form(duties[0], **GOOD)}
    assert send(world.baocao, files, client_id=key) == send(world.baocao, files, client_id=key)
    assert Delivery.objects.count() == 1
    with pytest.raises(intake.FaultyDelivery, match="tải lại trang"):
        send(world.xakhac, files, client_id=key)


def test_cell_changed_by_another_waits_for_a_choice(duties, world):
    old = form(duties[0], **GOOD)
    actions.save_draft(duty=duties[0], values={WHOLE: "44"}, by=world.baocao, at=AT)
    (row,) = deliver(world.baocao, {"a.xlsx": old}, later()).values()
    assert (row.outcome, row.changed, row.waiting) == ("CONFLICT", 1, 1)
    assert (value(duties[0]), value(duties[0], PART)) == ("44", "32")
    assert list(Cells(duties[0]).in_conflict) == [(WHOLE, "value")]


def test_same_duty_twice_in_a_delivery_is_told_and_loses_nothing(duties, world):
    first, second = form(duties[0], **GOOD), form(duties[0], E7=41, E8=32)
    told = deliver(world.baocao, {"a.xlsx": first, "b.xlsx": second})
    assert outcomes(told) == {"a.xlsx Biểu 1": "TAKEN", "b.xlsx Biểu 1": "CONFLICT"}
    assert "cũng có trong tệp “a.xlsx”" in str(told["b.xlsx Biểu 1"].notices)


def test_form_of_another_unit_is_refused_and_the_rest_of_the_zip_taken(opened, duty, world):
    other = opened.duties.get(unit=world.units["c2"], receiver=duty.receiver)
    files = {"c1.xlsx": form(duty, **GOOD), "c2.xlsx": form(other, **GOOD)}
    told = deliver(world.baocao, {"g.zip": parcel_of(files)})
    assert [r.outcome for r in told.values()] == ["TAKEN", "REFUSED"]
    row = told["g.zip › c2.xlsx Biểu 1"]
    assert "không phải người lập báo cáo của Xã Suối Hai" in row.faults[0]["message"]
    assert value(other) is None and not row.has_copy


def test_handed_in_and_approved_returns_are_not_touched(duties, world):
    book = form(duties[0], E7=41, E8=32)
    handed = hand_in(duties[0], world.baocao)
    told = deliver(world.baocao, {"a.xlsx": book}, later())
    assert "đã nộp lúc" in str([r.faults for r in told.values()])
    actions.approve(submission=handed, by=world.duyet, at=later(2))
    told = deliver(world.baocao, {"b.xlsx": form(duties[0], E7=41, E8=32)}, later(3))
    assert "đã được duyệt" in str([r.faults for r in told.values()])
    same = deliver(world.baocao, {"c.xlsx": form(duties[0], **GOOD)}, later(3))
    assert [r.outcome for r in same.values()] == ["UNCHANGED"]
    assert Submission.objects.filter(duty=duties[0]).count() == 1


def test_form_of_an_older_version_is_refused(duties, world):
    old = form(duties[0], E7=41, E8=32)
    actions.send_back(
        submission=hand_in(duties[0], world.baocao), reason="Sai", by=world.duyet, at=later()
    )
    (row,) = deliver(world.baocao, {"a.xlsx": old}, later(2)).values()
    assert row.outcome == "REFUSED" and "bản “1”" in row.faults[0]["message"]


def test_closed_round_is_told_and_what_was_filled_in_is_kept(opened, duties, world):
    book = form(duties[0], **GOOD)
    actions.close_round(round=opened, reason="Hết hạn", by=world.dieuphoi, at=later())
    (row,) = deliver(world.baocao, {"a.xlsx": book}, later(2)).values()
    assert row.outcome == "TAKEN" and "Đợt báo cáo này đã đóng" in row.notices[0]["message"]
    assert value(duties[0]) == "40"


def test_form_of_a_round_that_is_none_here_is_told(duties, world):
    def other_round(book):
        page = book["Khóa biểu mẫu"]
        rows = [[c.value for c in row if c.value is not None] for row in page.iter_rows()]
        for row in rows:
            if row[:2] == ["key", "round"]:
                row[2] = "99999999999999999999"
        lines = [tuple(str(v) for v in row) for row in rows[1:]]
        page["B1"] = checksum(lines)
        for at, row in enumerate(rows[1:], start=2):
            for column, text in enumerate(row, start=1):
                page.cell(at, column, text)

    (row,) = deliver(world.baocao, {"a.xlsx": form(duties[0], other_round, **GOOD)}).values()
    assert row.outcome == "REFUSED" and "Không có nghĩa vụ báo cáo" in row.faults[0]["message"]


@pytest.mark.parametrize(
    ("typed_in", "said"),
    [
        (10**30, "quá lớn"),
        ("98.75", "98,75"),
        ("=1/0", "chưa được tính"),
        (-1, "số âm"),
    ],
)
def test_bad_cells_are_told_by_cell(duties, world, typed_in, said):
    book = form(duties[0], E7=typed_in, E8=1)
    (row,) = deliver(world.baocao, {"a.xlsx": book}).values()
    assert row.faults[0]["cell"] == "Biểu 1!E7"
    assert said in row.faults[0]["message"] + row.faults[0]["suggestion"]


def test_macros_and_encrypted_files_are_refused(duties, world):
    held = io.BytesIO(form(duties[0], **GOOD))
    with zipfile.ZipFile(held, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    told = deliver(world.baocao, {"a.xlsm": held.getvalue(), "b.xlsx": locked})
    assert "macro" in told["a.xlsm"].faults[0]["message"]
    assert "mật khẩu" in told["b.xlsx"].faults[0]["message"]
    assert value(duties[0]) is None


def test_check_cut_off_goes_on_where_it_stopped(duties, world, monkeypatch):
    files = {f"{n}.xlsx": form(d, **GOOD) for n, d in enumerate(duties)}
    delivery = send(world.baocao, {"g.zip": parcel_of(files)})
    whole, seen = taking.take_file, []

    def cut(path, name, **more):
        seen.append(name)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(path, name, **more)

    monkeypatch.setattr(checking, "take_file", cut)
    with pytest.raises(KeyboardInterrupt):
        check(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.done, delivery.total) == (DeliveryState.WAITING, 1, 3)
    told = check(delivery)
    assert [r.outcome for r in told.values()] == ["TAKEN"] * 3 and len(seen) == 4


def test_file_on_which_the_site_itself_fails_is_told_and_the_next_taken(
    duties, world, monkeypatch, caplog
):
    whole = taking.take_file

    def fails(path, name, **more):
        if name == "a.xlsx":
            raise RuntimeError("broken")
        return whole(path, name, **more)

    monkeypatch.setattr(checking, "take_file", fails)
    files = {"a.xlsx": form(duties[0], **GOOD), "b.xlsx": form(duties[1], **GOOD)}
    told = deliver(world.baocao, files)
    assert [r.outcome for r in told.values()] == ["REFUSED", "TAKEN"]
    assert "Hệ thống gặp lỗi" in told["a.xlsx"].faults[0]["message"]
    assert "was not taken" in caplog.text


def test_check_twice_does_nothing_more(duties, world):
    delivery = send(world.baocao, {"a.xlsx": form(duties[0], **GOOD)})
    check(delivery)
    check(delivery, later(5))
    assert delivery.forms.count() == 1


def test_delivery_is_written_down_and_leaves_no_upload(
    duties, world, django_capture_on_commit_callbacks
):
    delivery = send(world.baocao, {"a.xlsx": form(duties[0], **GOOD)})
    with django_capture_on_commit_callbacks(execute=True):
        check(delivery)
    line = JournalEntry.objects.get(verb="reporting.receive_workbook")
    assert "1 biểu được nạp" in line.summary
    assert not list((settings.NAMRO_HOME / "incoming").glob("forms-*"))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DONE


def test_upload_that_is_no_longer_there_is_told(duties, world):
    delivery = send(world.baocao, {"a.xlsx": form(duties[0], **GOOD)})
    for told in delivery.files:
        (intake.incoming() / told["waiting"]).unlink()
    (row,) = check(delivery).values()
    assert row.outcome == FormOutcome.REFUSED and "không còn" in row.faults[0]["message"]


def test_only_who_reports_or_receives_may_deliver(duties, world):
    with pytest.raises(NotAllowed):
        send(world.lanhdao, {"a.xlsx": b"x"})
    with pytest.raises(intake.FaultyDelivery, match="Hãy chọn"):
        send(world.baocao, {})


def test_empty_or_too_large_upload_is_told_beside_the_sound_ones(duties, world, settings):
    settings.NAMRO_MAX_UPLOAD = 100_000
    files = {"a.xlsx": b"", "b.xlsx": bytes(100_001), "c.xlsx": form(duties[0], **GOOD)}
    told = deliver(world.baocao, files)
    assert [r.outcome for r in told.values()] == ["REFUSED", "REFUSED", "TAKEN"]
    assert "rỗng" in told["a.xlsx"].faults[0]["message"]
    assert "quá mức" in told["b.xlsx"].faults[0]["message"]


def test_plain_workbook_of_ones_own_is_no_form(duties, world):
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    (row,) = deliver(world.baocao, {"a.xlsx": out.getvalue()}).values()
    assert row.outcome == "REFUSED" and "không có trang khóa" in row.faults[0]["message"]
