"""A level holds data back only with a reason: in no total above, the reason where it is missed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from namro.web.facts.models import Observation
from namro.web.org.models import JournalEntry
from namro.web.org.queries import NotAllowed
from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.chain import summing
from namro.web.reporting.chain.models import Hold
from namro.web.reporting.models import Submission
from tests.web.reporting.conftest import AT, PART, WHOLE, hand_in, hire, later

ON = date(2025, 9, 15)
WHY = "Chờ xác minh với xã"


@pytest.fixture(autouse=True)
def _these_days(monkeypatch):
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: later(8))
    monkeypatch.setattr("namro.web.frame.clock.today", lambda: ON)


@pytest.fixture
def official(opened, world):
    """Two communes' returns, both official: 40 and 60 cadres, 32 and 9 trained."""
    found = []
    for code, who, whole, part in (("c1", "baocao", 40, 32), ("c2", "xakhac", 60, 9)):
        duty = opened.duties.get(unit=world.units[code])
        sent = hand_in(duty, world.people[who], whole, part)
        actions.approve(submission=sent, by=world.duyet, at=later())
        found.append(Submission.objects.get(pk=sent.pk))
    return found


def hold(submission, by, reason=WHY, hours=2):
    return actions.hold(submission=submission, reason=reason, by=by, at=later(hours))


def release(submission, by, hours=4):
    actions.release(submission=submission, by=by, at=later(hours))


def total_of(world, enter) -> str:
    """The page of the target, as the province's leaders see it."""
    address = reverse("results:target", args=[world.targets["5"].pk])
    return enter("lanhdao").get(address, {"ky": "202509"}).content.decode()


def in_force(submission) -> dict[str, Decimal | None]:
    duty = submission.duty
    rows = Observation.objects.filter(unit=duty.unit_id, period=duty.round.period).order_by("pk")
    return {row.element: row.value for row in rows}


def table(submission, world):
    lines = queries.lines_of(queries.visible_duties(world.duyet, ON))
    return summing.table_of(lines)


def test_official_figure_held_back_is_in_no_total_above_and_stands_again_after(
    official, enter, world
):
    first, second = official
    assert "41%" in total_of(world, enter)  # 41 of 100
    with pytest.raises(actions.FaultyComment, match="Hãy ghi lý do"):
        hold(second, world.duyet, reason=" ")
    assert "41%" in total_of(world, enter)
    hold(second, world.duyet)
    page = total_of(world, enter)
    assert "80%" in page and "41%" not in page  # 32 of 40
    assert WHY in page and "Xã Suối Hai" in page
    assert in_force(second) == {WHOLE: None, PART: None}
    assert in_force(first) == {WHOLE: 40, PART: 32}
    release(second, world.duyet)
    page = total_of(world, enter)
    assert "41%" in page and WHY not in page
    assert in_force(second) == {WHOLE: 60, PART: 9}


def test_what_was_told_of_an_earlier_moment_stays_as_it_was_told(official, world):
    hold(official[1], world.duyet)
    release(official[1], world.duyet)
    rows = Observation.objects.filter(unit=world.units["c2"], element=PART).order_by("pk")
    told = [(r.value, r.source.partition(":")[0], r.recorded_at) for r in rows]
    assert told == [
        (9, "submission", later(1)), (None, "hold", later(2)), (9, "submission", later(4)),
    ]  # fmt: skip


def test_it_is_in_no_sum_of_the_round_and_shown_as_held_to_all_who_see_it(official, enter, world):
    hold(official[1], world.duyet)
    duty = official[1].duty
    [whole] = [c for c in table(official[1], world).columns if c.element.slug == WHOLE]
    assert (whole.official, whole.with_waiting, whole.heard) == (40, 40, 1)
    [heard] = queries.heard(duty.round)
    assert [line.held.reason for line in heard.held] == [WHY]
    for who, name, key in (
        ("duyet", "summing", duty.round_id), ("duyet", "round", duty.round_id),
        ("dieuphoi", "round", duty.round_id), ("xakhac", "duty", duty.pk),
        ("xakhac", "submission", official[1].pk), ("kiemtra", "submission", official[1].pk),
    ):  # fmt: skip
        page = enter(who).get(reverse(f"reporting:{name}", args=[key])).content.decode()
        assert WHY in page, (who, name)
    assert (
        enter("baocao").get(reverse("reporting:submission", args=[official[1].pk])).status_code
        == 404
    )
    entry = JournalEntry.objects.get(verb="reporting.hold")
    assert (entry.details["reason"], entry.details["count"]) == (WHY, 2)


