"""Evidence as devices send it: files in pieces, links; what may prove; a repeat changes nothing."""

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

from namro.web.reporting import actions
from namro.web.reporting.models import Evidence, Submission
from namro.web.reporting.proof import parts
from tests.web.reporting.conftest import AT, PART, PDF, later, prove

SHA = hashlib.sha256(PDF * 2).hexdigest()


def piece(client, duty, number, content=PDF, sha256=SHA, check=None):
    check = check or hashlib.sha256(content).hexdigest()
    address = reverse("reporting:upload", args=[duty.pk])
    return client.post(
        f"{address}?sha256={sha256}&phan={number}&kiem={check}", content,
        content_type="application/octet-stream",
    )  # fmt: skip


def finish(client, duty, count=2, name="a.pdf", element=PART, sha256=SHA, query=None, **more):
    return client.post(
        reverse("reporting:upload", args=[duty.pk]),
        json.dumps({"name": name, "element": element} | more),
        content_type="application/json",
        query_params={"sha256": sha256, "xong": str(count)} | (query or {}),
    )


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


# --- links, and what comes too late ---


def link(client, duty, address="https://mau.example/kq", number=7, **query):
    told = {"id": str(UUID(int=number)), "link": address, "element": PART}
    where = reverse("reporting:upload", args=[duty.pk])
    return client.post(
        where, json.dumps(told), content_type="application/json",
        query_params={"lien-ket": "1"} | query,
    )  # fmt: skip


def test_link_sent_twice_proves_once_and_one_taken_off_does_not_come_back(enter, duty, world):
    client = enter("baocao")
    first = link(client, duty)
    assert first.json() == link(client, duty).json()
    proof = Evidence.objects.get()
    assert (proof.link, proof.element, proof.pk) == (
        "https://mau.example/kq", PART, first.json()["pk"],
    )  # fmt: skip
    actions.detach(evidence=proof, by=world.baocao, at=AT)
    assert link(client, duty).json() == {"gone": True} and not Evidence.objects.exists()
    assert link(client, duty, number=8).status_code == 200  # the same page, named anew


def test_link_that_is_no_page_is_refused_for_good(enter, duty):
    answer = link(enter("baocao"), duty, "javascript:alert(1)")
    assert answer.status_code == 422 and "không phải địa chỉ trang" in answer.json()["message"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"id": 5, "link": "", "element": ""}'])
def test_link_that_cannot_be_read_is_refused(enter, duty, body):
    where = reverse("reporting:upload", args=[duty.pk]) + "?lien-ket=1"
    answer = enter("baocao").post(where, body, content_type="application/json")
    assert answer.status_code == 400 and not Submission.objects.exists()


def test_file_taken_off_elsewhere_does_not_come_back_when_sent_again(enter, duty, world):
    client, more = enter("baocao"), {"id": str(UUID(int=9))}
    piece(client, duty, 0), piece(client, duty, 1)
    assert finish(client, duty, **more).status_code == 200
    actions.detach(evidence=Evidence.objects.get(), by=world.baocao, at=AT)
    assert finish(client, duty, **more).json() == {"gone": True}
    assert not Evidence.objects.exists()


def test_file_and_link_that_come_after_the_approval_correct_nothing_unasked(
    enter, handed_in, duty, world
):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    client, proofs = enter("baocao"), Evidence.objects.count()
    piece(client, duty, 0), piece(client, duty, 1)
    for answer in (finish(client, duty), link(client, duty)):
        assert (answer.status_code, answer.json()["closed"]) == (409, True)
        assert "Báo cáo này đã được duyệt" in answer.json()["message"]
    assert (duty.submissions.count(), Evidence.objects.count()) == (1, proofs)
    asked_for = {"dinh-chinh": "1"}
    assert finish(client, duty, query=asked_for).status_code == 200  # its pieces were still here
    assert link(client, duty, **asked_for).status_code == 200
    assert duty.submissions.count() == 2
