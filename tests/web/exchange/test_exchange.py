"""Templates received, mapped, exported: figures as approved, roles and reach, everything kept."""

from __future__ import annotations

import hashlib
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from namro.terms import Period
from namro.web.exchange import actions
from namro.web.exchange.actions import UnfitMapping
from namro.web.exchange.models import ExchangeForm, Export, MappingVersion
from namro.web.exchange.rules import FaultyExchange, codes_in, file_name
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from tests.web.exchange.setting import AT, MAPPING, a_form, an_export, book_bytes
from tests.world import OPENED


def opened(answer):
    content = b"".join(answer.streaming_content)
    return openpyxl.load_workbook(io.BytesIO(content))


def ask(client, form, **changes):
    typed = {"unit": "12", "period": "202509", "as_of": "16:00 24/09/2025", **changes}
    return client.post(reverse("exchange:ask", args=[form.pk]), typed)


def test_export_carries_the_approved_figures_into_the_template(filled, enter):
    form, client = a_form(filled), enter("dieuphoi")
    answer = ask(client, form)
    export = Export.objects.get()
    assert answer.url == reverse("exchange:export", args=[export.pk])
    page = client.get(answer.url).content.decode()
    assert "0,41" in page
    assert "chưa có số liệu" in page
    book = opened(client.get(reverse("exchange:download", args=[export.pk])))
    sheet = book["Biểu 1"]
    # c1 32 of 40, c2 9 of 60: parts travel up, never percentages.
    assert [c.value for c in sheet[5]][2:] == [41, 100, 0.41]
    assert sheet["B2"].value == Period.of("202509").label
    assert sheet["C2"].value == "16:00 ngày 24/9/2025"
    assert [c.value for c in sheet[6]][2:] == [None, None, "-"]
    assert sheet["E9"].value == "=SUM(E5:E8)"
    assert [book["Xã"][f"B{row}"].value for row in (3, 4, 5)] == [80, 15, None]


def test_everything_is_journalled_with_who_as_of_version_and_file(filled, enter):
    form, client = a_form(filled), enter("dieuphoi")
    ask(client, form)
    export = Export.objects.get()
    b"".join(client.get(reverse("exchange:download", args=[export.pk])).streaming_content)
    lines = {e.verb: e for e in JournalEntry.objects.filter(verb__startswith="exchange.")}
    assert set(lines) == {
        "exchange.receive_form", "exchange.save_mapping", "exchange.ask_export",
        "exchange.make_export", "exchange.download",
    }  # fmt: skip
    made = lines["exchange.make_export"]
    assert made.details["sha256"] == export.sha256
    assert made.details["mapping"] == 1
    assert lines["exchange.download"].by_name == filled.dieuphoi.full_name


def test_same_export_made_again_later_is_the_same_to_the_last_byte(filled, enter):
    from decimal import Decimal

    from namro.web.facts import actions as facts
    from namro.web.facts.rules import Said
    from tests.web.papers.setting import NOW

    first, client = an_export(filled), enter("dieuphoi")
    pk = filled.units["c1"].pk
    said = [Said("commune-cadres-trained", pk, "202509", Decimal(40), "sửa")]
    facts.record(said=said, source="submission:9", by=None, at=NOW)
    changed = {**MAPPING, "spots": MAPPING["spots"][:1]}
    actions.save_mapping(
        form=first.mapping.form, data=changed, seen=1, note="", by=filled.dieuphoi, at=NOW
    )
    answer = client.post(reverse("exchange:again", args=[first.pk]))
    second = Export.objects.get(again=first)
    assert second.sha256 == first.sha256
    assert second.mapping.number == 1
    assert "Trùng khít" in client.get(answer.url).content.decode()


def test_export_is_made_once_though_the_job_runs_twice(filled):
    from namro.web.exchange.making import make

    export = an_export(filled)
    make(export.pk, AT)
    assert JournalEntry.objects.filter(verb="exchange.make_export").count() == 1


def test_export_cut_off_with_its_worker_is_made_when_the_job_is_taken_up_again(filled):
    from namro.web.exchange.making import STUCK_AFTER, make

    export = an_export(filled)
    Export.objects.filter(pk=export.pk).update(state="RUNNING", sha256="", finished_at=None)
    make(export.pk, AT)
    assert Export.objects.get().state == "RUNNING"  # its worker may still be at it
    make(export.pk, AT + STUCK_AFTER)
    again = Export.objects.get()
    assert (again.state, again.sha256) == ("DONE", export.sha256)


