"""A form of which nothing is due this period is an offer: not owed, not late, not urged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from namro.web.plans.models import Target
from namro.web.reporting import actions, queries
from tests.world import AT

DUE = datetime(2025, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(("period", "required"), [("202508", False), ("202509", True)])
def test_a_quarterly_form_is_owed_only_at_the_quarters_end(world, period, required):
    Target.objects.filter(code="5").update(measure="nq57.digital-skills")

    opened = actions.open_round(plan=world.plan, period_code=period, due_at=DUE, by=None, at=AT)

    duties = list(opened.duties.filter(receiver=world.units["12-SNV"]))
    assert duties and all(d.required is required for d in duties)
    late = [o for o in queries.open_duties(date(2026, 1, 5)) if o.thing == "duty"]
    assert bool(late) is required
    line = queries.lines_of(duties)[0]
    assert line.is_open is required
    assert line.status_label == ("Chưa nhập" if required else "Kỳ này không bắt buộc")
