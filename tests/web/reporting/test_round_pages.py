"""The pages of rounds: opened for any days, managed, reckoned; who may see and do what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from namro.web.facts.models import KnownPeriod, Observation
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import summing
from namro.web.reporting.chain.models import Delegation, RegimeChange
from namro.web.reporting.duties import punctuality, regime, rounds
from namro.web.reporting.duties.regime import Level, Regime
from namro.web.reporting.models import Duty, Round
from tests.web.reporting.conftest import AT, PART, WHOLE, hand_in, later

ON = date(2025, 9, 15)


def post_round(client, world, **more):
    data = {"plan": world.plan.pk, "period": "202509", **more}
    return client.post(reverse("reporting:open_round"), data, follow=True)


def text(answer) -> str:
    return answer.content.decode()


# --- opening ---------------------------------------------------------------------------------


def test_opening_page_proposes_a_deadline_for_each_level(enter, world):
    page = text(
        enter("dieuphoi").get(
            reverse("reporting:open_round"), {"plan": world.plan.pk, "period": "202509"}
        )
    )
    for day in ("16/9/2025", "17/9/2025", "18/9/2025"):
        assert day in page
    assert "Nghị định 09/2019/NĐ-CP" in page


def test_nine_months_week_and_ad_hoc_are_opened_and_stay_out_of_the_ledger(enter, world):
    client = enter("dieuphoi")
    post_round(client, world, period="2025N9")
    made = Round.objects.get()
    assert (made.kind, made.label, made.period) == ("NINE_MONTHS", "9 tháng năm 2025", "2025Q3")
    assert not KnownPeriod.objects.exists()
    duty = made.duties.get(unit=world.units["c1"])
    assert (duty.due, duty.required) == (made.due_at, True)
    actions.approve(submission=hand_in(duty, world.baocao), by=world.duyet, at=later())
    assert not Observation.objects.exists()
    table = summing.table_of(queries.lines_of(queries.visible_duties(world.duyet, ON)))
    assert [(c.official, c.heard, c.expected) for c in table.columns] == [(40, 1, 3), (32, 1, 3)]


def test_ad_hoc_round_has_a_title_days_and_only_some_targets(enter, world):
    client = enter("dieuphoi")
    days = {"period": "khac", "title": "Rà soát cán bộ", "from_on": "01/7/2025"}
    page = post_round(client, world, **days, to_on="20/9/2025", target=[world.targets["5"].pk])
    assert "Đợt báo cáo Rà soát cán bộ" in text(page)
    made = Round.objects.get()
    assert (made.from_on, made.to_on) == (date(2025, 7, 1), date(2025, 9, 20))
    assert set(made.duties.values_list("receiver__code", flat=True)) == {"12-SNV"}
    again = post_round(client, world, **days, to_on="20/9/2025")
    assert again.status_code == 200 and Round.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"period": "khac", "title": "A", "from_on": "9/9/2025", "to_on": "1/9/2025"}, "trước"),
        ({"period": "khac", "title": " ", "from_on": "1/9/2025", "to_on": "9/9/2025"}, "ghi tên"),
        ({"period": "khac", "title": "A", "from_on": "1/9/2015", "to_on": "9/9/2025"}, "ba năm"),
        ({"period": "khac", "title": "A", "from_on": "hôm nay", "to_on": "9/9/2025"}, "mẫu"),
        ({"period": "209909"}, "trong danh sách"),
        ({"due_on_COMMUNE": "14/9/2025", "due_hour_COMMUNE": "17:00"}, "một ngày làm việc"),
        ({"due_on_COMMUNE": "16/9/2026", "due_hour_COMMUNE": "17:00"}, "Kiểm tra lại năm"),
        ({"due_on_COMMUNE": "2025", "due_hour_COMMUNE": "17:00"}, "ghi chưa đúng"),
        (
            {
                "due_on_COMMUNE": "18/9/2025", "due_hour_COMMUNE": "17:00",
                "due_on_DEPARTMENT": "17/9/2025", "due_hour_DEPARTMENT": "17:00",
            },
            "sớm hơn hạn của",
        ),
    ],
)  # fmt: skip
def test_opening_refuses_what_cannot_be(enter, world, change, why):
    answer = post_round(enter("dieuphoi"), world, **change)
    assert answer.status_code == 422 and why in text(answer), text(answer)
    assert not Round.objects.exists()


def test_due_is_at_least_one_working_day_after_holidays(world):
    actions.mark_day(on=ON, name="Nghỉ bù", works=False, by=world.dieuphoi, at=AT)
    terms = Regime(commune_days=1)
    assert rounds.due_after(date(2025, 9, 14), terms, Level.COMMUNE).day == 16
    with pytest.raises(actions.FaultyRound, match="sớm nhất là ngày 16/9/2025"):
        actions.open_round(
            plan=world.plan, period_code="202509", due_at=later(5), by=world.dieuphoi, at=AT
        )


def test_holiday_of_a_wrong_year_is_refused(world):
    with pytest.raises(actions.FaultyRound, match="Kiểm tra lại năm"):
        actions.mark_day(on=date(2035, 2, 17), name="Tết", works=False, by=world.dieuphoi, at=AT)


# --- settings --------------------------------------------------------------------------------


def settings(**changes):
    told = {
        "calendar": "administrative", "offered": ["month", "week"], "commune_days": "2",
        "department_days": "3", "province_days": "5", "hour": "16", "lock_days": "2",
        "steps": ["RECEIVER", "OFFICE"], "four_eyes": "1", "reason": "Theo công văn mới",
    }  # fmt: skip
    return told | changes


def test_regime_is_changed_with_a_reason_and_its_history_stays(enter, world, opened):
    client, address = enter("dieuphoi"), reverse("reporting:regime", args=[world.plan.pk])
    assert client.post(address, settings()).status_code == 302
    page = text(client.get(address))
    assert "Theo công văn mới" in page and "không tự khóa → <strong>2 ngày làm việc" in page
    assert rounds.regime_of(world.plan).chain == [regime.ChainStep("RECEIVER"), "OFFICE"]
    opened.refresh_from_db()
    assert opened.terms == Regime()  # it goes on as it was opened
    assert client.post(address, settings(reason="")).status_code == 422
    assert RegimeChange.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"commune_days": "0"}, "ít nhất một ngày làm việc"),
        ({"commune_days": "10^30"}, "số nguyên"),
        ({"commune_days": "2,5"}, "số nguyên"),
        ({"commune_days": "9"}, "không được sớm hơn hạn của cấp dưới"),
        ({"steps": []}, "ít nhất một bước"),
        ({"offered": []}, "ít nhất một loại kỳ"),
        ({"hour": "25"}, "từ 0 đến 23"),
        ({"lock_days": "1000"}, "khóa sau hạn"),
        ({"calendar": "lunar"}, "lịch kỳ"),
    ],
)
def test_regime_refuses_what_cannot_be(enter, world, change, why):
    address = reverse("reporting:regime", args=[world.plan.pk])
    answer = enter("dieuphoi").post(address, settings(**change))
    assert answer.status_code == 422 and why in text(answer)
    assert not RegimeChange.objects.exists()


def test_terms_of_one_round_are_changed_without_touching_the_plan(enter, world, opened):
    address = reverse("reporting:round_terms", args=[opened.pk])
    enter("dieuphoi").post(address, {"steps": ["UNIT", "RECEIVER"], "reason": "Thí điểm"})
    opened.refresh_from_db()
    assert opened.terms.steps == ("UNIT", "RECEIVER") and rounds.regime_of(world.plan) == Regime()


# --- one round -------------------------------------------------------------------------------


def test_round_is_closed_reopened_and_a_unit_let_in_on_its_page(enter, world, opened):
    client = enter("dieuphoi")
    at = {name: reverse(f"reporting:{name}", args=[opened.pk]) for name in (
        "close_round", "reopen_round", "exempt", "move_due"
    )}  # fmt: skip
    assert "Hãy ghi lý do" in text(client.post(at["close_round"], {"reason": ""}, follow=True))
    assert "Đã đóng lúc" in text(client.post(at["close_round"], {"reason": "Hết"}, follow=True))
    answer = client.post(
        at["exempt"],
        {
            "unit": world.units["c1"].pk, "until_on": "31/12/2099", "until_hour": "17:00",
            "reason": "Mất điện",
        },
        follow=True,
    )  # fmt: skip
    assert "Kiểm tra lại năm" in text(answer)
    assert "Hãy chọn đơn vị" in text(client.post(at["exempt"], {"unit": "x"}, follow=True))
    page = text(client.post(at["reopen_round"], {"reason": "Bổ sung"}, follow=True))
    assert "Đã mở lại" in page and "Bổ sung" in page and "Hết" in page


def test_move_due_changes_the_duties_of_the_levels_said(enter, world, opened):
    duty = opened.duties.get(unit=world.units["c1"])
    enter("dieuphoi").post(
        reverse("reporting:move_due", args=[opened.pk]),
        {"due_on_COMMUNE": "19/9/2025", "due_hour_COMMUNE": "11:30", "reason": "Mưa lũ"},
    )
    duty.refresh_from_db()
    opened.refresh_from_db()
    assert f"{duty.due:%d %H:%M}" == "19 04:30" and duty.due == opened.due_at
    assert opened.department_due_at >= opened.due_at
    assert opened.events.get(what="DUE_MOVED").reason == "Mưa lũ"


# --- completeness and timeliness -------------------------------------------------------------


def reckon(world, by="don-vi", at=None):
    kept = punctuality.rounds_between(world.dieuphoi, ON)
    return punctuality.punctuality(world.dieuphoi, ON, at or later(24 * 9), kept, by)


def test_punctuality_counts_expected_sent_on_time_late_missing(opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    hand_in(duties["c1"], world.baocao)
    hand_in(duties["c2"], world.xakhac, at=later(24 * 5))
    rows, total = reckon(world)
    assert [(r.name, r.sent, r.on_time, r.late, r.missing) for r in rows] == [
        ("Phường Suối Ba", 0, 0, 0, 1),
        ("Xã Suối Hai", 1, 0, 1, 0),
        ("Xã Suối Một", 1, 1, 0, 0),
    ]
    assert (total.expected, total.sent, total.completed) == (3, 2, 1)
    assert round(total.completeness) == 67 and round(total.timeliness) == 33
    rows, total = reckon(world, at=later(2))
    assert (total.waiting, total.missing, total.due) == (2, 0, 1)  # c2 had not sent yet


def test_punctuality_counts_what_was_sent_back_as_not_sent_until_mended(opened, world):
    duty = opened.duties.get(unit=world.units["c1"])
    actions.send_back(
        submission=hand_in(duty, world.baocao), reason="Sai", by=world.duyet, at=later()
    )
    _, total = reckon(world)
    assert (total.sent, total.returned, total.missing) == (0, 1, 3)
    hand_in(duty, world.baocao, part=33, at=later(24 * 4))
    _, total = reckon(world)
    assert (total.sent, total.on_time, total.late, total.completed) == (1, 0, 1, 0)


def test_punctuality_takes_late_as_completed_where_the_regime_is_not_strict(world):
    terms = Regime(strict=False)
    actions.set_regime(plan=world.plan, terms=terms, reason="x", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    hand_in(opened.duties.get(unit=world.units["c1"]), world.baocao, at=later(24 * 6))
    _, total = reckon(world)
    assert (total.late, total.completed) == (1, 1)


@pytest.mark.parametrize("by", ["don-vi", "cap", "noi-nhan", "dot", "cap-dot"])
def test_punctuality_page_has_a_picture_a_table_and_excel(enter, opened, world, by):
    hand_in(opened.duties.get(unit=world.units["c1"]), world.baocao)
    client, address = enter("dieuphoi"), reverse("reporting:punctuality")
    page = text(client.get(address, {"theo": by, "tu": opened.pk, "den": opened.pk}))
    assert "<svg" in page and "Đầy đủ (%)" in page
    assert client.get(address, {"theo": by, "xuat": "xlsx"}).status_code == 200


def test_punctuality_shows_a_commune_only_its_own(enter, opened, world):
    page = text(enter("baocao").get(reverse("reporting:punctuality"), {"theo": "don-vi"}))
    assert "Xã Suối Một" in page and "Xã Suối Hai" not in page


def test_punctuality_costs_the_same_for_many(opened, world, django_assert_max_num_queries):
    for code in ("202507", "202508", "202510"):
        actions.open_round(plan=world.plan, period_code=code, by=world.dieuphoi, at=AT)
    with django_assert_max_num_queries(6):
        rows, total = reckon(world, by="cap")
    assert (len(rows), total.expected) == (1, 12)


# --- aggregation, corrections, deputies ------------------------------------------------------


def test_summing_tells_official_from_waiting_and_leads_to_each_return(enter, opened, world):
    duties = {d.unit.code: d for d in opened.duties.all()}
    one = hand_in(duties["c1"], world.baocao)
    two = hand_in(duties["c2"], world.xakhac, whole=20, part=10)
    actions.approve(submission=one, by=world.duyet, at=later())
    client, address = enter("duyet"), reverse("reporting:summing", args=[opened.pk])
    page = text(client.get(address))
    assert reverse("reporting:submission", args=[one.pk]) in page
    table = summing.table_of(queries.lines_of(queries.visible_duties(world.duyet, ON)))
    assert [(c.official, c.with_waiting, c.heard) for c in table.columns] == [
        (40, 60, 1), (32, 42, 1),
    ]  # fmt: skip
    assert client.get(address, {"xuat": "xlsx"}).status_code == 200
    actions.hold(submission=two, reason="Chờ xác minh", by=world.duyet, at=later(2))
    table = summing.table_of(queries.lines_of(queries.visible_duties(world.duyet, ON)))
    assert [(c.official, c.with_waiting) for c in table.columns] == [(40, 40), (32, 32)]
    own = text(enter("baocao").get(address))
    assert "Xã Suối Một" in own and "Xã Suối Hai" not in own


def test_corrections_are_listed_for_ever_with_reason_and_approver(enter, handed_in, duty, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    draft = actions.save_draft(
        duty=duty, values={PART: 33}, note="Đếm sót", by=world.baocao, at=later(2)
    )
    sent = actions.submit(submission=draft, by=world.baocao, at=later(2))
    actions.approve(submission=sent, by=world.duyet, at=later(3))
    page = text(enter("dieuphoi").get(reverse("reporting:corrections")))
    assert "Đếm sót" in page and ">32<" in page and ">33<" in page and "Tẩn Thị Duyệt" in page
    assert "Đếm sót" not in text(enter("xakhac").get(reverse("reporting:corrections")))


def test_bulk_preview_lights_differences_and_findings_before_anything_is_approved(
    enter, opened, world
):
    duties = {d.unit.code: d for d in opened.duties.all()}
    sound = hand_in(duties["c1"], world.baocao)
    odd = hand_in(duties["c2"], world.xakhac, part=None)
    client = enter("duyet")
    page = text(client.get(reverse("reporting:preview_many"), {"chosen": [sound.pk, odd.pk]}))
    assert "Để trống: coi như" in page and "Đã xem các điểm trên" in page
    assert not Observation.objects.exists()
    address = reverse("reporting:approve_many")
    client.post(address, {"chosen": [sound.pk, odd.pk], "seen": [odd.pk]})
    assert set(Observation.objects.values_list("unit__code", flat=True)) == {"c1", "c2"}


def test_delegation_page_gives_and_ends(enter, world):
    from namro.web.org.rules import Role
    from tests.web.reporting.conftest import hire

    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    client, address = enter("duyet"), reverse("reporting:delegations")
    today = date.today()
    data = {
        "deputy": deputy.pk, "from_on": f"{today:%d/%m/%Y}", "reason": "Đi học",
        "until_on": f"{today + timedelta(days=2):%d/%m/%Y}",
    }  # fmt: skip
    wrong = client.post(address, data | {"until_on": "hôm nay"})
    assert wrong.status_code == 422 and "mẫu 17/9/2025" in text(wrong)
    assert "thay Tẩn Thị Duyệt" in text(client.post(address, data, follow=True))
    given = Delegation.objects.get()
    assert enter("xakhac").post(
        reverse("reporting:end_delegation", args=[given.pk])
    ).status_code == 404  # fmt: skip
    enter("duyet").post(reverse("reporting:end_delegation", args=[given.pk]))
    given.refresh_from_db()
    assert given.ended_by == world.duyet


def test_form_replayed_after_the_decision_changes_nothing(enter, handed_in, world):
    address = reverse("reporting:approve", args=[handed_in.pk])
    client = enter("duyet")
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert Observation.objects.count() == 2
    assert Duty.objects.get(pk=handed_in.duty_id).submissions.count() == 1


def test_value_far_too_large_or_with_a_decimal_point_is_refused_in_words(duty, world):
    for typed, why in ((f"1{'0' * 30}", "lớn"), ("10^30", "không phải là số"), ("32.5", "32,5")):
        draft = actions.save_draft(duty=duty, values={WHOLE: typed}, by=world.baocao, at=AT)
        with pytest.raises(actions.FaultyReturn, match=why):
            actions.submit(submission=draft, by=world.baocao, at=AT)