def test_too_small_table_refuses_the_export_and_says_where(filled, enter):
    form = a_form(filled, mapped=False)
    short = {"blocks": [{**MAPPING["blocks"][0], "last": 5}]}
    actions.save_mapping(form=form, data=short, seen=0, note="", by=None, at=AT)
    client = enter("dieuphoi")
    page = client.get(ask(client, form).url).content.decode()
    assert Export.objects.get().state == "REFUSED"
    assert "có 1 dòng, nhưng có 2 dòng số liệu" in page
    gone = client.get(reverse("exchange:download", args=[Export.objects.get().pk]))
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"as_of": "16:00 24/09/2030"}, "chưa đến"),
        ({"as_of": "hôm qua"}, "theo mẫu"),
        ({"period": "209913"}, ""),
        ({"period": "202512"}, "chưa bắt đầu"),
        ({"unit": "zz"}, "Chưa chọn đơn vị"),
    ],
)
def test_faulty_question_is_refused_in_words(filled, enter, typed, said):
    client = enter("dieuphoi")
    answer = ask(client, a_form(filled), **typed)
    assert said in client.get(answer.url).content.decode()
    assert not Export.objects.exists()


# --- receiving and mapping ------------------------------------------------------------------


def send(client, content: bytes, name: str = "bieu.xlsx", **typed):
    typed = {"name": "Biểu mới", "file": SimpleUploadedFile(name, content), **typed}
    return client.post(reverse("exchange:forms"), typed)


def test_template_is_received_and_drawn_for_mapping(world, enter):
    client = enter("dieuphoi")
    answer = send(client, book_bytes(), plan=world.plan.pk)
    form = ExchangeForm.objects.get()
    page = client.get(answer.url).content.decode()
    assert 'data-at="B2"' in page
    assert 'data-at="E9" class="formula"' in page
    assert "Danh mục (trang ẩn)" in page
    empty = client.get(reverse("exchange:template", args=[form.pk]))
    assert hashlib.sha256(b"".join(empty.streaming_content)).hexdigest() == form.sha256


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF", "bieu.xlsx", "không phải là bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "bieu.xls", "đời cũ"),
        (b"MZ", "bieu.exe", "không thuộc loại"),
        (b"", "bieu.xlsx", "rỗng"),
    ],
)
def test_what_is_no_template_is_refused_with_its_reason(world, enter, content, name, said):
    answer = send(enter("dieuphoi"), content, name, plan=world.plan.pk)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ExchangeForm.objects.exists()


def save(client, form, data, seen=0):
    typed = {"mapping": json.dumps(data), "seen": seen, "note": "thử"}
    return client.post(reverse("exchange:save", args=[form.pk]), typed)


