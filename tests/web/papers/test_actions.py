"""Issuing: what is frozen, that it repeats to the byte and to the digit, and who may."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import docx
import pytest
from django.db import IntegrityError, transaction

from namro.web.facts import actions as facts
from namro.web.facts.models import MeasureText, Observation
from namro.web.frame import files
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.papers import actions, contents, queries
from namro.web.papers.models import IssuedReport
from namro.web.papers.rules import FaultyPaper
from namro.web.plans.models import Target
from namro.web.reporting.models import Submission
from tests.web.papers.setting import AS_OF, NOW, SENT_AT, TODAY, speak

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(filled):
    """issue(number="7", …) issues the plan's report for September as the leader."""

    def make(**changed) -> IssuedReport:
        asked = {
            "plan": filled.plan,
            "unit": filled.units["12-DU"],
            "period_code": "202509",
            "form": "party",
            "number": "15",
            "issued_on": TODAY,
            "as_of": AS_OF,
            "by": filled.lanhdao,
            "at": NOW,
        }
        return actions.issue_report(**{**asked, **changed})

    return make


def texts(body: bytes) -> list[str]:
    """The paragraphs of a .docx before its stamp."""
    lines = [p.text for p in docx.Document(io.BytesIO(body)).paragraphs]
    return lines[: next(i for i, line in enumerate(lines) if line.startswith("Phụ lục"))]


def kept(sha256: str) -> bytes:
    return files.path_of(sha256).read_bytes()


def figure(report, code="5"):
    return next(f for f in report.contents["facts"]["figures"] if f["code"] == code)


def test_issue_report_freezes_each_figure_with_its_parts(issue):
    report = issue()
    told = figure(report)
    assert (told["numerator"], told["denominator"], told["value"]) == ("41", "100", "41")
    assert (told["counted"], told["heard"], told["expected"]) == (2, 2, 3)
    assert told["note"] == ""
    assert told["standing"] in ("ON_COURSE", "BEHIND")
    assert told["sentence"].startswith(
        "Cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản đạt 41% (41/100 người), "
        "thấp hơn chỉ tiêu 39 điểm phần trăm; tăng 7 điểm phần trăm so với tháng 8/2025"
    )
    assert report.definitions["nq57.commune-cadres-trained"] == told["definition"]
    assert MeasureText.objects.filter(pk=told["definition"]).exists()


def test_issue_report_says_who_was_late_by_the_moment(issue):
    told = issue().contents["facts"]
    assert told["returns"]["heard"] == 2
    assert told["returns"]["expected"] == 3
    assert [(u["name"], u["count"], u["days"]) for u in told["returns"]["late"]] == [
        ("Phường Suối Ba", 1, 6)
    ]
    assert told["tasks"]["counts"]["WITHIN_TERM"] == 1


def test_issue_report_counts_a_return_sent_back_only_after_the_moment_as_handed_in(filled, issue):
    last = Submission.objects.get(duty__unit__code="c2")
    last.status, last.decided_at = "SENT_BACK", AS_OF + timedelta(hours=1)
    last.save()
    assert issue().contents["facts"]["returns"]["heard"] == 2
    last.decided_at = SENT_AT
    last.save()
    assert issue(number="16").contents["facts"]["returns"]["heard"] == 1


def test_issue_report_says_which_figures_count_units_that_did_not_report(filled, issue):
    facts.open_period(period_code="202510", at=AS_OF)
    speak(filled, "202510", "c1", 40, 36, AS_OF)
    report = issue(period_code="202510")
    told = figure(report)
    assert (told["counted"], told["heard"], told["expected"]) == (2, 1, 3)
    assert told["sentence"].endswith(
        "; 1/3 đơn vị đã báo cáo; 1 đơn vị chưa báo cáo kỳ này, "
        "tạm tính theo số kỳ trước còn hiệu lực."
    )
    lines = texts(kept(report.docx_sha256))
    assert (
        "Ghi chú: số đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực: "
        "chỉ tiêu (5) 1 đơn vị." in lines
    )
    assert queries.recompute(report, filled.lanhdao) == []


def test_issue_report_follows_the_official_structure(issue):
    lines = texts(kept(issue().docx_sha256))
    headings = [line for line in lines if line[:2] in ("I-", "II", "IV", "V-")]
    assert headings == [
        "I- TÌNH HÌNH TRIỂN KHAI",
        "II- KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
        "III- KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
        "IV- TỒN TẠI, HẠN CHẾ",
        "V- PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI",
    ]
    assert any(line.startswith("Tổng số 1 nhiệm vụ: đã hoàn thành 0") for line in lines)
    assert any("Phường Suối Ba (1 báo cáo, lâu nhất 6 ngày)" in line for line in lines)


def test_issue_report_keeps_soft_targets_apart(filled, issue):
    Target.objects.filter(code="5").update(soft=True)
    lines = texts(kept(issue().docx_sha256))
    assert "2. Các chỉ tiêu chưa có số liệu (1)" in lines
    assert "3. Mục tiêu phấn đấu (1)" in lines
    assert any("Trong 1 chỉ tiêu có: 1 chỉ tiêu chưa có số liệu." in line for line in lines)


def test_issue_report_again_from_the_same_contents_gives_the_same_bytes(issue):
    report = issue()
    stamp = actions.stamp_for(report.contents, code=report.verification_code, at=report.issued_at)
    again = contents.report_of(report.contents, stamp)
    assert actions.render(again, "docx") == kept(report.docx_sha256)
    assert actions.render(again, "pdf") == kept(report.pdf_sha256)


def test_issue_report_with_another_stamp_differs_in_the_stamp_alone(issue):
    report = issue()
    other = actions.stamp_for(report.contents, code="ZZZZ-ZZZZ-ZZZZ", at=NOW + timedelta(days=1))
    again = actions.render(contents.report_of(report.contents, other), "docx")
    assert again != kept(report.docx_sha256)
    assert texts(again) == texts(kept(report.docx_sha256))


