"""An issued report is computed again to the digit when the records behind it were deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from namro.web.facts import actions as facts
from namro.web.facts import removals
from namro.web.papers import actions, queries
from tests.web.papers.setting import AS_OF, NOW, SENT_AT, TODAY

pytestmark = pytest.mark.django_db
HEAD = "dossier,unit,procedure,received_on,channel,digitised\n"


def test_report_is_recomputed_when_its_records_are_gone(filled, tmp_path):
    path = tmp_path / "a.csv"
    rows = [f"h{i},c1,T1,2025-09-02,{('online', 'counter')[i % 3 == 0]},yes\n" for i in range(9)]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    batch = facts.take_batch(
        dataset="dossiers", period_code="202509", path=path, file_name="a.csv", by=None, at=SENT_AT
    )
    report = actions.issue_report(
        plan=filled.plan, unit=filled.units["12-DU"], period_code="202509", form="party",
        number="15", issued_on=TODAY, as_of=AS_OF, by=filled.lanhdao, at=NOW,
    )  # fmt: skip
    (told,) = [f for f in report.contents["facts"]["figures"] if f["code"] == "12"]
    assert (told["numerator"], told["denominator"]) == ("6", "9")

    removals.remove(batch=batch, reason="TERM", by=None, at=NOW + timedelta(days=1))

    assert queries.recompute(report, filled.lanhdao) == []