def test_faulty_mapping_is_told_by_cell_and_kept_on_the_page(world, enter):
    client, form = enter("dieuphoi"), a_form(world, mapped=False)
    data = {"spots": [{"sheet": "Biểu 1", "cell": "E9", "what": "period"}]}
    answer = save(client, form, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ô Biểu 1!E9 có công thức" in page
    assert '"cell": "E9"' in page
    assert not MappingVersion.objects.exists()


def test_two_who_map_at_once_do_not_overwrite_each_other(world, enter):
    client, form = enter("dieuphoi"), a_form(world)
    assert save(client, form, MAPPING, seen=1).status_code == 302
    late = save(client, form, MAPPING, seen=1)
    assert late.status_code == 422
    assert "do người khác lưu" in late.content.decode()
    assert form.mappings.count() == 2


@pytest.mark.parametrize("body", ["", "[", "[]", '{"spots": 5}', '{"spots": [{}]}', "[" * 5000])
def test_forged_mapping_breaks_nothing(world, enter, body):
    client, form = enter("dieuphoi"), a_form(world, mapped=False)
    typed = {"mapping": body, "seen": "0"}
    answer = client.post(reverse("exchange:save", args=[form.pk]), typed)
    assert answer.status_code in (302, 422)
    assert not MappingVersion.objects.exists()


def test_mapping_goes_out_as_a_file_and_serves_another_form(world, enter):
    client, first, other = enter("dieuphoi"), a_form(world), a_form(world, mapped=False)
    content = client.get(reverse("exchange:mapping", args=[first.pk, 1])).content
    upload = SimpleUploadedFile("cach-ghep.json", content)
    client.post(reverse("exchange:load", args=[other.pk]), {"file": upload})
    assert other.mappings.get().contents == first.mappings.get().contents


def test_codes_come_from_excel(world, enter):
    client, form = enter("dieuphoi"), a_form(world)
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in (("Mã của ta", "Mã của họ"), ("c1", 90009), ("c3", "90003")):
        book.active.append(line)
    book.save(out)
    upload = SimpleUploadedFile("ma.xlsx", out.getvalue())
    client.post(reverse("exchange:codes", args=[form.pk]), {"file": upload})
    codes = form.mappings.get(number=2).contents["codes"]
    assert codes == {"c1": "90009", "c2": "90002", "c3": "90003"}


def test_faulty_codes_are_named_by_line():
    cells = {(0, 0): "c1", (0, 1): "1", (1, 0): "zz", (1, 1): "2", (2, 0): "c2"}
    with pytest.raises(FaultyExchange, match=r"dòng 2: không có đơn vị mã “zz”; dòng 3: “c2”"):
        codes_in(cells, {"c1", "c2"})


def test_name_of_the_file_is_plain():
    assert file_name("Biểu số 1/ĐB", "202509", 3) == "bieu-so-1-db-202509-3.xlsx"


def test_database_refuses_to_change_a_version(world):
    version = a_form(world).mappings.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        MappingVersion.objects.filter(pk=version.pk).update(note="đổi")


def test_unfit_mapping_is_refused_by_the_action_too(world):
    form = a_form(world, mapped=False)
    with pytest.raises(UnfitMapping):
        actions.save_mapping(form=form, data={}, seen=0, note="", by=None, at=AT)


# --- roles and reach ------------------------------------------------------------------------


def test_who_runs_the_system_maps_but_sees_no_figures(filled, enter):
    export = an_export(filled)
    form, client = export.mapping.form, enter("quantri")
    assert client.get(reverse("exchange:form", args=[form.pk])).status_code == 200
    assert save(client, form, MAPPING, seen=1).status_code == 302
    for name, pk in (("exports", form.pk), ("export", export.pk), ("download", export.pk)):
        assert client.get(reverse(f"exchange:{name}", args=[pk])).status_code == 403
    assert ask(client, form).status_code == 403


def test_coordinator_of_one_commune_sees_neither_form_nor_figures_of_the_province(filled, enter):
    from namro.web.org import actions as org

    export = an_export(filled)
    org.appoint(
        by=None, at=AT, user=filled.people["xakhac"], unit=filled.units["c2"],
        reach=filled.units["c2"], role=Role.COORDINATOR, from_on=OPENED,
    )  # fmt: skip
    client = enter("xakhac")
    assert client.get(reverse("exchange:forms")).status_code == 200
    for name, pk in (("form", export.mapping.form_id), ("export", export.pk)):
        assert client.get(reverse(f"exchange:{name}", args=[pk])).status_code == 404
    own = a_form(filled, unit="c2")
    with pytest.raises(NotAllowed):
        actions.ask_export(
            form=own, unit=filled.units["c1"], period_code="202509", as_of=AT,
            by=filled.people["xakhac"], at=AT,
        )  # fmt: skip
    ask(client, own, unit="c2")
    made = Export.objects.get(unit=filled.units["c2"])
    sheet = opened(client.get(reverse("exchange:download", args=[made.pk])))["Biểu 1"]
    assert [c.value for c in sheet[5]][2:] == [9, 60, 0.15]


@pytest.mark.parametrize("person", ["lanhdao", "duyet", "baocao", "kiemtra"])
def test_others_find_no_door(world, enter, person):
    assert enter(person).get(reverse("exchange:forms")).status_code == 403


def test_lists_are_searched_and_exported(filled, enter):
    export, client = an_export(filled), enter("dieuphoi")
    forms = client.get(reverse("exchange:forms") + "?q=quoc+gia").content.decode()
    assert "Biểu quốc gia" in forms
    address = reverse("exchange:exports", args=[export.mapping.form_id])
    assert "spreadsheetml" in client.get(address + "?xuat=xlsx")["Content-Type"]
    remarks = reverse("exchange:export", args=[export.pk])
    assert "MISSING" in client.get(remarks).content.decode()
    narrowed = client.get(remarks + "?loai=NO_CODE").content.decode()
    assert "chưa có mã của hệ thống nhận" in narrowed
