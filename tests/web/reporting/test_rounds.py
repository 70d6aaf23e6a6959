"""Opening a round: who owes what to whom, again and again without harm."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from namro.terms import Period
from namro.web.facts.models import KnownPeriod
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.plans.models import Assignment, Target
from namro.web.reporting import actions
from namro.web.reporting.duties import rounds
from namro.web.reporting.duties.regime import Regime
from namro.web.reporting.models import Duty, Round
from tests.web.reporting.conftest import AT, PART, WHOLE, hand_in, later
from tests.world import OPENED


def add_target(world, code, measure, lead, executors, from_on=OPENED):
    target = Target.objects.create(
        plan=world.plan, code=code, position=int(code), quote="q", subject="s", comparator=">=",
        value=1, measure=measure, place=None,
    )  # fmt: skip
    rows = [(lead, "LEAD")] if lead else []
    for unit, part in rows + [(e, "EXECUTOR") for e in executors]:
        Assignment.objects.create(
            target=target, unit=world.units[unit], part=part, from_on=from_on, assigned_at=AT
        )
    return target


def test_open_round_makes_a_duty_for_each_executor(opened, world):
    found = {(d.unit.code, d.receiver.code, tuple(d.elements)) for d in opened.duties.all()}
    assert found == {(c, "12-SNV", (WHOLE, PART)) for c in ("c1", "c2", "c3")}
    assert opened.due_at == datetime(2025, 9, 16, 10, 0, tzinfo=UTC)
    assert KnownPeriod.objects.filter(pk="202509").exists()


def test_open_round_again_changes_nothing(opened, world):
    again = actions.open_round(
        plan=world.plan, period_code="202509", by=world.dieuphoi, at=later(),
        due_at=later(24 * 30),
    )  # fmt: skip
    again.refresh_from_db()
    assert (again.pk, again.due_at) == (opened.pk, opened.due_at)
    assert (Round.objects.count(), Duty.objects.count()) == (1, 3)
    assert JournalEntry.objects.filter(verb="reporting.open_round").count() == 1


def test_open_round_again_adds_what_was_assigned_since(opened, world):
    hand_in(opened.duties.get(unit=world.units["c1"]), world.baocao)
    add_target(world, "17", "nq57.identity-accounts", "12-KHCN", ["c1"])
    actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=later())
    found = {(d.unit.code, d.receiver.code) for d in Duty.objects.all()}
    assert found == {(c, "12-SNV") for c in ("c1", "c2", "c3")} | {("c1", "12-KHCN")}


def test_open_round_asks_a_shared_element_once_for_the_first_receiver(world):
    add_target(world, "18", "nq57.commune-cadres-trained", "12-KHCN", ["c1", "c2"])
    found = rounds.prospect(world.plan, Period.of("202509"))
    assert {pair[1] for pair in found.duties} == {world.units["12-SNV"].pk}
    assert found.shared_sentences() == [
        "“Số cán bộ, công chức cấp xã có mặt”: 2 đơn vị chỉ báo một lần, gửi Sở Nội vụ; "
        "Sở Khoa học và Công nghệ (chỉ tiêu 18) dùng chung.",
        "“Trong đó: số người được xác nhận hoàn thành bồi dưỡng kỹ năng số căn bản”: 2 đơn vị chỉ "
        "báo một lần, gửi Sở Nội vụ; Sở Khoa học và Công nghệ (chỉ tiêu 18) dùng chung.",
    ]


def test_prospect_says_what_stands_in_the_way(world):
    add_target(world, "20", "", "12-SNV", ["c1"])
    add_target(world, "21", "nq57.identity-accounts", "12-SNV", [])
    add_target(world, "22", "nq57.identity-accounts", None, ["c1"])
    add_target(world, "23", "nq57.identity-accounts", "12-SNV", ["c1"], from_on=date(2025, 10, 1))
    found = {t.code: why for t, why in rounds.prospect(world.plan, Period.of("202509")).obstacles}
    assert "chưa gắn cách đo" in found["20"]
    assert "chưa có đơn vị thực hiện, báo cáo vào ngày cuối kỳ 14/9/2025" in found["21"]
    assert "chưa có đơn vị chủ trì" in found["22"]
    assert "phân công hiện có chỉ từ ngày 01/10/2025" in found["23"]


def test_prospect_lets_the_lead_report_where_one_unit_supplies(world):
    add_target(world, "3", "nq57.security-centre", "12-KHCN", [])
    khcn = world.units["12-KHCN"].pk
    assert (khcn, khcn) in rounds.prospect(world.plan, Period.of("202509")).duties


def test_open_round_of_nobody_is_refused(world):
    Assignment.objects.filter(target__isnull=False).delete()
    with pytest.raises(actions.FaultyRound, match="chưa có đơn vị nào phải báo cáo"):
        actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    assert not Round.objects.exists()


@pytest.mark.parametrize("who", ["baocao", "duyet", "lanhdao", "kiemtra", "quantri"])
def test_open_round_is_for_who_coordinates(world, who):
    with pytest.raises(NotAllowed):
        actions.open_round(plan=world.plan, period_code="202509", by=world.people[who], at=AT)
    assert not Round.objects.exists()


def test_open_round_of_a_quarter(world):
    opened = actions.open_round(plan=world.plan, period_code="2025Q3", by=world.dieuphoi, at=AT)
    assert (opened.label, opened.duties.count()) == ("quý III/2025", 3)


def test_choices_are_what_the_regime_offers(world):
    found = rounds.choices(world.plan, date(2025, 9, 20))
    assert found[0] == ("202510", "tháng 10/2025")
    assert ("2025Q3", "quý III/2025") in found and ("2025N9", "9 tháng năm 2025") in found
    assert ("2025S1", "6 tháng đầu năm 2025") in found
    assert ("2025W38", "tuần 38/2025 (15/9/2025 – 21/9/2025)") in found
    assert rounds.choices(world.plan, date(2027, 1, 1))[0][0] == "2025Q4"
    months = rounds.choices(world.plan, date(2025, 9, 20), Regime(offered=("month",)))
    assert [key for key, _ in months] == ["202510", "202509", "202508", "202507", "202506"]


@pytest.mark.parametrize(
    ("key", "first", "last", "label"),
    [
        ("202509", date(2025, 8, 15), date(2025, 9, 14), "tháng 9/2025"),
        ("2025S1", date(2024, 12, 15), date(2025, 6, 14), "6 tháng đầu năm 2025"),
        ("2025N9", date(2024, 12, 15), date(2025, 9, 14), "9 tháng năm 2025"),
        ("2025", date(2024, 12, 15), date(2025, 12, 14), "năm 2025"),
        ("2025W38", date(2025, 9, 15), date(2025, 9, 21), "tuần 38/2025"),
    ],
)
def test_span_of_a_key_is_the_days_of_the_decree(key, first, last, label):
    found = rounds.span_of(key, Regime())
    assert (found.from_on, found.to_on, found.label) == (first, last, label)


def test_mark_day_again_changes_it(world):
    tet = date(2026, 2, 17)
    actions.mark_day(on=tet, name="Tết Nguyên đán", works=False, by=world.dieuphoi, at=AT)
    day = actions.mark_day(on=tet, name="Làm bù", works=True, by=world.dieuphoi, at=AT)
    assert rounds.marked_days() == {tet: True}
    actions.unmark_day(day=day, by=world.dieuphoi, at=AT)
    assert rounds.marked_days() == {}
