"""What devices send: cells as JSON, files in pieces; hostile or broken, nothing is half-kept."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from namro.web.reporting import actions, parts, queries
from namro.web.reporting.models import CellEntry, Evidence, Submission
from tests.web.reporting.conftest import AT, PART, PDF, WHOLE, later, prove


def cell(element, text, base=None, **more):
    return {"name": f"v-{element}", "text": text, "base": base} | more


def send(client, duty, *cells, number=1, **more):
    told = {"id": str(UUID(int=number)), "origin": "OFFLINE", "seen": 0, "cells": cells} | more
    answer = client.post(
        reverse("reporting:cells", args=[duty.pk]),
        json.dumps(told),
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def test_cells_are_kept_with_version_author_time_and_origin(enter, duty, world):
    status, told = send(enter("baocao"), duty, cell(WHOLE, "1.035", age=120))
    entry = CellEntry.objects.get()
    assert (status, told["mine"]) == (200, {f"v-{WHOLE}": entry.pk})
    assert (entry.by, entry.origin, entry.base) == (world.baocao, "OFFLINE", None)
    assert entry.at - entry.typed_at == timedelta(minutes=2)
    assert told["cells"][f"v-{WHOLE}"]["text"] == "1.035" and told["seen"] == entry.pk


def test_half_a_sign_is_left_out_and_the_form_still_opens(enter, duty):
    client = enter("baocao")
    broken = [
        cell(WHOLE, "4\ud83d0"),
        {"name": f"n-{WHOLE}", "text": "a\ud83d"},
        {"name": "note", "text": "\udc00b"},
    ]
    assert send(client, duty, *broken)[0] == 200
    draft = queries.last_of(duty)
    assert (draft.values[WHOLE]["value"], draft.values[WHOLE]["note"], draft.note) == (
        "40", "a", "b",
    )  # fmt: skip
    for page in ("duty", "workbook"):
        assert client.get(reverse(f"reporting:{page}", args=[duty.pk])).status_code == 200


def test_answer_tells_only_what_is_newer_than_seen_and_what_conflicts(enter, duty, world):
    first = actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    _, told = send(enter("baocao"), duty, cell(WHOLE, "41"), cell(PART, "3"), seen=first.lock)
    assert list(told["cells"]) == [f"v-{PART}"]
    assert "Chọn 40" in told["conflicts"][f"v-{WHOLE}"]
    assert told.keys() == {"seen", "cells", "conflicts", "saved", "mine", "unknown"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"id": "x", "cells": []}', b"\xff\xfe", b"[" * 9000,
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": 3}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": "v-", "text": ""}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": [{"name": "note", "text": 5}]}',
        b'{"id": "00000000-0000-0000-0000-000000000001", "cells": null}',
    ],
)  # fmt: skip
def test_sending_that_cannot_be_read_is_refused_whole(enter, duty, body):
    answer = enter("baocao").post(
        reverse("reporting:cells", args=[duty.pk]), body, content_type="application/json"
    )
    assert answer.status_code == 400 and not Submission.objects.exists()


@pytest.mark.parametrize("base", ["9" * 30, -1, "abc", True, [], {}, 1.5, None])
def test_base_that_no_page_could_know_counts_as_nothing_seen(enter, duty, world, base):
    actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    status, _ = send(enter("baocao"), duty, cell(WHOLE, "41", base))
    assert (status, queries.last_of(duty).values[WHOLE]["value"]) == (200, "40")
    assert CellEntry.objects.filter(aside=True, open=True).count() == 1


def test_figure_of_another_duty_s_version_is_no_base_here(enter, opened, duty, world):
    other = opened.duties.get(unit=world.units["c2"])
    theirs = actions.save_draft(duty=other, values={WHOLE: 7}, by=world.xakhac, at=AT)
    actions.save_draft(duty=duty, values={WHOLE: 40}, by=world.baocao, at=AT)
    send(enter("baocao"), duty, cell(WHOLE, "41", theirs.landed[f"v-{WHOLE}"].pk))
    assert queries.last_of(duty).values[WHOLE]["value"] == "40"


def test_cell_the_form_no_longer_asks_is_handed_back_and_the_rest_taken(enter, duty):
    status, told = send(enter("baocao"), duty, cell(WHOLE, "40"), cell("bo-di", "7"))
    assert (status, told["unknown"]) == (200, ["v-bo-di"])
    assert queries.last_of(duty).values.keys() == {WHOLE}


def test_sending_of_nothing_the_form_asks_begins_no_draft(enter, duty):
    status, told = send(enter("baocao"), duty, cell("bo-di", "7"))
    assert (status, told["unknown"], told["mine"]) == (200, ["v-bo-di"], {})
    assert not Submission.objects.exists()


def test_approved_return_is_not_opened_again_by_a_late_device(enter, handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    status, told = send(enter("baocao"), duty, cell(WHOLE, "45"))
    assert (status, told["closed"]) == (409, True) and "đã được duyệt" in told["message"]
    assert duty.submissions.count() == 1
    status, _ = send(enter("baocao"), duty, cell(WHOLE, "45"), correcting=True)
    assert (status, duty.submissions.count()) == (200, 2)


def test_cells_of_another_unit_are_neither_told_nor_taken(enter, duty):
    address = reverse("reporting:cells", args=[duty.pk])
    for who, status in (("xakhac", 404), ("duyet", 403)):
        assert enter(who).get(address).status_code == status
        assert send_status(enter(who), duty) == status


def send_status(client, duty):
    told = {"id": str(UUID(int=9)), "cells": []}
    address = reverse("reporting:cells", args=[duty.pk])
    return client.post(address, json.dumps(told), content_type="application/json").status_code


# --- files in pieces ---------------------------------------------------------------------------

SHA = hashlib.sha256(PDF * 2).hexdigest()


def piece(client, duty, number, content=PDF, sha256=SHA, check=None):
    check = check or hashlib.sha256(content).hexdigest()
    address = reverse("reporting:upload", args=[duty.pk])
    return client.post(
        f"{address}?sha256={sha256}&phan={number}&kiem={check}", content,
        content_type="application/octet-stream",
    )  # fmt: skip


def finish(client, duty, count=2, name="a.pdf", element=PART, sha256=SHA):
    address = reverse("reporting:upload", args=[duty.pk])
    return client.post(
        f"{address}?sha256={sha256}&xong={count}", json.dumps({"name": name, "element": element}),
        content_type="application/json",
    )  # fmt: skip


def test_file_in_pieces_becomes_evidence_once_though_sent_twice(enter, duty):
    client = enter("baocao")
    assert piece(client, duty, 1).json() == {"have": [1]}
    assert "chưa gửi đủ" in finish(client, duty).json()["message"]
    assert piece(client, duty, 0).json() == piece(client, duty, 0).json() == {"have": [0, 1]}
    first, again = finish(client, duty), finish(client, duty)  # the first answer was lost
    assert first.json() == again.json() and Evidence.objects.get().sha256 == SHA
    assert not list(parts.folder().glob("*/*"))


def test_name_of_a_file_with_half_a_sign_is_kept_without_it(enter, duty):
    client = enter("baocao")
    piece(client, duty, 0), piece(client, duty, 1)
    assert finish(client, duty, name="a\ud83d.pdf").status_code == 200
    assert Evidence.objects.get().file_name == "a.pdf"


def test_piece_broken_on_the_way_is_not_kept(enter, duty):
    answer = piece(enter("baocao"), duty, 0, check="0" * 64)
    assert answer.status_code == 422 and "bị hỏng trên đường truyền" in answer.json()["message"]
    assert not Submission.objects.exists()


def test_pieces_of_another_file_are_found_out(enter, duty):
    client = enter("baocao")
    piece(client, duty, 0)
    piece(client, duty, 1, content=b"other")
    assert "không giống tệp trên máy" in finish(client, duty).json()["message"]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("sha256", ["", "../../x", "A" * 64, "0" * 63])
def test_pieces_go_nowhere_but_under_their_hash(enter, duty, sha256):
    assert piece(enter("baocao"), duty, 0, sha256=sha256).status_code == 422


def test_unfinished_files_of_one_person_are_bounded_and_go_after_a_week(enter, duty, monkeypatch):
    monkeypatch.setattr(parts, "MOST_WAITING", len(PDF))
    client = enter("baocao")
    assert piece(client, duty, 0).status_code == 200
    assert "gửi dở" in piece(client, duty, 1).json()["message"]
    long_ago = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    for place in parts.folder().glob("*/*"):
        os.utime(place, (long_ago, long_ago))
    assert parts.remove_old(datetime.now(UTC)) == 1 and not list(parts.folder().glob("*/*"))


# --- what may prove ------------------------------------------------------------------------------


def package(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for member in members:
            made.writestr(member, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bao-cao.pdf", b"MZ\x90\x00" + b"\x00" * 60, "nội dung không đúng loại .pdf"),
        ("anh.jpg", PDF, "nội dung không đúng loại .jpg"),
        ("bang.xlsx", package("word/document.xml"), "nội dung không đúng loại .xlsx"),
        ("bang.xlsx", package("xl/workbook.xml", "xl/vbaProject.bin"), "có chứa macro"),
        ("goi.zip", package("tai-lieu/cai-dat.EXE"), "có chứa chương trình “cai-dat.EXE”"),
        ("goi.zip", b"PK\x03\x04 khong phai", "bị hỏng"),
        ("ghi-chu.txt", b"MZ\x00\x01", "nội dung không đúng loại .txt"),
    ],
)
def test_evidence_is_what_its_content_says_not_its_name(duty, world, name, content, said):
    with pytest.raises(actions.FaultyFile, match=said):
        prove(duty, world.baocao, content=content, name=name)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.JPG", b"\xff\xd8\xff\xe0" + b"0" * 9), ("anh.png", b"\x89PNG\r\n\x1a\n00"),
        ("van-ban.docx", package("word/document.xml")), ("bang.csv", "xã;số\n".encode()),
        ("goi.zip", package("a.pdf")),
    ],
)  # fmt: skip
def test_evidence_of_the_usual_kinds_is_taken(duty, world, name, content):
    assert prove(duty, world.baocao, content=content, name=name).file_name == name


def test_photograph_of_fifty_megabytes_is_refused_in_words(duty, world):
    chunks = [b"\xff\xd8\xff" + b"0" * (1 << 20)] * 50
    with pytest.raises(actions.FaultyFile, match="lớn hơn 25 MB"):
        actions.attach(
            duty=duty, element=PART, file_name="anh.jpg", chunks=chunks, by=world.baocao, at=AT
        )


def test_link_proves_a_figure_and_leads_there(enter, duty, world):
    proof = actions.attach_link(
        duty=duty, element=PART, link=" https://dichvucong.example/kq?x=1 ", by=world.baocao, at=AT
    )
    answer = enter("baocao").get(reverse("reporting:evidence", args=[proof.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "https://dichvucong.example/kq?x=1")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://a.b", "https://", "a b", "//x.y", "https://[x"]
)
def test_link_that_is_no_page_is_refused(duty, world, link):
    with pytest.raises(actions.FaultyFile, match="không phải địa chỉ trang"):
        actions.attach_link(duty=duty, element=PART, link=link, by=world.baocao, at=AT)
    assert not Submission.objects.exists()


def test_round_closed_meanwhile_keeps_what_a_device_sends_and_hands_nothing_in(enter, duty, world):
    prove(duty, world.baocao)
    actions.close_round(round=duty.round, reason="Đã tổng hợp", by=world.dieuphoi, at=later())
    client = enter("baocao")
    status, told = send(client, duty, cell(WHOLE, "40"), cell(PART, "32"))
    assert (status, queries.last_of(duty).status) == (200, "DRAFT")
    posted = {f"v-{WHOLE}": "40", f"v-{PART}": "32", "seen": str(told["seen"])}
    answer = client.post(reverse("reporting:hand_in", args=[duty.pk]), posted)
    assert answer.status_code == 409
    assert "Số đã nhập vẫn được lưu" in answer.content.decode()
    assert queries.last_of(duty).values[PART]["value"] == "32"
