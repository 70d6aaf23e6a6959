"""Deleting a person's records on request: two people, no number kept, papers hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from namro.web.facts import actions as facts
from namro.web.facts import queries as ledger
from namro.web.facts import removal_requests as asking
from namro.web.facts.models import Removal, RemovalRequest
from namro.web.facts.remains import records_of
from namro.web.frame import files
from namro.web.org import actions as org
from namro.web.org.models import JournalEntry
from namro.web.org.rules import Role
from namro.web.papers import actions
from namro.web.papers import removals as standing
from tests.web.papers.setting import AS_OF, NOW, SENT_AT, TODAY

pytestmark = pytest.mark.django_db
HEAD = "dossier,unit,procedure,received_on,channel,digitised,officer\n"
NUMBER = "012345678901"
FORM = {
    "number": NUMBER, "document": "05/ĐN", "document_on": "20/9/2025", "reason": "Người dân yêu cầu"
}  # fmt: skip


@pytest.fixture
def taken(filled, tmp_path):
    """taken("c1", 9, 3): a file of nine records of a unit, three of them the person's."""

    def take(unit, total, of_the_person, *, after=0):
        path = tmp_path / f"{unit}-{after}.csv"
        rows = [
            f"h{unit}{i},{unit},T1,2025-09-02,{('online', 'counter')[i % 3 == 0]},yes,"
            f"{NUMBER if i < of_the_person else f'0999{i:08d}'}\n"
            for i in range(total)
        ]
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        return facts.take_batch(
            dataset="dossiers", period_code="202509", path=path, file_name=path.name, by=None,
            at=SENT_AT + timedelta(minutes=after),
        )  # fmt: skip

    return take


@pytest.fixture
def told(client, filled):
    """told("dieuphoi", "removals", data): what a person is answered who posts or looks."""

    def ask(person, name, data=None, **where):
        client.force_login(filled.people[person])
        address = reverse(f"papers:{name}", kwargs={k: v for k, v in where.items() if k == "pk"})
        query = {k: v for k, v in where.items() if k != "pk"}
        return client.get(address, query) if data is None else client.post(address, data)

    return ask


