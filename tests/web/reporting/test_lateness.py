"""What the list of a round holds to the term: when a return left its unit, not its last version."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from namro.web.reporting import actions, queries
from tests.web.reporting.conftest import PART, hand_in, later


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
