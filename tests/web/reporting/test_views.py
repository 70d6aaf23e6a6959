"""The pages: who sees what, what is said, what is kept when something is refused."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.reporting import actions, queries
from namro.web.reporting.models import Duty, Evidence, Round, Submission
from namro.web.reporting.rules import Status
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, later, pdf, prove

EVERYONE = ("dieuphoi", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac")


def typed(whole="40", part="32", seen=0, **more):
    return {f"v-{WHOLE}": whole, f"n-{WHOLE}": "", f"v-{PART}": part, f"n-{PART}": "", "seen": seen,
            "note": "", **more}  # fmt: skip


def seen_by(enter, who, name, *args):
    answer = enter(who).get(reverse(f"reporting:{name}", args=args))
    answer.close()
    return answer.status_code


# --- who sees what ---------------------------------------------------------------------------

SEEN = {
    "rounds": {w: 200 for w in EVERYONE},
    "open_round": {w: 403 for w in EVERYONE} | {"dieuphoi": 200},
    "days": {w: 403 for w in EVERYONE} | {"dieuphoi": 200},
    "duties": {w: 403 for w in EVERYONE} | dict.fromkeys(("baocao", "xakhac", "duyet"), 200),
    "queue": {w: 403 for w in EVERYONE} | dict.fromkeys(("dieuphoi", "duyet"), 200),
    "tasks": {w: 200 for w in EVERYONE},
    "batches": {w: 403 for w in EVERYONE} | dict.fromkeys(("dieuphoi", "kiemtra"), 200),
}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("page", SEEN)
def test_page_is_for_whom_it_is(enter, opened, page, who):
    assert seen_by(enter, who, page) == SEEN[page][who]


OF_ONE = {w: 200 for w in EVERYONE} | {"xakhac": 404}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("page", ["duty", "workbook", "submission", "submission_workbook"])
def test_page_of_one_return_is_hidden_from_other_communes(enter, handed_in, page, who):
    pk = handed_in.duty_id if page in ("duty", "workbook") else handed_in.pk
    assert seen_by(enter, who, page, pk) == OF_ONE[who]


@pytest.mark.parametrize("page", [*SEEN, "duty", "submission"])
def test_page_is_not_for_who_runs_the_system(enter, handed_in, page):
    args = {"duty": [handed_in.duty_id], "submission": [handed_in.pk]}.get(page, [])
    assert seen_by(enter, "quantri", page, *args) in (302, 403, 404)


@pytest.mark.parametrize("who", EVERYONE)
def test_evidence_is_served_only_to_who_sees_the_return(enter, handed_in, who):
    pk = handed_in.evidence.get().pk
    assert seen_by(enter, who, "evidence", pk) == OF_ONE[who]


def test_evidence_is_an_attachment_whatever_it_holds(enter, duty, world):
    proof = prove(duty, world.baocao, content=b"<script>", name='Danh sách "1".txt')
    answer = enter("baocao").get(reverse("reporting:evidence", args=[proof.pk]))
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Disposition"].startswith('attachment; filename="danh-sach--1-.txt"; ')
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/octet-stream", "nosniff",
    )  # fmt: skip


def test_draft_is_not_shown_to_the_receiver(enter, duty, world):
    draft = fill(duty, world.baocao, whole=4711)
    page = enter("duyet").get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert "4.711" not in page
    assert seen_by(enter, "duyet", "submission", draft.pk) == 404


@pytest.mark.parametrize("who", ["duyet", "dieuphoi", "kiemtra"])
def test_draft_is_not_in_the_workbook_of_whoever_else_sees_the_duty(enter, duty, world, who):
    fill(duty, world.baocao, whole=4711)
    sheets = {}
    for name in (who, "baocao"):
        answer = enter(name).get(reverse("reporting:workbook", args=[duty.pk]))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        sheets[name] = {c.value for sheet in book for row in sheet.iter_rows() for c in row}
    assert 4711 in sheets["baocao"]
    assert 4711 not in sheets[who]


def test_pages_need_a_signed_in_person(client, handed_in):
    for name, args in (("duties", []), ("duty", [handed_in.duty_id]), ("queue", [])):
        assert client.get(reverse(f"reporting:{name}", args=args)).status_code == 302


# --- rounds ----------------------------------------------------------------------------------


def test_open_round_shows_before_what_it_would_do(enter, world):
    address = reverse("reporting:open_round")
    page = enter("dieuphoi").get(address, {"period": "202509", "plan": world.plan.pk})
    text = page.content.decode()
    assert "Sở Nội vụ" in text and 'value="16/9/2025"' in text and 'value="17:00"' in text
    assert "Chỉ tiêu (12) tính từ dữ liệu hồ sơ" in text
    assert not Round.objects.exists()


def test_open_round_opens_and_says_so(enter, world):
    data = {
        "plan": world.plan.pk,
        "period": "202509",
        "due_on_COMMUNE": "18/9/2025",
        "due_hour_COMMUNE": "16:30",
    }
    answer = enter("dieuphoi").post(reverse("reporting:open_round"), data, follow=True)
    opened = Round.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("reporting:round", args=[opened.pk])
    assert "16:30, 18/9/2025" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"due_on_COMMUNE": ""}, "Hạn nộp ghi chưa đúng"),
        ({"due_on_COMMUNE": "31/9/2025"}, "Hạn nộp ghi chưa đúng"),
        ({"due_hour_COMMUNE": "25:00"}, "Hạn nộp ghi chưa đúng"),
        ({"due_on_COMMUNE": "14/9/2025"}, "Hạn nộp phải sau ngày cuối kỳ (14/9/2025)"),
        ({"period": "2025-9"}, "Hãy chọn kỳ báo cáo"),
    ],
)
def test_open_round_refuses_and_opens_nothing(enter, world, change, message):
    data = {
        "plan": world.plan.pk,
        "period": "202509",
        "due_on_COMMUNE": "18/9/2025",
        "due_hour_COMMUNE": "16:30",
    } | change
    answer = enter("dieuphoi").post(reverse("reporting:open_round"), data)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert not Round.objects.exists()


def test_round_page_says_who_has_reported(enter, handed_in, opened):
    page = enter("dieuphoi").get(reverse("reporting:round", args=[opened.pk]))
    text = page.content.decode()
    assert "1 / 3" in text and "Đã nộp, chờ duyệt" in text and "Chưa nhập" in text
    silent = enter("dieuphoi").get(reverse("reporting:round", args=[opened.pk]), {"tt": "chua-nop"})
    assert "Xã Suối Một" not in silent.content.decode().split("<h2>Từng đơn vị")[1]


def test_round_page_lists_units_in_vietnamese_order(enter, opened, world):
    names = ("Xã Ân Hảo", "Xã Dân Hòa", "Xã Đông Sơn")
    units = [d.unit for d in opened.duties.select_related("unit").order_by("pk")]
    for unit, name in zip(units, reversed(names), strict=True):
        unit.name = name
        unit.save()
    text = enter("dieuphoi").get(reverse("reporting:round", args=[opened.pk])).content.decode()
    table = text.split("<h2>Từng đơn vị")[1]
    places = [table.index(f">{name}</a>") for name in names]
    assert places == sorted(places)


def test_round_page_of_a_commune_shows_its_own_line_only(enter, opened):
    text = enter("baocao").get(reverse("reporting:round", args=[opened.pk])).content.decode()
    assert "Xã Suối Một" in text and "Xã Suối Hai" not in text


def test_round_list_exports(enter, opened):
    answer = enter("dieuphoi").get(reverse("reporting:round", args=[opened.pk]), {"xuat": "xlsx"})
    cells = [
        c.value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for c in row
    ]
    assert {"Xã Suối Một", "Xã Suối Hai", "Phường Suối Ba"} <= set(cells)


def test_move_due_is_for_who_opens_rounds(enter, opened):
    address = reverse("reporting:move_due", args=[opened.pk])
    data = {"due_on_COMMUNE": "30/9/2025", "due_hour_COMMUNE": "17:00"}
    assert enter("baocao").post(address, data).status_code == 403
    enter("dieuphoi").post(address, data)
    opened.refresh_from_db()
    assert opened.due_at.isoformat() == "2025-09-30T10:00:00+00:00"


def test_days_off_move_the_proposed_due(enter, world):
    client = enter("dieuphoi")
    client.post(reverse("reporting:days"), {"on": "15/9/2025", "name": "Nghỉ bù", "works": "0"})
    page = client.get(reverse("reporting:open_round"), {"period": "202509", "plan": world.plan.pk})
    assert 'value="17/9/2025"' in page.content.decode()


# --- the form --------------------------------------------------------------------------------


def test_form_saves_and_comes_back_as_officials_write(enter, duty):
    client = enter("baocao")
    client.post(reverse("reporting:save", args=[duty.pk]), typed("1.035", "32"))
    page = client.get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert 'value="1.035"' in page and "Đã lưu lúc" in page
    assert queries.last_of(duty).values[WHOLE]["value"] == "1035"


def test_form_over_anothers_save_keeps_both_and_asks_to_choose(enter, duty, world):
    fill(duty, world.baocao, whole=50)
    answer = enter("baocao").post(
        reverse("reporting:save", args=[duty.pk]), typed("47", "32"), follow=True
    )
    page = answer.content.decode()
    assert "Có 1 ô người khác vừa ghi số khác: cả hai số đều được giữ" in page
    assert "Chọn 50" in page and "Chọn 47" in page and "Chọn 32" not in page
    assert queries.last_of(duty).values[WHOLE]["value"] == "50"


def test_form_hands_nothing_in_before_the_person_saw_what_another_added(enter, duty, world):
    fill(duty, world.baocao, whole=40, part=None)
    seen = queries.last_of(duty).lock
    actions.save_draft(duty=duty, values={PART: 32}, by=world.baocao, at=AT)
    client, address = enter("baocao"), reverse("reporting:hand_in", args=[duty.pk])
    answer = client.post(address, {**typed("40", "", seen=seen), f"f-{PART}": pdf()})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Vừa được ghi: Phùng Văn Báo, 09:00" in page
    client.post(address, typed("40", "32", seen=queries.last_of(duty).lock))
    assert queries.last_of(duty).status == Status.SUBMITTED


def test_form_sent_twice_with_one_id_is_one_return(enter, duty, world):
    data = typed(client_id="6f1f7f6e-8f0e-4c52-9f3c-0a2b4c6d8e0f")
    client, address = enter("baocao"), reverse("reporting:hand_in", args=[duty.pk])
    client.post(address, {**data, f"f-{PART}": pdf()})
    client.post(address, {**data, f"f-{PART}": pdf()})
    assert [(s.version, s.status) for s in duty.submissions.all()] == [(1, Status.SUBMITTED)]
    assert Evidence.objects.count() == 1


def test_form_hands_in_values_and_files_in_one_go(enter, duty, world):
    answer = enter("baocao").post(
        reverse("reporting:hand_in", args=[duty.pk]), {**typed(), f"f-{PART}": pdf()}, follow=True
    )
    assert "Đã nộp báo cáo tháng 9/2025" in answer.content.decode()
    assert queries.last_of(duty).status == Status.SUBMITTED


def test_form_with_faults_is_kept_but_not_handed_in(enter, duty):
    answer = enter("baocao").post(reverse("reporting:hand_in", args=[duty.pk]), typed("40", "41"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 2 “Trong đó: số người được xác nhận" in page and "Chưa có minh chứng" in page
    last = queries.last_of(duty)
    assert (last.status, last.values[PART]["value"]) == (Status.DRAFT, "41")


def test_form_asks_before_handing_in_blanks_and_takes_yes(enter, duty):
    client, address = enter("baocao"), reverse("reporting:hand_in", args=[duty.pk])
    first = client.post(address, typed("40", ""))
    page, said = first.content.decode(), "Chưa nộp: có số liệu cần xem lại trước khi nộp."
    assert first.status_code == 422 and "Vẫn nộp báo cáo" in page
    assert page.index(said) < page.index('href="#xem-lai"') < page.index('id="bieu"')
    assert 'id="xem-lai"' in page and "Vẫn còn chỗ chưa ghi lý do" not in page
    again = client.post(address, typed("40", "", seen=1, insisted="1")).content.decode()
    assert said in again and "Vẫn còn chỗ chưa ghi lý do" in again
    assert queries.last_of(duty).status == Status.DRAFT
    client.post(address, typed("40", "", seen=queries.last_of(duty).lock, confirmed="1"))
    assert queries.last_of(duty).status == Status.SUBMITTED


def test_form_asks_about_a_jump_unless_a_note_explains_it(enter, handed_in, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    duty = Duty.objects.get(round__period="202510", unit=world.units["c1"])
    client, address = enter("baocao"), reverse("reporting:hand_in", args=[duty.pk])
    data = typed("90", "32")
    first = client.post(address, data)
    assert "So với kỳ trước (40) tăng 125%" in first.content.decode()
    explained = data | {f"n-{WHOLE}": "Nhận thêm người từ huyện cũ"}
    client.post(address, explained)
    assert queries.last_of(duty).status == Status.SUBMITTED


def test_form_refuses_a_bad_file_and_keeps_the_figures(enter, duty):
    answer = enter("baocao").post(
        reverse("reporting:save", args=[duty.pk]), {**typed(), f"f-{PART}": pdf("a.exe")}
    )
    assert answer.status_code == 422 and "Không nhận tệp “a.exe”" in answer.content.decode()
    assert queries.last_of(duty).values[WHOLE]["value"] == "40"
    assert not Evidence.objects.exists()


def test_form_of_another_unit_takes_nothing(enter, duty):
    for who, status in (("xakhac", 404), ("duyet", 403), ("dieuphoi", 403)):
        for page in ("save", "hand_in", "workbook"):
            data = typed() | {"workbook": SimpleUploadedFile("a.xlsx", b"x")}
            answer = enter(who).post(reverse(f"reporting:{page}", args=[duty.pk]), data)
            assert answer.status_code == status
    assert not Submission.objects.exists()


def test_form_sent_back_says_why_at_the_top_and_at_the_cell(enter, handed_in, duty, world):
    actions.send_back(
        submission=handed_in, reason="Chưa khớp danh sách", remarks={PART: "Chỉ 30 người"},
        by=world.duyet, at=later(),
    )  # fmt: skip
    page = enter("baocao").get(reverse("reporting:duty", args=[duty.pk])).content.decode()
    assert "Lý do: Chưa khớp danh sách" in page and "Chỉ 30 người" in page
    assert 'value="32"' in page and f'name="seen" value="{handed_in.lock}"' in page


def test_form_after_approval_is_read_only_until_correction_is_asked(enter, handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    client, address = enter("baocao"), reverse("reporting:duty", args=[duty.pk])
    assert 'name="seen"' not in client.get(address).content.decode()
    assert 'name="seen"' in client.get(address, {"dinh-chinh": "1"}).content.decode()
    client.post(reverse("reporting:save", args=[duty.pk]), typed("40", "33", correcting=1))
    assert [s.version for s in duty.submissions.order_by("-version")] == [2, 1]


def test_form_takes_a_file_off_the_draft(enter, duty, world):
    proof = prove(duty, world.baocao)
    client = enter("baocao")
    client.post(reverse("reporting:save", args=[duty.pk]), typed(detach=proof.pk))
    assert not Evidence.objects.exists()