def entered(told, **changes) -> RemovalRequest:
    answer = told("dieuphoi", "removals", {**FORM, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return RemovalRequest.objects.latest("pk")


def everything_kept() -> str:
    rows = [*RemovalRequest.objects.values(), *Removal.objects.values()]
    return str([*rows, *JournalEntry.objects.values()])


def test_person_is_found_previewed_and_deleted_by_two(taken, told, filled):
    batch = taken("c1", 9, 3)
    request = entered(told)
    page = told("lanhdao", "removal", pk=request.pk).content.decode()
    assert "Sẽ xóa 3 bản ghi" in page and "c1-0.csv" in page and "Xã Suối Một (3)" in page
    answer = told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    assert answer.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.mark, request.decided_by) == ("DONE", "", filled.lanhdao)
    (removal,) = request.removals.all()
    assert (removal.rows, removal.batch, removal.removed_by) == (3, batch, filled.lanhdao)
    assert "05/ĐN" in removal.note
    assert not files.path_of(batch.records_sha256).exists() and records_of(batch).exists()
    assert ledger.verify() == []
    page = told("kiemtra", "removal", pk=request.pk).content.decode()
    assert "đã xóa" in page and "Bản sao lưu làm trước đó" in page


def test_who_may_decide_is_told_on_every_page_that_a_request_waits(taken, told, client, filled):
    taken("c1", 9, 3)
    request = entered(told)

    def is_told(person: str) -> bool:
        client.force_login(filled.people[person])
        text = client.get("/").content.decode()
        return "Đề nghị xóa dữ liệu <strong>1</strong>" in text and "?tt=WAITING" in text

    assert is_told("lanhdao")
    assert not any(is_told(who) for who in ("dieuphoi", "kiemtra", "duyet", "baocao"))
    told("lanhdao", "refuse_removal", {"answer": "Không đúng người"}, pk=request.pk)
    assert RemovalRequest.objects.get().state == "REFUSED" and not is_told("lanhdao")


def test_number_is_kept_nowhere_and_not_given_back(taken, told):
    taken("c1", 4, 2)
    request = entered(told)
    assert NUMBER not in everything_kept()
    wrong = told("lanhdao", "carry_out_removal", {"number": NUMBER + "9"}, pk=request.pk)
    assert wrong.status_code == 422 and NUMBER not in wrong.content.decode()
    nobody = told("dieuphoi", "removals", {**FORM, "number": "888877776666"})
    page = nobody.content.decode()
    assert nobody.status_code == 422 and "888877776666" not in page and "05/ĐN" in page
    assert "no-store" in nobody["Cache-Control"]
    told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    assert NUMBER not in everything_kept() and "888877776666" not in everything_kept()


def test_looking_for_somebody_is_journalled_even_where_nothing_is_found(taken, told):
    taken("c1", 4, 2)
    told("dieuphoi", "removals", {**FORM, "number": "888877776666"})
    entry = JournalEntry.objects.get(verb="facts.seek_person")
    assert "05/ĐN ngày 20/9/2025: không có" in entry.summary
    assert not RemovalRequest.objects.exists()


def test_who_entered_it_cannot_carry_it_out(taken, told, filled):
    taken("c1", 4, 2)
    request = entered(told)
    org.appoint(
        by=None, at=NOW, user=filled.dieuphoi, unit=filled.units["12-VP"],
        reach=filled.units["12"], role=Role.LEADER, from_on=TODAY,
    )  # fmt: skip
    answer = told("dieuphoi", "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    assert answer.status_code == 403 and not Removal.objects.exists()
    assert (
        "Nhập lại số định danh" not in told("dieuphoi", "removal", pk=request.pk).content.decode()
    )


@pytest.mark.parametrize("person", ["duyet", "baocao", "kiemtra", "quantri"])
def test_others_neither_enter_nor_decide(taken, told, person):
    taken("c1", 4, 2)
    request = entered(told)
    assert told(person, "removals", FORM).status_code == 403
    refused = told(person, "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    assert refused.status_code in (403, 404)
    assert not Removal.objects.exists()


def test_another_number_deletes_nobody(taken, told):
    taken("c1", 4, 2)
    request = entered(told)
    answer = told("lanhdao", "carry_out_removal", {"number": "099900000003"}, pk=request.pk)
    assert answer.status_code == 422 and "không trùng" in answer.content.decode()
    assert not Removal.objects.exists()


def test_what_came_in_meanwhile_is_looked_at_first(taken, told):
    taken("c1", 4, 2)
    request = entered(told)
    taken("c2", 5, 1, after=5)
    answer = told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    page = answer.content.decode()
    assert answer.status_code == 422 and "dữ liệu của người này đã khác" in page
    assert "Sẽ xóa 3 bản ghi" in page and not Removal.objects.exists()
    assert (
        told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk).status_code == 302
    )
    assert sum(Removal.objects.values_list("rows", flat=True)) == 3


def test_deletion_cut_off_in_the_middle_is_gone_on_with(taken, told, filled, monkeypatch):
    taken("c1", 4, 2)
    taken("c2", 5, 1, after=5)
    request = entered(told)
    real, done = asking._take_out, []

    def cut_off(*args):
        if done:
            raise KeyboardInterrupt
        done.append(real(*args))

    monkeypatch.setattr(asking, "_take_out", cut_off)
    with pytest.raises(KeyboardInterrupt):
        asking.carry_out(request=request, number=NUMBER, by=filled.lanhdao, at=NOW)
    monkeypatch.setattr(asking, "_take_out", real)
    asking.carry_out(request=request, number=NUMBER, by=filled.lanhdao, at=NOW)
    assert [r.rows for r in request.removals.order_by("pk")] == [2, 1]
    assert request.state == "DONE" and ledger.verify() == []


def test_issued_paper_is_named_and_still_holds(taken, told, filled):
    taken("c1", 9, 3)
    report = actions.issue_report(
        plan=filled.plan, unit=filled.units["12-DU"], period_code="202509", form="party",
        number="15", issued_on=TODAY, as_of=AS_OF, by=filled.lanhdao, at=NOW,
    )  # fmt: skip
    request = entered(told)
    assert standing.papers_on(request, filled.lanhdao, TODAY) == [report]
    assert "Số 15-" in told("lanhdao", "removal", pk=request.pk).content.decode()
    told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk)
    again = {"tinh-lai": "1"}
    page = told("lanhdao", "removal", pk=request.pk, **again).content.decode()
    assert "Trùng khớp mọi con số" in page
    # One that speaks of another commune does not rest on them.
    elsewhere = RemovalRequest(found=[{**request.found[0], "units": {}}])
    assert standing.papers_on(elsewhere, filled.lanhdao, TODAY) == []


def test_request_is_refused_with_a_reason_or_taken_back(taken, told):
    taken("c1", 4, 2)
    first, second = entered(told), entered(told)
    assert told("lanhdao", "refuse_removal", {"answer": ""}, pk=first.pk).status_code == 422
    assert (
        told("lanhdao", "refuse_removal", {"answer": "Thiếu đơn"}, pk=first.pk).status_code == 302
    )
    assert told("lanhdao", "withdraw_removal", {}, pk=second.pk).status_code == 403
    assert told("dieuphoi", "withdraw_removal", {}, pk=second.pk).status_code == 302
    states = dict(RemovalRequest.objects.values_list("state", "mark"))
    assert states == {"REFUSED": "", "WITHDRAWN": ""} and not Removal.objects.exists()
    late = told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=first.pk)
    assert late.status_code == 422 and "đã xong" in late.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "12"}, "Nhập đủ số định danh"),
        ({"document": " "}, "Ghi số, ký hiệu"),
        ({"document_on": "2025-09-20"}, "ngày/tháng/năm"),
        ({"document_on": "26/9/2025"}, "không thể sau hôm nay"),
        ({"reason": ""}, "Ghi lý do"),
        ({"reason": f"Đơn của {NUMBER}"}, "Không ghi số định danh"),
        ({"where": "dossiers.dossier"}, "Chọn một trong các tập dữ liệu"),
        ({"where": "x.y"}, "Chọn một trong các tập dữ liệu"),
    ],
)
def test_faulty_request_is_said_and_nothing_kept(taken, told, changes, said):
    taken("c1", 4, 2)
    answer = told("dieuphoi", "removals", {**FORM, **changes})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not RemovalRequest.objects.exists()
    assert f'value="{NUMBER}"' not in answer.content.decode()


