"""What the list of a round holds to the term: when a return left its unit, not its last version."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
from django.urls import reverse

from namro.web.org.rules import Role
from namro.web.reporting import actions, queries
from namro.web.reporting.duties.regime import Regime
from tests.web.reporting.conftest import AT, PART, fill, hand_in, hire, later


def test_round_judges_lateness_by_when_a_return_first_left_not_by_a_later_correction(
    duty, handed_in, enter, world, monkeypatch
):
    """A correction handed in after the term makes nothing late that was sent in time."""
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    long_after = duty.due + timedelta(days=20)
    draft = actions.save_draft(
        duty=duty, values={PART: 33}, note="Đếm sót", by=world.baocao, at=long_after
    )
    actions.submit(submission=draft, by=world.baocao, at=long_after)
    monkeypatch.setattr("namro.web.frame.clock.now", lambda: long_after)
    address = reverse("reporting:round", args=[duty.round_id])
    late = enter("dieuphoi").get(address, {"tt": "nop-muon"}).content.decode()
    assert "Xã Suối Một</a>" not in late
    shown = enter("dieuphoi").get(address).content.decode()
    assert "Xã Suối Một</a>" in shown and "Đúng hạn" in shown and "09:00, 15/9/2025" in shown


def test_return_sent_back_is_not_sent_until_it_is_mended(duty, handed_in, world):
    actions.send_back(submission=handed_in, reason="Sai", by=world.duyet, at=later())

    def line():
        return queries.lines_of([duty])[0]

    assert (line().sent_at, line().is_late, line().is_missing(duty.due)) == (None, False, False)
    assert line().is_missing(duty.due + timedelta(minutes=1)) and line().is_expected
    mended = duty.due + timedelta(hours=2)
    hand_in(duty, world.baocao, at=mended)
    assert (line().sent_at, line().is_late) == (mended, True)


def test_correction_waiting_after_the_term_is_not_called_late(duty, handed_in, enter, world):
    actions.approve(submission=handed_in, by=world.duyet, at=later())
    after = duty.due + timedelta(days=20)
    draft = actions.save_draft(
        duty=duty, values={PART: 33}, note="Đếm sót", by=world.baocao, at=after
    )
    again = actions.submit(submission=draft, by=world.baocao, at=after)
    page = enter("duyet").get(reverse("reporting:submission", args=[again.pk])).content.decode()
    assert "Chờ duyệt" in page or "chờ duyệt" in page
    assert "(quá hạn)" not in page


def test_list_of_rounds_counts_as_the_page_of_each_round(world, enter):
    """One handed in, one with its own head, one typed: owed three, heard one."""
    terms = Regime(steps=("UNIT", "RECEIVER"))
    actions.set_regime(plan=world.plan, terms=terms, reason="Thử", by=world.dieuphoi, at=AT)
    opened = actions.open_round(plan=world.plan, period_code="202509", by=world.dieuphoi, at=AT)
    of = {d.unit.code: d for d in opened.duties.all()}
    head = hire(world, "chutich", "c1", Role.LEADER)
    hire(world, "chutich2", "c2", Role.LEADER)
    actions.approve(submission=hand_in(of["c1"], world.baocao), by=head, at=later())
    hand_in(of["c2"], world.xakhac)
    fill(of["c3"], hire(world, "xaba", "c3", Role.REPORTER))
    client = enter("dieuphoi")
    content = client.get(reverse("reporting:rounds"), {"xuat": "xlsx"}).content
    rows = [[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(content)).active]
    [head_row] = [r for r in rows if "Phải báo cáo" in r]
    [told] = [r for r in rows if r[0] == "tháng 9/2025"]
    listed = [told[head_row.index(t)] for t in ("Phải báo cáo", "Đã nộp", "Đã duyệt")]
    page = client.get(reverse("reporting:round", args=[opened.pk])).context
    assert listed == [page["total"], page["total_heard"], page["total_approved"]] == [3, 1, 0]
    assert page["total_late"] == 2  # today, long after the term