@pytest.mark.parametrize("who", ["xakhac", "baocao", "lanhdao", "kiemtra", "quantri"])
def test_official_figure_is_held_back_by_its_receiver_or_who_coordinates_alone(
    official, world, who
):
    with pytest.raises(NotAllowed):
        hold(official[1], world.people[who])
    other = hire(world, "khcn", "12-KHCN", Role.REVIEWER, "12")
    with pytest.raises(NotAllowed):
        hold(official[1], other)
    hold(official[1], world.dieuphoi)
    with pytest.raises(NotAllowed):
        release(official[1], world.people[who])
    assert in_force(official[1])[WHOLE] is None


def test_correction_approved_meanwhile_ends_the_hold_and_is_what_stands(official, world):
    hold(official[1], world.duyet)
    duty = official[1].duty
    draft = actions.save_draft(
        duty=duty, values={PART: 12}, note="Đếm sót", by=world.xakhac, at=later(3)
    )
    again = actions.submit(submission=draft, by=world.xakhac, at=later(3))
    actions.approve(submission=again, by=world.duyet, at=later(4))
    assert Hold.objects.get().released_by == world.duyet
    assert in_force(official[1]) == {WHOLE: 60, PART: 12}
    release(official[1], world.duyet, hours=5)
    assert in_force(official[1]) == {WHOLE: 60, PART: 12}
    with pytest.raises(actions.FaultyComment, match="hiện hành"):
        hold(official[1], world.duyet, hours=6)


def test_release_brings_back_only_what_the_hold_took_out(official, world):
    """What another plan's round said of the same unit and period since is not touched."""
    from namro.web.facts import actions as facts
    from namro.web.facts.rules import Said

    unit = world.units["c2"]
    other = [Said(PART, unit.pk, "202509", Decimal(10))]
    facts.record(said=other, source="submission:999999", by=None, at=later(1))
    hold(official[1], world.duyet)
    assert in_force(official[1]) == {WHOLE: None, PART: 10}
    release(official[1], world.duyet)
    assert in_force(official[1]) == {WHOLE: 60, PART: 10}


def test_held_twice_is_refused_and_released_twice_does_nothing(official, world):
    hold(official[1], world.duyet)
    with pytest.raises(actions.FaultyComment, match="đang được giữ lại"):
        hold(official[1], world.duyet, hours=3)
    release(official[1], world.duyet)
    count = Observation.objects.count()
    release(official[1], world.duyet, hours=5)
    assert Observation.objects.count() == count


def test_page_offers_it_to_the_receiver_and_does_it(official, enter):
    address = reverse("reporting:submission", args=[official[1].pk])
    act = reverse("reporting:hold", args=[official[1].pk])
    assert act not in enter("xakhac").get(address).content.decode()
    client = enter("duyet")
    assert act in client.get(address).content.decode()
    page = client.post(act, {"reason": WHY}, follow=True).content.decode()
    back = reverse("reporting:release", args=[official[1].pk])
    assert back in page and act not in page
    assert "Đã thôi giữ" in client.post(back, follow=True).content.decode()


def test_deputy_holds_back_in_the_receiver_s_name_and_it_is_said(official, world):
    deputy = hire(world, "nguoithay", "12-SNV", Role.REPORTER)
    with pytest.raises(NotAllowed):
        hold(official[1], deputy)
    actions.delegate(
        away=world.duyet, deputy=deputy, from_on=ON, until_on=ON, reason="Họp", by=world.duyet,
        at=AT,
    )  # fmt: skip
    hold(official[1], deputy)
    summary = JournalEntry.objects.get(verb="reporting.hold").summary
    assert summary.startswith("Người nguoithay thay Tẩn Thị Duyệt: Giữ lại")


def test_what_waits_past_the_receiver_s_own_term_without_a_reason_is_counted(
    handed_in, opened, enter, world, monkeypatch
):
    after = opened.department_due_at + timedelta(minutes=1)
    lines = queries.lines_of(opened.duties.select_related("round", "unit", "receiver"))
    assert [h.stuck for h in queries.heard(opened, lines, opened.department_due_at)] == [0]
    assert [h.stuck for h in queries.heard(opened, lines, after)] == [1]
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: after)
    page = enter("dieuphoi").get(reverse("reporting:round", args=[opened.pk])).content.decode()
    assert '<td class="number late">1</td>' in page
    hold(handed_in, world.duyet)
    lines = queries.lines_of(opened.duties.select_related("round", "unit", "receiver"))
    assert [h.stuck for h in queries.heard(opened, lines, after)] == [0]