def test_only_units_within_reach_are_searched(taken, told, filled):
    taken("c1", 4, 2)
    taken("c2", 5, 1, after=5)
    filled.dieuphoi.posts.update(reach=filled.units["c2"])
    request = entered(told)
    assert [one["units"] for one in request.found] == [{str(filled.units["c2"].pk): 1}]
    assert (
        told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=request.pk).status_code == 302
    )
    assert list(Removal.objects.values_list("rows", flat=True)) == [1]


def test_lists_filter_sort_and_export(taken, told):
    taken("c1", 4, 2)
    first, second = entered(told), entered(told, document="06/ĐN")
    told("lanhdao", "carry_out_removal", {"number": NUMBER}, pk=first.pk)
    waiting = told("kiemtra", "removals", tt="WAITING").content.decode()
    assert f"Số {second.pk}" in waiting and f"Số {first.pk}<" not in waiting
    assert told("kiemtra", "removals", sap="-van-ban").status_code == 200
    assert told("kiemtra", "removals", xuat="xlsx").content[:2] == b"PK"
    gone = told("kiemtra", "gone", **{"ly-do": "REQUEST"}).content.decode()
    assert f"đề nghị số {first.pk}" in gone and reverse("papers:removal", args=[first.pk]) in gone
    assert "đề nghị số" not in told("kiemtra", "gone", **{"ly-do": "TERM"}).content.decode()
    assert told("kiemtra", "gone", xuat="xlsx").content[:2] == b"PK"
