"""The pages of many forms: chosen and taken out, sent back in, watched, mended."""

from __future__ import annotations

import io
import re
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.reporting import actions, queries
from namro.web.reporting.deliveries import outgoing
from namro.web.reporting.deliveries.models import Delivery
from namro.web.reporting.models import Duty
from namro.workbook import open_returned
from namro.workbook.layout import FAULT_SHEET, LIST_SHEET
from tests.web.reporting.conftest import WHOLE, fill, hand_in
from tests.web.reporting.forms_filled import check, form, parcel_of, report_for, send, typed

GOOD = {"E7": 40, "E8": 32}


@pytest.fixture
def duties(opened, world) -> list[Duty]:
    report_for(world, "baocao", "c2", "c3")
    rows = opened.duties.filter(receiver=world.units["12-SNV"]).order_by("unit__code")
    return list(rows.select_related("round__plan", "unit", "receiver"))


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def opened_zip(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content_of(answer))) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def said(answer) -> str:
    return answer.content.decode()


def post(page, files: dict[str, bytes], key=None, **more):
    uploads = [SimpleUploadedFile(name, content) for name, content in files.items()]
    data = {"files": uploads, "client_id": str(key or uuid4())}
    return page.post(reverse("reporting:deliveries"), data, **more)


# --- out -------------------------------------------------------------------------------------


def test_round_goes_out_as_a_zip_of_all_its_forms(enter, opened, duties):
    answer = enter("dieuphoi").get(
        reverse("reporting:round_forms", args=[opened.pk])
        + f"?tai=goi&nhan={duties[0].receiver_id}"
    )
    assert answer["Content-Type"] == "application/zip" and answer.streaming
    files = opened_zip(answer)
    assert set(files) == {
        f"{opened.label.replace('/', '-')}/Gửi Sở Nội vụ/{d.unit.name}.xlsx" for d in duties
    }
    book = openpyxl.load_workbook(io.BytesIO(next(iter(files.values()))))
    assert "Biểu 1" in book.sheetnames


def test_zip_taken_out_comes_back_in(enter, duties, world):
    files = opened_zip(enter("baocao").get(reverse("reporting:own_forms") + "?tai=goi"))
    filled = {name: typed(content, **GOOD) for name, content in files.items()}
    told = check(send(world.baocao, {"gói.zip": parcel_of(filled)}))
    assert {r.outcome for r in told.values()} == {"TAKEN"} and len(told) == len(files)
    assert {queries.last_of(d).values[WHOLE]["value"] for d in duties} == {"40"}


def test_one_workbook_has_a_tab_for_each_form_and_their_list(enter, duties, tmp_path):
    answer = enter("baocao").get(reverse("reporting:own_forms") + "?tai=tep")
    (tmp_path / "a.xlsx").write_bytes(answer.content)
    returned = open_returned(tmp_path / "a.xlsx")
    assert len(returned.forms) == Duty.objects.filter(unit__in=[d.unit for d in duties]).count()
    assert LIST_SHEET in returned.sheets
    assert any(name.endswith("Xã Suối Hai") for form in returned.forms for name in form.sheets)


def test_drafts_of_others_never_go_out(enter, opened, duties, world):
    fill(duties[0], world.baocao, whole=77, part=7)
    where = reverse("reporting:round_forms", args=[opened.pk]) + "?tai=goi"
    for person, told in (("dieuphoi", False), ("baocao", True)):
        files = opened_zip(enter(person).get(where))
        books = (openpyxl.load_workbook(io.BytesIO(b))["Biểu 1"] for b in files.values())
        assert (77 in [book["E7"].value for book in books]) is told


def test_list_chooses_what_goes_out(enter, opened, duties, world):
    hand_in(duties[0], world.baocao)
    where = reverse("reporting:own_forms")
    page = enter("baocao")
    text = said(page.get(where + "?tt=con-no&q=Suối"))
    assert "tai=goi" in text and "tt=con-no" in text
    names = opened_zip(page.get(where + f"?tai=goi&tt=da-nop&nhan={duties[0].receiver_id}"))
    assert [name.rpartition("/")[2] for name in names] == ["Xã Suối Một.xlsx"]


