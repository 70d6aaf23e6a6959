"""One plan on one page: what it says, to whom, how often it asks the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from namro.terms import Standing, TaskState
from namro.web.dashboard import plan as plan_page
from namro.web.plans.models import Plan, Target
from namro.web.reporting.models import TaskUpdate
from namro.web.results.sight import look
from tests.web.papers.setting import NOW, TODAY, speak

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(filled):
    return reverse("dashboard:plan", args=[filled.plan.pk])


def page_of(world, viewer, **asked):
    view = look(viewer, unit=None, period=None, as_of=None, on=TODAY, **asked)
    return plan_page.page_of(plan_page.find(viewer, world.plan.pk, TODAY), view, viewer)


def test_page_counts_targets_by_standing_and_soft_ones_apart(filled):
    Target.objects.filter(code="12").update(soft=True)
    page = page_of(filled, filled.lanhdao)
    assert [r.told.target.code for r in page.rows] == ["5"]
    assert [r.told.target.code for r in page.soft_rows] == ["12"]
    assert sum(count for _, count in page.standings) == 1


def test_page_counts_the_communes_heard(filled):
    assert page_of(filled, filled.lanhdao).heard == plan_page.Heard(2, 3)


def test_page_gives_the_four_official_numbers_and_ageing(filled):
    filled.task.deadline_on = TODAY.replace(day=1)
    filled.task.save()
    page = page_of(filled, filled.lanhdao)
    assert [(g.state, len(g.lines)) for g in page.official_groups] == [
        (TaskState.DONE_ON_TIME, 0), (TaskState.DONE_LATE, 0),
        (TaskState.WITHIN_TERM, 0), (TaskState.OVERDUE, 1),
    ]  # fmt: skip
    assert page.ageing == [("Quá hạn đến 30 ngày", 1)]
    TaskUpdate.objects.create(
        task=filled.task, unit=filled.units["12-VP"], by=filled.dieuphoi, at=NOW, kind="DONE",
        text="Xong", done_on=TODAY,
    )  # fmt: skip
    done = page_of(filled, filled.lanhdao)
    assert [len(g.lines) for g in done.official_groups] == [0, 1, 0, 0]


def test_page_shows_value_threshold_standing_and_heard_together(enter, address):
    page = enter("lanhdao").get(address).content.decode()
    for said in ("41,0%", "≥ 80%", "2/3", "Chậm", "Sở Nội vụ", "<svg"):
        assert said in page


def test_page_of_a_commune_shows_its_own_figure(enter, address):
    page = enter("baocao").get(address).content.decode()
    assert "nhìn từ <strong>Xã Suối Một</strong>" in page
    assert "80,0%" in page
    assert "41,0%" not in page


def test_page_as_of_a_moment_past_shows_what_was_known_then(enter, filled, address):
    speak(filled, "202509", "c1", 40, 40, NOW)
    client = enter("lanhdao")
    then = client.get(address + "?ky=202509&tinh-den=2025-09-24T16:00").content.decode()
    assert "49,0%" in client.get(address + "?ky=202509").content.decode()
    assert "41,0%" in then
    assert "Về hiện tại" in then


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?ky=2025Q9", "Mã kỳ báo cáo không đúng"),
        ("?tinh-den=hom-qua", "Thời điểm chốt số liệu không đúng"),
        ("?tinh-den=2031-01-01T00:00", "chưa đến"),
    ],
)
def test_page_says_what_is_wrong_with_its_address(enter, address, query, said):
    answer = enter("lanhdao").get(address + query)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_page_refuses_figures_of_a_unit_out_of_reach(enter, address):
    assert enter("baocao").get(address + "?don-vi=c2").status_code == 403


@pytest.mark.parametrize(
    ("username", "status", "prepares"),
    [("lanhdao", 200, True), ("dieuphoi", 200, True), ("kiemtra", 200, False),
     ("duyet", 200, False), ("baocao", 200, False), ("quantri", 404, False)],
)  # fmt: skip
def test_page_opens_to_those_who_see_plans(enter, address, username, status, prepares):
    answer = enter(username).get(address)
    assert answer.status_code == status
    assert ("Lập báo cáo kỳ này" in answer.content.decode()) is prepares


def test_page_counts_the_faults_still_open(filled, enter, address):
    for n, settled in enumerate((False, True)):
        values = {"message": "Thiếu số.", "settled": settled}
        filled.plan.reading.items.create(key=f"ss-{n}", kind="ss", values=values)
    page = enter("baocao").get(address).content.decode()
    assert "1 sai sót của văn bản chưa xử lý" in page
    assert reverse("plans:source", args=[filled.plan.pk]) + "#sai-sot" in page


def test_page_of_no_plan_is_not_found(enter, filled):
    assert enter("lanhdao").get(reverse("dashboard:plan", args=[999])).status_code == 404


def test_table_exports_to_excel(enter, address):
    answer = enter("lanhdao").get(address + "?xuat=xlsx")
    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"].endswith('.xlsx"')


def test_page_asks_the_database_twelve_times_at_most(filled):
    """The page's own reads; session, account and posts of the frame come on top (five)."""
    page_of(filled, filled.lanhdao)  # figures brought up to date
    for number in range(13, 31):
        Target.objects.create(
            plan=filled.plan, code=str(number), position=number, quote="x", subject="x",
            comparator=">=", value=50, unit_of_measure="%", measure="nq57.online-dossiers",
        )  # fmt: skip
    page_of(filled, filled.lanhdao)
    viewer = type(filled.lanhdao).objects.get(pk=filled.lanhdao.pk)
    with CaptureQueriesContext(connection) as asked:
        page = page_of(filled, viewer)
    # Of a prepared question that the server has planned, the driver keeps no text: posts are one.
    texts = [q["sql"] for q in asked if q["sql"] and "org_post" not in q["sql"]]
    assert len(page.rows) == 20
    assert len(texts) <= 12, [text[:80] for text in texts]


def test_whole_request_stays_within_its_budget(enter, filled, address):
    client = enter("lanhdao")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) <= 20


def test_plans_lists_and_exports(enter, filled):
    client = enter("baocao")
    page = client.get(reverse("dashboard:plans")).content.decode()
    assert "Kế hoạch mẫu" in page
    assert client.get(reverse("dashboard:plans") + "?xuat=xlsx").content[:2] == b"PK"
    assert enter("quantri").get(reverse("dashboard:plans")).status_code == 403


def test_issued_text_says_what_the_head_leaves_blank():
    assert plan_page.issued_text(Plan(number="", issued_on="2025-06")) == (
        "Chưa ghi số, tháng 6/2025"
    )
    assert plan_page.issued_text(Plan(number="15-KH/ĐU", issued_on="2025-06-20")) == (
        "Số 15-KH/ĐU, ngày 20/6/2025"
    )


def test_standings_are_drawn_as_shapes_for_every_word(enter, address):
    page = enter("lanhdao").get(address).content.decode()
    assert all(f'class="sign {s.value}"' in page for s in Standing)


def test_a_plan_just_confirmed_says_what_to_do_next(enter, world):
    Target.objects.update(measure="")
    world.targets["5"].assignments.filter(part="LEAD").update(to_on="2025-01-02")
    address = reverse("dashboard:plan", args=[world.plan.pk])
    page = enter("dieuphoi").get(address).content.decode()
    assert "gắn cách đo cho 2 chỉ tiêu" in page
    assert "giao đơn vị chủ trì cho 1 chỉ tiêu" in page
    assert "Việc tiếp theo" not in enter("baocao").get(address).content.decode()