def test_recompute_gives_the_same_numbers_whatever_was_said_since(filled, issue):
    report = issue()
    speak(filled, "202509", "c1", 40, 40, NOW)
    assert queries.recompute(report, filled.lanhdao) == []
    later = issue(number="16", as_of=NOW, at=NOW)
    assert figure(later)["numerator"] == "49"


def test_recompute_is_not_disturbed_by_who_began_before_and_was_recorded_after(filled, issue):
    """An approval clicked a moment before the issue, that had to wait for the ledger."""
    report = issue(as_of=NOW, at=NOW)
    speak(filled, "202509", "c1", 40, 40, NOW - timedelta(seconds=20))
    assert queries.recompute(report, filled.lanhdao) == []
    assert Observation.objects.order_by("pk").last().recorded_at > NOW


def test_recompute_finds_a_figure_that_was_changed(filled, issue):
    report = issue()
    figure(report)["numerator"] = "99"
    assert [(d.code, d.what) for d in queries.recompute(report, filled.lanhdao)] == [("5", "tử số")]


def test_issue_report_is_journalled_and_verifiable(issue, filled):
    report = issue()
    entry = JournalEntry.objects.get(verb="papers.issue_report")
    assert entry.details["pdf"] == report.pdf_sha256
    assert queries.check(report.verification_code, "").is_sound
    assert queries.check("", report.docx_sha256).report == report
    assert queries.is_intact(report)


def test_check_tells_a_changed_file_from_the_issued_one(issue):
    report = issue()
    assert queries.check(report.verification_code, report.pdf_sha256).by_file
    changed = queries.check(report.verification_code, "0" * 64)
    assert changed.file_differs
    assert not changed.is_sound
    assert queries.check("", "0" * 64).report is None
    assert queries.check("AAAA-AAAA-AAAA", report.pdf_sha256).report is None


def test_is_intact_notices_a_file_that_was_touched(issue):
    report = issue()
    files.path_of(report.pdf_sha256).write_bytes(b"%PDF-1.4 khac")
    assert not queries.is_intact(report)


def test_issued_report_is_never_changed_in_the_database(issue):
    report = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedReport.objects.filter(pk=report.pk).update(number="99")


@pytest.mark.parametrize(
    ("issued_on", "profile"), [(date(2026, 5, 26), "party-2018"), (date(2026, 5, 27), "party-2026")]
)
def test_issue_report_follows_the_party_form_in_force_on_its_date(issue, issued_on, profile):
    at = datetime.combine(issued_on, NOW.timetz())
    assert issue(issued_on=issued_on, at=at).profile == profile


def test_issue_report_in_the_state_form(issue):
    report = issue(form="state")
    lines = texts(kept(report.docx_sha256))
    assert report.profile == "state-2020"
    assert "I. TÌNH HÌNH TRIỂN KHAI" in lines


def test_issue_report_of_a_part_covers_its_own_units_alone(filled, issue):
    filled.people["truong"] = lead = _leader(filled, "c1")
    report = issue(unit=filled.units["c1"], by=lead, form="state")
    assert (figure(report)["numerator"], figure(report)["denominator"]) == ("32", "40")
    assert report.contents["facts"]["returns"]["late"] == []
    assert sum(report.contents["facts"]["tasks"]["counts"].values()) == 0


def _leader(world, code):
    from namro.web.org import actions as org
    from namro.web.org.rules import Role
    from tests.world import AT, OPENED, PASSWORD

    user = org.create_user(
        by=None, at=AT, username=f"truong{code}", full_name="Lù Văn Trưởng", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    org.appoint(by=None, at=AT, user=user, unit=world.units[code], role=Role.LEADER, from_on=OPENED)
    return user


def test_issue_report_by_the_installation_itself(issue):
    assert issue(by=None).issued_by is None


@pytest.mark.parametrize("username", ["dieuphoi", "baocao", "duyet", "kiemtra", "quantri"])
def test_issue_report_is_for_leaders_alone(filled, issue, username):
    with pytest.raises(NotAllowed):
        issue(by=filled.people[username])
    assert IssuedReport.objects.count() == 0


def test_issue_report_refuses_a_number_used_this_year(issue):
    issue()
    for same in ("15", "015", " 15 "):
        with pytest.raises(actions.NumberTaken, match="Số 15"):
            issue(number=same)
    assert issue(number="").number == ""
    assert issue(number="").number == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"form": "both"},
        {"period_code": "2025Q9"},
        {"number": "15-BC"},
        {"as_of": NOW + timedelta(hours=1)},
        {"issued_on": TODAY + timedelta(days=1)},
        {"issued_on": date(2017, 1, 1), "as_of": NOW - timedelta(days=4000)},
        {"words": {"causes": "x" * 7000}},
    ],
)
def test_issue_report_refuses_bad_input_and_keeps_nothing(issue, changed):
    with pytest.raises(FaultyPaper):
        issue(**changed)
    assert IssuedReport.objects.count() == 0


def test_save_draft_refuses_to_overwrite_a_colleague(filled):
    asked = {
        "plan": filled.plan, "unit": filled.units["12-DU"], "period_code": "202509",
        "fields": {"form": "party"}, "at": NOW,
    }  # fmt: skip
    first = actions.save_draft(**asked, version=0, by=filled.dieuphoi)
    second = actions.save_draft(**asked, version=first.version, by=filled.lanhdao)
    assert second.version == 2
    with pytest.raises(actions.StaleDraft, match="Giàng A Lãnh"):
        actions.save_draft(**asked, version=first.version, by=filled.dieuphoi)
