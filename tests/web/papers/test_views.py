"""Preparing, previewing, issuing, downloading and verifying on the pages, by role."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.frame import files
from namro.web.papers import actions, forms
from namro.web.papers.models import IssuedReport, ReportDraft
from tests.web.papers.setting import AS_OF, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(filled):
    return actions.issue_report(
        plan=filled.plan, unit=filled.units["12-DU"], period_code="202509", form="party",
        number="15", issued_on=TODAY, as_of=AS_OF, by=filled.lanhdao, at=NOW,
    )  # fmt: skip


@pytest.fixture
def sent(filled):
    """The form as the page would send it, usual words and head."""
    from namro.terms import Period

    fields = forms.usual_fields(
        filled.plan, filled.units["12-DU"], Period.of("202509"), "party", NOW
    )
    return {**fields, "ky": "202509", "version": "0"}


def prepare_address(world):
    return reverse("papers:prepare", args=[world.plan.pk])


@pytest.mark.parametrize(
    ("username", "status"),
    [("lanhdao", 200), ("dieuphoi", 200), ("kiemtra", 403), ("duyet", 403), ("baocao", 403),
     ("quantri", 404)],
)  # fmt: skip
def test_prepare_opens_to_those_who_prepare(enter, filled, username, status):
    assert enter(username).get(prepare_address(filled)).status_code == status


def test_prepare_begins_with_the_usual_head_and_the_newest_period(enter, filled):
    page = enter("lanhdao").get(prepare_address(filled)).content.decode()
    assert "Lập báo cáo tháng 9/2025 của Đảng ủy UBND tỉnh" in page
    assert 'value="BC/ĐU"' in page
    assert "Giàng A Lãnh" in page
    assert ">Phát hành<" in page


def test_prepare_offers_no_issuing_to_a_coordinator(enter, filled):
    page = enter("dieuphoi").get(prepare_address(filled)).content.decode()
    assert ">Phát hành<" not in page


def test_prepare_takes_the_other_form_on_demand(enter, filled):
    address = prepare_address(filled) + "?ky=202509&the-thuc=state"
    page = enter("lanhdao").get(address).content.decode()
    assert 'value="BC-UBND"' in page


def test_prepare_saves_what_was_written_and_shows_the_preview(enter, filled, sent):
    client = enter("dieuphoi")
    sent["words_causes"] = "Cán bộ xã kiêm nhiệm nhiều việc."
    answer = client.post(prepare_address(filled), sent, follow=True)
    draft = ReportDraft.objects.get()
    assert draft.fields["words_causes"] == "Cán bộ xã kiêm nhiệm nhiều việc."
    assert reverse("papers:preview", args=[draft.pk]) in answer.content.decode()


def test_prepare_keeps_everything_typed_when_something_is_to_be_mended(enter, filled, sent):
    sent |= {"issued_on": "ngày mai", "words_causes": "Lời đã viết dài."}
    answer = enter("lanhdao").post(prepare_address(filled), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ngày ban hành không đúng" in page
    assert "Lời đã viết dài." in page
    assert ReportDraft.objects.count() == 0


def test_prepare_refuses_to_overwrite_a_colleague_and_loses_nothing(enter, filled, sent):
    client = enter("lanhdao")
    client.post(prepare_address(filled), sent)
    client.post(prepare_address(filled), {**sent, "version": "1"})
    answer = client.post(
        prepare_address(filled), {**sent, "version": "1", "words_causes": "Lời sau."}
    )
    assert answer.status_code == 409
    assert "vừa lưu dự thảo này" in answer.content.decode()
    assert "Lời sau." in answer.content.decode()


def test_prepare_of_a_period_that_is_none_says_so(enter, filled):
    answer = enter("lanhdao").get(prepare_address(filled) + "?ky=2025Q7")
    assert answer.status_code == 422
    assert "Mã kỳ báo cáo không đúng" in answer.content.decode()


def test_preview_is_a_pdf_that_only_this_site_may_frame(enter, filled, sent):
    client = enter("dieuphoi")
    client.post(prepare_address(filled), sent)
    answer = client.get(reverse("papers:preview", args=[ReportDraft.objects.get().pk]))
    assert answer.content[:5] == b"%PDF-"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("username", ["baocao", "kiemtra", "quantri"])
def test_preview_is_hidden_from_others(enter, filled, sent, username):
    enter("dieuphoi").post(prepare_address(filled), sent)
    draft = ReportDraft.objects.get()
    assert enter(username).get(reverse("papers:preview", args=[draft.pk])).status_code == 404


def test_issue_freezes_what_the_page_holds(enter, filled, sent):
    sent |= {"number": "21", "words_situation": "Đã quán triệt kế hoạch."}
    answer = enter("lanhdao").post(reverse("papers:issue", args=[filled.plan.pk]), sent)
    report = IssuedReport.objects.get()
    assert answer["Location"] == reverse("papers:report", args=[report.pk])
    assert report.number == "21"
    assert report.contents["words"]["situation"] == "Đã quán triệt kế hoạch."


def test_issue_twice_with_one_number_is_refused_and_keeps_the_words(enter, filled, sent):
    client = enter("lanhdao")
    address = reverse("papers:issue", args=[filled.plan.pk])
    client.post(address, {**sent, "number": "21"})
    answer = client.post(address, {**sent, "number": "21", "version": "1"})
    assert answer.status_code == 422
    assert "Số 21 ký hiệu BC/ĐU" in answer.content.decode()
    assert IssuedReport.objects.count() == 1


@pytest.mark.parametrize("username", ["dieuphoi", "baocao", "kiemtra"])
def test_issue_is_refused_to_others(enter, filled, sent, username):
    answer = enter(username).post(reverse("papers:issue", args=[filled.plan.pk]), sent)
    assert answer.status_code == 403
    assert IssuedReport.objects.count() == 0


def test_reports_lists_finds_and_exports(enter, report):
    client = enter("duyet")
    page = client.get(reverse("papers:reports")).content.decode()
    assert "Số 15-BC/ĐU" in page
    assert report.verification_code in page
    assert client.get(reverse("papers:reports") + "?xuat=xlsx").content[:2] == b"PK"
    empty = client.get(reverse("papers:reports") + "?the-thuc=state").content.decode()
    assert "Số 15-BC/ĐU" not in empty


def test_reports_of_units_out_of_reach_are_not_seen(enter, report):
    client = enter("baocao")
    assert "Số 15-BC/ĐU" not in client.get(reverse("papers:reports")).content.decode()
    for name in ("report", "docx", "pdf"):
        assert client.get(reverse(f"papers:{name}", args=[report.pk])).status_code == 404


def test_reports_are_closed_to_the_administrator(enter, report):
    assert enter("quantri").get(reverse("papers:reports")).status_code == 403


def test_report_shows_what_it_rests_on_and_computes_it_anew(enter, report):
    client = enter("kiemtra")
    address = reverse("papers:report", args=[report.pk])
    page = client.get(address).content.decode()
    assert "41/100 người" in page
    assert report.pdf_sha256 in page
    again = client.get(address + "?tinh-lai=1").content.decode()
    assert "đều trùng với văn bản" in again


def test_report_whose_file_was_touched_says_so_and_is_not_handed_out(enter, report):
    files.path_of(report.pdf_sha256).write_bytes(b"khac")
    client = enter("lanhdao")
    page = client.get(reverse("papers:report", args=[report.pk])).content.decode()
    assert "không còn khớp với lúc phát hành" in page
    assert client.get(reverse("papers:pdf", args=[report.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_downloads_are_the_issued_bytes(enter, report, kind):
    answer = enter("lanhdao").get(reverse(f"papers:{kind}", args=[report.pk]))
    assert answer.content == files.path_of(getattr(report, f"{kind}_sha256")).read_bytes()
    assert "bao-cao-15-20250925" in answer["Content-Disposition"]


def test_report_page_reads_a_fixed_number_of_times(enter, report, django_assert_max_num_queries):
    client = enter("lanhdao")
    with django_assert_max_num_queries(9):
        client.get(reverse("papers:report", args=[report.pk]))


def check(client, **what):
    return client.post(reverse("papers:check"), what)


def test_check_by_code_however_typed(enter, report):
    code = report.verification_code.replace("-", " ").lower()
    page = check(enter("baocao"), code=code).content.decode()
    assert "Đúng là văn bản đã phát hành" in page
    assert "Số 15-BC/ĐU" in page


def test_check_by_file_and_by_a_changed_file(enter, report):
    body = files.path_of(report.docx_sha256).read_bytes()
    client = enter("baocao")
    sound = check(client, file=SimpleUploadedFile("a.docx", body)).content.decode()
    assert "trùng từng ký tự" in sound
    changed = SimpleUploadedFile("a.docx", body + b" ")
    page = check(client, code=report.verification_code, file=changed).content.decode()
    assert "tệp không phải bản đã phát hành" in page


def test_check_of_the_unknown_and_of_nothing(enter, report):
    client = enter("lanhdao")
    assert "Không tìm thấy văn bản nào khớp" in check(client, code="AAAA").content.decode()
    answer = check(client)
    assert answer.status_code == 422
    assert "Hãy nhập mã kiểm tra" in answer.content.decode()