def test_more_forms_than_one_zip_holds_go_out_as_several(enter, opened, duties, monkeypatch):
    page, where = enter("baocao"), reverse("reporting:own_forms")
    whole = set(opened_zip(page.get(where + "?tai=goi")))
    monkeypatch.setattr(outgoing, "MOST_FILES", 2)
    zips = re.findall(
        r'href="(\?[^"]*phan=\d)"[^>]*>Gói \d+: biểu ([\d–]+)<', said(page.get(where))
    )
    assert [told for _, told in zips][:2] == ["1–2", f"3–{min(4, len(whole))}"]
    names: list[str] = []
    for number, (address, _) in enumerate(zips, start=1):
        answer = page.get(where + address.replace("&amp;", "&"))
        assert f"-{number}-tren-{len(zips)}.zip" in answer["Content-Disposition"]
        names += opened_zip(answer)
    assert len(names) == len(set(names)) and set(names) == whole


def test_too_many_or_no_forms_are_told(enter, opened, duties, monkeypatch):
    page, where = enter("baocao"), reverse("reporting:own_forms")
    assert "Không có biểu nào" in said(page.get(where + "?tai=goi&q=khongco", follow=True))
    monkeypatch.setattr(outgoing, "MOST_FILES", 1)
    assert "Hãy lọc bớt" in said(page.get(where + "?tai=goi", follow=True))


def test_only_forms_within_reach_go_out(enter, opened, duties):
    files = opened_zip(enter("xakhac").get(reverse("reporting:own_forms") + "?tai=goi"))
    assert files and all(name.endswith("/Xã Suối Hai.xlsx") for name in files)


def test_queries_for_a_zip_grow_with_the_forms_alone(duties, django_assert_max_num_queries):
    with django_assert_max_num_queries(8 + 12 * len(duties)):
        b"".join(outgoing.zip_of(duties, {d.unit_id for d in duties}))


# --- in --------------------------------------------------------------------------------------


def test_page_takes_files_and_leads_to_what_became_of_them(enter, duties, world):
    page = enter("baocao")
    files = {"một.xlsx": form(duties[0], **GOOD), "hai.xlsx": form(duties[1], E7="x", E8=1)}
    answer = post(page, files)
    sent = Delivery.objects.get()
    where = reverse("reporting:delivery", args=[sent.pk])
    assert answer.url == where
    text = said(page.get(where))
    assert "Đã nạp: 1" in text and "Bị từ chối: 1" in text
    assert "Ô Biểu 1!E7" in text and "không phải là số" in text
    assert reverse("reporting:duty", args=[duties[0].pk]) in text
    only = said(page.get(where + "?kq=REFUSED"))
    assert "hai.xlsx" in only and "một.xlsx" not in only
    listed = openpyxl.load_workbook(io.BytesIO(page.get(where + "?xuat=xlsx").content)).active
    assert listed.max_row == 4 + 2


def test_copies_with_faults_are_given_one_by_one_and_as_a_zip(enter, duties, world):
    page = enter("baocao")
    files = {f"xã/{n}.xlsx": form(d, E7="x", E8=1) for n, d in enumerate(duties)}
    post(page, {"gói.zip": parcel_of(files)})
    sent = Delivery.objects.get()
    text = said(page.get(reverse("reporting:delivery", args=[sent.pk])))
    assert "Tải bản sao có ghi lỗi (3 tệp)" in text
    one = page.get(reverse("reporting:delivery_copy", args=[sent.pk, 2]))
    book = openpyxl.load_workbook(io.BytesIO(one.content))
    assert book.sheetnames[0] == FAULT_SHEET and book["Biểu 1"]["E7"].value == "x"
    packed = opened_zip(page.get(reverse("reporting:delivery_copies", args=[sent.pk])))
    assert len(packed) == 3 and not any(".." in name for name in packed)
    for at in (4, 0):
        assert page.get(reverse("reporting:delivery_copy", args=[sent.pk, at])).status_code == 404


def test_mended_copies_of_a_zip_are_taken_as_they_are(enter, duties, world):
    page = enter("baocao")
    files = {f"{n}.xlsx": form(d, E7="x", E8=1) for n, d in enumerate(duties)}
    post(page, {"gói.zip": parcel_of(files)})
    where = reverse("reporting:delivery_copies", args=[Delivery.objects.get().pk])
    mended = {name: typed(book, E7=40) for name, book in opened_zip(page.get(where)).items()}
    told = check(send(world.baocao, {"sửa.zip": parcel_of(mended)}))
    assert [(r.outcome, r.notices) for r in told.values()] == [("TAKEN", [])] * 3


def test_page_without_files_says_what_to_do(enter, duties):
    answer = post(enter("baocao"), {})
    assert answer.status_code == 422 and "Hãy chọn các tệp" in said(answer)


def test_sending_twice_from_one_page_is_one_delivery(enter, duties):
    page, key = enter("baocao"), uuid4()
    files = {"một.xlsx": form(duties[0], **GOOD)}
    assert post(page, files, key).url == post(page, files, key).url
    assert Delivery.objects.count() == 1


def test_delivery_is_seen_by_its_sender_alone(enter, duties, world):
    sent = send(world.baocao, {"a.xlsx": form(duties[0], E7="x", E8=1)})
    check(sent)
    for name in ("delivery", "delivery_copies"):
        address = reverse(f"reporting:{name}", args=[sent.pk])
        assert enter("xakhac").get(address).status_code == 404
    address = reverse("reporting:delivery_copy", args=[sent.pk, 1])
    assert enter("xakhac").get(address).status_code == 404


def test_waiting_delivery_says_so_and_can_be_queued_again(enter, duties, world):
    sent = send(world.baocao, {"a.xlsx": form(duties[0], **GOOD)})
    page, where = enter("baocao"), reverse("reporting:delivery", args=[sent.pk])
    text = said(page.get(where))
    assert "Đang chờ kiểm tra" in text and "Xếp lại vào hàng chờ" in text  # sent long ago
    page.post(reverse("reporting:check_delivery_again", args=[sent.pk]))
    assert "Đã nạp: 1" in said(page.get(where))


def test_progress_is_told_while_it_is_checked(enter, duties, world):
    sent = send(world.baocao, {"a.xlsx": form(duties[0], **GOOD)})
    Delivery.objects.filter(pk=sent.pk).update(state="CHECKING", done=3, total=200)
    where = reverse("reporting:delivery", args=[sent.pk])
    part = enter("baocao").get(where, HTTP_HX_REQUEST="true")
    assert "xong 3 trên 200 tệp" in said(part) and "hx-get" in said(part)
    Delivery.objects.filter(pk=sent.pk).update(state="DONE")
    assert enter("baocao").get(where, HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"


# --- one form on its own page ----------------------------------------------------------------


def test_refused_form_is_given_back_with_its_faults(enter, duty, world):
    page = enter("baocao")
    where = reverse("reporting:form_faults", args=[duty.pk])
    assert page.get(where).status_code == 404
    upload = SimpleUploadedFile("a.xlsx", form(duty, E7="x", E8=3))
    answer = page.post(reverse("reporting:workbook", args=[duty.pk]), {"workbook": upload})
    assert where in said(answer)
    copy = content_of(page.get(where))
    mended = SimpleUploadedFile("b.xlsx", typed(copy, E7=40))
    page.post(reverse("reporting:workbook", args=[duty.pk]), {"workbook": mended})
    assert queries.last_of(duty).values[WHOLE]["value"] == "40"
    assert enter("dieuphoi").get(where).status_code == 403


def test_form_of_many_tabs_is_read_on_a_dutys_own_page(duties, world, tmp_path):
    book = outgoing.one_workbook(duties, {d.unit_id for d in duties})
    (tmp_path / "a.xlsx").write_bytes(typed(book, sheet=1, E7=50, E8=5))
    told = {"path": tmp_path / "a.xlsx", "file_name": "a.xlsx", "by": world.baocao}
    draft = actions.receive_workbook(duty=duties[1], **told, at=duties[1].round.opened_at)
    assert draft.values[WHOLE]["cell"] == "2. Xã Suối Hai!E7"
